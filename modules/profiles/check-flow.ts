import type { ProfileState, TaskerProfile } from './document.ts'
import { taskField } from './fields.ts'
import { suggestion } from './findings.ts'
import { categoryOf, statusKey } from './states.ts'
import type { Findings } from './validator.ts'

type Graph = { keys: string[]; next: Map<string, Set<string>> }

function graphOf(states: readonly ProfileState[]): Graph {
  const keys = states.map((state) => statusKey(state.status))
  const next = new Map<string, Set<string>>(keys.map((key) => [key, new Set<string>()]))
  for (const state of states) for (const to of state.allowedTransitions) next.get(statusKey(state.status))!.add(statusKey(to))
  return { keys, next }
}

/** Every key from which, or to which, one can come from the starts along the edges. */
function closure(starts: Iterable<string>, edges: (key: string) => Iterable<string>): Set<string> {
  const seen = new Set(starts)
  for (const key of seen) for (const next of edges(key)) seen.add(next)
  return seen
}

function checkInitial(states: readonly ProfileState[], say: Findings): void {
  const initial = states.flatMap((state, n) => (state.isInitial ? [{ ...state, n }] : []))
  if (initial.length === 0)
    say.error('no-initial', ['statusFlow'], 'No state is initial; mark the one where tasks start with "isInitial": true.')
  if (initial.length > 1) {
    const names = initial.map((state) => state.status).join(', ')
    say.error(
      'several-initial',
      ['statusFlow', initial[1]!.n, 'isInitial'],
      `${initial.length} states are initial (${names}); keep "isInitial": true on one only.`,
    )
  }
  for (const state of initial) {
    if (state.isTerminal)
      say.warn(
        'initial-terminal',
        ['statusFlow', state.n],
        `Tasks start in ${state.status}, which is terminal: they are finished when they are made.`,
      )
  }
}

function checkNames(states: readonly ProfileState[], { keys, next }: Graph, say: Findings): void {
  const first = new Map<string, string>()
  const names = states.map((state) => state.status)
  for (const [n, state] of states.entries()) {
    const key = keys[n]!
    const twin = first.get(key)
    if (twin !== undefined) {
      const same = twin === state.status ? '' : ` (${twin} and ${state.status} count as the same name)`
      say.error(
        'duplicate-status',
        ['statusFlow', n, 'status'],
        `The state ${state.status} is there twice${same}; rename or remove one.`,
      )
    } else first.set(key, state.status)
    if (key === '') say.error('wrong-value', ['statusFlow', n, 'status'], 'A state needs a name with letters; write one.')
    for (const [at, to] of state.allowedTransitions.entries()) {
      const path = ['statusFlow', n, 'allowedTransitions', at]
      if (!next.has(statusKey(to))) {
        say.error(
          'unknown-target',
          path,
          `${state.status} may move to “${to}”, which is no state of this profile; add that state or remove the transition.${suggestion(to, names)}`,
        )
      } else if (statusKey(to) === key) {
        say.warn(
          'self-transition',
          path,
          `${state.status} names itself as a next state; that has no effect, a task may always stay where it is.`,
        )
      }
    }
  }
}

/** Reachability is judged once all targets are known; a mistyped target would only be told twice. */
function checkReach(states: readonly ProfileState[], { keys, next }: Graph, say: Findings): void {
  const starts = keys.filter((_, n) => states[n]!.isInitial)
  const reached = closure(starts, (key) => next.get(key) ?? [])
  const back = new Map<string, string[]>()
  for (const [from, targets] of next) for (const to of targets) back.set(to, [...(back.get(to) ?? []), from])
  const ends = keys.filter((_, n) => states[n]!.isTerminal)
  if (ends.length === 0) {
    say.error(
      'no-terminal',
      ['statusFlow'],
      'No state is terminal, so no task can ever be finished; mark the last one with "isTerminal": true.',
    )
  }
  const known = [...next.values()].every((targets) => [...targets].every((key) => next.has(key)))
  if (!known) return
  const ending = closure(ends, (key) => back.get(key) ?? [])
  for (const [n, state] of states.entries()) {
    if (starts.length > 0 && !reached.has(keys[n]!)) {
      say.error(
        'unreachable-state',
        ['statusFlow', n],
        `${state.status} cannot be reached from the initial state; let another state move to it or remove it.`,
      )
    }
    if (ends.length > 0 && !ending.has(keys[n]!)) {
      say.error(
        'no-way-to-terminal',
        ['statusFlow', n],
        `From ${state.status} there is no way to a terminal state; add a transition that leads to one.`,
      )
    }
  }
}

function checkRoles(states: readonly ProfileState[], say: Findings): void {
  const taken = new Map<string, string>()
  for (const [n, state] of states.entries()) {
    const at = ['statusFlow', n]
    if (state.isTerminal && state.pausesSla) {
      say.error(
        'pauses-terminal',
        [...at, 'pausesSla'],
        `${state.status} is terminal and pauses the SLA; clocks stop in a terminal state, remove "pausesSla".`,
      )
    }
    if (state.isTerminal && ['new', 'active', 'waiting'].includes(categoryOf(state)) && !state.isInitial) {
      say.warn(
        'terminal-open',
        at,
        `${state.status} is terminal but of category ${categoryOf(state)}; closed or cancelled says it better.`,
      )
    }
    if (!state.role) continue
    const twin = taken.get(state.role)
    if (twin)
      say.error(
        'duplicate-role',
        [...at, 'role'],
        `${twin} and ${state.status} both have the role ${state.role}; give it to one of them.`,
      )
    else taken.set(state.role, state.status)
  }
}

function checkRequired(document: TaskerProfile, say: Findings): void {
  const rules = document.fieldRules ?? {}
  const custom = new Set(document.customFields?.map((field) => field.key))
  for (const [n, state] of document.statusFlow.entries()) {
    for (const [at, name] of (state.requiredFields ?? []).entries()) {
      const path = ['statusFlow', n, 'requiredFields', at]
      const info = taskField(name)
      if (!info && !custom.has(name)) {
        say.error(
          'unknown-required-field',
          path,
          `${state.status} requires “${name}”, which is no field of a task; correct the name or add it to customFields.${suggestion(name, custom)}`,
        )
        continue
      }
      const rule = Object.entries(rules).find(([key]) => key === name || (info && taskField(key) === info))?.[1]
      if (rule?.visible === false && isAbsent(rule.default)) {
        say.error(
          'required-hidden',
          path,
          `${state.status} requires “${name}”, which the profile hides without a default; show it, give it a default or drop it here.`,
        )
      }
    }
  }
}

const isAbsent = (value: unknown) => value === undefined || value === null || value === ''

/** Judges the status flow: one start, known targets, no twins, everything reachable, always a way to the end. */
export function checkFlow(document: TaskerProfile, say: Findings): void {
  const states = document.statusFlow
  const graph = graphOf(states)
  checkInitial(states, say)
  checkNames(states, graph, say)
  checkReach(states, graph, say)
  checkRoles(states, say)
  checkRequired(document, say)
}
