import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { rightward } from '../../../platform/react/i18n.ts'
import { StateShape } from '../../../platform/react/marks.tsx'
import { messageOf } from '../../../platform/react/page.tsx'
import { usePages, useRead } from '../../../platform/react.tsx'
import { BoardCard } from './BoardCard.tsx'
import css from './board.module.css'
import type { BoardColumnShape } from './board-columns.ts'
import type { Names } from './filters.ts'
import { filterOf, type TaskSearch } from './search.ts'
import { text } from './text.ts'
import type { Drag } from './use-board-drag.ts'
import { countInWords } from './values.tsx'

const words = text.board
const cardHeight = 110

type BoardColumnProps = { column: BoardColumnShape; search: TaskSearch; drag: Drag; mayMove: boolean; names: Names }

/** One column: its cards read page by page, only those on screen drawn. */
export function BoardColumn({ column, search, drag, mayMove, names }: BoardColumnProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const wanted = { ...search, ...column.filter }
  const isClosed = column.closed !== undefined
  const pages = usePages('tasks.list', wanted, { enabled: !isClosed })
  const count = useRead('tasks.count', filterOf(wanted), { enabled: !isClosed, staleTime: 10_000 }).data
  const items = (isClosed ? undefined : pages.items) ?? []
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => cardHeight,
    overscan: 6,
  })
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= items.length - 10) fetchNextPage()
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage])

  const focusCard = (index: number) => {
    const to = Math.max(0, Math.min(items.length - 1, index))
    setActive(to)
    virtual.scrollToIndex(to)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-card="${to}"] a`)?.focus())
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const row = items[active]
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return
    const isUp = drag.lifted !== null
    const steps: Record<string, number> = { ArrowLeft: -rightward, ArrowRight: rightward }
    const act = () => {
      if (event.key === ' ') return isUp ? drag.drop() : mayMove && drag.lift(row)
      if (event.key === 'Enter' && isUp) return drag.drop()
      if (steps[event.key]) return isUp ? drag.step(steps[event.key]!) : focusColumn(scroller.current, steps[event.key]!)
      if (event.key === 'ArrowDown' && !isUp) return focusCard(active + 1)
      if (event.key === 'ArrowUp' && !isUp) return focusCard(active - 1)
      return 'nothing'
    }
    if (act() !== 'nothing') event.preventDefault()
  }

  const verdict = drag.lifted && drag.verdict(column.id, drag.lifted)
  const standing = !drag.lifted ? undefined : !verdict ? 'asking' : verdict.reason === null ? 'open' : 'shut'
  return (
    <section
      className={css.column}
      data-column={column.id}
      data-standing={standing}
      data-over={drag.lifted?.over === column.id || undefined}
      data-closed={isClosed || undefined}
      aria-label={column.label}
    >
      <div className={css.columnHead} data-category={column.category}>
        <StateShape category={column.category} />
        <h2>{column.label}</h2>
        <span className={css.columnCount}>{count && countInWords(count)}</span>
      </div>
      {verdict && verdict.reason !== null && verdict.reason !== words.here && <p className={css.reason}>{verdict.reason}</p>}
      {verdict?.reason === null && <p className={css.reason}>{verdict.moves.map(({ to }) => words.drop({ to })).join(', ')}</p>}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: listens for the keys of the cards in it */}
      <div ref={scroller} className={css.cards} onKeyDown={onKeyDown}>
        {isClosed && <p className={css.quiet}>{column.closed}</p>}
        {pages.error && <p className={css.quiet}>{messageOf(pages.error)}</p>}
        {!isClosed && pages.items?.length === 0 && <p className={css.quiet}>{words.empty}</p>}
        {items.length > 0 && (
          <ul style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start }) => {
              const row = items[index]!
              return (
                <li
                  key={row.id}
                  data-card={index}
                  data-lifted={drag.lifted?.row.id === row.id || undefined}
                  style={{ transform: `translateY(${start}px)` }}
                  onPointerDown={(event) => mayMove && drag.onPointerDown(row, event)}
                  onFocus={() => setActive(index)}
                >
                  <BoardCard row={row} names={names} tabIndex={index === Math.min(active, items.length - 1) ? 0 : -1} />
                </li>
              )
            })}
          </ul>
        )}
        {isFetchingNextPage && <p className={css.quiet}>{words.more}</p>}
      </div>
    </section>
  )
}

/** The first card of the next column that has one. */
function focusColumn(from: HTMLElement | null, by: number) {
  const all = [...(from?.closest('section[data-lifted]')?.querySelectorAll<HTMLElement>('[data-column]') ?? [])]
  const here = all.findIndex((column) => from && column.contains(from))
  for (let at = here + by; all[at]; at += by) {
    const card = all[at]!.querySelector<HTMLElement>('li a')
    if (card) return card.focus()
  }
}
