import { describe, expect, test } from 'vitest'
import { compileProfile, seeds } from '../contract.ts'
import * as simulation from './simulation.ts'

const profile = compileProfile(seeds.find(({ document }) => document.name === 'ITIL Incident')!.document)
const start = Date.UTC(2026, 0, 5, 9)
const values = {
  ...{ title: 'Mail is down', description: 'Nobody can send', category: 'IT', priority: 'High', impact: 'High', urgency: 'High' },
  ...{ source: 'Phone', assignedToEmail: 'tom@example.com' },
}
const opened = () => simulation.create(profile, simulation.newTrial(start), values, {})

describe('a ticket on trial', () => {
  test('is opened, moved and refused as a real one, in its own time', () => {
    let trial = simulation.wait(simulation.wait(opened(), 15), 15)
    trial = simulation.change(profile, trial, {}, 'Assigned', {})
    expect(trial.task).toMatchObject({ status: 'Assigned', firstResponseAt: '2026-01-05T09:30:00.000Z' })
    trial = simulation.change(profile, trial, {}, 'Closed', {})
    expect(trial.refusal?.code).toBe('transition-not-allowed')
    expect(trial.task?.status).toBe('Assigned')
    trial = simulation.change(profile, trial, {}, 'In Progress', {})
    trial = simulation.change(profile, trial, {}, 'Resolved', {})
    expect([trial.pending, trial.refusal?.missingFields.length]).toEqual(['Resolved', 2])
    trial = simulation.change(profile, trial, { resolutionCode: 'Fixed', resolutionNotes: 'Restarted' }, 'Resolved', {})
    expect(trial.task).toMatchObject({ status: 'Resolved', resolutionCode: 'Fixed' })
    expect(trial.entries.map(({ kind }) => kind)).toEqual(['created', 'waited', 'moved', 'refused', 'moved', 'refused', 'moved'])
    expect(simulation.clocks(profile, trial)?.response?.standing).toBe('met')
  })
  test('that lacks something is not opened', () => {
    const trial = simulation.create(profile, simulation.newTrial(start), { title: 'Only this' }, {})
    expect([trial.task, trial.refusal?.code]).toEqual([null, 'field-required'])
  })
  test('is late when its time is over', () => {
    const trial = simulation.wait(opened(), 61)
    expect(simulation.clocks(profile, trial)?.response?.standing).toBe('overdue')
  })
  test('stands nowhere when the draft takes its state away', () => {
    const other = compileProfile(seeds.find(({ document }) => document.name === 'Basic')!.document)
    expect([simulation.isStranded(profile, opened()), simulation.isStranded(other, opened())]).toEqual([false, true])
  })
})
