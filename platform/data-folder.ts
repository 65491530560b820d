import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { exitCodes, explainFailure, StartFailure } from './start-failure.ts'

/** A user and group of the operating system. */
export type OsUser = { uid: number; gid: number }

/** The folder of everything the program keeps. */
export type DataFolder = {
  /** Absolute path. */
  path: string
  /** Where the embedded database lives. */
  postgres: string
  attachments: string
  /** Whom the embedded database runs as; undefined: the user who runs the program. */
  runAs: OsUser | undefined
  /** A value kept in secrets.json; made by `make` (default: 32 random bytes in hex) when it is not there yet. */
  secret: (name: string, make?: () => string) => string
  /** Keeps a value in secrets.json, replacing the one of that name. */
  keep: (name: string, value: string) => void
  /** Lets another server have the folder. */
  release: () => void
}

/** Somebody without rights, whom root lends the database to: PostgreSQL refuses to run as root. */
const nobody: OsUser = { uid: 65_534, gid: 65_534 }

/**
 * Makes the data folder if needed and checks that it can be used. Throws a StartFailure otherwise.
 * @param shared other processes may use it as well, because the database is elsewhere; else it is locked for this one
 */
export function openDataFolder(folder: string, { shared = false } = {}): DataFolder {
  const path = resolve(folder)
  const runAs = makeFolders(path)
  const release = shared ? () => {} : lock(path)
  const secretsFile = join(path, 'secrets.json')
  const alone = shared ? lockBriefly : (_path: string, work: () => string) => work()
  const write = (name: string, value: string) => {
    writeSecrets(secretsFile, { ...readSecrets(secretsFile), [name]: value })
    chownToOwner(secretsFile, path)
    return value
  }
  return {
    path,
    postgres: join(path, 'postgres'),
    attachments: join(path, 'attachments'),
    runAs,
    secret: (name, make = () => randomBytes(32).toString('hex')) => {
      const kept = () => readSecrets(secretsFile)[name]
      return kept() ?? alone(path, () => kept() ?? write(name, make()))
    },
    keep: (name, value) => void alone(path, () => write(name, value)),
    release,
  }
}

function makeFolders(path: string): OsUser | undefined {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    mkdirSync(join(path, 'attachments'), { recursive: true, mode: 0o700 })
    chownToOwner(join(path, 'attachments'), path)
    const { uid, gid } = statSync(path)
    const runAs = process.getuid?.() !== 0 ? undefined : uid === 0 ? nobody : { uid, gid }
    // Nobody has to pass through root's folder to reach the database; nothing in it can be listed or read on the way.
    chmodSync(path, runAs && uid === 0 ? 0o711 : 0o700)
    return runAs
  } catch (error) {
    throw cannotUse(path, error)
  }
}

/** What root makes in somebody's data folder belongs to that somebody, who may start the program next. */
export function chownToOwner(file: string, folder: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(folder)
  chownSync(file, uid, gid)
}

function cannotUse(path: string, error: unknown): StartFailure {
  const explained = explainFailure(error)
  const message =
    explained.exitCode === exitCodes.cannotCreate
      ? explained.message
      : `Cannot use the data folder ${path}: ${(error as Error).message}. Choose another one with TATER_DATA.`
  return new StartFailure(message, exitCodes.cannotCreate, { cause: error })
}

/** SQLITE_BUSY; SQLite says more about it in the bits above the first eight (https://sqlite.org/rescode.html). */
const busy = 5

/**
 * A lock the kernel holds for this process, and forgets with it: a kill -9 leaves nothing stale behind, and a recycled pid cannot
 * be mistaken for a server. Node has no file locks of its own, SQLite brings them; nothing is ever stored in this one.
 */
function lock(path: string, patienceMs = 0): () => void {
  const lockFile = join(path, 'server.lock')
  const pidFile = join(path, 'server.pid')
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(lockFile, { timeout: patienceMs })
    database.exec('pragma journal_mode = memory; pragma locking_mode = exclusive; begin exclusive')
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 })
    for (const file of [lockFile, pidFile]) chownToOwner(file, path)
  } catch (error) {
    database?.close()
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === busy) throw alreadyRunning(path, pidFile)
    throw cannotUse(path, error)
  }
  const held = database
  return () => {
    if (!held.isOpen) return
    rmSync(pidFile, { force: true })
    held.close()
  }
}

/** For the moment in which one of several processes that share the folder writes there. */
function lockBriefly(path: string, work: () => string): string {
  const unlock = lock(path, 10_000)
  try {
    return work()
  } finally {
    unlock()
  }
}

function alreadyRunning(path: string, pidFile: string): StartFailure {
  const pid = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').trim() : ''
  const who = pid ? `process ${pid}` : 'another process'
  return new StartFailure(
    `Another server (${who}) already uses the data folder ${path}. Stop it${pid ? ` (kill ${pid})` : ''}, or choose another folder with TATER_DATA.`,
    exitCodes.alreadyRunning,
  )
}

/** What secrets.json of a data folder holds, without opening the folder: a server may be using it. */
export const secretsIn = (folder: string) => readSecrets(join(resolve(folder), 'secrets.json'))

function readSecrets(file: string): Record<string, string> {
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  } catch (error) {
    throw new StartFailure(
      `Cannot read ${file}: ${(error as Error).message}. It holds the keys of this installation: restore it from a backup.`,
      exitCodes.cannotCreate,
      { cause: error },
    )
  }
}

/** Replaces the file in one step, on the disk: a crash leaves the old one or the new one, never half of one. */
function writeSecrets(file: string, secrets: Record<string, string>): void {
  const temporary = `${file}.new`
  try {
    rmSync(temporary, { force: true })
    writeFileSync(temporary, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true })
    renameSync(temporary, file)
    syncFolder(dirname(file))
  } catch (error) {
    throw cannotUse(dirname(file), error)
  }
}

/** Makes renames in a folder survive a power cut. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
