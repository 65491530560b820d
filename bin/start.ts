/** Starts everything one process needs, in order, and says how to stop it again. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { startProduct } from '../doors/product.ts'
import { openDataFolder } from '../platform/data-folder.ts'
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts'
import { readSettings } from '../platform/settings.ts'
import { prepareShutdown } from '../platform/shutdown.ts'
import { explainFailure } from '../platform/start-failure.ts'

const root = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

type StartOptions = {
  /** Done after the database is ready and before the port opens. */
  prepare?(parts: Parts): Promise<void>
}
type Parts = {
  folder: ReturnType<typeof openDataFolder>
  settings: ReturnType<typeof readSettings>
  ownerUrl: string
  secret: string
  version: string
}

/** Reads the settings, opens the data folder, starts the database and the product, and listens. */
export async function start({ prepare }: StartOptions = {}) {
  const settings = readSettings()
  const shutdown = prepareShutdown()
  try {
    const folder = openDataFolder(settings.dataFolder)
    shutdown.add('data folder', folder.release)
    buildWebIfNeeded()
    const embedded = settings.databaseUrl
      ? undefined
      : await startEmbeddedPostgres(folder, {
          say: console.error,
          onCrash: console.error,
          onGiveUp: () => shutdown.run('the database is lost', 69),
        })
    if (embedded) shutdown.add('database', embedded.stop)
    const ownerUrl = settings.databaseUrl ?? embedded!.url
    const secret = settings.secret ?? folder.secret('secret')
    await prepare?.({ folder, settings, ownerUrl, secret, version })
    const product = await startProduct({
      ownerUrl,
      secret,
      attachmentsFolder: folder.attachments,
      publicUrl: settings.publicUrl,
      namedStatements: settings.namedStatements,
      attachmentMaxBytes: settings.attachmentMaxBytes,
      auditSigningKey: settings.auditSigningKey,
      logLevel: settings.logLevel,
      version,
      outboundHosts: settings.outboundHosts,
      entra: settings.entra,
      setupToken: folder.secret('setupToken', () => randomBytes(24).toString('base64url')),
    })
    shutdown.add('server', product.stop)
    await product.app.listen({ port: settings.port, host: settings.host })
    console.log(`TATER Ops ${version} is at ${settings.publicUrl}`)
    return { product, folder, settings, shutdown }
  } catch (error) {
    const { message, exitCode } = explainFailure(error)
    console.error(message)
    await shutdown.run('the start failed', exitCode)
    throw error
  }
}

/** The web app is built once, and again when a source is newer than what was built. */
function buildWebIfNeeded() {
  const built = join(root, 'dist', 'web', 'index.html')
  const sources = globSync(['web/**/*', 'modules/**/*.{ts,tsx}', 'platform/**/*.{ts,tsx}', 'vite.config.ts'], { cwd: root })
  if (sources.length === 0 || process.env.TATER_BUILD_WEB === '0') return
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0
  if (sources.every((file) => statSync(join(root, file)).mtimeMs <= builtAt)) return
  console.log('Building the web app …')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
}
