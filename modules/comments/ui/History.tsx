import { Modal } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useRead } from '../../../platform/react.tsx'
import type { Comment } from '../contract.ts'
import css from './conversation.module.css'
import { text } from './text.ts'

const Markdown = lazy(() => import('../../../platform/react/markdown.tsx'))

/** What a comment said before each edit, newest first. */
export function History({ comment, onClose }: { comment: Comment; onClose: () => void }) {
  const versions = useRead('comments.versions', { commentId: comment.id })
  return (
    <Modal opened onClose={onClose} title={text.historyTitle} size="lg">
      <ProblemNotice error={versions.error} />
      {versions.isPending && <Waiting lines={3} />}
      <ol className={css.list}>
        {versions.data?.items.map((version) => (
          <li key={version.version} className={css.bubble} data-visibility={version.visibility}>
            <div className={css.bubbleHead}>
              <span className={css.label}>
                {version.version} · {version.visibility === 'internal' ? text.internalNote : text.publicReply}
              </span>
              <span className={css.label}>{text.replaced({ who: version.replacedBy })}</span>
              <Time at={version.replacedAt} className={css.label} />
            </div>
            <div className={css.body}>
              <Suspense fallback={null}>
                <Markdown source={version.body} />
              </Suspense>
            </div>
          </li>
        ))}
      </ol>
    </Modal>
  )
}
