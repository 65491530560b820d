import { messages, params } from '../../platform/messages.ts'
import type { ProfileState, TaskerProfile } from './document.ts'
import { taskField } from './fields.ts'
import { withSuggestion } from './findings.ts'
import { categoryOf, statusKey } from './states.ts'
import type { Findings } from './validator.ts'

const words = messages('profiles/flow', {
  noInitial: 'No state is initial; mark the one where tasks start with "isInitial": true.',
  severalInitial: params('{count} states are initial ({states}); keep "isInitial": true on one only.'),
  initialTerminal: params('Tasks start in {state}, which is terminal: they are finished when they are made.'),
  twice: params('The state {state} is there twice; rename or remove one.'),
  twins: params('The state {state} is there twice ({other} and {state} count as the same name); rename or remove one.'),
  noName: 'A state needs a name with letters; write one.',
  unknownTarget: params(
    '{state} may move to “{target}”, which is no state of this profile; add that state or remove the transition.',
  ),
  itself: params('{state} names itself as a next state; that has no effect, a task may always stay where it is.'),
  noTerminal: 'No state is terminal, so no task can ever be finished; mark the last one with "isTerminal": true.',
  unreachable: params('{state} cannot be reached from the initial state; let another state move to it or remove it.'),
  noWayOut: params('From {state} there is no way to a terminal state; add a transition that leads to one.'),
  pausesTerminal: params('{state} is terminal and pauses the SLA; clocks stop in a terminal state, remove "pausesSla".'),
  terminalOpen: params('{state} is terminal but of category {category}; closed or cancelled says it better.'),
  roleTwice: params('{state} and {other} both have the role {role}; give it to one of them.'),
  unknownRequired: params('{state} requires “{field}”, which is no field of a task; correct the name or add it to customFields.'),
  hiddenRequired: params(
    '{state} requires “{field}”, which the profile hides without a default; show it, give it a default or drop it here.',
  ),
})

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
  if (initial.length === 0) say.error('no-initial', ['statusFlow'], words.noInitial)
  if (initial.length > 1) {
    const names = initial.map((state) => state.status).join(', ')
    say.error(
      'several-initial',
      ['statusFlow', initial[1]!.n, 'isInitial'],
      words.severalInitial({ count: initial.length, states: names }),
    )
  }
  for (const state of initial) {
    if (state.isTerminal) say.warn('initial-terminal', ['statusFlow', state.n], words.initialTerminal({ state: state.status }))
  }
}

function checkNames(states: readonly ProfileState[], { keys, next }: Graph, say: Findings): void {
  const first = new Map<string, string>()
  const names = states.map((state) => state.status)
  for (const [n, state] of states.entries()) {
    const key = keys[n]!
    const twin = first.get(key)
    if (twin !== undefined) {
      say.error(
        'duplicate-status',
        ['statusFlow', n, 'status'],
        twin === state.status ? words.twice({ state: twin }) : words.twins({ state: state.status, other: twin }),
      )
    } else first.set(key, state.status)
    if (key === '') say.error('wrong-value', ['statusFlow', n, 'status'], words.noName)
    for (const [at, to] of state.allowedTransitions.entries()) {
      const path = ['statusFlow', n, 'allowedTransitions', at]
      if (!next.has(statusKey(to))) {
        say.error('unknown-target', path, withSuggestion(words.unknownTarget({ state: state.status, target: to }), to, names))
      } else if (statusKey(to) === key) {
        say.warn('self-transition', path, words.itself({ state: state.status }))
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
    say.error('no-terminal', ['statusFlow'], words.noTerminal)
  }
  const known = [...next.values()].every((targets) => [...targets].every((key) => next.has(key)))
  if (!known) return
  const ending = closure(ends, (key) => back.get(key) ?? [])
  for (const [n, state] of states.entries()) {
    if (starts.length > 0 && !reached.has(keys[n]!)) {
      say.error('unreachable-state', ['statusFlow', n], words.unreachable({ state: state.status }))
    }
    if (ends.length > 0 && !ending.has(keys[n]!)) {
      say.error('no-way-to-terminal', ['statusFlow', n], words.noWayOut({ state: state.status }))
    }
  }
}

function checkRoles(states: readonly ProfileState[], say: Findings): void {
  const taken = new Map<string, string>()
  for (const [n, state] of states.entries()) {
    const at = ['statusFlow', n]
    if (state.isTerminal && state.pausesSla) {
      say.error('pauses-terminal', [...at, 'pausesSla'], words.pausesTerminal({ state: state.status }))
    }
    if (state.isTerminal && ['new', 'active', 'waiting'].includes(categoryOf(state)) && !state.isInitial) {
      say.warn('terminal-open', at, words.terminalOpen({ state: state.status, category: categoryOf(state) }))
    }
    if (!state.role) continue
    const twin = taken.get(state.role)
    if (twin)
      say.error('duplicate-role', [...at, 'role'], words.roleTwice({ state: twin, other: state.status, role: state.role }))
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
          withSuggestion(words.unknownRequired({ state: state.status, field: name }), name, custom),
        )
        continue
      }
      const rule = Object.entries(rules).find(([key]) => key === name || (info && taskField(key) === info))?.[1]
      if (rule?.visible === false && isAbsent(rule.default)) {
        say.error('required-hidden', path, words.hiddenRequired({ state: state.status, field: name }))
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
