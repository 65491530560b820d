/** All SQL about imports, their errors and their keys. */
import { sql } from 'kysely'
import type { Db } from '../../platform/context.ts'

const columns = [
  'id',
  'kind',
  'file_name as fileName',
  'file_size as fileSize',
  'profile_id as profileId',
  'mapping',
  'value_map as values',
  'status',
  'total_rows as totalRows',
  'done_rows as doneRows',
  'created_count as createdCount',
  'unchanged_count as unchangedCount',
  'failed_count as failedCount',
  'notice_count as noticeCount',
  'error',
  'created_at as createdAt',
  'created_by as createdBy',
  'started_at as startedAt',
  'finished_at as finishedAt',
] as const
const forWork = [...columns, 'columns', 'started_by as startedBy', 'started_by_name as startedByName', 'channel'] as const

export const listImports = (db: Db, after: string | undefined, limit: number) =>
  db
    .selectFrom('imports')
    .select(columns)
    .$if(after !== undefined, (imports) => imports.where('id', '<', after!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

export const findImport = (db: Db, id: string) => db.selectFrom('imports').select(columns).where('id', '=', id).executeTakeFirst()

export const findSample = (db: Db, id: string) =>
  db.selectFrom('imports').select(forWork).select('sample').where('id', '=', id).executeTakeFirst()

export const lockImport = (db: Db, id: string) =>
  db.selectFrom('imports').select(forWork).where('id', '=', id).forUpdate().executeTakeFirst()

export type ImportRecord = NonNullable<Awaited<ReturnType<typeof findImport>>>
export type WorkRecord = NonNullable<Awaited<ReturnType<typeof lockImport>>>

type NewImport = {
  id: string
  kind: string
  file_name: string
  file_size: number
  columns: string[]
  sample: string
  created_by: string
  created_at: Date
}

export const insertImport = (db: Db, row: NewImport) =>
  db.insertInto('imports').values(row).returning(columns).executeTakeFirstOrThrow()

type Change = Partial<{
  status: string
  profile_id: string | null
  mapping: string
  value_map: string
  sample: string
  error: string | null
  total_rows: number
  started_at: Date
  started_by: string
  started_by_name: string
  channel: string
  finished_at: Date
}>

export const updateImport = (db: Db, id: string, change: Change) =>
  db.updateTable('imports').set(change).where('id', '=', id).returning(columns).executeTakeFirstOrThrow()

export type Counts = { done: number; created: number; unchanged: number; failed: number; notices: number }

export const addProgress = (db: Db, id: string, { done, created, unchanged, failed, notices }: Counts) =>
  db
    .updateTable('imports')
    .set({
      done_rows: sql`done_rows + ${done}`,
      created_count: sql`created_count + ${created}`,
      unchanged_count: sql`unchanged_count + ${unchanged}`,
      failed_count: sql`failed_count + ${failed}`,
      notice_count: sql`notice_count + ${notices}`,
    })
    .where('id', '=', id)
    .execute()

export type ErrorRow = { line: number; message: string; notice: boolean }

export const insertErrors = (db: Db, importId: string, rows: ErrorRow[]) =>
  sql`insert into import_errors (import_id, line, message, notice)
    select ${importId}::uuid, line, message, notice
    from json_to_recordset(${JSON.stringify(rows)}::json) as error(line int, message text, notice boolean)
    on conflict do nothing`.execute(db)

export const listErrors = (db: Db, importId: string, after: number, limit: number) =>
  db
    .selectFrom('import_errors')
    .select(['line', 'message', 'notice'])
    .where('import_id', '=', importId)
    .where('line', '>', after)
    .orderBy('line')
    .limit(limit)
    .execute()

/** Which of these keys were imported before. */
export const findKeys = async (db: Db, source: string, keys: string[]) =>
  new Set(
    (
      await db
        .selectFrom('import_keys')
        .select('key')
        .where('source', '=', source)
        .where('key', '=', sql<string>`any(${keys}::text[])`)
        .execute()
    ).map(({ key }) => key),
  )

/** Two imports of one key at the same moment: the second fails here as a whole and is tried again. */
export const insertKeys = (db: Db, source: string, rows: { key: string; task_id: string }[]) =>
  sql`insert into import_keys (source, key, task_id)
    select ${source}, key, task_id from json_to_recordset(${JSON.stringify(rows)}::json) as imported(key text, task_id uuid)`.execute(
    db,
  )
