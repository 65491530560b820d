/**
 * Large JSON read as a stream: of the whole document only the values that are asked for are kept, one at a time, each with
 * its path and the line it begins on. Memory is bounded by the largest of them, not by the file.
 */

import { type Message, messages, params, type Sayable, SpokenError } from './messages.ts'

const say = messages('platform/json', {
  line: params('Line {line}: {problem}'),
  place: params('Line {line} (at {path}): {problem}'),
  empty: 'the file is empty.',
  cut: 'the file ends in the middle. It was cut off; send it again.',
  expected: params('“{letter}” stands where {expected} is expected.'),
  deep: params('values stand inside each other more than {most} deep.'),
  openText: 'a text is not closed before the end of its line.',
  longText: 'a text is longer than 4 million characters.',
  longValue: 'one value is longer than 4 million characters.',
  notJson: params('this is not valid JSON, near “{near}”.'),
  words: {
    value: 'a value',
    valueOrEnd: 'a value or “]”',
    key: 'a name in quotes',
    keyOrEnd: 'a name in quotes or “}”',
    commaOrEnd: 'a comma or the end',
    nothing: 'the end of the file',
  },
})

export type JsonPath = readonly (string | number)[]
export type JsonFound = { path: JsonPath; line: number; value: unknown }

/** The text is not JSON. The message names the line and the path. */
export class JsonError extends SpokenError {
  override readonly name = 'JsonError'
  readonly line: number
  readonly path: string
  constructor(message: Message, line: number, path: JsonPath) {
    super(message)
    this.line = line
    this.path = pathText(path)
  }
}

/** `results[3].severity` */
export const pathText = (path: JsonPath): string =>
  path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`), '')

/** Most characters of one value that is kept, and of one text on the way. */
const longest = 4 * 2 ** 20
/** No document of ours is this deep; deeper ones are made to exhaust whoever reads them. */
const deepest = 100

type Frame = { array: boolean; key: string | number | null }
type Expecting = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end' | 'nothing'
/** A text or a bare word (number, true, null) whose end has not come yet. */
type Token = { kind: 'text' | 'word'; purpose: 'key' | 'value'; pieces: string[]; length: number; escaped: boolean; line: number }
type Capture = {
  pieces: string[]
  length: number
  depth: number
  inText: boolean
  escaped: boolean
  line: number
  path: JsonPath
}

/**
 * @param texts pieces of the document, cut anywhere
 * @param want whether the value at a path is kept; asked when it begins
 */
export async function* readJson(texts: AsyncIterable<string>, want: (path: JsonPath) => boolean): AsyncGenerator<JsonFound> {
  const reader = new Reader(want)
  for await (const text of texts) yield* reader.push(text)
  yield* reader.end()
}

class Reader {
  private readonly want: (path: JsonPath) => boolean
  private readonly frames: Frame[] = []
  private expecting: Expecting = 'value'
  private token: Token | null = null
  private capture: Capture | null = null
  private line = 1
  private found: JsonFound[] = []

  constructor(want: (path: JsonPath) => boolean) {
    this.want = want
  }

  push(text: string): JsonFound[] {
    for (let at = 0; at < text.length; ) {
      if (this.capture) at = this.capturing(this.capture, text, at)
      else if (this.token) at = this.reading(this.token, text, at)
      else at = this.step(text, at)
    }
    return this.taken()
  }

  end(): JsonFound[] {
    if (this.token?.kind === 'word') this.finish(this.token)
    if (this.token || this.capture || this.expecting !== 'nothing') {
      const empty = this.frames.length === 0 && this.expecting === 'value' && !this.token && !this.capture
      throw this.error(empty ? say.empty : say.cut)
    }
    return this.taken()
  }

  private taken() {
    const { found } = this
    this.found = []
    return found
  }

  private path = (): JsonPath => this.frames.map(({ key }) => key).filter((key) => key !== null)

  private error(problem: Message) {
    const path = this.capture?.path ?? this.path()
    const line = String(this.line)
    const message =
      path.length > 0 ? say.place({ line, path: pathText(path).slice(0, 200), problem }) : say.line({ line, problem })
    return new JsonError(message, this.line, path)
  }

  /** One character between values. */
  private step(text: string, at: number): number {
    const letter = text[at]!
    if (letter === '\n') this.line += 1
    if (letter === ' ' || letter === '\n' || letter === '\t' || letter === '\r') return at + 1
    const { expecting } = this
    if (letter === ']' && (expecting === 'value or ]' || (expecting === 'comma or end' && this.frames.at(-1)?.array)))
      return this.close(at)
    if (letter === '}' && (expecting === 'key or }' || (expecting === 'comma or end' && !this.frames.at(-1)?.array)))
      return this.close(at)
    if (letter === ',' && expecting === 'comma or end') {
      this.expecting = this.frames.at(-1)!.array ? 'value' : 'key'
      return at + 1
    }
    if (letter === ':' && expecting === 'colon') {
      this.expecting = 'value'
      return at + 1
    }
    if (letter === '"' && (expecting === 'key' || expecting === 'key or }')) {
      this.token = tokenOf('text', 'key', this.line)
      return at
    }
    if (expecting === 'value' || expecting === 'value or ]') return this.beginValue(letter, at)
    throw this.error(say.expected({ letter, expected: wordsFor[expecting] }))
  }

  private beginValue(letter: string, at: number): number {
    const frame = this.frames.at(-1)
    if (frame?.array) frame.key = (frame.key as number) + 1
    if (letter === '{' || letter === '[') {
      const path = this.path()
      if (this.want(path)) {
        this.capture = { pieces: [], length: 0, depth: 0, inText: false, escaped: false, line: this.line, path }
        return at
      }
      if (this.frames.length >= deepest) throw this.error(say.deep({ most: deepest }))
      const array = letter === '['
      this.frames.push({ array, key: array ? -1 : null })
      this.expecting = array ? 'value or ]' : 'key or }'
      return at + 1
    }
    if (letter === '"') this.token = tokenOf('text', 'value', this.line)
    else if (/[-0-9tfn]/.test(letter)) this.token = tokenOf('word', 'value', this.line)
    else throw this.error(say.expected({ letter, expected: say.words.value }))
    return at
  }

  private close(at: number): number {
    this.frames.pop()
    this.valueEnded()
    return at + 1
  }

  private valueEnded() {
    this.expecting = this.frames.length === 0 ? 'nothing' : 'comma or end'
  }

  /** Goes on with a text or a word; answers where it ended, or the end of the piece. */
  private reading(token: Token, text: string, from: number): number {
    let at = from
    let ended = false
    if (token.kind === 'word') {
      while (at < text.length && !/[\s,\]}:"[{]/.test(text[at]!)) at += 1
      ended = at < text.length
    } else {
      if (token.length === 0) at += 1 // the opening quote
      for (; at < text.length && !ended; at += 1) {
        const code = text.charCodeAt(at)
        if (token.escaped) token.escaped = false
        else if (code === 0x5c) token.escaped = true
        else if (code === 0x22) ended = true
        else if (code === 0x0a) throw this.error(say.openText)
      }
    }
    token.pieces.push(text.slice(from, at))
    token.length += at - from
    if (token.length > longest) throw this.error(say.longText)
    if (ended) this.finish(token)
    return at
  }

  private finish(token: Token) {
    const value = this.parsed(token.pieces.join(''), token.line)
    this.token = null
    if (token.purpose === 'key') {
      this.frames.at(-1)!.key = value as string
      this.expecting = 'colon'
      return
    }
    const path = this.path()
    if (this.want(path)) this.found.push({ path, line: token.line, value })
    this.valueEnded()
  }

  /** Goes on with a value that is kept whole: only its end is looked for, JSON.parse judges it. */
  private capturing(capture: Capture, text: string, from: number): number {
    let at = from
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (code === 0x0a) this.line += 1
      if (capture.inText) {
        if (capture.escaped) capture.escaped = false
        else if (code === 0x5c) capture.escaped = true
        else if (code === 0x22) capture.inText = false
      } else if (code === 0x22) capture.inText = true
      else if (code === 0x7b || code === 0x5b) {
        if (++capture.depth > deepest) throw this.error(say.deep({ most: deepest }))
      } else if ((code === 0x7d || code === 0x5d) && --capture.depth === 0) break
    }
    const end = Math.min(at + 1, text.length)
    capture.pieces.push(text.slice(from, end))
    capture.length += end - from
    if (capture.length > longest) throw this.error(say.longValue)
    if (at < text.length) {
      const value = this.parsed(capture.pieces.join(''), capture.line)
      this.found.push({ path: capture.path, line: capture.line, value })
      this.capture = null
      this.valueEnded()
    }
    return end
  }

  private parsed(text: string, line: number): unknown {
    try {
      return JSON.parse(text)
    } catch (error) {
      const position = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? text.length)
      this.line = line + text.slice(0, position).split('\n').length - 1
      const near = text.slice(Math.max(0, position - 20), position + 20).replace(/\s+/g, ' ')
      throw this.error(say.notJson({ near }))
    }
  }
}

const tokenOf = (kind: Token['kind'], purpose: Token['purpose'], line: number): Token => ({
  kind,
  purpose,
  pieces: [],
  length: 0,
  escaped: false,
  line,
})

const wordsFor: Record<Expecting, Sayable> = {
  value: say.words.value,
  'value or ]': say.words.valueOrEnd,
  key: say.words.key,
  'key or }': say.words.keyOrEnd,
  colon: '“:”',
  'comma or end': say.words.commaOrEnd,
  nothing: say.words.nothing,
}
