import type { ProfileState, StateCategory, StateRole } from './document.ts'

/** Comparable form of a status: case, spaces, `-` and `_` do not count (`In Progress` = `InProgress` = `in_progress`). */
export const statusKey = (status: string): string =>
  status
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\-_]+/g, '')

const wordsOf = (status: string) =>
  new Set(
    status
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u),
  )

const waitingWords = ['hold', 'pending', 'waiting', 'awaiting', 'blocked', 'paused', 'suspended']
const cancelledWords = ['cancelled', 'canceled', 'rejected', 'declined', 'withdrawn']
const has = (words: Set<string>, ...any: string[]) => any.some((word) => words.has(word))

/**
 * The category of a state: its own word, else inferred from flags and name. A review after the incident counts as resolved,
 * so that reaching it neither restarts a clock nor loses the resolution instant.
 */
export function categoryOf(state: ProfileState): StateCategory {
  if (state.category) return state.category
  const words = wordsOf(state.status)
  const key = statusKey(state.status)
  if (state.isInitial) return 'new'
  if (has(words, ...cancelledWords) || key === 'falsepositive') return 'cancelled'
  if (has(words, 'resolved', 'fulfilled') || (words.has('post') && words.has('review'))) return 'resolved'
  if (state.isTerminal || words.has('closed')) return 'closed'
  if (state.setSlaResolved) return 'resolved'
  if (has(words, ...waitingWords) || key === 'onhold') return 'waiting'
  return 'active'
}

export type RoleCandidate<T> = { status: string; category: StateCategory; source: ProfileState; next: readonly T[] }

/** The nearest state that fits, breadth first from `from` (itself excluded). */
function nearest<T extends { next: readonly T[] }>(from: T, fits: (state: T) => boolean): T | undefined {
  const seen = new Set([from])
  for (const state of seen) {
    for (const next of state.next) {
      if (fits(next)) return next
      seen.add(next)
    }
  }
}

/** The state that plays each role: the one that says so, else the one its category and name suggest. */
export function rolesOf<T extends RoleCandidate<T>>(states: readonly T[]): ReadonlyMap<StateRole, T> {
  const roles = new Map<StateRole, T>()
  for (const state of states) if (state.source.role && !roles.has(state.source.role)) roles.set(state.source.role, state)
  const free = (state: T) => !state.source.role
  const infer = (role: StateRole, ...tests: ((state: T) => boolean)[]) => {
    for (const test of tests) {
      const found = roles.get(role) ?? states.find((state) => free(state) && test(state))
      if (found) roles.set(role, found)
    }
  }
  const words = (state: T) => wordsOf(state.status)
  infer('approval', (state) => words(state).has('approval') && !state.source.isTerminal && state.category !== 'cancelled')
  infer('rejected', (state) => has(words(state), 'rejected', 'declined'))
  const approval = roles.get('approval')
  const waits = (state: T) => state.category === 'waiting' && state !== approval
  infer('hold', (state) => waits(state) && (words(state).has('hold') || statusKey(state.status) === 'onhold'), waits)
  infer('resolved', (state) => state.category === 'resolved' && state.source.setSlaResolved === true)
  infer('resolved', (state) => state.category === 'resolved')
  infer('resolved', (state) => state.category === 'closed' && state.source.setSlaResolved === true)
  const hold = roles.get('hold')
  const active = (state: T) => state.category === 'active' && free(state)
  const resume = hold ? nearest(hold, active) : states.find(active)
  if (resume && !roles.has('resume')) roles.set('resume', resume)
  return roles
}
