import { inLanguage, type Language, listed, messages, params, type Sayable } from '../../platform/messages.ts'
import { checkFields } from './check-fields.ts'
import { checkFlow } from './check-flow.ts'
import { compileProfile } from './compile.ts'
import { type TaskerProfile, taskerProfileSchema } from './document.ts'
import { canonicalField, priorities, priorityKey, reservedNames, taskField } from './fields.ts'
import { type Found, type ProfileFinding, shapeFindings } from './findings.ts'
import { type JsonReading, locate, placeAt, pointer, readJson, type TextPlace } from './json-text.ts'

export { locate, readJson } from './json-text.ts'
export type { ProfileFinding, TextPlace }

export type ProfileValidation =
  | { ok: true; document: TaskerProfile; warnings: ProfileFinding[] }
  | { ok: false; errors: ProfileFinding[]; warnings: ProfileFinding[] }

export type ValidationOptions = {
  /** The organization's own priorities, beside the product's. */
  readonly priorities?: readonly string[]
  /** In which language the findings are said; English when absent. */
  readonly language?: Language
}

/** Where findings are collected. */
export type Findings = {
  error(code: string, path: readonly PropertyKey[], message: Sayable): void
  warn(code: string, path: readonly PropertyKey[], message: Sayable): void
}

const words = messages('profiles/validator', {
  noName: '“name” is empty; write something.',
  longTarget: params('The SLA row {priority} has {target} {minutes}; the longest target is ten years, {limit} minutes.'),
  noMinutes: params('The SLA row {priority} has {target} {minutes}; give a positive number of minutes or leave it out.'),
  noTarget: params('The SLA row {priority} has no target; give responseMinutes, resolutionMinutes or both.'),
  wrongOrder: params(
    'The SLA row {priority} lets the response ({response} min) come later than the resolution ({resolution} min); shorten the response or lengthen the resolution.',
  ),
  unknownPriority: params('The SLA row names an unknown priority “{priority}”; use {priorities} (Medium means Normal).'),
  twoRows: params('The priority {priority} has two SLA rows; keep one.'),
  twinRows: params('The priority {priority} has two SLA rows ({other} and {priority} are the same priority); keep one.'),
  noRow: params('Tasks with priority {priority} get no SLA target; add a row if they should.'),
  builtIn: params('The custom field “{field}” has the name of a built-in field; choose another key.'),
  fieldTwice: params('The custom field “{field}” is there twice; keep one or rename it.'),
  choicesMissing: params('The custom field “{field}” is a choice without choices; list them in “choices”.'),
  choicesTooMany: params('The custom field “{field}” is of type {type}; only type choice takes “choices”.'),
})

/** Longest target: ten years of minutes. */
const longest = 10 * 366 * 24 * 60

function checkRow(row: NonNullable<TaskerProfile['slaDefaults']>[number], at: readonly PropertyKey[], say: Findings): void {
  const { priority, responseMinutes: response, resolutionMinutes: resolution } = row
  for (const [key, minutes] of Object.entries({ responseMinutes: response, resolutionMinutes: resolution })) {
    if (minutes === undefined || (minutes > 0 && minutes <= longest)) continue
    const message =
      minutes > 0
        ? words.longTarget({ priority, target: key, minutes, limit: longest })
        : words.noMinutes({ priority, target: key, minutes })
    say.error('sla-minutes', [...at, key], message)
  }
  if (response === undefined && resolution === undefined) {
    say.error('sla-minutes', at, words.noTarget({ priority }))
  }
  if (response !== undefined && resolution !== undefined && response > resolution) {
    say.error('sla-response-after-resolution', [...at, 'responseMinutes'], words.wrongOrder({ priority, response, resolution }))
  }
}

function checkSla(document: TaskerProfile, options: ValidationOptions, say: Findings): void {
  const known = new Map([...priorities, ...(options.priorities ?? [])].map((name) => [priorityKey(name), name]))
  const seen = new Map<string, string>()
  for (const [n, row] of (document.slaDefaults ?? []).entries()) {
    const key = priorityKey(row.priority)
    const at = ['slaDefaults', n]
    if (!known.has(key)) {
      const message = words.unknownPriority({ priority: row.priority, priorities: listed([...known.values()]) })
      say.error('sla-unknown-priority', [...at, 'priority'], message)
    }
    const first = seen.get(key)
    if (first !== undefined) {
      const twins = { priority: row.priority, other: first }
      const message = first === row.priority ? words.twoRows(twins) : words.twinRows(twins)
      say.error('sla-duplicate-priority', [...at, 'priority'], message)
    }
    seen.set(key, row.priority)
    checkRow(row, at, say)
  }
  const offered = compileProfile(document).fieldMap.get('priority')
  if (offered?.visible === false && offered.default === undefined) return
  for (const name of offered?.choices ?? priorities) {
    if (seen.has(priorityKey(name))) continue
    say.warn('sla-no-target', ['slaDefaults'], words.noRow({ priority: name }))
  }
}

function checkCustomFields(document: TaskerProfile, say: Findings): void {
  const seen = new Set<string>()
  for (const [n, field] of (document.customFields ?? []).entries()) {
    const at = ['customFields', n]
    const clash = taskField(field.key) ?? (reservedNames.has(canonicalField(field.key)) ? field : undefined)
    if (clash) say.error('custom-field-clash', [...at, 'key'], words.builtIn({ field: field.key }))
    if (seen.has(field.key)) say.error('duplicate-custom-field', [...at, 'key'], words.fieldTwice({ field: field.key }))
    seen.add(field.key)
    if (field.type === 'choice' && !field.choices) {
      say.error('choices-missing', at, words.choicesMissing({ field: field.key }))
    }
    if (field.type !== 'choice' && field.choices) {
      say.error('choices-not-applicable', [...at, 'choices'], words.choicesTooMany({ field: field.key, type: field.type }))
    }
  }
}

/**
 * Judges a profile document: its shape, then what its words mean together. Every finding says what is wrong and what to do, with the
 * JSON pointer of the place (see `locate` for line and column). A valid document is answered as it came, nothing added or respelled;
 * warnings do not hinder saving.
 */
export function validateProfile(candidate: unknown, options: ValidationOptions = {}): ProfileValidation {
  const errors: ProfileFinding[] = []
  const warnings: ProfileFinding[] = []
  const shape = taskerProfileSchema.safeParse(candidate)
  const inWords = (found: Found): ProfileFinding => ({ ...found, message: inLanguage(found.message, options.language ?? 'en') })
  if (!shape.success) {
    const found = shape.error.issues.flatMap((issue) => shapeFindings(issue, candidate))
    return { ok: false, errors: found.map(inWords), warnings }
  }
  const say: Findings = {
    error: (code, path, message) => void errors.push(inWords({ code, path: pointer(...path), message })),
    warn: (code, path, message) => void warnings.push(inWords({ code, path: pointer(...path), message })),
  }
  const document = candidate as TaskerProfile
  if (document.name.trim() === '') say.error('wrong-size', ['name'], words.noName)
  checkCustomFields(document, say)
  checkFields(document, options, say)
  checkFlow(document, say)
  checkSla(structuredClone(document), options, say)
  return errors.length > 0 ? { ok: false, errors, warnings } : { ok: true, document, warnings }
}

export type PlacedFinding = ProfileFinding & { place: TextPlace | null }

/**
 * Judges a profile as its author typed it. Findings carry line and column; malformed JSON is one finding with its line in the message.
 */
export function validateProfileText(
  text: string,
  options: ValidationOptions = {},
):
  | { ok: true; document: TaskerProfile; warnings: PlacedFinding[] }
  | { ok: false; errors: PlacedFinding[]; warnings: PlacedFinding[] } {
  const reading: JsonReading = readJson(text, options.language)
  if (!reading.ok)
    return {
      ok: false,
      errors: [{ code: 'malformed-json', path: '', message: reading.message, place: reading.place }],
      warnings: [],
    }
  const result = validateProfile(reading.value, options)
  const place = (finding: ProfileFinding): PlacedFinding => {
    const offset = reading.places.get(finding.path)
    return { ...finding, place: offset === undefined ? locate(text, finding.path) : placeAt(text, offset) }
  }
  const warnings = result.warnings.map(place)
  return result.ok ? { ...result, warnings } : { ok: false, errors: result.errors.map(place), warnings }
}
