import { useQueryClient } from '@tanstack/react-query'
import { type PointerEvent as ReactPointerEvent, useContext, useEffect, useRef, useState } from 'react'
import { ApiContext, keyOf } from '../../../platform/react.tsx'
import type { TaskRow } from '../contract.ts'
import { type BoardColumnShape, isIn, judge, type Move } from './board-columns.ts'
import type { Process } from './Moves.tsx'
import { text } from './text.ts'

const words = text.board
const startsAfter = 5
const edgeWidth = 60

export type Lifted = { row: TaskRow; over: string | null; process?: Process; at?: { x: number; y: number } }
export type Drop = { row: TaskRow; moves: Move[]; process: Process }

type BoardDrag = {
  columns: readonly BoardColumnShape[]
  scroller: { current: HTMLElement | null }
  onDrop: (drop: Drop) => void
  onRefused: (row: TaskRow, reason: string) => void
}

/** A card in the hand, by pointer or by keyboard. The process is asked as soon as it is lifted; it lets go only where that allows. */
export function useBoardDrag({ columns, scroller, onDrop, onRefused }: BoardDrag) {
  const { call } = useContext(ApiContext)
  const cache = useQueryClient()
  const [lifted, setLifted] = useState<Lifted | null>(null)
  const [said, setSaid] = useState('')
  const hand = useRef<Lifted | null>(null)
  const set = (next: Lifted | null) => {
    hand.current = next
    setLifted(next)
  }

  const verdict = (id: string | null, { row, process }: Lifted) => {
    const column = columns.find((each) => each.id === id)
    return column && process ? { column, ...judge(column, row, process) } : null
  }
  const sayOver = (next: Lifted) => {
    const found = verdict(next.over, next)
    if (!found) return
    const { reason, column } = found
    setSaid(reason === null ? words.canGo({ column: column.label }) : words.cannotGo({ column: column.label, reason }))
  }
  const lift = async (row: TaskRow, at?: { x: number; y: number }) => {
    set({ row, over: columns.find((column) => isIn(column, row))?.id ?? null, at })
    setSaid(words.lifted({ key: row.key, to: words.reading }))
    const input = { taskId: row.id }
    const process = await cache
      .fetchQuery({ queryKey: keyOf('tasks.describe-process', input), queryFn: () => call('tasks.describe-process', input) })
      .catch((error: Error) => {
        onRefused(row, error.message)
        return null
      })
    if (hand.current?.row.id !== row.id) return
    if (!process) return set(null)
    set({ ...hand.current, process })
    sayOver(hand.current)
  }
  const carry = (over: string | null, at?: { x: number; y: number }) => {
    if (!hand.current) return
    const isNew = over !== hand.current.over
    set({ ...hand.current, over, at })
    if (isNew) sayOver(hand.current)
  }
  const cancel = () => {
    if (hand.current) setSaid(words.cancelled({ key: hand.current.row.key }))
    set(null)
  }
  const drop = () => {
    const now = hand.current
    if (!now) return
    if (!now.process) return cancel()
    const found = verdict(now.over, now)
    set(null)
    if (!found || isIn(found.column, now.row)) return setSaid(words.cancelled({ key: now.row.key }))
    if (found.reason !== null) return onRefused(now.row, found.reason)
    setSaid('')
    onDrop({ row: now.row, moves: found.moves, process: now.process })
  }

  const onPointerDown = (row: TaskRow, event: ReactPointerEvent) => {
    // A finger scrolls; on a telephone the page of the task has the moves.
    if (event.button !== 0 || event.pointerType === 'touch') return
    const from = { x: event.clientX, y: event.clientY }
    const stop = new AbortController()
    const { signal } = stop
    const move = ({ clientX: x, clientY: y }: PointerEvent) => {
      if (!hand.current && Math.hypot(x - from.x, y - from.y) < startsAfter) return
      if (!hand.current) lift(row, { x, y })
      scrollAtEdge(scroller.current, x)
      carry(columnAt(x, y), { x, y })
    }
    const up = () => {
      stop.abort()
      if (!hand.current) return
      // The press that ends here opened nothing.
      const swallow = (click: MouseEvent) => click.preventDefault()
      window.addEventListener('click', swallow, { capture: true, once: true })
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 50)
      drop()
    }
    window.addEventListener('pointermove', move, { signal })
    window.addEventListener('pointerup', up, { signal })
    const lose = () => {
      stop.abort()
      cancel()
    }
    window.addEventListener('pointercancel', lose, { signal })
  }

  const cancelLatest = useRef(cancel)
  cancelLatest.current = cancel
  useEffect(() => {
    if (!lifted) return
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      cancelLatest.current()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [lifted])

  /** The neighbour of the column under the card, for the arrow keys. */
  const step = (by: number) => {
    if (!hand.current) return
    const at = columns.findIndex(({ id }) => id === hand.current?.over)
    const to = columns[Math.max(0, Math.min(columns.length - 1, at + by))]
    if (!to) return
    carry(to.id)
    scroller.current
      ?.querySelector(`[data-column="${CSS.escape(to.id)}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }
  return { lifted, said, setSaid, lift, drop, cancel, step, verdict, onPointerDown }
}

export type Drag = ReturnType<typeof useBoardDrag>

const columnAt = (x: number, y: number) =>
  document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-column]')?.dataset.column ?? null

function scrollAtEdge(scroller: HTMLElement | null, x: number) {
  if (!scroller) return
  const { left, right } = scroller.getBoundingClientRect()
  if (x < left + edgeWidth) scroller.scrollLeft -= 14
  if (x > right - edgeWidth) scroller.scrollLeft += 14
}
