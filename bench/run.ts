/**
 * `npm run bench`: seeds a database of its own, measures every action through HTTP and the least SQL for it on the same
 * server, and writes docs/performance.md and docs/performance.json. `--tickets 100000` measures less, `--organizations`,
 * `--seconds` and `--clients 1,8,64` as they say; `--keep folder` uses the same data again, and with `--again` only the
 * largest size is measured on it, the smaller ones being those of docs/performance.json.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { openDataFolder } from '../platform/data-folder.ts'
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts'
import { freePort } from '../platform/postgres-process.ts'
import { requireNode } from '../platform/start-failure.ts'
import { type Action, actionsOn, bulksOn } from './actions.ts'
import { cpuOf, memoryOf } from './cpu.ts'
import { measureFloor } from './floor.ts'
import type { Outcome } from './load.ts'
import { type Server, startLoad, startServer } from './processes.ts'
import { type Figures, type Point, report } from './report.ts'
import { type BenchOrganization, fillTo, makeOrganizations } from './seed.ts'

requireNode()
const { values: options } = parseArgs({
  options: {
    tickets: { type: 'string', default: '1000000' },
    organizations: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '8' },
    clients: { type: 'string', default: '1,8,64' },
    only: { type: 'string' },
    keep: { type: 'string' },
    again: { type: 'boolean', default: false },
    write: { type: 'boolean', default: true },
  },
  allowNegative: true,
})
/** V8 compiles what runs often, and takes thousands of requests to find out what does. */
const warmUpSeconds = 15
const warmed = new Set<string>()
const total = Number(options.tickets)
const seconds = Number(options.seconds)
const clientCounts = options.clients.split(',').map(Number)
const docs = join(import.meta.dirname, '..', 'docs')
const earlier = options.again ? (JSON.parse(readFileSync(join(docs, 'performance.json'), 'utf8')) as Figures) : null
/** Where the growth is measured: the same actions on a hundredth and a tenth of the tickets. */
const sizes = earlier ? [total] : [...new Set([total / 100, total / 10, total].map(Math.round))].filter((size) => size >= 1000)

const started = Date.now()
const say = (line: string) => console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(5)} s  ${line}`)

const path = options.keep ?? mkdtempSync(join(tmpdir(), 'tater-bench-'))
const folder = openDataFolder(path)
const postgres = await startEmbeddedPostgres(folder, {
  settings: ['max_wal_size=4GB', 'checkpoint_timeout=30min', 'track_io_timing=off', 'autovacuum_naptime=5s'],
})
const owner = new pg.Pool({ connectionString: postgres.url, max: 2 })
const load = startLoad()
let servers: Server[] = []

try {
  say(`PostgreSQL is up; making ${options.organizations} organizations`)
  const organizations = await organizationsOf(folder)
  const points: Point[] = earlier ? earlier.growth.slice(0, -1) : []
  let seedSeconds = 0
  for (const size of sizes) {
    const from = Date.now()
    await fillTo(postgres.url, organizations, size, say)
    folder.keep('bench', JSON.stringify(organizations))
    seedSeconds += (Date.now() - from) / 1000
    say(`${size.toLocaleString('en')} tickets are there`)
    // The same servers throughout: their code is compiled by what they serve, as it is after a day's work.
    if (servers.length === 0) servers = await startServers()
    const whole = size === sizes.at(-1)
    points.push({ tickets: size, actions: await measureAll(organizations, whole ? clientCounts : [8], whole) })
  }
  const idle = await idleFigures(organizations)
  const figures: Figures = {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB`,
    node: process.version,
    postgres: (await owner.query<{ v: string }>('select version() as v')).rows[0]!.v.split(' on ')[0]!,
    date: new Date().toISOString(),
    tickets: total,
    organizations: organizations.length,
    rows: (
      await owner.query<{ n: number }>('select (select count(*) from comments)::int + (select count(*) from events)::int as n')
    ).rows[0]!.n,
    seedSeconds: earlier?.seedSeconds ?? Math.round(seedSeconds),
    ...(earlier && { smallerOf: earlier.smallerOf ?? earlier.date }),
    ...idle,
    actions: points.at(-1)!.actions,
    growth: points,
  }
  const text = report(figures)
  if (options.write && !options.only) {
    writeFileSync(join(docs, 'performance.json'), `${JSON.stringify(figures, null, 2)}\n`)
    writeFileSync(join(docs, 'performance.md'), text.page)
    writeFileSync(join(docs, 'images', 'performance-growth.svg'), text.plot)
  }
  console.log(`\n${text.table}`)
} finally {
  await load.stop()
  await stopServers()
  await owner.end()
  await postgres.stop()
  folder.release()
  if (!options.keep) rmSync(path, { recursive: true, force: true })
}

async function organizationsOf(data: typeof folder): Promise<BenchOrganization[]> {
  const kept = data.secret('bench', () => '')
  if (kept) return JSON.parse(kept) as BenchOrganization[]
  return makeOrganizations(postgres.url, Number(options.organizations))
}

async function startServers(): Promise<Server[]> {
  const first = await startServer(postgres.url, await freePort(), join(path, 'server-1'))
  const second = await startServer(postgres.url, await freePort(), join(path, 'server-2'))
  say(`two servers are ready, ${first.coldStartMs} and ${second.coldStartMs} ms after their start`)
  return [first, second]
}

async function stopServers() {
  await Promise.all(servers.map((server) => server.stop()))
  servers = []
}

async function measureAll(organizations: BenchOrganization[], clients: number[], whole: boolean) {
  const measured: Record<string, Point['actions'][string]> = {}
  const actions = (await actionsOn(owner, organizations)).filter(
    ({ name }) => !options.only || options.only.split(',').includes(name),
  )
  for (const action of actions) measured[action.name] = await measure(action, clients, whole)
  if (!whole || options.only) return measured
  measured.bulk = await measureBulk(organizations)
  measured.mcp = await measure(mcpOf(actions.find(({ name }) => name === 'get')!), clients, false)
  return measured
}

/** Application and database together; the load's own process is not counted. */
function cpuNow() {
  return cpuOf([...servers.map(({ pid }) => pid), postgres.pid()])
}
function databaseCpuNow() {
  return cpuOf([postgres.pid()])
}

async function measure(action: Action, clients: number[], withFloor: boolean): Promise<Point['actions'][string]> {
  const urls = servers.map(({ url }) => url)
  const plan = { urls, requests: action.requests }
  await load.run({ ...plan, clients: 8, seconds: warmed.has(action.name) ? 4 : warmUpSeconds }) // caches, plans, compiled code
  warmed.add(action.name)
  await settled()
  const runs: { clients: number; outcome: Outcome; cpuMs: number; databaseMs: number }[] = []
  for (const count of clients) {
    await owner.query('checkpoint')
    const [cpu, database] = [cpuNow(), databaseCpuNow()]
    const outcome = await load.run({ ...plan, clients: count, seconds })
    const [cpuAfter, databaseAfter] = [cpuNow(), databaseCpuNow()]
    if (outcome.failed > 0) say(`${action.name}: ${outcome.failed} of ${outcome.requests} failed, first: ${outcome.firstFailure}`)
    runs.push({
      clients: count,
      outcome,
      cpuMs: (cpuAfter - cpu) / outcome.requests,
      databaseMs: (databaseAfter - database) / outcome.requests,
    })
  }
  const main = runs.find(({ clients: count }) => count === 8) ?? runs[0]!
  const alike = action.alike && (await cpuOfAlike(urls, action.alike))
  const floor = withFloor ? await measureFloor(postgres.url, action.floor, postgres.pid(), Math.min(seconds, 5), 8) : null
  const figures = {
    title: action.title,
    target: action.target,
    cpuMs: round(main.cpuMs),
    applicationCpuMs: round(main.cpuMs - main.databaseMs),
    databaseCpuMs: round(main.databaseMs),
    ...(alike && { alikeCpuMs: round(alike) }),
    floorCpuMs: floor && round(floor.cpuMs),
    floor: floor?.how ?? null,
    ratio: floor && Math.round((main.cpuMs / floor.cpuMs) * 10) / 10,
    p50: main.outcome.p50,
    p95: main.outcome.p95,
    p99: main.outcome.p99,
    rps: Math.round(main.outcome.rps),
    failed: runs.reduce((sum, { outcome }) => sum + outcome.failed, 0),
    clients: Object.fromEntries(
      runs.map(({ clients: count, outcome, cpuMs }) => [
        count,
        { p50: outcome.p50, p95: outcome.p95, p99: outcome.p99, rps: Math.round(outcome.rps), cpuMs: round(cpuMs) },
      ]),
    ),
  }
  say(
    `${action.name.padEnd(10)} ${figures.cpuMs} ms CPU (${figures.applicationCpuMs} + ${figures.databaseCpuMs}), floor ${figures.floorCpuMs ?? '–'}, p50 ${figures.p50} p95 ${figures.p95} p99 ${figures.p99}, ${figures.rps}/s`,
  )
  return figures
}

/**
 * What an action leaves for PostgreSQL to do in the background must not be counted to the next one: waits until it does
 * nothing of the kind, a minute at most.
 */
async function settled() {
  const until = Date.now() + 60_000
  for (let calm = 0; calm < 6 && Date.now() < until; ) {
    await wait(1_000)
    const { rows } = await owner.query(`select from pg_stat_activity where backend_type = 'autovacuum worker'`)
    calm = rows.length > 0 ? 0 : calm + 1
  }
}

/** CPU ms per request whose answers are alike at every size. */
async function cpuOfAlike(urls: string[], requests: Action['requests']) {
  const cpu = cpuNow()
  const outcome = await load.run({ urls, requests, clients: 8, seconds })
  return (cpuNow() - cpu) / outcome.requests
}

/** A bulk change of 1,000 tickets, ten times, one after the other. */
async function measureBulk(organizations: BenchOrganization[]) {
  const requests = await bulksOn(owner, organizations, 10)
  const urls = [servers[0]!.url]
  await load.run({ urls, requests: requests.slice(0, 1), clients: 1, seconds: 1, once: true })
  const [cpu, database] = [cpuNow(), databaseCpuNow()]
  const outcome = await load.run({ urls, requests, clients: 1, seconds: 60, once: true })
  const [cpuMs, databaseMs] = [(cpuNow() - cpu) / outcome.requests, (databaseCpuNow() - database) / outcome.requests]
  const floor = await measureFloor(
    postgres.url,
    `update tasks set priority = 'High', updated_at = now() where organization_id = '${organizations[0]!.id}' and id in (select id from tasks where organization_id = '${organizations[0]!.id}' and status_category in ('active', 'waiting', 'new') and deleted_at is null order by id limit 1000);\n`,
    postgres.pid(),
    5,
    1,
  )
  const { p50, p95, p99, rps, failed } = outcome
  say(`bulk       ${round(cpuMs)} ms CPU for 1,000 tickets, floor ${round(floor.cpuMs)}`)
  return {
    title: 'Bulk change of 1,000 tickets',
    target: null,
    cpuMs: round(cpuMs),
    applicationCpuMs: round(cpuMs - databaseMs),
    databaseCpuMs: round(databaseMs),
    floorCpuMs: round(floor.cpuMs),
    floor: floor.how,
    ratio: Math.round((cpuMs / floor.cpuMs) * 10) / 10,
    ...{ p50, p95, p99 },
    rps: Math.round(rps * 10) / 10,
    failed,
    clients: { 1: { p50, p95, p99, rps: Math.round(rps * 10) / 10, cpuMs: round(cpuMs) } },
  }
}

/** The same tickets, asked for by an agent over MCP. */
function mcpOf(get: Action): Action {
  return {
    ...get,
    name: 'mcp',
    title: 'MCP call: get_tasker_task with its comments',
    target: null,
    requests: get.requests.map(({ path, key }) => ({
      method: 'POST',
      path: '/mcp',
      key,
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'get_tasker_task', arguments: { taskId: path.slice(path.lastIndexOf('/') + 1) } },
      }),
    })),
  }
}

/** Live fan-out, memory at rest of fresh servers, and their start. */
async function idleFigures(organizations: BenchOrganization[]) {
  const { key, id } = organizations[0]!
  const { rows } = await owner.query<{ id: string }>('select id from tasks where organization_id = $1 limit 1', [id])
  const loadedMb = servers.map(({ pid }) => memoryOf(pid))
  const plan = { urls: servers.map(({ url }) => url), key, taskId: rows[0]!.id, streams: 1000, changes: 20 }
  const cpu = cpuNow()
  const fanOut = await load.fanOut(plan)
  const fanOutCpuMs = round((cpuNow() - cpu) / (fanOut.changes * fanOut.streams))
  say(
    `fan-out    ${fanOut.streams} streams: p50 ${fanOut.p50} p95 ${fanOut.p95} last ${fanOut.lastMs} ms, ${fanOut.missed} missed`,
  )
  await stopServers()
  servers = await startServers()
  await wait(5_000)
  const idleMb = servers.map(({ pid }) => memoryOf(pid))
  const before = cpuNow()
  await wait(10_000)
  const idleCpuMsPerSecond = round((cpuNow() - before) / 10)
  say(`idle       ${idleMb.join(' and ')} MB, after load ${loadedMb.join(' and ')} MB`)
  return {
    fanOut: { ...fanOut, cpuMsPerDelivery: fanOutCpuMs },
    coldStartMs: servers.map(({ coldStartMs }) => coldStartMs),
    idleMb,
    loadedMb,
    idleCpuMsPerSecond,
  }
}

function round(ms: number) {
  return Math.round(ms * 1000) / 1000
}
