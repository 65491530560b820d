import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileProfile, createReplay, presets, seeds } from '../contract.ts'
import { CsvStream } from './csv-stream.ts'
import { columnsOf, peek, presetOf, readLog } from './log-file.ts'
import { judgeLog, MoveCollector } from './log-moves.ts'

const incident = compileProfile(seeds.find(({ document }) => document.name === 'ITIL Incident')!.document)

const parse = (pieces: readonly string[]) => {
  const csv = new CsvStream()
  return [...pieces.flatMap((piece) => csv.feed(piece)), ...csv.end()]
}

describe('a log in CSV', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', ' ', 'ü'), maxLength: 6 })
  const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`
  test('is the same however it arrives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(',', ';', '\t'),
        fc.array(fc.nat(60), { maxLength: 8 }),
        (rows, delimiter, cuts) => {
          const body = rows.map((row) => row.map(quoted).join(delimiter)).join('\r\n')
          const text = `"one"${delimiter}"two"\n${body}`
          const at = [...new Set([0, ...cuts.map((cut) => cut % text.length), text.length])].sort((a, b) => a - b)
          const pieces = at.slice(1).map((end, n) => text.slice(at[n], end))
          expect(parse(pieces)).toEqual([['one', 'two'], ...rows])
        },
      ),
    )
  })
  test('may have an empty line, a mark of its encoding and no last line break', () => {
    expect(parse(['\uFEFFa;b\n1;2\n\n3;4'])).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ])
    expect(parse(['only'])).toEqual([['only']])
    expect(parse([''])).toEqual([])
  })
  test('is read by the columns its preset names', async () => {
    const text = 'number,incident_state,sys_updated_at\nA,New,1/2/2016 10:00\nA,Active,1/2/2016 11:00\nA,Closed,1/2/2016 12:00\n'
    const file = new File([text], 'log.csv')
    const { columns } = await peek(file)
    expect(presetOf(columns)).toBe('servicenow')
    const chosen = columnsOf(columns, presets.servicenow)
    expect(chosen).toEqual({ case: 'number', time: 'sys_updated_at', status: 'incident_state' })
    const log = await readLog({ file, preset: 'servicenow', columns: chosen }, () => {})
    expect(log).toMatchObject({ cases: 1, events: 3, moves: [{ from: 'New', to: 'In Progress', count: 1 }, { to: 'Closed' }] })
  })
})

describe('the judgement', () => {
  const words = [
    'New',
    'new',
    'Active',
    'Awaiting User',
    'In Progress',
    'on-hold',
    'Resolved',
    'Closed',
    'Limbo',
    '',
    'Cancelled',
  ]
  const events = fc.array(fc.record({ case: fc.constantFrom('1', '2', '3'), status: fc.constantFrom(...words) }), {
    maxLength: 40,
  })
  test('is the one of the replay on the server and the command line', () => {
    fc.assert(
      fc.property(events, fc.constantFrom('generic', 'servicenow'), (log, name) => {
        const preset = presets[name]!
        const [replay, collector] = [createReplay(incident, preset), new MoveCollector(preset)]
        for (const event of log) {
          replay.add(event)
          collector.add(event)
        }
        const { accepted, refused, cases, casesWhollyLegal, moves } = judgeLog(incident, collector.result(), preset)
        const told = replay.result()
        expect({ accepted, refused, cases, casesWhollyLegal }).toEqual({
          accepted: told.accepted,
          refused: told.refused,
          cases: told.cases,
          casesWhollyLegal: told.casesWhollyLegal,
        })
        expect(moves.map((move) => move.count).sort()).toEqual(told.moves.map((move) => move.count).sort())
      }),
    )
  })
  test('takes a word for the state somebody says it means', () => {
    const collector = new MoveCollector(presets.generic)
    for (const status of ['New', 'Triaged', 'Assigned', 'In Progress']) collector.add({ case: '1', status })
    const log = collector.result()
    expect(judgeLog(incident, log, presets.generic)).toMatchObject({
      refused: 2,
      casesWhollyLegal: 0,
      unknownStates: ['Triaged'],
    })
    expect(judgeLog(incident, log, presets.generic, { Triaged: 'Assigned' })).toMatchObject({ refused: 0, casesWhollyLegal: 1 })
  })
})
