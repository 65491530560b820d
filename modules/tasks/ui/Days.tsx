import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { number } from '../../../platform/react/i18n.ts'
import { DataTable } from '../../../platform/react/page.tsx'
import type { Day } from './DaysChart.tsx'
import css from './dashboard.module.css'
import type { TaskSearch } from './search.ts'
import { text } from './text.ts'

const DaysChart = lazy(() => import('./DaysChart.tsx'))
const words = text.dashboard
const dayMs = 86_400_000

/** The list behind one bar. */
function listOf(day: string, kind: string): TaskSearch {
  const start = Date.parse(`${day}T00:00:00Z`)
  const at = (ms: number) => new Date(ms).toISOString()
  // `createdAfter` excludes its instant, `closedAfter` includes it.
  return kind === 'created'
    ? { createdAfter: at(start - 1), createdBefore: at(start + dayMs) }
    : { closedAfter: at(start), closedBefore: at(start + dayMs) }
}

/** What came in and what was settled, day by day. */
export function Days({ days, asTable }: { days: readonly Day[]; asTable: boolean }) {
  const navigate = useNavigate()
  const sum = (key: 'created' | 'closed') => days.reduce((all, each) => all + each[key], 0)
  return (
    <section className={css.card} aria-label={words.days}>
      <h2>{words.days}</h2>
      <p className={css.legend}>
        <span data-series="1">
          {words.created} <strong>{number(sum('created'))}</strong>
        </span>
        <span data-series="2">
          {words.closed} <strong>{number(sum('closed'))}</strong>
        </span>
      </p>
      {asTable ? (
        <div className={css.tall}>
          <DataTable label={words.days} head={[words.day, words.created, words.closed]}>
            {days.toReversed().map((each) => (
              <tr key={each.day}>
                <td data-figures>{each.day}</td>
                {(['created', 'closed'] as const).map((kind) => (
                  <td key={kind} data-figures>
                    <Link to="/tasks" search={listOf(each.day, kind)} aria-label={`${words[kind]} ${each.day}: ${each[kind]}`}>
                      {number(each[kind])}
                    </Link>
                  </td>
                ))}
              </tr>
            ))}
          </DataTable>
        </div>
      ) : (
        <div
          role="img"
          aria-label={`${words.days}. ${words.daysSaid({ created: sum('created'), closed: sum('closed') })}`}
          className={css.chart}
        >
          <Suspense fallback={null}>
            <DaysChart days={days} onOpen={(day, kind) => day && navigate({ to: '/tasks', search: listOf(day, kind) })} />
          </Suspense>
        </div>
      )}
    </section>
  )
}
