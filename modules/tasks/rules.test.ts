import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { channels } from '../../platform/context.ts'
import { toRow } from './queries.ts'
import { changesBetween, same, sourceOf, withoutAliases } from './rules.ts'

describe('what changed', () => {
  test('is only what differs, from both sides', () => {
    expect(changesBetween({ a: 1, b: 2, c: 3 }, { a: 1, b: 3 })).toEqual({ before: { b: 2 }, after: { b: 3 }, changed: ['b'] })
    expect(changesBetween({}, { a: null })).toEqual({ before: {}, after: {}, changed: [] })
    expect(changesBetween({ a: 'x' }, { a: null })).toEqual({ before: { a: 'x' }, after: { a: null }, changed: ['a'] })
  })

  test('instants are the same by the moment they name; texts that look alike are not', () => {
    expect(same('2026-01-01T00:00:00Z', '2026-01-01T01:00:00.000+01:00')).toBe(true)
    expect(same('2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z')).toBe(false)
    expect(same('1', 1)).toBe(false)
    expect(same('a', 'A')).toBe(false)
    expect(same(null, undefined)).toBe(true)
    expect(same('', null)).toBe(false)
  })

  test('lists and objects are compared by content', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void expect(same(value, structuredClone(value))).toBe(true)))
    expect(same(['a', 'b'], ['b', 'a'])).toBe(false)
    expect(same({ a: 1 }, { a: 1, b: undefined })).toBe(true)
    expect(same([], {})).toBe(true)
    expect(same(['a'], ['a', 'b'])).toBe(false)
  })
})

test('the seeds’ names become ours, and ours win', () => {
  expect(withoutAliases({ assignmentGroup: 'desk', majorIncident: true })).toEqual({ teamId: 'desk', isMajorIncident: true })
  expect(withoutAliases({ assignmentGroup: 'desk', teamId: 'other', majorIncident: true, isMajorIncident: false })).toEqual({
    teamId: 'other',
    isMajorIncident: false,
  })
  expect(withoutAliases({ assignmentGroup: null })).toEqual({ teamId: null })
  expect(withoutAliases({ title: 'x' })).toEqual({ title: 'x' })
})

test('every channel is a source', () => {
  for (const channel of channels) expect(sourceOf(channel)).toMatch(/^(Web|API|AI|Monitoring|Email|Portal)$/)
})

test('fields become columns; JSON is written as JSON, what is not given stays out', () => {
  expect(
    toRow({ requesterEmail: 'a', customFields: { a: 1 }, externalRefs: [], sla: null, title: undefined, tags: ['x'] }),
  ).toEqual({
    requester_email: 'a',
    custom_fields: '{"a":1}',
    external_refs: '[]',
    sla: null,
    tags: ['x'],
  })
})
