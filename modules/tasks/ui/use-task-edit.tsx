import { useState } from 'react'
import { ProblemResponse } from '../../../platform/client.ts'
import { useChange } from '../../../platform/react.tsx'
import type { Task, TaskChange } from '../contract.ts'
import { ConflictDialog } from './ConflictDialog.tsx'

type Conflict = {
  change: TaskChange
  current: Record<string, unknown>
  version: number
  message: string
  settle: (saved: boolean) => void
}

/**
 * Saves changes of a task against the version its editor began with (`start`). Throws what the server refuses; a change made by
 * somebody else in the meantime is shown beside one's own, and the person decides. What others changed in other fields is no
 * conflict once the page shows it. `save` answers whether their value is stored.
 */
export function useTaskEdit(task: Task) {
  const change = useChange()
  const [conflict, setConflict] = useState<Conflict | null>(null)

  const save = async (wanted: TaskChange, start = task): Promise<boolean> => {
    return store(wanted, isUntouched(wanted, start, task) ? task.version : start.version)
  }
  const store = async (wanted: TaskChange, ifVersion: number): Promise<boolean> => {
    try {
      await change('tasks.update', { taskId: task.id, ifVersion, ...wanted })
      return true
    } catch (error) {
      if (!(error instanceof ProblemResponse) || error.code !== 'STALE' || !error.body.version) throw error
      const { current = {}, version, message } = error.body
      return new Promise((settle) => setConflict({ change: wanted, current, version, message, settle }))
    }
  }

  const dialogs = conflict && (
    <ConflictDialog
      message={conflict.message}
      yours={conflict.change}
      current={conflict.current}
      onKeep={() => {
        setConflict(null)
        conflict.settle(false)
      }}
      onOverwrite={async () => {
        const saved = await store(conflict.change, conflict.version)
        setConflict(null)
        conflict.settle(saved)
      }}
    />
  )
  return { task, save, dialogs }
}

export type TaskEdit = ReturnType<typeof useTaskEdit>

/** Whether what a change sets is still as it was when its editor began. */
function isUntouched(wanted: TaskChange, start: Task, now: Task) {
  const same = (key: keyof Task) => JSON.stringify(start[key]) === JSON.stringify(now[key])
  return start.version === now.version || Object.keys(wanted).every((key) => same(key as keyof Task))
}
