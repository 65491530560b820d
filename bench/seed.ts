/**
 * A million tickets that look like a service provider's: organizations, keys and profiles through the product's own
 * operations, tickets with their words, comments and activity by bulk SQL as the database's owner. The same numbers
 * make the same data.
 */
import pg from 'pg'
import * as identity from '../modules/identity/operations.ts'
import * as profiles from '../modules/profiles/operations.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { openDatabase } from '../platform/database.ts'
import { prepareDatabase } from '../platform/database-owner.ts'
import { executor } from '../platform/execute.ts'

/** An organization of the bench: its share of the tickets, and a key that may do everything in it. */
export type BenchOrganization = { id: string; key: string; share: number; tickets: number }

/** One large client with a fifth of all tickets, nine with a thirtieth each, the rest alike: providers look like that. */
export const shareOf = (index: number, count: number) => {
  if (count < 20) return 1 / count
  if (index === 0) return 0.2
  if (index < 10) return 1 / 30
  return 0.5 / (count - 10)
}

/** Makes the organizations with a profile and a key each, through the operations. */
export async function makeOrganizations(ownerUrl: string, count: number): Promise<BenchOrganization[]> {
  const { appUrl } = await prepareDatabase(ownerUrl)
  const database = openDatabase({ url: appUrl, max: 4 })
  const execute = executor({
    database,
    secret: 'the bench keeps no secrets of others',
    publicUrl: 'http://localhost',
    enqueue: async () => {},
  })
  const made: BenchOrganization[] = []
  try {
    for (let index = 0; index < count; index += 1) {
      const system = (id: string | null) => identity.systemCaller(id)
      const { id } = await execute(identity.createOrganization, system(null), {
        name: `Bench ${index + 1}`,
        ticketPrefix: 'BENCH',
      })
      await execute(profiles.seedDefaults, system(id), {})
      const incident = (await execute(profiles.list, system(id), {})).items.find(({ name }) => name === 'ITIL Incident')!
      const { key } = await execute(identity.createKey, system(id), {
        name: 'bench',
        role: 'OrgAdmin',
        email: 'agent1@bench.example',
      })
      // The first ticket is made by the product; the others are made like it.
      await execute(tasks.create, system(id), {
        title: 'The first ticket',
        description: 'Made by the product; the others are made like it.',
        category: 'IT',
        assignedToEmail: 'agent1@bench.example',
        assignedToName: 'Agent 1',
        profileId: incident.id,
        priority: 'Normal',
        impact: 'Medium',
        urgency: 'Medium',
      })
      made.push({ id, key, share: shareOf(index, count), tickets: 1 })
    }
    return made
  } finally {
    await database.close()
  }
}

const batch = 20_000

/**
 * Makes `total` tickets anew unless they are there already, with 5 comments and activity rows for each two tickets of each kind (2.5 + 2.5).
 * @param say told of the progress, a line each
 */
export async function fillTo(
  ownerUrl: string,
  organizations: BenchOrganization[],
  total: number,
  say: (line: string) => void,
): Promise<void> {
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2 })
  // Measuring makes tickets too; the next number is where the counter stands.
  const counters = await pool.query<{ organization_id: string; value: number }>(
    `select organization_id, value from counters where name = 'task'`,
  )
  const valueBy = new Map(counters.rows.map((row) => [row.organization_id, row.value]))
  for (const organization of organizations) organization.tickets = (valueBy.get(organization.id) ?? 1000) - 1000
  const wanted = organizations.map((organization) => Math.max(1, Math.round(total * organization.share)))
  const missingOf = () => wanted.reduce((sum, count, index) => sum + Math.max(0, count - organizations[index]!.tickets), 0)
  await helpers(pool)
  if (missingOf() > 0) await removeTickets(pool, organizations)
  const missing = missingOf()
  const indexes = missing > 50_000 ? await dropIndexes(pool) : []
  const started = Date.now()
  let added = 0
  const work = organizations.flatMap((organization, index) => {
    const pieces: { organization: BenchOrganization; from: number; to: number; of: number }[] = []
    const of = wanted[index]!
    for (let from = organization.tickets; from < of; from += batch)
      pieces.push({ organization, from, to: Math.min(from + batch, of), of })
    return pieces
  })
  const next = work[Symbol.iterator]()
  const run = async () => {
    const client = await pool.connect()
    try {
      await client.query(`set synchronous_commit = off; set session_replication_role = replica; set work_mem = '64MB'`)
      for (const { organization, from, to, of } of next) {
        await addTickets(client, organization.id, from, to, of)
        organization.tickets = Math.max(organization.tickets, to)
        added += to - from
        if (added % 100_000 < to - from || added === missing)
          say(
            `${added.toLocaleString('en')} of ${missing.toLocaleString('en')} tickets after ${Math.round((Date.now() - started) / 1000)} s`,
          )
      }
    } finally {
      client.release(true)
    }
  }
  await Promise.all([run(), run()])
  if (indexes.length > 0) say('building indexes')
  const building = indexes[Symbol.iterator]()
  const build = async () => {
    const client = await pool.connect()
    try {
      await client.query(`set maintenance_work_mem = '512MB'; set max_parallel_maintenance_workers = 0`)
      for (const definition of building) await client.query(definition)
    } finally {
      client.release(true)
    }
  }
  await Promise.all([build(), build()])
  say('vacuum, analyze, checkpoint')
  for (const table of ['tasks', 'task_search', 'comments', 'events', 'counters']) await pool.query(`vacuum (analyze) ${table}`)
  await pool.query('checkpoint')
  await pool.end()
}

/** Secondary indexes are faster built at the end than kept up row by row. */
async function dropIndexes(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string; definition: string }>(`
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
    where i.indrelid in ('tasks'::regclass, 'task_search'::regclass, 'comments'::regclass, 'events'::regclass) and c.oid is null`)
  for (const { name } of rows) await pool.query(`drop index ${name}`)
  return rows.map(({ definition }) => definition)
}

/**
 * Words and ids out of a number, so that the data is the same each time. The words are as uneven as those of real texts: of
 * 5,000 a few stand in nearly every ticket, those that are searched for in one of three to one of twenty, most in hardly any.
 */
async function helpers(pool: pg.Pool) {
  await pool.query(`
    create schema if not exists bench;
    create or replace function bench.word(place int) returns text language sql immutable parallel safe as $$
      select case when place % 3 = 1 and place between 4 and 151 then (array['printer','mail','login','network','laptop','screen','access','server','update','password','phone','meeting','invoice','backup',
          'certificate','folder','license','browser','keyboard','VPN','slow','broken','request','missing','error','wrong','new','old','shared','remote',
          'database','account','cable','switch','router','profile','calendar','contract','scanner','monitor','battery','disk','memory','driver','portal',
          'report','export','import','queue','token'])[(place - 1) / 3] else 'term' || place end $$;
    create or replace function bench.words(seed bigint, count int) returns text language sql immutable parallel safe as $$
      select string_agg(bench.word((5000 * power((hashint8extended(seed * 64 + g, 42) & 2147483647) / 2147483648.0, 3))::int), ' ')
      from generate_series(1, count) g $$;
    create table if not exists bench.texts (k int primary key, body text not null);
    insert into bench.texts select k, bench.words(1000000000 + k, 25) from generate_series(0, 1999) k on conflict do nothing;
    analyze bench.texts;
    create or replace function bench.id(at timestamptz, organization uuid, n bigint, kind text) returns uuid language sql immutable parallel safe as $$
      select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid
      from (select md5(organization::text || kind || n) as h) x $$`)
}

/** All tickets and what belongs to them; the first of each organization stays as a pattern. */
async function removeTickets(pool: pg.Pool, organizations: BenchOrganization[]) {
  await pool.query('create table if not exists bench.first as select * from tasks where number = 1001')
  await pool.query('truncate tasks, events cascade')
  await pool.query(`update counters set value = 1001 where name = 'task'`)
  for (const organization of organizations) organization.tickets = 1
}

/** Tickets n of the organization's `of`, the oldest first, over 400 days; 15 % of them are open. */
async function addTickets(client: pg.PoolClient, organization: string, from: number, to: number, of: number) {
  await client.query('begin')
  await client.query(
    `create temp table batch on commit drop as
     select n, bench.id(made, $1, n, 't') as id, made,
       case when pick < 85 then 'Closed' when pick < 88 then 'New' when pick < 91 then 'Assigned' when pick < 96 then 'In Progress'
         when pick < 98 then 'On Hold' else 'Resolved' end as status,
       bench.words(n, 6) as title, bench.words(n + 1, 40) as description, (n * 31 % 25) + 1 as agent, n * 17 % 400 + 1 as requester, pick
     from (select n, (n * 7919 + n / 13) % 100 as pick,
         now() - interval '400 days' * (1 - n / $4::float8) as made
       from generate_series($2::bigint, $3::bigint - 1) n) x`,
    [organization, from, to, of],
  )
  await client.query(
    `insert into tasks (organization_id, id, number, version, title, description, category, tags, source, priority, priority_rank, impact, urgency,
       requester_email, requester_name, assigned_to_email, assigned_to_name, status, status_category, profile_id, profile_version, due_date,
       response_due_at, resolution_due_at, sla_id, sla_name, sla, first_response_at, resolved_at, closed_at, custom_fields,
       created_at, created_by, updated_at, updated_by)
     select $1, b.id, 1001 + b.n, 3, b.title, b.description, (array['IT','Sales','Engagement','Other'])[1 + b.n % 4], array['bench'], t.source,
       (array['Critical','High','Normal','Low'])[1 + b.n * 13 % 4], 1 + b.n * 13 % 4, t.impact, t.urgency,
       'person' || b.requester || '@bench.example', 'Person ' || b.requester,
       case when b.n % 10 > 0 then 'agent' || b.agent || '@bench.example' end, case when b.n % 10 > 0 then 'Agent ' || b.agent end, b.status,
       case b.status when 'Closed' then 'closed' when 'New' then 'new' when 'On Hold' then 'waiting' when 'Resolved' then 'resolved' else 'active' end,
       t.profile_id, t.profile_version, null, b.made + interval '1 hour', b.made + interval '8 hours', t.sla_id, t.sla_name, t.sla,
       b.made + interval '20 minutes', case when b.status in ('Closed', 'Resolved') then b.made + interval '5 hours' end,
       case when b.status = 'Closed' then b.made + interval '2 days' end, t.custom_fields,
       b.made, 'agent1@bench.example', least(now(), b.made + interval '2 days'), 'agent1@bench.example'
     from batch b, (select * from bench.first where organization_id = $1) t`,
    [organization],
  )
  await client.query(
    `insert into comments (organization_id, id, task_id, visibility, body, author_kind, author_email, author_name, channel, created_at)
     select $1, bench.id(b.made + g * interval '1 hour', $1, b.n * 8 + g, 'c'), b.id, case when g % 2 = 0 then 'internal' else 'public' end,
       (select body from bench.texts where k = (b.n + g) % 2000), 'user', 'agent' || b.agent || '@bench.example', 'Agent ' || b.agent, 'web', b.made + g * interval '1 hour'
     from batch b, generate_series(1, 2 + b.n % 2) g`,
    [organization],
  )
  await client.query(
    `insert into events (organization_id, id, occurred_at, recorded_at, action, subject_type, subject_id, data, actor_kind, actor_name, channel, operation, request_id)
     select $1, bench.id(b.made + g * interval '1 hour', $1, b.n * 8 + g, 'e'), b.made + g * interval '1 hour', b.made + g * interval '1 hour',
       case g when 1 then 'task.created' when 2 then 'task.moved' else 'comment.added' end, 'task', b.id::text,
       case g when 1 then jsonb_build_object('title', b.title) when 2 then '{"from": "New", "to": "Assigned"}' else '{"visibility": "public"}' end,
       'user', 'Agent ' || b.agent, 'web', 'tasks.update', b.id::text
     from batch b, generate_series(1, 2 + (b.n + 1) % 2) g`,
    [organization],
  )
  await client.query(
    `insert into task_search (organization_id, task_id, document)
     select $1, b.id, setweight(to_tsvector('simple', b.title), 'A') || setweight(to_tsvector('simple', b.description), 'B') ||
       setweight(to_tsvector('simple', (select body from bench.texts where k = (b.n + 1) % 2000)), 'C') || setweight(to_tsvector('simple', 'ticket' || b.n), 'A')
     from batch b`,
    [organization],
  )
  await client.query(
    `insert into counters (organization_id, name, value) values ($1, 'task', $2)
     on conflict (organization_id, name) do update set value = greatest(counters.value, excluded.value)`,
    [organization, 1000 + to],
  )
  await client.query('commit')
}
