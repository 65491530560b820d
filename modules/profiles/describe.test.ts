import { describe, expect, it } from 'vitest'
import { describeProcess, evaluateCreate, seeds } from './contract.ts'

const t0 = new Date('2026-05-04T08:00:00.000Z')
const at = (minutes: number) => new Date(t0.getTime() + minutes * 60_000)
const incident = seeds.find((each) => each.key === 'itil-incident')!.document
const input = {
  title: 'x',
  description: 'y',
  category: 'IT',
  impact: 'High',
  urgency: 'Medium',
  source: 'Email',
  assignedToEmail: 'a@example.org',
}
const created = evaluateCreate(incident, input, { now: t0 })
const task = created.ok ? { ...created.values, sla: created.sla } : {}

describe('the process of a task', () => {
  it('names the legal moves with what they do to the clocks', () => {
    const { status, category, moves } = describeProcess(incident, task, { now: at(48) })
    expect({ status, category }).toEqual({ status: 'New', category: 'new' })
    expect(moves).toEqual([
      {
        to: 'Assigned',
        category: 'active',
        allowed: true,
        missingFields: [],
        slaEffect: 'Stops the response clock: met 12 min before due',
      },
      expect.objectContaining({ to: 'Cancelled', slaEffect: expect.stringContaining('not judged') }),
    ])
  })

  it('names what is missing, with the reason', () => {
    const resolve = describeProcess(
      incident,
      { ...task, status: 'In Progress', resolutionCode: 'Fixed' },
      { now: at(500) },
    ).moves.find((move) => move.to === 'Resolved')!
    expect(resolve).toMatchObject({
      allowed: false,
      missingFields: [{ field: 'resolutionNotes' }],
      reason: 'To enter Resolved, fill in Resolution notes first.',
    })
    expect(resolve.slaEffect).toBe('Stops the response clock: 7 h 20 m late. Stops the resolution clock: 20 min late')
    const hold = describeProcess(incident, { ...task, status: 'In Progress' }, { now: at(10) }).moves.find(
      (move) => move.to === 'On Hold',
    )!
    expect(hold.slaEffect).toBe('Pauses the response clock. Pauses the resolution clock')
  })

  it('names every other state with the reason and the way', () => {
    const { otherStates } = describeProcess(incident, task, { now: t0 })
    expect(otherStates.map((each) => each.to)).toEqual(['In Progress', 'On Hold', 'Pending', 'Resolved', 'Closed'])
    expect(otherStates[0]).toMatchObject({
      way: ['Assigned', 'In Progress'],
      reason: expect.stringContaining('New cannot go straight to In Progress'),
    })
    const closed = describeProcess(incident, { ...task, status: 'Closed' }, { now: t0 })
    expect(closed.moves).toEqual([])
    expect(closed.otherStates[0]).toMatchObject({ way: null, reason: expect.stringContaining('final') })
  })

  it('tells the fields of the form and the clocks', () => {
    const { fields, sla } = describeProcess(incident, task, { now: at(5), choices: { category: ['IT', 'HR'] } })
    const field = (name: string) => fields.find((each) => each.field === name)
    expect(field('impact')).toEqual({
      field: 'impact',
      label: 'Impact',
      type: 'choice',
      visible: true,
      required: true,
      choices: ['High', 'Medium', 'Low'],
    })
    expect(field('category')).toMatchObject({ choices: ['IT', 'HR'] })
    expect(field('teamId')).toMatchObject({ visible: true, required: false })
    expect(sla.response?.sentence).toMatch(/55 min left/)
  })

  it('survives a state the profile has lost', () => {
    expect(describeProcess(incident, { status: 'Gone' }, { now: t0 })).toMatchObject({
      status: 'Gone',
      moves: [],
      sla: { sentence: 'No SLA target applies.' },
    })
  })
})
