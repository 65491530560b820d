import { list, messages, params } from '../../platform/messages.ts'
import { choiceKey, compileProfile } from './compile.ts'
import type { FieldRule, TaskerProfile } from './document.ts'
import { canonicalField, fieldAliases, stampFields, taskField, taskFields } from './fields.ts'
import { withSuggestion } from './findings.ts'
import type { Findings, ValidationOptions } from './validator.ts'
import { isEmpty, readValue } from './values.ts'

const words = messages('profiles/fieldRules', {
  stamped: params(
    '“{field}” is stamped by the status flow and takes no rule; use setSlaResponded, setSlaResolved or setClosedAt on a state.',
  ),
  unknown: params('There is no field “{field}”; correct the name or add it to customFields.'),
  yesOrNo: params('“{field}” takes no choices, it is yes or no; remove “choices”.'),
  noChoices: params('“{field}” takes no choices, it is of type {type}; remove “choices”.'),
  noChoice: params('“{choice}” is no choice of {field}; use {choices}.'),
  choiceTwice: params('The choice “{choice}” of {field} is there twice; keep one.'),
  emptyChoice: params('A choice of {field} is empty; write a word or remove it.'),
  wrongDefault: params('The default of “{field}” does not fit: {reason}'),
  tooMany: params('“fieldRules” has {count} rules; keep at most {limit}.'),
  twins: params('“{field}” and “{other}” are the same field; keep one rule.'),
  requiredHidden: params(
    '“{field}” is required but hidden, and has no default, so nobody could fill it; show it, give it a default or make it optional.',
  ),
})

/** More rules than there can be fields. */
const mostRules = 200

const noChoices: ReadonlySet<string> = new Set(['markdown', 'boolean', 'datetime', 'date', 'list', 'url'])

function unknownField(name: string, customKeys: readonly string[], say: Findings): void {
  const path = ['fieldRules', name]
  if ((stampFields as readonly string[]).includes(canonicalField(name))) {
    say.error('unknown-field', path, words.stamped({ field: name }))
    return
  }
  const known = [...taskFields.map((field) => field.key), ...Object.keys(fieldAliases), ...customKeys]
  say.error('unknown-field', path, withSuggestion(words.unknown({ field: name }), name, known))
}

function checkChoices(name: string, rule: FieldRule, document: TaskerProfile, options: ValidationOptions, say: Findings): void {
  const info = taskField(name)
  const custom = document.customFields?.find((field) => field.key === name)
  const type = info?.type ?? custom?.type ?? 'text'
  if (noChoices.has(type)) {
    const message = type === 'boolean' ? words.yesOrNo({ field: name }) : words.noChoices({ field: name, type })
    say.error('choices-not-applicable', ['fieldRules', name, 'choices'], message)
    return
  }
  const own = info && !info.open ? info.choices : custom?.choices
  const offered = own && info?.key === 'priority' ? [...own, ...(options.priorities ?? [])] : own
  const key = info?.key ?? ''
  const seen = new Set<string>()
  for (const [n, choice] of (rule.choices ?? []).map(String).entries()) {
    const path = ['fieldRules', name, 'choices', n]
    if (offered && !offered.some((each) => choiceKey(key, each) === choiceKey(key, choice))) {
      say.error('unknown-choice', path, words.noChoice({ choice, field: name, choices: list(offered) }))
    }
    if (seen.has(choiceKey(key, choice))) say.error('duplicate-choice', path, words.choiceTwice({ choice, field: name }))
    if (choice.trim() === '') say.error('unknown-choice', path, words.emptyChoice({ field: name }))
    seen.add(choiceKey(key, choice))
  }
}

function checkDefault(name: string, rule: FieldRule, document: TaskerProfile, options: ValidationOptions, say: Findings): void {
  if (isEmpty(rule.default)) return
  const profile = compileProfile(document)
  const field = profile.fieldMap.get(canonicalField(name)) ?? profile.fieldMap.get(`customFields.${name}`)
  if (!field) return
  const own = taskField('priority')!.choices!
  const read = readValue(field, rule.default, options.priorities ? { priority: [...own, ...options.priorities] } : undefined)
  if (read.code === undefined) return
  const code = read.code === 'choice-not-allowed' ? 'default-not-choice' : 'default-wrong-type'
  say.error(code, ['fieldRules', name, 'default'], words.wrongDefault({ field: name, reason: read.message }))
}

/** Judges the field rules: known fields, once each, no required field without a way to fill it, defaults and choices that fit. */
export function checkFields(original: TaskerProfile, options: ValidationOptions, say: Findings): void {
  const document = structuredClone(original)
  const customKeys = document.customFields?.map((field) => field.key) ?? []
  const first = new Map<string, string>()
  const rules = Object.entries(document.fieldRules ?? {})
  if (rules.length > mostRules) {
    say.error('wrong-size', ['fieldRules'], words.tooMany({ count: rules.length, limit: mostRules }))
    return
  }
  for (const [name, rule] of rules) {
    const key = canonicalField(name)
    if (!taskField(name) && !customKeys.includes(name)) {
      unknownField(name, customKeys, say)
      continue
    }
    const twin = first.get(key)
    if (twin) say.error('duplicate-field', ['fieldRules', name], words.twins({ field: twin, other: name }))
    first.set(key, name)
    if (rule.required && rule.visible === false && isEmpty(rule.default)) {
      say.error('required-hidden', ['fieldRules', name], words.requiredHidden({ field: name }))
    }
    if (rule.choices) checkChoices(name, rule, document, options, say)
    checkDefault(name, rule, document, options, say)
  }
}
