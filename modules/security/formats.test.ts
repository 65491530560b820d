import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Message } from '../../platform/messages.ts'
import { results } from './contract.ts'
import {
  fieldsAmong,
  type Reading,
  readNative,
  readOcsf,
  readResult,
  readScuba,
  readSeverity,
  readTime,
  tableReader,
} from './formats.ts'

const rowOf = (reading: Reading) => ('row' in reading ? reading.row : reading.problem)

describe('any value whatever', () => {
  test('is a row or a problem in words, never an exception, and a row can be stored', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: false, withNullPrototype: false }), (value) => {
        for (const reading of [readNative(value), readOcsf(value), readScuba(value, 'AAD')]) {
          if ('problem' in reading) {
            expect(String(reading.problem)).not.toBe('')
            continue
          }
          for (const text of [reading.row.controlId, reading.row.title, reading.row.resource, reading.row.detail])
            expect(text.includes('\u0000') || !text.isWellFormed()).toBe(false)
        }
      }),
    )
  })

  test('long and strange texts are cut to what a row keeps', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 3000 }),
        fc.string({ unit: 'binary', maxLength: 900 }),
        (detail, title) => {
          const row = rowOf(readNative({ controlId: '1', result: 'fail', detail, title }))
          expect(row).toMatchObject({ controlId: '1', result: 'fail' })
          if (row instanceof Message) return
          expect(row.detail.length).toBeLessThanOrEqual(2000)
          expect(row.title.length).toBeLessThanOrEqual(500)
          expect(row.detail.isWellFormed()).toBe(true)
        },
      ),
    )
  })
})

test('only words that mean pass are a pass', () => {
  const passes = ['pass', 'PASSED', 'Compliant', 'ok', 'success', 'true']
  for (const word of passes) expect(readResult(word)).toBe('pass')
  for (const word of [
    'Error',
    'manual',
    'Skipped',
    'N/A',
    'Warning',
    'unknown',
    'Omitted',
    'muted',
    '',
    'perhaps',
    null,
    'not passed',
  ])
    expect(readResult(word)).not.toBe('pass')
  for (const result of results) expect(readResult(result)).toBe(result)
  for (const word of ['constructor', '__proto__', 'toString'])
    expect([readResult(word), readSeverity(word)]).toEqual([null, 'unrated'])
  fc.assert(
    fc.property(fc.string(), (word) => {
      if (readResult(word) === 'pass') expect(word).toMatch(/pass|compliant|ok|succe|true/i)
    }),
  )
})

test('a severity that is missing or unknown is unrated', () => {
  for (const word of [undefined, null, '', 'P1', 'severe', 3]) expect(readSeverity(word)).toBe('unrated')
  expect([readSeverity('CRITICAL'), readSeverity('Moderate'), readSeverity('info')]).toEqual([
    'critical',
    'medium',
    'informational',
  ])
})

test('times: with and without zone, and in seconds and milliseconds', () => {
  expect(readTime('2026-02-14T14:27:30.710664')).toBe('2026-02-14T14:27:30.710Z')
  expect(readTime('2026-02-14 14:27:30')).toBe('2026-02-14T14:27:30.000Z')
  expect(readTime('2026-02-14T14:27:30+02:00')).toBe('2026-02-14T12:27:30.000Z')
  expect(readTime(1739539650)).toBe('2025-02-14T13:27:30.000Z')
  expect(readTime(1739539650000)).toBe('2025-02-14T13:27:30.000Z')
  for (const none of ['yesterday', '', null, {}, -1, Number.NaN]) expect(readTime(none)).toBeNull()
})

test('OCSF compliance findings (class 2003) say pass by their status id; suppressed ones are skipped', () => {
  const finding = (status: number, more = {}) => ({
    class_uid: 2003,
    compliance: { control: 'AC-2', standards: ['NIST 800-53'], status_id: status },
    severity_id: 5,
    finding_info: { title: 'Accounts' },
    ...more,
  })
  expect(rowOf(readOcsf(finding(1)))).toMatchObject({
    controlId: 'AC-2',
    framework: 'NIST 800-53',
    severity: 'critical',
    result: 'pass',
  })
  expect(rowOf(readOcsf(finding(3)))).toMatchObject({ result: 'fail' })
  expect(rowOf(readOcsf(finding(0)))).toMatchObject({ result: 'manual' })
  expect(rowOf(readOcsf(finding(3, { status_id: 3 })))).toMatchObject({ result: 'skipped' })
  expect(String(rowOf(readOcsf({ class_uid: 2002, finding_info: { title: 'CVE' } })))).toContain('neither pass nor fail')
})

test('columns are known by their usual names', () => {
  expect(fieldsAmong(['CHECK_ID', 'CHECK_TITLE', 'STATUS', 'SEVERITY', 'RESOURCE_UID', 'STATUS_EXTENDED', 'MUTED'])).toEqual({
    controlId: 'CHECK_ID',
    title: 'CHECK_TITLE',
    result: 'STATUS',
    severity: 'SEVERITY',
    resource: 'RESOURCE_UID',
    detail: 'STATUS_EXTENDED',
    muted: 'MUTED',
  })
  const { read, format } = tableReader(['CHECK_ID', 'STATUS', 'MUTED'])
  expect(format).toBe('csv')
  expect(rowOf(read(['a', 'FAIL', 'True']))).toMatchObject({ result: 'skipped' })
  expect(String(rowOf(read(['a', 'FAIL'])))).toContain('2 values')
})
