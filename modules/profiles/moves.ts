import { type Language, list, Message, messages, params, type Sayable, spoken } from '../../platform/messages.ts'
import { term, terms } from '../../platform/terms.ts'
import { type CompiledField, type CompiledProfile, type CompiledState, compileProfile, type Profile } from './compile.ts'
import type { StateCategory } from './document.ts'
import { makeRefusal, missingField, requiredToEnter } from './refusals.ts'
import type { FoundProblem, Refusal } from './types.ts'
import { isEmpty } from './values.ts'

const say = messages('profiles/moves', {
  lost: params(
    'The task is in “{status}”, which {profile} does not have; ask an administrator to map it to a state of the profile.',
  ),
  unknown: params('“{status}” is not a state of {profile}; from {from} it can go to {next}.'),
  unknownFinal: params('“{status}” is not a state of {profile}; {from} is final.'),
  final: params('{from} is final under {profile}; open a new task and link it to this one.'),
  way: params('{from} cannot go straight to {to} under {profile}; the way there is {way}.'),
  noWay: params('{from} cannot go straight to {to} under {profile}; from {from} it can go to {next}.'),
  unknownStart: params('“{status}” is not a state of {profile}; a new task starts in {starts}.'),
  start: params('A new task under {profile} starts in {starts}, not in {status}.'),
  startAndMove: params('A new task under {profile} starts in {starts}, not in {status}; create it there, then move it {way}.'),
})

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

const arrows = (way: readonly string[]): Sayable => new Message((language) => spoken(terms(way), language).join(' → '))

/** What stands in the way of a move that the flow does not allow, or null. Required fields are judged elsewhere. */
export function moveProblem(
  profile: CompiledProfile,
  from: CompiledState | undefined,
  fromName: unknown,
  to: string,
): FoundProblem | null {
  const target = profile.state(to)
  const problem = (code: FoundProblem['code'], message: Sayable): FoundProblem => ({ field: 'status', code, message })
  const name = term(profile.name)
  if (!from) return problem('unknown-status', say.lost({ status: String(fromName), profile: name }))
  const next = { from: term(from.status), next: list(terms(from.nextNames)), profile: name }
  if (!target) {
    const unknown = { ...next, status: to.slice(0, 60) }
    return problem('unknown-status', from.nextNames.length ? say.unknown(unknown) : say.unknownFinal(unknown))
  }
  if (target === from || from.next.includes(target)) return null
  if (from.nextNames.length === 0) {
    const code = from.isTerminal ? 'terminal-status' : 'transition-not-allowed'
    return problem(code, say.final(next))
  }
  const way = wayTo(from, (state) => state === target)
  const move = { ...next, to: term(target.status) }
  return problem('transition-not-allowed', way ? say.way({ ...move, way: arrows(way) }) : say.noWay(move))
}

/** What stands in the way of creating a task in a given state: it starts in the initial one, or where approval waits. */
export function startProblem(profile: CompiledProfile, requested: string): FoundProblem | null {
  const state = profile.state(requested)
  const starts = startNames(profile)
  if (state && starts.includes(state.status)) return null
  const where = { profile: term(profile.name), starts: list(terms(starts)) }
  if (!state) {
    const message = say.unknownStart({ ...where, status: requested.slice(0, 60) })
    return { field: 'status', code: 'unknown-status', message }
  }
  const way = wayTo(profile.initial, (each) => each === state)
  const wanted = { ...where, status: term(state.status) }
  const message = way ? say.startAndMove({ ...wanted, way: arrows([profile.initial.status, ...way]) }) : say.start(wanted)
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
export function validateStatusTransition(
  profile: Profile,
  from: string,
  to: string,
  task?: object,
  language?: Language,
): Refusal | null {
  const compiled = compileProfile(profile)
  const state = compiled.state(from)
  const target = compiled.state(to)
  const problem = moveProblem(compiled, state, from, to)
  const at = { from: state ?? null, currentStatus: state?.status ?? from, to: target?.status ?? to, target }
  if (problem) return makeRefusal(compiled, at, [problem], [], language)
  const missing = task && target && target !== state ? missingToEnter(target, task) : []
  if (missing.length === 0) return null
  return makeRefusal(
    compiled,
    at,
    requiredToEnter(target!.status, missing),
    missing.map((field) => missingField(field)),
    language,
  )
}
