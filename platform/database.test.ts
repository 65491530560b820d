import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../test/database.ts'
import { type Database, type Db, openDatabase, statements } from './database.ts'
import { v7 } from './ids.ts'

let own: TestDatabase
let database: Database
let organizationId: string

beforeAll(async () => {
  own = await testDatabase()
  database = openDatabase({ url: own.appUrl, max: 2 })
})
beforeEach(() => {
  organizationId = v7()
})
afterAll(async () => {
  await database?.close()
  await own?.drop()
})

const inside = () => ({ organizationId, userId: null })
const count = (db: Db, name: string) => db.insertInto('counters').values({ name, value: 1 }).execute()
const read = (scope = inside()) =>
  database.inTransaction(scope, 'read only', (db) => db.selectFrom('counters').selectAll().execute())

test('what is committed is there, and only for its organization', async () => {
  await database.inTransaction(inside(), 'read write', (db) => count(db, 'a'))
  expect(await read()).toMatchObject([{ organization_id: organizationId, name: 'a' }])
  expect(await read({ organizationId: v7(), userId: null })).toEqual([])
})

test('without an organization nothing shows and nothing is taken', async () => {
  await database.inTransaction(inside(), 'read write', (db) => count(db, 'a'))
  for (const nobody of [null, '', 'x', "'; drop table counters; --"]) {
    const scope = { organizationId: nobody, userId: null }
    expect(await database.inTransaction(scope, 'read only', (db) => db.selectFrom('counters').selectAll().execute())).toEqual([])
    await expect(database.inTransaction(scope, 'read write', (db) => count(db, 'a'))).rejects.toThrow(
      /null value|row-level security/,
    )
  }
})

test('an error rolls everything back', async () => {
  const work = database.inTransaction(inside(), 'read write', async (db) => {
    await count(db, 'a')
    throw new Error('changed my mind')
  })
  await expect(work).rejects.toThrow('changed my mind')
  expect(await read()).toEqual([])
})

test('a commit after a failed statement does not pass for success', async () => {
  const transaction = await database.begin(inside(), 'read write')
  const sent = [count(transaction.db, 'a'), sql`select 1 / 0`.execute(transaction.db), count(transaction.db, 'b')].map((each) =>
    each.catch((error: Error) => error),
  )
  await expect(transaction.commit()).rejects.toThrow('rolled back instead of committed')
  expect((await Promise.all(sent)).filter((outcome) => outcome instanceof Error)).toHaveLength(2)
  expect(await read()).toEqual([])
})

test('a commit sent along with its statements is as good as one sent after them', async () => {
  const transaction = await database.begin(inside(), 'read write')
  await Promise.all([count(transaction.db, 'a'), count(transaction.db, 'b'), transaction.commit()])
  expect(await read()).toHaveLength(2)
})

test('a query cannot write, even when its code does', async () => {
  await expect(database.inTransaction(inside(), 'read only', (db) => count(db, 'a'))).rejects.toThrow('read-only transaction')
})

test('nothing is sent after the end, and the end comes once', async () => {
  const transaction = await database.begin(inside(), 'read write')
  await count(transaction.db, 'a')
  await transaction.commit()
  await expect(count(transaction.db, 'b')).rejects.toThrow('after its transaction had ended')
  await transaction.commit()
  await transaction.rollback()
  expect(await read()).toHaveLength(1)
})

test('the organization does not stay on the connection', async () => {
  await database.inTransaction(inside(), 'read write', (db) => count(db, 'a'))
  for (let n = 0; n < 6; n += 1) {
    const { rows } = await database.pool.query(
      "select current_setting('app.organization_id', true) as organization, (select count(*) from counters) as n",
    )
    expect(rows).toEqual([{ organization: '', n: 0 }])
  }
})

test('connections come back, whatever happened on them', async () => {
  for (let n = 0; n < 10; n += 1) {
    await database.inTransaction(inside(), 'read write', (db) => sql`select 1 / 0`.execute(db)).catch(() => {})
    const unused = await database.begin(inside(), 'read only')
    await unused.rollback()
  }
  await Promise.all(
    Array.from({ length: 10 }, (_each, n) => database.inTransaction(inside(), 'read write', (db) => count(db, `c${n}`))),
  )
  expect(await read()).toHaveLength(10)
})

test('instants keep their microseconds and are UTC; large integers are numbers', async () => {
  const result = await database.inTransaction(inside(), 'read only', (db) =>
    sql`select timestamptz '2026-03-01 10:00:00.123456+01' as at, 12345678901::bigint as big`.execute(db),
  )
  expect(result.rows).toEqual([{ at: '2026-03-01T09:00:00.123456Z', big: 12345678901 }])
})

test('statements are counted', async () => {
  const before = statements.sent
  await database.inTransaction(inside(), 'read write', async (db) => {
    await count(db, 'a')
    await count(db, 'b')
  })
  expect(statements.sent - before).toBe(2)
})

test('a read writes nothing, and what it could not do does not harm the next', async () => {
  await expect(database.inTransaction(inside(), 'read only', (db) => count(db, 'a'))).rejects.toThrow('read-only transaction')
  const outcomes = await database.inTransaction(inside(), 'read only', (db) =>
    Promise.allSettled([sql`select 1 / 0`.execute(db), sql`select 7 as n`.execute(db), sql`select nothing`.execute(db)]),
  )
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected'])
  // The connection is used again for a write, whose settings are its own.
  for (let n = 0; n < 4; n += 1) await database.inTransaction(inside(), 'read write', (db) => count(db, `w${n}`))
  expect(await read()).toHaveLength(4)
})

test('every statement of a read sees its organization, also after another was entered, and many at once', async () => {
  const other = v7()
  await database.inTransaction(inside(), 'read write', (db) => count(db, 'mine'))
  await database.inTransaction({ organizationId: other, userId: null }, 'read write', (db) => count(db, 'theirs'))
  const names = (db: Db) => db.selectFrom('counters').select('name').execute()
  const transaction = await database.begin(inside(), 'read only')
  expect(await names(transaction.db)).toEqual([{ name: 'mine' }])
  await transaction.enter(other)
  expect(await names(transaction.db)).toEqual([{ name: 'theirs' }])
  await transaction.commit()
  const scopes = Array.from({ length: 40 }, (_, n) => (n % 2 ? inside() : { organizationId: other, userId: null }))
  const seen = await Promise.all(scopes.map((scope) => database.inTransaction(scope, 'read only', names)))
  expect(seen.map(([row]) => row?.name)).toEqual(scopes.map((_, n) => (n % 2 ? 'mine' : 'theirs')))
})

test('an organization entered inside a write is left with its transaction', async () => {
  const other = v7()
  const transaction = await database.begin(inside(), 'read write')
  await transaction.enter(other)
  await count(transaction.db, 'theirs')
  await transaction.commit()
  expect(await read()).toEqual([])
  expect(await read({ organizationId: other, userId: null })).toMatchObject([{ name: 'theirs' }])
})
