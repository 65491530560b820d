import { Conversation } from '../../modules/comments/ui/Conversation.tsx'
import type { Panel } from '../../modules/tasks/ui/TaskList.tsx'
import { TaskSide } from '../../modules/tasks/ui/TaskSide.tsx'
import { useMay, useMe, useRead } from '../../platform/react.tsx'

const latest = 20

/** A task beside the list: what it is, what may happen next, what was said last, and a reply. */
export default function TaskPanel({ taskId, directory, onClose }: Parameters<Panel>[0]) {
  const may = useMay()
  const me = useMe()
  const read = useRead('comments.conversation', { taskId, limit: latest })
  const process = useRead('tasks.describe-process', { taskId })
  const task = read.data?.task
  const mayComment = may('comments.write') && task?.deletedAt === null && task.mergedInto === null
  return (
    <TaskSide
      key={taskId}
      task={task}
      error={read.error}
      process={process}
      directory={directory}
      onClose={onClose}
      conversation={
        read.data && (
          <Conversation
            taskId={read.data.task.id}
            isHidden={read.data.task.visibility === 'Internal'}
            latest={read.data.comments}
            atMost={latest}
            attachments={read.data.attachments}
            mayComment={mayComment}
            mayModerate={mayComment && may('comments.moderate')}
            me={me?.email ?? ''}
          />
        )
      }
    />
  )
}
