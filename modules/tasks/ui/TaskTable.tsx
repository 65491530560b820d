// biome-ignore-all lint/a11y/useFocusableInteractive: in this grid the rows take the focus, not the cells
import { useMediaQuery } from '@mantine/hooks'
import { IconAntennaBars5, IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { TaskRow as Row } from '../contract.ts'
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
          <Column label={words.columns.priority} by="priority" sort={sort} onSort={onSort} hidden />
          <Column label={words.columns.key} by="-number" sort={sort} onSort={onSort} />
          <Column label={words.columns.title} />
          <Column label={words.columns.status} />
          <Column label={words.columns.assignee} className={css.assignee} />
          <Column label={words.columns.requester} className={css.requester} />
          <Column label={words.columns.due} by="due" sort={sort} onSort={onSort} />
          <Column label={words.columns.updated} by="-updatedAt" sort={sort} onSort={onSort} className={css.updated} />
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

type ColumnProps = {
  label: string
  by?: TaskSort
  sort?: TaskSort
  onSort?: (sort: TaskSort) => void
  hidden?: boolean
  className?: string
}

const opposite = (sort: TaskSort) => (sort.startsWith('-') ? sort.slice(1) : `-${sort}`) as TaskSort

/** A column's head; `by` is the order its first press gives. */
function Column({ label, by, sort, onSort, hidden, className }: ColumnProps) {
  if (!by) {
    return (
      <div role="columnheader" className={className}>
        {label}
      </div>
    )
  }
  const isBy = sort === by || sort === opposite(by)
  const Icon = sort?.startsWith('-') ? IconChevronDown : IconChevronUp
  return (
    <div
      role="columnheader"
      className={className}
      aria-sort={isBy ? (sort?.startsWith('-') ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className={css.sortable} onClick={() => onSort?.(sort === by ? opposite(by) : by)} title={label}>
        {hidden ? <span data-sr>{label}</span> : label}
        {isBy ? <Icon size={14} /> : hidden && <IconAntennaBars5 size={16} stroke={1.8} aria-hidden="true" />}
      </button>
    </div>
  )
}
