/** How a task comes to be and how it changes, for every operation that does either: judged first, then written and recorded. */
import type { Context } from '../../platform/context.ts'
import { Stale } from '../../platform/problem.ts'
import { evaluateUpdate, type SlaState } from '../profiles/contract.ts'
import { currentProfile } from '../profiles/operations.ts'
import type { NewTask, Task, TaskChange } from './contract.ts'
import { absent, blankOf, draftTask } from './draft.ts'
import { keyOf, presentTask } from './present.ts'
import {
  accepted,
  evaluationContext,
  forCategory,
  prefixOf,
  profileOf,
  rankIn,
  systemValues,
  withKnownProblem,
  withKnownTeam,
} from './process.ts'
import type { TaskRecord, WholeTask } from './queries.ts'
import * as queries from './queries.ts'
import { changesBetween, NoSuchTask, say, TaskDeleted, TaskMerged, withoutAliases, withoutNamesOfOthers } from './rules.ts'

/** Makes a task through its process and records it. Every door that creates tasks ends here. */
export async function createTask(ctx: Context, input: NewTask, also: { at?: Date } = {}): Promise<Task> {
  ctx.following(null)
  const bound = await currentProfile(ctx, input.profileId ?? null)
  const context = {
    ...(await evaluationContext(ctx)),
    systemValues: systemValues(ctx, input.requesterEmail),
    ...(also.at && { now: also.at }),
  }
  const known = await withKnownProblem(ctx, await withKnownTeam(ctx, withoutAliases(input) as NewTask))
  const { row, watchers, said } = draftTask(bound, known, context, { at: ctx.now, by: ctx.actor.email })
  const words = { title: String(row.title), description: String(row.description) }
  const prefix = await prefixOf(ctx)
  const number = await queries.insertTask(ctx.db, row, words, watchers)
  const key = keyOf(prefix, number)
  ctx.record('task.created', { type: 'task', id: row.id }, { key, title: words.title, after: said })
  return presentTask(asRecord(row, number), { prefix, watchers: watchers.sort(), links: [], mergedInto: null })
}

/** The row just written, as reading it again would give it. */
function asRecord(row: Record<string, unknown>, number: number): TaskRecord {
  const { priorityRank: _, ...read }: Record<string, unknown> = { ...absent, ...row, number, version: 1 }
  for (const field in read) if (read[field] instanceof Date) read[field] = read[field].toISOString()
  return read as unknown as TaskRecord
}

/** The task a write is about, locked; deleted and merged ones are not written to. */
export async function lockForChange(ctx: Context, ref: string): Promise<WholeTask> {
  const task = await queries.lockWhole(ctx.db, ref)
  if (!task) throw noSuchTask(ref)
  ctx.following(task.updatedAt)
  await refuseSettled(ctx, task)
  return task
}

export const noSuchTask = (ref: string) => NoSuchTask(say.noTask({ task: ref }))

/** Refuses what nobody may change any more, naming where to go instead. */
export async function refuseSettled(ctx: Context, task: TaskRecord): Promise<void> {
  if (task.deletedAt) throw TaskDeleted(say.deleted)
  if (!task.mergedIntoId) return
  const end = await queries.findMergeEnd(ctx.db, task.id)
  const prefix = await prefixOf(ctx)
  throw TaskMerged(say.merged({ task: keyOf(prefix, end!.number) }), {
    mergedInto: { id: end!.id, key: keyOf(prefix, end!.number) },
  })
}

/** Refuses an edit that is based on an older version, with both values of what it wanted to change. */
export function refuseStale(task: TaskRecord, wanted: Record<string, unknown>, ifVersion: number | undefined) {
  if (ifVersion === undefined || ifVersion === task.version) return
  const current = task as unknown as Record<string, unknown>
  const { version, updatedBy, updatedAt } = task
  throw Stale(say.stale({ person: updatedBy, version: String(version), yours: String(ifVersion) }), {
    version,
    updatedBy,
    updatedAt,
    current: Object.fromEntries(Object.keys(wanted).map((field) => [field, current[field] ?? null])),
    yours: wanted,
  })
}

/**
 * Changes a locked task through its process: judges, writes what differs, records it. Answers the task as it is now.
 * A change that changes nothing writes nothing.
 */
export async function changeTask<T extends TaskRecord>(ctx: Context, task: T, change: TaskChange, key: string): Promise<T> {
  const bound = await profileOf(ctx, task)
  const said = withoutAliases(change as Record<string, unknown>) as TaskChange
  const wanted = await withKnownProblem(ctx, await withKnownTeam(ctx, said, task.teamId), task)
  const known = await evaluationContext(ctx)
  const { document, context } = forCategory(bound.document, known, wanted.category ?? task.category)
  const { values, sla, move } = accepted(evaluateUpdate(document, task, wanted, context), { key })
  const stored = task as unknown as Record<string, unknown>
  const fields = withoutNamesOfOthers(blankOf(values), stored)
  const { before, after, changed } = changesBetween(stored, fields)
  if (changed.length === 0 && !move) return task
  return writeChange(ctx, task, key, { before, after, sla, move })
}

type Judged = {
  before: Record<string, unknown>
  after: Record<string, unknown>
  sla: SlaState
  move: { from: string | null; to: string; category: string } | null
}

/** Writes what the evaluator decided and records it; statements go out together. */
export async function writeChange<T extends TaskRecord>(
  ctx: Context,
  task: T,
  key: string,
  { before, after, sla, move }: Judged,
): Promise<T> {
  const rank = after.priority !== undefined && rankIn(await evaluationContext(ctx), after.priority)
  const at = ctx.following(task.updatedAt)
  const row: Record<string, unknown> = {
    ...after,
    sla,
    ...(move && { statusCategory: move.category }),
    ...(rank !== false && { priorityRank: rank }),
    version: task.version + 1,
    updatedAt: at,
    updatedBy: ctx.actor.email,
  }
  const words = after.title !== undefined || after.description !== undefined
  const now = { ...task, ...after, ...row, updatedAt: at.toISOString() } as unknown as T
  ctx.send(queries.updateTask(ctx.db, task.id, row))
  if (words) ctx.send(queries.updateWords(ctx.db, task.id, now))
  const subject = { type: 'task', id: task.id }
  const shown = { before: short(before), after: short(after) }
  if (move)
    ctx.record('task.moved', subject, { key, from: move.from ?? task.status, to: move.to, category: move.category, ...shown })
  else ctx.record('task.updated', subject, { key, ...shown })
  return now
}

/** Long texts are kept whole on the task and in its versions of comments; the activity shows how they begin. */
const short = (fields: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [
      field,
      typeof value === 'string' && value.length > 500 ? `${value.slice(0, 500)}…` : value,
    ]),
  )

/** A task with everything its page shows, from a record already read; its watchers and links are read when it has none. */
export async function whole(ctx: Context, record: TaskRecord | WholeTask): Promise<Task> {
  const [prefix, { watchers, links }, end] = await Promise.all([
    prefixOf(ctx),
    'links' in record ? record : queries.findAround(ctx.db, record.id),
    record.mergedIntoId ? queries.findMergeEnd(ctx.db, record.id) : null,
  ])
  return presentTask(record, { prefix, watchers, links, mergedInto: end ?? null })
}
