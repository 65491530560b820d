import { StateMark, stateName } from '../../../platform/react/marks.tsx'
import { DataTable } from '../../../platform/react/page.tsx'
import type { CompiledProfile } from '../contract.ts'
import type { Mark } from './findings.ts'
import { flagsOf } from './flags.ts'
import css from './profile.module.css'
import { text } from './text.ts'

type FlowTableProps = {
  profile: CompiledProfile
  marks: ReadonlyMap<string, readonly Mark[]>
  onSelect: (index: number) => void
}

/** The same as the picture, in words. */
export function FlowTable({ profile, marks, onSelect }: FlowTableProps) {
  return (
    <DataTable label={text.flowLabel({ name: profile.name })} head={Object.values(text.flowHead)}>
      {profile.states.map((state, index) => (
        <tr key={`${state.key} ${profile.states.indexOf(state)}`}>
          <td>
            <button type="button" className={css.link} onClick={() => onSelect(index)}>
              <StateMark status={state.status} category={state.category} />
            </button>
            {marks.get(`${index}`)?.map(({ kind, message }) => (
              <div key={message} className={css.mark} data-kind={kind}>
                {message}
              </div>
            ))}
          </td>
          <td>{text.categories[state.category]}</td>
          <td>{state.nextNames.map(stateName).join(', ') || '–'}</td>
          <td>{state.requiredFields.map(({ label }) => label).join(', ')}</td>
          <td>{flagsOf(state).join(', ')}</td>
        </tr>
      ))}
    </DataTable>
  )
}
