/**
 * Brings a backup into an empty database and an empty folder: all of it, or nothing. The schema comes from the
 * migrations the backup was made under, the rows from the archive, and everything becomes visible with one commit.
 */
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import pg from 'pg'
import { chownToOwner } from '../data-folder.ts'
import { appUrlOf } from '../database-owner.ts'
import { prepareRoles } from '../database-roles.ts'
import { type Migration, migrationTable, readMigrations } from '../migrations.ts'
import { enqueueInside, prepareQueue, type QueueOptions } from '../queue.ts'
import { type Archive, Unusable } from './archive.ts'
import type { Progress } from './backup.ts'
import { tablesOf } from './backup.ts'
import { copyIn, quoted } from './copy.ts'
import { bytesOf } from './tar.ts'

const decompress = promisify(zstdDecompress)

/** Stands in a folder of files that a restore has put in place and not yet finished. */
export const unfinishedMark = 'restore-unfinished'

export type RestoreOptions = {
  ownerUrl: string
  /** Where the files shall be. */
  attachments: string
  queues: readonly QueueOptions[]
  say?(progress: Progress): void
  /** The last thing before the commit; what it throws undoes everything. */
  beforeCommit?(): void | Promise<void>
}

/** @param archive opened, and verified by the caller */
export async function restore(archive: Archive, options: RestoreOptions): Promise<void> {
  const migrations = migrationsOf(archive)
  const owner = new pg.Client({ connectionString: options.ownerUrl, application_name: 'tater restore' })
  owner.on('error', () => {})
  await owner.connect()
  const fresh = `${options.attachments}.restoring-${process.pid}`
  let ours = false
  try {
    await owner.query(
      "set client_min_messages = warning; set statement_timeout = 0; set timezone = 'UTC'; set client_encoding = 'UTF8'",
    )
    await requireEmpty(owner, options.attachments)
    await prepareRoles(owner, appUrlOf(options.ownerUrl))
    await prepareQueue(options.ownerUrl, options.queues)
    // A server that is started from now on waits for this lock before it looks at the database.
    await owner.query("select pg_advisory_lock(hashtextextended('tater:migrations', 0))")
    await requireEmpty(owner, options.attachments)
    ours = true
    await bringIn(owner, archive, migrations, options, fresh)
  } catch (error) {
    await owner.query('rollback').catch(() => {})
    await rm(fresh, { recursive: true, force: true })
    if (ours) await owner.query('drop schema if exists pgboss cascade').catch(() => {})
    throw error
  } finally {
    await owner.end().catch(() => {})
  }
}

async function bringIn(owner: pg.Client, archive: Archive, migrations: Migration[], options: RestoreOptions, fresh: string) {
  await owner.query('begin')
  await owner.query(migrationTable)
  for (const { number, name, sha256, sql } of migrations) {
    await owner.query(sql)
    await owner.query('insert into public.platform_migrations (number, name, sha256) values ($1, $2, $3)', [number, name, sha256])
  }
  const later = await loosen(owner)
  for (const table of archive.manifest.tables) await loadTable(owner, archive, table, options)
  options.say?.({ step: 'indexes and references', done: 0, of: later.length, bytes: 0 })
  for (const [index, statement] of later.entries()) {
    await owner.query(statement)
    options.say?.({ step: 'indexes and references', done: index + 1, of: later.length, bytes: 0 })
  }
  await loadQueue(owner, archive, options)
  await unpackFiles(archive, fresh, options)
  await options.beforeCommit?.()
  const undo = await place(fresh, options.attachments)
  try {
    await owner.query('commit')
  } catch (error) {
    await undo()
    throw error
  }
  await rm(join(options.attachments, unfinishedMark), { force: true })
  await owner.query('analyze')
}

/** The migrations the backup was made under, as this program has them; throws Unusable when it has others. */
export function migrationsOf({ path, manifest }: Archive): Migration[] {
  const known = new Map(readMigrations().map((migration) => [migration.number, migration]))
  const newest = Math.max(...known.keys())
  return manifest.migrations.map(({ number, name, sha256 }) => {
    const own = known.get(number)
    if (number > newest)
      throw new Unusable(
        `${path} is newer than this program: it was made by version ${manifest.version} at migration ${name}, and this program knows up to ${newest}. Restore it with that version or a newer one.`,
      )
    if (own?.sha256 !== sha256)
      throw new Unusable(
        `${path} was made by a program with another migration ${name}. Restore it with version ${manifest.version}, from whose files it was made.`,
      )
    return own
  })
}

/** Refuses what holds anything; a queue without jobs is what an earlier attempt may have left. */
async function requireEmpty(owner: pg.Client, attachments: string): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pgboss') and n.nspname not like 'pg\\_%'
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by 1`)
  if (rows.length > 0)
    throw new Unusable(
      `The database is not empty: it holds ${rows[0]!.name}${rows.length > 1 ? ` and ${rows.length - 1} more tables` : ''}. Restore into a new database, or into a new data folder (TATER_DATA).`,
    )
  const there = await readdir(attachments).catch(() => [] as string[])
  if (there.length > 0 && !there.includes(unfinishedMark))
    throw new Unusable(`The folder ${attachments} is not empty. Move it away, or restore into a new data folder (TATER_DATA).`)
}

/**
 * Makes loading fast and independent of the order: what would be kept up row by row is made at the end. Answers the
 * statements that make it.
 */
async function loosen(owner: pg.Client): Promise<string[]> {
  const names = (await tablesOf(owner)).map(({ schema, name }) => quoted(schema, name))
  const { rows: references } = await owner.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and conrelid = any ($1::regclass[])`,
    [names],
  )
  const { rows: indexes } = await owner.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
     where i.indrelid = any ($1::regclass[]) and c.oid is null and not i.indisunique`,
    [names],
  )
  const { rows: forced } = await owner.query<{ name: string }>(
    'select oid::regclass::text as name from pg_class where relforcerowsecurity and oid = any ($1::regclass[])',
    [names],
  )
  for (const { table, name } of references) await owner.query(`alter table ${table} drop constraint ${name}`)
  for (const { name } of indexes) await owner.query(`drop index ${name}`)
  for (const name of names) await owner.query(`alter table ${name} disable trigger user, no force row level security`)
  await owner.query("set local maintenance_work_mem = '256MB'")
  return [
    ...indexes.map(({ definition }) => definition),
    ...references.map(({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`),
    ...names.map((name) => `alter table ${name} enable trigger user`),
    ...forced.map(({ name }) => `alter table ${name} force row level security`),
  ]
}

async function loadTable(
  owner: pg.Client,
  archive: Archive,
  table: Archive['manifest']['tables'][number],
  { say }: RestoreOptions,
) {
  const { schema, name, columns, rows, parts } = table
  const where = quoted(schema, name)
  async function* pieces() {
    for (const [index, part] of parts.entries()) {
      yield await decompress(await buffer(bytesOf(archive.path, archive.part(part))))
      say?.({ step: name, done: Math.round((rows * (index + 1)) / parts.length), of: rows, bytes: 0 })
    }
  }
  if (parts.length > 0) await copyIn(owner, `copy ${where} (${columns.map(pg.escapeIdentifier).join(', ')}) from stdin`, pieces())
  const { rows: counted } = await owner.query<{ count: string }>(`select count(*) from ${where}`)
  if (Number(counted[0]!.count) !== rows)
    throw new Unusable(`${archive.path}: ${name} has ${counted[0]!.count} rows in place of ${rows}.`)
}

async function loadQueue(owner: pg.Client, archive: Archive, { ownerUrl }: RestoreOptions): Promise<void> {
  const text = (await decompress(await buffer(bytesOf(archive.path, archive.part(archive.manifest.queue.part))))).toString('utf8')
  const jobs = text.split('\n').filter(Boolean)
  await enqueueInside(
    ownerUrl,
    owner,
    jobs.map((line) => JSON.parse(line) as { queue: string; data: Record<string, unknown> }),
  )
}

async function unpackFiles(archive: Archive, fresh: string, { say }: RestoreOptions): Promise<void> {
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { recursive: true, mode: 0o700 })
  await writeFile(join(fresh, unfinishedMark), '', { mode: 0o600 })
  chownToOwner(fresh, dirname(fresh))
  const { count } = archive.manifest.files
  let done = 0
  for (const [part] of archive.manifest.parts) {
    if (!part.startsWith('files/')) continue
    const target = join(fresh, basename(dirname(part)), basename(part))
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    await pipeline(bytesOf(archive.path, archive.part(part)), createWriteStream(target, { mode: 0o600, flush: true }))
    for (const made of [dirname(target), target]) chownToOwner(made, dirname(fresh))
    done += 1
    say?.({ step: 'files', done, of: count, bytes: 0 })
  }
}

/** Puts the folder in its place; answers how to take it away again. What an attempt that was killed left there goes. */
async function place(fresh: string, attachments: string): Promise<() => Promise<void>> {
  await rm(attachments, { recursive: true, force: true })
  await rename(fresh, attachments)
  return async () => {
    await rm(attachments, { recursive: true, force: true })
    await mkdir(attachments, { recursive: true, mode: 0o700 })
  }
}
