import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { useShortcutsOn } from '../../../platform/react/preferences.ts'
import type { TaskRow } from '../contract.ts'

type ListKeys = {
  items: TaskRow[]
  selected: ReadonlySet<string>
  onSelect: (selected: ReadonlySet<string>) => void
  onOpen: (row: TaskRow) => void
  scroller: RefObject<HTMLDivElement | null>
  scrollTo: (index: number) => void
}

/** j, k and the arrows walk, x and Space select (with Shift a range), Enter opens. j and k also begin from anywhere on the page. */
export function useListKeys({ items, selected, onSelect, onOpen, scroller, scrollTo }: ListKeys) {
  const [active, setActive] = useState(0)
  const anchor = useRef(0)
  const on = useShortcutsOn()
  const latest = useRef({ items, selected, onSelect })
  latest.current = { items, selected, onSelect }

  const go = useCallback(
    (index: number) => {
      const to = Math.max(0, Math.min(latest.current.items.length - 1, index))
      setActive(to)
      scrollTo(to)
      // The row may only now be drawn; focus it as soon as it is there.
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus({ preventScroll: true }),
      )
    },
    [scroller, scrollTo],
  )

  const toggle = useCallback((index: number, through: boolean) => {
    const { items, selected, onSelect } = latest.current
    const next = new Set(selected)
    if (through) {
      const [from, to] = [Math.min(anchor.current, index), Math.max(anchor.current, index)]
      for (const row of items.slice(from, to + 1)) next.add(row.id)
    } else {
      const { id } = items[index]!
      if (!next.delete(id)) next.add(id)
      anchor.current = index
    }
    onSelect(next)
  }, [])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLButtonElement) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / 36) - 2)
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: items.length - 1,
    }
    if (on) Object.assign(moves, { j: active + 1, k: active - 1 })
    const to = moves[event.key]
    if (to !== undefined) {
      event.preventDefault()
      go(to)
    } else if (event.key === 'Enter' && items[active]) {
      event.preventDefault()
      onOpen(items[active])
    } else if ((on && event.key.toLowerCase() === 'x') || (event.key === ' ' && !(event.target instanceof HTMLInputElement))) {
      event.preventDefault()
      toggle(active, event.shiftKey)
    } else if (event.key === 'Escape' && selected.size > 0) onSelect(new Set())
  }

  useEffect(() => {
    if (!on) return
    const listen = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if ((event.key !== 'j' && event.key !== 'k') || !isElsewhere(event.target, scroller.current)) return
      event.preventDefault()
      go(active)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [on, active, go, scroller])

  return { active: Math.min(active, items.length - 1), setActive, toggle, onKeyDown }
}

const isElsewhere = (target: EventTarget | null, list: HTMLElement | null) =>
  target instanceof HTMLElement &&
  !list?.contains(target) &&
  !/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) &&
  !target.isContentEditable &&
  target.closest('[role="dialog"],[role="menu"]') === null
