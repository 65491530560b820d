import type { $ZodIssue } from 'zod/v4/core'
import { inTurn, type Message, messages, params, type Sayable } from '../../platform/messages.ts'
import { pointer } from './json-text.ts'

/** One thing wrong with a profile: a code, the JSON pointer of the place, and a sentence of what is wrong and what to do. */
export type ProfileFinding = { code: string; path: string; message: string }

/** The same before it is put into words. */
export type Found = { code: string; path: string; message: Sayable }

const say = messages('profiles/shape', {
  didYouMean: params('Did you mean “{name}”?'),
  profile: 'The profile',
  at: params('“{path}”'),
  nouns: {
    string: 'a text in double quotes',
    boolean: 'true or false',
    number: 'a number',
    int: 'a whole number',
    array: 'a list in [ ]',
    object: 'an object in { }',
    record: 'an object in { }',
  },
  emptyText: params('{what} is empty; write something.'),
  emptyList: params('{what} is empty; add at least one entry.'),
  tooSmall: params('{what} is too small; the least is {limit}.'),
  tooLong: params('{what} is too long; at most {limit} characters.'),
  tooMany: params('{what} is too long; at most {limit} entries.'),
  tooLarge: params('{what} is too large; the most is {limit}.'),
  notRight: params('{what} is not right.'),
  unknownKey: params('{what} has an unknown key “{key}”; remove it or correct its spelling.'),
  missing: params('{what} is missing; add it as {noun}.'),
  wrongType: params('{what} must be {noun}.'),
  oneOf: params('{what} must be one of {values}.'),
  key: params('{what} must begin with a small letter and hold letters and digits only, like costCenter.'),
  textOrNumber: params('{what} must be a text or a number.'),
})

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

/** A sentence about a name, and which known one may be meant. */
export function withSuggestion(sentence: Message, name: string, known: Iterable<string>): Message {
  const nearest = nearestName(name, known)
  return nearest === undefined ? sentence : inTurn(sentence, say.didYouMean({ name: nearest }))
}

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

const nameOf = (path: readonly PropertyKey[]) => (path.length ? say.at({ path: path.map(String).join('.') }) : say.profile)

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], root)
}

function sizeMessage(what: Message, issue: $ZodIssue): Message {
  if (issue.code === 'too_small') {
    if (issue.origin === 'string') return say.emptyText({ what })
    return issue.origin === 'array' ? say.emptyList({ what }) : say.tooSmall({ what, limit: Number(issue.minimum) })
  }
  if (issue.code !== 'too_big') return say.notRight({ what })
  const limit = Number(issue.maximum)
  if (issue.origin === 'string') return say.tooLong({ what, limit })
  return issue.origin === 'array' ? say.tooMany({ what, limit }) : say.tooLarge({ what, limit })
}

function unknownKeys(issue: $ZodIssue & { code: 'unrecognized_keys' }): Found[] {
  const known = keysAt[String(issue.path[0] ?? '')] ?? []
  return issue.keys.map((key) => ({
    code: 'unknown-key',
    path: pointer(...issue.path, key),
    message: withSuggestion(say.unknownKey({ what: nameOf(issue.path), key }), key, known),
  }))
}

/** A finding about the shape of the document in the product's words. */
export function shapeFindings(issue: $ZodIssue, root: unknown): Found[] {
  const what = nameOf(issue.path)
  const finding = (code: string, message: Message): Found[] => [{ code, path: pointer(...issue.path), message }]
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(issue)
    case 'invalid_type': {
      const noun = (say.nouns as Readonly<Record<string, Message>>)[issue.expected] ?? issue.expected
      return valueAt(root, issue.path) === undefined
        ? finding('missing', say.missing({ what, noun }))
        : finding('wrong-type', say.wrongType({ what, noun }))
    }
    case 'invalid_value':
      return finding('wrong-value', say.oneOf({ what, values: issue.values.map(String).join(', ') }))
    case 'invalid_format':
      return finding('wrong-value', say.key({ what }))
    case 'invalid_union':
      return finding('wrong-type', say.textOrNumber({ what }))
    default:
      return finding('wrong-size', sizeMessage(what, issue))
  }
}
