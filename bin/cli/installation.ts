/** The installation a command works on: the one whose settings stand in the environment, running or not. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDataFolder, secretsIn } from '../../platform/data-folder.ts'
import { startEmbeddedPostgres } from '../../platform/embedded-postgres.ts'
import { readSettings, type Settings } from '../../platform/settings.ts'
import { exitCodes, StartFailure } from '../../platform/start-failure.ts'

export type Installation = {
  settings: Settings
  /** The owner's address of the database. */
  ownerUrl: string
  attachments: string
  /** TATER_SECRET, or the one made for it; null when neither is there. */
  secret: string | null
  /** Keeps a secret in the data folder. */
  keepSecret(secret: string): void
  /** A server has the data folder now. */
  running: boolean
  close(): Promise<void>
}

/**
 * Finds the database: that of DATABASE_URL, else the embedded one, started for the command when no server runs it.
 * @param how `beside`: a server may be running; `alone`: it must not, and the data folder is made when it is not there
 */
export async function openInstallation(how: 'beside' | 'alone'): Promise<Installation> {
  const settings = readSettings()
  const path = settings.dataFolder
  if (how === 'beside' && !settings.databaseUrl && !existsSync(join(path, 'postgres')))
    throw new StartFailure(
      `There is no installation in ${path}. Set TATER_DATA to its data folder, or DATABASE_URL to its database.`,
      exitCodes.badSetting,
    )
  const attachments = join(path, 'attachments')
  const own = (running: boolean) => ({
    settings,
    attachments,
    running,
    secret: settings.secret ?? secretsIn(path).secret ?? null,
    keepSecret: () => {},
    close: async () => {},
  })
  const given = settings.databaseUrlDirect ?? settings.databaseUrl
  if (given && how === 'beside') return { ...own(false), ownerUrl: given }
  const folder = openUnlessUsed(path, how, given !== undefined)
  if (!folder) return { ...own(true), ownerUrl: runningEmbedded(path) }
  const keepSecret = (secret: string) => folder.keep('secret', secret)
  if (given) return { ...own(false), keepSecret, ownerUrl: given, close: async () => folder.release() }
  try {
    const embedded = await startEmbeddedPostgres(folder, { say: console.error, onCrash: console.error })
    const close = async () => {
      await embedded.stop()
      folder.release()
    }
    return { ...own(false), keepSecret, ownerUrl: embedded.url, close }
  } catch (error) {
    folder.release()
    throw error
  }
}

function openUnlessUsed(path: string, how: 'beside' | 'alone', shared: boolean) {
  try {
    return openDataFolder(path, { shared })
  } catch (error) {
    if (how === 'beside' && error instanceof StartFailure && error.exitCode === exitCodes.alreadyRunning) return null
    throw error
  }
}

/** The embedded database of a running server, found by what the server keeps in the data folder. */
function runningEmbedded(path: string): string {
  const { postgresPassword, postgresPort } = secretsIn(path)
  return `postgres://postgres:${postgresPassword}@127.0.0.1:${postgresPort}/tater`
}

const root = join(import.meta.dirname, '..', '..')

/** Of the program, as package.json has it. */
export const programVersion = () => (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version
