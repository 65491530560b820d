// biome-ignore-all lint/a11y/useFocusableInteractive: in this grid the rows take the focus, not the cells
import { useMediaQuery } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type KeyboardEvent, lazy, type MouseEvent, Suspense, useCallback, useEffect, useRef } from 'react'
import type { TaskRow as Row } from '../contract.ts'
import { ColumnHead } from './ColumnHead.tsx'
import { useColumns, useRoom } from './columns.ts'
import css from './list.module.css'
import type { Directory } from './names.ts'
import { QuickActions } from './QuickActions.tsx'
import type { TaskSort } from './search.ts'
import { TaskRow } from './TaskRow.tsx'
import { text } from './text.ts'
import { useCellEdit } from './use-cell-edit.ts'
import { useListKeys } from './use-list-keys.ts'

/** Fetched when somebody comes to a row, so that the first key is not lost. */
const loadCellEditor = () => import('./CellEditor.tsx')
const CellEditor = lazy(loadCellEditor)
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
  directory: Directory
  /** The row shown beside the list, and how to show another. */
  peeked: string | null
  onPeek: ((id: string | null) => void) | undefined
}

/** The rows on screen of a list of any length; a grid for the keyboard and for screen readers. */
export function TaskTable({
  items,
  sort,
  onSort,
  selected,
  onSelect,
  hasMore,
  isReading,
  onMore,
  directory,
  peeked,
  onPeek,
}: TaskTableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const navigate = useNavigate()
  const narrow = useMediaQuery('(width <= 56em)') ?? false
  const room = useRoom()
  const columns = useColumns(peeked ? 'tight' : room)
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

  const peek = onPeek && ((row: Row) => onPeek(row.id))
  const cells = useCellEdit({ items, scroller, onPeek: narrow ? undefined : peek })
  const onKeyDown = (event: KeyboardEvent) => {
    if (cells.onKeyDown(event, keys.active)) return
    if (event.key === 'Escape' && peeked && selected.size === 0) onPeek?.(null)
    else keys.onKeyDown(event)
  }
  const onClick = (event: MouseEvent) => {
    const target = event.target as HTMLElement
    const row = items[Number(target.closest<HTMLElement>('[data-index]')?.dataset.index ?? -1)]
    if (!row || event.shiftKey || (!narrow && cells.onClick(event)) || target.closest('a, button, label')) return
    if (narrow) open(row)
    else peek?.(row)
  }
  // What is beside the list follows the keyboard through it.
  const onFocus = useCallback(
    (index: number) => {
      keys.setActive(index)
      loadCellEditor()
      const row = latest.current.items[index]
      if (latest.current.peeked && row) onPeek?.(row.id)
    },
    [keys.setActive, onPeek],
  )
  const latest = useRef({ items, peeked })
  latest.current = { items, peeked }

  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && !isReading && last >= items.length - 15) onMore()
  }, [last, items.length, hasMore, isReading, onMore])

  const all = items.length > 0 && items.every(({ id }) => selected.has(id))
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: listens for the keys of the rows in it */}
      <div className={css.scroller} ref={scroller} data-scroll-restoration-id="tasks" onKeyDown={onKeyDown} onClick={onClick}>
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
                onFocus={onFocus}
                onToggle={keys.toggle}
                isPeeked={items[index]!.id === peeked}
                names={directory.names}
                columns={columns.columns}
                mayEdit={cells.mayEdit && !narrow}
              />
            ))}
          </div>
        </div>
        {!narrow && (
          <QuickActions
            scroller={scroller}
            items={items}
            rowHeight={rowHeight}
            mayEdit={cells.mayEdit}
            onMine={cells.takeIt}
            onPeek={peek}
            onMenu={(index) => cells.begin(index, 'menu')}
          />
        )}
        <div className={css.foot} role="status">
          {isReading ? words.more : !hasMore && items.length > 50 ? words.end : ''}
        </div>
      </div>
      {cells.editing && (
        <Suspense fallback={null}>
          <CellEditor
            key={`${cells.editing.row.id} ${cells.editing.field}`}
            {...cells.editing}
            edit={cells.edit}
            directory={directory}
            menu={cells.actionsOn(cells.editing.index)}
            onClose={cells.close}
          />
        </Suspense>
      )}
    </>
  )
}
