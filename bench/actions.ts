/** What is measured: each action as a person or program asks for it, and the least SQL that could do the same (the floor). */
import type pg from 'pg'
import type { Plan } from './load.ts'
import type { BenchOrganization } from './seed.ts'

export type Action = {
  name: string
  title: string
  /** CPU milliseconds per request, application and database; null where there is no target. */
  target: number | null
  requests: Plan['requests']
  /** A pgbench script; its parameters are drawn from `sampleSql`. */
  floor: string
  /** Where the answer grows with the data (a list is fuller): requests whose answers are alike at every size, for the growth. */
  alike?: Plan['requests']
  /** Requests that are each sent once, because they are expensive or cannot be repeated. */
  once?: boolean
}

type Sample = { org: number; id: string; number: number; updated: string; status: string }

const sampled = 4_000

/** Tickets of all organizations in proportion to their size. */
async function sample(pool: pg.Pool, organizations: BenchOrganization[], where: string, count = sampled): Promise<Sample[]> {
  const pieces = await Promise.all(
    organizations.map(async ({ id, share }, org) => {
      const wanted = Math.max(2, Math.round(count * share))
      const { rows } = await pool.query<Omit<Sample, 'org'>>(
        `select id, number, status, updated_at::text as updated from tasks where organization_id = $1 and ${where}
         and number % 7 = 3 order by md5(id::text) limit $2`,
        [id, wanted],
      )
      return rows.map((row) => ({ ...row, org }))
    }),
  )
  return pieces.flat()
}

const words = [
  'printer',
  'mail login',
  'network slow',
  'laptop',
  'server access',
  'update password',
  'phone',
  'invoice',
  'backup',
  'VPN',
]

/** All actions, on the data as it is now. */
export async function actionsOn(pool: pg.Pool, organizations: BenchOrganization[]): Promise<Action[]> {
  const any = await sample(pool, organizations, 'true')
  const working = await sample(pool, organizations, `status in ('In Progress', 'On Hold')`)
  const key = (org: number) => organizations[org]!.key
  const profiles = await pool.query<{ organization_id: string; profile_id: string }>(
    `select distinct organization_id, profile_id from bench.first`,
  )
  const profileOf = new Map(profiles.rows.map((row) => [row.organization_id, row.profile_id]))
  const spread = (count: number) =>
    organizations.flatMap((organization, org) =>
      Array.from({ length: Math.max(1, Math.round(count * organization.share)) }, () => org),
    )
  const json = JSON.stringify
  const states = ['active', 'new', 'waiting', 'closed']
  const pick = `\\set n random(1, ${any.length})\n`
  const drawn = `(select organization_id from bench.sample where n = :n)`

  await pool.query(
    `drop table if exists bench.sample; drop table if exists bench.floor_comments; create table bench.sample (n int primary key, organization_id uuid, id uuid)`,
  )
  await pool.query(`insert into bench.sample select n, o, i from unnest($1::int[], $2::uuid[], $3::uuid[]) as x(n, o, i)`, [
    any.map((_, index) => index + 1),
    any.map(({ org }) => organizations[org]!.id),
    any.map(({ id }) => id),
  ])
  await pool.query('analyze bench.sample; create sequence if not exists bench.numbers start 10000000')
  const columns = `id, number, version, title, category, status, status_category, priority, is_major_incident, tags, requester_email, requester_name,
    assigned_to_email, assigned_to_name, team_id, profile_id, due_date, response_due_at, resolution_due_at, first_response_at, resolved_at, closed_at, created_at, updated_at`

  return [
    {
      name: 'create',
      title: 'Create a ticket under a profile',
      target: 0.8,
      requests: spread(2000).map((org, n) => ({
        method: 'POST',
        path: '/api/tasker/tasks',
        key: key(org),
        body: json({
          title: `Bench ${words[n % words.length]} ${n}`,
          description:
            'The printer on the second floor says it has no paper, but it has. It began this morning after the update.',
          category: 'IT',
          priority: 'Normal',
          impact: 'Medium',
          urgency: 'Medium',
          assignedToEmail: 'agent1@bench.example',
          requesterEmail: 'person1@bench.example',
          profileId: profileOf.get(organizations[org]!.id),
        }),
      })),
      floor: `${pick}insert into tasks (organization_id, id, number, title, description, category, source, priority, status, status_category, created_at, created_by, updated_at, updated_by)
        values (${drawn}, gen_random_uuid(), nextval('bench.numbers'), 'Bench printer', 'The printer on the second floor says it has no paper, but it has. It began this morning after the update.',
        'IT', 'web', 'Normal', 'New', 'new', now(), 'agent1@bench.example', now(), 'agent1@bench.example');\n`,
    },
    {
      name: 'get',
      title: 'Get a ticket',
      target: 0.3,
      requests: any.map(({ org, id }) => ({ method: 'GET', path: `/api/tasker/tasks/${id}`, key: key(org) })),
      floor: `${pick}select * from tasks where (organization_id, id) = (select organization_id, id from bench.sample where n = :n);\n`,
    },
    {
      name: 'update',
      title: 'Move a ticket: process check, stamps, audit',
      target: 1.0,
      requests: working.flatMap(({ org, id }) =>
        ['On Hold', 'In Progress'].map((status) => ({
          method: 'PATCH' as const,
          path: `/api/tasker/tasks/${id}`,
          key: key(org),
          body: json({ status }),
        })),
      ),
      floor: `${pick}update tasks set status = 'On Hold', updated_at = now(), version = version + 1 where (organization_id, id) = (select organization_id, id from bench.sample where n = :n);\n`,
    },
    {
      name: 'comment',
      title: 'Comment on a ticket',
      target: null,
      requests: any.map(({ org, id }, n) => ({
        method: 'POST',
        path: `/api/tasker/tasks/${id}/comments`,
        key: key(org),
        body: json({ body: `Looked at it again, the cable was loose (${n}). Please try once more.`, visibility: 'internal' }),
      })),
      floor: `${pick}insert into comments (organization_id, id, task_id, visibility, body, author_kind, author_email, author_name, channel, created_at)
        select organization_id, gen_random_uuid(), id, 'internal', 'Looked at it again, the cable was loose. Please try once more.', 'user', 'a@b.example', 'A', 'api', now() from bench.sample where n = :n;\n`,
    },
    {
      name: 'list',
      title: 'List page of 50: state and assignee, newest change first',
      target: 0.6,
      requests: spread(1000).map((org, n) => ({
        method: 'GET',
        path: `/api/tasker/tasks?limit=50&statusCategory=${states[n % 4]}&assignedTo=agent${(n % 25) + 1}%40bench.example`,
        key: key(org),
      })),
      // A page that is full already in a hundredth of the data.
      alike: Array.from({ length: 25 }, (_, n) => ({
        method: 'GET',
        path: `/api/tasker/tasks?limit=50&statusCategory=closed&assignedTo=agent${n + 1}%40bench.example`,
        key: key(0),
      })),
      floor: `${pick}\\set agent random(1, 25)\nselect ${columns} from tasks where organization_id = ${drawn} and status_category = 'active'
        and assigned_to_email = 'agent' || :agent || '@bench.example' and deleted_at is null order by updated_at desc, id desc limit 50;\n`,
    },
    {
      name: 'search',
      title: 'Full-text search, first page',
      target: 2,
      requests: spread(1000).map((org, n) => ({
        method: 'GET',
        path: `/api/tasker/tasks?limit=50&q=${encodeURIComponent(n % 3 === 0 ? `ticket${n * 7}` : words[n % words.length]!)}`,
        key: key(org),
      })),
      floor: `${pick}select ${columns.replaceAll(/(^|, ?\s*)(\w+)/g, '$1t.$2')} from task_search s join tasks t on t.organization_id = s.organization_id and t.id = s.task_id
        where s.organization_id = ${drawn} and s.document @@ to_tsquery('simple', 'mail & login') limit 50;\n`,
    },
    {
      name: 'dashboard',
      title: 'Dashboard',
      target: null,
      requests: spread(400).map((org) => ({ method: 'GET', path: '/api/tasker/dashboard', key: key(org) })),
      floor: `${pick}select status_category, priority, count(*) from tasks where organization_id = ${drawn} and deleted_at is null
        and status_category in ('new', 'active', 'waiting', 'resolved') group by 1, 2;\n`,
    },
  ]
}

/** Bulk changes of 1,000 tickets at once, each set of tickets used once. */
export async function bulksOn(pool: pg.Pool, organizations: BenchOrganization[], count: number): Promise<Plan['requests']> {
  const { id, key } = organizations[0]!
  const { rows } = await pool.query<{ id: string }>(
    `select id from tasks where organization_id = $1 and status_category in ('active', 'waiting', 'new') and deleted_at is null order by id limit 1000`,
    [id],
  )
  return Array.from({ length: count }, (_, n) => ({
    method: 'POST' as const,
    path: '/api/tasker/tasks/bulk',
    key,
    body: JSON.stringify({ taskIds: rows.map((row) => row.id), change: { priority: n % 2 ? 'High' : 'Low' } }),
  }))
}
