import { ActionIcon } from '@mantine/core'
import { IconArrowsDiagonal, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { PriorityMark, StateMark } from '../../../platform/react/marks.tsx'
import { messageOf, Waiting } from '../../../platform/react/page.tsx'
import { useMay } from '../../../platform/react.tsx'
import type { Task } from '../contract.ts'
import { ChangedByOthers } from './ChangedByOthers.tsx'
import { Description } from './Description.tsx'
import { DueChips } from './DueChips.tsx'
import css from './list.module.css'
import { Moves, type Process } from './Moves.tsx'
import type { Directory } from './names.ts'
import { Properties } from './Properties.tsx'
import { TaskTitle } from './TaskTitle.tsx'
import taskCss from './task.module.css'
import { text } from './text.ts'
import { useTaskEdit } from './use-task-edit.tsx'

const words = text.list

type TaskSideProps = {
  task: Task | undefined
  error: unknown
  process: { data: Process | undefined; error: unknown }
  directory: Directory
  conversation: ReactNode
  onClose: () => void
}

/** One task beside the list; Escape goes back to its row. */
export function TaskSide({ task, error, process, directory, conversation, onClose }: TaskSideProps) {
  const box = useRef<HTMLElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || isField(event.target)) return
    onClose()
  }
  const id = task?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: another task is read from its top
  useEffect(() => {
    box.current?.scrollTo({ top: 0 })
  }, [id])
  return (
    <aside
      ref={box}
      className={css.panel}
      aria-label={task ? words.panel({ key: task.key }) : words.edit.actions.peek}
      onKeyDown={onKeyDown}
    >
      <div className={css.panelHead}>
        <span className={taskCss.key}>{task?.key}</span>
        {task && (
          <Link to="/tasks/$ref" params={{ ref: task.key }} className={css.panelLink}>
            <IconArrowsDiagonal size={14} aria-hidden="true" />
            {words.panelOpen}
          </Link>
        )}
        <ActionIcon ms="auto" onClick={onClose} aria-label={words.panelClose}>
          <IconX size={17} />
        </ActionIcon>
      </div>
      {error && !task ? (
        <p data-muted>{messageOf(error)}</p>
      ) : !task ? (
        <Waiting lines={6} />
      ) : (
        <Body task={task} process={process} directory={directory} conversation={conversation} />
      )}
    </aside>
  )
}

const isField = (target: EventTarget | null) => target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)

type BodyProps = Pick<TaskSideProps, 'process' | 'directory' | 'conversation'> & { task: Task }

function Body({ task, process, directory, conversation }: BodyProps) {
  const may = useMay()
  const edit = useTaskEdit(task)
  const mayWrite = may('tasks.write') && task.deletedAt === null && task.mergedInto === null
  return (
    <>
      <ChangedByOthers taskId={task.id} />
      <TaskTitle task={task} edit={edit} mayWrite={mayWrite} />
      <div className={taskCss.facts}>
        <StateMark status={task.status} category={task.statusCategory} pill />
        <PriorityMark priority={task.priority} />
        <DueChips task={task} sla={process.data?.sla} />
      </div>
      <Moves
        task={task}
        process={process.data}
        edit={edit}
        directory={directory}
        mayWrite={mayWrite}
        error={task.deletedAt === null && process.error}
      />
      <Properties task={task} process={process.data} edit={edit} directory={directory} mayWrite={mayWrite} brief />
      <Description task={task} edit={edit} mayWrite={mayWrite} />
      <div className={css.panelTalk}>{conversation}</div>
      {edit.dialogs}
    </>
  )
}
