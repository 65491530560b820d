/** All SQL about the records of the register. */
import { sql } from 'kysely'
import type { Db } from '../../../platform/context.ts'
import { decodeCursor, encodeCursor } from '../../../platform/fields.ts'
import { isUuid } from '../../../platform/ids.ts'
import { BadRequest } from '../../../platform/problem.ts'
import { type RecordQuery, type RecordType, recordTypes, referencePrefixes } from '../contract.ts'
import { say } from '../rules.ts'

const rowColumns = [
  'id',
  'type',
  'number',
  'version',
  'title',
  'status',
  'owner_email as ownerEmail',
  'review_date as reviewDate',
  'fields',
  'rank',
  'source',
  'control_id as controlId',
  'framework',
  'severity',
  'result',
  'result_since as resultSince',
  'scan_id as scanId',
  'task_id as taskId',
  'created_at as createdAt',
  'created_by as createdBy',
  'updated_at as updatedAt',
  'updated_by as updatedBy',
  'archived_at as archivedAt',
] as const
const columns = [...rowColumns, 'description'] as const

/** The type and number of a reference such as RISK-3; null when it is none. */
export function referenceOf(ref: string): { type: RecordType; number: number } | null {
  const [, prefix, number] = /^([a-z]+)-(\d+)$/i.exec(ref) ?? []
  const type = recordTypes.find((each) => referencePrefixes[each] === prefix?.toUpperCase())
  return type && Number(number) < 2 ** 31 ? { type, number: Number(number) } : null
}

const found = (db: Db, ref: string) => {
  const reference = isUuid(ref) ? null : referenceOf(ref)
  return db
    .selectFrom('security_records')
    .select(columns)
    .$if(isUuid(ref), (records) => records.where('id', '=', ref))
    .$if(!isUuid(ref), (records) =>
      records.where('type', '=', reference?.type ?? '').where('number', '=', reference?.number ?? 0),
    )
}

export const findRecord = (db: Db, ref: string) => found(db, ref).executeTakeFirst()
export const lockRecord = (db: Db, ref: string) => found(db, ref).forUpdate().executeTakeFirst()
export type RecordRecord = NonNullable<Awaited<ReturnType<typeof findRecord>>>
export type RowRecord = Omit<RecordRecord, 'description'>

export const findControl = (db: Db, source: string, controlId: string) =>
  db
    .selectFrom('security_records')
    .select(['id', 'type', 'number'])
    .where('source', '=', source)
    .where('control_id', '=', controlId)
    .executeTakeFirst()

/** Takes the next numbers of a type; the last of them. */
export async function takeNumbers(db: Db, type: RecordType, count: number): Promise<number> {
  const { value } = await db
    .insertInto('counters')
    .values({ name: `security:${type}`, value: count })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'name']).doUpdateSet({ value: sql`counters.value + ${count}` }),
    )
    .returning('value')
    .executeTakeFirstOrThrow()
  return value
}

export type StoredRecord = {
  title: string
  description: string
  status: string
  owner_email: string | null
  review_date: string | null
  fields: string
  rank: number
  source: string | null
  control_id: string | null
  framework: string | null
  severity: string | null
  result: string | null
  result_since: Date | string | null
}
type NewRow = StoredRecord & {
  id: string
  type: string
  number: number
  created_at: Date
  created_by: string
  updated_at: Date
  updated_by: string
}

export const insertRecord = (db: Db, row: NewRow) =>
  db.insertInto('security_records').values(row).returning(columns).executeTakeFirstOrThrow()

type Change = Partial<StoredRecord> & { version?: number; updated_at?: Date; updated_by?: string; archived_at?: Date | null }
export const updateRecord = (db: Db, id: string, change: Change) =>
  db.updateTable('security_records').set(change).where('id', '=', id).returning(columns).executeTakeFirstOrThrow()

const text = (q: string) => `%${q.trim().replaceAll(/[\\%_]/g, '\\$&')}%`
const among = (values: readonly string[]) => sql<string>`any(${values}::text[])`

function filtered(db: Db, filter: Omit<RecordQuery, 'sort' | 'after' | 'limit'>, me: string, today: string) {
  const { q, status, severity, result, owner } = filter
  const reference = q === undefined ? null : referenceOf(q.trim())
  return db
    .selectFrom('security_records')
    .$if(filter.archived === true, (records) => records.where('archived_at', 'is not', null))
    .$if(filter.archived !== true, (records) => records.where('archived_at', 'is', null))
    .$if(filter.type !== undefined, (records) => records.where('type', '=', filter.type!))
    .$if(status !== undefined, (records) => records.where('status', '=', among(status!)))
    .$if(severity !== undefined, (records) => records.where('severity', '=', among(severity!)))
    .$if(result !== undefined, (records) => records.where('result', '=', among(result!)))
    .$if(filter.source !== undefined, (records) => records.where('source', '=', filter.source!))
    .$if(filter.framework !== undefined, (records) => records.where('framework', '=', filter.framework!))
    .$if(owner === 'none', (records) => records.where('owner_email', 'is', null))
    .$if(owner !== undefined && owner !== 'none', (records) =>
      records.where('owner_email', '=', owner === 'me' ? me : owner!.toLowerCase()),
    )
    .$if(filter.reviewDue === true, (records) => records.where('review_date', '<=', today))
    .$if(q !== undefined && q.trim() !== '', (records) =>
      records.where((eb) =>
        eb.or([
          eb('title', 'ilike', text(q!)),
          eb('control_id', 'ilike', text(q!)),
          eb('description', 'ilike', text(q!)),
          ...(reference ? [eb.and([eb('type', '=', reference.type), eb('number', '=', reference.number)])] : []),
        ]),
      ),
    )
}

/** Each order ends with the id, so that a page goes on exactly where the one before ended. */
const orders = {
  updatedAt: { sql: sql`updated_at`, cast: sql`timestamptz`, key: (row: RowRecord) => row.updatedAt },
  number: { sql: sql`number`, cast: sql`int`, key: (row: RowRecord) => row.number },
  rank: { sql: sql`rank`, cast: sql`int`, key: (row: RowRecord) => row.rank },
  // Without a day of review a record comes after all that have one.
  reviewDate: { sql: sql`coalesce(review_date, '9999')`, cast: sql`text`, key: (row: RowRecord) => row.reviewDate ?? '9999' },
}

/** One page of the list, and where the next begins. */
export async function listRecords(db: Db, { sort, after, limit, ...filter }: RecordQuery, me: string, now: Date) {
  const name = sort.replace('-', '') as keyof typeof orders
  const order = orders[name]
  const descending = sort.startsWith('-')
  let records = filtered(db, filter, me, now.toISOString().slice(0, 10)).select(rowColumns)
  if (after !== undefined) {
    const keys = decodeCursor(after, 2)
    if (!keys || !isPosition(name, keys)) throw BadRequest(say.nextSorted)
    const position = sql`(${keys[0]}::${order.cast}, ${keys[1]}::uuid)`
    records = records.where(
      descending ? sql<boolean>`(${order.sql}, id) < ${position}` : sql<boolean>`(${order.sql}, id) > ${position}`,
    )
  }
  const direction = descending ? sql`desc` : sql`asc`
  const rows = await records
    .orderBy(sql`${order.sql} ${direction}, id ${direction}`)
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, next: rows.length > limit && last ? encodeCursor([order.key(last), last.id]) : null }
}

/** A cursor of ours may have been written by anybody: what the database could not read is no position. */
function isPosition(name: keyof typeof orders, [key, id]: (string | number | null)[]) {
  if (!isUuid(String(id))) return false
  if (name === 'number' || name === 'rank') return Number.isSafeInteger(key) && Math.abs(key as number) < 2 ** 31
  if (name === 'reviewDate') return typeof key === 'string' && /^[\d-]{4,10}$/.test(key)
  return /^[12]\d{3}-\d\d-\d\dT[\d:.]+Z$/.test(String(key)) && !Number.isNaN(Date.parse(String(key)))
}

/** One page of everything a filter selects, for the export. */
export const exportRecords = (
  db: Db,
  filter: Omit<RecordQuery, 'sort' | 'after' | 'limit'>,
  me: string,
  now: Date,
  after?: string,
) =>
  filtered(db, filter, me, now.toISOString().slice(0, 10))
    .select(columns)
    .$if(after !== undefined, (records) => records.where('id', '>', after!))
    .orderBy('id')
    .limit(500)
    .execute()

/** How many records there are of each type, and how many of them ask for something. */
export const countRecords = (db: Db, today: string) =>
  sql<{ type: RecordType; records: number; reviewDue: number }>`
    select type, count(*)::int as records, count(*) filter (where review_date <= ${today})::int as "reviewDue"
    from security_records where archived_at is null group by type`.execute(db)

/** Some of the records whose task is to be opened or told; another worker leaves these alone. */
export const lockFollowUps = (db: Db, limit: number) =>
  db
    .selectFrom('security_records')
    .select([...columns, 'follow_up as followUp', 'task_told as taskTold'])
    .where('follow_up', 'is not', null)
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute()

export const settleFollowUp = (db: Db, id: string, row: { task_id?: string; task_told?: string; updated_at?: Date }) =>
  db
    .updateTable('security_records')
    .set({ ...row, follow_up: null })
    .where('id', '=', id)
    .execute()
