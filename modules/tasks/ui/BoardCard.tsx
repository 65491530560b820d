import { IconFlame } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { CategoryMark, PriorityMark, RowDue, StateMark } from '../../../platform/react/marks.tsx'
import { initials } from '../../../platform/react/words.ts'
import type { TaskRow } from '../contract.ts'
import css from './board.module.css'
import type { Names } from './filters.ts'
import { text } from './text.ts'

/** A task as a card. */
export function BoardCard({ row, names, tabIndex }: { row: TaskRow; names: Names; tabIndex?: number }) {
  const assignee = row.assignedToEmail && (row.assignedToName || names.person(row.assignedToEmail))
  return (
    <article className={css.card}>
      <div className={css.cardTop}>
        <span className={css.cardKey}>{row.key}</span>
        <CategoryMark category={row.category} />
        {row.isMajorIncident && <IconFlame size={15} className={css.major} aria-label={text.list.major} role="img" />}
        <PriorityMark priority={row.priority} bare />
      </div>
      <Link
        to="/tasks/$ref"
        params={{ ref: row.key }}
        className={css.cardTitle}
        tabIndex={tabIndex}
        draggable={false}
        dir="auto"
        title={row.title.length > 70 ? row.title : undefined}
        aria-describedby="board-help"
      >
        {row.title}
      </Link>
      <div className={css.cardFoot}>
        <StateMark status={row.status} category={row.statusCategory} />
        <span className={css.cardDue}>
          <RowDue task={row} />
        </span>
        {assignee && (
          <span className={css.cardPerson} title={assignee}>
            <span aria-hidden="true">{initials(assignee)}</span>
            <span data-sr>{assignee}</span>
          </span>
        )}
      </div>
    </article>
  )
}
