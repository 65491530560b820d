import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
