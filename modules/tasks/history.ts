/**
 * A ticket brought in with its past from another desk.
 *
 * This is not a way around the process. Only the import of a log uses it (permission imports.run, administrators'); no operation
 * takes a history from a caller. The fields are judged by the profile like those of any new task, and the state it ends in must
 * be one of the profile with all fields that state requires. What the profile does not judge is the past: a log says what
 * happened, so a move it would have refused is written down all the same and marked `outsideProcess` for good, with the time
 * and the person of the log. From the import on the profile rules. (docs/decisions/002)
 */
import { listed } from '../../platform/messages.ts'
import { term } from '../../platform/terms.ts'
import {
  type CompiledState,
  type EvaluationContext,
  moveClocks,
  type ReplayPreset,
  respondSla,
  type SlaState,
  stampsOf,
  validateStatusTransition,
  wayOf,
} from '../profiles/contract.ts'
import type { BoundProfile } from '../profiles/operations.ts'
import type { NewTask } from './contract.ts'
import { type Draft, draftTask } from './draft.ts'
import { processProblems, say } from './rules.ts'

export type Person = { email: string; name: string }

export type TicketHistory = {
  /** What is known of the ticket today, as for any new task. Fields the profile hides are left out. */
  fields: NewTask
  openedAt: Date
  openedBy: Person
  /** The states the log shows, oldest first and all of the profile; the first is where it started. */
  states: readonly { status: string; at: Date; by: Person }[]
  /** Steps the log leaves out (a replay preset's `ways`): New to In Progress by way of Assigned. */
  ways: ReplayPreset['ways']
  /** The log's own stamps; without them the moves say it. */
  resolvedAt: Date | null
  closedAt: Date | null
}

const isDone = (state: CompiledState) => state.isTerminal || ['resolved', 'closed', 'cancelled'].includes(state.category)

/** Judges a ticket's fields and follows its states, clocks and stamps included; throws a problem when it cannot be a task. */
export function draftHistory(bound: BoundProfile, history: TicketHistory, context: EvaluationContext): Draft {
  const { openedAt, openedBy, states } = history
  const made = { at: openedAt, by: openedBy.email }
  const draft = draftTask(bound, visible(bound, history.fields), { ...context, now: openedAt }, made)
  const life = new Life(bound, history, draft)
  life.begin()
  for (const [n, { status }] of states.entries()) if (n > 0) life.move(bound.profile.state(status)!, n)
  return life.end()
}

/** What the profile hides did not exist for it; the log has it, the ticket goes without. */
const visible = ({ profile }: BoundProfile, fields: NewTask): NewTask =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => profile.fieldMap.get(field)?.visible !== false)) as NewTask

/** One ticket on its way through the log. */
class Life {
  private bound: BoundProfile
  private history: TicketHistory
  private draft: Draft
  private at: CompiledState
  /** Of the last event; each is later than the one before, so that the activity keeps their order. */
  private last: number
  /** The last move into a resolved or closed state that was not taken back: the log's own stamp belongs to it. */
  private settles: number

  constructor(bound: BoundProfile, history: TicketHistory, draft: Draft) {
    this.bound = bound
    this.history = history
    this.draft = draft
    this.at = bound.profile.initial
    this.last = history.openedAt.getTime()
    const done = history.states.map(({ status }) => isDone(bound.profile.state(status)!))
    this.settles = done.lastIndexOf(false) + 1
  }

  /** The first state is where it started: no move is recorded, but its clocks and stamps are set. */
  begin() {
    const { openedAt, openedBy, states, ways } = this.history
    const { profile } = this.bound
    const first = profile.state(states[0]!.status)!
    for (const state of wayOf(profile, ways, this.at, first) ?? [first]) if (state !== this.at) this.enter(state, 0)
    this.draft.said = { ...this.draft.said, status: first.status }
    this.draft.made = { time: openedAt, by: openedBy.name }
  }

  move(to: CompiledState, n: number) {
    if (to === this.at) return
    const { profile, document } = this.bound
    const way = wayOf(profile, this.history.ways, this.at, to)
    for (const state of way ?? [to]) {
      const from = this.at
      const legal = way !== null && validateStatusTransition(document, from.status, state.status, this.draft.row) === null
      this.enter(state, n)
      this.draft.moves.push({
        from: from.status,
        to: state.status,
        category: state.category,
        before: { status: from.status },
        after: { status: state.status },
        at: { time: this.nextTime(n), by: this.history.states[n]!.by.name },
        ...(!legal && { outsideProcess: true as const }),
      })
    }
  }

  /** Required fields of the state it ends in must be there: the profile rules from here on. */
  end(): Draft {
    const { row } = this.draft
    const missing = this.at.requiredFields.filter(({ key, custom }) =>
      isBlank(custom ? (row.customFields as Record<string, unknown>)?.[key] : row[key]),
    )
    if (missing.length > 0) {
      throw processProblems['fields-required-to-enter'](
        say.logEnds({
          status: term(this.at.status),
          fields: listed(missing.map((field) => field.label)),
          profile: this.bound.profile.name,
        }),
      )
    }
    const sla = row.sla as SlaState
    const last = this.history.states.at(-1)!
    Object.assign(row, {
      responseDueAt: sla.response?.dueAt ?? null,
      resolutionDueAt: sla.resolution?.dueAt ?? null,
      updatedAt: new Date(Math.max(this.last, this.history.openedAt.getTime())),
      updatedBy: last.by.email,
    })
    return this.draft
  }

  private enter(to: CompiledState, n: number) {
    const { row } = this.draft
    const at = this.instantOf(to, n)
    const stamps = stampsOf(row, this.at, to, at)
    let sla = row.sla as SlaState
    // The line of the log shows that somebody was at it, even where the log's stamp has it resolved later.
    const seen = this.lineOf(n)
    if (stamps.firstResponseAt && seen < at) {
      stamps.firstResponseAt = seen.toISOString()
      sla = respondSla(sla, seen)
    }
    sla = moveClocks(sla, this.at, to, at)
    Object.assign(row, stamps, { sla, status: to.status, statusCategory: to.category })
    if (to.setClosedAt && this.history.closedAt && n >= this.settles) row.closedAt = this.history.closedAt.toISOString()
    this.at = to
  }

  private lineOf(n: number): Date {
    const { states, openedAt } = this.history
    return states[n]!.at < openedAt ? openedAt : states[n]!.at
  }

  /** When a state was entered: the log's stamp of the resolution for the one that settled it, else the line of the log. */
  private instantOf(to: CompiledState, n: number): Date {
    const { openedAt, resolvedAt } = this.history
    const settling = isDone(to) && !isDone(this.at) && n >= this.settles
    return settling && resolvedAt && resolvedAt >= openedAt ? resolvedAt : this.lineOf(n)
  }

  private nextTime(n: number): Date {
    this.last = Math.max(this.history.states[n]!.at.getTime(), this.last + 1)
    return new Date(this.last)
  }
}

const isBlank = (value: unknown) =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0)
