import { z } from 'zod'
import { english } from '../../../platform/messages.ts'
import { command } from '../../../platform/operation.ts'
import { asProblem } from '../../../platform/problem.ts'
import { changeTask, createTask, lockForChange, noSuchTask, refuseStale, whole } from '../change.ts'
import { NewTask, RowResult, Task, TaskChange, TaskRef } from '../contract.ts'
import { keyOf } from '../present.ts'
import { prefixOf } from '../process.ts'
import * as queries from '../queries.ts'
import { say } from '../rules.ts'

export const create = command({
  name: 'tasks.create',
  summary: 'Create a task, under a process profile or the default lifecycle',
  route: 'POST /tasker/tasks',
  permission: 'tasks.write',
  input: NewTask,
  output: Task,
  mcp: {
    tool: 'create_tasker_task',
    description: 'Create a task. get_profile tells which fields a profile requires; a refusal names what is missing.',
    present: (task) => brief(task),
  },
  run: (ctx, input) => createTask(ctx, input),
})

export const update = command({
  name: 'tasks.update',
  summary: 'Change fields of a task or move it to another status',
  route: 'PATCH /tasker/tasks/:taskId',
  permission: 'tasks.write',
  quiet: true, // a change that changes nothing leaves nothing
  input: z.strictObject({
    taskId: TaskRef,
    ifVersion: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('The version this edit is based on (also as If-Match); another current version is answered with 409'),
    ...TaskChange.shape,
  }),
  output: Task,
  mcp: {
    tool: 'update_tasker_task',
    description: 'Change fields or status of a task. describe_process lists legal moves first; a refusal names the way.',
    present: (task) => brief(task),
  },
  async run(ctx, { taskId, ifVersion, ...change }) {
    const task = await lockForChange(ctx, taskId)
    refuseStale(task, change, ifVersion)
    const prefix = await prefixOf(ctx)
    return whole(ctx, await changeTask(ctx, task, change, keyOf(prefix, task.number)))
  },
})

/** What an agent needs to go on after a write; the rest is a call away. */
const brief = ({
  key,
  version,
  title,
  status,
  priority,
  assignedToEmail,
  profileId,
  responseDueAt,
  resolutionDueAt,
}: z.output<typeof Task>) => ({
  key,
  version,
  title,
  status,
  priority,
  assignedToEmail,
  profileId,
  responseDueAt,
  resolutionDueAt,
})

export const bulk = command({
  name: 'tasks.bulk',
  summary: 'Change many tasks alike; each is judged by its own process and answered for itself',
  route: 'POST /tasker/tasks/bulk',
  permission: 'tasks.write',
  success: 200,
  input: z.strictObject({
    taskIds: z.array(z.uuid()).min(1).max(1000, english(say.atOnce)),
    change: z.strictObject(TaskChange.shape),
  }),
  output: z.object({ changed: z.number().int(), refused: z.number().int(), results: z.array(RowResult) }),
  async run(ctx, { taskIds, change }) {
    const wanted = [...new Set(taskIds)]
    const [prefix, tasks] = await Promise.all([prefixOf(ctx), queries.lockTasks(ctx.db, wanted)])
    const byId = new Map(tasks.map((task) => [task.id, task]))
    const results = await Promise.all(
      wanted.map(async (taskId) => {
        const task = byId.get(taskId)
        const key = task ? keyOf(prefix, task.number) : null
        try {
          if (!task || task.deletedAt) throw noSuchTask(taskId)
          if (task.mergedIntoId) await lockForChange(ctx, taskId)
          await changeTask(ctx, task, change, key!)
          return { taskId, key, ok: true, error: null, message: null }
        } catch (error) {
          const problem = asProblem(error)
          if (problem.status >= 500) throw error
          return { taskId, key, ok: false, error: problem.code, message: problem.in(ctx.language ?? 'en') }
        }
      }),
    )
    const changed = results.filter((result) => result.ok).length
    return { changed, refused: results.length - changed, results }
  },
})

export const remove = command({
  name: 'tasks.delete',
  summary: 'Delete a task; it can be restored',
  route: 'DELETE /tasker/tasks/:taskId',
  permission: 'tasks.delete',
  destructive: true,
  input: z.strictObject({ taskId: TaskRef }),
  output: z.object({ id: z.string(), key: z.string() }),
  async run(ctx, { taskId }) {
    const task = await queries.lockTask(ctx.db, taskId)
    if (!task || task.deletedAt) throw noSuchTask(taskId)
    const key = keyOf(await prefixOf(ctx), task.number)
    const deletedAt = ctx.following(task.updatedAt)
    await queries.updateTask(ctx.db, task.id, { deletedAt, deletedBy: ctx.actor.email, version: task.version + 1 })
    ctx.record('task.deleted', { type: 'task', id: task.id }, { key, title: task.title })
    return { id: task.id, key }
  },
})

export const restore = command({
  name: 'tasks.restore',
  summary: 'Bring a deleted task back',
  route: 'POST /tasker/tasks/:taskId/restore',
  permission: 'tasks.delete',
  success: 200,
  input: z.strictObject({ taskId: TaskRef }),
  output: Task,
  async run(ctx, { taskId }) {
    const task = await queries.lockTask(ctx.db, taskId)
    if (!task) throw noSuchTask(taskId)
    if (!task.deletedAt) return whole(ctx, task)
    const key = keyOf(await prefixOf(ctx), task.number)
    const at = ctx.following(task.deletedAt)
    await queries.updateTask(ctx.db, task.id, {
      deletedAt: null,
      deletedBy: null,
      version: task.version + 1,
      updatedAt: at,
      updatedBy: ctx.actor.email,
    })
    ctx.record('task.restored', { type: 'task', id: task.id }, { key, title: task.title })
    return whole(ctx, {
      ...task,
      deletedAt: null,
      version: task.version + 1,
      updatedAt: at.toISOString(),
      updatedBy: ctx.actor.email,
    })
  },
})
