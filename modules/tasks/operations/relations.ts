/** Watchers, links, merge and split. */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { Email, Timestamp } from '../../../platform/fields.ts'
import { command } from '../../../platform/operation.ts'
import { stopSla } from '../../profiles/contract.ts'
import { createTask, lockForChange, noSuchTask, refuseSettled, whole } from '../change.ts'
import { linkTypes, NewTask, Task, TaskRef } from '../contract.ts'
import { keyOf } from '../present.ts'
import { prefixOf } from '../process.ts'
import type { TaskRecord } from '../queries.ts'
import * as queries from '../queries.ts'
import { LinkRefused, MergeRefused, say } from '../rules.ts'

export const watch = command({
  name: 'tasks.watch',
  summary: 'Add and remove watchers of a task',
  route: 'POST /tasker/tasks/:taskId/watchers',
  permission: 'tasks.write',
  success: 200,
  input: z.strictObject({ taskId: TaskRef, add: z.array(Email).max(50).default([]), remove: z.array(Email).max(50).default([]) }),
  output: z.object({ watchers: z.array(z.string()) }),
  async run(ctx, { taskId, add, remove }) {
    const task = await lockForChange(ctx, taskId)
    const added = await queries.addWatchers(ctx.db, task.id, [...new Set(add)])
    const removed = await queries.removeWatchers(ctx.db, task.id, remove)
    const key = keyOf(await prefixOf(ctx), task.number)
    if (added.length + removed.length > 0) ctx.record('task.watched', { type: 'task', id: task.id }, { key, added, removed })
    return { watchers: await queries.listWatchers(ctx.db, task.id) }
  },
})

export const link = command({
  name: 'tasks.link',
  summary: 'Link a task to another: parent, blocks, duplicate, caused-by, problem or related',
  route: 'POST /tasker/tasks/:taskId/links',
  permission: 'tasks.write',
  input: z.strictObject({ taskId: TaskRef, type: z.enum(linkTypes).describe('What this task is to the other'), target: TaskRef }),
  output: Task,
  async run(ctx, { taskId, type, target }) {
    const [task, other] = await twoTasks(ctx, taskId, target)
    if (task.id === other.id) throw LinkRefused(say.linkedToItself)
    const ordered = type === 'parent' || type === 'blocks'
    if (ordered) await queries.lockLinks(ctx.db, type)
    if (ordered && (await queries.reaches(ctx.db, type, other.id, task.id))) {
      throw LinkRefused(type === 'parent' ? say.ancestor : say.blocking)
    }
    const made = await queries.insertLink(ctx.db, { task_id: task.id, type, target_id: other.id, created_by: ctx.actor.email })
    if (made) await recordOnBoth(ctx, 'task.linked', task, other, type)
    return whole(ctx, task)
  },
})

export const unlink = command({
  name: 'tasks.unlink',
  summary: 'Remove a link between two tasks',
  route: 'DELETE /tasker/tasks/:taskId/links/:type/:targetId',
  permission: 'tasks.write',
  input: z.strictObject({ taskId: TaskRef, type: z.enum(linkTypes), targetId: TaskRef }),
  output: Task,
  async run(ctx, { taskId, type, targetId }) {
    const [task, other] = await twoTasks(ctx, taskId, targetId)
    if (!(await queries.deleteLink(ctx.db, task.id, type, other.id)))
      throw noSuchTask(`${taskId} linked as ${type} to ${targetId}`)
    await recordOnBoth(ctx, 'task.unlinked', task, other, type)
    return whole(ctx, task)
  },
})

/** Both are there and may be changed; locked one after the other in the order of their ids. */
async function twoTasks(ctx: Context, first: string, second: string): Promise<[TaskRecord, TaskRecord]> {
  const [a, b] = [await queries.findTask(ctx.db, first), await queries.findTask(ctx.db, second)]
  if (!a) throw noSuchTask(first)
  if (!b) throw noSuchTask(second)
  const locked = await queries.lockTasks(ctx.db, [a.id, b.id])
  for (const task of locked) await refuseSettled(ctx, task)
  for (const { updatedAt } of locked) ctx.following(updatedAt)
  return [a, b]
}

async function recordOnBoth(
  ctx: Context,
  action: 'task.linked' | 'task.unlinked',
  task: TaskRecord,
  other: TaskRecord,
  type: string,
) {
  const prefix = await prefixOf(ctx)
  const [key, target] = [keyOf(prefix, task.number), keyOf(prefix, other.number)]
  ctx.record(action, { type: 'task', id: task.id }, { key, type, target })
  ctx.record(action, { type: 'task', id: other.id }, { key, type, target })
}

export const merge = command({
  name: 'tasks.merge',
  summary: 'Merge a duplicate into another task; comments and changes go there from now on',
  route: 'POST /tasker/tasks/:taskId/merge',
  permission: 'tasks.write',
  success: 200,
  destructive: true,
  input: z.strictObject({ taskId: TaskRef.describe('The duplicate'), into: TaskRef.describe('The task that stays') }),
  output: Task,
  async run(ctx, { taskId, into }) {
    const source = await queries.findTask(ctx.db, taskId)
    const given = await queries.findTask(ctx.db, into)
    if (!source) throw noSuchTask(taskId)
    if (!given) throw noSuchTask(into)
    const end = await queries.findMergeEnd(ctx.db, given.id)
    const locked = await queries.lockTasks(ctx.db, [source.id, end!.id])
    const from = locked.find((task) => task.id === source.id)!
    const target = locked.find((task) => task.id === end!.id)!
    if (from.id === target.id) throw MergeRefused(say.sameTask)
    await refuseSettled(ctx, from)
    await refuseSettled(ctx, target)
    for (const { updatedAt } of locked) ctx.following(updatedAt)
    const prefix = await prefixOf(ctx)
    const [key, targetKey] = [keyOf(prefix, from.number), keyOf(prefix, target.number)]
    // The duplicate's clocks end without a verdict: its work is measured on the task that stays.
    const sla = from.sla ? stopSla(from.sla as never, ctx.now, 'cancelled', `Merged into ${targetKey}`) : null
    await Promise.all([
      queries.updateTask(ctx.db, from.id, {
        mergedIntoId: target.id,
        sla,
        responseDueAt: null,
        resolutionDueAt: null,
        version: from.version + 1,
        updatedAt: ctx.following(from.updatedAt),
        updatedBy: ctx.actor.email,
      }),
      queries.insertLink(ctx.db, { task_id: from.id, type: 'duplicate', target_id: target.id, created_by: ctx.actor.email }),
      queries.copyWatchers(ctx.db, from.id, target.id),
    ])
    ctx.record('task.merged', { type: 'task', id: from.id }, { key, into: targetKey })
    ctx.record('task.received-merge', { type: 'task', id: target.id }, { key: targetKey, from: key })
    return whole(ctx, target)
  },
})

export const split = command({
  name: 'tasks.split',
  summary: 'Make a new task out of part of another, linked to it',
  route: 'POST /tasker/tasks/:taskId/split',
  permission: 'tasks.write',
  input: z.strictObject({
    taskId: TaskRef,
    ...NewTask.shape,
    slaStartsAt: Timestamp.optional().describe(
      'When the time of the new task begins to count; now when absent, at the earliest when the first task was made',
    ),
  }),
  output: Task,
  async run(ctx, { taskId, slaStartsAt, ...input }) {
    const origin = await lockForChange(ctx, taskId)
    const carried = { requesterEmail: origin.requesterEmail, requesterName: origin.requesterName, category: origin.category }
    const earliest = new Date(origin.createdAt)
    const asked = slaStartsAt ? new Date(slaStartsAt) : ctx.now
    const at = asked < earliest ? earliest : asked > ctx.now ? ctx.now : asked
    const profileId = input.profileId === undefined ? origin.profileId : input.profileId
    const task = await createTask(ctx, { ...carried, ...input, profileId }, { at })
    await queries.insertLink(ctx.db, { task_id: task.id, type: 'related', target_id: origin.id, created_by: ctx.actor.email })
    const key = keyOf(await prefixOf(ctx), origin.number)
    ctx.record('task.split', { type: 'task', id: origin.id }, { key, into: task.key })
    const links = [
      {
        type: 'related' as const,
        direction: 'outward' as const,
        task: {
          id: origin.id,
          key,
          title: origin.title,
          status: origin.status,
          statusCategory: origin.statusCategory as Task['statusCategory'],
        },
      },
    ]
    return { ...task, links }
  },
})
