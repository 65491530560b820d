import type { Attachment, Comment } from '../contract.ts'
import { Attachments } from './Attachments.tsx'
import { CommentEntry } from './CommentEntry.tsx'
import { Composer } from './Composer.tsx'
import css from './conversation.module.css'
import { text } from './text.ts'

type ConversationProps = {
  taskId: string
  comments: Comment[]
  attachments: Attachment[]
  mayComment: boolean
  mayModerate: boolean
  me: string
  /** Offers to make a task of one comment. */
  onSplit?: (comment: Comment) => void
}

/** What was said, oldest first, and the place to say more; public replies and internal notes clearly apart. */
export function Conversation({ taskId, comments, attachments, mayComment, mayModerate, me, onSplit }: ConversationProps) {
  const spoken = new Set(comments.map(({ id }) => id))
  const loose = attachments.filter(({ commentId }) => !commentId || !spoken.has(commentId))
  return (
    <section aria-label={text.body}>
      {comments.length >= 200 && <p data-muted>{text.latest(comments.length)}</p>}
      {comments.length === 0 && <p data-muted>{text.empty}</p>}
      <ol className={css.list}>
        {comments.map((comment) => (
          <CommentEntry
            key={comment.id}
            comment={comment}
            mayEdit={mayModerate || (mayComment && comment.authorEmail === me)}
            onSplit={mayComment ? onSplit : undefined}
          />
        ))}
      </ol>
      {loose.length > 0 && (
        <div className={css.attachments}>
          <h2>{text.attachments}</h2>
          <Attachments
            attachments={loose}
            mayRemove={(attachment) => mayModerate || (mayComment && attachment.uploadedBy === me)}
          />
        </div>
      )}
      {mayComment && <Composer key={taskId} taskId={taskId} />}
    </section>
  )
}
