import { checkFields } from './check-fields.ts'
import { checkFlow } from './check-flow.ts'
import { compileProfile } from './compile.ts'
import { type TaskerProfile, taskerProfileSchema } from './document.ts'
import { canonicalField, priorities, priorityKey, reservedNames, taskField } from './fields.ts'
import { type ProfileFinding, shapeFindings } from './findings.ts'
import { type JsonReading, locate, placeAt, pointer, readJson, type TextPlace } from './json-text.ts'

export { locate, readJson } from './json-text.ts'
export type { ProfileFinding, TextPlace }

export type ProfileValidation =
  | { ok: true; document: TaskerProfile; warnings: ProfileFinding[] }
  | { ok: false; errors: ProfileFinding[]; warnings: ProfileFinding[] }

export type ValidationOptions = {
  /** The organization's own priorities, beside the product's. */
  readonly priorities?: readonly string[]
}

/** Where findings are collected. */
export type Findings = {
  error(code: string, path: readonly PropertyKey[], message: string): void
  warn(code: string, path: readonly PropertyKey[], message: string): void
}

/** Longest target: ten years of minutes. */
const longest = 10 * 366 * 24 * 60

function checkRow(row: NonNullable<TaskerProfile['slaDefaults']>[number], at: readonly PropertyKey[], say: Findings): void {
  const { priority, responseMinutes: response, resolutionMinutes: resolution } = row
  for (const [key, minutes] of Object.entries({ responseMinutes: response, resolutionMinutes: resolution })) {
    if (minutes === undefined || (minutes > 0 && minutes <= longest)) continue
    const message =
      minutes > 0
        ? `The SLA row ${priority} has ${key} ${minutes}; the longest target is ten years, ${longest} minutes.`
        : `The SLA row ${priority} has ${key} ${minutes}; give a positive number of minutes or leave it out.`
    say.error('sla-minutes', [...at, key], message)
  }
  if (response === undefined && resolution === undefined) {
    say.error('sla-minutes', at, `The SLA row ${priority} has no target; give responseMinutes, resolutionMinutes or both.`)
  }
  if (response !== undefined && resolution !== undefined && response > resolution) {
    const message = `The SLA row ${priority} lets the response (${response} min) come later than the resolution (${resolution} min); shorten the response or lengthen the resolution.`
    say.error('sla-response-after-resolution', [...at, 'responseMinutes'], message)
  }
}

function checkSla(document: TaskerProfile, options: ValidationOptions, say: Findings): void {
  const known = new Map([...priorities, ...(options.priorities ?? [])].map((name) => [priorityKey(name), name]))
  const seen = new Map<string, string>()
  for (const [n, row] of (document.slaDefaults ?? []).entries()) {
    const key = priorityKey(row.priority)
    const at = ['slaDefaults', n]
    if (!known.has(key)) {
      const message = `The SLA row names an unknown priority “${row.priority}”; use ${[...known.values()].join(', ')} (Medium means Normal).`
      say.error('sla-unknown-priority', [...at, 'priority'], message)
    }
    const first = seen.get(key)
    if (first !== undefined) {
      const same = first === row.priority ? '' : ` (${first} and ${row.priority} are the same priority)`
      say.error('sla-duplicate-priority', [...at, 'priority'], `The priority ${row.priority} has two SLA rows${same}; keep one.`)
    }
    seen.set(key, row.priority)
    checkRow(row, at, say)
  }
  const offered = compileProfile(document).fieldMap.get('priority')
  if (offered?.visible === false && offered.default === undefined) return
  for (const name of offered?.choices ?? priorities) {
    if (seen.has(priorityKey(name))) continue
    say.warn('sla-no-target', ['slaDefaults'], `Tasks with priority ${name} get no SLA target; add a row if they should.`)
  }
}

function checkCustomFields(document: TaskerProfile, say: Findings): void {
  const seen = new Set<string>()
  for (const [n, field] of (document.customFields ?? []).entries()) {
    const at = ['customFields', n]
    const clash = taskField(field.key) ?? (reservedNames.has(canonicalField(field.key)) ? field : undefined)
    if (clash)
      say.error(
        'custom-field-clash',
        [...at, 'key'],
        `The custom field “${field.key}” has the name of a built-in field; choose another key.`,
      )
    if (seen.has(field.key))
      say.error(
        'duplicate-custom-field',
        [...at, 'key'],
        `The custom field “${field.key}” is there twice; keep one or rename it.`,
      )
    seen.add(field.key)
    if (field.type === 'choice' && !field.choices) {
      say.error('choices-missing', at, `The custom field “${field.key}” is a choice without choices; list them in “choices”.`)
    }
    if (field.type !== 'choice' && field.choices) {
      say.error(
        'choices-not-applicable',
        [...at, 'choices'],
        `The custom field “${field.key}” is of type ${field.type}; only type choice takes “choices”.`,
      )
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
  if (!shape.success)
    return { ok: false, errors: shape.error.issues.flatMap((issue) => shapeFindings(issue, candidate)), warnings }
  const say: Findings = {
    error: (code, path, message) => void errors.push({ code, path: pointer(...path), message }),
    warn: (code, path, message) => void warnings.push({ code, path: pointer(...path), message }),
  }
  const document = candidate as TaskerProfile
  if (document.name.trim() === '') say.error('wrong-size', ['name'], '“name” is empty; write something.')
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
  const reading: JsonReading = readJson(text)
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
