/** A task as its requester may reach it: what is theirs and visible to customers, and nothing else by any reference. */
import type { Context } from '../../platform/context.ts'
import { noSuchTask } from './change.ts'
import { keyOf } from './present.ts'
import { prefixOf } from './process.ts'
import * as queries from './queries.ts'
import { isOwn } from './rules.ts'

/** The asker's own tasks that are visible to them, newest first; `after` is the id of the last one of the page before. */
export async function listOwnTasks(
  ctx: Context,
  page: { open?: boolean | undefined; after?: string | undefined; limit: number },
) {
  const [prefix, rows] = await Promise.all([prefixOf(ctx), queries.listOwn(ctx.db, ctx.actor.email, page)])
  return rows.map((row) => ({ ...row, key: keyOf(prefix, row.number) }))
}

/** One of them by id or number; of any other it is not even said that it exists. */
export async function findOwnTask(ctx: Context, ref: string) {
  const [prefix, task] = await Promise.all([prefixOf(ctx), queries.findTask(ctx.db, ref)])
  if (!task || !isOwn(task, ctx.actor.email)) throw noSuchTask(ref)
  return { ...task, key: keyOf(prefix, task.number) }
}
