import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, type MouseEvent, type RefObject, useContext, useState } from 'react'
import { messageOf } from '../../../platform/react/page.tsx'
import { useShortcutsOn } from '../../../platform/react/preferences.ts'
import { tellUndoable } from '../../../platform/react/undo.tsx'
import { ApiContext, useChange, useMay, useMe } from '../../../platform/react.tsx'
import type { TaskRow } from '../contract.ts'
import type { CellField } from './CellEditor.tsx'
import { text } from './text.ts'
import { useRowEdit } from './use-row-edit.ts'

const words = text.list.edit

/** Keys on a row, each for one thing to do with it. */
const keysOf: Record<string, string> = { a: 'assignee', i: 'mine', p: 'priority', s: 'status', d: 'due', w: 'watch' }

type CellEditing = {
  items: readonly TaskRow[]
  scroller: RefObject<HTMLDivElement | null>
  onPeek: ((row: TaskRow) => void) | undefined
}

type Editing = { row: TaskRow; index: number; field: CellField; at: { x: number; y: number; width: number; height: number } }

/** Everything that is done to a row without leaving the list: by its cells, its keys and its menu. */
export function useCellEdit({ items, scroller, onPeek }: CellEditing) {
  const { call } = useContext(ApiContext)
  const change = useChange()
  const navigate = useNavigate()
  const may = useMay()
  const me = useMe()
  const on = useShortcutsOn()
  const edit = useRowEdit()
  const [editing, setEditing] = useState<Editing | null>(null)
  const mayEdit = may('tasks.write')

  const begin = (index: number, field: CellField) => {
    const row = items[index]
    const line = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)
    if (!row || !line || row.statusCategory === undefined) return
    const cell = field === 'title' ? line.querySelector('a') : line.querySelector(`[data-edit="${field}"]`)
    const { x, y, width, height } = (cell ?? line).getBoundingClientRect()
    setEditing({ row, index, field, at: { x: cell ? x : x + 40, y, width: cell ? width : 260, height } })
  }
  const close = () => {
    setEditing(null)
    const index = editing?.index
    requestAnimationFrame(() => {
      const isElsewhere = document.activeElement !== document.body && !scroller.current?.contains(document.activeElement)
      if (!isElsewhere) scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true })
    })
  }
  const tell = (error: unknown) => notifications.show({ color: 'red', message: messageOf(error) })

  const takeIt = (row: TaskRow) => {
    if (!me) return
    edit.save(row, { assignedToEmail: me.email, assignedToName: null }, words.assigned({ key: row.key, who: me.name }), {
      assignedToEmail: row.assignedToEmail,
      assignedToName: row.assignedToName,
    })
  }
  const watch = async (row: TaskRow) => {
    if (!me) return
    const self = [me.email]
    try {
      await call('tasks.watch', { taskId: row.id, add: self, remove: [] })
      tellUndoable(words.watched({ key: row.key }), () => call('tasks.watch', { taskId: row.id, add: [], remove: self }))
    } catch (error) {
      tell(error)
    }
  }
  const remove = async (row: TaskRow) => {
    try {
      await change('tasks.delete', { taskId: row.id })
      tellUndoable(words.removed({ key: row.key }), () => change('tasks.restore', { taskId: row.id }))
    } catch (error) {
      tell(error)
    }
  }

  const actionsOn = (index: number) => {
    const row = items[index]
    if (!row) return []
    const action = (value: keyof typeof words.actions, keys: string, run: () => void) => ({
      value,
      label: words.actions[value],
      keys,
      run,
    })
    return [
      action('open', 'Enter', () => navigate({ to: '/tasks/$ref', params: { ref: row.key } })),
      ...(onPeek ? [action('peek', '→', () => onPeek(row))] : []),
      ...(mayEdit
        ? [
            action('status', 's', () => begin(index, 'status')),
            action('assignee', 'a', () => begin(index, 'assignee')),
            action('mine', 'i', () => takeIt(row)),
            action('priority', 'p', () => begin(index, 'priority')),
            action('team', '', () => begin(index, 'team')),
            action('due', 'd', () => begin(index, 'due')),
            action('title', 'F2', () => begin(index, 'title')),
            action('watch', 'w', () => watch(row)),
          ]
        : []),
      ...(may('tasks.delete') ? [action('remove', 'Del', () => remove(row))] : []),
    ]
  }

  /** Answers whether the key was for a row. */
  const onKeyDown = (event: KeyboardEvent, index: number): boolean => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.index === undefined) return false
    if (event.ctrlKey || event.metaKey || event.altKey) return false
    // The field of the editor takes the next key, not the row.
    if (editing) {
      event.preventDefault()
      return event.key !== 'Escape'
    }
    const wanted =
      event.key === 'F2'
        ? 'title'
        : event.key === 'Delete'
          ? 'remove'
          : event.key === 'ArrowRight'
            ? 'peek'
            : on && !event.shiftKey
              ? keysOf[event.key]
              : undefined
    const isMenu = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)
    const action = actionsOn(index).find(({ value }) => value === wanted)
    if (!isMenu && !action) return false
    event.preventDefault()
    if (isMenu) begin(index, 'menu')
    else action!.run()
    return true
  }

  /** Answers whether the press was on a cell that can be changed. */
  const onClick = (event: MouseEvent): boolean => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-edit]')
    const index = cell?.closest<HTMLElement>('[data-index]')?.dataset.index
    if (!cell || index === undefined) return false
    begin(Number(index), cell.dataset.edit as CellField)
    return true
  }
  return { editing, begin, close, edit, mayEdit, takeIt, onKeyDown, onClick, actionsOn }
}
