import { inLanguage, inTurn, type Language, list, listed, messages, params, type Sayable } from '../../platform/messages.ts'
import { term, terms } from '../../platform/terms.ts'
import { addressOf, type CompiledField, type CompiledProfile, type CompiledState } from './compile.ts'
import type { EvaluationContext, FoundProblem, MissingField, Refusal, RefusalCode } from './types.ts'
import { choicesOf } from './values.ts'
import { nameOf, fields as sayOfField } from './words.ts'

const say = messages('profiles/refusals', {
  states: params('Status flow of {profile}: its states are {states}.'),
  nothingFollows: params('Status flow of {profile}: nothing follows {status}.'),
  starts: params('Status flow of {profile}: a new task starts in {states}.'),
  goesOn: params('Status flow of {profile}: {status} goes on to {states}.'),
  entered: params('Status flow of {profile}: {status} is entered only with {fields}.'),
  required: {
    one: params('Field rules of {profile}: {fields} is required.'),
    several: params('Field rules of {profile}: {fields} are required.'),
  },
  hidden: {
    one: params('Field rules of {profile}: {fields} is hidden.'),
    several: params('Field rules of {profile}: {fields} are hidden.'),
  },
  choices: {
    one: params('Field rules of {profile}: {fields} takes its value from a list.'),
    several: params('Field rules of {profile}: {fields} take their values from a list.'),
  },
  ownFields: params('Field rules of {profile}: its own fields are {fields}.'),
  noOwnFields: params('Field rules of {profile}: it has no fields of its own.'),
  limits: {
    one: params('Field rules of {profile}: {fields} has a type and a limit.'),
    several: params('Field rules of {profile}: {fields} have a type and a limit.'),
  },
  enter: params('To enter {status}, fill in {fields} first.'),
  allRequired: params('{fields} are required; fill them in and try again.'),
  allHidden: params('{fields} are hidden by the profile; leave them out or choose a profile that shows them.'),
  also: params('Also put right: {fields}.'),
})

/** What a state still needs before it may be entered. */
export const toEnter = (status: string, missing: readonly CompiledField[]) =>
  say.enter({ status: term(status), fields: list(missing.map(nameOf), 'and') })

const moveCodes: ReadonlySet<RefusalCode> = new Set([
  'transition-not-allowed',
  'unknown-status',
  'terminal-status',
  'fields-required-to-enter',
])

/** HTTP status of a refusal: 409 when a move was refused, 422 when only fields are at fault. */
export const statusOf = (refusal: Pick<Refusal, 'code'>): 409 | 422 => (moveCodes.has(refusal.code) ? 409 : 422)

/** A field as the asker needs it to fill it in. */
export function missingField(field: CompiledField, choices?: EvaluationContext['choices']): MissingField {
  const offered = choicesOf(field, choices)
  return { field: addressOf(field), label: field.label, type: field.type, ...(offered && { choices: offered }) }
}

/** One problem per field that a state needs and the task lacks. */
export const requiredToEnter = (status: string, missing: readonly CompiledField[]): FoundProblem[] =>
  missing.map((field) => ({
    field: addressOf(field),
    code: 'fields-required-to-enter',
    message: sayOfField.enter({ field: nameOf(field), status: term(status) }),
  }))

export type Situation = {
  from: CompiledState | null
  currentStatus: string | null
  to?: string | undefined
  target?: CompiledState | undefined
  /** States a new task may start in; only on create. */
  starts?: readonly string[]
}

const order: readonly RefusalCode[] = [
  'unknown-status',
  'terminal-status',
  'transition-not-allowed',
  'fields-required-to-enter',
  'field-required',
  'field-hidden',
  'choice-not-allowed',
  'custom-field-unknown',
  'value-invalid',
]

/** The rule behind a code, with the profile it stands in. */
function ruleOf(profile: CompiledProfile, at: Situation, code: RefusalCode, labels: readonly Sayable[]): Sayable {
  const name = term(profile.name)
  const current = term(String(at.currentStatus))
  const ofFields = { profile: name, fields: list(labels, 'and') }
  const number = labels.length > 1 ? 'several' : 'one'
  switch (code) {
    case 'unknown-status':
      return say.states({ profile: name, states: listed(terms(profile.states.map((state) => state.status))) })
    case 'terminal-status':
      return say.nothingFollows({ profile: name, status: current })
    case 'transition-not-allowed':
      if (at.starts) return say.starts({ profile: name, states: list(terms(at.starts)) })
      return say.goesOn({ profile: name, status: current, states: list(terms(at.from?.nextNames ?? [])) })
    case 'fields-required-to-enter': {
      const fields = list((at.target?.requiredFields ?? []).map(nameOf), 'and')
      return say.entered({ profile: name, status: term(String(at.target?.status ?? at.to)), fields })
    }
    case 'field-required':
      return say.required[number](ofFields)
    case 'field-hidden':
      return say.hidden[number](ofFields)
    case 'choice-not-allowed':
      return say.choices[number](ofFields)
    case 'custom-field-unknown': {
      const own = customKeys(profile)
      return own.length > 0 ? say.ownFields({ profile: name, fields: list(own, 'and') }) : say.noOwnFields({ profile: name })
    }
    case 'value-invalid':
      return say.limits[number](ofFields)
  }
}

const customKeys = (profile: CompiledProfile) => profile.fields.filter((field) => field.custom).map((field) => field.key)

function labelOf(profile: CompiledProfile, name: string): Sayable {
  const field = profile.fieldMap.get(name)
  return field ? nameOf(field) : name.replace(/^customFields\./, '')
}

/** One sentence for all problems of one code. */
function sentence(at: Situation, code: RefusalCode, problems: readonly FoundProblem[], labels: readonly Sayable[]): Sayable {
  if (problems.length === 1 && problems[0]) return problems[0].message
  const fields = list(labels, 'and')
  if (code === 'fields-required-to-enter') return say.enter({ status: term(String(at.target?.status ?? at.to)), fields })
  if (code === 'field-required') return say.allRequired({ fields })
  if (code === 'field-hidden') return say.allHidden({ fields })
  return inTurn(...problems.map((each) => each.message))
}

/** Puts everything that stands in the way into one refusal and into words; moves are named before fields. */
export function makeRefusal(
  profile: CompiledProfile,
  at: Situation,
  problems: readonly FoundProblem[],
  missing: readonly MissingField[],
  language: Language = 'en',
): Refusal {
  const code = order.find((each) => problems.some((problem) => problem.code === each)) ?? 'value-invalid'
  const main = problems.filter((problem) => problem.code === code)
  const labels = main.map((problem) => labelOf(profile, problem.field))
  const rest = problems.filter((problem) => problem.code !== code).map((each) => labelOf(profile, each.field))
  const also = rest.length > 0 && say.also({ fields: list(rest, 'and') })
  return {
    code,
    rule: inLanguage(ruleOf(profile, at, code, labels), language),
    message: inTurn(sentence(at, code, main, labels), also).in(language),
    currentStatus: at.currentStatus,
    ...(at.to !== undefined && { requestedStatus: at.to }),
    allowedTransitions: [...(at.starts ?? at.from?.nextNames ?? [])],
    missingFields: [...missing],
    problems: problems.map((each) => ({ ...each, message: inLanguage(each.message, language) })),
  }
}
