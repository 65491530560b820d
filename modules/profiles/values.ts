import { list, type Message } from '../../platform/messages.ts'
import { terms } from '../../platform/terms.ts'
import { type CompiledField, choiceKey, spellingsOf } from './compile.ts'
import { taskField } from './fields.ts'
import type { RefusalCode } from './types.ts'
import { nameOf, values as say } from './words.ts'

/** Nothing was given: undefined, null, blank text, an empty list. `false` and 0 are values. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' && (value === '' || value.trim() === '')) ||
  (Array.isArray(value) && value.length === 0)

export type Reading = { value: unknown; code?: undefined } | { code: RefusalCode; message: Message }

const invalid = (message: Message): Reading => ({ code: 'value-invalid', message })

type Choices = Readonly<Record<string, readonly string[]>> | undefined
const listSpellings = new WeakMap<readonly string[], Map<string, string>>()

function organizationSpellings(key: string, list: readonly string[]) {
  const known = listSpellings.get(list)
  if (known) return known
  const fresh = spellingsOf(key, list, taskField(key)?.choices)
  listSpellings.set(list, fresh)
  return fresh
}

/** The choices a field offers: the rule's own, else the organization's, else the product's. */
export const choicesOf = (field: CompiledField, choices?: Choices): readonly string[] | undefined =>
  field.restricted || field.custom ? field.choices : (choices?.[field.key] ?? field.choices)

function readChoice(field: CompiledField, raw: unknown, choices: Choices): Reading | string {
  if (typeof raw !== 'string' && typeof raw !== 'number') return invalid(say.oneWord({ field: nameOf(field) }))
  const text = String(raw).trim()
  const own = field.restricted || field.custom ? undefined : choices?.[field.key]
  const spellings = own ? organizationSpellings(field.key, own) : field.spellings
  const spelling = spellings?.get(choiceKey(field.custom ? '' : field.key, text))
  if (spelling !== undefined) return spelling
  if (spellings && !(field.open && !own)) {
    const offered = own ?? field.choices ?? []
    const message = say.notOffered({ field: nameOf(field), value: text.slice(0, 60), choices: list(terms(offered)) })
    return { code: 'choice-not-allowed', message }
  }
  return tooLong(field, text) ?? text
}

function tooLong(field: CompiledField, text: string): Reading | undefined {
  if (text.length <= field.maximum) return undefined
  return invalid(say.tooLong({ field: nameOf(field), length: text.length, limit: field.maximum }))
}

const emailShape = /^[^\s@,;<>"]+@[^\s@,;<>".]+(?:\.[^\s@,;<>".]+)*$/
const dayShape = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const instantShape = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s?(Z|z|[+-]\d\d:?\d\d)?)?$/

const isDay = (text: string): boolean => dayShape.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)

/** An instant from ISO 8601 text (UTC when it names no offset) or a Date, as ISO 8601 UTC; null when it is none. */
export function readInstant(raw: unknown): string | null {
  if (raw instanceof Date) return Number.isNaN(raw.getTime()) ? null : raw.toISOString()
  const parts = typeof raw === 'string' ? instantShape.exec(raw.trim()) : null
  if (!parts?.[1] || !isDay(parts[1])) return null
  const offset = (parts[3] ?? 'Z').toUpperCase().replace(/([+-]\d\d)(\d\d)$/, '$1:$2')
  const at = new Date(`${parts[1]}T${parts[2] ?? '00:00'}${offset}`)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

function readText(field: CompiledField, raw: unknown): Reading {
  if (typeof raw !== 'string') return invalid(say.text({ field: nameOf(field) }))
  // Words come back as they were written; only what a program reads (addresses, ids) loses the space around it.
  const text = field.type === 'email' || field.type === 'url' || field.key.endsWith('Id') ? raw.trim() : raw
  const problem = tooLong(field, text)
  if (problem) return problem
  if (field.type === 'email' && !emailShape.test(text)) return invalid(say.email({ field: nameOf(field) }))
  if (field.type === 'url' && !(/^https?:\/\//i.test(text) && URL.canParse(text)))
    return invalid(say.url({ field: nameOf(field) }))
  return { value: text }
}

function readNumber(field: CompiledField, raw: unknown): Reading {
  const number = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw
  if (typeof number !== 'number' || !Number.isFinite(number)) return invalid(say.number({ field: nameOf(field) }))
  return { value: number }
}

function readBoolean(field: CompiledField, raw: unknown): Reading {
  if (typeof raw === 'boolean') return { value: raw }
  if (raw === 'true' || raw === 'false') return { value: raw === 'true' }
  return invalid(say.boolean({ field: nameOf(field) }))
}

function readDate(field: CompiledField, raw: unknown): Reading {
  if (field.type === 'date') {
    const day = typeof raw === 'string' ? raw.trim() : raw instanceof Date ? readInstant(raw)?.slice(0, 10) : undefined
    return day && isDay(day) ? { value: day } : invalid(say.date({ field: nameOf(field) }))
  }
  const at = readInstant(raw)
  return at ? { value: at } : invalid(say.datetime({ field: nameOf(field) }))
}

function readList(field: CompiledField, raw: unknown, choices: Choices): Reading {
  const most = field.maximumItems ?? 100
  if (!Array.isArray(raw)) return invalid(say.list({ field: nameOf(field) }))
  if (raw.length > most) return invalid(say.entries({ field: nameOf(field), length: raw.length, limit: most }))
  if (field.type === 'list' && raw.some((each) => typeof each === 'object' && each !== null)) {
    if (JSON.stringify(raw).length > most * field.maximum) return invalid(say.large({ field: nameOf(field) }))
    return { value: raw }
  }
  const seen = new Map<string, string>()
  for (const each of raw) {
    if (typeof each !== 'string') return invalid(say.texts({ field: nameOf(field) }))
    const read = field.spellings ? readChoice(field, each, choices) : (tooLong(field, each) ?? each)
    if (typeof read !== 'string') return read
    const key = read.trim().toLowerCase()
    if (key !== '' && !seen.has(key)) seen.set(key, read)
  }
  return { value: [...seen.values()] }
}

/**
 * Reads a non-empty value for a field: checks type, length and choices and answers with what to store – the catalogue's spelling
 * of a choice, ISO 8601 UTC for instants, text as written – or with the code and sentence of what is wrong.
 */
export function readValue(field: CompiledField, raw: unknown, choices?: Choices): Reading {
  if (field.type === 'tags' || field.type === 'list') return readList(field, raw, choices)
  if (field.type === 'choice' || field.spellings) {
    const read = readChoice(field, raw, choices)
    if (typeof read !== 'string') return read
    return field.type === 'number' ? readNumber(field, read) : { value: read }
  }
  if (field.type === 'number') return readNumber(field, raw)
  if (field.type === 'boolean') return readBoolean(field, raw)
  if (field.type === 'datetime' || field.type === 'date') return readDate(field, raw)
  return readText(field, raw)
}

/** Whether a stored value and a new one are the same thing, however instants and lists are represented. */
export function sameValue(stored: unknown, fresh: unknown): boolean {
  if (stored === fresh) return true
  if (isEmpty(stored) && isEmpty(fresh)) return true
  if (stored instanceof Date) return stored.getTime() === Date.parse(String(fresh))
  if (typeof stored === 'object' && typeof fresh === 'object') return JSON.stringify(stored) === JSON.stringify(fresh)
  if (typeof stored === 'string' && typeof fresh === 'string' && fresh.endsWith('Z')) return readInstant(stored) === fresh
  return false
}
