/** Own requests: what everybody of an organization may do, a Requester included (decisions §2). */
import { z } from 'zod'
import { Id, named, next, paging, text } from '../../platform/fields.ts'
import { command, query } from '../../platform/operation.ts'
import { Conflict } from '../../platform/problem.ts'
import { body } from '../comments/contract.ts'
import { publicConversation, writeComment } from '../comments/operations.ts'
import { settingsOf } from '../settings/operations.ts'
import { TaskRef, taskFields } from '../tasks/contract.ts'
import { createTask, findOwnTask, listOwnTasks } from '../tasks/operations.ts'
import { OwnRequest, RequestForm, WholeRequest } from './contract.ts'
import { ownFiles, presentAnswer, presentRequest, say } from './rules.ts'

export const list = query({
  name: 'requests.list',
  summary: 'My requests, newest first',
  route: 'GET /portal/requests',
  permission: 'requests.read',
  input: z.strictObject({
    open: z.boolean().optional().describe('true: still worked on; false: the rest'),
    after: Id.optional().describe('`next` of the page before'),
    limit: paging.limit,
  }),
  output: z.object({ items: z.array(OwnRequest), next }),
  async run(ctx, page) {
    const own = await listOwnTasks(ctx, page)
    const items = own.map(({ key, ...task }) => presentRequest(key, task))
    return { items, next: items.length === page.limit ? items.at(-1)!.id : null }
  },
})

export const get = query({
  name: 'requests.get',
  summary: 'One of my requests with what was answered',
  route: 'GET /portal/requests/:taskId',
  permission: 'requests.read',
  input: z.strictObject({ taskId: TaskRef }),
  output: WholeRequest,
  async run(ctx, { taskId }) {
    const { key, ...task } = await findOwnTask(ctx, taskId)
    const { comments, attachments } = await publicConversation(ctx.db, task.id)
    const me = ctx.actor.email
    return {
      ...presentRequest(key, task),
      description: task.description,
      answers: comments.map((comment) => presentAnswer(comment, attachments, me)),
      attachments: ownFiles(attachments, me),
      mayAnswer: task.mergedIntoId === null,
    }
  },
})

export const form = query({
  name: 'requests.form',
  summary: 'What a new request may be about, and what each category asks for',
  route: 'GET /portal/form',
  permission: 'requests.write',
  input: z.strictObject({}),
  output: RequestForm,
  async run(ctx) {
    const { categories } = await settingsOf(ctx)
    return { categories: categories.map(({ name, path, fields }) => ({ name, path, fields })) }
  },
})

export const create = command({
  name: 'requests.create',
  summary: 'Submit a request of mine; whoever works on it decides the rest',
  route: 'POST /portal/requests',
  permission: 'requests.write',
  input: z.strictObject({
    title: named(300).describe('In one line'),
    description: text(10_000).default('').describe('Markdown'),
    category: taskFields.category,
    customFields: taskFields.customFields.default({}).describe('What the category asks for, by key'),
  }),
  output: OwnRequest,
  async run(ctx, { title, description, category, customFields }) {
    const said = { title, description, category, customFields }
    const { key, ...task } = await createTask(ctx, { ...said, source: 'Portal', visibility: 'CustomerVisible' })
    return presentRequest(key, task)
  },
})

export const reply = command({
  name: 'requests.reply',
  summary: 'Answer on one of my requests',
  route: 'POST /portal/requests/:taskId/answers',
  permission: 'requests.write',
  input: z.strictObject({ taskId: TaskRef, body }),
  output: z.object({ id: z.string() }),
  async run(ctx, { taskId, body: words }) {
    const task = await findOwnTask(ctx, taskId)
    // The other ticket need not be this person's.
    if (task.mergedIntoId !== null) throw Conflict(say.joined)
    const { id } = await writeComment(ctx, { taskId: task.id, body: words, visibility: 'public' })
    return { id }
  },
})
