/** What a comment does to its task; the module of comments calls this inside its own transaction. */
import type { Context } from '../../platform/context.ts'
import { firstPublicReply, noSla, type SlaState } from '../profiles/contract.ts'
import { noSuchTask } from './change.ts'
import { keyOf } from './present.ts'
import { prefixOf } from './process.ts'
import * as queries from './queries.ts'
import { say, TaskDeleted } from './rules.ts'

export type CommentedTask = { id: string; key: string; title: string; redirected: boolean }

/** The task a comment goes to: the one named, or the end of its chain of merges. Locked. */
export async function taskForComment(ctx: Context, ref: string): Promise<{ task: queries.TaskRecord; subject: CommentedTask }> {
  const named = await queries.lockTask(ctx.db, ref)
  if (!named) throw noSuchTask(ref)
  const end = named.mergedIntoId ? await queries.findMergeEnd(ctx.db, named.id) : null
  const task = end ? (await queries.lockTask(ctx.db, end.id))! : named
  if (task.deletedAt) throw TaskDeleted(say.deletedForReply)
  ctx.following(task.updatedAt)
  const key = keyOf(await prefixOf(ctx), task.number)
  return { task, subject: { id: task.id, key, title: task.title, redirected: end !== null } }
}

/**
 * A comment was written: the task is touched, its words become findable, and the first public reply by staff meets the
 * first response (decisions §5). Words of the requester do not. The version stays: nobody's edit of a field became stale.
 */
export async function recordReply(
  ctx: Context,
  task: queries.TaskRecord,
  reply: { body: string; visibility: 'public' | 'internal' },
) {
  const byStaff = ctx.actor.email !== task.requesterEmail && ctx.actor.kind !== 'system'
  const responds = reply.visibility === 'public' && byStaff && !task.firstResponseAt
  const sla = responds ? firstPublicReply((task.sla as SlaState | null) ?? noSla, ctx.now) : null
  await Promise.all([
    queries.updateTask(ctx.db, task.id, {
      updatedAt: ctx.following(task.updatedAt),
      updatedBy: ctx.actor.email,
      ...(responds && { firstResponseAt: ctx.now, sla, responseDueAt: sla?.response?.dueAt ?? null }),
    }),
    queries.appendWords(ctx.db, task.id, reply.body, reply.visibility === 'public' ? 'C' : 'D'),
  ])
}

/** Comments changed: their words are read again, as far as they fit (the newest first). */
export const rewriteWords = (ctx: Context, taskId: string, comments: { visibility: string; body: string }[]) => {
  const said = (visibility: string) =>
    newest(comments.filter((comment) => comment.visibility === visibility).map(({ body }) => body))
  return queries.replaceCommentWords(ctx.db, taskId, said('public'), said('internal'))
}

/** What is kept of each of the two: well below the megabyte that PostgreSQL keeps of one document. */
const mostBytes = 350_000

function newest(bodies: string[]): string {
  let room = mostBytes
  const kept = bodies.toReversed().filter((body) => {
    const bytes = Buffer.byteLength(body) + 1
    if (bytes > room) return false
    room -= bytes
    return true
  })
  return kept.reverse().join('\n')
}
