import { Button, Progress } from '@mantine/core'
import { stateName } from '../../../platform/react/marks.tsx'
import { exactTime, lengthOf } from '../../../platform/react/words.ts'
import type { ClockExplanation, CompiledProfile } from '../contract.ts'
import css from './profile.module.css'
import simCss from './simulation.module.css'
import { clocks, type Entry, type Trial } from './simulation.ts'
import { text } from './text.ts'

const words = text.simulate
const steps = [15, 60, 1440] as const

type TrialClocksProps = { profile: CompiledProfile; trial: Trial; start: number; onWait: (minutes: number) => void }

/** The trial's own time, both SLA clocks, and what happened so far. */
export function TrialClocks({ profile, trial, start, onWait }: TrialClocksProps) {
  const sla = clocks(profile, trial)
  return (
    <aside className={css.panel} aria-label={words.clock}>
      <div className={simCss.clock}>
        <h2>{words.clock}</h2>
        <p data-figures>
          <time dateTime={new Date(trial.now).toISOString()}>{exactTime(new Date(trial.now))}</time>
          <br />
          <span data-muted>{words.since({ length: lengthOf(trial.now - start) })}</span>
        </p>
        <div className={simCss.moves}>
          {steps.map((minutes) => (
            <Button key={minutes} size="compact-sm" variant="default" onClick={() => onWait(minutes)}>
              + {lengthOf(minutes * 60_000)}
            </Button>
          ))}
        </div>
      </div>
      {sla && (
        <section aria-label={text.views.targets} className={simCss.slas} aria-live="polite">
          <h2>{text.views.targets}</h2>
          {!sla.response && !sla.resolution && <p data-muted>{sla.sentence}</p>}
          <ClockRow clock={sla.response} />
          <ClockRow clock={sla.resolution} />
        </section>
      )}
      <section aria-label={words.timeline}>
        <h2>{words.timeline}</h2>
        {trial.entries.length === 0 && <p data-muted>{words.nothingYet}</p>}
        <ol className={simCss.timeline}>
          {trial.entries.map((entry, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries are only ever added at the end
            <li key={n} data-kind={entry.kind}>
              <span data-figures data-muted>
                + {lengthOf(entry.at - start)}
              </span>
              <span>{sentence(entry)}</span>
            </li>
          ))}
        </ol>
      </section>
    </aside>
  )
}

const colors: Record<ClockExplanation['standing'], string> = {
  running: 'var(--blue)',
  paused: 'var(--amber)',
  met: 'var(--green)',
  overdue: 'var(--red)',
  late: 'var(--red)',
  stopped: 'var(--grey)',
}

/** One clock: how much of its time is used, and the evaluator's own sentence, its instants in the reader's zone. */
function ClockRow({ clock }: { clock: ClockExplanation | null | undefined }) {
  if (!clock) return null
  const used = clock.targetMinutes > 0 ? Math.min(100, (clock.countedMinutes / clock.targetMinutes) * 100) : 100
  const said = clock.sentence.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => exactTime(at))
  return (
    <div className={simCss.sla}>
      <p>{said}</p>
      <Progress value={used} color={colors[clock.standing]} size="sm" aria-label={said} transitionDuration={0} />
      <p className={css.small} data-muted>
        {clock.rule}
      </p>
    </div>
  )
}

function sentence({ kind, words: what, from }: Entry): string {
  if (kind === 'created') return words.created({ state: stateName(what) })
  if (kind === 'moved') return words.moved({ from: stateName(from ?? ''), to: stateName(what) })
  if (kind === 'changed') return words.changed({ fields: what })
  if (kind === 'waited') return words.waited({ length: lengthOf(Number(what) * 60_000) })
  return what
}
