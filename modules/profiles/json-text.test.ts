import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { locate, placeAt, pointer, readJson } from './json-text.ts'

describe('reading JSON', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space)
        const reading = readJson(text)
        expect(reading.ok && JSON.stringify(reading.value)).toBe(JSON.stringify(JSON.parse(text)))
      }),
    )
  })

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', 'x', ':', '\\'), (value, at, mark) => {
        const text = JSON.stringify(value, null, 1)
        const cut = at % (text.length + 1)
        const changed = text.slice(0, cut) + mark + text.slice(cut + (mark === '' ? 1 : 0))
        let parsed = true
        try {
          JSON.parse(changed)
        } catch {
          parsed = false
        }
        const reading = readJson(changed)
        if (!parsed) expect(reading.ok).toBe(false)
        if (parsed && !reading.ok) expect(reading.message).toMatch(/written twice/)
      }),
    )
  })

  it.each([
    ['{"a": 1,\n "b": 2,\n}', 'Line 3: A comma stands before }; remove the comma.'],
    ['[1,\n2,]', 'Line 2: A comma stands before ]; remove the comma.'],
    ['{"a": 1\n "b": 2}', 'Line 2: A comma or } is missing here.'],
    ['{"a" 1}', 'Line 1: A colon is missing after "a".'],
    ['{a: 1}', 'Line 1: A key in double quotes is expected here.'],
    ['{"a": \'x\'}', 'Line 1: JSON uses straight double quotes; write "…".'],
    ['{"a": True}', 'Line 1: Write true in small letters.'],
    ['{"a": yes}', 'Line 1: A value is expected here; put texts in double quotes: "yes".'],
    ['{"a": }', 'Line 1: A value is missing before }.'],
    ['{"a": "x\n"}', 'Line 1: This text has no closing quote; end it with ".'],
    ['{"a": "\\q"}', 'Line 1: This text holds a character that must be written with a backslash.'],
    ['{"a": 1', 'Line 1: The text ends too early; a closing } is missing.'],
    ['', 'Line 1: The text ends too early; a value or a closing bracket is missing.'],
    ['{} {}', 'Line 1: Something follows the end of the document; remove it.'],
    ['{\n// why\n}', 'Line 2: JSON has no comments; remove this one.'],
    ['{"a": 1,\n"a": 2}', 'Line 2: "a" is written twice; keep one of them.'],
    ['['.repeat(200), 'Line 1: The document is nested deeper than 100 levels.'],
    ['{"a": 01}', 'Line 1: A value is expected here; put texts in double quotes: "01".'],
  ])('%j: %s', (text, message) => expect(readJson(text)).toMatchObject({ ok: false, message }))
})

describe('locating a pointer', () => {
  const text = '{\n  "a/b": [1,\n    {"c": true}]\n}'
  it.each([
    ['', 1, 1],
    ['/a~1b', 2, 10],
    ['/a~1b/1', 3, 5],
    ['/a~1b/1/c', 3, 11],
    ['/a~1b/1/missing', 3, 5],
    ['/nowhere/at/all', 1, 1],
  ])('%s', (path, line, column) => expect(locate(text, path)).toMatchObject({ line, column }))

  it('finds every value of a document', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const written = JSON.stringify(value, null, 2)
        for (const [key, each] of Object.entries(JSON.parse(written) as object)) {
          const place = locate(written, pointer(key))!
          const from = written.slice(place.offset)
          expect(from.startsWith(JSON.stringify(each, null, 2).split('\n')[0]!)).toBe(true)
          expect(placeAt(written, place.offset)).toEqual(place)
        }
      }),
    )
  })

  it('has no answer for malformed text', () => expect(locate('{', '')).toBeNull())
})
