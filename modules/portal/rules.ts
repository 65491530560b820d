/** What the business says about own requests. Pure. */
import { messages } from '../../platform/messages.ts'
import type { Answer, OwnRequest } from './contract.ts'

export const say = messages('portal/refusals', {
  joined: 'This request was joined to another one and takes no more answers here. Submit a new request and name this one in it.',
})

type Task = Omit<OwnRequest, 'statusCategory'> & { statusCategory: string }
type Comment = Omit<Answer, 'mine' | 'attachments'> & { authorEmail: string }
type File = { id: string; commentId: string | null; fileName: string; contentType: string; size: number; uploadedBy: string }

/** Of a task only what its requester is told, field by field: what is added to tasks later stays inside. */
export const presentRequest = (key: string, task: Omit<Task, 'key'>): OwnRequest => ({
  id: task.id,
  key,
  title: task.title,
  category: task.category,
  status: task.status,
  statusCategory: task.statusCategory as OwnRequest['statusCategory'],
  createdAt: task.createdAt,
  updatedAt: task.updatedAt,
  closedAt: task.closedAt,
})

const presentFile = ({ id, fileName, contentType, size }: File) => ({ id, fileName, contentType, size })

/** A public comment with its files; colleagues of the desk are known by name, not by address. */
export const presentAnswer = (
  { id, body, authorName, authorEmail, createdAt, editedAt }: Comment,
  files: readonly File[],
  me: string,
): Answer => ({
  id,
  body,
  authorName,
  mine: authorEmail === me,
  createdAt,
  editedAt,
  attachments: files.filter(({ commentId }) => commentId === id).map(presentFile),
})

/** Files at the request itself that its requester sent; what others put there is the desk's. */
export const ownFiles = (files: readonly File[], me: string) =>
  files.filter(({ commentId, uploadedBy }) => commentId === null && uploadedBy === me).map(presentFile)
