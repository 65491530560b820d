import { z } from 'zod'
import type { Context } from '../../platform/context.ts'
import { Id, next, paging, text } from '../../platform/fields.ts'
import { command, query } from '../../platform/operation.ts'
import { BadRequest, Conflict } from '../../platform/problem.ts'
import type { TableRow } from '../../platform/table-file.ts'
import { type BoundProfile, currentProfile, list as listProfiles } from '../profiles/operations.ts'
import { importContext } from '../tasks/operations.ts'
import { Import, ImportError, ImportPreview, importKinds, Mapping, ValueMap } from './contract.ts'
import { type Entry, type Judging, judgeOf } from './judging.ts'
import { mappableFields, suggestMapping } from './mapping.ts'
import type { WorkRecord } from './queries.ts'
import * as queries from './queries.ts'
import { MappingRefused, NoSuchImport, obstacleToCancelling, obstacleToStarting, previewRows, say } from './rules.ts'
import { IncidentReader, logColumns, logFields, suggestLogMapping } from './servicenow.ts'

const importId = Id.describe('Import id')
const ProfileId = text(120).describe('Profile of the new tasks; a ServiceNow log takes ITIL Incident when absent')

export const list = query({
  name: 'imports.list',
  summary: 'Imports of the organization, newest first',
  route: 'GET /imports',
  permission: 'imports.run',
  input: z.strictObject({ after: Id.optional(), limit: paging.limit }),
  output: z.object({ items: z.array(Import), next }),
  async run({ db }, { after, limit }) {
    const rows = await queries.listImports(db, after, limit)
    return { items: rows.map(present), next: rows.length === limit ? rows.at(-1)!.id : null }
  },
})

export const get = query({
  name: 'imports.get',
  summary: 'One import: its progress while it runs, its counts afterwards',
  route: 'GET /imports/:importId',
  permission: 'imports.run',
  input: z.strictObject({ importId }),
  output: Import,
  async run({ db }, { importId }) {
    const found = await queries.findImport(db, importId)
    if (!found) throw noSuch(importId)
    return present(found)
  },
})

/** Records a file already stored and found readable (doors/imports.ts). */
export const upload = command({
  name: 'imports.upload',
  summary: 'Upload a file to import: .csv, or .zip with one .csv inside',
  route: 'POST /imports',
  byDoor: 'upload',
  form: ['kind'],
  permission: 'imports.run',
  input: z.strictObject({
    kind: z
      .enum(importKinds)
      .describe('csv: one row, one task. servicenow: an incident log, one task with its history per incident'),
    id: Id,
    fileName: z.string().min(1).max(255),
    fileSize: z.number().int().min(0),
    columns: z.array(z.string()),
    sample: z.string(),
  }),
  output: Import,
  async run(ctx, { id, kind, fileName, fileSize, columns, sample }) {
    if (kind === 'servicenow') logColumns(columns, {})
    const row = {
      id,
      kind,
      file_name: fileName,
      file_size: fileSize,
      columns,
      sample,
      created_by: ctx.actor.email,
      created_at: ctx.now,
    }
    const made = await queries.insertImport(ctx.db, row)
    ctx.record('import.uploaded', { type: 'import', id }, { fileName, kind, size: fileSize })
    return present(made)
  },
})

export const preview = query({
  name: 'imports.preview',
  summary: 'What the import would make of the first rows; nothing is written',
  route: 'GET /imports/:importId/preview',
  permission: 'imports.run',
  input: z.strictObject({
    importId,
    mapping: text(60_000).optional().describe('JSON {"Column": "field"}; the suggested mapping when absent'),
    values: text(60_000).optional().describe('JSON {"category": {"Hardware": "IT", "*": "Other"}}'),
    profileId: ProfileId.optional(),
  }),
  output: ImportPreview,
  async run(ctx, { importId, profileId, ...given }) {
    const found = await queries.findSample(ctx.db, importId)
    if (!found) throw noSuch(importId)
    const { columns } = found
    const started = found.status !== 'uploaded'
    const suggestedMapping = found.kind === 'csv' ? suggestMapping(columns) : suggestLogMapping(columns)
    const mapping =
      readJson('mapping', given.mapping, Mapping) ?? (started ? (found.mapping as Record<string, string>) : suggestedMapping)
    const values = readJson('values', given.values, ValueMap) ?? (started ? (found.values as z.output<typeof ValueMap>) : {})
    const bound = await profileFor(ctx, found.kind, profileId ?? (started ? found.profileId : null))
    const judging = await judgingOf(ctx, { ...found, mapping, values }, bound)
    const fields = found.kind === 'csv' ? mappableFields(bound.profile, judging.context.choices) : logFields()
    return { columns, suggestedMapping, fields, rows: await judgeSample(ctx, judging, JSON.parse(found.sample)) }
  },
})

/** The same verdicts the run gives (modules/imports/judging.ts), and what the run would find imported before. */
async function judgeSample(ctx: Context, judging: Judging, sample: TableRow[]) {
  let judge: ReturnType<typeof judgeOf>
  try {
    judge = judgeOf(judging)
  } catch (error) {
    if (judging.kind === 'csv' && sample.length > 0 && isMappingRefusal(error)) {
      return sample.slice(0, previewRows).map(({ line }) => ({ line, ok: false, title: '', message: (error as Error).message }))
    }
    throw error
  }
  const verdicts = entriesOf(judging, sample).slice(0, previewRows).map(judge)
  const keys = verdicts.map(({ key }) => key).filter((key) => key !== null)
  const known = await queries.findKeys(ctx.db, judging.kind, keys)
  return verdicts.map(({ line, title, key, draft, message, notice }) => {
    if (key !== null && known.has(key))
      return { line, ok: true, title, message: `${key} was imported before and stays as it is.` }
    if (key !== null) known.add(key)
    return { line, ok: draft !== null, title, message: message ?? notice }
  })
}

const isMappingRefusal = (error: unknown) => (error as { code?: string }).code === MappingRefused.code

function entriesOf({ kind, columns, mapping }: Judging, sample: TableRow[]): Entry[] {
  if (kind === 'csv') return sample
  const reader = new IncidentReader(logColumns(columns, mapping))
  const lines = new Map<string, number>()
  for (const row of sample) lines.set(reader.numberOf(row), (lines.get(reader.numberOf(row)) ?? 0) + 1)
  return sample.flatMap((row) => reader.add(row, (number) => lines.get(number)!) ?? [])
}

export const start = command({
  name: 'imports.start',
  summary: 'Start an import in the background',
  route: 'POST /imports/:importId/start',
  permission: 'imports.run',
  success: 200,
  input: z.strictObject({
    importId,
    mapping: Mapping.default({}).describe('Column of the file to field of the task; what a CSV leaves out here is not imported'),
    values: ValueMap.default({}),
    profileId: ProfileId.nullable().optional(),
  }),
  output: Import,
  async run(ctx, { importId, mapping, values, profileId }) {
    const found = await lock(ctx, importId)
    const obstacle = obstacleToStarting(found)
    if (obstacle) throw obstacle
    const bound = await profileFor(ctx, found.kind, profileId ?? null)
    judgeOf(await judgingOf(ctx, { ...found, mapping, values }, bound)) // refuses a mapping that cannot be
    if (found.kind === 'servicenow') logColumns(found.columns, mapping)
    const { actor, channel, now } = ctx
    ctx.record('import.started', { type: 'import', id: importId }, { fileName: found.fileName })
    await ctx.enqueue('imports', { organizationId: ctx.organizationId, importId })
    const started = await queries.updateImport(ctx.db, importId, {
      status: 'queued',
      profile_id: bound.profileId,
      mapping: JSON.stringify(mapping),
      value_map: JSON.stringify(values),
      started_at: now,
      started_by: actor.email,
      started_by_name: actor.name || actor.email,
      channel,
    })
    return present(started)
  },
})

export const errors = query({
  name: 'imports.errors',
  summary: 'Rows that could not be imported and what was left out, by line',
  route: 'GET /imports/:importId/errors',
  permission: 'imports.run',
  input: z.strictObject({ importId, after: text(600).optional().describe('`next` of the page before'), limit: paging.limit }),
  output: z.object({ items: z.array(ImportError), next }),
  async run({ db }, { importId, after, limit }) {
    if (!(await queries.findImport(db, importId))) throw noSuch(importId)
    if (after !== undefined && !/^\d{1,9}$/.test(after)) throw BadRequest(say.nextOf)
    const items = await queries.listErrors(db, importId, Number(after ?? 0), limit)
    return { items, next: items.length === limit ? String(items.at(-1)!.line) : null }
  },
})

export const cancel = command({
  name: 'imports.cancel',
  summary: 'Cancel an import; what came in so far stays',
  route: 'POST /imports/:importId/cancel',
  permission: 'imports.run',
  success: 200,
  input: z.strictObject({ importId }),
  output: Import,
  async run(ctx, { importId }) {
    const found = await lock(ctx, importId)
    const obstacle = obstacleToCancelling(found)
    if (obstacle) throw obstacle
    ctx.record('import.cancelled', { type: 'import', id: importId }, { fileName: found.fileName })
    await ctx.enqueue('imports', { organizationId: ctx.organizationId, importId }) // removes the file
    return present(await queries.updateImport(ctx.db, importId, { status: 'cancelled', sample: '[]', finished_at: ctx.now }))
  },
})

const noSuch = (id: string) => NoSuchImport(say.noImport({ id }))

async function lock(ctx: Context, id: string): Promise<WorkRecord> {
  const found = await queries.lockImport(ctx.db, id)
  if (!found) throw noSuch(id)
  return found
}

const present = (row: queries.ImportRecord): Import => ({
  ...row,
  kind: row.kind as Import['kind'],
  status: row.status as Import['status'],
  mapping: row.mapping as Import['mapping'],
  values: row.values as Import['values'],
})

/** The profile the new tasks follow: the one asked for; for a log without one, the organization's ITIL Incident. */
async function profileFor(ctx: Context, kind: string, profileId: string | null): Promise<BoundProfile> {
  if (profileId !== null || kind === 'csv') return currentProfile(ctx, profileId)
  const { items } = await ctx.call(listProfiles, {})
  const incident =
    items.find(({ seedKey, name }) => seedKey === 'itil-incident' && name === 'ITIL Incident') ??
    items.find(({ seedKey }) => seedKey === 'itil-incident')
  if (!incident) throw Conflict(say.noIncidentProfile)
  return currentProfile(ctx, incident.id)
}

type Told = Pick<WorkRecord, 'kind' | 'columns' | 'mapping' | 'values' | 'startedBy'>

/** Everything a verdict depends on. */
export async function judgingOf(
  ctx: Context,
  { kind, columns, mapping, values, startedBy }: Told,
  bound: BoundProfile,
): Promise<Judging> {
  return {
    kind: kind as Judging['kind'],
    columns,
    mapping: mapping as Judging['mapping'],
    values: values as Judging['values'],
    bound,
    context: await importContext(ctx),
    made: { at: ctx.now, by: startedBy ?? ctx.actor.email },
  }
}

function readJson<T extends z.ZodType>(name: string, given: string | undefined, schema: T): z.output<T> | undefined {
  if (given === undefined) return undefined
  try {
    return schema.parse(JSON.parse(given))
  } catch (error) {
    if (error instanceof z.ZodError) throw error
    throw BadRequest(say.jsonObject({ name, example: '{"Summary": "title"}' }))
  }
}

/** What of a file is kept for its preview. */
export const sampleLimits = { rows: 2000, characters: 4_000_000 }

export { FileRefused } from './rules.ts'
