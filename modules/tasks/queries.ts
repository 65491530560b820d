/** All SQL about tasks, their links, watchers and words. Nobody else names these tables. */
import { sql } from 'kysely'
import type { Tables } from '../../generated/tables.ts'
import type { Db } from '../../platform/context.ts'
import { rowStatement, statement } from '../../platform/statement.ts'

const rowColumns = [
  'id',
  'number',
  'version',
  'title',
  'category',
  'status',
  'status_category as statusCategory',
  'priority',
  'is_major_incident as isMajorIncident',
  'tags',
  'requester_email as requesterEmail',
  'requester_name as requesterName',
  'assigned_to_email as assignedToEmail',
  'assigned_to_name as assignedToName',
  'team_id as teamId',
  'profile_id as profileId',
  'due_date as dueDate',
  'response_due_at as responseDueAt',
  'resolution_due_at as resolutionDueAt',
  'first_response_at as firstResponseAt',
  'resolved_at as resolvedAt',
  'closed_at as closedAt',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const

const taskColumns = [
  ...rowColumns,
  'description',
  'sub_category as subCategory',
  'symptom_code as symptomCode',
  'source',
  'impact',
  'urgency',
  'severity',
  'tier',
  'contact_email as contactEmail',
  'contact_name as contactName',
  'profile_version as profileVersion',
  'sla_id as slaId',
  'sla_name as slaName',
  'sla',
  'resolution_code as resolutionCode',
  'resolution_notes as resolutionNotes',
  'root_cause_code as rootCauseCode',
  'root_cause_analysis as rootCauseAnalysis',
  'business_service as businessService',
  'configuration_items as configurationItems',
  'linked_problem_id as linkedProblemId',
  'linked_tater_entity_type as linkedTaterEntityType',
  'linked_tater_entity_id as linkedTaterEntityId',
  'visibility',
  'external_refs as externalRefs',
  'custom_fields as customFields',
  'merged_into_id as mergedIntoId',
  'created_by as createdBy',
  'updated_by as updatedBy',
  'deleted_at as deletedAt',
] as const

/** The database's name of a task's field: `requesterEmail` is kept in `requester_email`. */
export function columnOf(field: string): keyof Tables['tasks'] {
  let column = columns.get(field)
  if (!column) {
    column = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) as keyof Tables['tasks']
    if (columns.size < mostColumns) columns.set(field, column)
  }
  return column
}

const columns = new Map<string, keyof Tables['tasks']>()
const mostColumns = 500

const jsonFields = new Set(['externalRefs', 'customFields', 'sla'])

/** A task's fields as a row; lists and objects kept as JSON are written as such. */
export function toRow(values: Record<string, unknown>): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (const field in values) {
    const value = values[field]
    if (value !== undefined) row[columnOf(field)] = jsonFields.has(field) && value !== null ? JSON.stringify(value) : value
  }
  return row
}

type Numbered = { number: number; prefix: string | null }

/** By id or by number; the reference was checked by the contract. */
function referred(ref: string): { id: string } | Numbered {
  if (ref.length === 36 && ref[8] === '-') return { id: ref }
  const dash = ref.lastIndexOf('-')
  return { number: Number(ref.slice(dash + 1)), prefix: dash < 0 ? null : ref.slice(0, dash).toUpperCase() }
}

const found = (db: Db, ref: string) => {
  const by = referred(ref)
  const tasks = db.selectFrom('tasks').select(taskColumns)
  if ('id' in by) return tasks.where('id', '=', by.id)
  return tasks.where('number', '=', by.number).where(isOwnPrefix(by.prefix))
}

/** Another organization's prefix names no task of this one; without one the number is the running organization's. */
const isOwnPrefix = (prefix: string | null) =>
  sql<boolean>`(${prefix}::text is null or ${prefix} = (select ticket_prefix from organizations where id = current_organization()))`

const watchersOfTask = sql<string[]>`array(select w.email from task_watchers w where w.task_id = tasks.id order by w.email)`

/** The links of a task, with what the other ends are called now. */
const listLinks = statement<{ task: string }, LinkRecord>((db, value) =>
  db
    .selectFrom('task_links as l')
    .innerJoin('tasks as o', (join) =>
      join
        .onRef('o.organization_id', '=', 'l.organization_id')
        .on(sql<boolean>`o.id = case when l.task_id = ${value('task')}::uuid then l.target_id else l.task_id end`),
    )
    .select([
      'l.type',
      sql<'outward' | 'inward'>`case when l.task_id = ${value('task')}::uuid then 'outward' else 'inward' end`.as('direction'),
      'o.id',
      'o.number',
      'o.title',
      'o.status',
      'o.status_category as statusCategory',
    ])
    .where((eb) => eb.or([eb('l.task_id', '=', value('task')), eb('l.target_id', '=', value('task'))]))
    .where('o.deleted_at', 'is', null)
    .orderBy('l.created_at')
    .limit(500),
)

/** The other end of a link. */
export type LinkRecord = {
  type: string
  direction: 'outward' | 'inward'
  id: string
  number: number
  title: string
  status: string
  statusCategory: string
}

type ReadTask = TaskRecord & { watchers: string[]; linked: boolean }

const read = (db: Db) =>
  db
    .selectFrom('tasks')
    .select(taskColumns)
    .select([watchersOfTask.as('watchers'), 'linked'])

const readById = statement<{ id: string }, ReadTask>((db, value) => read(db).where('id', '=', value('id')))
const lockById = statement<{ id: string }, ReadTask>((db, value) => read(db).where('id', '=', value('id')).forUpdate('tasks'))
const readByNumber = statement<Numbered, ReadTask>((db, value) =>
  read(db)
    .where('number', '=', value('number'))
    .where(isOwnPrefix(value('prefix'))),
)
const lockByNumber = statement<Numbered, ReadTask>((db, value) =>
  read(db)
    .where('number', '=', value('number'))
    .where(isOwnPrefix(value('prefix')))
    .forUpdate('tasks'),
)

/** A task with its watchers and links. */
export const findWhole = (db: Db, ref: string) => whole(db, ref, readById, readByNumber)

/** The same, locked for a change. */
export const lockWhole = (db: Db, ref: string) => whole(db, ref, lockById, lockByNumber)

async function whole(db: Db, ref: string, byId: typeof readById, byNumber: typeof readByNumber): Promise<WholeTask | undefined> {
  const by = referred(ref)
  const [task] = await ('id' in by ? byId(db, by) : byNumber(db, by))
  return task && { ...task, links: task.linked ? await listLinks(db, { task: task.id }) : [] }
}

/** Tasks that a requester may see (rules.ts, isOwn), newest first. */
export const listOwn = (
  db: Db,
  requester: string,
  page: { open?: boolean | undefined; after?: string | undefined; limit: number },
) =>
  db
    .selectFrom('tasks')
    .select(rowColumns)
    .where('requester_email', '=', requester)
    .where('visibility', '=', 'CustomerVisible')
    .where('deleted_at', 'is', null)
    .$if(page.open !== undefined, (tasks) =>
      tasks.where('status_category', page.open ? 'in' : 'not in', ['new', 'active', 'waiting']),
    )
    .$if(page.after !== undefined, (tasks) => tasks.where('id', '<', page.after!))
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute()

export const findTask = (db: Db, ref: string) => found(db, ref).executeTakeFirst()
export const lockTask = (db: Db, ref: string) => found(db, ref).forUpdate().executeTakeFirst()

export type TaskRecord = NonNullable<Awaited<ReturnType<typeof findTask>>>
export type WholeTask = TaskRecord & { watchers: string[]; links: LinkRecord[]; linked?: boolean }

/** Locks many in id order, so that two bulk changes cannot wait for each other. */
export const lockTasks = (db: Db, ids: string[]) =>
  db
    .selectFrom('tasks')
    .select(taskColumns)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('id')
    .forUpdate()
    .execute()

/** Takes the organization's next task number; the row stays locked until the transaction ends, so numbers have no gaps. */
export async function nextNumber(db: Db, count = 1): Promise<number> {
  const row = await db
    .insertInto('counters')
    .values({ name: 'task', value: 1000 + count })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'name']).doUpdateSet({ value: sql`counters.value + ${count}` }),
    )
    .returning('value')
    .executeTakeFirstOrThrow()
  return row.value - count + 1
}

/** Task, number, words and watchers in one statement; answers the number. */
export async function insertTask(
  db: Db,
  values: Record<string, unknown>,
  words: { title: string; description: string },
  watchers: string[],
) {
  const others = { task: values.id, wordsOfTitle: words.title, wordsOfDescription: words.description, watchers }
  const [row] = await insertWhole(db, toRow(values), others)
  return row!.number
}

const insertWhole = rowStatement<{ number: number }>((db, row, value) => {
  const task = value('task') as string
  const words = { title: value('wordsOfTitle') as string, description: value('wordsOfDescription') as string }
  return db
    .with('numbered', (cte) =>
      cte
        .insertInto('counters')
        .values({ name: 'task', value: 1001 })
        .onConflict((conflict) => conflict.columns(['organization_id', 'name']).doUpdateSet({ value: sql`counters.value + 1` }))
        .returning('value'),
    )
    .with('searchable', (cte) => cte.insertInto('task_search').values({ task_id: task, document: wordsOf(words) }))
    .with('watching', (cte) =>
      cte
        .insertInto('task_watchers')
        .columns(['task_id', 'email'])
        .expression(sql`select ${task}::uuid, unnest(${value('watchers')}::text[])`),
    )
    .insertInto('tasks')
    .values({ ...row, number: sql`(select value from numbered)` } as never)
    .returning('number')
})

/** Words by weight: title A, description B; comments are appended as C (public) and D (internal). */
const wordsOf = ({ title, description }: { title: string; description: string }) =>
  sql<string>`setweight(to_tsvector('simple', ${title}::text), 'A') || setweight(to_tsvector('simple', left(${description}::text, 10000)), 'B')`

const updateRow = rowStatement((db, row, value) =>
  db
    .updateTable('tasks')
    .set(row as never)
    .where('id', '=', value('task') as string),
)

export async function updateTask(db: Db, id: string, values: Record<string, unknown>) {
  await updateRow(db, toRow(values), { task: id })
}

/** Title and description changed: the words of comments stay as they are. */
export const updateWords = (db: Db, id: string, words: { title: string; description: string }) =>
  db
    .updateTable('task_search')
    .set({ document: sql`${wordsOf(words)} || ts_filter(document, '{c,d}')` })
    .where('task_id', '=', id)
    .execute()

/**
 * PostgreSQL keeps at most 1 MB of words of one document. A ticket that has nearly as many (hundreds of long comments)
 * takes further comments, whose words are then not found.
 */
const mostWords = 800_000

export const appendWords = (db: Db, id: string, body: string, weight: 'C' | 'D') =>
  db
    .updateTable('task_search')
    .set({ document: sql`document || setweight(to_tsvector('simple', ${body}::text), ${weight})` })
    .where('task_id', '=', id)
    .where(sql<boolean>`octet_length(tsvectorsend(document)) < ${mostWords}`)
    .execute()

/** Comments were edited or deleted: their words are made anew. */
export const replaceCommentWords = (db: Db, id: string, publicText: string, internalText: string) =>
  db
    .updateTable('task_search')
    .set({
      document: sql`ts_filter(document, '{a,b}') || setweight(to_tsvector('simple', ${publicText}::text), 'C')
        || setweight(to_tsvector('simple', ${internalText}::text), 'D')`,
    })
    .where('task_id', '=', id)
    .execute()

export const listWatchers = async (db: Db, taskId: string) =>
  (await db.selectFrom('task_watchers').select('email').where('task_id', '=', taskId).orderBy('email').execute()).map(
    ({ email }) => email,
  )

export const addWatchers = async (db: Db, taskId: string, emails: string[]) =>
  (
    await db
      .insertInto('task_watchers')
      .columns(['task_id', 'email'])
      .expression(sql`select ${taskId}::uuid, unnest(${emails}::text[])`)
      .onConflict((conflict) => conflict.doNothing())
      .returning('email')
      .execute()
  ).map(({ email }) => email)

export const removeWatchers = async (db: Db, taskId: string, emails: string[]) =>
  (
    await db
      .deleteFrom('task_watchers')
      .where('task_id', '=', taskId)
      .where('email', '=', sql<string>`any(${emails}::text[])`)
      .returning('email')
      .execute()
  ).map(({ email }) => email)

/** Watchers and links as they are now. */
export async function findAround(db: Db, taskId: string): Promise<Pick<WholeTask, 'watchers' | 'links'>> {
  const [watchers, links] = await Promise.all([listWatchers(db, taskId), listLinks(db, { task: taskId })])
  return { watchers, links }
}

export const insertLink = async (db: Db, row: { task_id: string; type: string; target_id: string; created_by: string }) =>
  (
    await db
      .insertInto('task_links')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
  ).numInsertedOrUpdatedRows === 1n

export const deleteLink = async (db: Db, taskId: string, type: string, targetId: string) =>
  (
    await db
      .deleteFrom('task_links')
      .where('task_id', '=', taskId)
      .where('type', '=', type)
      .where('target_id', '=', targetId)
      .executeTakeFirst()
  ).numDeletedRows === 1n

/** One at a time draws links that must not close a circle: two that are harmless alone may close one together. */
export const lockLinks = (db: Db, type: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended('tater:links ' || current_organization() || ' ' || ${type}::text, 0))`.execute(
    db,
  )

/** Whether `from` reaches `to` along links of this type: such a link would close a circle. */
export const reaches = async (db: Db, type: string, from: string, to: string) =>
  (
    await sql<{ found: boolean }>`
      with recursive walk(id) as (
        select ${from}::uuid union
        select l.target_id from task_links l join walk on l.task_id = walk.id where l.type = ${type})
      select exists (select 1 from walk where id = ${to}::uuid) as found`.execute(db)
  ).rows[0]!.found

/** The end of a chain of merges (A into B, B into C: A's end is C). */
export const findMergeEnd = async (db: Db, id: string) =>
  (
    await sql<{ id: string; number: number }>`
      with recursive chain(id, merged_into_id, number, depth) as (
        select id, merged_into_id, number, 0 from tasks where id = ${id}::uuid union all
        select t.id, t.merged_into_id, t.number, depth + 1 from tasks t join chain on t.id = chain.merged_into_id where depth < 100)
      select id, number from chain order by depth desc limit 1`.execute(db)
  ).rows[0]

/** Watchers of the source follow the target from now on. */
export const copyWatchers = (db: Db, from: string, to: string) =>
  db
    .insertInto('task_watchers')
    .columns(['task_id', 'email'])
    .expression((eb) =>
      eb
        .selectFrom('task_watchers')
        .select([sql<string>`${to}::uuid`.as('task_id'), 'email'])
        .where('task_id', '=', from),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()

export const rowSelection = rowColumns
export const taskSelection = taskColumns
export type RowRecord = Pick<
  TaskRecord,
  | 'id'
  | 'number'
  | 'version'
  | 'title'
  | 'category'
  | 'status'
  | 'statusCategory'
  | 'priority'
  | 'isMajorIncident'
  | 'tags'
  | 'requesterEmail'
  | 'requesterName'
  | 'assignedToEmail'
  | 'assignedToName'
  | 'teamId'
  | 'profileId'
  | 'dueDate'
  | 'responseDueAt'
  | 'resolutionDueAt'
  | 'firstResponseAt'
  | 'resolvedAt'
  | 'closedAt'
  | 'createdAt'
  | 'updatedAt'
>

/** How many open tasks stand in which state of an older version. */
export const countByState = (db: Db, profileId: string, exceptVersion: number) =>
  db
    .selectFrom('tasks')
    .select(['profile_version as version', 'status', (eb) => eb.fn.countAll<number>().as('tasks')])
    .where('profile_id', '=', profileId)
    .where('profile_version', '<>', exceptVersion)
    .where('deleted_at', 'is', null)
    .where('status_category', 'not in', ['closed', 'cancelled'])
    .groupBy(['profile_version', 'status'])
    .orderBy('profile_version')
    .orderBy('status')
    .execute()

export const lockTasksOfOldVersions = (db: Db, profileId: string, exceptVersion: number, limit: number) =>
  db
    .selectFrom('tasks')
    .select(taskColumns)
    .where('profile_id', '=', profileId)
    .where('profile_version', '<>', exceptVersion)
    .where('deleted_at', 'is', null)
    .where('status_category', 'not in', ['closed', 'cancelled'])
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .execute()

/** Tasks carry their category by name, so a new name is written to them; nobody's edit becomes stale by it. */
export const renameCategory = (db: Db, from: string, to: string) =>
  db.updateTable('tasks').set({ category: to }).where('category', '=', from).execute()

export const rankPriority = (db: Db, key: string, rank: number) =>
  db
    .updateTable('tasks')
    .set({ priority_rank: rank })
    .where(sql<boolean>`lower(priority) = ${key}`)
    .where('priority_rank', '<>', rank)
    .execute()

/** The ids of a profile's tasks, as the activity names them; for a query of another module to look in. */
export const idsOfProfile = (db: Db, profileId: string) =>
  db
    .selectFrom('tasks')
    .select(sql<string>`id::text`.as('id'))
    .where('profile_id', '=', profileId)
    .where('deleted_at', 'is', null)

/** How many open tasks are linked to each of these security records; those with none are left out. */
export const countOpenLinked = async (db: Db, type: string, ids: readonly string[]) =>
  new Map(
    (
      await db
        .selectFrom('tasks')
        .select(['linked_tater_entity_id as id', sql<number>`count(*)::int`.as('open')])
        .where('linked_tater_entity_type', '=', type)
        .where('linked_tater_entity_id', '=', sql<string>`any(${ids}::text[])`)
        .where('status_category', '=', sql<string>`any('{new,active,waiting}')`)
        .where('deleted_at', 'is', null)
        .where('merged_into_id', 'is', null)
        .groupBy('linked_tater_entity_id')
        .execute()
    ).map(({ id, open }) => [id!, open]),
  )

/** Tickets that name one person as requester or contact name another from now on; answers how many. */
export const renamePerson = async (db: Db, from: string, into: { email: string; name: string }, at: Date) =>
  (
    await sql`update tasks set
        requester_email = case when requester_email = ${from} then ${into.email} else requester_email end,
        requester_name = case when requester_email = ${from} then ${into.name} else requester_name end,
        contact_email = case when contact_email = ${from} then ${into.email} else contact_email end,
        contact_name = case when contact_email = ${from} then ${into.name} else contact_name end,
        version = version + 1, updated_at = ${at}
      where requester_email = ${from} or contact_email = ${from}
      returning id`.execute(db)
  ).rows.length
