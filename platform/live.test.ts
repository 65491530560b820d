import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../test/database.ts'
import { surviveLostConnections } from './database.ts'
import { v7 } from './ids.ts'
import { cut, listen } from './listen.ts'
import { liveBus, liveChannel } from './live.ts'

let own: TestDatabase
let pool: pg.Pool

beforeAll(async () => {
  own = await testDatabase()
  pool = new pg.Pool({ connectionString: own.appUrl, max: 2 })
  surviveLostConnections(pool)
})
afterAll(async () => {
  await pool?.end()
  await own?.drop()
})

/** A bus of a process, with ears of its own. */
function bus(pulse: Parameters<typeof liveBus>[1]) {
  let missed = 0
  const live = liveBus(pool, pulse)
  const { promise: heard, resolve: ready } = Promise.withResolvers<void>()
  const ears = listen(own.appUrl, [liveChannel], {
    heard: (_channel, payload) => live.heard(payload),
    listening: (yes) => {
      live.listening(yes)
      if (yes) ready()
    },
    silent: () => {},
  })
  live.listen(
    v7(),
    () => {},
    () => {
      missed += 1
    },
  )
  const stop = async () => {
    await live.stop()
    await ears.stop()
  }
  return { heard, missed: () => missed, stop }
}

const say = (message: object) =>
  pool.query('select pg_notify($1, $2)', [liveChannel, JSON.stringify({ happenings: [], ...message })])

test('a process that falls silent may have had something to tell; one that takes its leave has not', async () => {
  const one = bus({ aliveEveryMs: 20, silenceMs: 150 })
  await one.heard
  await say({ from: 'leaves' })
  await say({ from: 'leaves', leaving: true })
  await say({ from: 'dies' })
  await expect.poll(one.missed).toBe(1)
  await say({ from: 'could not tell', missed: true })
  await expect.poll(one.missed).toBeGreaterThan(1)
  await one.stop()
})

test.runIf(process.platform === 'linux')(
  'a database that stops answering is noticed, and heard again when it answers',
  async () => {
    const said: string[] = []
    const patience = { askEveryMs: 50, patienceMs: 1_000 }
    const ears = {
      heard: (_channel: string, payload: string) => said.push(payload),
      listening: (yes: boolean) => said.push(yes ? 'listening' : 'not listening'),
      silent: () => said.push('silent'),
    }
    const listener = listen(own.appUrl, ['silence'], ears, patience)
    await expect.poll(() => said).toContain('listening')
    const { rows } = await pool.query<{ pid: number }>(
      "select pid from pg_stat_activity where application_name = 'tater listener' and datname = current_database() and query ilike any('{listen silence,select}')",
    )
    for (const { pid } of rows) process.kill(pid, 'SIGSTOP')
    try {
      await expect.poll(() => said, { timeout: 20_000 }).toContain('silent')
      await expect.poll(() => said.filter((each) => each === 'listening').length, { timeout: 20_000 }).toBe(2)
      await pool.query("select pg_notify('silence', 'broken')")
      await expect.poll(() => said, { timeout: 20_000 }).toContain('broken')
    } finally {
      for (const { pid } of rows) process.kill(pid, 'SIGCONT')
      await listener.stop()
    }
  },
)

test('a connection that is cut fails what waits on it', async () => {
  const client = new pg.Client({ connectionString: own.appUrl })
  client.on('error', () => {})
  await client.connect()
  const waiting = client.query('select pg_sleep(60)')
  cut(client)
  await expect(waiting).rejects.toThrow('Connection terminated')
})
