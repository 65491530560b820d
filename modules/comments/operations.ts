import { z } from 'zod'
import type { Context } from '../../platform/context.ts'
import { Id, next, paging } from '../../platform/fields.ts'
import { command, query } from '../../platform/operation.ts'
import { Problem } from '../../platform/problem.ts'
import { TaskRef } from '../tasks/contract.ts'
import { findOwnTask, get as getTask, recordReply, rewriteWords, taskForComment } from '../tasks/operations.ts'
import { Attachment, body, Comment, Conversation, visibilities } from './contract.ts'
import type { CommentRecord } from './queries.ts'
import * as queries from './queries.ts'
import { excerpt, mentionsIn, NoSuchAttachment, NoSuchComment, obstacleToEditing, say } from './rules.ts'

export const list = query({
  name: 'comments.list',
  summary: 'Comments of a task, oldest or newest first',
  route: 'GET /tasker/tasks/:taskId/comments',
  permission: 'tasks.read',
  input: z.strictObject({
    taskId: TaskRef,
    order: z.enum(['oldest', 'newest']).default('oldest').describe('Which come first'),
    after: Id.optional().describe('The comment to go on from: `next` of the page before'),
    limit: paging.limit,
  }),
  output: z.object({ items: z.array(Comment), next }),
  async run(ctx, { taskId, ...page }) {
    const task = await ctx.call(getTask, { taskId })
    const [comments, attachments] = await Promise.all([
      queries.listComments(ctx.db, task.id, page),
      queries.listAttachments(ctx.db, task.id),
    ])
    return {
      items: comments.map((comment) => present(comment, attachments)),
      next: comments.length === page.limit ? comments.at(-1)!.id : null,
    }
  },
})

export const conversation = query({
  name: 'comments.conversation',
  summary: 'Get a task with its latest comments and its attachments',
  route: 'GET /tasker/tasks/:taskId/conversation',
  permission: 'tasks.read',
  input: z.strictObject({ taskId: TaskRef, limit: paging.limit }),
  output: Conversation,
  mcp: { tool: 'get_tasker_task', present: (conversation) => compact(conversation) },
  async run(ctx, { taskId, limit }) {
    const task = await ctx.call(getTask, { taskId })
    const [comments, attachments] = await Promise.all([
      queries.latestComments(ctx.db, task.id, limit),
      queries.listAttachments(ctx.db, task.id),
    ])
    return { task, comments: comments.map((comment) => present(comment, attachments)), attachments }
  },
})

/** For agents: no empty fields, no clocks' inner state, comments as who said what. */
function compact({ task, comments, attachments }: z.output<typeof Conversation>) {
  const { sla: _sla, slaRespondedAt: _r, slaResolvedAt: _v, assignmentGroup: _g, majorIncident: _m, number: _n, ...rest } = task
  const said = Object.entries(rest).filter(
    ([, value]) => value !== null && value !== '' && !(typeof value === 'object' && Object.keys(value).length === 0),
  )
  return {
    task: Object.fromEntries(said),
    comments: comments
      .filter((comment) => !comment.deleted)
      .map(({ authorName, visibility, body, createdAt }) => ({ authorName, visibility, createdAt, body })),
    ...(attachments.length > 0 && { attachments: attachments.map(({ id, fileName, size }) => ({ id, fileName, size })) }),
  }
}

export const add = command({
  name: 'comments.add',
  summary: 'Comment on a task: a public reply or an internal note',
  route: 'POST /tasker/tasks/:taskId/comments',
  permission: 'comments.write',
  input: z.strictObject({
    taskId: TaskRef,
    body,
    visibility: z.enum(visibilities).default('internal').describe('public: the requester sees it; internal: staff only'),
  }),
  output: Comment,
  mcp: { tool: 'add_task_comment', present: ({ id, taskId, visibility, createdAt }) => ({ id, taskId, visibility, createdAt }) },
  run: (ctx, input) => writeComment(ctx, input),
})

/** Says something about a task, for every operation that does; the caller may see the task. */
export async function writeComment(
  ctx: Context,
  input: { taskId: string; body: string; visibility: 'public' | 'internal' },
): Promise<z.output<typeof Comment>> {
  const { task, subject } = await taskForComment(ctx, input.taskId)
  const mentions = await queries.membersAmong(ctx.db, mentionsIn(input.body))
  const id = ctx.newId()
  const { actor, now } = ctx
  const row = {
    id,
    task_id: task.id,
    visibility: input.visibility,
    body: input.body,
    mentions,
    channel: ctx.channel,
    created_at: now,
  }
  const author = {
    author_id: actor.kind === 'key' ? null : actor.id,
    author_kind: actor.kind,
    author_email: actor.email,
    author_name: actor.name,
  }
  ctx.record(
    'comment.added',
    { type: 'task', id: task.id },
    { key: subject.key, commentId: id, visibility: input.visibility, excerpt: excerpt(input.body) },
  )
  await Promise.all([queries.insertComment(ctx.db, { ...row, ...author }), recordReply(ctx, task, input)])
  return {
    id,
    taskId: task.id,
    visibility: input.visibility,
    body: input.body,
    mentions,
    authorEmail: actor.email,
    authorName: actor.name,
    authorKind: actor.kind,
    channel: ctx.channel,
    version: 1,
    createdAt: now.toISOString(),
    editedAt: null,
    deleted: false,
    attachments: [],
  }
}

/** What was said publicly of a task, oldest first, with the files of it and those of the task itself. */
export async function publicConversation(db: Context['db'], taskId: string) {
  const [comments, attachments] = await Promise.all([
    queries.latestPublicComments(db, taskId, 200),
    queries.listAttachments(db, taskId),
  ])
  const shown = new Set(comments.map(({ id }) => id))
  return { comments, attachments: attachments.filter(({ commentId }) => commentId === null || shown.has(commentId)) }
}

export const edit = command({
  name: 'comments.edit',
  summary: 'Edit a comment, or make it public or internal; what it said before is kept',
  route: 'PATCH /tasker/comments/:commentId',
  permission: 'comments.write',
  input: z.strictObject({ commentId: Id, body: body.optional(), visibility: z.enum(visibilities).optional() }),
  output: Comment,
  async run(ctx, { commentId, ...change }) {
    const { comment, key } = await writable(ctx, commentId)
    const after = { body: change.body ?? comment.body, visibility: change.visibility ?? comment.visibility }
    const attachments = await queries.listAttachments(ctx.db, comment.taskId)
    if (after.body === comment.body && after.visibility === comment.visibility) return present(comment, attachments)
    const mentions = await queries.membersAmong(ctx.db, mentionsIn(after.body))
    const row = { ...after, mentions, version: comment.version + 1, edited_at: ctx.now }
    await Promise.all([
      queries.keepVersion(ctx.db, comment, ctx.now, ctx.actor.email),
      queries.updateComment(ctx.db, comment.id, row),
    ])
    await rewriteWords(ctx, comment.taskId, await queries.spokenComments(ctx.db, comment.taskId))
    ctx.record(
      'comment.edited',
      { type: 'task', id: comment.taskId },
      {
        key,
        commentId,
        before: { visibility: comment.visibility, body: excerpt(comment.body) },
        after: { visibility: after.visibility, body: excerpt(after.body) },
      },
    )
    return present({ ...comment, ...after, mentions, version: row.version, editedAt: ctx.now.toISOString() }, attachments)
  },
})

export const remove = command({
  name: 'comments.delete',
  summary: 'Delete a comment; its place in the conversation stays',
  route: 'DELETE /tasker/comments/:commentId',
  permission: 'comments.write',
  destructive: true,
  input: z.strictObject({ commentId: Id }),
  output: z.object({ id: z.string() }),
  async run(ctx, { commentId }) {
    const { comment, key } = await writable(ctx, commentId)
    await queries.deleteComment(ctx.db, commentId, ctx.now)
    await rewriteWords(ctx, comment.taskId, await queries.spokenComments(ctx.db, comment.taskId))
    ctx.record('comment.deleted', { type: 'task', id: comment.taskId }, { key, commentId })
    return { id: commentId }
  },
})

export const versions = query({
  name: 'comments.versions',
  summary: 'What a comment said before it was edited, newest first',
  route: 'GET /tasker/comments/:commentId/versions',
  permission: 'tasks.read',
  input: z.strictObject({ commentId: Id }),
  output: z.object({
    items: z.array(
      z.object({
        version: z.number().int(),
        body: z.string(),
        visibility: z.string(),
        replacedAt: z.string(),
        replacedBy: z.string(),
      }),
    ),
  }),
  async run(ctx, { commentId }) {
    const comment = await queries.findComment(ctx.db, commentId)
    if (!comment || (comment.deletedAt && !ctx.actor.permissions.has('comments.moderate'))) throw NoSuchComment(say.noComment)
    await ctx.call(getTask, { taskId: comment.taskId }) // whoever may not see the task may not see what was said about it
    return { items: await queries.listVersions(ctx.db, commentId) }
  },
})

export const removeAttachment = command({
  name: 'comments.delete-attachment',
  summary: 'Remove an attachment from its task',
  route: 'DELETE /tasker/attachments/:attachmentId',
  permission: 'comments.write',
  destructive: true,
  input: z.strictObject({ attachmentId: Id }),
  output: z.object({ id: z.string() }),
  async run(ctx, { attachmentId }) {
    const attachment = await queries.findAttachment(ctx.db, attachmentId)
    if (!attachment) throw NoSuchAttachment(say.noAttachment)
    const obstacle = obstacleToEditing(ctx.actor, { authorEmail: attachment.uploadedBy })
    if (obstacle) throw obstacle
    const { subject } = await taskForComment(ctx, attachment.taskId)
    await queries.deleteAttachment(ctx.db, attachmentId, ctx.now)
    ctx.record(
      'attachment.deleted',
      { type: 'task', id: attachment.taskId },
      { key: subject.key, attachmentId, fileName: attachment.fileName },
    )
    return { id: attachmentId }
  },
})

/** Records a file already stored (doors/attachments.ts): to a task, or to a comment on it. */
export const attach = command({
  name: 'comments.attach',
  summary: 'Attach an uploaded file to a task',
  route: 'POST /tasker/tasks/:taskId/attachments',
  byDoor: 'upload',
  form: ['commentId'],
  permission: 'comments.write',
  input: z.strictObject({
    taskId: TaskRef,
    id: Id,
    commentId: Id.nullable(),
    fileName: z.string().min(1).max(255),
    contentType: z.string().max(200),
    size: z.number().int().min(0),
    sha256: z.string().length(64),
  }),
  output: Attachment,
  async run(ctx, input) {
    const { task, subject } = await taskForComment(ctx, input.taskId)
    if (input.commentId) {
      const comment = await queries.lockComment(ctx.db, input.commentId)
      if (!comment || comment.taskId !== task.id) throw NoSuchComment(say.noCommentHere)
    }
    const { id, fileName, contentType, size, sha256 } = input
    const row = {
      id,
      task_id: task.id,
      comment_id: input.commentId,
      file_name: fileName,
      content_type: contentType,
      size,
      sha256,
      uploaded_by: ctx.actor.email,
    }
    const attachment = await queries.insertAttachment(ctx.db, row)
    ctx.record('attachment.added', { type: 'task', id: task.id }, { key: subject.key, attachmentId: id, fileName, size })
    return attachment
  },
})

/** What a download needs to know; the bytes come by the door. */
export const getAttachment = query({
  name: 'comments.get-attachment',
  summary: 'Download an attachment',
  route: 'GET /tasker/attachments/:attachmentId',
  byDoor: 'download',
  permission: 'requests.read',
  input: z.strictObject({ attachmentId: Id }),
  output: z.object({ ...Attachment.shape, taskId: z.string(), sha256: z.string() }),
  async run(ctx, { attachmentId }) {
    const attachment = await queries.findAttachment(ctx.db, attachmentId)
    if (!attachment) throw NoSuchAttachment(say.noAttachment)
    // Whoever may not see the task may not have its files.
    const seen = ctx.actor.permissions.has('tasks.read')
      ? ctx.call(getTask, { taskId: attachment.taskId })
      : refuseUnlessPublic(ctx, attachment)
    await seen.catch((error: unknown) => {
      // Not even that it is there, nor on which task.
      throw error instanceof Problem && error.status === 404 ? NoSuchAttachment(say.noAttachment) : error
    })
    return attachment
  },
})

/** A requester gets the files of own requests: those they sent, and those of public answers. */
async function refuseUnlessPublic(ctx: Context, attachment: { taskId: string; commentId: string | null; uploadedBy: string }) {
  await findOwnTask(ctx, attachment.taskId)
  const comment = attachment.commentId === null ? null : await queries.findComment(ctx.db, attachment.commentId)
  const isPublic = comment ? comment.visibility === 'public' && !comment.deletedAt : attachment.uploadedBy === ctx.actor.email
  if (!isPublic) throw NoSuchAttachment(say.noAttachment)
}

async function writable(ctx: Context, commentId: string) {
  const comment = await queries.lockComment(ctx.db, commentId)
  if (!comment || comment.deletedAt) throw NoSuchComment(say.noComment)
  const obstacle = obstacleToEditing(ctx.actor, comment)
  if (obstacle) throw obstacle
  const { subject } = await taskForComment(ctx, comment.taskId)
  return { comment, key: subject.key }
}

type AttachmentRecord = Awaited<ReturnType<typeof queries.listAttachments>>[number]

function present({ deletedAt, ...comment }: CommentRecord, attachments: AttachmentRecord[]): z.output<typeof Comment> {
  return {
    ...comment,
    visibility: comment.visibility as 'public' | 'internal',
    deleted: deletedAt !== null,
    body: deletedAt ? '' : comment.body,
    attachments: deletedAt ? [] : attachments.filter((attachment) => attachment.commentId === comment.id),
  }
}

export { FileRefused, inlineTypes, obstacleToAttaching, safeFileName } from './files.ts'
