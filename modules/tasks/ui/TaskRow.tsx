// biome-ignore-all lint/a11y/useFocusableInteractive: in this grid the rows take the focus, not the cells
import { IconFlame } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { memo, type ReactNode } from 'react'
import { CategoryMark, PriorityMark, RowDue, StateMark } from '../../../platform/react/marks.tsx'
import { Time } from '../../../platform/react/time.tsx'
import type { TaskRow as Row } from '../contract.ts'
import type { CellField } from './CellEditor.tsx'
import type { ColumnId, ColumnShape } from './columns.ts'
import type { Names } from './filters.ts'
import css from './list.module.css'
import { text } from './text.ts'

type TaskRowProps = {
  row: Row
  index: number
  top: number
  isActive: boolean
  isSelected: boolean
  /** Shown beside the list. */
  isPeeked: boolean
  onFocus: (index: number) => void
  onToggle: (index: number, through: boolean) => void
  names: Names
  columns: readonly ColumnShape[]
  /** Whether its cells may be changed in their place. */
  mayEdit: boolean
}

/** One task on one line. The row itself takes the keyboard; what is in it is for the pointer. */
export const TaskRow = memo(function TaskRow({
  row,
  index,
  top,
  isActive,
  isSelected,
  isPeeked,
  onFocus,
  onToggle,
  names,
  columns,
  mayEdit,
}: TaskRowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid listens for the keys of its rows
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-index={index}
      data-peeked={isPeeked || undefined}
      tabIndex={isActive ? 0 : -1}
      className={css.row}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={() => onFocus(index)}
      onClick={(event) => event.shiftKey && onToggle(index, true)}
    >
      <div role="gridcell" className={css.checkCell}>
        <label className={css.check}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={text.list.select({ key: row.key })}
            checked={isSelected}
            onChange={(event) => onToggle(index, (event.nativeEvent as MouseEvent).shiftKey === true)}
          />
        </label>
      </div>
      {columns.map(({ id }) => (
        <Cell key={id} id={id} row={row} names={names} mayEdit={mayEdit} />
      ))}
    </div>
  )
})

/** A value that a press changes; the table hears of it (`data-edit`). By keyboard the row has a key for it. */
const Editable = ({ field, mayEdit, children }: { field: Exclude<CellField, 'menu'>; mayEdit: boolean; children: ReactNode }) =>
  mayEdit ? (
    <button type="button" tabIndex={-1} className={css.editable} data-edit={field} title={text.list.edit.actions[field]}>
      {children}
    </button>
  ) : (
    children
  )

function Cell({ id, row, names, mayEdit }: { id: ColumnId; row: Row; names: Names; mayEdit: boolean }) {
  switch (id) {
    case 'priority':
      return (
        <div role="gridcell" className={css.priorityCell}>
          <Editable field="priority" mayEdit={mayEdit}>
            <PriorityMark priority={row.priority} bare />
          </Editable>
        </div>
      )
    case 'key':
      return (
        <div role="gridcell" className={css.key}>
          {row.key}
        </div>
      )
    case 'title':
      return <TitleCell row={row} />
    case 'status':
      return (
        <div role="gridcell" className={css.statusCell}>
          <Editable field="status" mayEdit={mayEdit}>
            <StateMark status={row.status} category={row.statusCategory} />
          </Editable>
        </div>
      )
    case 'category':
      return (
        <div role="gridcell" className={css.extra}>
          <CategoryMark category={row.category} />
        </div>
      )
    case 'team':
      return (
        <div role="gridcell" className={css.extra}>
          <Editable field="team" mayEdit={mayEdit}>
            {row.teamId && names.team(row.teamId)}
          </Editable>
        </div>
      )
    case 'assignee':
      return (
        <div role="gridcell" className={css.assignee} title={row.assignedToEmail ?? undefined}>
          <Editable field="assignee" mayEdit={mayEdit}>
            {row.assignedToEmail ? (
              <span dir="auto">{row.assignedToName || names.person(row.assignedToEmail)}</span>
            ) : (
              <span data-muted>{text.list.unassigned}</span>
            )}
          </Editable>
        </div>
      )
    case 'requester':
      return (
        <div role="gridcell" className={css.requester} title={row.requesterEmail ?? undefined}>
          {row.requesterEmail && (row.requesterName || names.person(row.requesterEmail))}
        </div>
      )
    case 'due':
      return (
        <div role="gridcell" className={css.dueCell}>
          <Editable field="due" mayEdit={mayEdit}>
            <RowDue task={row} />
          </Editable>
        </div>
      )
    default:
      return (
        <div role="gridcell" className={css.updated}>
          <Time at={id === 'created' ? row.createdAt : row.updatedAt} />
        </div>
      )
  }
}

const TitleCell = ({ row }: { row: Row }) => (
  <div role="gridcell" className={css.titleCell}>
    {row.isMajorIncident && <IconFlame size={15} className={css.major} aria-label={text.list.major} role="img" />}
    <Link
      to="/tasks/$ref"
      params={{ ref: row.key }}
      className={css.title}
      tabIndex={-1}
      dir="auto"
      title={row.title.length > 60 ? row.title : undefined}
    >
      {row.title}
    </Link>
    <span className={css.tags}>
      {row.tags.slice(0, 4).map((tag) => (
        <span key={tag} className={css.tag}>
          {tag}
        </span>
      ))}
    </span>
  </div>
)
