// biome-ignore-all lint/a11y/useFocusableInteractive: in this grid the rows take the focus, not the cells

import { IconAntennaBars5, IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { rightward } from '../../../platform/react/i18n.ts'
import { type ColumnShape, type Columns, narrowest, widest } from './columns.ts'
import css from './list.module.css'
import type { TaskSort } from './search.ts'
import { text } from './text.ts'

type ColumnHeadProps = { column: ColumnShape; columns: Columns; sort: TaskSort; onSort: (sort: TaskSort) => void }

const opposite = (sort: TaskSort) => (sort.startsWith('-') ? sort.slice(1) : `-${sort}`) as TaskSort

/** A column's head: orders the list by a press, and is widened and narrowed at its end. */
export function ColumnHead({ column, columns, sort, onSort }: ColumnHeadProps) {
  const { id, label, by } = column
  const isBy = by !== undefined && (sort === by || sort === opposite(by))
  const down = sort.startsWith('-')
  const Icon = down ? IconChevronDown : IconChevronUp
  const isIcon = id === 'priority'
  return (
    <div
      role="columnheader"
      className={css.columnHead}
      aria-sort={by ? (isBy ? (down ? 'descending' : 'ascending') : 'none') : undefined}
    >
      {by ? (
        <button type="button" className={css.sortable} onClick={() => onSort(sort === by ? opposite(by) : by)} title={label}>
          {isIcon ? <span data-sr>{label}</span> : label}
          {isBy ? <Icon size={14} /> : isIcon && <IconAntennaBars5 size={16} stroke={1.8} aria-hidden="true" />}
        </button>
      ) : (
        label
      )}
      {!isIcon && id !== 'title' && <Edge column={column} columns={columns} />}
    </div>
  )
}

/** The end of a column: dragged, or moved with the arrow keys. */
function Edge({ column, columns }: { column: ColumnShape; columns: Columns }) {
  const width = columns.widthOf(column)
  // Before the title a column ends at its far side; after it, the title gives the room and the edge is at the near side.
  const isBefore = column.id === 'key'
  const sign = isBefore ? rightward : -rightward
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault()
    const edge = event.currentTarget
    const from = event.clientX
    edge.setPointerCapture(event.pointerId)
    edge.onpointermove = (move) => columns.resize(column.id, width + sign * (move.clientX - from))
    edge.onpointerup = () => {
      edge.onpointermove = null
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -10 * sign, ArrowRight: 10 * sign }[event.key]
    if (!by) return
    event.preventDefault()
    event.stopPropagation()
    columns.resize(column.id, width + by)
  }
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={text.list.resize({ column: column.label })}
      aria-valuenow={width}
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      tabIndex={0}
      className={css.edge}
      data-side={isBefore ? 'end' : 'start'}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  )
}
