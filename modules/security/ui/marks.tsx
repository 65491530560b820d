/** Severity, result and score by shape and word as well as colour. */
import { percent } from '../../../platform/react/i18n.ts'
import type { Result, Severity } from '../contract.ts'
import css from './security.module.css'
import { text } from './text.ts'

const bars: Record<Severity, number> = { critical: 4, high: 3, medium: 2, low: 1, informational: 0, unrated: 0 }

/** Severity as 4 · 3 · 2 · 1 bars and its word. */
export const SeverityMark = ({ severity }: { severity: Severity }) => (
  <span className={css.severity} data-severity={severity}>
    <svg width="14" height="12" viewBox="0 0 14 12" aria-hidden="true">
      {[0, 1, 2, 3].map((bar) => (
        <rect
          key={bar}
          x={bar * 3.6}
          y={8 - bar * 2.6}
          width="2.4"
          height={4 + bar * 2.6}
          rx="0.8"
          fill="currentColor"
          opacity={bar < bars[severity] ? 1 : 0.22}
        />
      ))}
    </svg>
    {text.severities[severity]}
  </span>
)

const shapes: Record<Result, string> = {
  pass: 'M2 6.4l2.9 3 5.3-6.6',
  fail: 'M2.4 2.4l7.2 7.2M9.6 2.4l-7.2 7.2',
  error: 'M6 1.6v5.6M6 9.6v.6',
  manual: 'M3.8 4a2.2 2.2 0 1 1 3.2 2c-.7.4-1 .8-1 1.5M6 10.2v.1',
  skipped: 'M2 6h8',
  'not-applicable': 'M2 10L10 2',
}

/** A result with its sign. */
export const ResultMark = ({ result }: { result: Result }) => (
  <span className={css.result} data-result={result}>
    <svg
      width="12"
      height="12"
      viewBox="0 0 12 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d={shapes[result]} />
    </svg>
    {text.results[result]}
  </span>
)

/** A score in percent; a dash when nothing was rated. */
export const scoreText = (score: number | null) => (score === null ? text.scan.notYet : percent(score / 100))
