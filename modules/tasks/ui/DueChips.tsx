import { Popover, UnstyledButton } from '@mantine/core'
import { DueMark, type DueStanding, standingOf } from '../../../platform/react/marks.tsx'
import { Time, useNow } from '../../../platform/react/time.tsx'
import { lengthOf } from '../../../platform/react/words.ts'
import type { ClockExplanation, SlaExplanation } from '../../profiles/contract.ts'
import type { Task } from '../contract.ts'
import css from './task.module.css'
import { text } from './text.ts'

const words = text.task

/** The due times of a task: each a clock with the time left in words; a press explains how it is counted. */
export function DueChips({ task, sla }: { task: Task; sla: unknown }) {
  const now = useNow()
  const explained = (sla ?? { response: null, resolution: null }) as SlaExplanation
  const isOpen = ['new', 'active', 'waiting'].includes(task.statusCategory)
  return (
    <>
      {explained.response && <ClockChip label={words.response} clock={explained.response} now={now} />}
      {explained.resolution && <ClockChip label={words.resolution} clock={explained.resolution} now={now} />}
      {task.dueDate && isOpen && (
        <DueMark standing={standingOf(task.dueDate, task.createdAt, now)} words={left(task.dueDate, now)} at={task.dueDate} />
      )}
    </>
  )
}

const left = (at: string, now: number) => {
  const away = Date.parse(at) - now
  return (away > 0 ? words.due.dueIn : words.due.dueAgo)({ time: lengthOf(away) })
}

function read(clock: ClockExplanation, now: number): { standing: DueStanding; words: string } {
  const minute = 60_000
  switch (clock.standing) {
    case 'met':
      return { standing: 'met', words: words.due.met }
    case 'late':
      return { standing: 'late', words: words.due.doneLate }
    case 'stopped':
      return { standing: 'met', words: words.due.stopped }
    case 'paused':
      return { standing: 'paused', words: words.due.paused({ time: lengthOf(clock.remainingMinutes * minute) }) }
    default: {
      const away = clock.dueAt ? Date.parse(clock.dueAt) - now : clock.remainingMinutes * minute
      if (away <= 0) return { standing: 'late', words: words.due.late({ time: lengthOf(away) }) }
      return {
        standing: away <= clock.targetMinutes * minute * 0.25 ? 'soon' : 'fine',
        words: words.due.in({ time: lengthOf(away) }),
      }
    }
  }
}

function ClockChip({ label, clock, now }: { label: string; clock: ClockExplanation; now: number }) {
  const said = read(clock, now)
  return (
    <Popover position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={css.target}
          style={{ width: 'auto' }}
          aria-label={`${label} ${said.words}. ${words.explain({ what: label })}`}
        >
          <DueMark standing={said.standing} words={`${label} ${said.words}`} at={clock.dueAt} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={words.explain({ what: label })}>
        <p style={{ maxWidth: 380 }}>{clock.sentence}</p>
        <dl className={css.explain}>
          <dt>{words.rule}</dt>
          <dd>{clock.rule}</dd>
          <dt>{words.target}</dt>
          <dd>{lengthOf(clock.targetMinutes * 60_000)}</dd>
          <dt>{words.counted}</dt>
          <dd>{lengthOf(clock.countedMinutes * 60_000)}</dd>
          <dt>{words.calendar}</dt>
          <dd>{clock.calendar}</dd>
          <dt>{words.pauses}</dt>
          <dd>
            {clock.pauses.length === 0 && words.noPauses}
            {clock.pauses.map((pause) => (
              <div key={pause.from}>
                {pause.reason}: <Time at={pause.from} /> – {pause.to ? <Time at={pause.to} /> : words.stillPaused}
              </div>
            ))}
          </dd>
        </dl>
      </Popover.Dropdown>
    </Popover>
  )
}
