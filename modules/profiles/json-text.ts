import { type Language, type Message, messages, params } from '../../platform/messages.ts'

/** A place in a text; line and column count from 1, offset from 0. */
export type TextPlace = { line: number; column: number; offset: number }

export type JsonReading =
  | { ok: true; value: unknown; places: ReadonlyMap<string, number> }
  | { ok: false; place: TextPlace; message: string }

/** A JSON pointer of path parts: `['fieldRules', 'a/b']` → `/fieldRules/a~1b`. */
export const pointer = (...path: readonly PropertyKey[]): string =>
  path.map((part) => '/' + String(part).replace(/~/g, '~0').replace(/\//g, '~1')).join('')

/** Line and column of an offset. */
export function placeAt(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n'), offset }
}

const words = messages('profiles/json', {
  follows: 'Something follows the end of the document; remove it',
  comments: 'JSON has no comments; remove this one',
  deep: params('The document is nested deeper than {limit} levels'),
  quotes: 'JSON uses straight double quotes; write "…"',
  endsEarly: 'The text ends too early; a value or a closing bracket is missing',
  small: params('Write {word} in small letters'),
  expected: params('A value is expected here; put texts in double quotes: "{word}"'),
  valueMissing: params('A value is missing before {mark}'),
  backslash: 'This text holds a character that must be written with a backslash',
  closingQuote: 'This text has no closing quote; end it with "',
  twice: params('"{key}" is written twice; keep one of them'),
  colon: params('A colon is missing after "{key}"'),
  key: 'A key in double quotes is expected here',
  comma: params('A comma stands before {mark}; remove the comma'),
  ends: params('The text ends too early; a closing {mark} is missing'),
  commaMissing: params('A comma or {mark} is missing here'),
  line: params('Line {line}: {mistake}.'),
})

class Malformed extends Error {
  readonly mistake: Message
  readonly offset: number
  constructor(mistake: Message, offset: number) {
    super(String(mistake))
    this.mistake = mistake
    this.offset = offset
  }
}

const deepest = 100

/** Reads JSON and remembers where each value stands; stops at the first mistake with a sentence about it. */
class Reader {
  readonly places = new Map<string, number>()
  private text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  document(): unknown {
    const value = this.value('', 0)
    this.space()
    if (this.at < this.text.length) this.fail(words.follows)
    return value
  }

  private fail(mistake: Message, offset = this.at): never {
    throw new Malformed(mistake, offset)
  }

  private space(): void {
    while (/[ \t\r\n\uFEFF]/.test(this.text[this.at] ?? '')) this.at++
    if (this.text.startsWith('//', this.at) || this.text.startsWith('/*', this.at)) this.fail(words.comments)
  }

  private value(path: string, depth: number): unknown {
    this.space()
    this.places.set(path, this.at)
    if (depth > deepest) this.fail(words.deep({ limit: deepest }))
    const mark = this.text[this.at]
    if (mark === '{') return this.object(path, depth)
    if (mark === '[') return this.array(path, depth)
    if (mark === '"') return this.string()
    if (mark === "'" || mark === '“' || mark === '”') this.fail(words.quotes)
    return this.word()
  }

  private word(): unknown {
    const word = /^[^\s,:{}[\]"]*/.exec(this.text.slice(this.at, this.at + 200))?.[0] ?? ''
    const known: Record<string, unknown> = { true: true, false: false, null: null }
    if (Object.hasOwn(known, word)) {
      this.at += word.length
      return known[word]
    }
    if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(word)) {
      this.at += word.length
      return Number(word)
    }
    if (this.at >= this.text.length) this.fail(words.endsEarly)
    const lower = word.toLowerCase()
    if (Object.hasOwn(known, lower)) this.fail(words.small({ word: lower }))
    this.fail(word ? words.expected({ word }) : words.valueMissing({ mark: String(this.text[this.at]) }))
  }

  private string(): string {
    const start = this.at
    for (this.at++; this.at < this.text.length; this.at++) {
      const mark = this.text[this.at]!
      if (mark === '\n' || mark === '\r') break
      if (mark === '\\') this.at++
      if (mark !== '"') continue
      this.at++
      try {
        return JSON.parse(this.text.slice(start, this.at)) as string
      } catch {
        this.fail(words.backslash, start)
      }
    }
    this.fail(words.closingQuote, start)
  }

  private object(path: string, depth: number): unknown {
    const entries: [string, unknown][] = []
    const seen = new Set<string>()
    this.at++
    for (;;) {
      this.space()
      if (this.text[this.at] === '}' && entries.length === 0) break
      const start = this.at
      if (this.text[this.at] !== '"') this.key()
      const key = this.string()
      if (seen.has(key)) this.fail(words.twice({ key }), start)
      seen.add(key)
      this.space()
      if (this.text[this.at] !== ':') this.fail(words.colon({ key }))
      this.at++
      entries.push([key, this.value(path + pointer(key), depth + 1)])
      if (!this.more('}')) break
    }
    this.at++
    return Object.fromEntries(entries)
  }

  private key(): never {
    const mark = this.text[this.at]
    if (mark === undefined) this.fail(words.ends({ mark: '}' }))
    if (mark === '}') this.fail(words.comma({ mark: '}' }))
    this.fail(words.key)
  }

  private array(path: string, depth: number): unknown[] {
    const items: unknown[] = []
    this.at++
    for (;;) {
      this.space()
      if (this.text[this.at] === ']') {
        if (items.length > 0) this.fail(words.comma({ mark: ']' }))
        break
      }
      items.push(this.value(path + pointer(items.length), depth + 1))
      if (!this.more(']')) break
    }
    this.at++
    return items
  }

  /** After an entry: true at a comma, false at the closing bracket. */
  private more(close: string): boolean {
    this.space()
    const mark = this.text[this.at]
    if (mark === close) return false
    if (mark === ',') {
      this.at++
      return true
    }
    if (mark === undefined) this.fail(words.ends({ mark: close }))
    this.fail(words.commaMissing({ mark: close }))
  }
}

/** Reads JSON text; a mistake is told with its line and what to do about it. A key written twice is a mistake too. */
export function readJson(text: string, language: Language = 'en'): JsonReading {
  const reader = new Reader(text)
  try {
    return { ok: true, value: reader.document(), places: reader.places }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    const place = placeAt(text, error.offset)
    return { ok: false, place, message: words.line({ line: String(place.line), mistake: error.mistake }).in(language) }
  }
}

/** Where a JSON pointer's value stands in the author's text; a missing value is shown at what should hold it. Null for malformed text. */
export function locate(text: string, path: string): TextPlace | null {
  const reading = readJson(text)
  if (!reading.ok) return null
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const offset = reading.places.get(at)
    if (offset !== undefined) return placeAt(text, offset)
    if (at === '') return null
  }
}
