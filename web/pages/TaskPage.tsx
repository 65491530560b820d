import { Button } from '@mantine/core'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { Conversation } from '../../modules/comments/ui/Conversation.tsx'
import type { Task } from '../../modules/tasks/contract.ts'
import { SplitDialog } from '../../modules/tasks/ui/SplitDialog.tsx'
import { TaskView } from '../../modules/tasks/ui/TaskView.tsx'
import { text as taskText } from '../../modules/tasks/ui/text.ts'
import { ProblemResponse } from '../../platform/client.ts'
import { ActivityList } from '../../platform/react/activity.tsx'
import { Empty, Notice, ProblemNotice, Waiting } from '../../platform/react/page.tsx'
import { useMay, useMe, usePages, useRead } from '../../platform/react.tsx'
import { labelOf, sentenceOf } from '../sentences.ts'
import { useNoteRecent } from '../shell/recent.ts'
import { text } from '../text.ts'

const latest = 200

/** A task with everything around it: the page where the modules meet. */
export default function TaskPage() {
  const { ref } = useParams({ from: '/shell/tasks/$ref' })
  const search = useSearch({ from: '/shell/tasks/$ref' })
  const navigate = useNavigate()
  const may = useMay()
  const me = useMe()
  const read = useRead('comments.conversation', { taskId: ref, limit: latest })
  // Asked at once with the task: what may happen next is on top of the page, and nothing may jump when it arrives.
  const process = useRead('tasks.describe-process', { taskId: ref }, { keepPrevious: true })
  const [splitting, setSplitting] = useState<string | null>(null)
  const task = read.data?.task
  const target = task?.mergedInto?.key
  useNoteRecent(task && !target ? task : undefined)

  // Whoever follows an old link to a duplicate arrives at the task that stays.
  useEffect(() => {
    if (task && target && !search.stay)
      navigate({ to: '/tasks/$ref', params: { ref: target }, search: { mergedFrom: task.key }, replace: true })
  }, [task, target, search.stay, navigate])

  if (read.error && !read.data) return <Missing error={read.error} />
  if (!read.data || !task || process.isLoading || (target && !search.stay)) {
    return (
      <div style={{ maxWidth: 760, padding: 24 }}>
        <Waiting lines={8} />
      </div>
    )
  }
  const { comments, attachments } = read.data
  const mayComment = may('comments.write') && task.deletedAt === null && !target
  return (
    <>
      <TaskView
        key={task.id}
        task={task}
        process={process}
        banner={bannerOf(task, search)}
        conversation={
          <Conversation
            taskId={task.id}
            isHidden={task.visibility === 'Internal'}
            latest={comments}
            atMost={latest}
            attachments={attachments}
            mayComment={mayComment}
            mayModerate={mayComment && may('comments.moderate')}
            me={me?.email ?? ''}
            onSplit={may('tasks.write') ? (comment) => setSplitting(comment.body) : undefined}
          />
        }
        activity={<TaskActivity taskId={task.id} />}
      />
      {splitting !== null && <SplitDialog task={task} description={splitting} onClose={() => setSplitting(null)} />}
    </>
  )
}

/** Where a merged task went, and where one's visitor came from. */
function bannerOf(task: Task, search: { mergedFrom?: string; stay?: string }): ReactNode {
  const words = taskText.task
  if (task.mergedInto) {
    return (
      <Notice>
        {words.mergedBanner({ key: task.mergedInto.key })}{' '}
        <Link to="/tasks/$ref" params={{ ref: task.mergedInto.key }} search={{}}>
          {words.mergedGo({ key: task.mergedInto.key })}
        </Link>
      </Notice>
    )
  }
  if (!search.mergedFrom) return null
  return (
    <Notice live>
      {words.mergedFrom({ key: search.mergedFrom })}{' '}
      <Link to="/tasks/$ref" params={{ ref: search.mergedFrom }} search={{ stay: '1' }}>
        {words.mergedSee}
      </Link>
    </Notice>
  )
}

function Missing({ error }: { error: unknown }) {
  const isMissing = error instanceof ProblemResponse && (error.status === 404 || error.status === 422)
  if (!isMissing) {
    return (
      <div style={{ maxWidth: 640, padding: 24 }}>
        <ProblemNotice
          error={error}
          title={error instanceof ProblemResponse && error.status === 403 ? text.forbidden.title : undefined}
        />
      </div>
    )
  }
  return (
    <Empty
      title={text.task.missing}
      actions={
        <Button component={Link} to="/tasks" variant="default">
          {text.notFound.back}
        </Button>
      }
    >
      {error.message}
    </Empty>
  )
}

/** Everything that happened to the task, newest first. */
function TaskActivity({ taskId }: { taskId: string }) {
  const pages = usePages('tasks.activity', { taskId })
  if (pages.error) return <ProblemNotice error={pages.error} />
  if (!pages.items) return <Waiting lines={6} />
  return (
    <>
      <ActivityList items={pages.items} sentenceOf={sentenceOf} labelOf={labelOf} />
      {pages.hasNextPage && (
        <Button variant="default" onClick={() => pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
          {text.activity.more}
        </Button>
      )}
    </>
  )
}
