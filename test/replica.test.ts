/** Reads at a streaming replica (platform/replica.ts): never older than what was acknowledged, and never waited for. */
import { chmodSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'
import { temporaryFolder, until as untilSoon } from './programs.ts'
import { type Databases, startDatabases } from './replicated.ts'

const patience = 120_000
const until = (condition: () => unknown) => untilSoon(condition, { timeout: patience, interval: 50 })

const folder = temporaryFolder()
let databases: Databases
let one: TestProduct
let two: TestProduct
let of: TestOrganization

beforeAll(async () => {
  chmodSync(folder, 0o711) // the databases' user passes through
  databases = await startDatabases(folder)
  const options = { ownerUrl: databases.ownerUrl, replicaUrl: databases.replicaUrl(), services: ['server'] as const }
  one = await testProduct(options)
  two = await testProduct(options)
  of = await one.given.organization()
}, patience)
afterAll(async () => {
  await one?.stop()
  await two?.stop()
  await databases?.stop()
}, patience)

const list = async (at: TestProduct) => {
  const answer = await at.request('GET', '/api/tasker/tasks?limit=1&sort=-number', { 'x-api-key': of.keys.Viewer })
  if (answer.status !== 200) throw new Error(`The list was answered ${answer.status}: ${answer.text}`)
  return (answer.body.items as { id: string }[])[0]
}

/** Whether lists are read there, seen at what its connections did last. */
async function isRead(): Promise<boolean> {
  const [before] = await databases.ask<{ now: Date }>('replica', 'select clock_timestamp() as now')
  await list(one)
  const rows = await databases.ask(
    'replica',
    `select from pg_stat_activity where application_name = 'tater' and query ~ '"tasks"' and query_start > $1`,
    [before!.now],
  )
  return rows.length > 0
}

/** Writes at one server and at once reads the list at both. */
async function writeAndRead(times: number) {
  for (let n = 0; n < times; n += 1) {
    const { id } = await one.given.task(of, { title: `Number ${n}` })
    expect([(await list(one))?.id, (await list(two))?.id]).toEqual([id, id])
  }
}

test(
  'a replica is read, and everybody sees what was acknowledged, at every server',
  async () => {
    await until(isRead)
    await writeAndRead(40)
    await until(isRead)
  },
  patience,
)

test(
  'a replica that is late is not waited for',
  async () => {
    await databases.ask('replica', 'select pg_wal_replay_pause()')
    await writeAndRead(5)
    expect(await isRead()).toBe(false)
    await databases.ask('replica', 'select pg_wal_replay_resume()')
    await until(isRead)
  },
  patience,
)

test(
  'a replica that falls away is not missed, and is read again when it is back',
  async () => {
    let over = false
    let read = 0
    const readers = [one, two].map(async (each) => {
      for (; !over; read += 1) await list(each)
    })
    await until(() => read > 20)
    await databases.stopReplica()
    const before = read
    await writeAndRead(5)
    await until(() => read > before + 20)
    over = true
    await Promise.all(readers)
    await databases.startReplica()
    await until(isRead)
    await writeAndRead(5)
  },
  patience,
)
