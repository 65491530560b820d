// biome-ignore-all lint/a11y/useFocusableInteractive: in this grid the rows take the focus, not the cells
import { useMediaQuery } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, useEffect, useRef } from 'react'
import type { TaskRow as Row } from '../contract.ts'
import { ColumnHead } from './ColumnHead.tsx'
import { useColumns, useRoom } from './columns.ts'
import type { Names } from './filters.ts'
import css from './list.module.css'
import type { TaskSort } from './search.ts'
import { TaskRow } from './TaskRow.tsx'
import { text } from './text.ts'
import { useListKeys } from './use-list-keys.ts'

const words = text.list

type TaskTableProps = {
  items: Row[]
  sort: TaskSort
  onSort: (sort: TaskSort) => void
  selected: ReadonlySet<string>
  onSelect: (selected: ReadonlySet<string>) => void
  hasMore: boolean
  isReading: boolean
  onMore: () => void
  names: Names
}

/** The rows on screen of a list of any length; a grid for the keyboard and for screen readers. */
export function TaskTable({ items, sort, onSort, selected, onSelect, hasMore, isReading, onMore, names }: TaskTableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const narrow = useMediaQuery('(width <= 56em)') ?? false
  const columns = useColumns(useRoom())
  const rowHeight = narrow ? 60 : 36
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: narrow ? 0 : 40,
    scrollPaddingEnd: 8,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height of all rows changed at once
  useEffect(() => virtual.measure(), [rowHeight])

  const open = (row: Row) => navigate({ to: '/tasks/$ref', params: { ref: row.key } })
  const keys = useListKeys({
    items,
    selected,
    onSelect,
    onOpen: open,
    scroller,
    scrollTo: (index) => virtual.scrollToIndex(index),
  })

  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && !isReading && last >= items.length - 15) onMore()
  }, [last, items.length, hasMore, isReading, onMore])

  const all = items.length > 0 && items.every(({ id }) => selected.has(id))
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens for the keys of the rows in it
    <div className={css.scroller} ref={scroller} data-scroll-restoration-id="tasks" onKeyDown={keys.onKeyDown}>
      <div
        role="grid"
        aria-label={words.title}
        aria-multiselectable="true"
        aria-rowcount={hasMore ? -1 : items.length + 1}
        tabIndex={-1}
        style={{ '--columns': columns.template } as CSSProperties}
      >
        <div className={`${css.row} ${css.headRow}`} role="row" aria-rowindex={1} tabIndex={-1}>
          <div role="columnheader" className={css.checkCell}>
            <label className={css.check}>
              <input
                type="checkbox"
                aria-label={words.selectAll}
                checked={all}
                onChange={() => onSelect(all ? new Set() : new Set(items.map(({ id }) => id)))}
              />
            </label>
          </div>
          {columns.columns.map((column) => (
            <ColumnHead key={column.id} column={column} columns={columns} sort={sort} onSort={onSort} />
          ))}
        </div>
        <div className={css.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {rows.map(({ index, start, key }) => (
            <TaskRow
              key={key}
              row={items[index]!}
              index={index}
              top={start}
              isActive={index === keys.active}
              isSelected={selected.has(items[index]!.id)}
              onFocus={keys.setActive}
              onToggle={keys.toggle}
              names={names}
              columns={columns.columns}
            />
          ))}
        </div>
      </div>
      <div className={css.foot} role="status">
        {isReading ? words.more : !hasMore && items.length > 50 ? words.end : ''}
      </div>
    </div>
  )
}
