import { type CompiledField, type CompiledProfile, type CompiledState, compileProfile, type Profile } from './compile.ts'
import type { StateCategory } from './document.ts'
import { makeRefusal, missingField, requiredToEnter } from './refusals.ts'
import type { FieldProblem, Refusal } from './types.ts'
import { isEmpty, wordList } from './values.ts'

/** Over and done with: resolved, closed, cancelled, or terminal. Clocks stand still here. */
export const isDone = (state: CompiledState): boolean =>
  state.isTerminal || state.category === 'resolved' || state.category === 'closed' || state.category === 'cancelled'

function search(from: CompiledState, goal: (s: CompiledState) => boolean, through: (s: CompiledState) => boolean) {
  const came = new Map<CompiledState, CompiledState | null>([[from, null]])
  for (const state of came.keys()) {
    if (state !== from && !through(state)) continue
    for (const next of state.next) {
      if (came.has(next)) continue
      came.set(next, state)
      if (!goal(next)) continue
      const way: string[] = []
      for (let step: CompiledState | null | undefined = next; step && step !== from; step = came.get(step))
        way.unshift(step.status)
      return way
    }
  }
  return null
}

/** Shortest way to a goal, preferring one that passes only through states where work goes on. */
function wayTo(from: CompiledState, goal: (state: CompiledState) => boolean): string[] | null {
  if (goal(from)) return []
  return search(from, goal, (state) => state.category === 'new' || state.category === 'active') ?? search(from, goal, () => true)
}

/**
 * The shortest legal way between two states: the states to enter one after the other, ending with `to`; `[]` when already there,
 * null when there is no way or a state is unknown. Ways through open work are preferred over ways through waiting or closed states.
 */
export function pathTo(profile: Profile, from: string, to: string): string[] | null {
  const { state } = compileProfile(profile)
  const [start, end] = [state(from), state(to)]
  return start && end ? wayTo(start, (each) => each === end) : null
}

/** Like `pathTo`, to the nearest state of any of these categories. */
export function pathToCategory(profile: Profile, from: string, categories: readonly StateCategory[]): string[] | null {
  const start = compileProfile(profile).state(from)
  return start ? wayTo(start, (each) => categories.includes(each.category)) : null
}

const arrows = (way: readonly string[]) => way.join(' → ')

/** What stands in the way of a move that the flow does not allow, or null. Required fields are judged elsewhere. */
export function moveProblem(
  profile: CompiledProfile,
  from: CompiledState | undefined,
  fromName: unknown,
  to: string,
): FieldProblem | null {
  const target = profile.state(to)
  const problem = (code: FieldProblem['code'], message: string): FieldProblem => ({ field: 'status', code, message })
  if (!from) {
    const message = `The task is in “${String(fromName)}”, which ${profile.name} does not have; ask an administrator to map it to a state of the profile.`
    return problem('unknown-status', message)
  }
  const next = from.nextNames.length ? `from ${from.status} it can go to ${wordList(from.nextNames)}` : `${from.status} is final`
  if (!target) return problem('unknown-status', `“${to.slice(0, 60)}” is not a state of ${profile.name}; ${next}.`)
  if (target === from || from.next.includes(target)) return null
  if (from.nextNames.length === 0) {
    const code = from.isTerminal ? 'terminal-status' : 'transition-not-allowed'
    return problem(code, `${from.status} is final under ${profile.name}; open a new task and link it to this one.`)
  }
  const way = wayTo(from, (state) => state === target)
  const advice = way ? `the way there is ${arrows(way)}` : next
  return problem(
    'transition-not-allowed',
    `${from.status} cannot go straight to ${target.status} under ${profile.name}; ${advice}.`,
  )
}

/** What stands in the way of creating a task in a given state: it starts in the initial one, or where approval waits. */
export function startProblem(profile: CompiledProfile, requested: string): FieldProblem | null {
  const state = profile.state(requested)
  const starts = startNames(profile)
  if (state && starts.includes(state.status)) return null
  if (!state) {
    const message = `“${requested.slice(0, 60)}” is not a state of ${profile.name}; a new task starts in ${wordList(starts)}.`
    return { field: 'status', code: 'unknown-status', message }
  }
  const way = wayTo(profile.initial, (each) => each === state)
  const advice = way ? `; create it there, then move it ${arrows([profile.initial.status, ...way])}` : ''
  const message = `A new task under ${profile.name} starts in ${wordList(starts)}, not in ${state.status}${advice}.`
  return { field: 'status', code: 'transition-not-allowed', message }
}

/** The states a new task may start in. */
export function startNames(profile: CompiledProfile): string[] {
  const approval = profile.roles.get('approval')
  return approval && approval !== profile.initial ? [profile.initial.status, approval.status] : [profile.initial.status]
}

/** Value of a field on a task (custom fields live in `customFields`). */
export function fieldValue(task: object, field: CompiledField): unknown {
  const record = task as Record<string, unknown>
  if (!field.custom) return record[field.key]
  return (record.customFields as Record<string, unknown> | null | undefined)?.[field.key]
}

/** Fields a state needs that the task has not. */
export const missingToEnter = (state: CompiledState, task: object): CompiledField[] =>
  state.requiredFields.filter((field) => isEmpty(fieldValue(task, field)))

/**
 * May a task go from one state to another? Null when it may, else the refusal. With `task` the fields required to enter are checked
 * too. Staying where one is, is no move. Spelling of the states does not matter.
 */
export function validateStatusTransition(profile: Profile, from: string, to: string, task?: object): Refusal | null {
  const compiled = compileProfile(profile)
  const state = compiled.state(from)
  const target = compiled.state(to)
  const problem = moveProblem(compiled, state, from, to)
  const at = { from: state ?? null, currentStatus: state?.status ?? from, to: target?.status ?? to, target }
  if (problem) return makeRefusal(compiled, at, [problem], [])
  const missing = task && target && target !== state ? missingToEnter(target, task) : []
  if (missing.length === 0) return null
  return makeRefusal(
    compiled,
    at,
    requiredToEnter(target!.status, missing),
    missing.map((field) => missingField(field)),
  )
}
