/** Values on their way to PostgreSQL and back, in its text form; and the code that makes a record of a row. */
import pg from 'pg'

/** What stands for a value in a message: its text, its bytes, or nothing for NULL. */
export type WireValue = string | Uint8Array | null

/**
 * A value as PostgreSQL reads it. Instants are UTC; lists are arrays, other objects JSON.
 * @throws RangeError for an instant that is none
 */
export function toWire(value: unknown): WireValue {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return null
  if (typeof value !== 'object') return String(value)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return value
  return Array.isArray(value) ? arrayOf(value) : JSON.stringify(value)
}

/** `{"a","b",NULL}` (https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO). */
function arrayOf(values: readonly unknown[]): string {
  const elements = values.map((value) => {
    if (Array.isArray(value)) return arrayOf(value)
    const text = toWire(value)
    return text === null ? 'NULL' : `"${String(text).replaceAll(/["\\]/g, '\\$&')}"`
  })
  return `{${elements.join()}}`
}

// Timestamps stay text, in the form the wire needs; the session's time zone is UTC. 64-bit integers fit a number here.
// Written as JavaScript writes them, so that what was just made reads the same as when it is read again.
const toIso = (text: string) => {
  const time = text.slice(11, -3)
  return `${text.slice(0, 10)}T${time.length === 8 ? `${time}.000` : time.padEnd(12, '0')}Z`
}
const readTexts = pg.types.getTypeParser(1009 as typeof pg.types.builtins.TEXT)
/** Most lists are empty. */
const toTexts = (text: string): unknown => (text === '{}' ? [] : readTexts(text))
const own: Record<number, (text: string) => unknown> = { 1184: toIso, 20: Number, 1009: toTexts }

/** How pg reads values: by the type's number in PostgreSQL's catalogue. */
export const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && own[oid]) || pg.types.getTypeParser(oid, format as 'text'),
}

/** What texts are read by: it leaves them as they are. */
const asItIs = pg.types.getTypeParser(pg.types.builtins.TEXT)

export type Column = { name: string; dataTypeID: number }
export type RowReader = (texts: readonly (string | null)[]) => Record<string, unknown>

const readers = new Map<string, RowReader>()

/** More kinds of rows than this program has. */
const mostReaders = 2000

/**
 * The code that makes a record of a row with these columns. It is written once for each set of columns: a record made as one
 * object of known form is made several times faster, and read faster ever after, than one filled field by field.
 */
export function rowReader(columns: readonly Column[]): RowReader {
  const form = JSON.stringify(columns.map(({ name, dataTypeID }) => [name, dataTypeID]))
  let reader = readers.get(form)
  if (!reader) {
    if (readers.size >= mostReaders) readers.clear()
    reader = compiled(columns)
    readers.set(form, reader)
  }
  return reader
}

function compiled(columns: readonly Column[]): RowReader {
  const parsers = columns.map(({ dataTypeID }) => types.getTypeParser(dataTypeID))
  const fields = columns.map(({ name }, at) => {
    const key = JSON.stringify(name)
    const text = `t[${at}]`
    return parsers[at] === asItIs ? `${key}: ${text}` : `${key}: ${text} === null ? null : p[${at}](${text})`
  })
  // Nothing but names of columns, quoted, stands in this text, and those are written in this program.
  return new Function('p', `return (t) => ({ ${fields.join(', ')} })`)(parsers) as RowReader
}
