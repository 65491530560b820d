import { Button } from '@mantine/core'
import { IconArrowLeft, IconPaperclip } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { type KeyboardEvent, useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import Markdown from '../../../platform/react/markdown.tsx'
import { MarkdownInput } from '../../../platform/react/markdown-input.tsx'
import { StateMark } from '../../../platform/react/marks.tsx'
import { Notice, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { useKept } from '../../../platform/react/preferences.ts'
import { Time } from '../../../platform/react/time.tsx'
import { sizeInWords } from '../../../platform/react/words.ts'
import { useChange, useMay, useRead } from '../../../platform/react.tsx'
import type { Answer } from '../contract.ts'
import css from './portal.module.css'
import { text } from './text.ts'

type Request = Output<'requests.get'>

/** One of the own requests: what was asked, what was answered, and an answer back. */
export default function RequestPage() {
  const { ref } = useParams({ from: '/shell/portal/$ref' })
  const request = useRead('requests.get', { taskId: ref }, { refetchInterval: 30_000 })
  const { data } = request
  return (
    <Page title={data?.title ?? text.back}>
      <Link to="/portal" className={css.back}>
        <IconArrowLeft size={16} aria-hidden="true" /> {text.back}
      </Link>
      <ProblemNotice error={request.error} />
      {request.isPending && !request.error && <Waiting lines={6} />}
      {data && <Whole request={data} />}
    </Page>
  )
}

function Whole({ request }: { request: Request }) {
  const mayWrite = useMay()('requests.write')
  const isClosed = request.statusCategory === 'closed' || request.statusCategory === 'cancelled'
  return (
    <div className={css.whole}>
      <div className={css.standing}>
        <span className={css.key}>{request.key}</span>
        <StateMark status={request.status} category={request.statusCategory} pill />
      </div>
      <dl className={css.about}>
        <div>
          <dt>{text.category}</dt>
          <dd dir="auto">{request.category}</dd>
        </div>
        <div>
          <dt>{text.submitted}</dt>
          <dd>
            <Time at={request.createdAt} />
          </dd>
        </div>
        <div>
          <dt>{text.changed}</dt>
          <dd>
            <Time at={request.updatedAt} />
          </dd>
        </div>
      </dl>
      {request.description && <Markdown source={request.description} />}
      <Files items={request.attachments} />
      <h2 className={css.heading}>{text.conversation}</h2>
      {request.answers.length === 0 && <p data-muted>{text.noAnswers}</p>}
      <ol className={css.answers}>
        {request.answers.map((answer) => (
          <Said key={answer.id} answer={answer} />
        ))}
      </ol>
      {!request.mayAnswer && <Notice>{text.joined}</Notice>}
      {request.mayAnswer && isClosed && <Notice>{text.closed}</Notice>}
      {request.mayAnswer && mayWrite && <Reply taskId={request.id} />}
    </div>
  )
}

const Said = ({ answer }: { answer: Answer }) => (
  <li className={css.answer} data-mine={answer.mine || undefined}>
    <header>
      <strong dir="auto">{answer.mine ? text.you : answer.authorName || text.staff}</strong>
      <Time at={answer.createdAt} />
      {answer.editedAt && <span>{text.edited}</span>}
    </header>
    <Markdown source={answer.body} />
    <Files items={answer.attachments} />
  </li>
)

const Files = ({ items }: { items: Answer['attachments'] }) =>
  items.length > 0 && (
    <ul className={css.files} aria-label={text.files}>
      {items.map(({ id, fileName, size }) => (
        <li key={id}>
          <a href={`/api/tasker/attachments/${id}`} download>
            <IconPaperclip size={15} aria-hidden="true" /> <bdi>{fileName}</bdi>
          </a>{' '}
          <span data-muted>{sizeInWords(size)}</span>
        </li>
      ))}
    </ul>
  )

/** The draft survives a closed page. */
function Reply({ taskId }: { taskId: string }) {
  const change = useChange()
  const [body, setBody] = useKept(`draft.${taskId}.request`, '')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const send = async () => {
    if (busy || body.trim() === '') return
    setBusy(true)
    setProblem(null)
    await change('requests.reply', { taskId, body })
      .then(() => setBody(null))
      .catch(setProblem)
    setBusy(false)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens for the keys of its field
    <div className={css.reply} onKeyDown={onKeyDown}>
      <ProblemNotice error={problem} />
      <MarkdownInput label={text.reply} description={text.replyHelp} value={body} onChange={setBody} maxLength={20_000} />
      <div>
        <Button loading={busy} disabled={body.trim() === ''} onClick={send} aria-keyshortcuts="Control+Enter">
          {text.send}
        </Button>
      </div>
    </div>
  )
}
