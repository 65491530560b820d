/** What concerns the account of a person concerns every organization the person belongs to, wherever it was done from. */
import type { Context } from '../../platform/context.ts'
import type { EventMap } from '../vocabulary.ts'
import { listOwnMemberships } from './queries.ts'

/** Records it in all of the asker's own organizations; none of them learns which others there are. */
export async function recordForOwn<A extends keyof EventMap>(ctx: Context, action: A, data: EventMap[A]): Promise<void> {
  const userId = ctx.actor.id
  if (!userId) return
  const own = await listOwnMemberships(ctx.db, userId)
  ctx.recordIn(
    own.map(({ id }) => id),
    action,
    { type: 'user', id: userId },
    data,
  )
}
