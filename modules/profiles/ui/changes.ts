/** What changed between two profiles, as a list people can read. Spelling that means the same is no change. */
import { listed } from '../../../platform/react/words.ts'
import {
  type CompiledField,
  type CompiledProfile,
  type CompiledState,
  compileProfile,
  priorityKey,
  type TaskerProfile,
} from '../contract.ts'
import { writeDuration } from './durations.ts'
import { text } from './text.ts'

const words = text.changes

export type ChangeArea = 'profile' | 'states' | 'moves' | 'fields' | 'targets'
/** `before` and `after` are missing for what was added and removed. `where` names the thing, `what` the property. */
export type ProfileChange = { area: ChangeArea; where: string; what?: string; before?: string; after?: string }

const areas: readonly ChangeArea[] = ['profile', 'states', 'moves', 'fields', 'targets']

export function compareProfiles(before: TaskerProfile, after: TaskerProfile): ProfileChange[] {
  const [a, b] = [compileProfile(before), compileProfile(after)]
  const states = pairStates(a, b)
  const changes = [
    ...compareTexts(before, after),
    ...compareStates(a, b, states),
    ...compareMoves(a, b, states),
    ...compareFields(a, b),
    ...compareTargets(a, b),
  ]
  return changes.sort((one, other) => areas.indexOf(one.area) - areas.indexOf(other.area))
}

/** A property with two values, when they differ. */
const differing = (area: ChangeArea, where: string, what: string, before: string, after: string): ProfileChange[] =>
  before === after ? [] : [{ area, where, what, before, after }]

const compareTexts = (before: TaskerProfile, after: TaskerProfile) =>
  (['name', 'description', 'standardSource'] as const).flatMap((key) =>
    differing('profile', after.name, key, before[key] ?? '', after[key] ?? ''),
  )

/** Which state became which: those of the same name, and of the rest those that lead the same ways. */
function pairStates(a: CompiledProfile, b: CompiledProfile): Map<CompiledState, CompiledState> {
  const pairs = new Map<CompiledState, CompiledState>()
  for (const state of a.states) {
    const same = b.states.find(({ key }) => key === state.key)
    if (same) pairs.set(state, same)
  }
  const free = b.states.filter((state) => ![...pairs.values()].includes(state))
  for (const state of a.states) {
    if (pairs.has(state)) continue
    const own = waysOf(a, state, b)
    const likeness = (each: CompiledState) => overlap(own, waysOf(b, each, a))
    const twin = [...free].sort((one, other) => likeness(other) - likeness(one))[0]
    if (!twin || likeness(twin) < 0.6) continue
    pairs.set(state, twin)
    free.splice(free.indexOf(twin), 1)
  }
  return pairs
}

/** Where a state leads and what leads to it, among the states that the other profile has too. */
function waysOf(profile: CompiledProfile, state: CompiledState, other: CompiledProfile): Set<string> {
  const before = profile.states.filter(({ next }) => next.includes(state))
  const known = (each: CompiledState) => other.state(each.key) !== undefined
  return new Set([
    ...state.next.filter(known).map(({ key }) => `to ${key}`),
    ...before.filter(known).map(({ key }) => `from ${key}`),
  ])
}

const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>) => {
  const all = new Set([...a, ...b])
  return all.size === 0 ? 0 : [...all].filter((each) => a.has(each) && b.has(each)).length / all.size
}

const yes = (value: boolean) => (value ? words.yes : words.no)

const propertiesOf = (state: CompiledState): Record<string, string> => ({
  name: state.status,
  category: text.categories[state.category],
  isInitial: yes(state.isInitial),
  isTerminal: yes(state.isTerminal),
  pausesSla: yes(state.pausesSla),
  setSlaResponded: yes(state.setSlaResponded),
  setSlaResolved: yes(state.setSlaResolved),
  setClosedAt: yes(state.setClosedAt),
  role: state.source.role ?? '',
  requiredFields: listed(state.requiredFields.map(({ label }) => label)),
})

function compareStates(a: CompiledProfile, b: CompiledProfile, pairs: Map<CompiledState, CompiledState>): ProfileChange[] {
  const kept = new Set(pairs.values())
  return [
    ...a.states
      .filter((state) => !pairs.has(state))
      .map(({ status }) => ({ area: 'states' as const, where: status, before: status })),
    ...b.states
      .filter((state) => !kept.has(state))
      .map(({ status }) => ({ area: 'states' as const, where: status, after: status })),
    ...[...pairs].flatMap(([before, after]) => {
      const [old, now] = [propertiesOf(before), propertiesOf(after)]
      return Object.keys(now).flatMap((what) => differing('states', after.status, what, old[what]!, now[what]!))
    }),
  ]
}

function compareMoves(a: CompiledProfile, b: CompiledProfile, pairs: Map<CompiledState, CompiledState>): ProfileChange[] {
  const named = (from: CompiledState, to: CompiledState) => `${from.status} → ${to.status}`
  const old = new Set(a.states.flatMap((from) => from.next.map((to) => arrow(pairs.get(from) ?? from, pairs.get(to) ?? to))))
  const now = new Set(b.states.flatMap((from) => from.next.map((to) => arrow(from, to))))
  const gone = a.states.flatMap((from) => {
    const source = pairs.get(from)
    // What left with a state needs no line of its own.
    return from.next.flatMap((to) => {
      const target = pairs.get(to)
      return source && target && !now.has(arrow(source, target)) ? [named(source, target)] : []
    })
  })
  const come = b.states.flatMap((from) => from.next.filter((to) => !old.has(arrow(from, to))).map((to) => named(from, to)))
  return [
    ...gone.map((where) => ({ area: 'moves' as const, where, before: where })),
    ...come.map((where) => ({ area: 'moves' as const, where, after: where })),
  ]
}

const arrow = (from: CompiledState, to: CompiledState) => `${from.key}\n${to.key}`

const rulesOf = (field: CompiledField): Record<string, string> => ({
  ...(field.custom && { label: field.label, type: field.type, help: field.help ?? '' }),
  visible: yes(field.visible),
  required: yes(field.required),
  default: field.default === undefined ? '' : shown(field.default),
  choices: field.restricted || field.custom ? (field.choices ?? []).join(', ') : '',
})
const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

function compareFields(a: CompiledProfile, b: CompiledProfile): ProfileChange[] {
  const changes: ProfileChange[] = []
  for (const [key, field] of b.fieldMap) {
    const before = a.fieldMap.get(key)
    if (!before) {
      changes.push({ area: 'fields', where: field.label, after: field.type })
      continue
    }
    const [old, now] = [rulesOf(before), rulesOf(field)]
    for (const what of Object.keys(now)) changes.push(...differing('fields', field.label, what, old[what]!, now[what]!))
  }
  for (const [key, field] of a.fieldMap)
    if (!b.fieldMap.has(key)) changes.push({ area: 'fields', where: field.label, before: field.type })
  return changes
}

const target = (minutes: number | null | undefined) => (minutes ? writeDuration(minutes) : '')

function compareTargets(a: CompiledProfile, b: CompiledProfile): ProfileChange[] {
  const keys = new Set([...a.sla.keys(), ...b.sla.keys()].map(priorityKey))
  return [...keys].flatMap((key) => {
    const [old, now] = [a.sla.get(key), b.sla.get(key)]
    const name = (now ?? old)!.priority
    return (['responseMinutes', 'resolutionMinutes'] as const).flatMap((what) =>
      differing('targets', name, what, target(old?.[what]), target(now?.[what])),
    )
  })
}
