import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { type DataFolder, syncFolder } from './data-folder.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { environmentOfPostgres, pathFor } from './postgres-process.ts'
import { exitCodes, StartFailure } from './start-failure.ts'

const run = promisify(execFile)

/** Makes sure that the data folder holds a finished cluster of the right version. Returns whether it was made just now. */
export async function ensureCluster(folder: DataFolder, binaries: PostgresBinaries, password: string): Promise<boolean> {
  removeUnfinished(folder)
  if (existsSync(join(folder.postgres, 'PG_VERSION'))) {
    requireMajor(folder.postgres, binaries.major)
    return false
  }
  if (existsSync(folder.postgres) && readdirSync(folder.postgres).length > 0) {
    throw new StartFailure(
      `${folder.postgres} is not empty and not a PostgreSQL database either. Move it away, or choose another data folder with TATER_DATA.`,
      exitCodes.cannotCreate,
    )
  }
  await makeCluster(folder, binaries, password)
  removeUnfinished(folder) // what an orphaned initdb wrote after the first look
  return true
}

/**
 * The cluster is made beside its place and moved there when it is finished and on the disk: a program killed in between leaves
 * something that is never taken for a database. The lock of the data folder says that nobody else is at it.
 */
async function makeCluster(folder: DataFolder, binaries: PostgresBinaries, password: string): Promise<void> {
  const unfinished = `${folder.postgres}.new-${randomBytes(6).toString('hex')}`
  const passwordFile = `${unfinished}-password`
  mkdirSync(unfinished, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600, flag: 'wx' })
  if (folder.runAs) for (const path of [unfinished, passwordFile]) chownSync(path, folder.runAs.uid, folder.runAs.gid)
  try {
    await run(
      binaries.initdb,
      // The file's name is relative, because the database's user may not be able to enter by the full one.
      [
        '-D',
        pathFor(unfinished, folder.runAs),
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        `--pwfile=../${basename(passwordFile)}`,
        '-E',
        'UTF8',
        '--locale=C.UTF-8',
      ],
      { ...folder.runAs, cwd: unfinished, env: environmentOfPostgres },
    )
    renameSync(unfinished, folder.postgres)
    syncFolder(folder.path)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    const reason = (error as { stderr?: string }).stderr?.trim() || (error as Error).message
    throw new StartFailure(
      `Cannot make the embedded database in ${folder.postgres}: ${reason}. Mend that, choose another data folder with TATER_DATA, or set DATABASE_URL to a PostgreSQL of your own.`,
      exitCodes.cannotCreate,
      { cause: error },
    )
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function removeUnfinished(folder: DataFolder): void {
  for (const name of readdirSync(folder.path)) {
    // An initdb whose program was killed may still be writing; it ends on its own when its files are gone.
    if (name.startsWith('postgres.new-'))
      rmSync(join(folder.path, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
  }
}

function requireMajor(postgres: string, major: number): void {
  const found = readFileSync(join(postgres, 'PG_VERSION'), 'utf8').trim()
  if (found === String(major)) return
  throw new StartFailure(
    `The database in ${postgres} was made by PostgreSQL ${found}, and this program brings PostgreSQL ${major}. Start the version of the program that made it, export the organizations there and import them into a new data folder, or run PostgreSQL ${found} yourself on that folder and set DATABASE_URL.`,
    exitCodes.incompatible,
  )
}
