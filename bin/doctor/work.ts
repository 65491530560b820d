/** The doctor looks at what is in the database: jobs, keys that end, attachments, the invariants of the data. */
import type pg from 'pg'
import { visit, visits } from '../../platform/every-row.ts'
import { type Finding, note, problem, warning, well } from './finding.ts'
import { type Breach, breachLine } from './invariants.ts'

type QueueState = { queue: string; failed: number; waiting: number; silent: number; oldest: number }

export async function queueFindings(owner: pg.Client): Promise<Finding[]> {
  const { rows: there } = await owner.query<{ there: boolean }>("select to_regclass('pgboss.job') is not null as there")
  if (!there[0]!.there)
    return [
      note(
        'queue.jobs',
        'There is no queue yet.',
        'No server has started on this database.',
        'Nothing: the first server makes it.',
      ),
    ]
  const { rows } = await owner.query<QueueState>(`
    select name as queue, count(*) filter (where state = 'failed' and completed_on > now() - interval '1 day')::int as failed,
      count(*) filter (where state in ('created', 'retry') and start_after <= now())::int as waiting,
      count(*) filter (where state = 'active' and coalesce(heartbeat_on, started_on) < now() - interval '5 minutes')::int as silent,
      coalesce(extract(epoch from now() - min(greatest(created_on, start_after)) filter (where state in ('created', 'retry') and start_after <= now())), 0)::float8 as oldest
    from pgboss.job where name not like '\\_\\_pgboss%' group by name order by name`)
  const findings = rows.flatMap((state) => [...ofQueue(state)])
  return findings.length > 0 ? findings : [well('queue.jobs', 'No job failed in the last day, none waits long.')]
}

function* ofQueue({ queue, failed, waiting, silent, oldest }: QueueState): Generator<Finding> {
  if (failed > 0)
    yield problem(
      'queue.failed',
      `${failed} jobs of ${queue} failed in the last day, for good.`,
      'What they should have done is not done.',
      'Look into the log of the workers for the reason, then start the import or scan again.',
    )
  if (silent > 0)
    yield problem(
      'queue.silent',
      `${silent} jobs of ${queue} are said to run, and nobody has heard of them for 5 minutes.`,
      'They block what waits behind them.',
      'Is a worker running? It takes over what was left by one that died.',
    )
  if (oldest > 600)
    yield warning(
      'queue.waiting',
      `${waiting} jobs of ${queue} wait, the oldest for ${Math.round(oldest / 60)} minutes.`,
      'Imports and scans are late.',
      'Start a worker (tater worker), or more of them.',
    )
}

export async function* contentFindings(owner: pg.Client): AsyncGenerator<Finding> {
  await owner.query('begin read only')
  const ending: string[] = []
  for (const which of await visits(owner)) {
    await visit(owner, which)
    const { rows } = await owner.query<{ what: string }>(
      `select k.name || ' (' || k.prefix || '…) of ' || o.name || ', ' || to_char(k.expires_at, 'YYYY-MM-DD') as what
       from api_keys k join organizations o on o.id = k.organization_id
       where k.revoked_at is null and k.expires_at between now() and now() + interval '14 days' order by k.expires_at limit 50`,
    )
    ending.push(...rows.map(({ what }) => what))
  }
  await owner.query('rollback')
  if (ending.length === 0) yield well('keys.ending', 'No API key ends within 14 days.')
  else
    yield warning(
      'keys.ending',
      `${ending.length} API keys end within 14 days: ${ending.slice(0, 5).join('; ')}${ending.length > 5 ? ' …' : ''}.`,
      'The programs that use them are refused from then on.',
      'Make new keys (Manage, API keys) and give them to those programs.',
    )
}

/** Sizes of the attachments that are not deleted, by `<organization>/<file>`. */
export async function attachmentRows(owner: pg.Client): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  await owner.query('begin read only')
  for (const which of await visits(owner)) {
    await visit(owner, which)
    const { rows } = await owner.query<{ file: string; size: string }>(
      `select organization_id || '/' || id as file, size::text from attachments where deleted_at is null`,
    )
    for (const { file, size } of rows) found.set(file, Number(size))
  }
  await owner.query('rollback')
  return found
}

export const invariantFindings = (broken: Breach[]): Finding[] =>
  broken.length === 0
    ? [well('data.invariants', 'Every invariant of the data holds.')]
    : broken.map((breach) =>
        problem(
          `data.${breach.name}`,
          breachLine(breach),
          'Something wrote past the program, or the program has a fault.',
          'Keep a backup of now, then tell the makers which rule it was and what happened before.',
        ),
      )
