/**
 * A backup of everything while the product runs: the database as of one instant (one repeatable-read snapshot), the
 * files of that instant, and a manifest with the SHA-256 of each part. Logical, so that it restores into any
 * PostgreSQL from 15 on, embedded or not (docs/decisions/012-logical-backup.md).
 */
import { readdir, stat } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import pg from 'pg'
import { type Visit, visit, visits } from '../every-row.ts'
import { isUuid } from '../ids.ts'
import { type Applied, appliedMigrations, checkHistory, readMigrations } from '../migrations.ts'
import { copyOut, Pieces, quoted } from './copy.ts'
import { backupFormat, type Manifest, markOf, product, type TablePart } from './manifest.ts'
import { lockWithPassphrase } from './passphrase.ts'
import { type ArchiveWriter, archiveWriter } from './writer.ts'

const compress = promisify(zstdCompress)

export type BackupOptions = {
  ownerUrl: string
  /** The folder of the files. */
  attachments: string
  /** TATER_SECRET of the installation, which signs the manifest; null when it is not known here. */
  secret: string | null
  /** Puts TATER_SECRET into the backup, locked with this. */
  passphrase?: string | undefined
  /** Of the program. */
  version: string
  /** Told of the progress, often. */
  say?(progress: Progress): void
  /** Stops it; nothing is left behind. */
  signal?: AbortSignal
}

export type Progress = { step: string; done: number; of: number | null; bytes: number }

export type BackupResult = {
  manifest: Manifest
  bytes: number
  /** Files that rows name and that were not there, or were not as the row says. */
  faults: string[]
}

/**
 * What is not kept: who was signed in, and what is only good for minutes. A session that was ended after the backup
 * must not come back with it.
 */
const leftOut = new Set([
  'auth.session',
  'auth.verification',
  'auth.rateLimit',
  'auth.sign_in_attempts',
  'public.platform_migrations',
])

/** Writes the backup to `path`, where nothing may stand yet. Throws without leaving anything there. */
export async function backup(path: string, options: BackupOptions): Promise<BackupResult> {
  const owner = new pg.Client({ connectionString: options.ownerUrl, application_name: 'tater backup' })
  owner.on('error', () => {})
  await owner.connect()
  const archive = await archiveWriter(path, new Date()).catch(async (error) => {
    await owner.end()
    throw error
  })
  // A statement that waits is not waited for.
  const stop = () => (owner as unknown as { connection: { stream: Socket } }).connection.stream.destroy()
  options.signal?.addEventListener('abort', stop)
  try {
    const result = await write(owner, archive, options)
    await archive.finish(result.manifest, options.secret ?? undefined)
    return { ...result, bytes: archive.bytes() }
  } catch (error) {
    await archive.discard()
    options.signal?.throwIfAborted()
    throw error
  } finally {
    options.signal?.removeEventListener('abort', stop)
    await owner.end().catch(() => {})
  }
}

async function write(owner: pg.Client, archive: ArchiveWriter, options: BackupOptions) {
  const { migrations, tables } = await holdStill(owner)
  const {
    rows: [instant],
  } = await owner.query<{ at: string; version: string }>(
    `select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, current_setting('server_version') as version`,
  )
  const looks = await visits(owner)
  const parts: TablePart[] = []
  for (const table of tables) parts.push(await copyTable(owner, archive, table, looks, options))
  const queue = await copyQueue(owner, archive)
  const { files, faults } = await copyFiles(owner, archive, looks, options)
  await owner.query('rollback')
  const manifest: Manifest = {
    product,
    format: backupFormat,
    version: options.version,
    takenAt: instant!.at,
    postgres: instant!.version,
    migrations,
    tables: parts,
    queue,
    files,
    secret: await keepSecret(archive, options),
    parts: archive.parts,
  }
  return { manifest, faults }
}

type Table = { schema: string; name: string; columns: string[]; secured: boolean; about: number }

/**
 * Begins the snapshot. Migrations wait until each table is held by a lock that lets everybody read and write it, and are
 * free again; a snapshot begins with the first row that is read, so it is younger than the locks.
 */
async function holdStill(owner: pg.Client): Promise<{ migrations: Applied[]; tables: Table[] }> {
  await owner.query("set timezone = 'UTC'; set datestyle = 'ISO'; set bytea_output = 'hex'; set client_encoding = 'UTF8'")
  await owner.query('set statement_timeout = 0; set idle_in_transaction_session_timeout = 0')
  await owner.query("select pg_advisory_lock_shared(hashtextextended('tater:migrations', 0))")
  const migrations = await appliedMigrations(owner)
  if (migrations.length === 0) throw new Error('This database holds nothing of TATER Ops, so there is nothing to back up.')
  checkHistory(migrations, readMigrations())
  const tables = (await tablesOf(owner)).filter(({ schema, name }) => !leftOut.has(`${schema}.${name}`))
  await owner.query('begin isolation level repeatable read read only')
  await owner.query(`lock table ${tables.map(({ schema, name }) => quoted(schema, name)).join(', ')} in access share mode`)
  await owner.query("select pg_advisory_unlock_shared(hashtextextended('tater:migrations', 0))")
  return { migrations: migrations.map(({ number, name, sha256 }) => ({ number, name, sha256 })), tables }
}

/** The tables of the program with the columns that can be written. */
export async function tablesOf(owner: pg.Client): Promise<Table[]> {
  const { rows } = await owner.query<Table>(`
    select n.nspname as schema, c.relname as name, c.relrowsecurity as secured, greatest(c.reltuples, 0)::float8 as about,
      array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and a.attgenerated = '' order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'auth') and c.relkind in ('r', 'p') and not c.relispartition
    order by 1, 2`)
  return rows
}

async function copyTable(
  owner: pg.Client,
  archive: ArchiveWriter,
  table: Table,
  looks: Visit[],
  options: BackupOptions,
): Promise<TablePart> {
  const { schema, name, columns, secured, about } = table
  const parts: string[] = []
  const pieces = new Pieces(async (piece) => {
    options.signal?.throwIfAborted()
    const part = `tables/${schema}.${name}/${String(parts.length + 1).padStart(6, '0')}.zst`
    await archive.add(part, await compress(piece))
    parts.push(part)
    options.say?.({ step: name, done: pieces.rows, of: Math.round(about), bytes: archive.bytes() })
  })
  const list = columns.map(pg.escapeIdentifier).join(', ')
  // Through a query, because COPY of a table with row security is one anyway, and this one also takes partitioned tables.
  const text = `copy (select ${list} from ${quoted(schema, name)}) to stdout`
  for (const which of secured ? looks : [null]) {
    if (secured) await visit(owner, which)
    await copyOut(owner, text, pieces)
  }
  await pieces.end()
  return { schema, name, columns, rows: pieces.rows, parts }
}

/** Jobs that wait or run: a restored product goes on with them. Those that are done are history of the queue. */
async function copyQueue(owner: pg.Client, archive: ArchiveWriter): Promise<Manifest['queue']> {
  const { rows: there } = await owner.query<{ there: boolean }>("select to_regclass('pgboss.job') is not null as there")
  const { rows } = there[0]!.there
    ? await owner.query<{ line: string }>(
        `select json_build_object('queue', name, 'data', data)::text as line from pgboss.job
         where state in ('created', 'retry', 'active') and name not like '\\_\\_pgboss%' order by created_on`,
      )
    : { rows: [] }
  const part = 'queue.ndjson.zst'
  await archive.add(part, await compress(Buffer.from(rows.map(({ line }) => `${line}\n`).join(''))))
  return { jobs: rows.length, part }
}

async function copyFiles(owner: pg.Client, archive: ArchiveWriter, looks: Visit[], { attachments, say, signal }: BackupOptions) {
  const named = new Map<string, { size: number; sha256: string }>()
  for (const which of looks) {
    await visit(owner, which)
    const { rows } = await owner.query<{ file: string; size: string; sha256: string }>(
      `select organization_id || '/' || id as file, size::text, sha256 from public.attachments where deleted_at is null`,
    )
    for (const { file, size, sha256 } of rows) named.set(file, { size: Number(size), sha256 })
  }
  const faults: string[] = []
  const files = { count: 0, bytes: 0 }
  const found = await filesIn(attachments)
  for (const [index, file] of found.entries()) {
    signal?.throwIfAborted()
    const row = named.get(file)
    const size = await stat(join(attachments, file)).then(
      (entry) => entry.size,
      () => null,
    )
    // Files of imports and scans go when they are read; those of tickets stay, and are found missing below.
    if (size === null) continue
    const digest = await archive.addFile(`files/${file}`, join(attachments, file), size)
    if (row && (row.size !== size || row.sha256 !== digest))
      faults.push(`${file} is not what was uploaded: its bytes have changed`)
    named.delete(file)
    files.count += 1
    files.bytes += size
    say?.({ step: 'files', done: index + 1, of: found.length, bytes: archive.bytes() })
  }
  for (const file of named.keys()) faults.push(`${file} is missing from ${attachments}`)
  return { files, faults }
}

/** `<organization>/<file>`, in order; nothing else in the folder is the program's. */
export async function filesIn(folder: string): Promise<string[]> {
  const names = (path: string) => readdir(path).catch(() => [] as string[])
  const files: string[] = []
  for (const organization of (await names(folder)).filter(isUuid).sort())
    for (const id of (await names(join(folder, organization))).filter(isUuid).sort()) files.push(`${organization}/${id}`)
  return files
}

async function keepSecret(archive: ArchiveWriter, { secret, passphrase }: BackupOptions): Promise<Manifest['secret']> {
  if (secret === null) return null
  if (passphrase === undefined) return { mark: markOf(secret), part: null }
  const part = 'secret.locked.json'
  await archive.add(part, Buffer.from(await lockWithPassphrase(passphrase, secret)))
  return { mark: markOf(secret), part }
}
