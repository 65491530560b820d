/** Holds the journal against the database, row by row: what was acknowledged is there, nothing is there twice. */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { breaches, breachLine } from '../bin/doctor/invariants.ts'
import type { Entry } from './journal.ts'

type Found = { mark: string; n: number; task?: string; number?: number; id?: string; sha256?: string; organization: string }

/** How often what a kind of request writes is found, by its mark. */
const searches: Record<Exclude<Entry['kind'], 'import'>, string> = {
  create: `select title as mark, count(*)::int as n, min(id::text) as task, min(number) as number, min(organization_id::text) as organization
    from tasks where title like 'create-%' group by title`,
  change: `select data #>> '{after,businessService}' as mark, count(*)::int as n, min(subject_id) as task, min(organization_id::text) as organization
    from events where subject_type = 'task' and data #>> '{after,businessService}' like 'change-%' group by 1`,
  bulk: `select data #>> '{after,businessService}' as mark, count(distinct subject_id)::int as n, min(organization_id::text) as organization
    from events where subject_type = 'task' and data #>> '{after,businessService}' like 'bulk-%' group by 1`,
  comment: `select body as mark, count(*)::int as n, min(task_id::text) as task, min(id::text) as id, min(organization_id::text) as organization
    from comments where body like 'comment-%' group by body`,
  watch: `select split_part(email, '@', 1) as mark, count(*)::int as n, min(task_id::text) as task, min(organization_id::text) as organization
    from task_watchers where email like 'watch-%' group by 1`,
  attach: `select split_part(file_name, '.', 1) as mark, count(*)::int as n, min(task_id::text) as task, min(id::text) as id,
      min(sha256) as sha256, min(organization_id::text) as organization
    from attachments where file_name like 'attach-%' group by 1`,
}

/** Nothing may be there twice, whatever was answered: the same count by another way. */
const doubles: Record<string, string> = {
  'a bulk change reached a ticket twice': `select data #>> '{after,businessService}' as what from events
    where data #>> '{after,businessService}' like 'bulk-%' group by organization_id, subject_id, 1 having count(*) > 1`,
  'a comment is in the activity not once': `select c.body as what from comments c
    left join events e on e.organization_id = c.organization_id and e.subject_id = c.task_id::text and e.action = 'comment.added'
      and e.data ->> 'commentId' = c.id::text
    group by c.organization_id, c.id, c.body having count(e.id) <> 1`,
  'an Idempotency-Key stands for more than one answer': `select key as what from executions group by organization_id, key having count(*) > 1`,
  'a row of an import came in twice': `select title as what from tasks where title like 'import-% row %' group by organization_id, title having count(*) > 1`,
  'a due instant does not follow from its clock': `select number::text as what from tasks, lateral (values (sla -> 'response'), (sla -> 'resolution')) as clock(c)
    where c ->> 'dueAt' is not null and jsonb_array_length(c -> 'pauses') = 0 and c ->> 'attempts' is null
      and (c ->> 'dueAt')::timestamptz <> (c ->> 'startedAt')::timestamptz + (c ->> 'minutes')::int * interval '1 minute'`,
  'the moves of a ticket do not follow one another in its activity': `select subject_id as what from (
      select subject_id, data ->> 'from' as from_state, lag(data ->> 'to') over (partition by organization_id, subject_id order by id) as before
      from events where action = 'task.moved') m where before is not null and before <> from_state`,
  'the last move of a ticket in its activity is not where it stands': `select t.number::text as what from tasks t
    join lateral (select data ->> 'to' as last from events e where e.organization_id = t.organization_id and e.subject_id = t.id::text
      and e.action = 'task.moved' order by id desc limit 1) e on true where e.last <> t.status`,
  'the last change of a ticket in its activity is not what it holds': `select t.number::text as what from tasks t
    join lateral (select data #>> '{after,businessService}' as last from events e where e.organization_id = t.organization_id
      and e.subject_id = t.id::text and data #> '{after,businessService}' is not null order by id desc limit 1) e on true
    where e.last <> t.business_service`,
}

export type Verdict = {
  findings: string[]
  checked: number
  /** Files that belong to no row: left by an upload whose server died. Allowed; they cost only space. */
  leftovers: number
}

/**
 * Reads everything once; the load must be at rest.
 * @param attachments the folder all servers keep files in
 */
export async function judge(ownerUrl: string, entries: readonly Entry[], attachments: string): Promise<Verdict> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'tater chaos' })
  owner.on('error', () => {})
  await owner.connect()
  try {
    const findings = [
      ...(await breaches(ownerUrl)).map(breachLine),
      ...(await holdJournal(owner, entries)),
      ...(await holdImports(owner, entries)),
      ...(await lookForDoubles(owner)),
    ]
    const files = await holdFiles(owner, attachments)
    return { findings: [...findings, ...files.findings], checked: entries.length, leftovers: files.leftovers }
  } finally {
    await owner.end()
  }
}

async function holdJournal(owner: pg.Client, entries: readonly Entry[]): Promise<string[]> {
  const findings: string[] = []
  for (const [kind, sql] of Object.entries(searches)) {
    const found = new Map((await owner.query<Found>(sql)).rows.map((row) => [row.mark, row]))
    for (const entry of entries)
      if (entry.kind === kind) {
        const reason = reasonAgainst(entry, found.get(entry.mark))
        if (reason) findings.push(`${entry.mark} ${reason}`)
        found.delete(entry.mark)
      }
    for (const mark of found.keys()) findings.push(`${mark} is there, but was never asked for`)
  }
  return findings
}

/** What is wrong with what was found of a request, if anything. */
export function reasonAgainst(entry: Entry, found: Found | undefined): string | null {
  const { kind, outcome } = entry
  if (!found) {
    const nothingToChange = kind === 'bulk' && entry.count === 0
    return outcome === 'done' && !nothingToChange ? 'was acknowledged and is not there' : null
  }
  if (outcome === 'refused') return 'was refused and is there all the same'
  if (found.organization !== entry.organizationId) return 'is in another organization'
  if (kind === 'bulk') {
    if (outcome === 'done' && found.n !== entry.count) return `changed ${found.n} tickets and was said to change ${entry.count}`
    return null
  }
  if (found.n !== 1) return `is there ${found.n} times`
  if (outcome !== 'done') return null
  for (const [field, said, is] of [
    ['ticket', entry.taskId, found.task],
    ['number', entry.number, found.number],
    ['id', entry.id, found.id],
    ['content', entry.sha256, found.sha256],
  ] as const)
    if (said !== undefined && is !== undefined && is !== null && said !== is)
      return `has the ${field} ${is}, and was said to have ${said}`
  return null
}

/** Every import that was started is finished, with each of its rows once. */
async function holdImports(owner: pg.Client, entries: readonly Entry[]): Promise<string[]> {
  const { rows } = await owner.query<{
    id: string
    mark: string
    status: string
    created: number
    failed: number
    there: number
    error: string
  }>(
    `select i.id, split_part(i.file_name, '.', 1) as mark, i.status, i.created_count as created, i.failed_count as failed, i.error,
       (select count(distinct title)::int from tasks t where t.organization_id = i.organization_id
         and t.title like split_part(i.file_name, '.', 1) || ' row %') as there from imports i`,
  )
  const found = new Map(rows.map((row) => [row.mark, row]))
  return entries.flatMap((entry) => {
    if (entry.kind !== 'import' || entry.outcome !== 'done') return []
    const row = found.get(entry.mark)
    if (!row) return [`${entry.mark} was acknowledged and is not there`]
    const { status, created, failed, there, error } = row
    if (status === 'finished' && created === entry.count && there === entry.count && failed === 0) return []
    return [
      `${entry.mark} is ${status} with ${created} rows made, ${failed} failed and ${there} there, of ${entry.count}${error ? `: ${error}` : ''}`,
    ]
  })
}

async function lookForDoubles(owner: pg.Client): Promise<string[]> {
  const findings: string[] = []
  for (const [what, sql] of Object.entries(doubles)) {
    const { rows } = await owner.query<{ what: string }>(sql)
    if (rows.length > 0)
      findings.push(
        `${what}: ${rows.length} times, ${rows
          .slice(0, 3)
          .map((row) => row.what)
          .join(', ')}`,
      )
  }
  return findings
}

/** Every attachment has its file, whole; a file without a row is what an upload left whose server died. */
async function holdFiles(owner: pg.Client, folder: string) {
  const findings: string[] = []
  const { rows } = await owner.query<{ organization: string; id: string; name: string; sha256: string | null }>(
    `select organization_id as organization, id, file_name as name, sha256 from attachments
     union all select organization_id, id, file_name, null from imports where status in ('uploaded', 'queued', 'running')`,
  )
  const known = new Set(rows.map(({ organization, id }) => join(organization, id)))
  for (const { organization, id, name, sha256 } of rows) {
    const file = join(folder, organization, id)
    if (!existsSync(file)) findings.push(`the file of ${name} is gone`)
    else if (sha256 !== null && (await hashOf(file)) !== sha256) findings.push(`the file of ${name} is not what was sent`)
  }
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const leftovers = files.filter((file) => file.isFile() && !known.has(join(file.parentPath.slice(folder.length + 1), file.name)))
  return { findings, leftovers: leftovers.length }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}
