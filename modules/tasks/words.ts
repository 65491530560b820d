/**
 * Finding tasks by their words, in the order of a list (docs/decisions/013). The index of words answers all matches or none:
 * quick for a word that few tasks have, and far too much for one that half of them have. Walking the list stops when the page
 * is full: quick for a common word. So the list is walked a little way first, and what was met there says which way is the
 * shorter for the rest.
 */
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Tables } from '../../generated/tables.ts'
import type { Db } from '../../platform/context.ts'
import { memory } from '../../platform/memory.ts'
import { statement, statementInForms } from '../../platform/statement.ts'

type Tasks<Row> = SelectQueryBuilder<Tables, 'tasks', Row>
type Value = (name: string) => unknown

/** What is asked for, as PostgreSQL takes it: whole words and phrases, and the beginning of a last word. */
export type Words = { exact?: string; beginning?: string }

/** As typed into a search box: words, "phrases", or, -not; the last word also as a beginning. */
export function wordsOf(q: string): Words {
  const plain = q.trim()
  const last = /(^|\s)([\p{L}\p{N}_]{2,})$/u.exec(plain)?.[2]
  if (!last || /["-]|\bor\b/i.test(plain)) return { exact: plain }
  const before = plain.slice(0, plain.length - last.length).trim()
  return { beginning: `${last}:*`, ...(before !== '' && { exact: before }) }
}

/** As a subquery, so that it is read once and not again for each task. */
function queryOf(words: Words, value: Value = (name) => words[name as keyof Words]): RawBuilder<unknown> {
  const exact = sql`websearch_to_tsquery('simple', ${value('exact')}::text)`
  const beginning = sql`to_tsquery('simple', ${value('beginning')}::text)`
  if (words.beginning === undefined) return sql`(select ${exact})`
  return words.exact === undefined ? sql`(select ${beginning})` : sql`(select ${exact} && ${beginning})`
}

/**
 * Has the words, by their index. As an array, PostgreSQL begins with the matches; as a subquery it would rather walk the
 * list and hope to meet them soon, which few matches of a large organization are not.
 */
export const hasWords = (words: Words, value?: Value) =>
  sql<boolean>`tasks.id = any(array(select task_id from match_task_ids(${queryOf(words, value)}, null)))`

/** Has the words, looked up for this one task. */
export const hasWordsItself = (words: Words) =>
  sql<boolean>`(select s.document @@ ${queryOf(words)} from task_search s where s.task_id = tasks.id)`

/** A list that can be walked: how it is made, in an order that is a column of its own. */
export type List<Form, Row> = {
  /** Names everything that makes one form of the list another statement than the next. */
  key(form: Form): string
  /** The list's tasks, nothing selected yet, in no order. */
  tasks(db: Db, form: Form, value: Value): Tasks<object>
  /** What it is in the order of; ties go by id, in the same direction. */
  position(form: Form): RawBuilder<unknown>
  direction(form: Form): RawBuilder<unknown>
  select(tasks: Tasks<object>): Tasks<Row>
}

/** How far a list is walked before anything is known of the words; as dear as asking the index for a rare one. */
const firstWalk = 256
/** How far it is walked when that is, or is expected to be, the shorter way. */
const walks = [firstWalk, 1024, 4096]
/** A walk goes so much further than it should have to, because words do not come at even distances. */
const reserve = 1.3
/** A match of the index costs as much as passing so many tasks of the list: it is looked up, and sorted. */
const matchCosts = 3
/**
 * The index has the words of all organizations. Those that begin with something it gathers from all of them before it asks
 * whose they are; one costs as much as passing this part of a task.
 */
const gatheredCosts = 0.025

/** The words that many tasks of the installation have, as shares of all, by PostgreSQL's own statistics. */
const commonWords = memory<ReadonlyMap<string, number>>(10 * 60_000)
const readCommonWords = statement<Record<string, never>, { word: string; share: number }>((db) =>
  db.selectFrom(sql<{ word: string; share: number }>`common_words()`.as('common')).select(['common.word', 'common.share']),
)

async function commonWordsOf(db: Db): Promise<ReadonlyMap<string, number>> {
  let known = commonWords.get('')
  if (!known) {
    known = new Map((await readCommonWords(db, {})).map(({ word, share }) => [word, share]))
    commonWords.set('', known)
  }
  return known
}

/** Which share of all tasks has a word that begins so, at least. */
function shareOf(beginning: string, common: ReadonlyMap<string, number>): number {
  const letters = beginning.slice(0, -2).toLowerCase()
  let none = 1
  for (const [word, share] of common) if (word.startsWith(letters)) none *= 1 - share
  return 1 - none
}

/**
 * Which share of all tasks has the words, as far as the statistics know. 0: a whole word is among those that hardly any task
 * has. Null: nobody knows; many rare words may begin so, or the search is more than a list of words.
 */
function expectedShare({ exact, beginning }: Words, common: ReadonlyMap<string, number>): number | null {
  if (beginning === undefined) return null
  const whole = (exact?.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).map((word) => common.get(word) ?? 0)
  const ofWhole = whole.reduce((product, share) => product * share, 1)
  const ofBeginning = shareOf(beginning, common)
  return ofWhole > 0 && ofBeginning === 0 ? null : ofWhole * ofBeginning
}

type Walk<Form> = { form: Form; words: Words; depth: number; limit: number }

/** The list's tasks in its order, nothing selected yet. */
export function inOrder<Form, Row>(list: List<Form, Row>, db: Db, form: Form, value: Value) {
  const direction = list.direction(form)
  return list.tasks(db, form, value).orderBy(sql`${list.position(form)} ${direction}, tasks.id ${direction}`)
}

/** Pages of a list that have words. */
export function listWithWords<Form, Row extends { id: string }>(list: List<Form, Row>) {
  /** The list's first tasks, by what its index holds. */
  const begin = (db: Db, form: Form, value: Value) =>
    inOrder(list, db, form, value).select(['tasks.id', list.position(form).as('position')])

  /** Stops where the page is full; wider columns are read only of what is on it. */
  const walk = statementInForms<Walk<Form>, Row>((db, { form, words, depth, limit }, value) => {
    const direction = list.direction(form)
    const walked = begin(db, form, value).limit(sql.lit(depth)).as('walked')
    // Looked up one by one: with the offset PostgreSQL cannot decide to read the words of a whole organization instead.
    const met = db
      .selectFrom(walked)
      .innerJoinLateral(
        (eb) =>
          eb
            .selectFrom('task_search')
            .select('document')
            .whereRef('task_search.task_id', '=', 'walked.id')
            .offset(sql.lit(0))
            .as('s'),
        (join) => join.onTrue(),
      )
      .select(['walked.id', 'walked.position'])
      .where(sql<boolean>`s.document @@ ${queryOf(words, value)}`)
      .orderBy(sql`walked.position ${direction}, walked.id ${direction}`)
      .limit(sql.lit(limit))
      .as('met')
    return list
      .select(db.selectFrom('tasks').innerJoin(met, 'met.id', 'tasks.id') as unknown as Tasks<object>)
      .orderBy(sql`met.position ${direction}, met.id ${direction}`)
  })

  /** Whether the list goes on behind a walk, and how many tasks there are, more or less. */
  const beyond = statementInForms<{ form: Form; depth: number }, Beyond>((db, { form, depth }, value) =>
    db.selectNoFrom((eb) => [
      eb.exists(begin(db, form, value).offset(sql.lit(depth)).limit(sql.lit(1))).as('more'),
      sql<number>`coalesce((select value from counters where name = 'task'), 0)`.as('own'),
      sql<number>`(select reltuples::float8 from pg_class where oid = 'tasks'::regclass)`.as('all'),
    ]),
  )

  const byIndex = statementInForms<Omit<Walk<Form>, 'depth'>, Row>((db, { form, words, limit }, value) =>
    list.select(inOrder(list, db, form, value).where(hasWords(words, value))).limit(sql.lit(limit)),
  )

  /** The first tasks of the list that have the words. */
  return async (db: Db, form: Form, values: Record<string, unknown>, words: Words, limit: number): Promise<Row[]> => {
    const key = `${list.key(form)} ${Object.keys(words)} ${limit}`
    const all = { ...values, ...words }
    const common = await commonWordsOf(db)
    const expected = expectedShare(words, common)
    if (expected === 0) return byIndex(db, key, { form, words, limit }, all)
    let depth = (expected !== null && walks.find((each) => each >= (limit / expected) * reserve)) || firstWalk
    for (;;) {
      const rows = await walk(db, `${key} ${depth}`, { form, words, depth, limit }, all)
      if (rows.length >= limit) return rows
      const [behind] = await beyond(db, `${list.key(form)} ${depth}`, { form, depth }, values)
      if (!behind!.more) return rows
      const next = furtherWalk({ walked: depth, met: rows.length, limit, words }, behind!, common)
      if (next === null) return byIndex(db, key, { form, words, limit }, all)
      depth = next
    }
  }
}

type Beyond = {
  more: boolean
  /** Tasks of the organization. */
  own: number
  /** Tasks of all organizations, as of the last time somebody counted. */
  all: number
}

/** How far to walk next; null when the index is the shorter way. */
function furtherWalk(
  { walked, met, limit, words }: { walked: number; met: number; limit: number; words: Words },
  { own, all }: Beyond,
  common: ReadonlyMap<string, number>,
): number | null {
  const share = (met + 0.5) / walked
  const needed = (limit / share) * reserve
  const gathered = words.beginning === undefined ? 0 : Math.max(share, shareOf(words.beginning, common)) * all
  const byIndex = share * own * matchCosts + gathered * gatheredCosts
  if (Math.min(needed, own) > byIndex) return null
  return walks.find((each) => each > walked && each >= Math.min(needed, own)) ?? null
}

/** Whether so many of the tasks have the words that each is better looked up than all of them asked of the index. */
export async function areCommon(db: Db, tasks: Tasks<object>, words: Words): Promise<boolean> {
  const { rows } = await sql<{ looked: number; met: number }>`
    select count(*)::int as looked, count(*) filter (where s.document @@ ${queryOf(words)})::int as met
    from (${tasks.select('tasks.id').limit(firstWalk)}) begun join task_search s on s.task_id = begun.id`.execute(db)
  const { looked, met } = rows[0]!
  return looked < firstWalk || met * 40 >= looked
}
