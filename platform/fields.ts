/** Building blocks of contracts. Safe in the browser. */
import { z } from 'zod'
import { english, messages, params } from './messages.ts'

const say = messages('platform/blocks', {
  id: 'Give an id (a UUID).',
  timestamp: 'Give a date and time with its zone, such as 2026-03-01T09:30:00Z.',
  year: 'The year must lie between 1000 and 2999.',
  atMost: params('At most {limit} characters.'),
  character: 'Contains a character that cannot be stored (U+0000 or half a surrogate pair).',
  empty: 'Must not be empty.',
  email: 'Give an e-mail address, such as ann@example.com.',
})

export const Id = z.uuid({ error: english(say.id) }).meta({ description: 'UUID' })

/** ISO 8601 with a zone, e.g. `2026-03-01T09:30:00Z`; years and (as UTC) zones PostgreSQL can use, too. */
export const Timestamp = z.iso
  .datetime({ offset: true, error: english(say.timestamp) })
  .refine((text) => /^[12]\d{3}-/.test(text), english(say.year))
  .transform((text) => new Date(text).toISOString())

/** Text that can be stored and comes back as it went in: no U+0000, no half of a surrogate pair. */
export const text = (max: number) =>
  z
    .string()
    .max(max, english(say.atMost({ limit: max.toLocaleString('en') })))
    .refine((value) => !value.includes('\u0000') && value.isWellFormed(), english(say.character))

/** Text with something to read in it. */
export const named = (max: number) => text(max).refine((value) => value.trim().length > 0, english(say.empty))

export const Email = text(254)
  .regex(/^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\]+$/, english(say.email))
  .transform((value) => value.toLowerCase())
  .meta({ description: 'E-mail address; compared without case' })

/** What every list takes: where to go on, and how many at most. */
export const paging = {
  after: text(600).optional().describe('`next` of the page before'),
  limit: z.number().int().min(1).max(200).default(50).describe('Rows at most'),
}

/** What every list answers beside its items. */
export const next = z.string().nullable().describe('Give it as `after` to go on; null at the end')

/** A list's position, opaque to callers: the sort keys of the last row. */
export const encodeCursor = (keys: readonly (string | number | null)[]): string =>
  btoa(JSON.stringify(keys)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/** The sort keys of a cursor, or null when it was not made by us. */
export function decodeCursor(cursor: string, length: number): (string | number | null)[] | null {
  try {
    const keys: unknown = JSON.parse(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')))
    const plain =
      Array.isArray(keys) &&
      keys.length === length &&
      keys.every((key) => key === null || typeof key === 'string' || typeof key === 'number')
    return plain ? (keys as (string | number | null)[]) : null
  } catch {
    return null
  }
}
