import { describe, expect, it } from 'vitest'
import { compileProfile, type StateCategory, statusKey, type TaskerProfile } from './contract.ts'
import { taskFields } from './fields.ts'
import { categoryOf } from './states.ts'
import { sample } from './test-profiles.ts'

describe('the category of a state', () => {
  it.each<[string, object, StateCategory]>([
    ['Pending', { isInitial: true }, 'new'],
    ['OnHold', {}, 'waiting'],
    ['ON HOLD', {}, 'waiting'],
    ['Waiting for vendor', {}, 'waiting'],
    ['awaiting_parts', {}, 'waiting'],
    ['Blocked', {}, 'waiting'],
    ['Unblocked', {}, 'active'],
    ['Household check', {}, 'active'],
    ['Unresolved', {}, 'active'],
    ['Resolved', { isTerminal: true }, 'resolved'],
    ['Fulfilled', {}, 'resolved'],
    ['Shipped', { setSlaResolved: true }, 'resolved'],
    ['Shipped', { setSlaResolved: true, isTerminal: true }, 'closed'],
    ['Post-Incident Review', {}, 'resolved'],
    ['Code Review', {}, 'active'],
    ['Canceled', {}, 'cancelled'],
    ['Rejected', { isTerminal: true }, 'cancelled'],
    ['False Positive', { isTerminal: true }, 'cancelled'],
    ['Closed', {}, 'closed'],
    ['Ordered', { isTerminal: true }, 'closed'],
    ['On Hold', { isTerminal: true }, 'closed'],
    ['Approved', {}, 'active'],
    ['Resolved', { category: 'waiting' }, 'waiting'],
  ])('%s %j is %s', (status, more, category) => expect(categoryOf({ status, allowedTransitions: [], ...more })).toBe(category))
})

describe('a compiled profile', () => {
  const profile = compileProfile(sample())

  it('finds states in any spelling', () => {
    for (const name of ['In Progress', 'inprogress', 'IN_PROGRESS', ' in-progress '])
      expect(profile.state(name)?.status).toBe('In Progress')
    for (const name of ['', 'Progress', null, undefined, 5, '__proto__']) expect(profile.state(name)).toBeUndefined()
    expect(statusKey('In - Progress_')).toBe('inprogress')
  })

  it('knows its roles: hold where it is named so, resume next to it', () => {
    const roles = Object.fromEntries([...profile.roles].map(([role, state]) => [role, state.status]))
    expect(roles).toEqual({ hold: 'On Hold', resume: 'In Progress', resolved: 'Resolved' })
    const explicit = sample()
    explicit.statusFlow[1]!.role = 'resume'
    expect(compileProfile(explicit).roles.get('resume')?.status).toBe('Assigned')
    const procurement: TaskerProfile = {
      name: 'Procurement',
      statusFlow: [
        { status: 'Submitted', allowedTransitions: ['Pending approval'], isInitial: true },
        { status: 'Pending approval', allowedTransitions: ['Approved', 'Declined'] },
        { status: 'Approved', allowedTransitions: ['Ordered'] },
        { status: 'Declined', allowedTransitions: [], isTerminal: true },
        { status: 'Ordered', allowedTransitions: [], isTerminal: true, setSlaResolved: true },
      ],
    }
    const found = Object.fromEntries([...compileProfile(procurement).roles].map(([role, state]) => [role, state.status]))
    expect(found, 'no hold: approval is not a place to park a task').toEqual({
      approval: 'Pending approval',
      rejected: 'Declined',
      resolved: 'Ordered',
      resume: 'Approved',
    })
  })

  it('pauses in waiting states unless told otherwise', () => {
    expect(profile.states.filter((state) => state.pausesSla).map((state) => state.status)).toEqual(['On Hold'])
    const told = sample()
    told.statusFlow[3]!.pausesSla = false
    told.statusFlow[2]!.pausesSla = true
    expect(
      compileProfile(told)
        .states.filter((state) => state.pausesSla)
        .map((state) => state.status),
    ).toEqual(['In Progress'])
  })

  it('is made once per document and frozen; a compiled one is taken as it is', () => {
    const document = sample()
    expect(compileProfile(document)).toBe(compileProfile(document))
    expect(compileProfile(compileProfile(document))).toBe(compileProfile(document))
    expect(compileProfile(sample())).not.toBe(compileProfile(sample()))
    expect(() => Object.assign(profile.states[0]!, { status: 'x' })).toThrow()
    expect(() => Object.assign(profile, { name: 'x' })).toThrow()
  })

  it('reads rules by alias; what has no rule is visible and optional', () => {
    const aliased = compileProfile({
      ...sample(),
      fieldRules: { majorIncident: { visible: false }, assignmentGroup: { required: true } },
    })
    expect(aliased.fieldMap.get('isMajorIncident')).toMatchObject({ visible: false })
    expect(aliased.fieldMap.get('teamId')).toMatchObject({ required: true })
    expect(aliased.fieldMap.get('impact')).toMatchObject({ visible: true, required: false })
  })

  it('finds SLA rows by priority, Medium as Normal', () => {
    expect(profile.sla.get('normal')).toEqual({ priority: 'Medium', responseMinutes: 240, resolutionMinutes: 1440 })
    expect(profile.sla.get('critical')).toBeUndefined()
  })
})

it('the catalogue has 37 fields, each once', () => {
  expect(new Set(taskFields.map((field) => field.key)).size).toBe(taskFields.length)
  expect(taskFields.length).toBe(37)
})
