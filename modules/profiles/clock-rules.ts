import { aroundTheClock, type Calendar } from './calendar.ts'
import { pauseSla, reopenSla, respondSla, resumeSla, stopSla, type Targets } from './clocks.ts'
import { type CompiledProfile, type CompiledState, compileProfile, type Profile } from './compile.ts'
import { priorityKey } from './fields.ts'
import { isDone } from './moves.ts'
import type { Clock, ClockKind, SlaState, Target } from './sla.ts'
import { countedMinutes } from './sla.ts'
import type { EvaluationContext } from './types.ts'

/** Both targets of a priority under the profile's own SLA defaults. */
function profileTargets(profile: CompiledProfile, priority: unknown): Targets {
  const row = typeof priority === 'string' ? profile.sla.get(priorityKey(priority)) : undefined
  const target = (minutes: number | null | undefined): Target | null =>
    minutes && row ? { minutes, source: 'profile', priority: row.priority } : null
  return { response: target(row?.responseMinutes), resolution: target(row?.resolutionMinutes) }
}

/** The targets that apply: of the task's SLA or category when the context brings one, else the profile's for the priority. */
export function targetsFor(
  profile: CompiledProfile,
  task: { priority?: unknown; slaId?: unknown },
  ctx: EvaluationContext,
): Targets {
  const given = ctx.slaTarget
  if (given) {
    const target = (minutes: number | null): Target | null =>
      minutes === null
        ? null
        : { minutes, source: given.source, priority: typeof task.priority === 'string' ? task.priority : '' }
    return { response: target(given.responseMinutes), resolution: target(given.resolutionMinutes) }
  }
  return task.slaId ? { response: null, resolution: null } : profileTargets(profile, task.priority)
}

/**
 * Due instants of a priority under the profile's `slaDefaults`, counted from `at`; null where there is no target
 * (no row for the priority, or a row without that target). `Medium` and `Normal` are the same priority.
 */
export function computeSlaTargets(
  profile: Profile,
  priority: string | null | undefined,
  at: Date,
  calendar: Calendar = aroundTheClock,
): { responseDueAt: Date | null; resolutionDueAt: Date | null } {
  const { response, resolution } = profileTargets(compileProfile(profile), priority)
  const due = (target: Target | null) => target && calendar.add(at, target.minutes)
  return { responseDueAt: due(response), resolutionDueAt: due(resolution) }
}

/** What a move does to the clocks: respond, stop, reopen, pause or resume. `from` is null for a new task. */
export function moveClocks(
  sla: SlaState,
  from: CompiledState | null,
  to: CompiledState,
  now: Date,
  calendar: Calendar = aroundTheClock,
): SlaState {
  let next = sla
  if (from && isDone(from) && !isDone(to)) next = reopenSla(next, now, from.status, calendar)
  if (to.setSlaResponded) next = respondSla(next, now, calendar)
  if (isDone(to) || to.setSlaResolved)
    return stopSla(next, now, to.category === 'cancelled' ? 'cancelled' : 'done', to.status, calendar)
  return to.pausesSla ? pauseSla(next, now, to.status) : resumeSla(next, now, calendar)
}

/** True for a due instant a caller chose; such a clock keeps it when the priority changes. */
export const isChosen = (clock: Clock | null): boolean => clock?.source === 'explicit' && clock.priority === null

/** Aims one clock at an instant the caller chose. It outranks every other target. */
export function chooseDue(
  sla: SlaState,
  kind: ClockKind,
  dueAt: string,
  now: Date,
  calendar: Calendar = aroundTheClock,
): SlaState {
  const old = sla[kind]
  if (old?.stoppedAt) return sla
  const line = old ?? sla.timeline ?? { startedAt: now.toISOString(), pauses: [] }
  const due = new Date(dueAt)
  const minutes =
    due > now ? countedMinutes(line, now, calendar) + calendar.elapsed(now, due) : countedMinutes(line, due, calendar)
  const paused = line.pauses.at(-1)?.to === null
  const clock: Clock = {
    ...(old ?? {}),
    startedAt: line.startedAt,
    pauses: line.pauses,
    minutes,
    source: 'explicit',
    priority: null,
    dueAt: paused ? null : dueAt,
  }
  delete clock.breachedAt
  delete clock.warnedAt
  return { ...sla, [kind]: clock }
}
