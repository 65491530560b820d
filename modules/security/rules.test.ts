import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Result, recordTypes, results, severities } from './contract.ts'
import {
  complianceFrom,
  differenceOf,
  isStale,
  obstacleToRecord,
  rankOf,
  resultOf,
  scoreOf,
  severityOf,
  severityRank,
} from './rules.ts'

const anyResult = fc.constantFrom(...results)

test('the score is 100 only when everything rated passes, 0 only when less than one percent does, and null for nothing', () => {
  expect(scoreOf({ passed: 0, failed: 0 })).toBeNull()
  fc.assert(
    fc.property(fc.nat(100_000), fc.nat(100_000), (passed, failed) => {
      fc.pre(passed + failed > 0)
      const score = scoreOf({ passed, failed })!
      expect(score).toBeGreaterThanOrEqual(0)
      expect(score === 100).toBe(failed === 0)
      expect(score === 0).toBe(passed * 100 < passed + failed)
      expect(scoreOf({ passed: passed + 1, failed })!).toBeGreaterThanOrEqual(score)
    }),
  )
})

test('a control passes only when it passes somewhere and nothing failed, erred or waits for a person', () => {
  expect(resultOf([])).toBeNull()
  fc.assert(
    fc.property(fc.array(anyResult, { minLength: 1 }), (rows) => {
      const result = resultOf(rows)
      const has = (each: Result) => rows.includes(each)
      expect(result === 'pass').toBe(has('pass') && !has('fail') && !has('error') && !has('manual'))
      expect(result === 'fail').toBe(has('fail'))
      expect(resultOf(rows.toReversed())).toBe(result)
    }),
  )
})

test('an organization stands by the sum of its sources, and is current by the newest', () => {
  const now = new Date('2026-03-10T00:00:00Z')
  const source = (scannedAt: string, passed: number, failed: number) => ({
    scannedAt,
    passed,
    failed,
    criticalFailing: 1,
    highFailing: 2,
  })
  expect(complianceFrom([], 7, now)).toMatchObject({ score: null, scanStatus: 'never', lastScanAt: null })
  expect(complianceFrom([source('2026-03-09T00:00:00Z', 3, 1), source('2026-01-01T00:00:00Z', 0, 4)], 7, now)).toEqual({
    score: 37,
    scanStatus: 'current',
    lastScanAt: '2026-03-09T00:00:00Z',
    criticalFailing: 2,
    highFailing: 4,
    sources: 2,
    staleSources: 1,
  })
  expect(isStale('2026-03-03T00:00:00Z', 7, now)).toBe(false)
  expect(isStale('2026-03-02T23:59:59Z', 7, now)).toBe(true)
})

test('severity has a rank and comes back from it; a failing control outranks every other', () => {
  for (const severity of severities) expect(severityOf(severityRank(severity))).toBe(severity)
  expect(rankOf('control', { severity: 'unrated', result: 'fail' })).toBeGreaterThan(
    rankOf('control', { severity: 'critical', result: 'pass' }),
  )
  expect(rankOf('risk', { likelihood: 5, impact: 5 })).toBe(25)
})

test('a change is told from the result before and after', () => {
  expect(differenceOf('pass', 'fail')).toBe('newly-failing')
  expect(differenceOf(null, 'fail')).toBe('newly-failing')
  expect(differenceOf('fail', 'pass')).toBe('fixed')
  expect(differenceOf('fail', 'manual')).toBeNull()
  fc.assert(
    fc.property(anyResult, (result) => {
      expect(differenceOf(result, result)).toBeNull()
    }),
  )
})

test('every type takes its own fields and no others', () => {
  for (const type of recordTypes) expect(obstacleToRecord(type, { title: 'x', description: '' })).toBeNull()
  expect(obstacleToRecord('wiki', { likelihood: 1 })?.message).toContain('A wiki has no likelihood')
})
