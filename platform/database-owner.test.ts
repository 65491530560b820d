import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { asAdmin, clusterUrl } from '../test/database.ts'
import { temporaryFolder } from '../test/programs.ts'
import { appUrlOf, prepareDatabase } from './database-owner.ts'
import { type Migration, readMigrations } from './migrations.ts'
import type { StartFailure } from './start-failure.ts'

const folder = temporaryFolder()
const databases: string[] = []
const roles: string[] = []

afterAll(async () => {
  await asAdmin(...databases.map((name) => `drop database if exists ${name} with (force)`))
  await asAdmin(...[...databases.map((name) => `${name}_app`), ...roles].map((name) => `drop role if exists ${name}`))
})

async function emptyDatabase(owner = 'postgres'): Promise<string> {
  const name = `owner_test_${process.pid}_${databases.length}`
  databases.push(name)
  await asAdmin(`create database ${name} owner ${owner}`)
  return name
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const migration = (number: number, sql: string): Migration => ({
  number,
  name: `${String(number).padStart(4, '0')}_step`,
  sql,
  sha256: createHash('sha256').update(sql).digest('hex'),
})

const one = migration(1, 'create table one (x int); grant select, insert on one to tater_app')
const two = migration(2, 'create table two (x int)')

const refused = (work: Promise<unknown>) =>
  work.then(
    () => Promise.reject(new Error('It was accepted')),
    (error: StartFailure) => error,
  )

test('migrations are applied in order, once, and recorded', async () => {
  const url = clusterUrl(await emptyDatabase())
  expect(await prepareDatabase(url, [one])).toMatchObject({ applied: ['0001_step'], version: 1 })
  expect(await prepareDatabase(url, [one, two])).toMatchObject({ applied: ['0002_step'], version: 2 })
  expect(await prepareDatabase(url, [one, two])).toMatchObject({ applied: [], version: 2 })
  expect(await ask(url, 'select number, name, sha256 from platform_migrations order by number')).toEqual(
    [one, two].map(({ number, name, sha256 }) => ({ number, name, sha256 })),
  )
})

test('a migration that fails is undone as a whole and named with its line', async () => {
  const url = clusterUrl(await emptyDatabase())
  const { message } = await refused(
    prepareDatabase(url, [one, migration(2, 'create table two (x int);\n\nselect * from nowhere')]),
  )
  expect(message).toContain('db/migrations/0002_step.sql:3 failed and was undone: relation "nowhere" does not exist')
  expect(await ask(url, "select to_regclass('one')::text as one, to_regclass('two')::text as two")).toEqual([
    { one: 'one', two: null },
  ])
  expect(await prepareDatabase(url, [one, two])).toMatchObject({ applied: ['0002_step'] })
})

test('a changed, missing or inserted migration is refused', async () => {
  const url = clusterUrl(await emptyDatabase())
  const three = migration(3, 'create table three (x int)')
  await prepareDatabase(url, [one, three])
  const changed = await refused(prepareDatabase(url, [one, { ...three, sha256: 'other' }]))
  expect(changed.message).toMatch(/0003_step was changed after it was applied/)
  expect(changed.exitCode).toBe(70)
  expect((await refused(prepareDatabase(url, [three]))).message).toMatch(/0001_step was applied.*file is missing/)
  expect((await refused(prepareDatabase(url, [one, two, three]))).message).toMatch(
    /0002_step was added behind 0003_step.*number after 3/,
  )
})

test('a database newer than the program is refused, with both versions', async () => {
  const url = clusterUrl(await emptyDatabase())
  await prepareDatabase(url, [one, two])
  const { message, exitCode } = await refused(prepareDatabase(url, [one]))
  expect(exitCode).toBe(70)
  expect(message).toContain(
    'The database is newer than the program: it is at version 2 (0002_step), the program knows up to 1 (0001_step)',
  )
})

test('several servers starting on one database apply each migration once', async () => {
  const url = clusterUrl(await emptyDatabase())
  const results = await Promise.all(Array.from({ length: 5 }, () => prepareDatabase(url, [one, two])))
  expect(results.flatMap(({ applied }) => applied).toSorted()).toEqual(['0001_step', '0002_step'])
  expect(await ask(results[0]!.appUrl, 'select * from one')).toEqual([])
})

test('several databases of one cluster are prepared at once, roles and all', async () => {
  const names = await Promise.all(Array.from({ length: 5 }, () => emptyDatabase()))
  const prepared = await Promise.all(names.map((name) => prepareDatabase(clusterUrl(name), [one])))
  for (const { appUrl } of prepared) expect(await ask(appUrl, 'select * from one')).toEqual([])
})

test('the program signs in as <database>_app, with a password every server derives alike', async () => {
  const name = await emptyDatabase()
  const { appUrl } = await prepareDatabase(clusterUrl(name), [one])
  expect(appUrl).toBe(appUrlOf(clusterUrl(name)))
  expect(new URL(appUrl).username).toBe(`${name}_app`)
  expect(new URL(appUrl).password).toMatch(/^[0-9a-f]{64}$/)
  await expect(ask(appUrl, 'create table mine (x int)')).rejects.toThrow(/permission denied/)

  await asAdmin(`alter role ${name}_app password 'changed' bypassrls`)
  await prepareDatabase(clusterUrl(name), [one])
  expect(await ask(appUrl, 'select rolbypassrls from pg_roles where rolname = current_user')).toEqual([{ rolbypassrls: false }])
})

test('a migration that needs a table in use lets go, and is applied when the table is free', async () => {
  const name = await emptyDatabase()
  const url = clusterUrl(name)
  await prepareDatabase(url, [one])
  const holder = new pg.Client(url)
  await holder.connect()
  await holder.query('begin; lock table one in access share mode')
  const waits = async () =>
    (
      await ask(
        clusterUrl('postgres'),
        `select from pg_stat_activity where datname = '${name}' and wait_event_type = 'Lock' and query like 'alter table one%'`,
      )
    ).length
  const applied = prepareDatabase(url, [one, migration(2, 'alter table one add column y int')])
  await expect.poll(waits, { timeout: 20_000 }).toBe(1)
  await expect.poll(waits, { timeout: 20_000 }).toBe(0)
  await holder.end()
  expect(await applied).toMatchObject({ applied: ['0002_step'] })
})

test('names of roles never collide', () => {
  const roleOf = (database: string) =>
    decodeURIComponent(new URL(appUrlOf(`postgres://u:p@h/${encodeURIComponent(database)}`)).username)
  expect(roleOf('help desk')).toBe('help desk_app')
  expect(roleOf('tater')).toBe('tater_app_login')
  const long = 'x'.repeat(60)
  expect(roleOf(`${long}1`)).not.toBe(roleOf(`${long}2`))
  expect(roleOf(`${long}1`).length).toBeLessThanOrEqual(63)
})

test('a user who may not make roles gets the SQL an administrator has to run, and it is enough', async () => {
  const owner = `owner_test_${process.pid}_limited`
  roles.push(owner)
  await asAdmin(`create role ${owner} login password 'pw'`)
  const name = await emptyDatabase(owner)
  const url = new URL(clusterUrl(name))
  url.username = owner
  url.password = 'pw'
  const { message, exitCode } = await refused(prepareDatabase(url.href, [one]))
  expect(exitCode).toBe(77)
  expect(message).toContain(`The database user "${owner}" may not make the roles`)
  expect(message).not.toContain(new URL(appUrlOf(url.href)).password)

  const statements = message.split('\n').filter((line) => line.startsWith('  '))
  expect(statements.join()).toMatch(/create role.*grant tater_app.*grant tater_lookup.*alter role/)
  await asAdmin(...statements)
  const { appUrl } = await prepareDatabase(url.href, [one])
  expect(await ask(appUrl, 'select * from one')).toEqual([])
})

test.each([
  ['no server', 'postgres://u:p@127.0.0.1:1/x', /No database answers at 127\.0\.0\.1:1 \(ECONNREFUSED\)/],
  ['no such host', 'postgres://u:p@host.invalid/x', /No database answers at host\.invalid:5432/],
])('%s is explained', async (_, url, text) => {
  const { message, exitCode } = await refused(prepareDatabase(url, []))
  expect(message).toMatch(text)
  expect(exitCode).toBe(69)
})

test('a wrong password and a missing database are explained, without the password', async () => {
  const wrong = new URL(clusterUrl('postgres'))
  wrong.password = 'hunter2'
  const refusal = await refused(prepareDatabase(wrong.href, []))
  expect(refusal.message).toMatch(/refuses user "postgres"/)
  expect(refusal.message).not.toContain('hunter2')
  expect((await refused(prepareDatabase(clusterUrl('nowhere'), []))).message).toMatch(/no database "nowhere".*createdb/)
})

test('an address that lacks a password or a database is explained', async () => {
  expect((await refused(prepareDatabase('postgres://u@h/x', []))).message).toMatch(/no password/)
  expect((await refused(prepareDatabase('postgres://u:p@h', []))).message).toMatch(/names no database/)
})

test('migration files must be numbered, once each', () => {
  const files = (...names: string[]) => {
    const path = join(folder, names.join('-'))
    mkdirSync(path)
    for (const name of names) writeFileSync(join(path, name), 'select 1;\r\n')
    return path
  }
  expect(readMigrations(files('0002_b.sql', '0001_a.sql')).map(({ name }) => name)).toEqual(['0001_a', '0002_b'])
  expect(() => readMigrations(files('0001_a.sql', '0001_b.sql'))).toThrow(/one number: 0001_a and 0001_b/)
  expect(() => readMigrations(files('1_a.sql'))).toThrow(/1_a\.sql.*is not named like/)
  // Whatever the line ends of a checkout.
  expect(readMigrations(files('0003_c.sql'))[0]!.sha256).toBe(createHash('sha256').update('select 1;\n').digest('hex'))
})
