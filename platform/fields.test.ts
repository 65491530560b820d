import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCursor, Email, encodeCursor, Id, named, paging, Timestamp, text } from './fields.ts'

describe('cursors', () => {
  test('come back as they were made', () => {
    // Keys are what sort columns hold: instants, numbers and ids.
    const keys = fc.array(fc.oneof(fc.stringMatching(/^[ -~]{0,40}$/), fc.integer(), fc.constant(null)), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(fc.property(keys, (list) => void expect(decodeCursor(encodeCursor(list), list.length)).toEqual(list)))
  })

  test('stand in an address without being escaped', () => {
    fc.assert(fc.property(fc.array(fc.stringMatching(/^[ -~]*$/)), (list) => void expect(encodeCursor(list)).toMatch(/^[\w-]*$/)))
  })

  test('that nobody made are null, and never an error', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.nat(4),
        (made, length) => void expect([null, expect.any(Array)]).toContainEqual(decodeCursor(made, length)),
      ),
    )
    for (const inside of ['{}', 'null', '1', '[[]]', '[{}]', '[true]', '[1]', '[1,2,3]'])
      expect(decodeCursor(btoa(inside), 2)).toBeNull()
    expect(decodeCursor(btoa('["a",1]'), 2)).toEqual(['a', 1])
  })
})

describe('texts', () => {
  test('are taken exactly when they can be stored', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (value) => {
        const storable = !value.includes('\0') && value.isWellFormed()
        const result = text(30).safeParse(value)
        expect(result.success).toBe(storable && value.length <= 30)
        if (result.success) expect(result.data).toBe(value)
      }),
    )
    for (const bad of ['a\0b', '\ud800', 'x\udc00']) expect(text(10).safeParse(bad).success).toBe(false)
  })

  test('have a length, and names have something to read in them', () => {
    expect(text(3).safeParse('abc').success).toBe(true)
    expect(text(3).safeParse('abcd').error!.issues[0]!.message).toBe('At most 3 characters.')
    for (const blank of ['', ' ', '\n\t', '\u3000']) expect(named(10).safeParse(blank).success).toBe(false)
    expect(named(10).parse(' a ')).toBe(' a ')
  })
})

test('e-mail addresses are compared without case and never hold a header', () => {
  expect(Email.parse('Ann@Example.COM')).toBe('ann@example.com')
  for (const bad of ['', 'ann', '@', 'a@', '@b', 'a b@c', 'a@b@c', 'a@b\r\nbcc:x', 'a,b@c', '<a@b>', `${'a'.repeat(251)}@b.c`])
    expect([bad, Email.safeParse(bad).success]).toEqual([bad, false])
})

describe('instants', () => {
  test('come out as UTC, whatever zone they came in', () => {
    expect(Timestamp.parse('2026-03-01T09:30:00Z')).toBe('2026-03-01T09:30:00.000Z')
    expect(Timestamp.parse('2026-03-01T09:30:00+05:30')).toBe('2026-03-01T04:00:00.000Z')
    // PostgreSQL itself refuses zones beyond 15:59.
    expect(Timestamp.parse('2026-03-01T09:30:00+23:59')).toBe('2026-02-28T09:31:00.000Z')
  })

  test('name a day that there is, with its zone', () => {
    for (const bad of [
      '2026-03-01',
      '2026-03-01T09:30:00',
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '0001-01-01T00:00:00Z',
      '9999-01-01T00:00:00Z',
      'now',
      '',
    ])
      expect([bad, Timestamp.safeParse(bad).success]).toEqual([bad, false])
  })

  test('survive', () => {
    const years = { min: new Date('1000-01-02T00:00:00Z'), max: new Date('2999-12-30T00:00:00Z'), noInvalidDate: true }
    fc.assert(fc.property(fc.date(years), (date) => void expect(Timestamp.parse(date.toISOString())).toBe(date.toISOString())))
  })
})

test('pages have between 1 and 200 rows, and 50 when nobody says', () => {
  expect(paging.limit.parse(undefined)).toBe(50)
  for (const bad of [0, -1, 201, 1.5, '50', null]) expect(paging.limit.safeParse(bad).success).toBe(false)
  expect(Id.safeParse('x').success).toBe(false)
})
