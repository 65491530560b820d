import { count, type Language, type Message, messages, params } from '../../platform/messages.ts'
import { term } from '../../platform/terms.ts'
import { aroundTheClock, type Calendar } from './calendar.ts'
import type { Clock, ClockExplanation, ClockKind, ClockStanding, SlaExplanation, SlaState } from './sla.ts'
import { countedIntervals, isPaused, remainingMinutes } from './sla.ts'

const say = messages('profiles/clocks', {
  minutes: params('{minutes} min'),
  hours: params('{hours} h'),
  hoursMinutes: params('{hours} h {minutes} m'),
  days: params('{days} d'),
  daysHours: params('{days} d {hours} h'),
  names: { response: 'First response', resolution: 'Resolution' },
  met: params('met {time} before due'),
  late: params('{time} late'),
  left: params('{time} left'),
  notJudged: 'not judged, the task was cancelled',
  pauses: count({ one: '{count} pause not counted', other: '{count} pauses not counted' }),
  over: params('{clock}: {outcome}.'),
  overPaused: params('{clock}: {outcome}, {pauses}.'),
  paused: params('{clock} is paused ({reason}), {rest}.'),
  overdue: params('{clock} is {time} late, due {due}.'),
  overduePaused: params('{clock} is {time} late, due {due}, {pauses}.'),
  due: params('{clock} is due {due}, {time} left.'),
  duePaused: params('{clock} is due {due}, {time} left, {pauses}.'),
  noTarget: 'No SLA target applies.',
  rules: {
    chosenTime: 'A due time set on the task itself.',
    chosen: params('The SLA chosen on the task: {time}.'),
    category: params("The target of the task's category: {time}."),
    profile: params('SLA defaults of {profile}: {priority} within {time}.'),
  },
  effects: {
    stops: {
      response: params('Stops the response clock: {outcome}'),
      resolution: params('Stops the resolution clock: {outcome}'),
    },
    restarts: {
      response: params('Restarts the response clock: {rest}'),
      resolution: params('Restarts the resolution clock: {rest}'),
    },
    pauses: { response: 'Pauses the response clock', resolution: 'Pauses the resolution clock' },
    resumes: {
      response: params('Resumes the response clock: {rest}'),
      resolution: params('Resumes the resolution clock: {rest}'),
    },
    noTarget: 'No SLA target applies',
    none: 'No effect on the clocks',
  },
})

/** A length of time in words: `12 min`, `3 h 12 m`, `5 d 2 h`. */
function duration(minutes: number): Message {
  const whole = Math.max(0, Math.round(minutes))
  if (whole < 60) return say.minutes({ minutes: whole })
  const [days, hours, rest] = [Math.floor(whole / 1440), Math.floor((whole % 1440) / 60), whole % 60]
  if (days > 0) return hours ? say.daysHours({ days, hours }) : say.days({ days })
  return rest ? say.hoursMinutes({ hours, minutes: rest }) : say.hours({ hours })
}

/** What is left of the time, or by how much it is over. */
const restOf = (left: number): Message => (left < 0 ? say.late({ time: duration(-left) }) : say.left({ time: duration(left) }))

/** How a clock stands at an instant. */
export function standingOf(clock: Clock, now: Date): ClockStanding {
  if (clock.stoppedAt) return clock.metAt ? 'met' : clock.breachedAt ? 'late' : 'stopped'
  if (isPaused(clock)) return 'paused'
  return clock.dueAt && Date.parse(clock.dueAt) < now.getTime() ? 'overdue' : 'running'
}

function outcome(clock: Clock, calendar: Calendar): Message {
  const stopped = new Date(clock.stoppedAt!)
  const early = remainingMinutes(clock, stopped, calendar)
  if (clock.metAt) return say.met({ time: duration(early) })
  return clock.breachedAt ? say.late({ time: duration(-early) }) : say.notJudged
}

function sentence(kind: ClockKind, clock: Clock, now: Date, calendar: Calendar): Message {
  const left = remainingMinutes(clock, now, calendar)
  const name = say.names[kind]
  const paused = clock.pauses.length
  const due = { clock: name, due: String(clock.dueAt), pauses: say.pauses(paused) }
  switch (standingOf(clock, now)) {
    case 'met':
    case 'late':
    case 'stopped':
      return say[paused ? 'overPaused' : 'over']({ ...due, outcome: outcome(clock, calendar) })
    case 'paused':
      return say.paused({ clock: name, reason: term(String(clock.pauses.at(-1)?.reason)), rest: restOf(left) })
    case 'overdue':
      return say[paused ? 'overduePaused' : 'overdue']({ ...due, time: duration(-left) })
    default:
      return say[paused ? 'duePaused' : 'due']({ ...due, time: duration(left) })
  }
}

function rule(clock: Clock, profile: string): Message {
  if (clock.source === 'explicit' && clock.priority === null) return say.rules.chosenTime
  const time = duration(clock.minutes)
  if (clock.source === 'explicit') return say.rules.chosen({ time })
  if (clock.source === 'category') return say.rules.category({ time })
  return say.rules.profile({ profile: term(profile), priority: term(String(clock.priority)), time })
}

/** Everything behind one due instant: the rule, the stretches that counted, the pauses, what is left – as data and as a sentence. */
export function explain(
  kind: ClockKind,
  clock: Clock,
  now: Date,
  profile: string,
  calendar: Calendar = aroundTheClock,
  language: Language = 'en',
): ClockExplanation {
  const intervals = countedIntervals(clock, now, calendar)
  const counted = intervals.reduce((sum, each) => sum + each.minutes, 0)
  return {
    standing: standingOf(clock, now),
    rule: rule(clock, profile).in(language),
    calendar: calendar.name,
    targetMinutes: clock.minutes,
    countedMinutes: counted,
    remainingMinutes: clock.minutes - counted,
    dueAt: clock.dueAt,
    intervals,
    pauses: clock.pauses,
    sentence: sentence(kind, clock, now, calendar).in(language),
  }
}

/** Both clocks explained. `profile` is the name of the profile whose rules apply. */
export function explainSla(
  sla: SlaState,
  now: Date,
  profile: string,
  calendar: Calendar = aroundTheClock,
  language: Language = 'en',
): SlaExplanation {
  const response = sla.response && explain('response', sla.response, now, profile, calendar, language)
  const resolution = sla.resolution && explain('resolution', sla.resolution, now, profile, calendar, language)
  const sentences = [response?.sentence, resolution?.sentence].filter(Boolean)
  return { response, resolution, sentence: sentences.join(' ') || say.noTarget.in(language) }
}

function clockEffect(kind: ClockKind, before: Clock | null, after: Clock | null, now: Date, calendar: Calendar): Message | null {
  if (!before || !after) return null
  const { stops, restarts, pauses, resumes } = say.effects
  const rest = restOf(remainingMinutes(after, now, calendar))
  if (!before.stoppedAt && after.stoppedAt) return stops[kind]({ outcome: outcome(after, calendar) })
  if (before.stoppedAt && !after.stoppedAt) return restarts[kind]({ rest })
  if (!isPaused(before) && isPaused(after)) return pauses[kind]
  if (isPaused(before) && !isPaused(after) && !before.stoppedAt) return resumes[kind]({ rest })
  return null
}

/** What a move does to the clocks, as a sentence: `Stops the response clock: met 12 min before due`. */
export function slaEffect(
  before: SlaState,
  after: SlaState,
  now: Date,
  calendar: Calendar = aroundTheClock,
  language: Language = 'en',
): string {
  if (!before.response && !before.resolution) return say.effects.noTarget.in(language)
  const effects = (['response', 'resolution'] as const).map((kind) => clockEffect(kind, before[kind], after[kind], now, calendar))
  const said = effects.flatMap((effect) => effect?.in(language) ?? [])
  return said.join('. ') || say.effects.none.in(language)
}
