/**
 * What must be true of the data whatever happened to the program: read off the database as its owner, and never
 * mended here. `tater doctor`, `tater restore` and `npm run chaos` ask it.
 */
import pg from 'pg'
import { visit, visits } from '../../platform/every-row.ts'

type Invariant = {
  name: string
  /** A table it needs that the program makes at its first start only. */
  needs?: string
  /** The rule, as a sentence. */
  says: string
  /** One row with a text `what` for each breach. */
  sql: string
}

/** A rule that does not hold. */
export type Breach = Pick<Invariant, 'name' | 'says'> & { count: number; examples: string[] }

const ticket = `o.ticket_prefix || '-' || t.number`
const ofTask = `tasks t join organizations o on o.id = t.organization_id`

/** Actions of the activity that go with exactly one new version of a ticket. */
const versioned = `('task.moved', 'task.updated', 'task.deleted', 'task.restored', 'task.merged')`

export const invariants: readonly Invariant[] = [
  {
    name: 'number.unused',
    says: 'Every ticket number taken belongs to a ticket, and none is beyond the counter.',
    sql: `select o.name || ': the counter says ' || coalesce(c.value - 1000, 0) || ' tickets, ' || coalesce(n.count, 0) || ' are there, the last is ' || coalesce(n.last, 0) as what
      from organizations o
      left join counters c on c.organization_id = o.id and c.name = 'task'
      left join (select organization_id, count(*) as count, max(number) as last from tasks group by 1) n on n.organization_id = o.id
      where coalesce(c.value, 1000) <> coalesce(n.last, 1000) or coalesce(c.value, 1000) - 1000 <> coalesce(n.count, 0)`,
  },
  {
    name: 'security-number.beyond',
    says: 'No number of the security register is beyond its counter.',
    sql: `select r.type || ' ' || max(r.number) || ' in organization ' || r.organization_id as what
      from security_records r left join counters c on c.organization_id = r.organization_id and c.name = 'security:' || r.type
      group by r.organization_id, r.type, c.value having max(r.number) > coalesce(c.value, 0)`,
  },
  {
    name: 'search.missing',
    says: 'Every ticket has its words for the search.',
    sql: `select ${ticket} as what from ${ofTask}
      left join task_search s on s.organization_id = t.organization_id and s.task_id = t.id where s.task_id is null`,
  },
  {
    name: 'search.stale',
    says: 'Every ticket is found by the words of its title.',
    sql: `select ${ticket} as what from ${ofTask}
      join task_search s on s.organization_id = t.organization_id and s.task_id = t.id
      where not tsvector_to_array(s.document) @> tsvector_to_array(to_tsvector('simple', t.title))`,
  },
  {
    name: 'status.unknown',
    says: 'Every ticket stands in a state of its profile, and counts as what the profile says.',
    sql: `select ${ticket} || ' in ' || t.status || ' (' || t.status_category || ')' as what from ${ofTask}
      join profile_versions v on v.organization_id = t.organization_id and v.profile_id = t.profile_id and v.version = t.profile_version
      where not exists (select from jsonb_array_elements(v.document -> 'statusFlow') s
        where s ->> 'status' = t.status and coalesce(s ->> 'category', t.status_category) = t.status_category)`,
  },
  {
    name: 'sla.due',
    says: 'The due instants of a ticket are those of its clocks.',
    sql: `select ${ticket} as what from ${ofTask}
      where t.sla is not null and t.merged_into_id is null and (
        t.response_due_at is distinct from (t.sla #>> '{response,dueAt}')::timestamptz or
        t.resolution_due_at is distinct from (t.sla #>> '{resolution,dueAt}')::timestamptz)`,
  },
  {
    name: 'sla.runs-on',
    says: 'No resolution clock runs on a ticket that is closed, cancelled or merged.',
    sql: `select ${ticket} as what from ${ofTask}
      where (t.status_category in ('closed', 'cancelled') or t.merged_into_id is not null)
        and t.sla ->> 'resolution' is not null and t.sla #>> '{resolution,stoppedAt}' is null`,
  },
  {
    name: 'history.creation',
    says: 'The activity of every ticket says once that it was made.',
    sql: `select ${ticket} || ' is said to be made ' || count(e.id) || ' times' as what from ${ofTask}
      left join events e on e.organization_id = t.organization_id and e.subject_id = t.id::text and e.action = 'task.created'
      group by o.ticket_prefix, t.number, t.organization_id, t.id having count(e.id) <> 1`,
  },
  {
    name: 'history.version',
    says: 'Every version of a ticket has its entry in the activity, and every entry its version.',
    // People that were merged are renamed in their tickets: many new versions, one entry.
    sql: `select ${ticket} || ' has version ' || t.version || ' and ' || count(e.id) || ' changes' as what from ${ofTask}
      left join events e on e.organization_id = t.organization_id and e.subject_id = t.id::text and e.action in ${versioned}
      group by o.ticket_prefix, t.number, t.organization_id, t.id, t.version
      having t.version - 1 < count(e.id) or (t.version - 1 > count(e.id) and not exists (
        select from events p where p.organization_id = t.organization_id and p.action = 'contact.merged'))`,
  },
  {
    name: 'comment.version',
    says: 'Every edit of a comment keeps what it replaced.',
    sql: `select 'comment ' || c.id || ' has version ' || c.version || ' and ' || count(v.version) || ' earlier ones' as what
      from comments c left join comment_versions v on v.organization_id = c.organization_id and v.comment_id = c.id
      group by c.organization_id, c.id, c.version having c.version - 1 <> count(v.version)`,
  },
  {
    name: 'merge.circle',
    says: 'A merged ticket ends in one that is not merged.',
    sql: `with recursive way as (
        select t.organization_id, t.id as start, t.merged_into_id as at, 1 as steps from tasks t where t.merged_into_id is not null
        union all
        select w.organization_id, w.start, n.merged_into_id, w.steps + 1 from way w
          join tasks n on n.organization_id = w.organization_id and n.id = w.at
          where n.merged_into_id is not null and w.steps < 100)
      select ${ticket} as what from way w join tasks t on t.organization_id = w.organization_id and t.id = w.start
      join organizations o on o.id = t.organization_id where w.steps >= 100`,
  },
  {
    name: 'activity.homeless',
    says: 'Every entry of the activity belongs to an organization.',
    sql: `select distinct e.organization_id::text as what from (select distinct organization_id from events) e
      where not exists (select from organizations o where o.id = e.organization_id)`,
  },
  {
    name: 'member.unknown',
    says: 'Every member is an account.',
    sql: `select m.user_id || ' in ' || m.organization_id as what from memberships m
      where not exists (select from auth."user" u where u.id = m.user_id::text)`,
  },
  {
    name: 'import.sum',
    says: 'The rows of an import are made, unchanged or failed, each once.',
    sql: `select 'import ' || i.id || ' of ' || i.file_name as what from imports i
      where i.done_rows <> i.created_count + i.unchanged_count + i.failed_count
        or (i.status = 'finished' and i.total_rows is not null and i.done_rows <> i.total_rows)`,
  },
  {
    name: 'job.lost',
    needs: 'pgboss.job',
    says: 'Every import and scan that waits or runs has a job in the queue.',
    sql: `select w.queue || ' ' || w.id as what
      from (select 'imports' as queue, id, 'importId' as field from imports where status in ('queued', 'running')
        union all select 'scans', id, 'scanId' from scans where status in ('queued', 'running')) w
      where not exists (select from pgboss.job j where j.name = w.queue and j.state in ('created', 'retry', 'active')
        and j.data ->> w.field = w.id::text)`,
  },
]

const mostExamples = 5

/**
 * Reads the whole database in one snapshot, so that what goes on meanwhile is no breach.
 * @param ownerUrl the owner's address
 * @param names those to check; all when absent
 * @returns what does not hold; empty when everything is well
 */
export async function breaches(ownerUrl: string, names?: readonly string[]): Promise<Breach[]> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'tater invariants' })
  owner.on('error', () => {})
  await owner.connect()
  try {
    await owner.query("begin isolation level repeatable read read only; set local work_mem = '64MB'; set local timezone = 'UTC'")
    const found = new Map<string, Breach>()
    const checked: Invariant[] = []
    for (const invariant of invariants)
      if ((!names || names.includes(invariant.name)) && (await isThere(owner, invariant.needs))) checked.push(invariant)
    for (const which of await visits(owner)) {
      await visit(owner, which)
      for (const invariant of checked) {
        const { rows } = await owner.query<{ what: string; total: number }>(
          `select what, count(*) over ()::int as total from (${invariant.sql}) breach order by what limit ${mostExamples}`,
        )
        if (rows.length > 0) add(found, invariant, rows)
      }
    }
    return [...found.values()]
  } finally {
    await owner.end()
  }
}

async function isThere(owner: pg.Client, table: string | undefined): Promise<boolean> {
  if (!table) return true
  const { rows } = await owner.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table])
  return rows[0]!.there
}

function add(found: Map<string, Breach>, { name, says }: Invariant, rows: { what: string; total: number }[]) {
  const breach = found.get(name) ?? { name, says, count: 0, examples: [] }
  breach.count += rows[0]!.total
  breach.examples = [...breach.examples, ...rows.map(({ what }) => what)].slice(0, mostExamples)
  found.set(name, breach)
}

/** A breach in a line, for logs and terminals. */
export const breachLine = ({ name, says, count, examples }: Breach) =>
  `${name}: ${says} Not so ${count === 1 ? 'once' : `${count} times`}: ${examples.join('; ')}${count > examples.length ? ' …' : ''}`
