import { ActionIcon, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowMerge, IconArrowsSplit2, IconDots, IconLink, IconRestore, IconTrash } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { messageOf } from '../../../platform/react/page.tsx'
import { tellUndoable } from '../../../platform/react/undo.tsx'
import { useChange } from '../../../platform/react.tsx'
import type { Task } from '../contract.ts'
import { MergeDialog } from './MergeDialog.tsx'
import { SplitDialog } from './SplitDialog.tsx'
import { text } from './text.ts'

const words = text.task

/** What is rarely done to a task. Deleting needs no question: it can be undone. */
export function MoreMenu({ task, mayWrite, mayDelete }: { task: Task; mayWrite: boolean; mayDelete: boolean }) {
  const change = useChange()
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<'merge' | 'split' | null>(null)
  const tell = (error: unknown) => notifications.show({ color: 'red', message: messageOf(error) })

  const restore = async () => {
    try {
      await change('tasks.restore', { taskId: task.id })
      notifications.show({ message: words.restored({ key: task.key }) })
    } catch (error) {
      tell(error)
    }
  }
  const remove = async () => {
    try {
      await change('tasks.delete', { taskId: task.id })
      navigate({ to: '/tasks', search: { open: true } })
      tellUndoable(words.removed({ key: task.key }), () => change('tasks.restore', { taskId: task.id }))
    } catch (error) {
      tell(error)
    }
  }
  const copyLink = async () => {
    await navigator.clipboard?.writeText(`${location.origin}/tasks/${task.key}`)
    notifications.show({ message: words.copied })
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={words.more} ms="auto">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconLink size={16} />} onClick={copyLink}>
            {words.copyLink}
          </Menu.Item>
          {mayWrite && (
            <>
              <Menu.Item leftSection={<IconArrowMerge size={16} />} onClick={() => setDialog('merge')}>
                {words.merge}…
              </Menu.Item>
              <Menu.Item leftSection={<IconArrowsSplit2 size={16} />} onClick={() => setDialog('split')}>
                {words.split}…
              </Menu.Item>
            </>
          )}
          {mayDelete && task.deletedAt === null && (
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={remove}>
              {words.remove} {task.key}
            </Menu.Item>
          )}
          {mayDelete && task.deletedAt !== null && (
            <Menu.Item leftSection={<IconRestore size={16} />} onClick={restore}>
              {words.restore} {task.key}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog === 'merge' && <MergeDialog task={task} onClose={() => setDialog(null)} />}
      {dialog === 'split' && <SplitDialog task={task} onClose={() => setDialog(null)} />}
    </>
  )
}
