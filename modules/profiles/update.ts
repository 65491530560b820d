import { term } from '../../platform/terms.ts'
import { aroundTheClock } from './calendar.ts'
import { chooseDue, isChosen, moveClocks, targetsFor } from './clock-rules.ts'
import { noSla, retargetSla } from './clocks.ts'
import { addressOf, type CompiledField, type CompiledState, compileProfile, type Profile } from './compile.ts'
import { canonicalInput, customInput, type Draft, hiddenProblem, isDefault, put } from './create.ts'
import { fieldValue, isDone, missingToEnter, moveProblem } from './moves.ts'
import { makeRefusal, missingField, requiredToEnter } from './refusals.ts'
import type { SlaState } from './sla.ts'
import type { Evaluation, EvaluationContext, MissingField } from './types.ts'
import { isEmpty, readInstant, sameValue } from './values.ts'
import { nameOf, fields as say } from './words.ts'

type Change = Draft & { task: Record<string, unknown>; missing: CompiledField[] }

const merged = ({ task, values, custom }: Change) => ({
  ...task,
  ...values,
  customFields: { ...(task.customFields as object | null | undefined), ...custom },
})

function clear(change: Change, field: CompiledField): void {
  const { profile, problems } = change
  if (isEmpty(fieldValue(change.task, field))) return
  if (field.required) {
    const message = say.notEmptied({ field: nameOf(field), profile: term(profile.name) })
    problems.push({ field: addressOf(field), code: 'field-required', message })
    change.missing.push(field)
  } else if (!field.visible) problems.push(hiddenProblem(change, field))
  else (field.custom ? change.custom : change.values)[field.key] = null
}

function changeField(change: Change, field: CompiledField, raw: unknown): void {
  if (raw === undefined) return
  const stored = fieldValue(change.task, field)
  if (isEmpty(raw)) {
    clear(change, field)
    return
  }
  if (sameValue(stored, raw)) return
  const untouched = raw === false && isEmpty(stored)
  if (!field.visible) {
    if (untouched) return
    if (!isDefault(change, field, raw)) {
      if (!sameStored(field, stored, raw)) change.problems.push(hiddenProblem(change, field))
      return
    }
  }
  const bucket = field.custom ? change.custom : change.values
  put(change, field, raw)
  if (bucket[field.key] !== undefined && sameValue(stored, bucket[field.key])) delete bucket[field.key]
}

/** The value a hidden field has already, only written differently: nothing is being set. */
const sameStored = (field: CompiledField, stored: unknown, raw: unknown): boolean =>
  field.type === 'datetime'
    ? readInstant(stored) === readInstant(raw)
    : String(stored).toLowerCase() === String(raw).toLowerCase()

function changeFields(change: Change, patch: Record<string, unknown>): void {
  const { fieldMap } = change.profile
  for (const key in patch) {
    const field = fieldMap.get(key)
    if (field && !field.custom) changeField(change, field, patch[key])
  }
  const custom = customInput(change, patch.customFields)
  for (const key in custom) changeField(change, fieldMap.get(`customFields.${key}`)!, custom[key])
}

/** Fields needed to enter that the profile hides are filled with their default; the others are missing. */
function enter(change: Change, target: CompiledState): void {
  for (const field of missingToEnter(target, merged(change))) {
    if (!field.visible && field.default !== undefined) put(change, field, field.default)
    else if (!change.missing.includes(field)) change.missing.push(field)
  }
  const wrong = new Set(change.problems.map((problem) => problem.field))
  change.problems.push(...requiredToEnter(target.status, change.missing).filter((problem) => !wrong.has(problem.field)))
}

/** The instants a move writes or takes back (`firstResponseAt`, `resolvedAt`, `closedAt`); a stamp already there stays. */
export function stampsOf(
  task: Readonly<Record<string, unknown>>,
  from: CompiledState,
  to: CompiledState,
  at: Date,
): Record<string, string | null> {
  const values: Record<string, string | null> = {}
  const now = at.toISOString()
  const set = (name: string, when: boolean) => {
    if (when && isEmpty(task[name])) values[name] = now
  }
  const unset = (name: string, when: boolean) => {
    if (when && !isEmpty(task[name])) values[name] = null
  }
  const done = isDone(to)
  set('firstResponseAt', to.setSlaResponded || (done && to.category !== 'cancelled'))
  set('resolvedAt', done || to.setSlaResolved)
  set('closedAt', to.setClosedAt)
  unset('resolvedAt', isDone(from) && !done && !to.setSlaResolved)
  unset('closedAt', !to.setClosedAt && (!done || to.category === 'resolved'))
  return values
}

function beginning(task: Record<string, unknown>, now: Date): SlaState {
  const sla = (task.sla as SlaState | null | undefined) ?? noSla
  if (sla.timeline || sla.response || sla.resolution) return sla
  return { ...sla, timeline: { startedAt: readInstant(task.createdAt) ?? now.toISOString(), pauses: [] } }
}

const slaInputs = ['priority', 'slaId', 'category'] as const
const dueFields = { responseDueAt: 'response', resolutionDueAt: 'resolution' } as const
type DueField = keyof typeof dueFields

/** Aims the clocks anew where a change calls for it; instants the caller chose outrank everything. */
function retarget(change: Change, sla: SlaState, reopened: boolean): SlaState {
  const { values, ctx, profile, task } = change
  const calendar = ctx.calendar ?? aroundTheClock
  const now = merged(change) as Record<string, unknown>
  const chosen = (name: DueField) => typeof values[name] === 'string'
  const released = (name: DueField) => values[name] === null && name in values
  const { responseDueAt, resolutionDueAt } = {
    responseDueAt: released('responseDueAt'),
    resolutionDueAt: released('resolutionDueAt'),
  }
  let next = sla
  const unknownSla = !isEmpty(now.slaId) && !ctx.slaTarget && !('slaId' in values)
  if (!unknownSla && (reopened || responseDueAt || resolutionDueAt || slaInputs.some((name) => name in values))) {
    const aimed = retargetSla(sla, targetsFor(profile, now, ctx), ctx.now, calendar, !isEmpty(task.firstResponseAt))
    const keepResponse = isChosen(sla.response) && !responseDueAt
    const keepResolution = isChosen(sla.resolution) && !resolutionDueAt
    next = {
      ...aimed,
      response: keepResponse ? sla.response : aimed.response,
      resolution: keepResolution ? sla.resolution : aimed.resolution,
    }
  }
  for (const name of Object.keys(dueFields) as DueField[]) {
    if (chosen(name)) next = chooseDue(next, dueFields[name], values[name] as string, ctx.now, calendar)
  }
  return next
}

function clocks(change: Change, from: CompiledState | undefined, to: CompiledState | undefined): SlaState {
  const { values, ctx, task } = change
  const calendar = ctx.calendar ?? aroundTheClock
  const touched = to || slaInputs.some((name) => name in values) || 'responseDueAt' in values || 'resolutionDueAt' in values
  if (!touched) return (task.sla as SlaState | null | undefined) ?? noSla
  const before = beginning(task, ctx.now)
  const move = (sla: SlaState) => (to ? moveClocks(sla, from ?? null, to, ctx.now, calendar) : sla)
  const reopened = Boolean(from && to && isDone(from) && !isDone(to))
  const closed = !to && from && isDone(from)
  const after = reopened ? retarget(change, move(before), true) : move(closed ? before : retarget(change, before, false))
  for (const name of Object.keys(dueFields) as DueField[]) {
    const dueAt = after[dueFields[name]]?.dueAt ?? null
    if (sameValue(task[name], dueAt)) delete values[name]
    else values[name] = dueAt
  }
  return after
}

/**
 * Judges a change of a task: legality of a status move, fields required to enter, required fields emptied, hidden fields set, choices
 * and types. `task` is the stored task with `status`, `customFields` and `sla`; values in `patch` equal to the stored ones are no
 * change, null clears. Answers with the values that change (stamps and due instants included) and the clocks afterwards, or with one
 * refusal naming everything that stands in the way.
 */
export function evaluateUpdate(document: Profile, task: object, patch: object, ctx: EvaluationContext): Evaluation {
  const profile = compileProfile(document)
  const stored = task as Record<string, unknown>
  const change: Change = { profile, ctx, values: {}, custom: {}, problems: [], missing: [], task: stored }
  const given = canonicalInput(patch)
  const from = profile.state(stored.status)
  const requested = isEmpty(given.status) ? undefined : String(given.status)
  const named = requested === undefined ? undefined : profile.state(requested)
  const stays = requested === undefined || (named ? named === from : sameValue(requested, stored.status))
  const to = stays ? undefined : named
  const problem = stays ? null : moveProblem(profile, from, stored.status, requested)
  if (problem) change.problems.push(problem)
  changeFields(change, given)
  if (to && !problem) enter(change, to)
  if (change.problems.length > 0) return { ok: false, refusal: refuse(change, from, stays ? undefined : requested, to) }
  if (to && from) Object.assign(change.values, stampsOf(stored, from, to, ctx.now))
  const { values } = change
  const sla = clocks(change, from, to)
  if (to) values.status = to.status
  if (Object.keys(change.custom).length > 0) values.customFields = merged(change).customFields
  return { ok: true, values, sla, move: to ? { from: from?.status ?? null, to: to.status, category: to.category } : null }
}

function refuse(change: Change, from: CompiledState | undefined, requested: string | undefined, to: CompiledState | undefined) {
  const current = from?.status ?? (isEmpty(change.task.status) ? null : String(change.task.status))
  const at = { from: from ?? null, currentStatus: current, to: to?.status ?? requested, target: to }
  const missing: MissingField[] = change.missing.map((field) => missingField(field, change.ctx.choices))
  return makeRefusal(change.profile, at, change.problems, missing, change.ctx.language)
}
