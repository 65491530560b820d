import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvLine, unguarded } from './csv.ts'

const cellsOf = (line: string) => (parse(line, { recordDelimiter: '\r\n', relax_column_count: true }) as string[][])[0]!
/** What files hold: any text but one with a lone half of a character. */
const texts = fc.string({ unit: 'grapheme' }).map((text) => text.toWellFormed())
const formulas = fc
  .tuple(fc.constantFrom("'", "''", '', '=', '+', '-', '@', '\t', '\r', "'='"), texts)
  .map((parts) => parts.join(''))

test('every text comes back, formulas and quotes included', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(texts, formulas), { minLength: 2, maxLength: 6 }), (values) => {
      expect(cellsOf(csvLine(values)).map(unguarded)).toEqual(values)
    }),
    { numRuns: 2000 },
  )
})

test('no cell begins as a formula does, but numbers stay numbers', () => {
  fc.assert(
    fc.property(
      fc.oneof(texts, formulas),
      (value) => void expect(/^[=+@\t\r]|^-(?!\d+([.,]\d+)?$)/.test(cellsOf(csvLine([value, 'x']))[0]!)).toBe(false),
    ),
  )
  expect(csvLine([-1, '-1.5', '-1+1', 0, '+1'])).toBe("-1,-1.5,'-1+1,0,'+1\r\n")
})

test('lists, objects and nothing', () => {
  expect(csvLine([['a', 'b'], { a: 1 }, null, undefined, true, []])).toBe('a; b,"{""a"":1}",,,true,\r\n')
  expect(csvLine(['a,b', 'a"b', 'a\nb', ' a '])).toBe('"a,b","a""b","a\nb", a \r\n')
})
