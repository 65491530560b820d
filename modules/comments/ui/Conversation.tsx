import { Button } from '@mantine/core'
import { useState } from 'react'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { usePages } from '../../../platform/react.tsx'
import type { Attachment, Comment } from '../contract.ts'
import { Attachments } from './Attachments.tsx'
import { CommentEntry } from './CommentEntry.tsx'
import { Composer } from './Composer.tsx'
import css from './conversation.module.css'
import { text } from './text.ts'

type ConversationProps = {
  taskId: string
  /** The requester sees nothing of the task. */
  isHidden: boolean
  latest: Comment[]
  /** As how many at most the latest were asked for; earlier ones are read when wanted. */
  atMost: number
  attachments: Attachment[]
  mayComment: boolean
  mayModerate: boolean
  me: string
  /** Offers to make a task of one comment. */
  onSplit?: (comment: Comment) => void
}

/** What was said, oldest first, and the place to say more; public replies and internal notes clearly apart. */
export function Conversation({
  taskId,
  isHidden,
  latest,
  atMost,
  attachments,
  mayComment,
  mayModerate,
  me,
  onSplit,
}: ConversationProps) {
  const earlier = useEarlier(taskId, latest, atMost)
  const { comments } = earlier
  const spoken = new Set(comments.map(({ id }) => id))
  const loose = attachments.filter(({ commentId }) => !commentId || !spoken.has(commentId))
  return (
    <section aria-label={text.body}>
      {earlier.hasMore && (
        <Button className={css.earlier} variant="default" size="compact-sm" onClick={earlier.read} loading={earlier.isReading}>
          {text.earlier}
        </Button>
      )}
      <ProblemNotice error={earlier.error} />
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
      {mayComment && <Composer key={taskId} taskId={taskId} isHidden={isHidden} />}
    </section>
  )
}

/**
 * All comments read so far, oldest first. Where the earlier ones end is kept as it was when they were first asked for, so that
 * what is said meanwhile leaves no gap.
 */
function useEarlier(taskId: string, latest: Comment[], atMost: number) {
  const [known, setKnown] = useState<Comment[]>()
  const pages = usePages(
    'comments.list',
    { taskId, order: 'newest', limit: 200, ...(known?.[0] && { after: known[0].id }) },
    { enabled: known !== undefined },
  )
  const read = [...(pages.items ?? []).toReversed(), ...(known ?? []), ...latest]
  return {
    comments: [...new Map(read.map((comment) => [comment.id, comment])).values()],
    hasMore: known ? pages.hasNextPage || pages.isLoading : latest.length >= atMost,
    isReading: pages.isFetching,
    error: pages.error,
    read: () => (known ? pages.fetchNextPage() : setKnown(latest)),
  }
}
