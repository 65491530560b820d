import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { PlacedFinding } from '../contract.ts'
import css from './profile.module.css'
import { text } from './text.ts'
import type { Findings } from './use-draft.ts'

/** The problems in words with their lines; a press goes there. */
export function FindingList({ findings, onGo }: { findings: Findings; onGo: (finding: PlacedFinding) => void }) {
  const { errors, warnings } = findings
  const row = (kind: 'error' | 'warning') => (finding: PlacedFinding) => (
    <li key={`${kind} ${finding.path} ${finding.code} ${finding.message}`}>
      <button type="button" className={css.finding} data-kind={kind} onClick={() => onGo(finding)}>
        <strong>{finding.place ? text.line({ line: finding.place.line }) : '–'}</strong>
        <span>{finding.message}</span>
      </button>
    </li>
  )
  const kind = errors.length > 0 ? 'error' : warnings.length > 0 ? 'warning' : 'fine'
  const summary =
    kind === 'error' ? text.problems(errors.length) : kind === 'warning' ? text.warnings(warnings.length) : text.fine
  const Icon = kind === 'fine' ? IconCircleCheck : IconAlertTriangle
  return (
    <div className={css.foot}>
      <p role="status" className={css.verdict} data-kind={kind}>
        <Icon size={15} aria-hidden="true" />
        {summary}
      </p>
      {kind !== 'fine' && (
        <ul className={css.findings}>
          {errors.map(row('error'))}
          {warnings.map(row('warning'))}
        </ul>
      )}
    </div>
  )
}
