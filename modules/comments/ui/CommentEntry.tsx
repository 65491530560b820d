import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconArrowsSplit2, IconDots, IconEye, IconHistory, IconLock, IconPencil, IconTrash, IconWorld } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import Markdown from '../../../platform/react/markdown.tsx'
import { MarkdownInput } from '../../../platform/react/markdown-input.tsx'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useChange } from '../../../platform/react.tsx'
import type { Comment } from '../contract.ts'
import { Attachments } from './Attachments.tsx'
import css from './conversation.module.css'
import { History } from './History.tsx'
import { text } from './text.ts'

type CommentEntryProps = { comment: Comment; mayEdit: boolean; onSplit?: (comment: Comment) => void }

const initials = (name: string) =>
  name
    .split(/[\s.@]+/)
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase() ?? '')
    .join('')

/** One comment: who, when, through which door, whether the requester sees it, and what it says. */
export function CommentEntry({ comment, mayEdit, onSplit }: CommentEntryProps) {
  const change = useChange()
  const [draft, setDraft] = useState<string | null>(null)
  const [dialog, setDialog] = useState<'history' | 'remove' | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const isInternal = comment.visibility === 'internal'
  const author = comment.authorName || comment.authorEmail
  const attempt = (work: Promise<unknown>) => work.then(() => setProblem(null)).catch(setProblem)

  if (comment.deleted) {
    return (
      <li className={css.entry} id={`comment-${comment.id}`}>
        <span className={css.face} aria-hidden="true">
          {initials(author)}
        </span>
        <div className={`${css.bubble} ${css.gone}`}>
          {text.deleted} <Time at={comment.createdAt} />
        </div>
      </li>
    )
  }
  const save = () => attempt(change('comments.edit', { commentId: comment.id, body: draft ?? '' }).then(() => setDraft(null)))
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save()
    if (event.key === 'Escape') setDraft(null)
  }
  const LabelIcon = isInternal ? IconLock : IconWorld
  return (
    <li className={css.entry} id={`comment-${comment.id}`}>
      <span className={css.face} aria-hidden="true">
        {initials(author)}
      </span>
      <article
        className={css.bubble}
        data-visibility={comment.visibility}
        aria-label={`${isInternal ? text.internalNote : text.publicReply}, ${author}`}
      >
        <header className={css.bubbleHead}>
          <span className={css.author} title={comment.authorEmail} dir="auto">
            {author}
          </span>
          {comment.authorKind === 'agent' && <span className={css.label}>{text.agent}</span>}
          <span className={css.label}>
            <LabelIcon size={13} />
            {isInternal ? text.internalNote : text.publicReply}
          </span>
          <Time at={comment.createdAt} className={css.label} />
          {comment.channel !== 'web' && <span className={css.label}>{text.via({ channel: comment.channel })}</span>}
          {comment.editedAt && (
            <button type="button" className={css.linkish} onClick={() => setDialog('history')}>
              {text.edited}
            </button>
          )}
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon className={css.tools} aria-label={text.more}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {mayEdit && (
                <>
                  <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setDraft(comment.body)}>
                    {text.edit}
                  </Menu.Item>
                  <Menu.Item
                    leftSection={<IconEye size={16} />}
                    onClick={() =>
                      attempt(change('comments.edit', { commentId: comment.id, visibility: isInternal ? 'public' : 'internal' }))
                    }
                  >
                    {isInternal ? text.makePublic : text.makeInternal}
                  </Menu.Item>
                </>
              )}
              {onSplit && (
                <Menu.Item leftSection={<IconArrowsSplit2 size={16} />} onClick={() => onSplit(comment)}>
                  {text.split}
                </Menu.Item>
              )}
              <Menu.Item
                leftSection={<IconHistory size={16} />}
                onClick={() => setDialog('history')}
                disabled={!comment.editedAt}
              >
                {text.history}
              </Menu.Item>
              {mayEdit && (
                <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setDialog('remove')}>
                  {text.remove}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        </header>
        <div className={css.body}>
          <ProblemNotice error={problem} />
          {draft === null ? (
            <Markdown source={comment.body} />
          ) : (
            // biome-ignore lint/a11y/noStaticElementInteractions: only listens for the keys of its field
            <div onKeyDown={onKeyDown}>
              <MarkdownInput label={text.edit} hideLabel value={draft} onChange={setDraft} autoFocus />
              <div style={{ display: 'flex', gap: 8, marginTop: 8 }}>
                <Button size="compact-md" onClick={save}>
                  {text.save}
                </Button>
                <Button size="compact-md" variant="default" onClick={() => setDraft(null)}>
                  {text.cancel}
                </Button>
              </div>
            </div>
          )}
          {comment.attachments.length > 0 && <Attachments attachments={comment.attachments} mayRemove={() => mayEdit} />}
        </div>
      </article>
      {dialog === 'history' && <History comment={comment} onClose={() => setDialog(null)} />}
      {dialog === 'remove' && (
        <ConfirmDialog
          title={text.confirmCommentTitle({ who: author })}
          lead={text.confirmComment}
          action={text.remove}
          cancel={text.cancel}
          onConfirm={() => change('comments.delete', { commentId: comment.id })}
          onClose={() => setDialog(null)}
        />
      )}
    </li>
  )
}
