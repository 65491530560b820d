import { utcDay } from '../../../platform/react/words.ts'
import { scoreText } from './marks.tsx'
import css from './security.module.css'
import { text } from './text.ts'

type Point = { scanId: string; scannedAt: string; score: number | null }

const [width, height, edge] = [180, 44, 4]

/** How the score went over the last scans; the same in words for whoever does not see it. */
export function Trend({ source, points }: { source: string; points: readonly Point[] }) {
  const rated = points.filter((point): point is Point & { score: number } => point.score !== null)
  const scores = points.map(({ score, scannedAt }) => `${utcDay(scannedAt.slice(0, 10))} ${scoreText(score)}`).join(', ')
  const label = text.overview.trend({ source, scores })
  if (rated.length < 2) return null
  const lowest = Math.max(0, Math.min(...rated.map(({ score }) => score)) - 10)
  const highest = Math.max(lowest + 10, ...rated.map(({ score }) => score))
  const place = rated.map(({ score, scannedAt }, at) => ({
    key: scannedAt + String(at),
    x: edge + (at * (width - 2 * edge)) / (rated.length - 1),
    y: height - edge - ((score - lowest) * (height - 2 * edge)) / (highest - lowest),
  }))
  const last = place.at(-1)!
  return (
    <svg className={css.trend} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <title>{label}</title>
      <polyline points={place.map(({ x, y }) => `${x},${y}`).join(' ')} fill="none" stroke="currentColor" strokeWidth="1.8" />
      {place.map(({ key, x, y }) => (
        <circle key={key} cx={x} cy={y} r="1.8" fill="currentColor" />
      ))}
      <circle cx={last.x} cy={last.y} r="3.4" className={css.trendLast} />
    </svg>
  )
}
