import { describe, expect, test } from 'vitest'
import { randomFrom } from '../test/random.ts'
import type { Entry } from './journal.ts'
import { type Answer, outcomeOf } from './requests.ts'
import { drawSchedule, type Fault, faults } from './schedule.ts'
import { reasonAgainst } from './verdict.ts'

const all = Object.keys(faults) as Fault[]

describe('a schedule', () => {
  test('is the same for the same seed, and another for another', () => {
    const draw = (seed: number) => drawSchedule(randomFrom(seed), 25, all)
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })

  test('has every fault once before any comes again', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const drawn = drawSchedule(randomFrom(seed), all.length * 2, all).map(({ fault }) => fault)
      expect(drawn.slice(0, all.length).sort()).toEqual(all.toSorted())
      expect(drawn.slice(all.length).sort()).toEqual(all.toSorted())
    }
  })

  test('keeps to the faults that can be done', () => {
    const drawn = drawSchedule(randomFrom(1), 9, ['kill-server', 'disk-full'])
    expect(new Set(drawn.map(({ fault }) => fault))).toEqual(new Set(['kill-server', 'disk-full']))
  })
})

describe('the verdict on a request', () => {
  const entry = (more: Partial<Entry>): Entry => ({
    ...{
      kind: 'create',
      mark: 'create-1',
      organizationId: 'a',
      key: null,
      outcome: 'done',
      sentAt: 1,
      answeredAt: 2,
      attempts: 1,
    },
    ...more,
  })
  const found = { mark: 'create-1', n: 1, organization: 'a', task: 't1', number: 1001 }

  test.each([
    ['acknowledged and there', entry({ taskId: 't1', number: 1001 }), found, null],
    ['acknowledged and lost', entry({}), undefined, /is not there/],
    ['acknowledged and there twice', entry({}), { ...found, n: 2 }, /there 2 times/],
    ['acknowledged under another number', entry({ number: 1002 }), found, /the number 1001.*1002/],
    ['acknowledged and in another organization', entry({}), { ...found, organization: 'b' }, /another organization/],
    ['acknowledged with other content', entry({ kind: 'attach', sha256: 'x' }), { ...found, sha256: 'y' }, /content y/],
    ['refused and not there', entry({ outcome: 'refused' }), undefined, null],
    ['refused and there all the same', entry({ outcome: 'refused' }), found, /refused/],
    ['unanswered and not there', entry({ outcome: 'unknown' }), undefined, null],
    ['unanswered and there', entry({ outcome: 'unknown' }), found, null],
    ['unanswered and there twice', entry({ outcome: 'unknown' }), { ...found, n: 2 }, /there 2 times/],
    ['a bulk change of as many as was said', entry({ kind: 'bulk', count: 5 }), { ...found, n: 5 }, null],
    ['a bulk change of fewer', entry({ kind: 'bulk', count: 5 }), { ...found, n: 4 }, /changed 4 tickets/],
    ['a bulk change of none', entry({ kind: 'bulk', count: 0 }), undefined, null],
  ])('%s', (_what, given, there, reason) => {
    if (reason) expect(reasonAgainst(given, there)).toMatch(reason)
    else expect(reasonAgainst(given, there)).toBeNull()
  })

  test('only a refusal says that nothing was done', () => {
    const answered = (status: number): Answer => ({ status, body: {} })
    expect([200, 201, 404, 409, 422, 500, 503, 507].map((status) => outcomeOf(answered(status)))).toEqual([
      'done',
      'done',
      'refused',
      'refused',
      'refused',
      'unknown',
      'unknown',
      'unknown',
    ])
    expect(outcomeOf(null)).toBe('unknown')
  })
})
