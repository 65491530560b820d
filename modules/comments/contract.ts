/** What is said about a task, and the files that came with it. Safe to import in the browser. */
import { z } from 'zod'
import { named } from '../../platform/fields.ts'
import { Task } from '../tasks/contract.ts'

export const visibilities = ['public', 'internal'] as const

export const Attachment = z.object({
  id: z.string(),
  commentId: z.string().nullable(),
  fileName: z.string(),
  contentType: z.string(),
  size: z.number().int(),
  uploadedBy: z.string(),
  createdAt: z.string(),
})
export type Attachment = z.output<typeof Attachment>

export const Comment = z.object({
  id: z.string(),
  taskId: z.string(),
  visibility: z.enum(visibilities).describe('public: the requester sees it; internal: a note among staff'),
  body: z.string().describe('Markdown'),
  mentions: z.array(z.string()),
  authorEmail: z.string(),
  authorName: z.string(),
  authorKind: z.string().describe('user, agent, key or system'),
  channel: z.string(),
  version: z.number().int(),
  createdAt: z.string(),
  editedAt: z.string().nullable(),
  deleted: z.boolean(),
  attachments: z.array(Attachment),
})
export type Comment = z.output<typeof Comment>

export const body = named(20_000).describe('Markdown; @name@example.com mentions a member of the organization')
export const Conversation = z.object({ task: Task, comments: z.array(Comment), attachments: z.array(Attachment) })

export const CommentPermissions = {
  'comments.write': 'Comment on tasks and attach files',
  'comments.moderate': "Edit and delete other people's comments",
}

export type CommentEvents = {
  'comment.added': { key: string; commentId: string; visibility: string; excerpt: string }
  'comment.edited': { key: string; commentId: string; before: Record<string, unknown>; after: Record<string, unknown> }
  'comment.deleted': { key: string; commentId: string }
  'attachment.added': { key: string; attachmentId: string; fileName: string; size: number }
  'attachment.deleted': { key: string; attachmentId: string; fileName: string }
}
