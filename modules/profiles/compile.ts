import type { CustomField, FieldRule, ProfileState, StateCategory, StateRole, TaskerProfile } from './document.ts'
import { canonicalField, type FieldInfo, priorityKey, taskFields } from './fields.ts'
import { categoryOf, rolesOf, statusKey } from './states.ts'

/** A state ready for use: everything optional is filled in and transitions are references. */
export type CompiledState = {
  readonly status: string
  readonly key: string
  readonly category: StateCategory
  readonly role: StateRole | null
  readonly isInitial: boolean
  readonly isTerminal: boolean
  readonly pausesSla: boolean
  readonly setSlaResponded: boolean
  readonly setSlaResolved: boolean
  readonly setClosedAt: boolean
  /** Fields needed to enter the state. */
  readonly requiredFields: readonly CompiledField[]
  readonly next: readonly CompiledState[]
  readonly nextNames: readonly string[]
  readonly source: ProfileState
}

/** A field under this profile: the catalogue entry (or custom field) with its rule. */
export type CompiledField = FieldInfo & {
  readonly custom: boolean
  readonly visible: boolean
  readonly required: boolean
  readonly default?: unknown
  /** True when the rule itself restricts the choices, so no organization list may widen them. */
  readonly restricted: boolean
  /** Lower-case spelling → stored spelling; undefined for free values. */
  readonly spellings?: ReadonlyMap<string, string>
  readonly help?: string
}

export type CompiledSlaRow = {
  readonly priority: string
  readonly responseMinutes: number | null
  readonly resolutionMinutes: number | null
}

export type CompiledProfile = {
  readonly document: TaskerProfile
  readonly name: string
  readonly states: readonly CompiledState[]
  readonly initial: CompiledState
  readonly roles: ReadonlyMap<StateRole, CompiledState>
  /** Governed task fields and custom fields, in form order. Custom fields are keyed `customFields.<key>` in `fieldMap`. */
  readonly fields: readonly CompiledField[]
  readonly fieldMap: ReadonlyMap<string, CompiledField>
  readonly required: readonly CompiledField[]
  readonly defaulted: readonly CompiledField[]
  readonly sla: ReadonlyMap<string, CompiledSlaRow>
  /** State lookup by any spelling, undefined when the flow has no such state. */
  state(name: unknown): CompiledState | undefined
}

/** Address of a field in problems and maps: its key, for custom fields `customFields.<key>`. */
export const addressOf = (field: { key: string; custom: boolean }): string =>
  field.custom ? `customFields.${field.key}` : field.key

/** Comparable form of a choice; for priorities `Medium` and `Normal` are the same. */
export const choiceKey = (key: string, choice: string): string =>
  key === 'priority' ? priorityKey(choice) : choice.trim().toLowerCase()

/** Lookup of a choice list by comparable form; the stored spelling is the catalogue's where it knows the word. */
export function spellingsOf(
  key: string,
  choices: readonly string[],
  catalogue: readonly string[] = choices,
): Map<string, string> {
  const official = new Map(catalogue.map((choice) => [choiceKey(key, choice), choice]))
  return new Map(choices.map((choice) => [choiceKey(key, choice), official.get(choiceKey(key, choice)) ?? choice]))
}

/** A name field without a rule of its own is as visible as the email it belongs to. */
const pairedEmail: Readonly<Record<string, string>> = {
  requesterName: 'requesterEmail',
  contactName: 'contactEmail',
  assignedToName: 'assignedToEmail',
}

function compileField(info: FieldInfo, rule: FieldRule | undefined, custom: boolean, help?: string): CompiledField {
  const choices = rule?.choices?.map(String) ?? info.choices
  const closed = rule?.choices !== undefined || (info.choices !== undefined && !info.open)
  return Object.freeze({
    ...info,
    custom,
    visible: rule?.visible ?? true,
    required: rule?.required ?? false,
    ...(rule?.default !== undefined && rule.default !== null && { default: rule.default }),
    restricted: rule?.choices !== undefined,
    open: !closed,
    ...(choices && { choices, spellings: spellingsOf(custom ? '' : info.key, choices, info.choices) }),
    ...(help && { help }),
  })
}

const customInfo = (field: CustomField): FieldInfo => ({
  key: field.key,
  label: field.label,
  type: field.type,
  maximum: field.type === 'text' ? 5000 : field.type === 'url' ? 2000 : 254,
  ...(field.choices && { choices: field.choices }),
})

function compileFields(document: TaskerProfile): CompiledField[] {
  const rules = new Map<string, FieldRule>()
  for (const [name, rule] of Object.entries(document.fieldRules ?? {})) rules.set(canonicalField(name), rule)
  const ruleOf = (key: string): FieldRule | undefined => {
    const paired = rules.get(pairedEmail[key] ?? '')
    return rules.get(key) ?? (paired?.visible === false ? { visible: false } : undefined)
  }
  const builtIn = taskFields.map((info) => compileField(info, ruleOf(info.key), false))
  const own = (document.customFields ?? []).map((each) => compileField(customInfo(each), rules.get(each.key), true, each.help))
  return [...builtIn, ...own]
}

type MutableState = { -readonly [K in keyof Omit<CompiledState, 'next'>]: CompiledState[K] } & { next: MutableState[] }

function compileStates(document: TaskerProfile, fieldByName: (name: string) => CompiledField | undefined): CompiledState[] {
  const states: MutableState[] = document.statusFlow.map((source) => {
    const category = categoryOf(source)
    return {
      status: source.status,
      key: statusKey(source.status),
      category,
      role: null,
      isInitial: source.isInitial ?? false,
      isTerminal: source.isTerminal ?? false,
      pausesSla: source.pausesSla ?? category === 'waiting',
      setSlaResponded: source.setSlaResponded ?? false,
      setSlaResolved: source.setSlaResolved ?? false,
      setClosedAt: source.setClosedAt ?? false,
      requiredFields: Object.freeze((source.requiredFields ?? []).map(fieldByName).filter((field) => field !== undefined)),
      next: [],
      nextNames: [],
      source,
    }
  })
  const byKey = new Map(states.map((state) => [state.key, state]))
  for (const state of states) {
    const targets = new Set(state.source.allowedTransitions.map((name) => byKey.get(statusKey(name))))
    for (const target of targets) if (target && target !== state) state.next.push(target)
    state.nextNames = Object.freeze(state.next.map((next) => next.status))
  }
  for (const [role, state] of rolesOf(states)) state.role ??= role
  for (const state of states) {
    Object.freeze(state.next)
    Object.freeze(state)
  }
  return states
}

function compile(document: TaskerProfile): CompiledProfile {
  const fields = compileFields(document)
  const fieldMap = new Map(fields.map((field) => [addressOf(field), field]))
  const fieldByName = (name: string) => fieldMap.get(canonicalField(name)) ?? fieldMap.get(`customFields.${name}`)
  const states = compileStates(document, fieldByName)
  const lookup = new Map<unknown, CompiledState>()
  for (const state of states) if (!lookup.has(state.key)) lookup.set(state.key, state)
  for (const state of states) if (!lookup.has(state.status)) lookup.set(state.status, state)
  const rows = (document.slaDefaults ?? []).map(
    (row) =>
      [
        priorityKey(row.priority),
        Object.freeze({
          priority: row.priority,
          responseMinutes: row.responseMinutes ?? null,
          resolutionMinutes: row.resolutionMinutes ?? null,
        }),
      ] as const,
  )
  return Object.freeze({
    document,
    name: document.name,
    states: Object.freeze(states),
    initial: states.find((state) => state.isInitial) ?? states[0]!,
    roles: rolesOf(states),
    fields: Object.freeze(fields),
    fieldMap,
    required: Object.freeze(fields.filter((field) => field.required)),
    defaulted: Object.freeze(fields.filter((field) => field.default !== undefined)),
    sla: new Map(rows),
    state: (name: unknown) => (typeof name === 'string' ? (lookup.get(name) ?? lookup.get(statusKey(name))) : undefined),
  })
}

/** A profile as its document or already compiled. */
export type Profile = TaskerProfile | CompiledProfile

const compiled = new WeakMap<TaskerProfile, CompiledProfile>()

/**
 * A profile made ready for use; the work is done once per document object and remembered as long as the document lives.
 * Expects a valid document (see `validateProfile`) that nobody changes afterwards.
 */
export function compileProfile(document: Profile): CompiledProfile {
  if ('fieldMap' in document) return document
  const known = compiled.get(document)
  if (known) return known
  const fresh = compile(document)
  compiled.set(document, fresh)
  return fresh
}
