/** Many tasks at once, already judged: written in a handful of statements and recorded one by one like any other task. */
import type { Context } from '../../platform/context.ts'

import type { Draft } from './draft.ts'
import { keyOf } from './present.ts'
import { evaluationContext, prefixOf, type TaskContext } from './process.ts'
import * as queries from './queries.ts'
import * as importing from './queries-import.ts'

/** What the evaluator is told when an import asks: the same for its preview and for the run itself, whoever looks. */
export const importContext = async (ctx: Context): Promise<TaskContext> => ({
  ...(await evaluationContext(ctx)),
  actorKind: 'system',
  systemValues: { source: 'Import' },
})

/** Writes drafts in their order, with consecutive numbers, inside the caller's transaction. */
export async function importTasks(ctx: Context, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return
  ctx.following(null)
  const [prefix, first] = await Promise.all([prefixOf(ctx), queries.nextNumber(ctx.db, drafts.length)])
  const rows = drafts.map(({ row, moves }, n) => ({ ...row, number: first + n, version: 1 + moves.length }))
  const watchers = drafts.flatMap(({ row, watchers: emails }) => emails.map((email) => ({ task_id: row.id, email })))
  for (const [n, draft] of drafts.entries()) recordDraft(ctx, draft, keyOf(prefix, first + n))
  await Promise.all([
    importing.insertTasks(ctx.db, rows),
    importing.insertWords(ctx.db, rows),
    watchers.length > 0 && importing.insertWatchers(ctx.db, watchers),
  ])
}

function recordDraft(ctx: Context, { row, said, moves, made }: Draft, key: string) {
  const subject = { type: 'task', id: row.id }
  ctx.record('task.created', subject, { key, title: String(row.title), after: said }, made)
  for (const { at, outsideProcess, ...move } of moves) {
    ctx.record('task.moved', subject, { key, ...move, ...(outsideProcess && { outsideProcess }) }, at)
  }
}
