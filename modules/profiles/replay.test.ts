import { describe, expect, it } from 'vitest'
import { mapLogState, presets, readLogTime } from './presets.ts'
import { createReplay, type ReplayEvent } from './replay.ts'
import { sample } from './test-profiles.ts'

const replay = (events: [string, string, string?][], preset = presets.servicenow) => {
  const log = createReplay(sample(), preset)
  for (const [id, status, time] of events) log.add({ case: id, status, ...(time && { time }) } satisfies ReplayEvent)
  return log.result()
}
const moves = (result: ReturnType<typeof replay>) =>
  result.moves.map(({ from, to, count, accepted }) => `${from} → ${to} ${count} ${accepted ? 'yes' : 'no'}`)

describe('replaying a log', () => {
  it('accepts a legal case, repeats collapsed, the way New → Assigned → In Progress as one move', () => {
    const result = replay([
      ['1', 'New'],
      ['1', 'New'],
      ['1', 'Active'],
      ['1', 'Active'],
      ['1', 'Awaiting User Info'],
      ['1', 'Awaiting Vendor'],
      ['1', 'Active'],
      ['1', 'Resolved'],
      ['1', 'Closed'],
    ])
    expect(result).toMatchObject({ accepted: 5, refused: 0, cases: 1, casesWhollyLegal: 1, events: 9, unknownStates: [] })
    expect(moves(result)).toContain('New → In Progress 1 yes')
  })

  it('without the way the same move is refused', () => {
    expect(
      replay(
        [
          ['1', 'New'],
          ['1', 'In Progress'],
        ],
        presets.generic,
      ),
    ).toMatchObject({ accepted: 0, refused: 1, casesWhollyLegal: 0 })
    const noStep = createReplay(
      {
        ...sample(),
        statusFlow: sample().statusFlow.map((s) => (s.status === 'New' ? { ...s, allowedTransitions: ['Cancelled'] } : s)),
      },
      presets.servicenow,
    )
    for (const status of ['New', 'Active']) noStep.add({ case: '1', status })
    expect(noStep.result()).toMatchObject({ accepted: 0, refused: 1 })
  })

  it('takes the log as the truth after a refusal', () => {
    const result = replay([
      ['1', 'New'],
      ['1', 'Resolved'],
      ['1', 'Closed'],
      ['1', 'Active'],
    ])
    expect(moves(result)).toEqual(['Closed → In Progress 1 no', 'New → Resolved 1 no', 'Resolved → Closed 1 yes'])
    expect(result).toMatchObject({ accepted: 1, refused: 2, casesWhollyLegal: 0 })
  })

  it('starts a case wherever the log does, without counting a move', () => {
    expect(
      replay([
        ['1', 'Resolved'],
        ['1', 'Closed'],
      ]),
    ).toMatchObject({ accepted: 1, refused: 0, casesWhollyLegal: 1 })
    expect(replay([['1', 'Closed']])).toMatchObject({ accepted: 0, refused: 0, cases: 1, casesWhollyLegal: 1 })
  })

  it('refuses the move into and out of an unknown state', () => {
    const result = replay([
      ['1', 'New'],
      ['1', '-100'],
      ['1', '-100'],
      ['1', 'Resolved'],
      ['2', '-100'],
    ])
    expect(result).toMatchObject({ accepted: 0, refused: 2, cases: 2, casesWhollyLegal: 0, unknownStates: ['-100'] })
  })

  it('keeps interleaved cases apart, skips empty states, sorts moves by count', () => {
    const result = replay([
      ['1', 'New'],
      ['2', 'New'],
      ['1', '?'],
      ['2', 'Active'],
      ['3', 'New'],
      ['3', 'Active'],
      ['1', 'Resolved'],
    ])
    expect(moves(result)).toEqual(['New → In Progress 2 yes', 'New → Resolved 1 no'])
    expect(result).toMatchObject({ cases: 3, casesWhollyLegal: 2, events: 7 })
  })

  it('reads states in any spelling and can be asked in between', () => {
    const log = createReplay(sample())
    for (const status of ['new', 'ASSIGNED', 'in_progress']) log.add({ case: 'a', status })
    expect(log.result().accepted).toBe(2)
    log.add({ case: 'a', status: 'On-Hold' })
    expect(log.result()).toMatchObject({ accepted: 3, refused: 0 })
  })

  it('keeps the order of the log and says when times run backwards or cannot be read', () => {
    const result = replay([
      ['1', 'New', '29/2/2016 01:16'],
      ['1', 'Active', '28/2/2016 09:00'],
      ['1', 'Resolved', 'yesterday'],
      ['1', 'Closed', '?'],
    ])
    expect(result).toMatchObject({ accepted: 3, outOfOrder: 1, unreadableTimes: 1 })
  })
})

describe('presets', () => {
  it.each([
    ['29/2/2016 01:16', 'day-first', '2016-02-29T01:16:00.000Z'],
    ['2/29/2016 01:16', 'month-first', '2016-02-29T01:16:00.000Z'],
    ['05.03.2016', 'day-first', '2016-03-05T00:00:00.000Z'],
    ['2016-02-29T01:16:00+01:00', 'iso', '2016-02-29T00:16:00.000Z'],
  ] as const)('%s (%s)', (text, dates, instant) => expect(new Date(readLogTime(text, dates)!).toISOString()).toBe(instant))

  it.each([
    ['30/2/2016 01:16', 'day-first'],
    ['29/2/2016', 'month-first'],
    ['soon', 'iso'],
    ['1/1/2016 25:00', 'day-first'],
  ] as const)('%s is no %s time', (text, dates) => expect(readLogTime(text, dates)).toBeNull())

  it('maps words as data', () => {
    expect(mapLogState(' active ', presets.servicenow)).toBe('In Progress')
    expect(mapLogState('Awaiting Evidence', presets.servicenow)).toBe('On Hold')
    expect(mapLogState('Awaiting', presets.servicenow)).toBe('Awaiting')
    expect(mapLogState('?', presets.servicenow)).toBeNull()
    expect(mapLogState('Resolved', presets.servicenow)).toBe('Resolved')
  })
})
