import type { $ZodIssue } from 'zod/v4/core'
import { pointer } from './json-text.ts'

/** One thing wrong with a profile: a code, the JSON pointer of the place, and a sentence of what is wrong and what to do. */
export type ProfileFinding = { code: string; path: string; message: string }

/** Edit distance up to a limit, for "did you mean"; anything farther is `limit + 1`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let row = Array.from({ length: b.length + 1 }, (_, n) => n)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    if (Math.min(...next) > limit) return limit + 1
    row = next
  }
  return row[b.length]!
}

/** The known name most like a mistyped one, or undefined. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.slice(0, 80).toLowerCase()
  let best: { name: string; far: number } | undefined
  for (const each of known) {
    const limit = Math.max(1, Math.floor(each.length / 3))
    const far = distance(wanted, each.toLowerCase(), limit)
    if (far <= limit && (!best || far < best.far)) best = { name: each, far }
  }
  return best?.name
}

const didYouMean = (name: string | undefined) => (name ? ` Did you mean “${name}”?` : '')

/** `“x” is unknown; did you mean …` for a name out of a set. */
export const suggestion = (name: string, known: Iterable<string>): string => didYouMean(nearestName(name, known))

const keysAt: Readonly<Record<string, readonly string[]>> = {
  '': ['name', 'description', 'standardSource', 'fieldRules', 'statusFlow', 'slaDefaults', 'customFields', 'version'],
  fieldRules: ['visible', 'required', 'default', 'choices'],
  statusFlow: [
    ...['status', 'allowedTransitions', 'isInitial', 'isTerminal', 'setSlaResponded', 'setSlaResolved', 'setClosedAt'],
    ...['category', 'role', 'pausesSla', 'requiredFields'],
  ],
  slaDefaults: ['priority', 'responseMinutes', 'resolutionMinutes'],
  customFields: ['key', 'label', 'type', 'choices', 'help'],
}

const nouns: Readonly<Record<string, string>> = {
  string: 'a text in double quotes',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  array: 'a list in [ ]',
  object: 'an object in { }',
  record: 'an object in { }',
}

const nameOf = (path: readonly PropertyKey[]) => (path.length ? `“${path.map(String).join('.')}”` : 'The profile')

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], root)
}

const units = { string: 'characters', array: 'entries' } as const

function sizeMessage(what: string, issue: $ZodIssue): string {
  if (issue.code === 'too_small') {
    const minimum = Number(issue.minimum)
    if (issue.origin === 'string') return `${what} is empty; write something.`
    return issue.origin === 'array'
      ? `${what} is empty; add at least one entry.`
      : `${what} is too small; the least is ${minimum}.`
  }
  if (issue.code !== 'too_big') return `${what} is not right.`
  const unit = units[issue.origin as keyof typeof units]
  return unit ? `${what} is too long; at most ${issue.maximum} ${unit}.` : `${what} is too large; the most is ${issue.maximum}.`
}

function unknownKeys(issue: $ZodIssue & { code: 'unrecognized_keys' }): ProfileFinding[] {
  const known = keysAt[String(issue.path[0] ?? '')] ?? []
  return issue.keys.map((key) => ({
    code: 'unknown-key',
    path: pointer(...issue.path, key),
    message: `${nameOf(issue.path)} has an unknown key “${key}”; remove it or correct its spelling.${suggestion(key, known)}`,
  }))
}

/** A finding about the shape of the document in the product's words. */
export function shapeFindings(issue: $ZodIssue, root: unknown): ProfileFinding[] {
  const what = nameOf(issue.path)
  const finding = (code: string, message: string): ProfileFinding[] => [{ code, path: pointer(...issue.path), message }]
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(issue)
    case 'invalid_type': {
      const noun = nouns[issue.expected] ?? issue.expected
      return valueAt(root, issue.path) === undefined
        ? finding('missing', `${what} is missing; add it as ${noun}.`)
        : finding('wrong-type', `${what} must be ${noun}.`)
    }
    case 'invalid_value':
      return finding('wrong-value', `${what} must be one of ${issue.values.map(String).join(', ')}.`)
    case 'invalid_format':
      return finding('wrong-value', `${what} must begin with a small letter and hold letters and digits only, like costCenter.`)
    case 'invalid_union':
      return finding('wrong-type', `${what} must be a text or a number.`)
    default:
      return finding('wrong-size', sizeMessage(what, issue))
  }
}
