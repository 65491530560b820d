/** What the views do to a profile, as changes of its text. Each takes the author's text and answers the changed one. */
import {
  type CustomField,
  canonicalField,
  customFieldSchema,
  fieldRuleSchema,
  type ProfileState,
  priorityKey,
  profileStateSchema,
  type SlaDefault,
  slaDefaultSchema,
  statusKey,
  type TaskerProfile,
  taskerProfileSchema,
  taskFields,
} from '../contract.ts'
import { insertAt, type Path, removeAt, renameKey, setAt } from './json-edit.ts'

export type Edit = (text: string) => string

const rootKeys = Object.keys(taskerProfileSchema.shape)
const orders: Record<string, readonly string[]> = {
  statusFlow: Object.keys(profileStateSchema.shape),
  fieldRules: Object.keys(fieldRuleSchema.shape),
  slaDefaults: Object.keys(slaDefaultSchema.shape),
  customFields: Object.keys(customFieldSchema.shape),
}
const read = (text: string) => JSON.parse(text) as TaskerProfile

/** Sets a value or, with undefined, takes it away; new keys stand where people expect them. */
const put = (text: string, path: Path, value: unknown): string => {
  if (value === undefined) return removeAt(text, path)
  const [area] = path
  const order = path.length === 1 ? rootKeys : path.length === 2 ? taskFields.map(({ key }) => key) : orders[String(area)]
  const base = path.length > 1 && read(text)[area as 'name'] === undefined ? setAt(text, [area!], emptyOf(area), rootKeys) : text
  return setAt(base, path, value, order)
}
const emptyOf = (area: unknown) => (area === 'fieldRules' ? {} : [])

/** Name, description, standard. */
export const setText =
  (key: 'name' | 'description' | 'standardSource', value: string): Edit =>
  (text) =>
    put(text, [key], value === '' && key !== 'name' ? undefined : value)

/** A name no state has yet. */
export function freshName(document: TaskerProfile, wish: string): string {
  const taken = new Set(document.statusFlow.map(({ status }) => statusKey(status)))
  for (let n = 1; ; n++) {
    const name = n === 1 ? wish : `${wish} ${n}`
    if (!taken.has(statusKey(name))) return name
  }
}

/** A new state; it stands before the terminal ones, and `after` may move to it. */
export const addState =
  (name: string, after?: number): Edit =>
  (text) => {
    const { statusFlow } = read(text)
    const end = statusFlow.findIndex((state, n) => state.isTerminal && n > (after ?? -1))
    const added = insertAt(text, ['statusFlow'], end < 0 ? statusFlow.length : end, { status: name, allowedTransitions: [] })
    return after === undefined ? added : setMove(statusFlow[after]!.status, name, true)(added)
  }

/** A new name for a state; every way to it goes along. */
export const renameState =
  (index: number, name: string): Edit =>
  (text) => {
    const { statusFlow } = read(text)
    const old = statusKey(statusFlow[index]!.status)
    let changed = setAt(text, ['statusFlow', index, 'status'], name)
    for (const [n, state] of statusFlow.entries())
      for (const [at, to] of state.allowedTransitions.entries())
        if (statusKey(to) === old) changed = setAt(changed, ['statusFlow', n, 'allowedTransitions', at], name)
    return changed
  }

/** Takes a state away, and every way to it. */
export const removeState =
  (index: number): Edit =>
  (text) => {
    const { statusFlow } = read(text)
    const gone = statusFlow[index]!.status
    const twins = statusFlow.filter(({ status }) => statusKey(status) === statusKey(gone)).length > 1
    let changed = text
    if (!twins) for (const { status } of statusFlow) changed = setMove(status, gone, false)(changed)
    return removeAt(changed, ['statusFlow', index])
  }

/** Allows or forbids one move, by the names of its states. */
export const setMove =
  (from: string, to: string, allowed: boolean): Edit =>
  (text) => {
    const { statusFlow } = read(text)
    const index = statusFlow.findIndex(({ status }) => statusKey(status) === statusKey(from))
    if (index < 0) return text
    const ways = statusFlow[index]!.allowedTransitions
    const path = ['statusFlow', index, 'allowedTransitions']
    if (allowed) return ways.some((way) => statusKey(way) === statusKey(to)) ? text : insertAt(text, path, ways.length, to)
    let changed = text
    for (let at = ways.length - 1; at >= 0; at--)
      if (statusKey(ways[at]!) === statusKey(to)) changed = removeAt(changed, [...path, at])
    return changed
  }

/** Sets a property of a state; what is false or empty is left out. A new start takes the place of the old one. */
export const setState =
  <K extends Exclude<keyof ProfileState, 'status' | 'allowedTransitions'>>(index: number, key: K, value: ProfileState[K]): Edit =>
  (text) => {
    const { statusFlow } = read(text)
    // A pause may be inferred from the category, so "no" has to be said there.
    const isNothing = value === undefined || (value === false && key !== 'pausesSla') || (Array.isArray(value) && !value.length)
    let changed = put(text, ['statusFlow', index, key], isNothing ? undefined : value)
    if (key === 'isInitial' && value)
      for (const [n, state] of statusFlow.entries())
        if (n !== index && state.isInitial !== undefined) changed = removeAt(changed, ['statusFlow', n, 'isInitial'])
    return changed
  }

/** The key under which the rule of a field stands: its own, or an alias the author used. */
export const ruleKey = (document: TaskerProfile, field: string): string =>
  Object.keys(document.fieldRules ?? {}).find((key) => canonicalField(key) === field) ?? field

type RulePart = 'visible' | 'required' | 'default' | 'choices'

/** One part of a field's rule; `undefined` takes it away, and a rule that says nothing goes too. */
export const setRule =
  (field: string, part: RulePart, value: unknown): Edit =>
  (text) => {
    const document = read(text)
    const key = ruleKey(document, field)
    const rule = document.fieldRules?.[key]
    // What is so anyway is not written, unless its author had written it.
    const usual = part === 'visible' ? true : part === 'required' ? false : undefined
    if (value === usual && rule?.[part] === undefined) return text
    if (value === undefined && rule && Object.keys(rule).length === 1) return removeAt(text, ['fieldRules', key])
    if (rule) return put(text, ['fieldRules', key, part], value)
    return put(text, ['fieldRules', key], { [part]: value })
  }

/** One target of a priority, in minutes; a row without a target goes. Rows keep the order of the organization's priorities. */
export const setTarget =
  (
    priority: string,
    kind: 'responseMinutes' | 'resolutionMinutes',
    minutes: number | undefined,
    order: readonly string[] = [],
  ): Edit =>
  (text) => {
    const rows = read(text).slaDefaults ?? []
    const key = priorityKey(priority)
    const index = rows.findIndex((row) => priorityKey(row.priority) === key)
    if (index >= 0) {
      const other: keyof SlaDefault = kind === 'responseMinutes' ? 'resolutionMinutes' : 'responseMinutes'
      if (minutes === undefined && rows[index]![other] === undefined) return removeAt(text, ['slaDefaults', index])
      return put(text, ['slaDefaults', index, kind], minutes)
    }
    if (minutes === undefined) return text
    const rank = order.map(priorityKey)
    const at = rows.findIndex((row) => rank.indexOf(priorityKey(row.priority)) > rank.indexOf(key))
    const row = { priority, [kind]: minutes }
    if (rows.length === 0) return put(text, ['slaDefaults'], [row])
    return insertAt(text, ['slaDefaults'], at < 0 ? rows.length : at, row)
  }

/** A custom field made anew (`index` null) or changed; a new key is carried to its rule and to the states that need it. */
export const saveCustomField =
  (index: number | null, field: CustomField): Edit =>
  (text) => {
    const document = read(text)
    if (index === null) {
      const fields = document.customFields
      return fields?.length ? insertAt(text, ['customFields'], fields.length, field) : put(text, ['customFields'], [field])
    }
    const old = document.customFields![index]!
    let changed = text
    for (const key of orders.customFields!)
      changed = put(changed, ['customFields', index, key], (field as Record<string, unknown>)[key])
    if (old.key === field.key) return changed
    changed = renameKey(changed, ['fieldRules', old.key], field.key)
    for (const [n, at] of needs(document, old.key)) changed = setAt(changed, ['statusFlow', n, 'requiredFields', at], field.key)
    return changed
  }

/** Takes a custom field away, with its rule and wherever a state needs it. */
export const removeCustomField =
  (index: number): Edit =>
  (text) => {
    const document = read(text)
    const { key } = document.customFields![index]!
    let changed = document.customFields!.length === 1 ? removeAt(text, ['customFields']) : removeAt(text, ['customFields', index])
    changed = removeAt(changed, ['fieldRules', key])
    for (const [n] of needs(document, key)) {
      const left = document.statusFlow[n]!.requiredFields!.filter((name) => name !== key)
      changed = setState(n, 'requiredFields', left)(changed)
    }
    return changed
  }

const needs = (document: TaskerProfile, key: string): [number, number][] =>
  document.statusFlow.flatMap((state, n) =>
    (state.requiredFields ?? []).flatMap((name, at) => (name === key ? [[n, at] as [number, number]] : [])),
  )

/** The same by its key. */
export const removeCustomFieldNamed =
  (key: string): Edit =>
  (text) => {
    const index = read(text).customFields?.findIndex((field) => field.key === key) ?? -1
    return index < 0 ? text : removeCustomField(index)(text)
  }

/** Takes the targets of a priority away. */
export const removeTargets =
  (priority: string): Edit =>
  (text) => {
    const index = (read(text).slaDefaults ?? []).findIndex((row) => row.priority === priority)
    return index < 0 ? text : removeAt(text, ['slaDefaults', index])
  }
