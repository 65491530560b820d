import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useHappenings } from '../../../platform/react/live.ts'
import css from './task.module.css'
import { text } from './text.ts'

const shownMs = 12_000
const edits = new Set(['task.updated', 'task.moved', 'task.migrated', 'task.merged', 'task.deleted', 'task.restored'])

/** Says quietly that somebody else changed the task on screen; what is being written stays as it is. */
export function ChangedByOthers({ taskId }: { taskId: string }) {
  const [who, setWho] = useState<string | null>(null)
  useHappenings((happenings) => {
    const edit = happenings.findLast(({ subjectId, action }) => subjectId === taskId && edits.has(action))
    if (edit) setWho(edit.actorName)
  })
  useEffect(() => {
    if (who === null) return
    const timer = setTimeout(() => setWho(null), shownMs)
    return () => clearTimeout(timer)
  }, [who])
  return (
    <div role="status">
      {who !== null && (
        <div className={css.changed}>
          <span>{text.task.changedBy({ who })}</span>
          <ActionIcon size={24} onClick={() => setWho(null)} aria-label={text.task.dismiss}>
            <IconX size={14} />
          </ActionIcon>
        </div>
      )}
    </div>
  )
}
