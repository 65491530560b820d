import { DataTable } from '../../../platform/react/page.tsx'
import { lengthOf } from '../../../platform/react/words.ts'
import type { TaskerProfile } from '../contract.ts'
import { text } from './text.ts'

const words = (minutes: number | undefined) => (minutes === undefined ? text.noTarget : lengthOf(minutes * 60_000))

/** The targets by priority, as lengths of time. */
export function Targets({ document }: { document: TaskerProfile }) {
  const rows = document.slaDefaults ?? []
  if (rows.length === 0) return null
  return (
    <section aria-label={text.targets}>
      <h2>{text.targets}</h2>
      <DataTable label={text.targets} head={[...text.targetHead]}>
        {rows.map((row) => (
          <tr key={row.priority}>
            <td>{row.priority}</td>
            <td>{words(row.responseMinutes)}</td>
            <td>{words(row.resolutionMinutes)}</td>
          </tr>
        ))}
      </DataTable>
    </section>
  )
}
