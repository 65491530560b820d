import { notifications } from '@mantine/notifications'
import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useCallback, useContext } from 'react'
import { messageOf } from '../../../platform/react/page.tsx'
import { tellUndoable } from '../../../platform/react/undo.tsx'
import { ApiContext } from '../../../platform/react.tsx'
import type { TaskChange, TaskRow } from '../contract.ts'

type Listed = { items: TaskRow[] }

/** Whatever else shows the task or counts it; the list itself keeps its rows where they are. */
const around = [
  'tasks.describe-process',
  'tasks.get',
  'tasks.dashboard',
  'tasks.count',
  'tasks.activity',
  'comments.conversation',
]

/** Of a whole task only what a row shows. */
const rowOf = (task: TaskRow, row: TaskRow) =>
  Object.fromEntries(Object.keys(row).map((key) => [key, task[key as keyof TaskRow]])) as TaskRow

/**
 * Changes a field of a task right in its row. The row shows it at once; what the server refuses is taken back and said.
 * No row moves by it: the list keeps its order until somebody asks for a new one.
 */
export function useRowEdit() {
  const { call } = useContext(ApiContext)
  const cache = useQueryClient()

  const show = useCallback(
    (id: string, fields: Partial<TaskRow>) => {
      const withFields = (rows: TaskRow[]) => rows.map((row) => (row.id === id ? { ...row, ...fields } : row))
      cache.setQueriesData<InfiniteData<Listed> | Listed>({ queryKey: ['tasks', 'tasks.list'] }, (known) => {
        if (!known) return known
        if ('items' in known) return { ...known, items: withFields(known.items) }
        return { ...known, pages: known.pages.map((page) => ({ ...page, items: withFields(page.items) })) }
      })
    },
    [cache],
  )

  const store = useCallback(
    async (row: TaskRow, change: TaskChange) => {
      const now = rowOf(await call('tasks.update', { taskId: row.id, ifVersion: row.version, ...change }), row)
      show(row.id, now)
      for (const name of around) cache.invalidateQueries({ queryKey: [name.split('.')[0], name] })
      return now
    },
    [call, cache, show],
  )

  /** @param back what takes it back, where that is sure to be allowed */
  const save = useCallback(
    async (row: TaskRow, change: TaskChange, said: string, back?: TaskChange) => {
      show(row.id, change as Partial<TaskRow>)
      try {
        const now = await store(row, change)
        if (back) tellUndoable(said, () => store(now, back))
        else notifications.show({ message: said })
        return true
      } catch (error) {
        show(row.id, row)
        notifications.show({ color: 'red', title: row.key, message: messageOf(error) })
        // Somebody may have been faster: show what there is now.
        call('tasks.get', { taskId: row.id }).then(
          (task) => show(row.id, rowOf(task, row)),
          () => undefined,
        )
        return false
      }
    },
    [call, show, store],
  )
  return { save }
}

export type RowEdit = ReturnType<typeof useRowEdit>
