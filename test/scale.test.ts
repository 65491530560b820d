/** Several processes on one database, all of them real: what docs/scaling.md promises. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../platform/database.ts'
import { appUrlOf, byWayOf } from '../platform/database-owner.ts'
import { v7 } from '../platform/ids.ts'
import { importing } from './importing.ts'
import { type Landscape, type Process, slowly, startLandscape } from './landscape.ts'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'
import { until as untilSoon } from './programs.ts'

/** Longer than anything here takes on a busy machine. */
const patience = 300_000

let there: Landscape
const until = (condition: () => unknown) => untilSoon(condition, slowly)

/** Makes organizations and looks at results, directly at the primary. */
let product: TestProduct
let servers: Process[]
let workers: Process[]
let balancer: Process

beforeAll(async () => {
  there = await startLandscape()
  product = await testProduct({ ownerUrl: there.ownerUrl, attachmentsFolder: there.attachments, services: ['server'] })
  const start = (...args: string[]) => there.startTater(args)
  const [one, two, three, four] = await Promise.all([
    start('server', '--no-jobs'),
    start('server', '--no-jobs'),
    start('worker'),
    start('worker'),
  ])
  servers = [one, two]
  workers = [three, four]
  balancer = await there.startBalancer(servers)
}, patience)
afterAll(async () => {
  await product?.stop()
  await there?.stop()
}, patience)

type Task = { id: string; number: number; title: string }

/** One request through a socket, as that organization. */
async function send(base: string, of: TestOrganization, method: string, path: string, body?: object) {
  const answer = await fetch(`${base}/api${path}`, {
    method,
    headers: { 'x-api-key': of.keys.OrgAdmin, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`)
  return JSON.parse(text) as { items: Task[] } & Task
}

const newTask = (title: string) => ({ title, category: 'IT' })

/** Keeps a live stream open as a browser does, coming back when it ends, and gathers what it says. */
function watch(base: string, of: TestOrganization) {
  const stop = new AbortController()
  const seen = { text: '', opened: 0, close: () => stop.abort() }
  void (async () => {
    while (!stop.signal.aborted) {
      try {
        const answer = await fetch(`${base}/api/live`, { headers: { 'x-api-key': of.keys.Viewer }, signal: stop.signal })
        if (answer.ok) seen.opened += 1
        for await (const chunk of answer.body!) seen.text += Buffer.from(chunk).toString()
      } catch {
        // The stream broke off; the next one begins.
      }
    }
  })()
  return seen
}

/** Whether tasks were made at this server, which only the balancer's clients do. */
async function isServing({ url }: Process): Promise<boolean> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return /^tater_requests_total\{operation="tasks\.create",status="201"\} [1-9]/m.test(text)
}

test.concurrent(
  'servers restarted one after the other under load drop no request, and everybody reads what they wrote',
  async () => {
    const clients = await Promise.all(Array.from({ length: 4 }, () => product.given.organization()))
    const stream = watch(balancer.url, clients[0]!)
    await until(() => stream.opened > 0)
    const failures: string[] = []
    const made = clients.map(() => 0)
    let over = false

    /** Writes, and reads it where reads go: by the balancer at any server, the list there at the replica. */
    const client = async (of: TestOrganization, index: number) => {
      while (!over) {
        try {
          const { id, title } = await send(balancer.url, of, 'POST', '/tasker/tasks', newTask(`Task ${made[index]! + 1}`))
          made[index]! += 1
          const { items } = await send(balancer.url, of, 'GET', '/tasker/tasks?limit=1&sort=-number')
          if (items[0]?.id !== id) failures.push(`${title} was made, and the list begins with ${items[0]?.title}`)
          const { id: again } = await send(balancer.url, of, 'GET', `/tasker/tasks/${id}`)
          if (again !== id) failures.push(`${title} was made, and another one read`)
        } catch (error) {
          const { message, cause } = error as Error
          failures.push(`${new Date().toISOString()} ${message} ${cause ?? ''}`)
        }
      }
    }
    const load = clients.map(client)
    const restarted: Process[] = []
    for (const server of servers) {
      expect(await server.stop()).toBe(0)
      const again = await there.startTater(['server', '--no-jobs'], Number(new URL(server.url).port))
      restarted.push(again)
      // The next one is stopped when the balancer sends requests to this one again, as docs/scaling.md says.
      await until(() => isServing(again))
    }
    servers = restarted
    over = true
    await Promise.all(load)
    expect(failures, balancer.output()).toEqual([])
    for (const [index, { id }] of clients.entries()) {
      const [row] = await there.ask<{ n: number }>('primary', 'select count(*)::int as n from tasks where organization_id = $1', [
        id,
      ])
      expect(row!.n).toBe(made[index])
    }
    const last = await send(balancer.url, clients[0]!, 'POST', '/tasker/tasks', newTask('Seen after the restarts'))
    await until(() => stream.text.includes(last.id))
    stream.close()
  },
  patience,
)

/** Starts an import of so many rows; a worker finds it. */
async function startImport(of: TestOrganization, rows: number): Promise<string> {
  const it = importing(product)
  const csv = ['Key,Title,Category', ...Array.from({ length: rows }, (_, n) => `K${n},Ticket ${n},IT`)].join('\n')
  const id = await it.uploaded(of, 'csv', csv)
  const started = await it.start(of, id, { mapping: { Key: 'externalId', Title: 'title', Category: 'category' } })
  if (started.status !== 200) throw new Error(`The import was not started: ${started.text}`)
  return id
}

const finished = (of: TestOrganization, id: string) =>
  until(async () => (await importing(product).get(of, id)).status === 'finished')

async function imported(of: TestOrganization, rows: number) {
  await finished(of, await startImport(of, rows))
}

test.concurrent(
  'a job runs once whichever worker has it, also when that one is killed in the middle',
  async () => {
    const rows = 300
    const two = await Promise.all([1, 2].map(() => product.given.organization()))
    const ids = two.map(({ id }) => id)
    // Each worker comes to a stand in the middle of a job: the next number of these organizations is held.
    for (const of of two) await product.given.task(of)
    const holder = await product.database.pool.connect()
    const number = `select from counters where organization_id = any($1) for update`
    await holder.query('begin')
    await holder.query("select set_config('app.organization_id', $1, true)", [ids[0]])
    await holder.query(number, [ids])
    await holder.query("select set_config('app.organization_id', $1, true)", [ids[1]])
    await holder.query(number, [ids])
    const imports = await Promise.all(two.map((of) => startImport(of, rows)))
    await until(async () => {
      const [row] = await there.ask<{ n: number }>(
        'primary',
        `select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like '%counters%'`,
      )
      return row!.n === 2
    })
    workers[0]!.child.kill('SIGKILL')
    await workers[0]!.ended
    await holder.query('commit')
    holder.release()

    await Promise.all(two.map((of, index) => finished(of, imports[index]!)))
    for (const { id } of two) {
      const [row] = await there.ask<{ tasks: number; titles: number; ends: number }>(
        'primary',
        `select (select count(*) from tasks where organization_id = $1)::int as tasks,
        (select count(distinct title) from tasks where organization_id = $1)::int as titles,
        (select count(*) from events where organization_id = $1 and action = 'import.finished')::int as ends`,
        [id],
      )
      expect(row).toEqual({ tasks: rows + 1, titles: rows + 1, ends: 1 })
    }
  },
  patience,
)

test(
  'a change made at one server is told at another, and so is what a worker does',
  async () => {
    const of = await product.given.organization()
    const [near, far] = servers.map(({ url }) => watch(url, of))
    await until(() => near!.opened > 0 && far!.opened > 0)
    const { id } = await send(servers[0]!.url, of, 'POST', '/tasker/tasks', newTask('Told to all'))
    await until(() => near!.text.includes(id) && far!.text.includes(id))
    await imported(of, 3)
    await until(() => near!.text.includes('import.finished') && far!.text.includes('import.finished'))
    near!.close()
    far!.close()
  },
  patience,
)

test(
  'fifty clients over five connections of the pooler see their own organization and no other',
  async () => {
    const app = appUrlOf(there.ownerUrl)
    const database = openDatabase({ url: byWayOf(there.poolerUrl, app), named: false, max: 50 })
    const organizations = Array.from({ length: 10 }, () => v7())
    const scopeOf = (n: number) => ({ organizationId: organizations[n % 10]!, userId: null })
    try {
      for (const n of organizations.keys())
        await database.inTransaction(scopeOf(n), 'read write', (db) =>
          db.insertInto('counters').values({ name: 'a', value: n }).execute(),
        )
      const strangers: string[] = []
      const client = async (_: unknown, index: number) => {
        for (let round = 0; round < 20; round += 1) {
          const scope = scopeOf(index + round)
          const access = round % 4 === 0 ? 'read write' : 'read only'
          const seen = await database.inTransaction(scope, access, async (db) => {
            if (access === 'read write') await db.updateTable('counters').set({ name: 'a' }).execute()
            return db.selectFrom('counters').select('organization_id').execute()
          })
          if (seen.length !== 1 || seen[0]!.organization_id !== scope.organizationId) strangers.push(JSON.stringify(seen))
        }
      }
      await Promise.all(Array.from({ length: 50 }).map(client))
      expect(database.pool.totalCount).toBe(50)
      expect(strangers).toEqual([])
      // Outside a transaction nothing is left of anybody.
      expect(
        await database.ask(
          'x',
          "select current_setting('app.organization_id', true) as id, count(*)::int as n from counters",
          [],
        ),
      ).toEqual([{ id: '', n: 0 }])
      const [row] = await there.ask<{ n: number }>(
        'primary',
        `select count(*)::int as n from pg_stat_activity where usename = $1 and application_name = 'tater'`,
        [decodeURIComponent(new URL(app).username)],
      )
      expect(row!.n).toBeLessThanOrEqual(5 + 16)
    } finally {
      await database.close()
    }
  },
  patience,
)
