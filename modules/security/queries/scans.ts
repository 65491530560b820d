/** All SQL about scans, their rows and what they change in the register. */
import { sql } from 'kysely'
import type { Db } from '../../../platform/context.ts'
import type { FoundRow } from '../formats.ts'
import { severityRank } from '../rules.ts'

const columns = [
  'id',
  'source',
  'format',
  'given',
  'file_name as fileName',
  'file_size as fileSize',
  'sha256',
  'scanned_at as scannedAt',
  'status',
  'duplicate_of as duplicateOf',
  'total_rows as totalRows',
  'done_rows as doneRows',
  'passed',
  'failed',
  'errors',
  'manual',
  'skipped',
  'not_applicable as notApplicable',
  'critical_failing as criticalFailing',
  'high_failing as highFailing',
  'error',
  'problems',
  'created_at as createdAt',
  'created_by as createdBy',
  'finished_at as finishedAt',
] as const
const forWork = [...columns, 'created_by_name as createdByName', 'channel'] as const

type ScanFilter = { source?: string | undefined; status?: string[] | undefined; after?: string | undefined; limit: number }
export const listScans = (db: Db, { source, status, after, limit }: ScanFilter) =>
  db
    .selectFrom('scans')
    .select(columns)
    .$if(source !== undefined, (scans) => scans.where('source', '=', source!))
    .$if(status !== undefined, (scans) => scans.where('status', '=', sql<string>`any(${status}::text[])`))
    .$if(after !== undefined, (scans) => scans.where('id', '<', after!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

export const findScan = (db: Db, id: string) => db.selectFrom('scans').select(columns).where('id', '=', id).executeTakeFirst()
export const lockScan = (db: Db, id: string) =>
  db.selectFrom('scans').select(forWork).where('id', '=', id).forUpdate().executeTakeFirst()
export type ScanRecord = NonNullable<Awaited<ReturnType<typeof findScan>>>
export type WorkRecord = NonNullable<Awaited<ReturnType<typeof lockScan>>>

/** One at a time in an organization: which scan is a new one, and which is the latest of its source. */
export const lockScans = (db: Db) =>
  sql`select pg_advisory_xact_lock(hashtextextended('scans:' || current_organization()::text, 0))`.execute(db)

type NewScan = {
  id: string
  given: string
  file_name: string
  file_size: number
  sha256: string
  status: string
  created_at: Date
  created_by: string
  created_by_name: string
  channel: string
}
export const insertScan = (db: Db, row: NewScan) =>
  db.insertInto('scans').values(row).returning(columns).executeTakeFirstOrThrow()

type Change = Partial<{
  source: string
  format: string
  identity: string
  scan_key: string | null
  scanned_at: string
  status: string
  duplicate_of: string
  total_rows: number
  error: string
  problems: string
  finished_at: Date
}>
export const updateScan = (db: Db, id: string, change: Change) =>
  db.updateTable('scans').set(change).where('id', '=', id).returning(columns).executeTakeFirstOrThrow()

/** The same scan of the same source, received before: by its own id or time, or byte for byte. */
export const findSameScan = (db: Db, id: string, source: string, identity: string, sha256: string) =>
  db
    .selectFrom('scans')
    .select(columns)
    .where('source', '=', source)
    .where('id', '!=', id)
    .where('status', '=', sql<string>`any('{queued,running,finished}')`)
    .where((eb) => eb.or([eb('identity', '=', identity), eb('sha256', '=', sha256)]))
    .orderBy('id')
    .executeTakeFirst()

/** Rows as arrays of columns: the statement stays the same text whatever their number. */
export const insertRows = (db: Db, scanId: string, from: number, rows: readonly FoundRow[]) =>
  sql`insert into scan_rows (scan_id, n, control_id, title, framework, severity_rank, result, resource, detail)
    select ${scanId}::uuid, n, control_id, title, framework, severity_rank, result, resource, detail
    from json_to_recordset(${JSON.stringify(
      rows.map((row, at) => ({
        n: from + at + 1,
        control_id: row.controlId,
        title: row.title,
        framework: row.framework,
        severity_rank: severityRank(row.severity),
        result: row.result,
        resource: row.resource,
        detail: row.detail,
      })),
    )}::json) as row(n int, control_id text, title text, framework text, severity_rank int, result text, resource text, detail text)`.execute(
    db,
  )

export const addProgress = (db: Db, id: string, rows: number) =>
  db
    .updateTable('scans')
    .set({ done_rows: sql`done_rows + ${rows}` })
    .where('id', '=', id)
    .execute()

/** One line per control from the rows; the weights of results are those of rules.ts (resultWeights). */
export const foldControls = (db: Db, scanId: string) =>
  sql`insert into scan_controls (scan_id, control_id, title, framework, severity_rank, result, rows, failed_rows)
    select ${scanId}::uuid, control_id, (array_agg(title order by n))[1], (array_agg(framework order by n))[1], max(severity_rank),
      case when bool_or(result = 'fail') then 'fail' when bool_or(result = 'error') then 'error'
           when bool_or(result = 'manual') then 'manual' when bool_or(result = 'pass') then 'pass'
           when bool_or(result = 'skipped') then 'skipped' else 'not-applicable' end,
      count(*), count(*) filter (where result = 'fail')
    from scan_rows where scan_id = ${scanId} group by control_id`.execute(db)

/** Counts the controls of a scan and writes them to its row. */
export const countControls = (db: Db, scanId: string, at: Date) =>
  sql`update scans set (passed, failed, errors, manual, skipped, not_applicable, critical_failing, high_failing) =
      (select count(*) filter (where result = 'pass'), count(*) filter (where result = 'fail'),
              count(*) filter (where result = 'error'), count(*) filter (where result = 'manual'),
              count(*) filter (where result = 'skipped'), count(*) filter (where result = 'not-applicable'),
              count(*) filter (where result = 'fail' and severity_rank = 5), count(*) filter (where result = 'fail' and severity_rank = 4)
       from scan_controls where scan_id = ${scanId}),
      status = 'finished', finished_at = ${at} where id = ${scanId}`.execute(db)

export const latestScan = (db: Db, source: string) =>
  db
    .selectFrom('scans')
    .select(columns)
    .where('source', '=', source)
    .where('status', '=', 'finished')
    .orderBy('scanned_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

export const scanBefore = (db: Db, source: string, scannedAt: string, id: string) =>
  db
    .selectFrom('scans')
    .select(columns)
    .where('source', '=', source)
    .where('status', '=', 'finished')
    .where(sql<boolean>`(scanned_at, id) < (${scannedAt}::timestamptz, ${id}::uuid)`)
    .orderBy('scanned_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()

export const saveSummary = (db: Db, source: string) =>
  sql`insert into scan_summaries (source, scan_id, scanned_at, passed, failed, errors, manual, skipped, not_applicable, critical_failing, high_failing)
    select source, id, scanned_at, passed, failed, errors, manual, skipped, not_applicable, critical_failing, high_failing
    from scans where source = ${source} and status = 'finished' order by scanned_at desc, id desc limit 1
    on conflict (organization_id, source) do update set (scan_id, scanned_at, passed, failed, errors, manual, skipped, not_applicable, critical_failing, high_failing) =
      (excluded.scan_id, excluded.scanned_at, excluded.passed, excluded.failed, excluded.errors, excluded.manual, excluded.skipped, excluded.not_applicable, excluded.critical_failing, excluded.high_failing)`.execute(
    db,
  )

const severityWord = sql`case c.severity_rank when 5 then 'critical' when 4 then 'high' when 3 then 'medium' when 2 then 'low' when 1 then 'informational' else 'unrated' end`

/**
 * Brings the results of a scan to the records of its controls, and notes which tasks are to be opened or told. A control
 * that newly fails comes back from the archive. Answers how many newly fail and how many are fixed, of those with a record.
 */
export const updateControls = async (db: Db, scanId: string, source: string, at: Date, openTasks: boolean) => {
  const { rows } = await sql<{ newlyFailing: number; fixed: number }>`
    with before as (
      select r.id, r.result, c.result as now, c.severity_rank, ${severityWord} as severity from security_records r
      join scan_controls c on c.scan_id = ${scanId} and c.control_id = r.control_id where r.source = ${source} for update of r
    ), changed as (
      update security_records r set
        result = b.now,
        result_since = case when b.result is distinct from b.now then ${at} else r.result_since end,
        severity = b.severity,
        rank = case when b.now = 'fail' then 10 else 0 end + b.severity_rank,
        scan_id = ${scanId},
        updated_at = case when b.result is distinct from b.now then ${at} else r.updated_at end,
        updated_by = case when b.result is distinct from b.now then ${source} else r.updated_by end,
        version = case when b.result is distinct from b.now then r.version + 1 else r.version end,
        archived_at = case when b.now = 'fail' and b.result is distinct from 'fail' then null else r.archived_at end,
        follow_up = case
          when r.task_id is not null and b.now in ('fail', 'pass') then case when b.now = r.task_told then null else b.now end
          when r.task_id is null and ${openTasks} and b.now = 'fail' and b.result is distinct from 'fail' and b.severity_rank >= 4 then 'fail'
          else null end
      from before b where r.id = b.id
    )
    select count(*) filter (where now = 'fail' and result is distinct from 'fail')::int as "newlyFailing",
           count(*) filter (where now = 'pass' and result = 'fail')::int as fixed from before`.execute(db)
  return rows[0]!
}

/** How many failing controls of a scan have no record yet. */
export const countUnrecorded = async (db: Db, scanId: string, source: string) => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from scan_controls c where c.scan_id = ${scanId} and c.result = 'fail'
    and not exists (select from security_records r where r.source = ${source} and r.control_id = c.control_id)`.execute(db)
  return rows[0]!.count
}

/** Makes a record for each failing control that has none; ids and numbers are made here, in the order of the control ids. */
export const insertControls = (
  db: Db,
  scanId: string,
  source: string,
  at: Date,
  lastNumber: number,
  count: number,
  openTasks: boolean,
) =>
  sql`insert into security_records (id, type, number, title, status, source, control_id, framework, severity, result, result_since, rank, scan_id, follow_up, created_at, created_by, updated_at, updated_by)
    select gen_random_uuid(), 'control', ${lastNumber - count}::int + row_number() over (order by c.control_id)::int, c.title, 'active', ${source}, c.control_id,
      nullif(c.framework, ''), ${severityWord}, 'fail', ${at}, 10 + c.severity_rank, ${scanId},
      case when ${openTasks} and c.severity_rank >= 4 then 'fail' end, ${at}, ${source}, ${at}, ${source}
    from scan_controls c where c.scan_id = ${scanId} and c.result = 'fail'
    and not exists (select from security_records r where r.source = ${source} and r.control_id = c.control_id)`.execute(db)

type RowFilter = { result?: string[] | undefined; severityRanks?: number[] | undefined; q?: string | undefined; limit: number }
const pattern = (q: string) => `%${q.trim().replaceAll(/[\\%_]/g, '\\$&')}%`

export const listRows = (db: Db, scanId: string, { result, severityRanks, q, limit, after }: RowFilter & { after: number }) =>
  db
    .selectFrom('scan_rows')
    .select([
      'n',
      'control_id as controlId',
      'title',
      'framework',
      'severity_rank as severityRank',
      'result',
      'resource',
      'detail',
    ])
    .where('scan_id', '=', scanId)
    .where('n', '>', after)
    .$if(result !== undefined, (rows) => rows.where('result', '=', sql<string>`any(${result}::text[])`))
    .$if(severityRanks !== undefined, (rows) => rows.where('severity_rank', '=', sql<number>`any(${severityRanks}::int[])`))
    .$if(q !== undefined && q.trim() !== '', (rows) =>
      rows.where((eb) =>
        eb.or([eb('title', 'ilike', pattern(q!)), eb('control_id', 'ilike', pattern(q!)), eb('resource', 'ilike', pattern(q!))]),
      ),
    )
    .orderBy('n')
    .limit(limit)
    .execute()

/** The controls of a scan, the worst first; each with its record. `after` is the position of the last one. */
export const listControls = (
  db: Db,
  scanId: string,
  source: string,
  { result, severityRanks, q, limit, after }: RowFilter & { after: { severityRank: number; controlId: string } | null },
) =>
  db
    .selectFrom('scan_controls as c')
    .leftJoin('security_records as r', (join) => join.on('r.source', '=', source).onRef('r.control_id', '=', 'c.control_id'))
    .select([
      'c.control_id as controlId',
      'c.title',
      'c.framework',
      'c.severity_rank as severityRank',
      'c.result',
      'c.rows',
      'c.failed_rows as failedRows',
      'r.id as recordId',
      'r.number as recordNumber',
    ])
    .where('c.scan_id', '=', scanId)
    .$if(after !== null, (rows) =>
      rows.where(
        sql<boolean>`(-c.severity_rank, c.control_id) > (${-(after?.severityRank ?? 0)}::int, ${after?.controlId ?? ''})`,
      ),
    )
    .$if(result !== undefined, (rows) => rows.where('c.result', '=', sql<string>`any(${result}::text[])`))
    .$if(severityRanks !== undefined, (rows) => rows.where('c.severity_rank', '=', sql<number>`any(${severityRanks}::int[])`))
    .$if(q !== undefined && q.trim() !== '', (rows) =>
      rows.where((eb) => eb.or([eb('c.title', 'ilike', pattern(q!)), eb('c.control_id', 'ilike', pattern(q!))])),
    )
    .orderBy(sql`-c.severity_rank`)
    .orderBy('c.control_id')
    .limit(limit)
    .execute()

/** Controls whose result is not the same in two scans, the worst first. */
export const compareScans = async (db: Db, before: string, after: string, limit: number) =>
  (
    await sql<{ controlId: string; title: string; severityRank: number; before: string | null; after: string | null }>`
      select coalesce(b.control_id, a.control_id) as "controlId", coalesce(a.title, b.title) as title,
             coalesce(a.severity_rank, b.severity_rank) as "severityRank", b.result as before, a.result as after
      from (select * from scan_controls where scan_id = ${before}) b
      full join (select * from scan_controls where scan_id = ${after}) a on a.control_id = b.control_id
      where b.result is distinct from a.result
      order by (a.result = 'fail') desc nulls last, coalesce(a.severity_rank, b.severity_rank) desc, 1 limit ${limit}`.execute(db)
  ).rows

/** The results of one control in the scans of its source, newest first. */
export const historyOf = (db: Db, source: string, controlId: string, limit: number) =>
  db
    .selectFrom('scan_controls as c')
    .innerJoin('scans as s', (join) => join.onRef('s.id', '=', 'c.scan_id').onRef('s.organization_id', '=', 'c.organization_id'))
    .select([
      's.id as scanId',
      's.scanned_at as scannedAt',
      'c.result',
      'c.severity_rank as severityRank',
      'c.rows',
      'c.failed_rows as failedRows',
    ])
    .where('s.source', '=', source)
    .where('s.status', '=', 'finished')
    .where('c.control_id', '=', controlId)
    .orderBy('s.scanned_at', 'desc')
    .orderBy('s.id', 'desc')
    .limit(limit)
    .execute()

/** The rows about one control in one scan that did not pass, for its record. */
export const failingRows = (db: Db, scanId: string, controlId: string, limit: number) =>
  db
    .selectFrom('scan_rows')
    .select(['resource', 'detail', 'result'])
    .where('scan_id', '=', scanId)
    .where('control_id', '=', controlId)
    .where('result', '=', sql<string>`any('{fail,error,manual}')`)
    .orderBy('n')
    .limit(limit)
    .execute()

export const listSummaries = (db: Db) =>
  db
    .selectFrom('scan_summaries')
    .select([
      'source',
      'scan_id as scanId',
      'scanned_at as scannedAt',
      'passed',
      'failed',
      'errors',
      'manual',
      'skipped',
      'not_applicable as notApplicable',
      'critical_failing as criticalFailing',
      'high_failing as highFailing',
    ])
    .orderBy('source')
    .limit(200)
    .execute()

/** The last finished scans of every source, for its trend. */
export const listTrends = async (db: Db, each: number) =>
  (
    await sql<{ source: string; scanId: string; scannedAt: string; passed: number; failed: number }>`
      select s.source, t.* from scan_summaries s cross join lateral (
        select id as "scanId", scanned_at as "scannedAt", passed, failed from scans
        where source = s.source and status = 'finished' order by scanned_at desc, id desc limit ${each}) t`.execute(db)
  ).rows

export const findSettings = (db: Db) =>
  db
    .selectFrom('security_settings')
    .select(['stale_after_days as staleAfterDays', 'open_tasks as openTasks', 'version'])
    .executeTakeFirst()

export const saveSettings = (db: Db, row: { stale_after_days: number; open_tasks: boolean; version: number }) =>
  db
    .insertInto('security_settings')
    .values(row)
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(row))
    .execute()

/** Past row security, for clients of the running organization only (db/migrations/0017_security_clients.sql). */
export const complianceOfOrganizations = async (db: Db, organizations: readonly string[]) =>
  (
    await sql<{
      organizationId: string
      source: string
      scannedAt: string
      passed: number
      failed: number
      criticalFailing: number
      highFailing: number
      staleAfterDays: number
    }>`select organization_id as "organizationId", source, scanned_at as "scannedAt", passed, failed,
         critical_failing as "criticalFailing", high_failing as "highFailing", stale_after_days as "staleAfterDays"
       from compliance_of_organizations(${organizations}::uuid[])`.execute(db)
  ).rows
