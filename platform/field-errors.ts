/** What a schema finds wrong with a field, in words. */
import { z } from 'zod'
import { again, type Language, Message, messages, params, type Sayable } from './messages.ts'

const say = messages('platform/fields', {
  unknown: 'There is no such field or parameter here.',
  missing: params('Is missing ({type}).'),
  wrongType: params('Invalid input: expected {expected}, received {received}'),
  at: params('{field}: {problem}'),
  kinds: {
    string: 'string',
    number: 'number',
    boolean: 'boolean',
    array: 'array',
    object: 'object',
    date: 'date',
    int: 'int',
    record: 'record',
    null: 'null',
  },
})

export type FieldError = {
  /** JSON pointer of the field. */
  pointer: string
  detail: Message
  /** The detail with the name of the field before it. */
  sentence: Message
}

/** The errors of one issue: several where it names several unknown fields. */
export function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => fieldError([...path, key], say.unknown))
  return [fieldError(path, detailOf(issue))]
}

/** A sentence about the field at a path. */
export const fieldError = (path: readonly string[], detail: Message): FieldError => ({
  pointer: `#/${path.join('/')}`,
  detail,
  sentence: path.length === 0 ? detail : say.at({ field: path.join('.'), problem: detail }),
})

function detailOf(issue: z.core.$ZodIssue): Message {
  const types = /^Invalid input: expected (\w+), received (\w+)$/.exec(issue.message)
  if (!types) return new Message((language) => inWords(issue, language))
  const [expected, received] = [types[1]!, types[2]!].map(kind) as [Sayable, Sayable]
  return types[2] === 'undefined' ? say.missing({ type: expected }) : say.wrongType({ expected, received })
}

const kind = (name: string): Sayable => (Object.hasOwn(say.kinds, name) ? say.kinds[name as keyof typeof say.kinds] : name)

const locales = { de: z.locales.de().localeError } satisfies Partial<Record<Language, unknown>>
const english = z.locales.en().localeError

/** Sentences of our own are found by their English; what the library says, it says in the other language too. */
function inWords(issue: z.core.$ZodIssue, language: Language): string {
  if (language === 'en') return issue.message
  const ours = again(issue.message, language)
  if (ours !== issue.message || issue.message !== text(english(issue as never))) return ours
  return text(locales[language](issue as never)) ?? issue.message
}

const text = (said: { message: string } | string | undefined | null) => (typeof said === 'object' ? said?.message : said)
