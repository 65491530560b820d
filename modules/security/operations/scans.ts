/** Compliance scans: received, looked at, compared; the overview; the rules an organization sets for them. */
import { z } from 'zod'
import type { Context, Db } from '../../../platform/context.ts'
import { decodeCursor, encodeCursor, Id, next, paging, text } from '../../../platform/fields.ts'
import { command, query } from '../../../platform/operation.ts'
import { BadRequest, Stale } from '../../../platform/problem.ts'
import {
  type Compliance,
  Compliance as ComplianceSchema,
  ControlResult,
  Difference,
  RecordRef,
  type RecordType,
  type Result,
  recordTypes,
  results,
  Scan,
  ScanRow,
  SecuritySettings,
  type Severity,
  SourceStanding,
  scanFormats,
  scanInput,
  scanStatuses,
  severities,
} from '../contract.ts'
import { presentScan, referenceOfRecord } from '../present.ts'
import * as queries from '../queries.ts'
import {
  aheadOf,
  complianceFrom,
  differenceOf,
  isStale,
  NoSuchRecord,
  NoSuchScan,
  ScanRefused,
  say,
  scoreOf,
  severityOf,
  severityRank,
} from '../rules.ts'

const scanId = Id.describe('Scan id')

export const listScans = query({
  name: 'scans.list',
  summary: 'Compliance scans of the organization, newest first',
  route: 'GET /security/scans',
  permission: 'security.read',
  input: z.strictObject({
    source: text(120).optional(),
    status: z.array(z.enum(scanStatuses)).max(5).optional(),
    after: Id.optional(),
    limit: paging.limit,
  }),
  output: z.object({ items: z.array(Scan), next }),
  async run({ db }, filter) {
    const rows = await queries.listScans(db, filter)
    return { items: rows.map(presentScan), next: rows.length === filter.limit ? rows.at(-1)!.id : null }
  },
})

export const getScan = query({
  name: 'scans.get',
  summary: 'One scan: its progress while it is brought in, its counts afterwards',
  route: 'GET /security/scans/:scanId',
  permission: 'security.read',
  input: z.strictObject({ scanId }),
  output: Scan,
  run: async ({ db }, { scanId }) => presentScan(await found(db, scanId)),
})

async function found(db: Db, id: string) {
  const scan = await queries.findScan(db, id)
  if (!scan) throw NoSuchScan(say.noScan({ scan: id }))
  return scan
}

const rowFilter = {
  result: z.array(z.enum(results)).max(6).optional(),
  severity: z.array(z.enum(severities)).max(6).optional(),
  q: text(200).optional().describe('Words of the control id, the title or the resource'),
}
const ranksOf = (severity: Severity[] | undefined) => severity?.map(severityRank)

export const scanControls = query({
  name: 'scans.controls',
  summary: 'The controls of a scan with their results, worst severity first',
  route: 'GET /security/scans/:scanId/controls',
  permission: 'security.read',
  input: z.strictObject({ scanId, ...rowFilter, ...paging }),
  output: z.object({ items: z.array(ControlResult), next }),
  async run({ db }, { scanId, severity, after, ...filter }) {
    const { source } = await found(db, scanId)
    const keys = after === undefined ? null : decodeCursor(after, 2)
    const [rank, controlId] = keys ?? []
    if (after !== undefined && !(Number.isInteger(rank) && Math.abs(rank as number) < 10 && typeof controlId === 'string'))
      throw BadRequest(say.nextOf)
    const position =
      after === undefined ? null : { severityRank: rank as number, controlId: (controlId as string).replaceAll('\u0000', '') }
    const rows = await queries.listControls(db, scanId, source ?? '', {
      ...filter,
      severityRanks: ranksOf(severity),
      after: position,
    })
    const last = rows.at(-1)
    return {
      items: rows.map(({ severityRank, recordId, recordNumber, result, ...row }) => ({
        ...row,
        result: result as Result,
        severity: severityOf(severityRank),
        record:
          recordId === null ? null : { id: recordId, reference: referenceOfRecord({ type: 'control', number: recordNumber! }) },
      })),
      next: rows.length === filter.limit && last ? encodeCursor([last.severityRank, last.controlId]) : null,
    }
  },
})

export const scanRows = query({
  name: 'scans.rows',
  summary: 'The rows of a scan as its file has them, one per control and resource',
  route: 'GET /security/scans/:scanId/rows',
  permission: 'security.read',
  input: z.strictObject({ scanId, ...rowFilter, ...paging }),
  output: z.object({ items: z.array(ScanRow), next }),
  async run({ db }, { scanId, severity, after, ...filter }) {
    await found(db, scanId)
    if (after !== undefined && !/^\d{1,9}$/.test(after)) throw BadRequest(say.nextOf)
    const rows = await queries.listRows(db, scanId, { ...filter, severityRanks: ranksOf(severity), after: Number(after ?? 0) })
    const items = rows.map(({ severityRank, result, ...row }) => ({
      ...row,
      result: result as Result,
      severity: severityOf(severityRank),
    }))
    return { items, next: items.length === filter.limit ? String(items.at(-1)!.n) : null }
  },
})

const mostDifferences = 500

export const compare = query({
  name: 'scans.compare',
  summary: 'What changed from the scan before: newly failing, fixed, new and gone controls',
  route: 'GET /security/scans/:scanId/changes',
  permission: 'security.read',
  input: z.strictObject({ scanId }),
  output: z.object({
    before: z.object({ id: z.string(), scannedAt: z.string() }).nullable().describe('The scan of the source before this one'),
    items: z.array(Difference),
    newlyFailing: z.number().int(),
    fixed: z.number().int(),
    more: z.boolean().describe(`There are more than the ${mostDifferences} shown`),
  }),
  async run({ db }, { scanId }) {
    const scan = await found(db, scanId)
    const nothing = { before: null, items: [], newlyFailing: 0, fixed: 0, more: false }
    if (scan.status !== 'finished') return nothing
    const before = await queries.scanBefore(db, scan.source!, scan.scannedAt!, scan.id)
    if (!before) return nothing
    const rows = await queries.compareScans(db, before.id, scan.id, mostDifferences + 1)
    const items = rows.flatMap(({ severityRank, ...row }) => {
      const change = { before: row.before as Result | null, after: row.after as Result | null }
      const kind = differenceOf(change.before, change.after)
      return kind ? [{ kind, controlId: row.controlId, title: row.title, severity: severityOf(severityRank), ...change }] : []
    })
    return {
      before: { id: before.id, scannedAt: before.scannedAt! },
      items: items.slice(0, mostDifferences),
      newlyFailing: items.filter(({ kind }) => kind === 'newly-failing').length,
      fixed: items.filter(({ kind }) => kind === 'fixed').length,
      more: rows.length > mostDifferences,
    }
  },
})

export const history = query({
  name: 'security.history',
  summary: 'The results of a control in the scans of its source, newest first, and where it fails now',
  route: 'GET /security/records/:recordId/history',
  permission: 'security.read',
  input: z.strictObject({ recordId: RecordRef }),
  output: z.object({
    items: z.array(
      z.object({
        scanId: z.string(),
        scannedAt: z.string(),
        result: z.enum(results),
        severity: z.enum(severities),
        rows: z.number().int(),
        failedRows: z.number().int(),
      }),
    ),
    failing: z.array(z.object({ resource: z.string(), detail: z.string(), result: z.enum(results) })).describe('At most 50'),
  }),
  async run({ db }, { recordId }) {
    const record = await queries.findRecord(db, recordId)
    if (!record) throw NoSuchRecord(say.noRecord({ record: recordId }))
    const { source, controlId, scanId } = record
    if (!source || !controlId) return { items: [], failing: [] }
    const [rows, failing] = await Promise.all([
      queries.historyOf(db, source, controlId, 50),
      scanId ? queries.failingRows(db, scanId, controlId, 50) : [],
    ])
    return {
      items: rows.map(({ severityRank, scannedAt, result, ...row }) => ({
        ...row,
        scannedAt: scannedAt!,
        result: result as Result,
        severity: severityOf(severityRank),
      })),
      failing: failing.map((row) => ({ ...row, result: row.result as Result })),
    }
  },
})

/** What the door found out about a file it read through itself. */
const CheckedFile = z.strictObject({
  format: z.enum(scanFormats),
  rows: z.number().int().min(1),
  source: z.string().nullable(),
  scanId: z.string().nullable(),
  scannedAt: z.string().nullable(),
})

/** Records a file already stored (doors/scans.ts); the job brings it in. */
export const upload = command({
  name: 'scans.upload',
  summary: 'Import a compliance scan: our JSON or CSV, OCSF (Prowler) as a list or NDJSON, or ScubaGear results',
  route: 'POST /security/scans',
  byDoor: 'upload',
  form: ['source', 'scannedAt'],
  permission: 'scans.import',
  input: z.strictObject({
    ...scanInput,
    id: Id,
    fileName: z.string().min(1).max(255),
    fileSize: z.number().int().min(0),
    sha256: text(64),
    checked: CheckedFile.optional(),
  }),
  output: Scan,
  async run(ctx, { id, fileName, fileSize, sha256, checked, source, scannedAt }) {
    const { db, actor, now } = ctx
    const given = { ...(source?.trim() && { source: source.trim() }), ...(scannedAt && { scannedAt }) }
    await queries.lockScans(db)
    await queries.insertScan(db, {
      id,
      given: JSON.stringify(given),
      file_name: fileName,
      file_size: fileSize,
      sha256,
      status: 'queued',
      created_at: now,
      created_by: actor.email,
      created_by_name: actor.name || actor.email,
      channel: ctx.channel,
    })
    ctx.record('scan.received', { type: 'scan', id }, { fileName, size: fileSize })
    const scan = checked ? await acceptScan(ctx, id, checked) : await found(db, id)
    if (scan.status === 'queued') await ctx.enqueue('scans', { organizationId: ctx.organizationId, scanId: id })
    return presentScan(scan)
  },
})

/**
 * A file was read through: says which scan it is, or that it is one received before, which changes nothing. Both the door
 * (small files) and the job (large ones) end here; the caller holds the lock on scans.
 */
export async function acceptScan(ctx: Context, id: string, checked: z.output<typeof CheckedFile>) {
  const scan = await found(ctx.db, id)
  const given = scan.given as { source?: string; scannedAt?: string }
  const source = given.source ?? checked.source
  if (!source) throw ScanRefused(say.noSource, { errors: [{ pointer: '#/source', detail: say.sourceMissing }] })
  const said = given.scannedAt ?? checked.scannedAt
  if (said && aheadOf(said, ctx.now))
    throw ScanRefused(say.future({ instant: said }), { errors: [{ pointer: '#/scannedAt', detail: say.inFuture }] })
  const identity = checked.scanId ?? said ?? `sha256:${scan.sha256}`
  const scannedAt = said ?? scan.createdAt
  const same = await queries.findSameScan(ctx.db, id, source, identity, scan.sha256)
  const row = { source, format: checked.format, scan_key: checked.scanId, scanned_at: scannedAt, total_rows: checked.rows }
  if (!same) return queries.updateScan(ctx.db, id, { ...row, identity })
  ctx.record('scan.recognised', { type: 'scan', id }, { fileName: scan.fileName, source, duplicateOf: same.id })
  return queries.updateScan(ctx.db, id, { ...row, status: 'duplicate', duplicate_of: same.id, finished_at: ctx.now })
}

const scansInTrend = 12

export const overview = query({
  name: 'security.overview',
  replica: true,
  summary: 'How the organization stands: the score of each source with its trend, failing controls, and what the register holds',
  route: 'GET /security/overview',
  permission: 'security.read',
  input: z.strictObject({}),
  output: z.object({
    compliance: ComplianceSchema,
    sources: z.array(SourceStanding),
    records: z.array(z.object({ type: z.enum(recordTypes), records: z.number().int(), reviewDue: z.number().int() })),
  }),
  mcp: { tool: 'get_compliance_overview', description: 'Compliance score, staleness and failing controls of the organization.' },
  async run(ctx) {
    const { db, now } = ctx
    const [summaries, trends, settings, counted] = await Promise.all([
      queries.listSummaries(db),
      queries.listTrends(db, scansInTrend),
      settingsOf(db),
      queries.countRecords(db, now.toISOString().slice(0, 10)),
    ])
    const trendOf = Map.groupBy(trends, ({ source }) => source)
    const counts = new Map(counted.rows.map((row) => [row.type, row]))
    return {
      compliance: complianceFrom(summaries, settings.staleAfterDays, now),
      sources: summaries.map((summary) => ({
        ...summary,
        stale: isStale(summary.scannedAt, settings.staleAfterDays, now),
        score: scoreOf(summary),
        trend: (trendOf.get(summary.source) ?? [])
          .map(({ scanId, scannedAt, passed, failed }) => ({ scanId, scannedAt, failed, score: scoreOf({ passed, failed }) }))
          .reverse(),
      })),
      records: recordTypes.map((type: RecordType) => counts.get(type) ?? { type, records: 0, reviewDue: 0 }),
    }
  },
})

/** How the running organization stands, for other modules. */
export async function complianceOf({ db, now }: Pick<Context, 'db' | 'now'>): Promise<Compliance> {
  const [summaries, settings] = await Promise.all([queries.listSummaries(db), settingsOf(db)])
  return complianceFrom(summaries, settings.staleAfterDays, now)
}

/**
 * How many organizations stand, in one query, for the Client Dashboard of a provider.
 * @param organizations clients of the running organization; of others the database answers nothing, as if never scanned
 */
export async function complianceOfClients(
  { db, now }: Pick<Context, 'db' | 'now'>,
  organizations: readonly string[],
): Promise<Map<string, Compliance>> {
  const rows = organizations.length === 0 ? [] : await queries.complianceOfOrganizations(db, organizations)
  const byOrganization = Map.groupBy(rows, ({ organizationId }) => organizationId)
  return new Map(
    organizations.map((id) => {
      const sources = byOrganization.get(id) ?? []
      return [id, complianceFrom(sources, sources[0]?.staleAfterDays ?? standardSettings.staleAfterDays, now)]
    }),
  )
}

const standardSettings = { staleAfterDays: 7, openTasks: false, version: 0 }

/** The rules of the organization for its scans. */
export const settingsOf = async (db: Db) => (await queries.findSettings(db)) ?? standardSettings

export const getSettings = query({
  name: 'security.settings',
  summary: 'The rules of the organization for compliance scans',
  route: 'GET /security/settings',
  permission: 'security.read',
  input: z.strictObject({}),
  output: SecuritySettings,
  run: ({ db }) => settingsOf(db),
})

export const saveSettings = command({
  name: 'security.save-settings',
  summary: 'Set when a scan is stale, and whether failing controls open tasks',
  route: 'PUT /security/settings',
  permission: 'security.manage',
  input: z.strictObject({
    staleAfterDays: z.number().int().min(1).max(365),
    openTasks: z.boolean(),
    ifVersion: z.number().int().min(0).optional(),
  }),
  output: SecuritySettings,
  async run(ctx, { ifVersion, ...wanted }) {
    await queries.lockScans(ctx.db)
    const current = await settingsOf(ctx.db)
    if (ifVersion !== undefined && ifVersion !== current.version) throw Stale(say.rulesStale, { current, yours: wanted })
    const version = current.version + 1
    const { staleAfterDays, openTasks } = wanted
    await queries.saveSettings(ctx.db, { stale_after_days: staleAfterDays, open_tasks: openTasks, version })
    const { version: _, ...before } = current
    ctx.record('security.settings-saved', { type: 'organization', id: ctx.organizationId }, { before, after: wanted })
    return { ...wanted, version }
  },
})
