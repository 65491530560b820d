import { describe, expect, test } from 'vitest'
import { codeOf, stepOf } from './one-time-codes.ts'

describe('codes of an authenticator app', () => {
  const secret = '12345678901234567890'

  // RFC 6238, appendix B (SHA-1), the last six of eight digits.
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %i the code is %s', (second, code) => {
    const step = Math.floor(second / 30)
    expect(codeOf(secret, step)).toBe(code)
    expect(stepOf(code, secret, second * 1000)).toBe(step)
  })

  test('belong to their step while they are one step early or late, and to none otherwise', () => {
    const code = codeOf(secret, 1000)
    expect([999, 1000, 1001].map((step) => stepOf(code, secret, step * 30_000))).toEqual([1000, 1000, 1000])
    expect([998, 1002].map((step) => stepOf(code, secret, step * 30_000))).toEqual([null, null])
    expect(stepOf('', secret, 30_000_000)).toBeNull()
    expect(stepOf(`${code} `, secret, 30_000_000)).toBeNull()
  })
})
