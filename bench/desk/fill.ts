/** Many tickets at once, for measuring: copies of the demo's own, spread over two years. */
import pg from 'pg'

const batch = 5_000

/** How many of the copies are open; a desk of this size that has more has another problem than its software. */
const openEvery = 5

/**
 * Copies the tickets that an organization has until there are `count` more. Written as the database's owner: through
 * operations it would take an hour, and what is measured afterwards reads rows, however they came.
 */
export async function fillWithTickets(ownerUrl: string, organizationId: string, count: number, say: (line: string) => void) {
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    const { rows } = await owner.query<{ last: number }>(
      "select value as last from counters where organization_id = $1 and name = 'task'",
      [organizationId],
    )
    const last = rows[0]!.last
    for (let made = 0; made < count; made += batch) {
      const size = Math.min(batch, count - made)
      await owner.query(copies, [organizationId, last, made, size, count, openEvery])
      say(`${made + size} of ${count} tickets`)
    }
    await owner.query("update counters set value = value + $2 where organization_id = $1 and name = 'task'", [
      organizationId,
      count,
    ])
    await owner.query('vacuum analyze')
  } finally {
    await owner.end()
  }
}

/** $1 organization, $2 last number before, $3 made so far, $4 how many now, $5 in all, $6 each how manieth is open. */
const copies = `
  with patterns as (
    select status_category in ('new', 'active', 'waiting') as open, array_agg(id order by id) as ids
    from tasks where organization_id = $1 and number <= $2 and deleted_at is null group by 1),
  people as (select array_agg(distinct assigned_to_email) || null::text as emails from tasks where organization_id = $1 and number <= $2),
  planned as (
    select n, ids[1 + n % cardinality(ids)] as pattern, emails[1 + (n / 3) % cardinality(emails)] as assignee,
      now() - interval '730 days' * (1 - n::float / $5) - interval '1 minute' as made_at
    from generate_series($3::int + 1, $3::int + $4::int) n, people, patterns where patterns.open = (n % $6 = 0)),
  made as (
    insert into tasks select copy.* from planned join tasks t on t.organization_id = $1 and t.id = planned.pattern,
      lateral jsonb_populate_record(t, jsonb_build_object(
        'id', uuidv7(made_at - now()), 'number', $2::int + n, 'title', t.title || ' #' || n,
        'created_at', made_at, 'updated_at', made_at + (t.updated_at - t.created_at) * least(1, extract(epoch from now() - made_at) / 1e7),
        'closed_at', case when t.closed_at is not null then made_at + interval '50 minutes' end,
        'assigned_to_email', assignee, 'assigned_to_name', null, 'merged_into_id', null,
        'resolution_due_at', case when n % $6 = 0 then now() + interval '1 hour' * (n % 400 - 40) else made_at + interval '8 hours' end
      )) copy
    returning organization_id, id, title, description)
  insert into task_search select organization_id, id,
    setweight(to_tsvector('simple', title || ' everywhere'), 'A') || setweight(to_tsvector('simple', description), 'B') from made`
