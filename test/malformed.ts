// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what template languages would fill in
/** Requests nobody should send, made from ones somebody might. */
import type { AnyOperation } from '../platform/operation.ts'
import { routeOf } from '../platform/operation.ts'
import { inputSchema } from '../platform/schemas.ts'
import { type Fixture, inputNaming } from './inputs.ts'
import { naughtyStrings } from './naughty-strings.ts'
import type { Random } from './random.ts'

/** What is sent: method, address, headers and body, ready for `inject`. */
export type Request = { method: string; url: string; headers: Record<string, string>; payload?: string | Buffer }

const long = 'x'.repeat(20_001)
const nested = (depth: number, inside: unknown = 1): string => `${'['.repeat(depth)}${JSON.stringify(inside)}${']'.repeat(depth)}`
const deep = (depth: number): unknown => {
  let value: unknown = 'deep'
  for (let n = 0; n < depth; n += 1) value = { a: value }
  return value
}

const numbers = [
  0,
  -0,
  -1,
  1,
  1.5,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  1e21,
  1e308,
  -1e308,
  5e-324,
  32768,
  201,
  999_999_999,
  9_999_999_999,
]
const texts = [
  '',
  ' ',
  '\t\n',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\ud83d\ude00',
  '\uffff',
  '\u202e',
  'null',
  'undefined',
  'NaN',
  'true',
  '-1',
  '1e9',
  '0x10',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '../../etc/passwd',
  '%00',
  '%',
  '%2e%2e%2f',
  "' or 1=1 --",
  '{{7*7}}',
  '${7*7}',
  '<script>alert(1)</script>',
  long,
  '2026-02-30T00:00:00Z',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-01-01T00:00:00+23:59',
  '2026-01-01T00:00:00-23:59',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2999-12-31T23:59:59.999999999-23:59',
  '+275760-09-13T00:00:00Z',
  'me',
  'none',
  'a@b',
  'a@b@c',
  '@',
  'A@B.C',
  `${'a'.repeat(250)}@b.c`,
  'TATER-0',
  'TATER-1001',
  '1001',
  'TATER-999999999',
  'TATER-1e3',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '01890000-0000-7000-8000-00000000000g',
  'zzzz',
  '"unclosed',
  'a:*',
  '!&|',
  ':*',
  '-',
  '<->',
  'a <-> b',
  '(((',
  '""',
  "''",
  '\\',
  '*',
  'and or not',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'https://',
  'http://[::1',
  'ﬀ',
  'İ',
  'ẞ',
  '١٢٣',
] as const
const lists = [
  [],
  [null],
  [[]],
  [{}],
  ['a', 'a'],
  Array.from({ length: 1001 }, () => 'x'),
  Array.from({ length: 60 }, (_each, n) => `t${n}`),
  [1, 'two', null, true],
]
const objects = [
  {},
  { a: 1 },
  { constructor: { prototype: {} } },
  { toString: 'x' },
  deep(5),
  deep(500),
  JSON.parse('{"then":"x"}'),
  { length: 1e9 },
  { toJSON: 'x' },
  { '': 0 },
  { 'a\u0000': 1 },
  { $ne: null },
]

/** Cursors by somebody who looked inside. */
const cursors = [
  '',
  'x',
  '%%%',
  'e30',
  'W10',
  'bnVsbA',
  btoa('[1,2]'),
  btoa('["2026-01-01T00:00:00.000Z","not an id"]'),
  btoa('["9999-99-99T99:99:99Z","00000000-0000-7000-8000-000000000000"]'),
  btoa('["2026-01-01T00:00:00.000Z",null]'),
  btoa('[1e308,"00000000-0000-7000-8000-000000000000"]'),
  btoa('[99999999999,"00000000-0000-7000-8000-000000000000"]'),
  btoa('["infinity","00000000-0000-7000-8000-000000000000"]'),
  btoa('["0000-01-01T00:00:00Z","00000000-0000-7000-8000-000000000000"]'),
  btoa('["2026-01-01T00:00:00.0.0.0Z","00000000-0000-7000-8000-000000000000"]'),
  btoa(nested(50)),
  'A'.repeat(601),
  '-1',
  '99999999999999999999',
  '1.5',
]

export function anyValue(random: Random): unknown {
  const kind = random.below(12)
  if (kind < 5) return random.pick(texts)
  if (kind < 6) return random.pick(naughtyStrings)
  if (kind < 7) return random.pick(numbers)
  if (kind < 8) return random.pick(lists)
  if (kind < 9) return random.pick(objects)
  if (kind < 10) return random.pick(cursors)
  return random.pick([null, true, false])
}

const pathParts = [
  '',
  '.',
  '..',
  '%',
  '%00',
  '%ff',
  '%E0%A4%A',
  '%2e%2e%2f%2e%2e',
  '%2F',
  '%5C',
  'a%00b',
  '%F0%9F%98%80',
  '%ED%A0%80',
  '%u0041',
  '😀',
  'ü',
  'x'.repeat(301),
  'x'.repeat(290),
  '1',
  '0',
  '-1',
  'TATER-1001',
  'null',
  '__proto__',
  '*',
  ':taskId',
  ';',
  ',',
  '%25',
  '%20',
  '%0d%0a',
  '01890000-0000-7000-8000-000000000000',
]
const queries = [
  '?',
  '?&',
  '?=',
  '?a',
  '?a=1',
  '?__proto__=1',
  '?constructor=1',
  '?limit=0',
  '?limit=abc',
  '?limit=1e9',
  '?limit=1&limit=2',
  '?limit[]=1',
  '?limit[a]=1',
  '?after=%00',
  '?after=%ff',
  '?q=%',
  '?q=%00',
  '?q=%ED%A0%80',
  '?status=&status=',
  '?status=,',
  '?open=maybe',
  '?sort=title',
  '?sort=-',
  '?%00=1',
  `?q=${'x'.repeat(400)}`,
  '?q=a:*&q=b',
  '?#',
  '??',
  '?priority=,,,',
  '?updatedAfter=2026-01-01T00:00:00%2B23:59',
  '?createdBefore=2026-01-01T00:00:00-20:00',
  '?deleted=true',
]
const contentTypes = [
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json;',
  'application/jsonx',
  '*/*',
  '',
  ';',
  'application/merge-patch+json',
  'application/octet-stream',
  'application/json, application/json',
]
const rawBodies = [
  '',
  ' ',
  '{',
  '}',
  '[',
  '{"a":',
  '{"a":1,}',
  "{'a':1}",
  'null',
  'true',
  '0',
  '"text"',
  '[]',
  '[{}]',
  'undefined',
  'NaN',
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '{"a":1}{"b":2}',
  '\ufeff{}',
  '{"title":"\\ud800"}',
  '{"title":"\\u0000"}',
  '{"title":1e999}',
  `{"title":${'9'.repeat(400)}}`,
  nested(5000),
  `{"a":${nested(2000)}}`,
  '{"title":"a","title":"b"}',
  '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhello',
  '--x\r\n\r\n--x--\r\n',
  '--x--',
  '--x\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nhello\r\n--x--\r\n',
  '--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nhello\r\n--x--\r\n',
  `--x\r\nContent-Disposition: form-data; name="file"; filename="${'n'.repeat(400)}"\r\n\r\nhello\r\n--x--\r\n`,
  '--x\r\nContent-Disposition: form-data; name="commentId"\r\n\r\nnot an id\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n',
  '--x\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\nx\r\n--x--\r\n',
  'a=1&b=2',
  '<xml/>',
] as const
const keys = [
  'tater_',
  'tater_0123',
  `tater_${'g'.repeat(32)}`,
  `tater_${'0'.repeat(32)}`,
  `TATER_${'0'.repeat(32)}`,
  '',
  ' ',
  'é',
  'x'.repeat(9000),
  'null',
  'undefined',
  '\x7f',
]

/** Headers that are wrong in ways a client can be wrong. */
function anyHeader(random: Random): Record<string, string> {
  const junk = () =>
    random.pick([
      '',
      ' ',
      '"',
      '""',
      '"x"',
      'W/',
      '0',
      '-1',
      '1.5',
      '"1"',
      '"999999999"',
      '"9999999999"',
      '*',
      'a,b',
      'é',
      '\x7f',
      'x'.repeat(201),
      'x'.repeat(8000),
      'undefined',
      '{}',
      '%00',
    ])
  switch (random.below(11)) {
    case 0:
      return { 'idempotency-key': junk() }
    case 1:
      return { 'if-match': junk() }
    case 2:
      return {
        authorization: random.pick([
          '',
          'Bearer',
          'Bearer ',
          'Basic eDp4',
          'Bearer a b',
          `Bearer ${random.pick(keys)}`,
          'bearer\ttater_',
          junk(),
        ]),
        'x-api-key': '',
      }
    case 3:
      return { 'x-api-key': random.pick(keys) }
    case 4:
      return {
        'x-api-key': '',
        cookie: random.pick([
          '',
          '=',
          ';',
          ';;;',
          'tater.session_token',
          'tater.session_token=',
          'tater.session_token=a.b',
          'tater.session_token=%',
          'tater.session_token=%00.%00',
          'tater.session_token=.',
          `tater.session_token=${'x'.repeat(5000)}`,
          'tater.session_token=a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
          '__Secure-tater.session_token=%ff.x',
          '__proto__=x',
        ]),
      }
    case 5:
      return {
        origin: random.pick(['null', '', 'http://evil.example', 'http://', 'x', 'http://localhost']),
        'sec-fetch-site': random.pick(['cross-site', 'same-site', '', 'x']),
      }
    case 6:
      return { accept: random.pick(['', '*', 'text/event-stream', 'application/json', 'x/y;q=9', 'é']) }
    case 7:
      return { host: random.pick(['', 'evil.example', 'localhost:0', '[::1]', 'a b']) }
    case 8:
      return { 'content-encoding': random.pick(['gzip', 'br', 'x', '']) }
    case 9:
      return { 'mcp-protocol-version': junk(), 'mcp-session-id': junk(), 'last-event-id': junk() }
    default:
      return {
        'user-agent': junk(),
        'x-forwarded-for': junk(),
        'accept-language': junk(),
        range: 'bytes=5-1',
        'if-none-match': '*',
        expect: 'x',
      }
  }
}

export type Place = {
  name: string
  method: string
  path: string
  parameters: string[]
  input(): Record<string, unknown>
  fields: string[]
}

/** An operation's address, with a sensible input to spoil. */
export function placeOf(op: AnyOperation, fixture: Fixture): Place {
  const { method, path, parameters } = routeOf(op)
  return {
    name: op.name,
    method,
    path: `/api${path}`,
    parameters,
    input: () => inputNaming(op, fixture),
    fields: Object.keys(inputSchema(op).properties ?? {}),
  }
}

const textOf = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** Some of the fields hold what they should not, and some fields should not be there. */
export function spoiled(input: Record<string, unknown>, fields: readonly string[], random: Random) {
  for (let n = random.below(4); n > 0; n -= 1) {
    const name = random.chance(0.85) && fields.length > 0 ? random.pick(fields) : String(random.pick(texts))
    input[name] = anyValue(random)
  }
  return input
}

/** One malformed request: an address, a body and headers, of which at least one is spoiled. */
export function malformed(place: Place, random: Random, headers: Record<string, string>): Request {
  const input = spoiled(place.input(), place.fields, random)
  const inPath = (name: string) => {
    if (random.chance(0.25)) return random.pick(pathParts)
    const value = input[name]
    return encodeURIComponent(textOf(value).toWellFormed().slice(0, 320).toWellFormed())
  }
  const path = place.path.replace(/:(\w+)/g, (_all, name: string) => inPath(name))
  const all = { ...headers, ...(random.chance(0.3) && anyHeader(random)) }
  if (place.method === 'GET' || place.method === 'DELETE') {
    const rest = Object.entries(input).filter(([name]) => !place.parameters.includes(name))
    const query = new URLSearchParams(
      rest.flatMap(([name, value]) =>
        [value]
          .flat()
          .slice(0, 60)
          .map((each) => [name, textOf(each).slice(0, 2000)]),
      ),
    )
    return {
      method: place.method,
      url: path + (random.chance(0.4) ? random.pick(queries) : query.size > 0 ? `?${query}` : ''),
      headers: all,
    }
  }
  const url = path + (random.chance(0.1) ? random.pick(queries) : '')
  if (random.chance(0.25)) {
    const type = random.chance(0.5) ? random.pick(contentTypes) : 'application/json'
    return { method: place.method, url, headers: { ...all, 'content-type': type }, payload: random.pick(rawBodies) }
  }
  if (random.chance(0.05))
    return {
      method: place.method,
      url,
      headers: { ...all, 'content-type': 'application/json' },
      payload: Buffer.from([0xff, 0xfe, 0, random.below(256), 0xc0, 0x80]),
    }
  const body = Object.fromEntries(
    Object.entries(input).filter(([name]) => random.chance(0.03) || !place.parameters.includes(name)),
  )
  return { method: place.method, url, headers: { ...all, 'content-type': 'application/json' }, payload: JSON.stringify(body) }
}
