import { aroundTheClock, type Calendar } from './calendar.ts'
import type { Clock, SlaState, Target } from './sla.ts'
import * as clockwork from './sla.ts'

/** Targets of both clocks; null means no target. */
export type Targets = { response: Target | null; resolution: Target | null }

/** The state of a task without clocks. */
export const noSla: SlaState = Object.freeze({ response: null, resolution: null })

/** Starts the clocks of a new task. */
export function startSla(targets: Targets, at: Date, calendar: Calendar = aroundTheClock): SlaState {
  const begin = (target: Target | null) => target && clockwork.start(target, at, calendar)
  return {
    response: begin(targets.response),
    resolution: begin(targets.resolution),
    timeline: { startedAt: at.toISOString(), pauses: [] },
  }
}

/** Changes both clocks and the timeline, if any. */
const both = (sla: SlaState, change: (clock: Clock) => Clock): SlaState => ({
  ...sla,
  response: sla.response && change(sla.response),
  resolution: sla.resolution && change(sla.resolution),
})

/** Pauses whatever runs, with the reason people will read (a state's name, `Waiting on the user`). */
export function pauseSla(sla: SlaState, now: Date, reason: string): SlaState {
  const paused = both(sla, (clock) => clockwork.pause(clock, now, reason))
  return paused.timeline ? { ...paused, timeline: clockwork.pause(paused.timeline, now, reason) } : paused
}

/** Lets paused clocks run again; due = calendar.add(now, remaining). */
export function resumeSla(sla: SlaState, now: Date, calendar: Calendar = aroundTheClock): SlaState {
  const running = both(sla, (clock) => clockwork.resume(clock, now, calendar))
  return running.timeline ? { ...running, timeline: clockwork.resumeTimeline(running.timeline, now) } : running
}

/** Stops the response clock: a staff member answered in public or the task entered a state that responds. */
export const respondSla = (sla: SlaState, now: Date, calendar: Calendar = aroundTheClock): SlaState =>
  sla.response ? { ...sla, response: clockwork.stop(sla.response, now, 'done', calendar) } : sla

/** The first public reply by staff meets the first response. Later replies change nothing. */
export const firstPublicReply = respondSla

/** Ends both clocks: `done` judges them against their due instants, `cancelled` does not. */
export function stopSla(
  sla: SlaState,
  now: Date,
  outcome: 'done' | 'cancelled',
  reason: string,
  calendar: Calendar = aroundTheClock,
) {
  const stopped = both(sla, (clock) => clockwork.stop(clock, now, outcome, calendar))
  return stopped.timeline ? { ...stopped, timeline: clockwork.pause(stopped.timeline, now, reason) } : stopped
}

/** Runs the resolution clock again after a reopen; the response clock never reopens. */
export function reopenSla(sla: SlaState, now: Date, reason: string, calendar: Calendar = aroundTheClock): SlaState {
  const reopened = { ...sla, resolution: sla.resolution && clockwork.reopen(sla.resolution, now, reason, calendar) }
  return reopened.timeline ? { ...reopened, timeline: clockwork.resumeTimeline(reopened.timeline, now) } : reopened
}

/**
 * Aims the clocks at other targets (priority, profile or SLA changed); elapsed time and past pauses carry over, from the
 * beginning of the task if there was no target so far. A stopped clock keeps its outcome. `responded` forbids a new response clock.
 */
export function retargetSla(
  sla: SlaState,
  targets: Targets,
  now: Date,
  calendar: Calendar = aroundTheClock,
  responded = false,
): SlaState {
  const aim = (clock: Clock | null, target: Target | null): Clock | null => {
    if (clock?.stoppedAt) return clock
    if (!target) return null
    if (clock) return clockwork.reclassify(clock, target, now, calendar)
    return sla.timeline ? clockwork.startFrom(sla.timeline, target, now, calendar) : clockwork.start(target, now, calendar)
  }
  const response = !sla.response && responded ? null : aim(sla.response, targets.response)
  return { ...sla, response, resolution: aim(sla.resolution, targets.resolution) }
}
