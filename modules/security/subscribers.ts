/** A task may be linked only to a record there is: looked up in the transaction that links it. */
import type { Context } from '../../platform/context.ts'
import { on } from '../../platform/events.ts'
import type { Message } from '../../platform/messages.ts'
import { invalidField } from '../../platform/problem.ts'
import { linkOf } from '../tasks/operations.ts'
import { keepsType, recordNamed } from './operations.ts'
import { say, typeNamed } from './rules.ts'

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
  throw invalidField(['linkedTaterEntityId'], reason(type, id, record))
}

function reason(type: string, id: string, record: Awaited<ReturnType<typeof recordNamed>>): Message {
  if (!record) return say.noLinked({ type, id: id.slice(0, 60) })
  if (record.archivedAt) return say.linkedArchived({ record: record.reference })
  return say.linkedId({ record: record.reference, type: typeNamed(type), id: record.id })
}
