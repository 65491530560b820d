import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../platform/database.ts'
import { type TestDatabase, testDatabase } from './database.ts'

let one: TestDatabase
let other: TestDatabase

beforeAll(async () => {
  ;[one, other] = await Promise.all([testDatabase(), testDatabase()])
})
afterAll(() => Promise.all([one.drop(), other.drop()]))

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('every test file has a database of its own', async () => {
  await ask(one.ownerUrl, 'create table only_here (x int)')
  expect(await ask(other.ownerUrl, "select to_regclass('only_here') as found")).toEqual([{ found: null }])
})

test('the program signs in as a role that owns nothing and is bound by every policy', async () => {
  const [role] = await ask(
    one.appUrl,
    `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, pg_has_role(current_user, 'tater_app', 'member') as member,
            exists (select from pg_class where relowner = pg_roles.oid) as owns
     from pg_roles where rolname = current_user`,
  )
  expect(role).toEqual({
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    member: true,
    owns: false,
  })
})

test('the schema is there already', async () => {
  const rows = await ask(one.ownerUrl, 'select count(*)::int as n from platform_migrations')
  expect(rows[0]!.n).toBeGreaterThan(0)
})

test('a connection lost between two statements fails its own transaction and nothing else', async () => {
  const database = openDatabase({ url: one.appUrl })
  try {
    const scope = { organizationId: null, userId: null }
    const pid = (db: typeof lost.db) => sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)
    const lost = await database.begin(scope, 'read write')
    const { rows } = await pid(lost.db)
    await ask(one.ownerUrl, `select pg_terminate_backend(${rows[0]!.pid}, 5000)`)
    await expect.poll(() => pid(lost.db).catch(() => 'lost')).toBe('lost')
    await expect(lost.commit()).rejects.toThrow()
    const next = await database.begin(scope, 'read only')
    expect((await pid(next.db)).rows).toHaveLength(1)
    await next.commit()
  } finally {
    await database.close()
  }
})
