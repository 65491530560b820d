/** A task may be linked only to a record there is: looked up in the transaction that links it. */
import type { Context } from '../../platform/context.ts'
import { on } from '../../platform/events.ts'
import { Invalid } from '../../platform/problem.ts'
import { linkOf } from '../tasks/operations.ts'
import { keepsType, recordNamed } from './operations.ts'

export const checkLinkOfNewTask = on('task.created', (ctx, { data: { after } }) => checkLink(ctx, after))

export const checkLinkOfChangedTask = on('task.updated', (ctx, { subjectId, data }) => checkChange(ctx, subjectId, data.after))
export const checkLinkOfMovedTask = on('task.moved', (ctx, { subjectId, data }) => checkChange(ctx, subjectId, data.after))

async function checkChange(ctx: Context, taskId: string | null, { linkedTaterEntityType: type, linkedTaterEntityId: id }: Link) {
  if (taskId && (type !== undefined || id !== undefined)) await checkLink(ctx, await linkOf(ctx.db, taskId))
}

type Link = { linkedTaterEntityType?: unknown; linkedTaterEntityId?: unknown }

async function checkLink(ctx: Context, { linkedTaterEntityType: type, linkedTaterEntityId: id }: Link) {
  if (typeof type !== 'string' || !keepsType(type) || typeof id !== 'string' || id === '') return
  const record = await recordNamed(ctx, type, id)
  if (record?.id === id.toLowerCase() && !record.archivedAt) return
  throw Invalid(`linkedTaterEntityId: ${reason(type, id, record)}`, {
    errors: [{ pointer: '#/linkedTaterEntityId', detail: reason(type, id, record) }],
  })
}

function reason(type: string, id: string, record: Awaited<ReturnType<typeof recordNamed>>): string {
  if (!record)
    return `There is no ${type} "${id.slice(0, 60)}" in the security register. GET /api/security/records?type=${type} lists those there are.`
  if (record.archivedAt) return `${record.reference} is archived. Restore it, or link another record.`
  return `${record.reference} is the ${type} with the id ${record.id}. Give that id.`
}
