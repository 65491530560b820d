/**
 * The run of an import, step by step: each is a transaction of its own that also moves the row's progress, so that an import
 * that was killed goes on exactly where it was. Only the worker calls these; they have no route (not in operations.ts).
 */
import { z } from 'zod'
import type { Context } from '../../platform/context.ts'
import { Id } from '../../platform/fields.ts'
import { command } from '../../platform/operation.ts'
import { currentProfile } from '../profiles/operations.ts'
import { importTasks } from '../tasks/operations.ts'
import { type Entry, judgeOf, type Verdict } from './judging.ts'
import { judgingOf } from './operations.ts'
import * as queries from './queries.ts'
import { mostErrors } from './rules.ts'

const internal = { permission: 'imports.run', quiet: true } as const

const Work = z.object({
  kind: z.enum(['csv', 'servicenow']),
  columns: z.array(z.string()),
  mapping: z.record(z.string(), z.string()),
  doneRows: z.number(),
  totalRows: z.number().nullable(),
  startedBy: z.string(),
  startedByName: z.string(),
  channel: z.string(),
})
export type Work = z.output<typeof Work>

/** What there is to do; null when there is nothing (any more). */
export const begin = command({
  ...internal,
  name: 'imports.begin',
  summary: 'Take up an import',
  route: 'POST /imports/:importId/begin',
  input: z.strictObject({ importId: Id }),
  output: z.object({ work: Work.nullable() }),
  async run({ db }, { importId }) {
    const found = await queries.lockImport(db, importId)
    if (!found || (found.status !== 'queued' && found.status !== 'running')) return { work: null }
    if (found.status === 'queued') await queries.updateImport(db, importId, { status: 'running' })
    return { work: found as unknown as Work }
  },
})

/** The file was read through once: it is whole, and has so many rows. */
export const counted = command({
  ...internal,
  name: 'imports.counted',
  summary: 'Note how many rows an import has',
  route: 'POST /imports/:importId/counted',
  input: z.strictObject({ importId: Id, rows: z.number().int() }),
  output: z.object({}),
  async run({ db }, { importId, rows }) {
    await queries.updateImport(db, importId, { total_rows: rows })
    return {}
  },
})

/** Brings in some rows. `go` is false when the import was cancelled or another worker is ahead of this one. */
export const bring = command({
  ...internal,
  name: 'imports.bring',
  summary: 'Bring in some rows of an import',
  route: 'POST /imports/:importId/bring',
  input: z.strictObject({
    importId: Id,
    from: z.number().int(),
    entries: z.custom<Entry[]>((value) => Array.isArray(value)),
    /** The database refused this one row; it is noted with the reason. */
    refusal: z.string().optional(),
  }),
  output: z.object({ go: z.boolean() }),
  async run(ctx, { importId, from, entries, refusal }) {
    const found = await queries.lockImport(ctx.db, importId)
    if (found?.status !== 'running' || found.doneRows !== from) return { go: false }
    const judge = judgeOf(await judgingOf(ctx, found, await currentProfile(ctx, found.profileId)))
    const verdicts = entries.map((entry) => (refusal === undefined ? judge(entry) : refused(judge(entry), refusal)))
    const keys = verdicts.map(({ key }) => key).filter((key) => key !== null)
    const known = keys.length > 0 ? await queries.findKeys(ctx.db, found.kind, keys) : new Set<string>()
    const sorted = sort(verdicts, known)
    await write(ctx, found, sorted)
    return { go: true }
  },
})

const refused = (verdict: Verdict, message: string): Verdict => ({ ...verdict, draft: null, notice: null, message })

/** New ones, and how many are there already. A key that comes twice in one file is one task. */
function sort(verdicts: readonly Verdict[], known: Set<string>) {
  const fresh: Verdict[] = []
  for (const verdict of verdicts) {
    if (verdict.key !== null && known.has(verdict.key)) continue
    if (verdict.key !== null && verdict.draft) known.add(verdict.key)
    fresh.push(verdict)
  }
  return { fresh, done: verdicts.length, unchanged: verdicts.length - fresh.length }
}

async function write(ctx: Context, found: queries.WorkRecord, { fresh, done, unchanged }: ReturnType<typeof sort>) {
  const accepted = fresh.filter(({ draft }) => draft !== null)
  const said = fresh.flatMap(({ line, message, notice }) =>
    (message ?? notice) ? [{ line, message: (message ?? notice)!, notice: message === null }] : [],
  )
  const failed = fresh.length - accepted.length
  const kept = said.slice(0, Math.max(0, mostErrors - found.failedCount - found.noticeCount))
  const keyed = accepted.flatMap(({ key, draft }) => (key === null ? [] : [{ key, task_id: draft!.row.id }]))
  await importTasks(
    ctx,
    accepted.map(({ draft }) => draft!),
  )
  await Promise.all([
    keyed.length > 0 && queries.insertKeys(ctx.db, found.kind, keyed),
    kept.length > 0 && queries.insertErrors(ctx.db, found.id, kept),
    queries.addProgress(ctx.db, found.id, { done, created: accepted.length, unchanged, failed, notices: said.length - failed }),
  ])
}

export const finish = command({
  ...internal,
  name: 'imports.finish',
  summary: 'Finish an import',
  route: 'POST /imports/:importId/finish',
  input: z.strictObject({ importId: Id }),
  output: z.object({}),
  async run(ctx, { importId }) {
    const found = await queries.lockImport(ctx.db, importId)
    if (found?.status !== 'running') return {}
    const { fileName, createdCount: created, unchangedCount: unchanged, failedCount: failed } = found
    await queries.updateImport(ctx.db, importId, { status: 'finished', sample: '[]', finished_at: ctx.now })
    ctx.record('import.finished', { type: 'import', id: importId }, { fileName, created, unchanged, failed })
    return {}
  },
})

export const fail = command({
  ...internal,
  name: 'imports.fail',
  summary: 'Give up an import',
  route: 'POST /imports/:importId/fail',
  input: z.strictObject({ importId: Id, error: z.string() }),
  output: z.object({}),
  async run(ctx, { importId, error }) {
    const found = await queries.lockImport(ctx.db, importId)
    if (found?.status !== 'running' && found?.status !== 'queued') return {}
    await queries.updateImport(ctx.db, importId, { status: 'failed', error, sample: '[]', finished_at: ctx.now })
    ctx.record('import.failed', { type: 'import', id: importId }, { fileName: found.fileName, error })
    return {}
  },
})
