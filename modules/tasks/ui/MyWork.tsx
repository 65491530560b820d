import { Link } from '@tanstack/react-router'
import { PriorityMark, RowDue, StateMark } from '../../../platform/react/marks.tsx'
import { ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { useRead } from '../../../platform/react.tsx'
import css from './dashboard.module.css'
import { text } from './text.ts'

const words = text.dashboard
const mine = { open: true, assignedTo: 'me' }

/** What I should look at next: my open tasks, due soonest first. */
export function MyWork() {
  const read = useRead('tasks.list', { ...mine, sort: 'due', limit: 8 })
  return (
    <section className={css.card} aria-label={words.mine}>
      <div className={css.cardHead}>
        <h2>{words.mine}</h2>
        <Link to="/tasks" search={{ ...mine, sort: 'due' }}>
          {words.mineAll}
        </Link>
      </div>
      <ProblemNotice error={read.error} />
      {!read.data && !read.error && <Waiting lines={8} />}
      {read.data?.items.length === 0 && (
        <p data-muted>
          {words.mineEmpty}{' '}
          <Link to="/tasks" search={{ open: true, assignedTo: 'none' }}>
            {words.mineTake}
          </Link>
        </p>
      )}
      <ul className={css.work}>
        {read.data?.items.map((task) => (
          <li key={task.id} className={css.workRow}>
            <PriorityMark priority={task.priority} bare />
            <Link to="/tasks/$ref" params={{ ref: task.key }} className={css.workTitle}>
              <span className={css.workKey}>{task.key}</span> <span dir="auto">{task.title}</span>
            </Link>
            <span className={css.workState}>
              <StateMark status={task.status} category={task.statusCategory} />
            </span>
            <span className={css.workDue}>
              <RowDue task={task} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
