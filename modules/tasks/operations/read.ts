import { z } from 'zod'
import { Id, next, paging } from '../../../platform/fields.ts'
import { query } from '../../../platform/operation.ts'
import { Activity } from '../../identity/contract.ts'
import { activityOf } from '../../identity/operations.ts'
import { describeProcess } from '../../profiles/contract.ts'
import { noSuchTask, whole } from '../change.ts'
import { Task, TaskPage, TaskQuery, TaskRef } from '../contract.ts'
import { listTasks } from '../list.ts'
import { keyOf, presentRow } from '../present.ts'
import { evaluationContext, forCategory, prefixOf, profileOf, viewerOf } from '../process.ts'
import * as queries from '../queries.ts'

export const list = query({
  name: 'tasks.list',
  replica: true,
  summary: 'List tasks by filter, newest change first',
  route: 'GET /tasker/tasks',
  permission: 'tasks.read',
  input: TaskQuery,
  output: TaskPage,
  mcp: {
    tool: 'list_tasker_tasks',
    present: ({ items, next }) => ({
      items: items.map(({ key, title, status, priority, assignedToEmail, resolutionDueAt, updatedAt }) => ({
        key,
        title,
        status,
        priority,
        assignedToEmail,
        resolutionDueAt,
        updatedAt,
      })),
      next,
    }),
  },
  async run(ctx, filter) {
    const [prefix, me] = await Promise.all([prefixOf(ctx), viewerOf(ctx)])
    const page = await listTasks(ctx.db, filter, me, ctx.now)
    return { items: page.rows.map((row) => presentRow(prefix, row)), next: page.next }
  },
})

export const get = query({
  name: 'tasks.get',
  summary: 'Get a task',
  route: 'GET /tasker/tasks/:taskId',
  permission: 'tasks.read',
  input: z.strictObject({ taskId: TaskRef }),
  output: Task,
  async run(ctx, { taskId }) {
    const record = await queries.findWhole(ctx.db, taskId)
    if (!record || (record.deletedAt && !ctx.actor.permissions.has('tasks.delete'))) throw noSuchTask(taskId)
    return whole(ctx, record)
  },
})

const Field = z.object({
  field: z.string(),
  label: z.string(),
  type: z.string(),
  choices: z.array(z.string()).readonly().optional(),
})
const ProcessDescription = z.object({
  task: z.string(),
  version: z.number().int(),
  profileId: z.string().nullable(),
  profile: z.string(),
  status: z.string(),
  category: z.string(),
  moves: z.array(
    z.object({
      to: z.string(),
      category: z.string(),
      allowed: z.boolean(),
      missingFields: z.array(Field),
      slaEffect: z.string(),
      reason: z.string().optional(),
    }),
  ),
  otherStates: z.array(
    z.object({ to: z.string(), category: z.string(), reason: z.string(), way: z.array(z.string()).nullable() }),
  ),
  fields: z.array(z.looseObject({ field: z.string(), visible: z.boolean(), required: z.boolean() })).readonly(),
  sla: z.unknown().describe('Both clocks explained: intervals counted, pauses, rule applied, and a sentence'),
})

export const describe = query({
  name: 'tasks.describe-process',
  summary: 'What a task may do next: legal moves, fields each still needs, effect on its SLA',
  route: 'GET /tasker/tasks/:taskId/process',
  permission: 'tasks.read',
  input: z.strictObject({ taskId: TaskRef }),
  output: ProcessDescription,
  mcp: {
    tool: 'describe_process',
    present: ({ fields, sla, otherStates, ...rest }) => ({
      ...rest,
      otherStates: otherStates.map(({ to, way }) => ({ to, way })),
      requiredFields: fields.filter((field) => field.required).map((field) => field.field),
      hiddenFields: fields.filter((field) => !field.visible).map((field) => field.field),
      sla: (sla as { sentence: string }).sentence,
    }),
  },
  async run(ctx, { taskId }) {
    const task = await queries.findTask(ctx.db, taskId)
    if (!task || task.deletedAt) throw noSuchTask(taskId)
    const [prefix, bound] = await Promise.all([prefixOf(ctx), profileOf(ctx, task)])
    const { document, context } = forCategory(bound.document, await evaluationContext(ctx), task.category)
    const description = describeProcess(document, task, context)
    const moves = task.mergedIntoId ? [] : description.moves
    return {
      ...description,
      moves: moves.map((move) => ({
        ...move,
        missingFields: move.missingFields.map((field) => ({ ...field, choices: field.choices?.slice() })),
      })),
      fields: description.fields.map((field) => ({ ...field })),
      task: keyOf(prefix, task.number),
      version: task.version,
      profileId: task.profileId,
    }
  },
})

export const activity = query({
  name: 'tasks.activity',
  summary: 'Everything that happened to a task, newest first',
  route: 'GET /tasker/tasks/:taskId/activity',
  permission: 'tasks.read',
  input: z.strictObject({ taskId: TaskRef, after: Id.optional(), limit: paging.limit }),
  output: z.object({ items: z.array(Activity), next }),
  async run({ db, actor }, { taskId, ...page }) {
    const task = await queries.findTask(db, taskId)
    if (!task || (task.deletedAt && !actor.permissions.has('tasks.delete'))) throw noSuchTask(taskId)
    return activityOf(db, task.id, page)
  },
})
