import { Tabs } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { CategoryMark, PriorityMark, StateMark } from '../../../platform/react/marks.tsx'
import { Notice, useTitle } from '../../../platform/react/page.tsx'
import { useMay } from '../../../platform/react.tsx'
import type { Task } from '../contract.ts'
import { ChangedByOthers } from './ChangedByOthers.tsx'
import { Description } from './Description.tsx'
import { DueChips } from './DueChips.tsx'
import { ExternalRefs } from './ExternalRefs.tsx'
import { LinkedRecord } from './LinkedRecord.tsx'
import { Links } from './Links.tsx'
import { MoreMenu } from './MoreMenu.tsx'
import { Moves, type Process } from './Moves.tsx'
import { useDirectory } from './names.ts'
import { Presence } from './Presence.tsx'
import { Properties } from './Properties.tsx'
import { TaskTitle } from './TaskTitle.tsx'
import css from './task.module.css'
import { text } from './text.ts'
import { useTaskEdit } from './use-task-edit.tsx'
import { Watchers } from './Watchers.tsx'

type TaskViewProps = {
  task: Task
  /** What may happen to it, as read so far. */
  process: { data: Process | undefined; error: unknown }
  banner?: ReactNode
  conversation: ReactNode
  activity: ReactNode
}

/** One task: what it is and what may happen next on top, what was said below, its properties at the side. */
export function TaskView({ task, process, banner, conversation, activity }: TaskViewProps) {
  useTitle(`${task.key} ${task.title}`)
  const may = useMay()
  const directory = useDirectory()
  const edit = useTaskEdit(task)
  const [tab, setTab] = useState<string | null>('conversation')
  // Those of an import are shown even where the profile asks for none.
  const hasRefs =
    task.externalRefs.length > 0 || process.data?.fields.some(({ field, visible }) => field === 'externalRefs' && visible)
  const isLive = task.deletedAt === null
  const mayWrite = may('tasks.write') && isLive && task.mergedInto === null

  return (
    <div className={css.page}>
      {(banner || !isLive) && (
        <div className={css.banner}>
          {banner}
          {!isLive && <Notice kind="warning">{text.task.deletedBanner}</Notice>}
        </div>
      )}
      <article className={css.main} aria-label={task.key}>
        <div className={css.over}>
          <span className={css.key}>{task.key}</span>
          <CategoryMark category={task.category} />
          <Presence taskId={task.id} />
          <MoreMenu task={task} mayWrite={mayWrite} mayDelete={may('tasks.delete')} />
        </div>
        <ChangedByOthers taskId={task.id} />
        <TaskTitle task={task} edit={edit} mayWrite={mayWrite} />
        <div className={css.facts}>
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
          error={isLive && process.error}
        />
        <Description task={task} edit={edit} mayWrite={mayWrite} />
        <Tabs value={tab} onChange={setTab} className={css.section} keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="conversation">{text.task.tabs.conversation}</Tabs.Tab>
            <Tabs.Tab value="activity">{text.task.tabs.activity}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="conversation" pt="md">
            {conversation}
          </Tabs.Panel>
          <Tabs.Panel value="activity" pt="md">
            {activity}
          </Tabs.Panel>
        </Tabs>
      </article>
      <aside className={css.side} aria-label={text.task.properties}>
        <Properties task={task} process={process.data} edit={edit} directory={directory} mayWrite={mayWrite} />
        <LinkedRecord type={task.linkedTaterEntityType} id={task.linkedTaterEntityId} />
        <Links task={task} mayWrite={mayWrite} />
        {hasRefs && <ExternalRefs task={task} edit={edit} mayWrite={mayWrite} />}
        <Watchers task={task} directory={directory} mayWrite={mayWrite} />
      </aside>
      {edit.dialogs}
    </div>
  )
}
