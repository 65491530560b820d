/** The list of tasks: its filters, its orders and its pages, each read along an index. Only `operations` uses this. */
import { sql } from 'kysely'
import type { Db } from '../../platform/context.ts'
import { decodeCursor, encodeCursor } from '../../platform/fields.ts'
import { isUuid } from '../../platform/ids.ts'
import { BadRequest } from '../../platform/problem.ts'
import { statementInForms } from '../../platform/statement.ts'
import type { TaskFilter, TaskQuery } from './contract.ts'
import { type Asked, askedBy, conditionsOf, narrowed, tasksWith, type Viewer } from './filter.ts'
import { type RowRecord, rowSelection, type TaskRecord, taskSelection } from './queries.ts'
import { say } from './rules.ts'
import { areCommon, hasWords, hasWordsItself, inOrder, type List, listWithWords, wordsOf } from './words.ts'

export { permitFilter, type Viewer } from './filter.ts'

const openCategories = ['new', 'active', 'waiting']

const wordsIn = ({ q }: TaskFilter) => (q?.trim() ? wordsOf(q) : null)

/** The tasks a filter selects, words and all, for whoever reads every one of them. */
async function selected(db: Db, filter: TaskFilter, me: Viewer, at: Date) {
  const tasks = tasksWith(db, askedBy(filter, me, at))
  const words = wordsIn(filter)
  if (words === null) return tasks
  return tasks.where((await areCommon(db, tasks, words)) ? hasWordsItself(words) : hasWords(words))
}

type ListedRecord = RowRecord & { priorityRank: number }

/** Each order ends with a unique key, so that a page goes on exactly where the one before ended. */
const orders = {
  updatedAt: { sql: sql`updated_at`, cast: sql`timestamptz`, key: (row: ListedRecord) => row.updatedAt },
  number: { sql: sql`number`, cast: sql`int`, key: (row: ListedRecord) => row.number },
  priority: { sql: sql`priority_rank`, cast: sql`int`, key: (row: ListedRecord) => row.priorityRank },
  // Without a due time a task comes after all that have one.
  due: {
    sql: sql`coalesce(resolution_due_at, 'infinity')`,
    cast: sql`timestamptz`,
    key: (row: ListedRecord) => row.resolutionDueAt ?? 'infinity',
  },
}

type Form = { asked: Asked; name: keyof typeof orders; descending: boolean; after: boolean }

const list: List<Form, ListedRecord> = {
  key: ({ asked, name, descending, after }) => `${Object.keys(asked)} ${name} ${descending} ${after}`,
  tasks(db, { asked, name, descending, after }, value) {
    const tasks = tasksWith(db, asked, value)
    if (!after) return tasks
    const { sql: key, cast } = orders[name]
    const position = sql`(${value('afterKey')}::${cast}, ${value('afterId')}::uuid)`
    return tasks.where(descending ? sql<boolean>`(${key}, id) < ${position}` : sql<boolean>`(${key}, id) > ${position}`)
  },
  position: ({ name }) => orders[name].sql,
  direction: ({ descending }) => (descending ? sql`desc` : sql`asc`),
  select: (tasks) => tasks.select(selection),
}

const selection = [...rowSelection.map((column) => `tasks.${column}` as const), 'tasks.priority_rank as priorityRank'] as const

const readPage = statementInForms<Form, ListedRecord>((db, form, value) =>
  list.select(inOrder(list, db, form, value)).limit(value('limit') as number),
)
const readPageWithWords = listWithWords(list)
/** A search reads one of two sizes and one task more, so that its statements are few: a usual page, and the largest there is. */
const readAtOnce = (limit: number) => (limit <= 50 ? 51 : 201)

/** One page of the list, and where the next begins. */
export async function listTasks(db: Db, { sort, after, limit, ...filter }: TaskQuery, me: Viewer, now: Date) {
  const name = sort.replace('-', '') as keyof typeof orders
  const keys = after === undefined ? null : decodeCursor(after, 2)
  if (after !== undefined && (!keys || !isPosition(name, keys))) throw BadRequest(say.afterSorted)
  const asked = askedBy(filter, me, now)
  const form = { asked, name, descending: sort.startsWith('-'), after: keys !== null }
  const values = { ...asked, afterKey: keys?.[0], afterId: keys?.[1], limit: limit + 1 }
  const words = wordsIn(filter)
  const rows = words
    ? await readPageWithWords(db, form, values, words, readAtOnce(limit))
    : await readPage(db, list.key(form), form, values)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > limit && last ? encodeCursor([orders[name].key(last), last.id]) : null }
}

/** A cursor of ours may have been written by anybody: what the database could not read is no position. */
function isPosition(name: keyof typeof orders, [key, id]: (string | number | null)[]) {
  if (!isUuid(String(id))) return false
  if (name === 'number' || name === 'priority') return Number.isSafeInteger(key) && Math.abs(key as number) < 2 ** 31
  return key === 'infinity' || (/^[12]\d{3}-\d\d-\d\dT[\d:.]+Z$/.test(String(key)) && !Number.isNaN(Date.parse(String(key))))
}

const exportPageSize = 500

/** One page of everything a filter selects, in order of number. */
export async function exportTasks(
  db: Db,
  { after, ...filter }: TaskFilter & { after?: string | undefined },
  me: Viewer,
  now: Date,
) {
  let tasks = (await selected(db, filter, me, now)).select(taskSelection)
  if (after !== undefined) {
    if (!/^\d{1,9}$/.test(after)) throw BadRequest(say.after)
    tasks = tasks.where('number', '>', Number(after))
  }
  const rows = (await tasks.orderBy('number').limit(exportPageSize).execute()) as TaskRecord[]
  return { rows, next: rows.length === exportPageSize ? String(rows.at(-1)!.number) : null }
}

/** How many tasks a filter selects; `atMost` stops counting there. */
export async function countTasks(db: Db, filter: TaskFilter, me: Viewer, now: Date, atMost?: number): Promise<number> {
  const tasks = (await selected(db, filter, me, now)).select('id')
  const counted = atMost === undefined ? tasks : tasks.limit(atMost)
  const row = await db
    .selectFrom(counted.as('counted'))
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/**
 * The open tasks counted in many ways by one reading: how many each filter selects (every filter here must select open
 * tasks only), and how many there are by priority, category and state, most first.
 */
export async function surveyOpen<Name extends string>(db: Db, filters: Record<Name, TaskFilter>, me: Viewer, now: Date) {
  const names = Object.keys(filters) as Name[]
  const counted = (name: Name) => {
    const { open: _all, ...narrower } = filters[name]
    const wanted = conditionsOf(narrowed(narrower, me, now))
    const all = db.fn.countAll<number>()
    return (wanted.length > 0 ? all.filterWhere((eb) => eb.and(wanted)) : all).as(`n ${name}`)
  }
  const rows = (await tasksWith(db, askedBy({ open: true }, me, now))
    .select(['priority', 'category', 'status', (eb) => eb.fn.countAll<number>().as('open')])
    .select(names.map(counted))
    .groupBy(['priority', 'category', 'status'])
    .execute()) as unknown as (Record<'priority' | 'category' | 'status', string> & Record<string, number>)[]
  const sum = (of: typeof rows, column: string) => of.reduce((total, row) => total + Number(row[column]), 0)
  const by = (field: 'priority' | 'category' | 'status') =>
    [...Map.groupBy(rows, (row) => row[field])]
      .map(([name, of]) => ({ name, count: sum(of, 'open') }))
      .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name))
      .slice(0, 50)
  return {
    count: (name: Name) => sum(rows, `n ${name}`),
    priority: by('priority'),
    category: by('category'),
    status: by('status'),
  }
}

/** Created and closed tasks per day (UTC) since an instant, days without any included. */
export async function perDay(db: Db, since: string) {
  const { rows } = await sql<{ day: string; created: number; closed: number }>`
    with days as (select generate_series(date_trunc('day', ${since}::timestamptz), date_trunc('day', now()), interval '1 day') as day),
    made as (select date_trunc('day', created_at) as day, count(*) as n from tasks
      where deleted_at is null and merged_into_id is null and created_at >= date_trunc('day', ${since}::timestamptz) group by 1),
    done as (select date_trunc('day', closed_at) as day, count(*) as n from tasks
      where deleted_at is null and merged_into_id is null and closed_at >= date_trunc('day', ${since}::timestamptz) group by 1)
    select to_char(days.day, 'YYYY-MM-DD') as day, coalesce(made.n, 0)::int as created, coalesce(done.n, 0)::int as closed
    from days left join made using (day) left join done using (day) order by days.day`.execute(db)
  return rows
}

/** Words that every second title has; sharing them says nothing. */
const common = new Set(
  (
    'the and for are not but with from into onto this that these those have has had was were been will can cannot could would ' +
    'should does did its our your their his her you they she him all any some more most very again after before since until when ' +
    'where what which who why how there here then than also only out off over under about because please need needs want new ' +
    'der die das den dem des ein eine einen einem einer und oder nicht mit von vom für auf aus bei beim bis durch gegen nach ' +
    'seit über unter vor zum zur ist sind war hat haben wird werden kann können soll wie was wer wenn dass noch nur auch bitte'
  ).split(' '),
)

/** Open tasks that share telling words with a title, the best matches first. */
export async function listSimilar(db: Db, title: string) {
  const all = [...new Set(title.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [])]
  const words = all.filter((word) => !common.has(word)).slice(0, 12)
  if (words.length === 0) return []
  const anyOf = sql`to_tsquery('simple', ${words.join(' | ')})`
  const { rows: found } = await sql<{ task_id: string }>`select task_id from search_task_ids(${anyOf}, 50)`.execute(db)
  const ids = found.map((row) => row.task_id)
  const rows = (await db
    .selectFrom('tasks')
    .select(rowSelection)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('status_category', '=', sql<string>`any(${openCategories}::text[])`)
    .where('deleted_at', 'is', null)
    .where('merged_into_id', 'is', null)
    .execute()) as RowRecord[]
  return rows.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)).slice(0, 5)
}
