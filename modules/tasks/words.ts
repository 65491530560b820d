/**
 * Finding tasks by their words, in the order of a list. The index of words answers all matches or none: quick for a word
 * that few tasks have, and far too much for one that half of them have. So the list itself is looked through first, as far
 * as a page with common words reaches; only what is rare there is asked of the index.
 */
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Tables } from '../../generated/tables.ts'
import type { Db } from '../../platform/context.ts'

/** How many tasks are looked through before anything is known of the words; as dear as asking the index for a rare one. */
const firstLook = 128
/** Further than this the index of words is cheaper whatever it answers. */
const longestLook = 4000
/** One task in so many must have the words for the list to be the shorter way. */
const oneIn = 40

/** As typed into a search box: words, "phrases", or, -not; the last word also as a beginning. */
function wordsQuery(q: string): RawBuilder<unknown> {
  const plain = q.trim()
  const last = /(^|\s)([\p{L}\p{N}_]{2,})$/u.exec(plain)?.[2]
  const exact = sql`websearch_to_tsquery('simple', ${plain})`
  if (!last || /["-]|\bor\b/i.test(plain)) return exact
  const before = plain.slice(0, plain.length - last.length).trim()
  const beginning = sql`to_tsquery('simple', ${`${last}:*`})`
  return before === '' ? beginning : sql`websearch_to_tsquery('simple', ${before}) && ${beginning}`
}

/**
 * Has the words, by their index. As an array, PostgreSQL begins with the matches; as a subquery it would rather walk the
 * list and hope to meet them soon, which few matches of a large organization are not.
 */
export const hasWords = (q: string) => sql<boolean>`id = any(array(select task_id from match_task_ids(${wordsQuery(q)}, null)))`

/** Has the words, looked up for this one task. */
export const hasWordsItself = (q: string) =>
  sql<boolean>`(select s.document @@ (${wordsQuery(q)}) from task_search s where s.task_id = tasks.id)`

type Tasks<Row> = SelectQueryBuilder<Tables, 'tasks', Row>
type Looked<Row> = { looked: number; rows: Row[] }

/** Looks through the first tasks of a list for those that have the words. */
async function lookThrough<Row extends { id: string }>(
  db: Db,
  list: Tasks<Row>,
  { q, depth, limit, order }: { q: string; depth: number; limit: number; order: RawBuilder<unknown> },
): Promise<Looked<Row>> {
  const { rows } = await sql<Row & { looked: number }>`
    with listed as materialized (${list.limit(depth)})
    select (select count(*)::int from listed) as looked, found.*
    from (select 1) one left join lateral (
      select listed.* from listed join task_search s on s.task_id = listed.id
      where s.document @@ (${wordsQuery(q)}) order by ${order} limit ${limit}) found on true`.execute(db)
  const found = rows.filter(({ id }) => id !== null).map(({ looked: _, ...row }) => row as unknown as Row)
  return { looked: rows[0]?.looked ?? 0, rows: found }
}

/**
 * The first tasks of a list that have the words.
 * @param list in its order and without a limit, asking for nothing about words
 * @param order the list's order by the names of its selected columns
 */
export async function listWithWords<Row extends { id: string }>(
  db: Db,
  list: Tasks<Row>,
  { q, limit, order }: { q: string; limit: number; order: RawBuilder<unknown> },
): Promise<Row[]> {
  for (let depth = firstLook; depth <= longestLook; ) {
    const { looked, rows } = await lookThrough(db, list, { q, depth, limit, order })
    if (rows.length >= limit || looked < depth) return rows
    if (rows.length * oneIn < looked) break
    // As far as a page should reach with words this common, and then some.
    depth = Math.max(depth * 2, Math.ceil((looked / rows.length) * limit * 1.5))
  }
  return list.where(hasWords(q)).limit(limit).execute() as unknown as Promise<Row[]>
}

/** Whether so many of the tasks have the words that each is better looked up than all of them asked of the index. */
export async function areCommon<Row extends { id: string }>(db: Db, tasks: Tasks<Row>, q: string): Promise<boolean> {
  const { looked, rows } = await lookThrough(db, tasks, { q, depth: firstLook, limit: firstLook, order: sql`listed.id` })
  return looked < firstLook || rows.length * oneIn >= looked
}
