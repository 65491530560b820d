import { useEffect } from 'react'
import { ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { timeInWords } from '../../../platform/react/words.ts'
import { useRead } from '../../../platform/react.tsx'
import type { MoveLog } from './log-moves.ts'
import css from './profile.module.css'
import type { ReplayLog } from './ReplayView.tsx'
import { text } from './text.ts'

type HistorySourceProps = { profileId: string; log: MoveLog | undefined; onLog: (log: ReplayLog) => void }

/** What tasks of this profile did here in the last 90 days. */
export function HistorySource({ profileId, log, onLog }: HistorySourceProps) {
  const { data, error } = useRead('tasks.replay-history', { profileId }, { staleTime: 60_000 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was read is passed on once
  useEffect(() => {
    if (!data) return
    const ways = data.ways.map(({ moves, tasks }) => ({ first: null, moves, cases: tasks }))
    const events = data.moves.reduce((sum, { count }) => sum + count, 0)
    onLog({ log: { moves: data.moves, ways, cases: data.tasks, events }, preset: 'generic' })
  }, [data])
  if (error) return <ProblemNotice error={error} />
  if (!data || !log) return <Waiting lines={1} />
  return (
    <span data-muted className={css.hint}>
      {text.replay.span(data.tasks, { since: timeInWords(data.since) })}
    </span>
  )
}
