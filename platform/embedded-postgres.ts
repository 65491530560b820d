import { randomBytes } from 'node:crypto'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { DataFolder } from './data-folder.ts'
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts'
import { ensureCluster } from './postgres-cluster.ts'
import {
  findOrphan,
  freePort,
  isFree,
  logTail,
  type PostgresProcess,
  readPidFile,
  signalProcess,
  spawnPostgres,
  stopProcess,
} from './postgres-process.ts'
import { exitCodes, isUnreachable, StartFailure } from './start-failure.ts'

export type EmbeddedPostgres = {
  /** Owner's address (superuser `postgres`) of the product's database: what DATABASE_URL would hold. */
  url: string
  /** Owner's address of another database of the cluster. */
  urlOf: (database: string) => string
  port: number
  /** The server process now; another one after a restart. */
  pid: () => number
  /** The cluster was made just now. */
  fresh: boolean
  /** A server left over by a killed program was taken over. */
  adopted: boolean
  /** Stops the server: open transactions are rolled back, everything acknowledged is on the disk. */
  stop: () => Promise<void>
}

export type EmbeddedOptions = {
  /** More settings, as `name=value`; later ones win. */
  settings?: string[]
  /** A line for the log of the program. */
  say?: (message: string) => void
  /** The server died by itself; it is started again right after. */
  onCrash?: (message: string) => void
  /** It answers again. */
  onRestart?: () => void
  /** It could not be started again; the program had better stop. */
  onGiveUp?: (error: unknown) => void
}

const restartAttempts = 8

/** Starts the embedded PostgreSQL of a data folder, or takes over the one that a killed program left running. */
export async function startEmbeddedPostgres(folder: DataFolder, options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  const say = options.say ?? (() => {})
  const binaries = findPostgres(folder.runAs, [folder.path, '/var/cache', tmpdir()])
  const password = folder.secret('postgresPassword', () => randomBytes(32).toString('hex'))
  const fresh = await ensureCluster(folder, binaries, password)
  const start = (port: number) => startServer(folder, binaries, password, port, options.settings ?? [])

  // One that is just dying is no help: it ends before it answers, and a new one is started.
  const found = await findOrphan(folder.postgres)
  const orphan = found && (await untilReady(found, folder, password)) ? found : undefined
  let server = orphan ?? (await start(await choosePort(folder)))
  if (orphan) say(`Took over the embedded database (process ${server.pid}) that an earlier run left behind.`)

  let stopping = false
  const patience = new AbortController()
  let restarting: Promise<void> | undefined
  const watch = async () => {
    const reason = await server.ended
    if (stopping) return
    options.onCrash?.(`The embedded database ${reason}. Starting it again. Its log: ${logFile(folder)}`)
    restarting = restart()
    await restarting
  }
  const restart = async () => {
    for (let attempt = 0; !stopping; attempt++) {
      try {
        server = await start(server.port)
        void watch()
        options.onRestart?.()
        return
      } catch (error) {
        if (attempt >= restartAttempts) return options.onGiveUp?.(error)
        await wait(Math.min(250 * 2 ** attempt, 15_000), undefined, { signal: patience.signal }).catch(() => {})
      }
    }
  }

  // A program that ends without stop(), by an unexpected error say, must not leave the server behind.
  const lastResort = () => signalProcess(server, 'SIGINT')
  process.once('exit', lastResort)
  const urlOf = (database: string) => addressOf(server.port, password, database)
  try {
    await createDatabase(urlOf('postgres'), 'tater')
  } catch (error) {
    await stopProcess(server, say)
    throw error
  }
  void watch()

  return {
    url: urlOf('tater'),
    urlOf,
    port: server.port,
    pid: () => server.pid,
    fresh,
    adopted: orphan !== undefined,
    stop: async () => {
      stopping = true
      patience.abort()
      await restarting
      await stopProcess(server, say)
      process.off('exit', lastResort)
    },
  }
}

const logFile = (folder: DataFolder) => join(folder.path, 'postgres.log')

const addressOf = (port: number, password: string, database: string) =>
  `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`

/** The port of the last time, so that tools pointed at the database keep working; another one when it is taken meanwhile. */
async function choosePort(folder: DataFolder): Promise<number> {
  const kept = Number(folder.secret('postgresPort', () => '0'))
  if (kept && (await isFree(kept))) return kept
  const port = await freePort()
  folder.keep('postgresPort', String(port))
  return port
}

const startAttempts = 5

/** Starts the server and waits until it answers. */
async function startServer(
  folder: DataFolder,
  binaries: PostgresBinaries,
  password: string,
  port: number,
  settings: string[],
): Promise<PostgresProcess> {
  for (let attempt = 1; ; attempt++) {
    const server = spawnPostgres(
      binaries.postgres,
      folder.postgres,
      folder.runAs,
      port,
      [...ownSettings(), ...settings],
      logFile(folder),
    )
    if (await untilReady(server, folder, password)) return server
    const reason = await server.ended
    // Workers of a server that was killed may need a moment to notice, and hold the folder until then.
    if (attempt < startAttempts) await wait(100 * 2 ** attempt)
    else throw doesNotStart(folder, reason)
  }
}

function doesNotStart(folder: DataFolder, reason: string): StartFailure {
  return new StartFailure(
    `The embedded database does not start (${reason}). The end of ${logFile(folder)}:\n${logTail(logFile(folder))}`,
    exitCodes.databaseUnreachable,
  )
}

function ownSettings(): string[] {
  const megabytes = Math.round(Math.min(totalmem(), process.constrainedMemory() || totalmem()) / 1024 ** 2)
  const sharedBuffers = Math.min(Math.max(Math.round(megabytes / 8), 64), 4096)
  return [
    'fsync=on',
    'synchronous_commit=on',
    'full_page_writes=on',
    'wal_level=replica',
    'jit=off',
    'max_connections=100',
    `shared_buffers=${sharedBuffers}MB`,
    `effective_cache_size=${Math.max(Math.round(megabytes / 2), 128)}MB`,
    'random_page_cost=1.1',
    'log_checkpoints=off',
    // After a crash: one call to the file system, not one for each of thousands of files.
    ...(process.platform === 'linux' ? ['recovery_init_sync_method=syncfs'] : []),
  ]
}

const silence = 60_000

/** Waits until the server lets us in: true; false when it ended instead. Repair after a power cut may take long, silence may not. */
async function untilReady(server: PostgresProcess, folder: DataFolder, password: string): Promise<boolean> {
  let deadline = Date.now() + silence
  for (;;) {
    if (server.hasEnded()) return false
    const answer = await knock(server, folder, password)
    if (answer === 'in') return true
    if (answer === 'starting') deadline = Date.now() + silence
    if (Date.now() > deadline) {
      signalProcess(server, 'SIGINT')
      throw doesNotStart(folder, `no answer on port ${server.port} for ${silence / 1000} s`)
    }
    await wait(15)
  }
}

async function knock(server: PostgresProcess, folder: DataFolder, password: string): Promise<'in' | 'starting' | 'silent'> {
  // Another server on that port is not the one we wait for.
  if (readPidFile(folder.postgres)?.pid !== server.pid) return 'silent'
  const client = new pg.Client({ connectionString: addressOf(server.port, password, 'postgres'), connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return 'in'
  } catch (error) {
    if ((error as pg.DatabaseError).code === '57P03') return 'starting'
    if (isUnreachable(error)) return 'silent'
    signalProcess(server, 'SIGINT')
    throw new StartFailure(
      `The embedded database does not let the program in: ${(error as Error).message}. The password in ${join(folder.path, 'secrets.json')} must be the one the database was made with: restore that file from a backup.`,
      exitCodes.databaseUnreachable,
      { cause: error },
    )
  } finally {
    await client.end().catch(() => {})
  }
}

async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (!rowCount) await client.query(`create database ${pg.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}
