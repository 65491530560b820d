import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isUuid, v7 } from './ids.ts'

test('ids are UUIDs of version 7 and variant 1, and none comes twice', () => {
  const ids = Array.from({ length: 20_000 }, () => v7())
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(ids).size).toBe(ids.length)
})

test('later ids sort after earlier ones, however many a millisecond has', () => {
  const ids = Array.from({ length: 20_000 }, () => v7())
  expect([...ids].sort()).toEqual(ids)
})

test('they begin with the moment they were made', () => {
  const before = Date.now()
  const ms = Number.parseInt(v7().replaceAll('-', '').slice(0, 12), 16)
  expect(ms).toBeGreaterThanOrEqual(before)
  expect(ms).toBeLessThan(before + 60_000)
})

test('an id for an older moment carries that moment', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 47 }), (at) => {
      const id = v7(at)
      expect(isUuid(id)).toBe(true)
      expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(at)
    }),
  )
})

test('what is no UUID is not taken for one', () => {
  for (const text of [
    '',
    'x',
    '00000000-0000-0000-0000-00000000000',
    '00000000-0000-0000-0000-0000000000000',
    "' or 1=1",
    'g0000000-0000-0000-0000-000000000000',
    '00000000000000000000000000000000',
  ])
    expect(isUuid(text)).toBe(false)
  expect(isUuid('00000000-0000-0000-0000-00000000000A')).toBe(true)
})
