import { listed } from '../../platform/messages.ts'
import { term } from '../../platform/terms.ts'
import { aroundTheClock } from './calendar.ts'
import { chooseDue, moveClocks, targetsFor } from './clock-rules.ts'
import { startSla } from './clocks.ts'
import {
  addressOf,
  type CompiledField,
  type CompiledProfile,
  type CompiledState,
  compileProfile,
  type Profile,
} from './compile.ts'
import { fieldAliases, suggestPriority } from './fields.ts'
import { fieldValue, isDone, missingToEnter, startNames, startProblem } from './moves.ts'
import { makeRefusal, missingField } from './refusals.ts'
import type { SlaState } from './sla.ts'
import type { Evaluation, EvaluationContext, FoundProblem } from './types.ts'
import { isEmpty, readValue, sameValue } from './values.ts'
import { nameOf, fields as say } from './words.ts'

/** A change being judged: what was read so far and everything that stands in the way. */
export type Draft = {
  profile: CompiledProfile
  ctx: EvaluationContext
  values: Record<string, unknown>
  custom: Record<string, unknown>
  problems: FoundProblem[]
}

/** An input under canonical names; a name given twice keeps the canonical one. */
export function canonicalInput(input: object): Record<string, unknown> {
  const given = input as Record<string, unknown>
  let copy: Record<string, unknown> | null = null
  for (const alias in fieldAliases) {
    if (given[alias] === undefined) continue
    copy ??= { ...given }
    const name = fieldAliases[alias]!
    copy[name] ??= copy[alias]
    delete copy[alias]
  }
  return copy ?? given
}

/** Stores a read value under the field's name, or notes what is wrong with it. */
export function put(draft: Draft, field: CompiledField, raw: unknown): void {
  const read = readValue(field, raw, draft.ctx.choices)
  if (read.code !== undefined) draft.problems.push({ field: addressOf(field), code: read.code, message: read.message })
  else (field.custom ? draft.custom : draft.values)[field.key] = read.value
}

/** True when a hidden field may nevertheless take this value: it is the rule's own default. */
export function isDefault(draft: Draft, field: CompiledField, raw: unknown): boolean {
  if (field.default === undefined) return false
  const [given, fallback] = [raw, field.default].map((each) => readValue(field, each, draft.ctx.choices))
  return given?.code === undefined && fallback?.code === undefined && sameValue(given?.value, fallback?.value)
}

export function hiddenProblem(draft: Draft, field: CompiledField): FoundProblem {
  const message = say.hidden({ field: nameOf(field), profile: term(draft.profile.name) })
  return { field: addressOf(field), code: 'field-hidden', message }
}

/** The custom values of an input; anything but a record of known keys is a problem. */
export function customInput(draft: Draft, raw: unknown): Record<string, unknown> {
  if (raw === undefined || raw === null) return {}
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    const message = say.customShape({ example: '{"costCenter": "4711"}' })
    draft.problems.push({ field: 'customFields', code: 'value-invalid', message })
    return {}
  }
  const known: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(raw)) {
    if (draft.profile.fieldMap.has(`customFields.${key}`)) known[key] = value
    else draft.problems.push(unknownCustom(draft.profile, key))
  }
  return known
}

function unknownCustom(profile: CompiledProfile, key: string): FoundProblem {
  const own = profile.fields.filter((field) => field.custom).map((field) => field.key)
  const known = { profile: term(profile.name), field: key.slice(0, 60) }
  const message = own.length ? say.otherCustom({ ...known, fields: listed(own.slice(0, 12)) }) : say.noCustom(known)
  return { field: `customFields.${key}`, code: 'custom-field-unknown', message }
}

function take(draft: Draft, field: CompiledField, raw: unknown): void {
  if (isEmpty(raw)) return
  if (!field.visible && raw !== false && raw !== 'false' && !isDefault(draft, field, raw)) {
    const system = draft.ctx.systemValues?.[field.key]
    if (isEmpty(system) || system !== raw) {
      draft.problems.push(hiddenProblem(draft, field))
      return
    }
  }
  put(draft, field, raw)
}

function takeInput(draft: Draft, input: Record<string, unknown>): void {
  const { fieldMap } = draft.profile
  for (const key in input) {
    const field = fieldMap.get(key)
    if (field && !field.custom) take(draft, field, input[key])
  }
  const custom = customInput(draft, input.customFields)
  for (const key in custom) take(draft, fieldMap.get(`customFields.${key}`)!, custom[key])
  const system = draft.ctx.systemValues
  for (const key in system) {
    const field = fieldMap.get(key)
    if (!field || field.custom || !isEmpty(input[key]) || isEmpty(system[key])) continue
    // Where the profile does not offer the automatic value, nobody has said one: the caller is not blamed for it.
    const read = readValue(field, system[key], draft.ctx.choices)
    if (read.code === undefined) draft.values[key] = read.value
  }
}

/** Explicit priority, else impact × urgency, else the rule's default, else Normal where the profile does not insist on one. */
function fillIn(draft: Draft, input: Record<string, unknown>): void {
  const { values, custom, profile } = draft
  for (const field of profile.defaulted) {
    const given = field.custom ? (input.customFields as Record<string, unknown> | undefined)?.[field.key] : input[field.key]
    const present = (field.custom ? custom : values)[field.key]
    if (field.key !== 'priority' && present === undefined && isEmpty(given)) put(draft, field, field.default)
  }
  if (values.priority !== undefined || !isEmpty(input.priority)) return
  const field = profile.fieldMap.get('priority')!
  const suggested = suggestPriority(values.impact, values.urgency)
  for (const candidate of [suggested, field.default, field.required ? null : 'Normal']) {
    const read = isEmpty(candidate) ? undefined : readValue(field, candidate, draft.ctx.choices)
    if (!read || read.code !== undefined) continue
    values.priority = read.value
    return
  }
}

/** Required fields without a value, except those whose value was already found wrong. */
function missingFields(draft: Draft, state: CompiledState): CompiledField[] {
  const { profile, values, custom, problems } = draft
  const task = { ...values, customFields: custom }
  const needed = profile.required.filter((field) => isEmpty(fieldValue(task, field)))
  for (const field of missingToEnter(state, task)) if (!needed.includes(field)) needed.push(field)
  return needed.filter((field) => !problems.some((problem) => problem.field === addressOf(field)))
}

function startClocks(draft: Draft, state: CompiledState): SlaState {
  const { values, ctx, profile } = draft
  const calendar = ctx.calendar ?? aroundTheClock
  let sla = startSla(targetsFor(profile, values, ctx), ctx.now, calendar)
  if (typeof values.responseDueAt === 'string') sla = chooseDue(sla, 'response', values.responseDueAt, ctx.now, calendar)
  if (typeof values.resolutionDueAt === 'string') sla = chooseDue(sla, 'resolution', values.resolutionDueAt, ctx.now, calendar)
  sla = moveClocks(sla, null, state, ctx.now, calendar)
  values.responseDueAt = sla.response?.dueAt ?? null
  values.resolutionDueAt = sla.resolution?.dueAt ?? null
  return sla
}

function stampStart(values: Record<string, unknown>, state: CompiledState, now: string): void {
  const done = isDone(state)
  if (state.setSlaResponded || (done && state.category !== 'cancelled')) values.firstResponseAt = now
  if (state.setSlaResolved || done) values.resolvedAt = now
  if (state.setClosedAt) values.closedAt = now
}

/**
 * Judges a new task. `input` holds task fields by name or alias, `status` and `customFields`; keys no profile can govern are left to
 * the caller. Answers with all values to store (defaults applied, canonical spellings, first state, stamps, due instants) and the
 * started clocks, or with one refusal naming everything that stands in the way.
 */
export function evaluateCreate(document: Profile, input: object, ctx: EvaluationContext): Evaluation {
  const profile = compileProfile(document)
  const draft: Draft = { profile, ctx, values: {}, custom: {}, problems: [] }
  const given = canonicalInput(input)
  const requested = isEmpty(given.status) ? profile.initial.status : String(given.status)
  const wrongStart = startProblem(profile, requested)
  if (wrongStart) draft.problems.push(wrongStart)
  const state = (wrongStart ? undefined : profile.state(requested)) ?? profile.initial
  takeInput(draft, given)
  fillIn(draft, given)
  const missing = missingFields(draft, state)
  for (const field of missing) {
    const message = say.required({ field: nameOf(field), profile: term(profile.name) })
    draft.problems.push({ field: addressOf(field), code: 'field-required', message })
  }
  if (draft.problems.length > 0) {
    const at = { from: null, currentStatus: null, to: profile.state(requested)?.status ?? requested, starts: startNames(profile) }
    const list = missing.map((field) => missingField(field, ctx.choices))
    return { ok: false, refusal: makeRefusal(profile, at, draft.problems, list, ctx.language) }
  }
  const { values } = draft
  values.status = state.status
  values.customFields = draft.custom
  const sla = startClocks(draft, state)
  stampStart(values, state, ctx.now.toISOString())
  return { ok: true, values, sla, move: { from: null, to: state.status, category: state.category } }
}
