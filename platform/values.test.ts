import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../test/database.ts'
import { askIn, type Database, openDatabase } from './database.ts'
import { v7 } from './ids.ts'
import { rowReader, toWire } from './values.ts'

let own: TestDatabase
let database: Database

beforeAll(async () => {
  own = await testDatabase()
  database = openDatabase({ url: own.appUrl, max: 2 })
})
afterAll(async () => {
  await database?.close()
  await own?.drop()
})

/** What PostgreSQL makes of a value and says again. */
const echo = (type: string, value: unknown) =>
  database.inTransaction({ organizationId: v7(), userId: null }, 'read only', async (db) => {
    const [row] = (await askIn(db, `select $1::${type} as value`, [value])) as { value: unknown }[]
    return row!.value
  })

/** PostgreSQL's texts hold everything but the character 0 and halves of pairs. */
const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '').toWellFormed())

describe('a value comes back as it went', () => {
  test.each([
    ['text', text],
    ['text[]', fc.array(fc.option(text), { maxLength: 5 })],
    [
      'jsonb',
      fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), fc.oneof(text, fc.boolean(), fc.integer(), fc.constant(null))),
    ],
    ['int', fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })],
    ['float8', fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)],
    ['boolean', fc.boolean()],
    ['bytea', fc.uint8Array().map((bytes) => Buffer.from(bytes))],
  ] as [string, fc.Arbitrary<unknown>][])('%s', async (type, values) => {
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        expect(await echo(type, value)).toEqual(value)
      }),
      { numRuns: 60 },
    )
  })

  test('instants, also before our time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
        async (value) => {
          expect(await echo('timestamptz', value)).toBe(value.toISOString())
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a text longer than the buffer that messages are written in', async () => {
    const long = 'ü€😀x'.repeat(100_000)
    expect(await echo('text', long)).toBe(long)
    expect(await echo('text', 'short')).toBe('short')
  })

  test('nothing is NULL, whatever it is called', async () => {
    for (const nothing of [null, undefined]) expect(await echo('text', nothing)).toBeNull()
  })
})

test('an instant that is none is refused before anything is sent, and its transaction is not committed', async () => {
  expect(() => toWire(new Date('yesterday'))).toThrow(RangeError)
  const inside = { organizationId: v7(), userId: null }
  const transaction = await database.begin(inside, 'read write')
  const good = askIn(transaction.db, `insert into counters (name, value) values ('a', 1)`, [])
  const bad = askIn(transaction.db, 'select $1::timestamptz', [new Date('yesterday')])
  await expect(bad).rejects.toThrow(RangeError)
  await good
  await expect(transaction.commit()).rejects.toThrow('rolled back instead of committed')
  const left = await database.inTransaction(inside, 'read only', (db) => askIn(db, 'select name from counters', []))
  expect(left).toEqual([])
})

test('a row is read by the names of its columns, whatever they are called', () => {
  const names = ['id', 'two words', '__proto__x', 'a"b', "it's", 'constructor']
  const read = rowReader(names.map((name) => ({ name, dataTypeID: pg.types.builtins.TEXT })))
  const row = read(names.map((_, n) => (n === 1 ? null : String(n))))
  expect(Object.entries(row)).toEqual(names.map((name, n) => [name, n === 1 ? null : String(n)]))
})

test('what was not prepared because something before it failed is prepared the next time', async () => {
  const inside = { organizationId: v7(), userId: null }
  for (let n = 0; n < 3; n += 1) {
    const transaction = await database.begin(inside, 'read write')
    const outcomes = await Promise.allSettled([
      askIn(transaction.db, 'select 1 / $1::int', [0]),
      askIn(transaction.db, 'select $1::int + 40 as never_reached', [n]),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await transaction.rollback()
  }
  const [row] = await database.inTransaction(inside, 'read write', (db) => askIn(db, 'select $1::int + 40 as never_reached', [2]))
  expect(row).toEqual({ never_reached: 42 })
})
