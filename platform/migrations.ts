import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { exitCodes, StartFailure } from './start-failure.ts'

export type Migration = { number: number; name: string; sql: string; sha256: string }

/** A migration that a database has. */
export type Applied = { number: number; name: string; sha256: string }

/** Where a database keeps what was applied to it. */
export const migrationTable = `create table if not exists public.platform_migrations (
  number int primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now()
)`

const ownFolder = join(import.meta.dirname, '..', 'db', 'migrations')

/** The migrations of a folder, NNNN_name.sql, in order. */
export function readMigrations(folder: string = ownFolder): Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => readMigration(folder, file))
  for (const [index, migration] of migrations.entries()) {
    const previous = migrations[index - 1]
    if (previous?.number !== migration.number) continue
    throw incompatible(
      `Two migrations have one number: ${previous.name} and ${migration.name}. Give the later one the next free number.`,
    )
  }
  return migrations
}

function readMigration(folder: string, file: string): Migration {
  const number = /^(\d{4})_[a-z0-9_-]+\.sql$/.exec(file)?.[1]
  if (!number) throw incompatible(`${file} in db/migrations is not named like 0001_identity.sql. Rename it.`)
  // A checkout with Windows line ends is the same migration.
  const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n')
  return { number: Number(number), name: file.replace(/\.sql$/, ''), sql, sha256: createHash('sha256').update(sql).digest('hex') }
}

/** Applies what is missing, in order. The caller holds the lock. Returns the names of those applied. */
export async function applyMigrations(owner: pg.Client, migrations: Migration[]): Promise<string[]> {
  await owner.query(`set client_min_messages = warning; ${migrationTable}`)
  const rows = await appliedMigrations(owner)
  checkHistory(rows, migrations)
  const missing = migrations.slice(rows.length)
  for (const migration of missing) await applyMigration(owner, migration)
  return missing.map((migration) => migration.name)
}

/** The migrations a database has, in order; none when it is not one of the program's. */
export async function appliedMigrations(owner: pg.ClientBase): Promise<Applied[]> {
  const { rows } = await owner.query<{ there: boolean }>("select to_regclass('public.platform_migrations') is not null as there")
  if (!rows[0]!.there) return []
  return (await owner.query<Applied>('select number, name, sha256 from public.platform_migrations order by number')).rows
}

/** What was applied must be exactly the beginning of what the program knows. */
export function checkHistory(applied: Applied[], migrations: Migration[]): void {
  const newest = applied.at(-1)
  const known = migrations.at(-1)
  if (newest && newest.number > (known?.number ?? 0)) {
    throw incompatible(
      `The database is newer than the program: it is at version ${newest.number} (${newest.name}), the program knows up to ${known?.number ?? 0} (${known?.name ?? 'none'}). Start the newer program, or restore a backup of the older database.`,
    )
  }
  for (const [index, done] of applied.entries()) {
    const migration = migrations[index]
    if (!migration || migration.number > done.number) {
      throw incompatible(
        `Migration ${done.name} was applied to the database, but its file is missing from db/migrations. Put it back.`,
      )
    }
    if (migration.number < done.number) {
      throw incompatible(
        `Migration ${migration.name} was added behind ${done.name}, which the database already has. Give it a number after ${newest?.number}.`,
      )
    }
    if (migration.sha256 !== done.sha256) {
      throw incompatible(
        `Migration ${done.name} was changed after it was applied to the database. Undo the change and put it into a new migration.`,
      )
    }
  }
}

/** So long a migration waits for a lock; everybody who comes after it waits behind it as long. */
const lockTimeoutMs = 3_000
const lockAttempts = 20
const lockNotAvailable = '55P03'

/** A table in use is let go and tried again, so that no queue forms behind a migration that waits. */
async function applyMigration(owner: pg.Client, migration: Migration, attempts = lockAttempts): Promise<void> {
  try {
    await owner.query(`begin; set local lock_timeout = ${lockTimeoutMs}`)
    await owner.query(migration.sql)
    await owner.query('insert into public.platform_migrations (number, name, sha256) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.sha256,
    ])
    await owner.query('commit')
  } catch (error) {
    await owner.query('rollback').catch(() => {})
    if ((error as pg.DatabaseError).code === lockNotAvailable && attempts > 1) {
      await wait(500)
      return applyMigration(owner, migration, attempts - 1)
    }
    throw migrationFailed(migration, error as pg.DatabaseError)
  }
}

function migrationFailed(migration: Migration, error: pg.DatabaseError): StartFailure {
  const line = error.position ? `:${migration.sql.slice(0, Number(error.position)).split('\n').length}` : ''
  const more = [error.detail, error.hint, error.where].filter(Boolean).join('. ')
  return new StartFailure(
    `Migration db/migrations/${migration.name}.sql${line} failed and was undone: ${error.message}${more ? ` (${more})` : ''}.`,
    exitCodes.failure,
    { cause: error },
  )
}

function incompatible(message: string): StartFailure {
  return new StartFailure(message, exitCodes.incompatible)
}
