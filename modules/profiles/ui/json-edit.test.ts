import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { print } from './document.ts'
import { insertAt, removeAt, renameKey, setAt, valueAt } from './json-edit.ts'

const authored = `{
    "name":"Mine",   "statusFlow": [
      {"status": "New", "allowedTransitions": ["Done"]},
      {"status": "Done","allowedTransitions": []}
    ],
    "slaDefaults": [{ "priority": "High", "responseMinutes": 6.0e1 }]
}`

describe('a change of the text', () => {
  test('leaves everything else as its author wrote it', () => {
    expect(setAt(authored, ['name'], 'Yours')).toBe(authored.replace('"Mine"', '"Yours"'))
    expect(setAt(authored, ['statusFlow', 1, 'isTerminal'], true)).toBe(
      authored.replace('"allowedTransitions": []}', '"allowedTransitions": [], "isTerminal": true}'),
    )
    expect(setAt(authored, ['slaDefaults', 0, 'resolutionMinutes'], 90)).toContain('6.0e1, "resolutionMinutes": 90 }')
  })
  test('to the same value is none', () => {
    expect(setAt(authored, ['slaDefaults', 0, 'responseMinutes'], 60)).toBe(authored)
  })
  test('puts a new entry on a line of its own where its neighbours have one', () => {
    expect(insertAt(authored, ['statusFlow'], 1, { status: 'Odd' })).toContain(
      '\n      { "status": "Odd" },\n      {"status": "Done"',
    )
    expect(removeAt(authored, ['statusFlow', 1])).toContain('["Done"]}\n    ],')
  })
  test('puts a new key where people expect it', () => {
    const order = ['status', 'allowedTransitions', 'isTerminal', 'category']
    const text = '{"status": "A", "category": "new"}'
    expect(setAt(text, ['isTerminal'], true, order)).toBe('{"status": "A", "isTerminal": true, "category": "new"}')
    expect(setAt('{"category": "new"}', ['status'], 'A', order)).toBe('{"status": "A", "category": "new"}')
  })
  test('makes what should hold it', () => {
    expect(JSON.parse(setAt('{}', ['fieldRules', 'impact', 'visible'], false))).toEqual({
      fieldRules: { impact: { visible: false } },
    })
  })
  test('breaks a line that grows too long', () => {
    const long = insertAt(`{\n  "list": ["${'a'.repeat(60)}", "${'b'.repeat(40)}"]\n}`, ['list'], 2, 'c'.repeat(30))
    expect(Math.max(...long.split('\n').map((line) => line.length))).toBeLessThan(80)
  })
  test('renames a key in its place', () => {
    expect(renameKey('{"a": 1, "b": 2}', ['a'], 'c')).toBe('{"c": 1, "b": 2}')
    expect(renameKey('{"a": 1}', ['z'], 'c')).toBe('{"a": 1}')
  })
})

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ maxLength: 6 }).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value
const object = fc.dictionary(
  fc.string({ maxLength: 6 }).filter((key) => key !== '__proto__'),
  json,
  { minKeys: 1, maxKeys: 5 },
)
const spacing = fc.constantFrom(
  (value: unknown) => JSON.stringify(value),
  (value: unknown) => JSON.stringify(value, null, 2),
  (value: unknown) => JSON.stringify(value, null, '\t'),
  (value: unknown) => print(value),
)

/** Every path in a value. */
const paths = (value: unknown, path: (string | number)[] = []): (string | number)[][] =>
  value !== null && typeof value === 'object'
    ? [path, ...Object.entries(value).flatMap(([key, each]) => paths(each, [...path, Array.isArray(value) ? Number(key) : key]))]
    : [path]

const picked = fc
  .tuple(object, spacing, fc.nat())
  .map(([value, write, n]) => ({ value, text: write(value), path: paths(value)[1 + (n % (paths(value).length - 1))]! }))

describe('whatever the text', () => {
  test('what was set is what is read', () => {
    fc.assert(
      fc.property(picked, json, ({ text, path }, value) => {
        const changed = setAt(text, path, value)
        expect(valueAt(changed, path)).toEqual(value)
        expect(setAt(changed, path, valueAt(text, path))).toSatisfy((back: string) => {
          expect(JSON.parse(back)).toEqual(JSON.parse(text))
          return true
        })
      }),
    )
  })
  test('what was removed is gone and nothing else', () => {
    fc.assert(
      fc.property(picked, ({ value, text, path }) => {
        const expected = structuredClone(value) as never
        const holder = path.slice(0, -1).reduce<Record<string | number, unknown>>((at, key) => at[key] as never, expected)
        if (Array.isArray(holder)) holder.splice(Number(path.at(-1)), 1)
        else delete holder[path.at(-1)!]
        expect(JSON.parse(removeAt(text, path))).toEqual(expected)
      }),
    )
  })
})
