import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../test/programs.ts'
import { countPlaywright, countVitest, readReport } from './test-report.ts'

const folder = temporaryFolder()

const vitest = (numbers: object, testResults: { name: string; status: string; assertionResults: object[] }[] = []) =>
  countVitest({
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: testResults as never,
    ...numbers,
  })
const playwright = (stats: object, errors: unknown[] = []) =>
  countPlaywright({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats }, errors })

test('passed and failed tests are counted', () => {
  expect(vitest({ numPassedTests: 3, numFailedTests: 1 })).toEqual({ passed: 3, failed: 1, notes: [] })
  expect(playwright({ expected: 3, unexpected: 1 })).toEqual({ passed: 3, failed: 1, notes: [] })
})

test('a skipped test counts as failed', () => {
  expect(vitest({ numPassedTests: 1, numPendingTests: 1, numTodoTests: 1 })).toMatchObject({ passed: 1, failed: 2 })
  expect(playwright({ expected: 1, skipped: 1 })).toMatchObject({ passed: 1, failed: 1 })
  expect(playwright({ skipped: 2 })).toMatchObject({ passed: 0, failed: 2 })
})

test('a suite without tests counts as failed', () => {
  expect(vitest({})).toMatchObject({ passed: 0, failed: 1 })
  expect(playwright({})).toMatchObject({ passed: 0, failed: 1 })
})

test('a file that cannot be loaded counts as failed, one with failed tests is not counted twice', () => {
  const broken = { name: 'a.test.ts', status: 'failed', assertionResults: [] }
  const failing = {
    name: 'b.test.ts',
    status: 'failed',
    assertionResults: [
      { status: 'failed', fullName: 'adds', failureMessages: ['\u001b[31mexpected 2 to be 3\u001b[39m\nat b.test.ts:1'] },
    ],
  }
  expect(vitest({ numPassedTests: 1, numFailedTests: 1 }, [broken, failing])).toEqual({
    passed: 1,
    failed: 2,
    notes: ['1 could not be run: a.test.ts', 'failed: b.test.ts › adds\n        expected 2 to be 3\n        at b.test.ts:1'],
  })
})

test('a failed browser test is named with its reason', () => {
  const suites = [
    {
      title: 'a.spec.ts',
      suites: [
        {
          title: 'list',
          specs: [{ title: 'opens', ok: false, tests: [{ results: [{ error: { message: '\u001b[31mtimed out\u001b[39m' } }] }] }],
        },
      ],
    },
  ]
  const stats = { expected: 0, unexpected: 1, flaky: 0, skipped: 0 }
  expect(countPlaywright({ stats, errors: [], suites }).notes).toEqual(['failed: list › opens\n        timed out'])
})

test('a browser test that passes at a second try counts as failed, as do errors outside of tests', () => {
  expect(playwright({ expected: 1, flaky: 1 }, ['web server did not start'])).toMatchObject({ passed: 1, failed: 2 })
})

test('the exit code counts when the report does not show why', () => {
  const file = join(folder, 'report.json')
  const all = () => ({ passed: 2, failed: 0, notes: [] })
  expect(readReport(file, all, 1)).toMatchObject({ passed: 0, failed: 1 })
  writeFileSync(file, '{}')
  expect(readReport(file, all, 0)).toMatchObject({ passed: 2, failed: 0 })
  expect(readReport(file, all, 1)).toMatchObject({ passed: 2, failed: 1 })
})
