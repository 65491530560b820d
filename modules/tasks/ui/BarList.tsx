import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { number } from '../../../platform/react/i18n.ts'
import { DataTable } from '../../../platform/react/page.tsx'
import css from './dashboard.module.css'
import { searchOf } from './search.ts'
import { text } from './text.ts'

const words = text.dashboard
const mostBars = 8

type Slice = { name: string; count: number; filter: Record<string, unknown> }
type BarListProps = { title: string; slices: readonly Slice[]; asTable: boolean; nameOf?: (name: string) => ReactNode }

/** Bars with their names and numbers beside them, each a link to its list; or the same numbers as a table. */
export function BarList({ title, slices, asTable, nameOf = (name) => name }: BarListProps) {
  const most = Math.max(1, ...slices.map(({ count }) => count))
  const shown = slices.slice(0, mostBars)
  return (
    <section className={css.card} aria-label={title}>
      <h2>{title}</h2>
      {slices.every(({ count }) => count === 0) && !asTable ? (
        <p data-muted>{words.none}</p>
      ) : asTable ? (
        <DataTable label={title} head={[title, words.count]}>
          {slices.map(({ name, count, filter }) => (
            <tr key={name}>
              <td>
                <Link to="/tasks" search={searchOf(filter)}>
                  {nameOf(name)}
                </Link>
              </td>
              <td data-figures>{number(count)}</td>
            </tr>
          ))}
        </DataTable>
      ) : (
        <ul className={css.bars}>
          {shown.map(({ name, count, filter }) => (
            <li key={name}>
              <Link to="/tasks" search={searchOf(filter)} className={css.bar} title={`${name}: ${number(count)}`}>
                <span className={css.barName}>{nameOf(name)}</span>
                <span className={css.track} aria-hidden="true">
                  <span className={css.fill} style={{ width: `${(100 * count) / most}%` }} />
                </span>
                <span className={css.barCount}>{number(count)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {!asTable && slices.length > shown.length && (
        <p className={css.hint}>{words.others({ count: slices.length - shown.length })}</p>
      )}
    </section>
  )
}
