import { aroundTheClock, type Calendar } from './calendar.ts'

/** A stretch of time that does not count. `to` is null while it lasts. Instants are ISO 8601 UTC. */
export type Pause = { from: string; to: string | null; reason: string }

/** A finished run of a clock that was reopened; kept for reporting. */
export type Attempt = { stoppedAt: string; metAt?: string; breachedAt?: string }

export type TargetSource = 'profile' | 'explicit' | 'category'

/** What a clock should aim at: elapsed minutes on the calendar, and which rule says so. */
export type Target = { minutes: number; source: TargetSource; priority: string | null }

/** When time began to count and the pauses since; kept even while the task has no target. */
export type Timeline = { startedAt: string; pauses: Pause[] }

/** One SLA clock as plain JSON. `dueAt` is null while paused; `metAt` is set only when it stopped in time. */
export type Clock = Timeline &
  Target & {
    dueAt: string | null
    warnedAt?: string
    metAt?: string
    breachedAt?: string
    stoppedAt?: string
    attempts?: Attempt[]
  }

export type ClockKind = 'response' | 'resolution'

/** Both clocks of a task. `timeline` lets a later target count from the beginning, past pauses included. */
export type SlaState = { response: Clock | null; resolution: Clock | null; timeline?: Timeline }

export type ClockStanding = 'running' | 'paused' | 'met' | 'overdue' | 'late' | 'stopped'

export type ClockExplanation = {
  standing: ClockStanding
  rule: string
  calendar: string
  targetMinutes: number
  countedMinutes: number
  remainingMinutes: number
  dueAt: string | null
  intervals: { from: string; to: string; minutes: number }[]
  pauses: Pause[]
  sentence: string
}

export type SlaExplanation = { response: ClockExplanation | null; resolution: ClockExplanation | null; sentence: string }

/** Share of the target after which a warning is due. */
const warningShare = 0.75

const iso = (at: Date) => at.toISOString()
const later = (a: Date, b: string) => (a.getTime() < Date.parse(b) ? new Date(b) : a)
const lastPause = (line: Timeline) => line.pauses.at(-1)

/** True while a pause is open. */
export const isPaused = (line: Timeline): boolean => lastPause(line)?.to === null

/** The stretches that count between the start and `at` (or the stop, if earlier), with their working minutes. */
export function countedIntervals(line: Timeline & { stoppedAt?: string }, at: Date, calendar: Calendar = aroundTheClock) {
  const end = line.stoppedAt && Date.parse(line.stoppedAt) < at.getTime() ? new Date(line.stoppedAt) : at
  const intervals: { from: string; to: string; minutes: number }[] = []
  let cursor: Date | null = new Date(line.startedAt)
  const count = (from: Date, to: Date) => {
    if (to > from) intervals.push({ from: iso(from), to: iso(to), minutes: calendar.elapsed(from, to) })
  }
  for (const pause of line.pauses) {
    const from = new Date(pause.from)
    if (cursor) count(cursor, from < end ? from : end)
    cursor = pause.to === null ? null : new Date(pause.to)
  }
  if (cursor) count(cursor, end)
  return intervals
}

/** Working minutes used up at an instant; pauses do not count. */
export const countedMinutes = (line: Timeline & { stoppedAt?: string }, at: Date, calendar: Calendar = aroundTheClock): number =>
  countedIntervals(line, at, calendar).reduce((sum, each) => sum + each.minutes, 0)

/** Minutes left at an instant; negative when overdue. */
export const remainingMinutes = (clock: Clock, at: Date, calendar: Calendar = aroundTheClock): number =>
  clock.minutes - countedMinutes(clock, at, calendar)

const due = (clock: Clock, now: Date, calendar: Calendar) => iso(calendar.add(now, remainingMinutes(clock, now, calendar)))

/** Starts a clock. With `dueAt` (an instant the caller chose) the minutes follow from it, else the due instant from the minutes. */
export function start(target: Target, at: Date, calendar: Calendar = aroundTheClock): Clock {
  return { ...target, startedAt: iso(at), pauses: [], dueAt: iso(calendar.add(at, target.minutes)) }
}

/** Stops counting with a reason. A paused clock stays in its one pause; a stopped one is left alone. */
export function pause<T extends Timeline & { stoppedAt?: string; dueAt?: string | null }>(line: T, now: Date, reason: string): T {
  if (line.stoppedAt || isPaused(line)) return line
  const from = later(later(now, line.startedAt), lastPause(line)?.to ?? line.startedAt)
  const paused = { ...line, pauses: [...line.pauses, { from: iso(from), to: null, reason }] }
  if ('dueAt' in line) paused.dueAt = null
  return paused
}

/** Ends the open pause of a timeline. */
function unpause<T extends Timeline>(line: T, now: Date): T {
  const last = lastPause(line)
  if (!last || last.to !== null) return line
  return { ...line, pauses: [...line.pauses.slice(0, -1), { ...last, to: iso(later(now, last.from)) }] }
}

/** Counts again: due = calendar.add(now, remaining). A running or stopped clock is left alone. */
export function resume(clock: Clock, now: Date, calendar: Calendar = aroundTheClock): Clock {
  if (clock.stoppedAt || !isPaused(clock)) return clock
  const running = unpause(clock, now)
  const at = later(now, running.pauses.at(-1)?.to ?? running.startedAt)
  return { ...running, dueAt: due(running, at, calendar) }
}

/** Resumes a bare timeline. */
export const resumeTimeline = (line: Timeline, now: Date): Timeline => unpause(line, now)

/**
 * Ends a clock for good (until reopened). Done in time sets `metAt`; done late sets `breachedAt` to the due instant;
 * `cancelled` judges nothing. `dueAt` becomes the due instant it had or would have had.
 */
export function stop(clock: Clock, now: Date, outcome: 'done' | 'cancelled', calendar: Calendar = aroundTheClock): Clock {
  if (clock.stoppedAt) return clock
  const at = later(now, clock.startedAt)
  const left = remainingMinutes(clock, at, calendar)
  const dueAt = clock.dueAt ?? iso(calendar.add(at, left))
  const ended: Clock = { ...unpause(clock, at), dueAt, stoppedAt: iso(at) }
  if (outcome === 'cancelled') return ended
  return at.getTime() <= Date.parse(dueAt) ? { ...ended, metAt: iso(at) } : { ...ended, breachedAt: clock.breachedAt ?? dueAt }
}

const without = (clock: Clock, ...keys: ('warnedAt' | 'breachedAt' | 'metAt' | 'stoppedAt')[]): Clock => {
  const copy = { ...clock }
  for (const key of keys) delete copy[key]
  return copy
}

/** Takes back a warning or breach that is no longer true under the clock's present target. */
function settle(clock: Clock, now: Date, calendar: Calendar): Clock {
  const left = remainingMinutes(clock, now, calendar)
  const kept = left > 0 ? without(clock, 'breachedAt') : clock
  return left > clock.minutes * (1 - warningShare) ? without(kept, 'warnedAt') : kept
}

/** Gives a clock another target; elapsed time and past pauses carry over. A stopped clock keeps its outcome. */
export function reclassify(clock: Clock, target: Target, now: Date, calendar: Calendar = aroundTheClock): Clock {
  if (clock.stoppedAt) return clock
  const changed: Clock = { ...clock, ...target }
  const open = isPaused(changed)
  return settle({ ...changed, dueAt: open ? null : due(changed, later(now, clock.startedAt), calendar) }, now, calendar)
}

/** Builds the clock a task would have had with this target from the beginning. */
export function startFrom(line: Timeline, target: Target, now: Date, calendar: Calendar = aroundTheClock): Clock {
  const clock: Clock = { ...target, startedAt: line.startedAt, pauses: line.pauses, dueAt: null }
  return isPaused(line) ? clock : { ...clock, dueAt: due(clock, later(now, line.startedAt), calendar) }
}

/** Runs a stopped clock again; the time since the stop does not count and the finished attempt is kept. */
export function reopen(clock: Clock, now: Date, reason: string, calendar: Calendar = aroundTheClock): Clock {
  if (!clock.stoppedAt) return resume(clock, now, calendar)
  const { stoppedAt, metAt, breachedAt } = clock
  const attempt: Attempt = { stoppedAt, ...(metAt && { metAt }), ...(breachedAt && { breachedAt }) }
  const at = later(now, stoppedAt)
  const pauses = [...clock.pauses, { from: stoppedAt, to: iso(at), reason }]
  const running: Clock = { ...without(clock, 'stoppedAt', 'metAt'), pauses, attempts: [...(clock.attempts ?? []), attempt] }
  return settle({ ...running, dueAt: due(running, at, calendar) }, at, calendar)
}

/** The instant a warning is due (75 % used), or null when paused, stopped or already warned. */
export function warnAt(clock: Clock, now: Date, calendar: Calendar = aroundTheClock): Date | null {
  if (clock.stoppedAt || clock.warnedAt || isPaused(clock)) return null
  return calendar.add(now, remainingMinutes(clock, now, calendar) - clock.minutes * (1 - warningShare))
}
