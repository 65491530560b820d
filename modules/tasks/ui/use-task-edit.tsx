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
 * Saves changes of a task against the version on screen. Throws what the server refuses; a change made by somebody else in the
 * meantime is shown beside one's own, and the person decides. `save` answers whether their value is stored.
 */
export function useTaskEdit(task: Task) {
  const change = useChange()
  const [conflict, setConflict] = useState<Conflict | null>(null)

  const save = async (wanted: TaskChange, ifVersion = task.version): Promise<boolean> => {
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
        const saved = await save(conflict.change, conflict.version)
        setConflict(null)
        conflict.settle(saved)
      }}
    />
  )
  return { save, dialogs }
}

export type TaskEdit = ReturnType<typeof useTaskEdit>
