import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileProfile, defaultLifecycle, seeds, statusKey, type TaskerProfile, validateProfileText } from '../contract.ts'
import { compareProfiles } from './changes.ts'
import { print } from './document.ts'
import { readDuration, writeDuration } from './durations.ts'
import { layout } from './flow-layout.ts'
import { historyOf, redo, step, undo } from './history.ts'
import { diffLines, foldRows } from './line-diff.ts'
import * as edits from './profile-edits.ts'

const incident = seeds.find(({ document }) => document.name === 'ITIL Incident')!.document
const text = print(incident)
const read = (changed: string) => JSON.parse(changed) as TaskerProfile
const words = (before: string, after: string) =>
  compareProfiles(read(before), read(after)).map(({ area, where, what, before: old, after: now }) => [
    area,
    where,
    what,
    old,
    now,
  ])

describe('the flow', () => {
  test('a renamed state takes every way along and is told as renamed', () => {
    const index = incident.statusFlow.findIndex(({ status }) => status === 'In Progress')
    const renamed = edits.renameState(index, 'Being worked on')(text)
    expect(validateProfileText(renamed).ok).toBe(true)
    expect(renamed).not.toContain('In Progress')
    expect(words(text, renamed)).toEqual([['states', 'Being worked on', 'name', 'In Progress', 'Being worked on']])
  })
  test('a removed state leaves no way to it', () => {
    const index = incident.statusFlow.findIndex(({ status }) => status === 'Pending')
    const removed = edits.removeState(index)(text)
    expect(removed).not.toContain('"Pending"')
    expect(words(text, removed)).toEqual([['states', 'Pending', undefined, 'Pending', undefined]])
  })
  test('an added state stands before the end and can be reached', () => {
    const added = edits.addState('Verified', 2)(text)
    const states = read(added).statusFlow
    expect(states.findIndex(({ status }) => status === 'Verified')).toBe(states.findIndex((state) => state.isTerminal) - 1)
    expect(states[2]!.allowedTransitions).toContain('Verified')
  })
  test('one start replaces the other', () => {
    const changed = read(edits.setState(1, 'isInitial', true)(text))
    expect(changed.statusFlow.filter((state) => state.isInitial).map(({ status }) => status)).toEqual(['Assigned'])
  })
  test('moves are told as arrows', () => {
    const changed = edits.setMove('New', 'resolved', true)(edits.setMove('new', 'Assigned', false)(text))
    expect(words(text, changed)).toEqual([
      ['moves', 'New → Assigned', undefined, 'New → Assigned', undefined],
      ['moves', 'New → Resolved', undefined, undefined, 'New → Resolved'],
    ])
  })
  test('setting and taking back is nothing', () => {
    fc.assert(
      fc.property(fc.nat(incident.statusFlow.length - 1), fc.nat(incident.statusFlow.length - 1), (from, to) => {
        const [a, b] = [incident.statusFlow[from]!, incident.statusFlow[to]!]
        const was = a.allowedTransitions.some((name) => statusKey(name) === statusKey(b.status))
        const there = edits.setMove(a.status, b.status, !was)(text)
        expect(words(text, edits.setMove(a.status, b.status, was)(there))).toEqual([])
      }),
    )
  })
})

describe('fields and targets', () => {
  test('a rule under another name of its field stays there', () => {
    const authored = print({ ...incident, fieldRules: { majorIncident: { visible: false } } })
    const changed = read(edits.setRule('isMajorIncident', 'visible', true)(authored))
    expect(changed.fieldRules).toEqual({ majorIncident: { visible: true } })
  })
  test('a rule that says nothing is not kept', () => {
    const none = edits.setRule('tier', 'default', 2)(text)
    expect(read(none).fieldRules!.tier).toEqual({ default: 2 })
    expect(edits.setRule('tier', 'default', undefined)(none)).toBe(text)
  })
  test('a custom field is carried wherever it is named', () => {
    const made = edits.saveCustomField(null, { key: 'costCenter', label: 'Cost center', type: 'text' })(text)
    const used = edits.setState(3, 'requiredFields', ['costCenter'])(edits.setRule('costCenter', 'required', true)(made))
    const renamed = edits.saveCustomField(0, { key: 'budget', label: 'Budget', type: 'text' })(used)
    expect(renamed).not.toContain('costCenter')
    expect(read(renamed).fieldRules!.budget).toEqual({ required: true })
    expect(read(renamed).statusFlow[3]!.requiredFields).toEqual(['budget'])
    expect(edits.removeCustomField(0)(renamed)).not.toContain('budget')
  })
  test('targets stand in the order of the priorities', () => {
    const order = ['Critical', 'High', 'Normal', 'Low']
    const two = edits.setTarget(
      'Critical',
      'responseMinutes',
      15,
      order,
    )(edits.setTarget('Low', 'responseMinutes', 600, order)(print({ name: 'Bare', statusFlow: incident.statusFlow })))
    expect(read(two).slaDefaults!.map(({ priority }) => priority)).toEqual(['Critical', 'Low'])
    expect(read(edits.setTarget('Low', 'responseMinutes', undefined)(two)).slaDefaults).toHaveLength(1)
    // Medium is what the author calls Normal.
    const medium = read(edits.setTarget('Normal', 'responseMinutes', 5, order)(text))
    expect(medium.slaDefaults!.filter(({ responseMinutes }) => responseMinutes === 5)).toHaveLength(1)
    expect(medium.slaDefaults).toHaveLength(incident.slaDefaults!.length)
  })
  test('durations come back as they went', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 5_000_000 }), (minutes) => readDuration(writeDuration(minutes)) === minutes))
    expect(['15m', '4h', '2d', '1d 4h', '1.5h', '90', '1 w', ''].map(readDuration)).toEqual([
      15,
      240,
      2880,
      1680,
      90,
      90,
      10080,
      undefined,
    ])
    expect(['soon', '0', '4x', '1h later', '0.5m', '-5m'].map(readDuration)).toEqual(Array(6).fill(null))
  })
})

describe('steps back', () => {
  test('lead through every text there was', () => {
    let history = historyOf('a')
    for (const [n, each] of ['b', 'c', 'd'].entries()) history = step(history, each, n * 10_000)
    expect([undo(history).text, undo(undo(history)).text, redo(undo(undo(history))).text]).toEqual(['c', 'b', 'c'])
    expect(undo(undo(undo(undo(history)))).text).toBe('a')
  })
  test('typing is one step until there is a pause', () => {
    let history = historyOf('')
    for (const [n, each] of ['a', 'ab', 'abc'].entries()) history = step(history, each, 1000 + n * 100, 'typing')
    expect(undo(step(history, 'abcd', 9000, 'typing')).text).toBe('abc')
    expect(undo(history).text).toBe('')
  })
})

describe('the differences of lines', () => {
  test('put both texts together again', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 30 }).map((each) => each.join('\n'))
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const rows = diffLines(before, after)
        const side = (key: 'left' | 'right') => rows.flatMap((row) => row[key]?.text ?? []).join('\n')
        expect([side('left'), side('right')]).toEqual([before, after])
        expect(rows.every(({ kind, left, right }) => kind !== 'same' || left?.text === right?.text)).toBe(true)
      }),
    )
  })
  test('leave out what did not change', () => {
    const many = Array.from({ length: 40 }, (_, n) => `line ${n}`)
    const folded = foldRows(diffLines(many.join('\n'), many.with(20, 'other').join('\n')))
    expect(folded.map((each) => (typeof each === 'number' ? each : each.kind))).toEqual([
      17,
      'same',
      'same',
      'same',
      'changed',
      'same',
      'same',
      'same',
      16,
    ])
  })
})

describe('the picture', () => {
  const wide: TaskerProfile = {
    name: 'Wide',
    statusFlow: Array.from({ length: 60 }, (_, n) => ({
      status: `State ${n}`,
      allowedTransitions: [n + 1, (n * 7) % 60, (n * 13) % 60].filter((to) => to < 60 && to !== n).map((to) => `State ${to}`),
      isInitial: n === 0,
      isTerminal: n === 59,
    })),
  }
  for (const document of [...seeds.map((seed) => seed.document), defaultLifecycle, wide])
    test(`of ${document.name} has no states over each other and a line for each move`, () => {
      const profile = compileProfile(document)
      const { nodes, ways, width, height } = layout(profile)
      expect(ways).toHaveLength(profile.states.reduce((sum, state) => sum + state.next.length, 0))
      for (const a of nodes) {
        expect([a.x >= 0, a.y >= 0, a.x < width, a.y < height]).toEqual([true, true, true, true])
        for (const b of nodes) if (a.index < b.index && a.row === b.row) expect(Math.abs(a.x - b.x)).toBeGreaterThan(180)
      }
      expect(ways.every(({ path }) => !path.includes('NaN'))).toBe(true)
    })
})
