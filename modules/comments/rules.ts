/** What the business says about comments. Pure. */
import type { Actor } from '../../platform/context.ts'
import { messages } from '../../platform/messages.ts'
import { problem } from '../../platform/problem.ts'

export const NoSuchComment = problem('NO_SUCH_COMMENT', 404, 'There is no such comment')
export const NoSuchAttachment = problem('NO_SUCH_ATTACHMENT', 404, 'There is no such attachment')
export const NotYours = problem('NOT_YOURS', 403, 'Only its author may do this')

export const say = messages('comments/refusals', {
  notYours: 'Only its author or a moderator of the organization may change a comment.',
  noComment: 'There is no such comment.',
  noCommentHere: 'This task has no such comment.',
  noAttachment: 'There is no such attachment.',
})

/** Addresses written as `@name@example.com`, in lower case, each once. */
export const mentionsIn = (body: string): string[] =>
  [...new Set([...body.matchAll(/(?<![\w.])@([\w.+-]+@[\w-]+(?:\.[\w-]+)+)/g)].map((match) => match[1]!.toLowerCase()))].slice(
    0,
    50,
  )

type Authored = { authorEmail: string }

/** Why this person may not change the comment, or null. */
export const obstacleToEditing = (actor: Pick<Actor, 'email' | 'permissions'>, comment: Authored) =>
  comment.authorEmail === actor.email || actor.permissions.has('comments.moderate') ? null : NotYours(say.notYours)

/** The beginning of a text, for the activity. */
export const excerpt = (body: string) => (body.length > 200 ? `${body.slice(0, 200)}…` : body)
