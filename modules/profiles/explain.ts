import { aroundTheClock, type Calendar } from './calendar.ts'
import type { Clock, ClockExplanation, ClockKind, ClockStanding, SlaExplanation, SlaState } from './sla.ts'
import { countedIntervals, isPaused, remainingMinutes } from './sla.ts'

/** A length of time in words: `12 min`, `3 h 12 m`, `5 d 2 h`. */
export function duration(minutes: number): string {
  const whole = Math.max(0, Math.round(minutes))
  if (whole < 60) return `${whole} min`
  const [days, hours, rest] = [Math.floor(whole / 1440), Math.floor((whole % 1440) / 60), whole % 60]
  if (days > 0) return hours ? `${days} d ${hours} h` : `${days} d`
  return rest ? `${hours} h ${rest} m` : `${hours} h`
}

/** How a clock stands at an instant. */
export function standingOf(clock: Clock, now: Date): ClockStanding {
  if (clock.stoppedAt) return clock.metAt ? 'met' : clock.breachedAt ? 'late' : 'stopped'
  if (isPaused(clock)) return 'paused'
  return clock.dueAt && Date.parse(clock.dueAt) < now.getTime() ? 'overdue' : 'running'
}

function outcome(clock: Clock, calendar: Calendar): string {
  const stopped = new Date(clock.stoppedAt!)
  const early = remainingMinutes(clock, stopped, calendar)
  if (clock.metAt) return `met ${duration(early)} before due`
  return clock.breachedAt ? `${duration(-early)} late` : 'not judged, the task was cancelled'
}

function sentence(kind: ClockKind, clock: Clock, now: Date, calendar: Calendar): string {
  const left = remainingMinutes(clock, now, calendar)
  const name = kind === 'response' ? 'First response' : 'Resolution'
  const paused = clock.pauses.length
  const count = paused ? `, ${paused} ${paused === 1 ? 'pause' : 'pauses'} not counted` : ''
  switch (standingOf(clock, now)) {
    case 'met':
    case 'late':
    case 'stopped':
      return `${name}: ${outcome(clock, calendar)}${count}.`
    case 'paused':
      return `${name} is paused (${clock.pauses.at(-1)?.reason}), ${left < 0 ? `${duration(-left)} late` : `${duration(left)} left`}.`
    case 'overdue':
      return `${name} is ${duration(-left)} late, due ${clock.dueAt}${count}.`
    default:
      return `${name} is due ${clock.dueAt}, ${duration(left)} left${count}.`
  }
}

function rule(clock: Clock, profile: string): string {
  if (clock.source === 'explicit' && clock.priority === null) return 'A due time set on the task itself.'
  const target = duration(clock.minutes)
  if (clock.source === 'explicit') return `The SLA chosen on the task: ${target}.`
  if (clock.source === 'category') return `The target of the task's category: ${target}.`
  return `SLA defaults of ${profile}: ${clock.priority} within ${target}.`
}

/** Everything behind one due instant: the rule, the stretches that counted, the pauses, what is left – as data and as a sentence. */
export function explain(
  kind: ClockKind,
  clock: Clock,
  now: Date,
  profile: string,
  calendar: Calendar = aroundTheClock,
): ClockExplanation {
  const intervals = countedIntervals(clock, now, calendar)
  const counted = intervals.reduce((sum, each) => sum + each.minutes, 0)
  return {
    standing: standingOf(clock, now),
    rule: rule(clock, profile),
    calendar: calendar.name,
    targetMinutes: clock.minutes,
    countedMinutes: counted,
    remainingMinutes: clock.minutes - counted,
    dueAt: clock.dueAt,
    intervals,
    pauses: clock.pauses,
    sentence: sentence(kind, clock, now, calendar),
  }
}

/** Both clocks explained. `profile` is the name of the profile whose rules apply. */
export function explainSla(sla: SlaState, now: Date, profile: string, calendar: Calendar = aroundTheClock): SlaExplanation {
  const response = sla.response && explain('response', sla.response, now, profile, calendar)
  const resolution = sla.resolution && explain('resolution', sla.resolution, now, profile, calendar)
  const sentences = [response?.sentence, resolution?.sentence].filter(Boolean)
  return { response, resolution, sentence: sentences.join(' ') || 'No SLA target applies.' }
}

function clockEffect(kind: ClockKind, before: Clock | null, after: Clock | null, now: Date, calendar: Calendar): string | null {
  if (!before || !after) return null
  const left = remainingMinutes(after, now, calendar)
  const rest = left < 0 ? `${duration(-left)} late` : `${duration(left)} left`
  if (!before.stoppedAt && after.stoppedAt) return `Stops the ${kind} clock: ${outcome(after, calendar)}`
  if (before.stoppedAt && !after.stoppedAt) return `Restarts the ${kind} clock: ${rest}`
  if (!isPaused(before) && isPaused(after)) return `Pauses the ${kind} clock`
  if (isPaused(before) && !isPaused(after) && !before.stoppedAt) return `Resumes the ${kind} clock: ${rest}`
  return null
}

/** What a move does to the clocks, as a sentence: `Stops the response clock: met 12 min before due`. */
export function slaEffect(before: SlaState, after: SlaState, now: Date, calendar: Calendar = aroundTheClock): string {
  if (!before.response && !before.resolution) return 'No SLA target applies'
  const effects = (['response', 'resolution'] as const).map((kind) => clockEffect(kind, before[kind], after[kind], now, calendar))
  return effects.filter(Boolean).join('. ') || 'No effect on the clocks'
}
