import { addressOf, type CompiledField, type CompiledProfile, type CompiledState } from './compile.ts'
import type { EvaluationContext, FieldProblem, MissingField, Refusal, RefusalCode } from './types.ts'
import { choicesOf, wordList } from './values.ts'

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
export const requiredToEnter = (status: string, missing: readonly CompiledField[]): FieldProblem[] =>
  missing.map((field) => ({
    field: addressOf(field),
    code: 'fields-required-to-enter',
    message: `${field.label} is needed to enter ${status}; fill it in and move again.`,
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
function ruleOf(profile: CompiledProfile, at: Situation, code: RefusalCode, labels: readonly string[]): string {
  const flow = `Status flow of ${profile.name}: `
  const fields = `Field rules of ${profile.name}: `
  const names = wordList(labels, 'and')
  const be = labels.length > 1 ? 'are' : 'is'
  switch (code) {
    case 'unknown-status':
      return `${flow}its states are ${profile.states.map((state) => state.status).join(', ')}.`
    case 'terminal-status':
      return `${flow}nothing follows ${at.currentStatus}.`
    case 'transition-not-allowed':
      if (at.starts) return `${flow}a new task starts in ${wordList(at.starts)}.`
      return `${flow}${at.currentStatus} goes on to ${wordList(at.from?.nextNames ?? [])}.`
    case 'fields-required-to-enter':
      return `${flow}${at.target?.status ?? at.to} is entered only with ${wordList(at.target?.requiredFields.map((f) => f.label) ?? [], 'and')}.`
    case 'field-required':
      return `${fields}${names} ${be} required.`
    case 'field-hidden':
      return `${fields}${names} ${be} hidden.`
    case 'choice-not-allowed':
      return `${fields}${names} ${labels.length > 1 ? 'take their values' : 'takes its value'} from a list.`
    case 'custom-field-unknown':
      return `${fields}${profile.fields.some((f) => f.custom) ? `its own fields are ${wordList(customKeys(profile), 'and')}` : 'it has no fields of its own'}.`
    case 'value-invalid':
      return `${fields}${names} ${labels.length > 1 ? 'have' : 'has'} a type and a limit.`
  }
}

const customKeys = (profile: CompiledProfile) => profile.fields.filter((field) => field.custom).map((field) => field.key)

const labelOf = (profile: CompiledProfile, name: string) =>
  profile.fieldMap.get(name)?.label ?? name.replace(/^customFields\./, '')

/** One sentence for all problems of one code. */
function sentence(at: Situation, code: RefusalCode, problems: readonly FieldProblem[], labels: readonly string[]): string {
  if (problems.length === 1 && problems[0]) return problems[0].message
  const names = wordList(labels, 'and')
  if (code === 'fields-required-to-enter') return `To enter ${at.target?.status ?? at.to}, fill in ${names} first.`
  if (code === 'field-required') return `${names} are required; fill them in and try again.`
  if (code === 'field-hidden') return `${names} are hidden by the profile; leave them out or choose a profile that shows them.`
  return problems.map((each) => each.message).join(' ')
}

/** Puts everything that stands in the way into one refusal; moves are named before fields. */
export function makeRefusal(
  profile: CompiledProfile,
  at: Situation,
  problems: readonly FieldProblem[],
  missing: readonly MissingField[],
): Refusal {
  const code = order.find((each) => problems.some((problem) => problem.code === each)) ?? 'value-invalid'
  const main = problems.filter((problem) => problem.code === code)
  const labels = main.map((problem) => labelOf(profile, problem.field))
  const rest = problems.filter((problem) => problem.code !== code)
  const also = rest.length
    ? ` Also put right: ${wordList(
        rest.map((each) => labelOf(profile, each.field)),
        'and',
      )}.`
    : ''
  return {
    code,
    rule: ruleOf(profile, at, code, labels),
    message: sentence(at, code, main, labels) + also,
    currentStatus: at.currentStatus,
    ...(at.to !== undefined && { requestedStatus: at.to }),
    allowedTransitions: [...(at.starts ?? at.from?.nextNames ?? [])],
    missingFields: [...missing],
    problems: [...problems],
  }
}
