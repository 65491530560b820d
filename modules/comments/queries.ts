/** All SQL about comments and attachments. */
import { sql } from 'kysely'
import type { Db } from '../../platform/context.ts'

const columns = [
  'id',
  'task_id as taskId',
  'visibility',
  'body',
  'mentions',
  'author_email as authorEmail',
  'author_name as authorName',
  'author_kind as authorKind',
  'channel',
  'version',
  'created_at as createdAt',
  'edited_at as editedAt',
  'deleted_at as deletedAt',
] as const

export const listComments = (
  db: Db,
  taskId: string,
  page: { order: 'oldest' | 'newest'; after?: string | undefined; limit: number },
) =>
  db
    .selectFrom('comments')
    .select(columns)
    .where('task_id', '=', taskId)
    .$if(page.after !== undefined, (comments) => comments.where('id', page.order === 'newest' ? '<' : '>', page.after!))
    .orderBy('id', page.order === 'newest' ? 'desc' : 'asc')
    .limit(page.limit)
    .execute()

/** The latest of a task, oldest first. */
export const latestComments = async (db: Db, taskId: string, limit: number) =>
  (
    await db.selectFrom('comments').select(columns).where('task_id', '=', taskId).orderBy('id', 'desc').limit(limit).execute()
  ).reverse()

/** The latest of a task that its requester may read, oldest first. */
export const latestPublicComments = async (db: Db, taskId: string, limit: number) =>
  (
    await db
      .selectFrom('comments')
      .select(columns)
      .where('task_id', '=', taskId)
      .where('visibility', '=', 'public')
      .where('deleted_at', 'is', null)
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
  ).reverse()

export type CommentRecord = Awaited<ReturnType<typeof latestComments>>[number]

export const findComment = (db: Db, id: string) =>
  db.selectFrom('comments').select(columns).where('id', '=', id).executeTakeFirst()

export const lockComment = (db: Db, id: string) =>
  db.selectFrom('comments').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()

export type NewComment = {
  id: string
  task_id: string
  visibility: string
  body: string
  mentions: string[]
  author_id: string | null
  author_kind: string
  author_email: string
  author_name: string
  channel: string
  created_at: Date
}
export const insertComment = (db: Db, row: NewComment) => db.insertInto('comments').values(row).execute()

/** Keeps what the comment said before it says something else. */
export const keepVersion = (db: Db, comment: CommentRecord, at: Date, by: string) =>
  db
    .insertInto('comment_versions')
    .values({
      comment_id: comment.id,
      version: comment.version,
      body: comment.body,
      visibility: comment.visibility,
      replaced_at: at,
      replaced_by: by,
    })
    .execute()

export const updateComment = (
  db: Db,
  id: string,
  change: { body: string; visibility: string; mentions: string[]; version: number; edited_at: Date },
) => db.updateTable('comments').set(change).where('id', '=', id).execute()

export const deleteComment = (db: Db, id: string, at: Date) =>
  db.updateTable('comments').set({ deleted_at: at }).where('id', '=', id).execute()

export const listVersions = (db: Db, commentId: string) =>
  db
    .selectFrom('comment_versions')
    .select(['version', 'body', 'visibility', 'replaced_at as replacedAt', 'replaced_by as replacedBy'])
    .where('comment_id', '=', commentId)
    .orderBy('version', 'desc')
    .limit(200)
    .execute()

export const spokenComments = (db: Db, taskId: string) =>
  db
    .selectFrom('comments')
    .select(['id', 'visibility', 'body'])
    .where('task_id', '=', taskId)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(5000)
    .execute()

const attachmentColumns = [
  'id',
  'comment_id as commentId',
  'file_name as fileName',
  'content_type as contentType',
  'size',
  'uploaded_by as uploadedBy',
  'created_at as createdAt',
] as const

export const listAttachments = (db: Db, taskId: string) =>
  db
    .selectFrom('attachments')
    .select(attachmentColumns)
    .where('task_id', '=', taskId)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(1000)
    .execute()

export const findAttachment = (db: Db, id: string) =>
  db
    .selectFrom('attachments')
    .select(attachmentColumns)
    .select(['task_id as taskId', 'sha256'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()

export type NewAttachment = {
  id: string
  task_id: string
  comment_id: string | null
  file_name: string
  content_type: string
  size: number
  sha256: string
  uploaded_by: string
}
export const insertAttachment = (db: Db, row: NewAttachment) =>
  db.insertInto('attachments').values(row).returning(attachmentColumns).executeTakeFirstOrThrow()

export const deleteAttachment = (db: Db, id: string, at: Date) =>
  db.updateTable('attachments').set({ deleted_at: at }).where('id', '=', id).execute()

/** The addresses among these that belong to members: only they can be mentioned. */
export const membersAmong = async (db: Db, emails: string[]) =>
  emails.length === 0
    ? []
    : (
        await sql<{ email: string }>`select email from people_of_organization() where email = any(${emails}::text[])`.execute(db)
      ).rows.map(({ email }) => email)
