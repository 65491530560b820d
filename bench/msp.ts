/**
 * `npm run bench:msp [clients] [tickets]`: the one pane over all clients at scale, over HTTP and as the plan of its SQL. Makes a
 * database of its own with 200 clients and 100,000 tickets; `TATER_DATA=/a/folder` keeps it for the next run,
 * `BENCH_PLANS=1` prints the plans too.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openDataFolder } from '../platform/data-folder.ts'
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts'
import { freePort } from '../platform/postgres-process.ts'
import { startServer } from './processes.ts'
import { type BenchOrganization, fillTo, makeOrganizations, shareOf } from './seed.ts'

const clients = Number(process.argv[2] ?? 200)
const tickets = Number(process.argv[3] ?? 100_000)
/** Milliseconds that each answer may take, in the middle. */
const aim = 300
const times = 15

const kept = process.env.TATER_DATA
const path = kept ?? mkdtempSync(join(tmpdir(), 'tater-bench-'))
const folder = openDataFolder(path)
const postgres = await startEmbeddedPostgres(folder)
const owner = new pg.Pool({ connectionString: postgres.url, max: 2 })

try {
  const made = folder.secret('msp', () => '')
  const organizations: BenchOrganization[] = made ? JSON.parse(made) : await seed()
  const provider = organizations.at(-1)!
  const server = await startServer(postgres.url, await freePort(), join(path, 'server'))
  try {
    await measure(server.url, provider, organizations)
  } finally {
    await server.stop()
  }
  if (process.env.BENCH_PLANS) await explain(provider)
} finally {
  await owner.end()
  await postgres.stop()
  folder.release()
  if (!kept) rmSync(path, { recursive: true, force: true })
}

/** The clients, and after them their provider, which has no tickets of its own. */
async function seed(): Promise<BenchOrganization[]> {
  const all = await makeOrganizations(postgres.url, clients + 1)
  all.forEach((organization, index) => {
    organization.share = index < clients ? shareOf(index, clients) : 0
  })
  await fillTo(postgres.url, all, tickets, console.log)
  const ids = all.slice(0, -1).map(({ id }) => id)
  const provider = all.at(-1)!.id
  await owner.query(`update organizations set is_msp = true where id = $1`, [provider])
  // Rows of others than the product need no partners here: 20 members and a scan summary for each client.
  const client = await owner.connect()
  await client.query(`set session_replication_role = replica`)
  await client.query(
    `insert into provider_relations (organization_id, provider_id, tier, created_by)
     select id, $2, (array['T1', 'T2', 'T3'])[1 + n % 3], 'bench' from unnest($1::uuid[]) with ordinality as c (id, n)`,
    [ids, provider],
  )
  await client.query(
    `insert into memberships (organization_id, user_id, role)
     select id, gen_random_uuid(), 'Viewer' from unnest($1::uuid[]) as c (id), generate_series(1, 20)`,
    [ids],
  )
  await client.query(
    `insert into scan_summaries (organization_id, source, scan_id, scanned_at, passed, failed, errors, manual, skipped,
       not_applicable, critical_failing, high_failing)
     select id, source, gen_random_uuid(), now() - n * interval '1 hour', 80, 20, 0, 0, 0, 0, n % 4, n % 9
     from unnest($1::uuid[]) with ordinality as c (id, n), unnest(array['CIS', 'Entra']) as source`,
    [ids],
  )
  await client.query(`update tasks set is_major_incident = true where number % 50 = 0`)
  client.release(true)
  await owner.query('vacuum (analyze)')
  folder.keep('msp', JSON.stringify(all))
  return all
}

async function measure(url: string, { key }: BenchOrganization, organizations: BenchOrganization[]) {
  const get = async (address: string) => {
    const answer = await fetch(`${url}${address}`, { headers: { 'x-api-key': key } })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${address}: ${text}`)
    return JSON.parse(text) as { items: { organization: { id: string } }[]; next?: string }
  }
  const next = (page: { next?: string }) => encodeURIComponent(page.next ?? '')
  const first = await get('/api/msp/queue')
  const byUpdate = await get('/api/msp/queue?sort=updated')
  const few = organizations
    .slice(0, 5)
    .map(({ id }) => `clients=${id}`)
    .join('&')
  const asked: Record<string, string> = {
    'Queue, first page': '/api/msp/queue',
    'Queue, next page': `/api/msp/queue?after=${next(first)}`,
    'Queue, changed last': '/api/msp/queue?sort=updated',
    'Queue, changed last, next page': `/api/msp/queue?sort=updated&after=${next(byUpdate)}`,
    'Queue, 200 rows': '/api/msp/queue?limit=200',
    'Queue, one client': `/api/msp/queue?clients=${organizations[0]!.id}`,
    'Queue, five clients': `/api/msp/queue?${few}`,
    'Queue, waiting': '/api/msp/queue?statusCategory=waiting',
    'Queue, Critical': '/api/msp/queue?priority=Critical',
    'Queue, of nobody': '/api/msp/queue?assignedTo=none',
    'Queue, of me': '/api/msp/queue?assignedTo=me',
    'Queue, of somebody without any': '/api/msp/queue?assignedTo=stranger@bench.example',
    'Queue, breaching': '/api/msp/queue?overdue=true',
    'Queue, major incidents': '/api/msp/queue?majorIncident=true',
    'Queue, all filters': '/api/msp/queue?overdue=true&priority=High&assignedTo=none&statusCategory=new',
    'Client Dashboard': '/api/msp/dashboard',
    Licensing: '/api/msp/clients',
  }
  console.log(
    `\n${clients} clients, ${tickets.toLocaleString('en')} tickets, ${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)}\n`,
  )
  console.log('| | Rows | In the middle | Slowest | |\n| --- | --: | --: | --: | --- |')
  for (const [name, address] of Object.entries(asked)) {
    const taken: number[] = []
    let rows = 0
    for (let n = 0; n < times; n += 1) {
      const from = performance.now()
      rows = (await get(address)).items.length
      taken.push(performance.now() - from)
    }
    taken.sort((a, b) => a - b)
    const middle = taken[Math.floor(times / 2)]!
    console.log(
      `| ${name} | ${rows} | ${middle.toFixed(0)} ms | ${taken.at(-1)!.toFixed(0)} ms | ${middle < aim ? 'kept' : '**missed**'} |`,
    )
  }
}

/** What PostgreSQL does for them and in what time, the statements inside the functions included; as long as a plan is. */
async function explain({ id }: BenchOrganization) {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    client.on('notice', ({ message }) => console.log(`\n${message}`))
    const { rows } = await client.query<{ id: string }>(`select id from api_keys where organization_id = $1`, [id])
    await client.query(`select set_config('app.organization_id', $1, false), set_config('app.user_id', $2, false)`, [
      id,
      rows[0]!.id,
    ])
    await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on;
      set auto_explain.log_nested_statements = on; set client_min_messages = log`)
    await client.query(`select * from provider_queue(null, null, null, null, false, false, false,
      '-infinity', '00000000-0000-0000-0000-000000000000', 50)`)
    await client.query('select * from provider_overview()')
    await client.query('select * from provider_clients()')
  } finally {
    await client.end()
  }
}
