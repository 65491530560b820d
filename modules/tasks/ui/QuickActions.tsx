import { ActionIcon } from '@mantine/core'
import { IconDots, IconLayoutSidebarRight, IconUserCheck } from '@tabler/icons-react'
import { type RefObject, useEffect, useState } from 'react'
import type { TaskRow } from '../contract.ts'
import css from './list.module.css'
import { text } from './text.ts'

const words = text.list

type QuickActionsProps = {
  scroller: RefObject<HTMLDivElement | null>
  items: readonly TaskRow[]
  rowHeight: number
  mayEdit: boolean
  onMine: (row: TaskRow) => void
  onPeek: ((row: TaskRow) => void) | undefined
  onMenu: (index: number) => void
}

/** What is done most, at the end of the row under the pointer. The keyboard has the same on the row itself. */
export function QuickActions({ scroller, items, rowHeight, mayEdit, onMine, onPeek, onMenu }: QuickActionsProps) {
  const [at, setAt] = useState(-1)
  useEffect(() => {
    const list = scroller.current
    if (!list) return
    const over = (event: Event) => {
      const target = event.target as HTMLElement
      if (target.closest('[data-quick]')) return
      setAt(Number(target.closest<HTMLElement>('[data-index]')?.dataset.index ?? -1))
    }
    const leave = () => setAt(-1)
    list.addEventListener('pointerover', over)
    list.addEventListener('pointerleave', leave)
    return () => {
      list.removeEventListener('pointerover', over)
      list.removeEventListener('pointerleave', leave)
    }
  }, [scroller])
  const row = items[at]
  if (!row) return null
  const action = (label: string, Icon: typeof IconDots, run: () => void) => (
    <ActionIcon size={26} tabIndex={-1} aria-label={label} title={label} onClick={run}>
      <Icon size={16} stroke={1.8} />
    </ActionIcon>
  )
  return (
    <div
      className={css.quick}
      data-quick
      style={{ top: 32 + at * rowHeight }}
      role="group"
      aria-label={words.quick({ key: row.key })}
    >
      {mayEdit && action(words.takeIt({ key: row.key }), IconUserCheck, () => onMine(row))}
      {onPeek && action(words.peek({ key: row.key }), IconLayoutSidebarRight, () => onPeek(row))}
      {action(words.edit.menu({ key: row.key }), IconDots, () => onMenu(at))}
    </div>
  )
}
