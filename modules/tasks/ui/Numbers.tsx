import { IconAlarm, IconClockX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Output } from '../../../platform/client.ts'
import { number } from '../../../platform/react/i18n.ts'
import { useRead } from '../../../platform/react.tsx'
import css from './dashboard.module.css'
import { sameSearch, searchOf, type TaskSearch } from './search.ts'
import { text } from './text.ts'

const words = text.dashboard
const icons: Record<string, typeof IconAlarm | undefined> = { overdue: IconClockX, 'due-soon': IconAlarm }

/** The numbers of the desk, each a link to the list it counts; compact above the list, large on the dashboard. */
export function Numbers({ numbers, compact, here }: NumbersProps) {
  return (
    <ul className={compact ? css.strip : css.tiles} aria-label={words.numbers}>
      {numbers.map(({ name, count, filter }) => {
        const search = searchOf(filter)
        const Icon = icons[name]
        return (
          <li key={name}>
            <Link
              to="/tasks"
              search={search}
              className={css.tile}
              data-tone={count > 0 && Icon ? name : undefined}
              activeProps={{ 'aria-current': undefined }}
              aria-current={here && sameSearch(search, here) ? 'true' : undefined}
            >
              <span className={css.figure}>{number(count)}</span>
              <span className={css.tileLabel}>
                {Icon && <Icon size={15} stroke={1.8} aria-hidden="true" />}
                {words.number[name] ?? name}
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

type NumbersProps = { numbers: Output<'tasks.dashboard'>['numbers']; compact?: boolean; here?: TaskSearch }

/** The same numbers above the list; room is kept for them, so that nothing jumps. */
export function NumberStrip({ here }: { here: TaskSearch }) {
  const read = useRead('tasks.dashboard', {}, { staleTime: 30_000 })
  return <div className={css.stripPlace}>{read.data && <Numbers numbers={read.data.numbers} compact here={here} />}</div>
}
