/** The records of the register: what can be done with them. */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { next } from '../../../platform/fields.ts'
import { v7 } from '../../../platform/ids.ts'
import { command, query } from '../../../platform/operation.ts'
import { Stale } from '../../../platform/problem.ts'
import { Activity } from '../../identity/contract.ts'
import { activityOf } from '../../identity/operations.ts'
import { countOpenLinked } from '../../tasks/operations.ts'
import {
  fieldsOf,
  NewRecord,
  RecordChange,
  RecordPage,
  RecordQuery,
  RecordRef,
  type RecordType,
  recordFilter,
  SecurityRecord,
  statuses,
} from '../contract.ts'
import { heldOf, presentRecord, presentRow, referenceOfRecord, storedOf } from '../present.ts'
import * as queries from '../queries.ts'
import { ControlTaken, NoSuchRecord, obstacleToRecord, RecordArchived, say } from '../rules.ts'

export const list = query({
  name: 'security.list',
  replica: true,
  summary: 'Records of the security register by filter',
  route: 'GET /security/records',
  permission: 'security.read',
  input: RecordQuery,
  output: RecordPage,
  mcp: {
    tool: 'list_security_records',
    description: 'Controls, risks, audits, vendors, policies, wiki pages and config-docs that tasks can be linked to.',
    present: ({ items, next }) => ({
      items: items.map(({ id, type, reference, title, status, severity, result, openTasks }) => ({
        id,
        type,
        reference,
        title,
        status,
        ...(type === 'control' && { severity, result }),
        openTasks,
      })),
      next,
    }),
  },
  async run({ db, actor, now }, filter) {
    const page = await queries.listRecords(db, filter, actor.email, now)
    const open = await openTasksOf(db, page.rows)
    return { items: page.rows.map((row) => presentRow(row, open.get(row.id) ?? 0)), next: page.next }
  },
})

/** How many open tasks are linked to each of the records. */
async function openTasksOf(db: Context['db'], records: readonly { id: string; type: string }[]) {
  const byType = Map.groupBy(records, ({ type }) => type)
  const counts = await Promise.all(
    [...byType].map(([type, of]) =>
      countOpenLinked(
        db,
        type,
        of.map(({ id }) => id),
      ),
    ), // prettier-ignore
  )
  return new Map(counts.flatMap((each) => [...each]))
}

export const get = query({
  name: 'security.get',
  summary: 'One record of the security register',
  route: 'GET /security/records/:recordId',
  permission: 'security.read',
  input: z.strictObject({ recordId: RecordRef }),
  output: SecurityRecord,
  mcp: { tool: 'get_security_record' },
  async run({ db }, { recordId }) {
    const record = await queries.findRecord(db, recordId)
    if (!record) throw noSuch(recordId)
    return whole(db, record)
  },
})

export const create = command({
  name: 'security.create',
  summary: 'Add a record to the security register',
  route: 'POST /security/records',
  permission: 'security.write',
  input: NewRecord,
  output: SecurityRecord,
  async run(ctx, { type, ...given }) {
    const obstacle = obstacleToRecord(type, given)
    if (obstacle) throw obstacle
    const held = { status: statuses[type][0], ...given }
    const stored = storedOf(type, held, ctx.now)
    await refuseTaken(ctx, stored, null)
    const { now, actor } = ctx
    const by = { created_at: now, created_by: actor.email, updated_at: now, updated_by: actor.email }
    const row = { ...stored, ...by, id: v7(), type, number: await queries.takeNumbers(ctx.db, type, 1) }
    const record = await queries.insertRecord(ctx.db, row)
    ctx.record(
      'security.record-created',
      { type: 'security-record', id: row.id },
      { reference: referenceOfRecord(row), title: row.title, after: short(held) },
    )
    return presentRecord(record, 0)
  },
})

export const update = command({
  name: 'security.update',
  summary: 'Change a record of the security register',
  route: 'PATCH /security/records/:recordId',
  permission: 'security.write',
  input: z.strictObject({
    recordId: RecordRef,
    ifVersion: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('The version this edit is based on (also as If-Match); another current version is answered with 409'),
    ...RecordChange.shape,
  }),
  output: SecurityRecord,
  async run(ctx, { recordId, ifVersion, ...change }) {
    const record = await lock(ctx, recordId)
    if (record.archivedAt) throw RecordArchived(say.archived({ record: referenceOfRecord(record) }))
    refuseStale(record, change, ifVersion)
    const type = record.type as RecordType
    const obstacle = obstacleToRecord(type, change)
    if (obstacle) throw obstacle
    const held = heldOf(record)
    const wanted = { ...held, ...change }
    const late = obstacleToRecord(type, Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null)))
    if (late) throw late
    const { before, after } = differences(held, wanted)
    if (Object.keys(after).length === 0) return whole(ctx.db, record)
    const stored = storedOf(type, wanted, held.result === wanted.result ? record.resultSince : ctx.now)
    await refuseTaken(ctx, stored, record.id)
    const by = { version: record.version + 1, updated_at: ctx.now, updated_by: ctx.actor.email }
    const changed = await queries.updateRecord(ctx.db, record.id, { ...stored, ...by })
    ctx.record(
      'security.record-updated',
      { type: 'security-record', id: record.id },
      { reference: referenceOfRecord(record), before: short(before), after: short(after) },
    )
    return whole(ctx.db, changed)
  },
})

export const archive = command({
  name: 'security.archive',
  summary: 'Archive a record; its tasks keep their link, and it can be restored',
  route: 'DELETE /security/records/:recordId',
  permission: 'security.manage',
  input: z.strictObject({ recordId: RecordRef }),
  output: SecurityRecord,
  async run(ctx, { recordId }) {
    const record = await lock(ctx, recordId)
    if (record.archivedAt) return whole(ctx.db, record)
    const changed = await queries.updateRecord(ctx.db, record.id, { archived_at: ctx.now, version: record.version + 1 })
    const said = { reference: referenceOfRecord(record), title: record.title }
    ctx.record('security.record-archived', { type: 'security-record', id: record.id }, said)
    return whole(ctx.db, changed)
  },
})

export const restore = command({
  name: 'security.restore',
  summary: 'Bring an archived record back',
  route: 'POST /security/records/:recordId/restore',
  permission: 'security.manage',
  success: 200,
  input: z.strictObject({ recordId: RecordRef }),
  output: SecurityRecord,
  async run(ctx, { recordId }) {
    const record = await lock(ctx, recordId)
    if (!record.archivedAt) return whole(ctx.db, record)
    const changed = await queries.updateRecord(ctx.db, record.id, { archived_at: null, version: record.version + 1 })
    const said = { reference: referenceOfRecord(record), title: record.title }
    ctx.record('security.record-restored', { type: 'security-record', id: record.id }, said)
    return whole(ctx.db, changed)
  },
})

export const activity = query({
  name: 'security.activity',
  summary: 'What happened to a record, newest first',
  route: 'GET /security/records/:recordId/activity',
  permission: 'security.read',
  input: z.strictObject({ recordId: RecordRef, after: z.uuid().optional(), limit: z.number().int().min(1).max(200).default(50) }),
  output: z.object({ items: z.array(Activity), next }),
  async run(ctx, { recordId, ...page }) {
    const record = await queries.findRecord(ctx.db, recordId)
    if (!record) throw noSuch(recordId)
    return activityOf(ctx.db, record.id, page)
  },
})

const columns = ['reference', ...Object.keys(SecurityRecord.shape).filter((field) => !['openTasks', 'reference'].includes(field))]

export const recordExport = command({
  name: 'security.export',
  summary: 'Export the records of a filter as CSV',
  route: 'GET /security/records/export.csv',
  byDoor: 'download',
  permission: 'security.read',
  input: z.strictObject({ filter: z.strictObject(recordFilter) }),
  output: z.object({}),
  async run(ctx, { filter }) {
    ctx.record('security.records-exported', { type: 'organization', id: ctx.organizationId }, { filter })
    return {}
  },
})

export const exportPage = query({
  name: 'security.export-page',
  replica: true,
  summary: 'A page of an export of records',
  route: 'GET /security/records/export-page',
  byDoor: 'page',
  permission: 'security.read',
  input: z.strictObject({ ...recordFilter, after: z.uuid().optional() }),
  output: z.object({ columns: z.array(z.string()), items: z.array(z.record(z.string(), z.unknown())), next }),
  async run({ db, actor, now }, { after, ...filter }) {
    const rows = await queries.exportRecords(db, filter, actor.email, now, after)
    const items = rows.map((row) => {
      const full: Record<string, unknown> = presentRecord(row, 0)
      return Object.fromEntries(columns.map((column) => [column, full[column] ?? null]))
    })
    return { columns, items, next: rows.length === 500 ? rows.at(-1)!.id : null }
  },
})

const noSuch = (ref: string) => NoSuchRecord(say.noRecord({ record: ref }))

async function lock(ctx: Context, ref: string) {
  const record = await queries.lockRecord(ctx.db, ref)
  if (!record) throw noSuch(ref)
  return record
}

async function whole(db: Context['db'], record: queries.RecordRecord) {
  return presentRecord(record, (await openTasksOf(db, [record])).get(record.id) ?? 0)
}

/** One record per control of a source. */
async function refuseTaken(ctx: Context, { source, control_id: controlId }: queries.StoredRecord, own: string | null) {
  if (!source || !controlId) return
  const there = await queries.findControl(ctx.db, source, controlId)
  if (there && there.id !== own)
    throw ControlTaken(say.controlTaken({ record: referenceOfRecord(there), control: controlId, source }), {
      recordId: there.id,
    })
}

function refuseStale(record: queries.RecordRecord, wanted: Record<string, unknown>, ifVersion: number | undefined) {
  if (ifVersion === undefined || ifVersion === record.version) return
  const current: Record<string, unknown> = heldOf(record)
  throw Stale(say.stale({ person: record.updatedBy, version: String(record.version), yours: String(ifVersion) }), {
    version: record.version,
    updatedBy: record.updatedBy,
    updatedAt: record.updatedAt,
    current: Object.fromEntries(Object.keys(wanted).map((field) => [field, current[field] ?? null])),
    yours: wanted,
  })
}

function differences(held: Record<string, unknown>, wanted: Record<string, unknown>) {
  const changed = Object.keys(wanted).filter((field) => (held[field] ?? null) !== (wanted[field] ?? null))
  const of = (values: Record<string, unknown>) => Object.fromEntries(changed.map((field) => [field, values[field] ?? null]))
  return { before: of(held), after: of(wanted) }
}

/** Long texts are kept whole in the record; the activity shows how they begin. */
const short = (fields: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [
      field,
      typeof value === 'string' && value.length > 500 ? `${value.slice(0, 500)}…` : value,
    ]),
  )

/** The record a task is linked to, by id; for subscribers.ts. */
export async function recordNamed(ctx: Context, type: string, ref: string) {
  if (!RecordRef.safeParse(ref).success) return null
  const record = await queries.findRecord(ctx.db, ref)
  return record && record.type === type ? { ...record, reference: referenceOfRecord(record) } : null
}

/** Types of records the register keeps; a task may also be linked to others (service-catalog). */
export const keepsType = (type: string): type is RecordType => Object.hasOwn(fieldsOf, type)
