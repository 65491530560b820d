import { describe, expect, it } from 'vitest'
import {
  computeSlaTargets,
  defaultLifecycle,
  evaluateCreate,
  evaluateUpdate,
  pathTo,
  pathToCategory,
  type Refusal,
  seeds,
  statusOf,
  validateStatusTransition,
} from './contract.ts'
import type { TaskerProfile } from './document.ts'
import { sample } from './test-profiles.ts'

const t0 = new Date('2026-05-04T08:00:00.000Z')
const minute = (minutes: number) => new Date(t0.getTime() + minutes * 60_000)
const iso = (minutes: number) => minute(minutes).toISOString()
const seed = (key: string) => seeds.find((each) => each.key === key)!.document
const incident = seed('itil-incident')
type Task = Record<string, unknown>

const full = {
  title: 'x',
  description: 'y',
  category: 'IT',
  impact: 'Medium',
  urgency: 'High',
  source: 'Phone',
  assignedToEmail: 'ann@example.org',
}
const born = (profile: TaskerProfile, input: object): Task => {
  const result = evaluateCreate(profile, input, { now: t0 })
  if (!result.ok) throw new Error(result.refusal.message)
  return { ...result.values, sla: result.sla }
}
const changed = (profile: TaskerProfile, task: Task, patch: object, minutes = 1) => {
  const result = evaluateUpdate(profile, task, patch, { now: minute(minutes) })
  if (!result.ok) throw new Error(result.refusal.message)
  return { ...result, task: { ...task, ...result.values, sla: result.sla } as Task }
}
const refuse = (profile: TaskerProfile, task: Task, patch: object): Refusal => {
  const result = evaluateUpdate(profile, task, patch, { now: minute(1) })
  if (result.ok) throw new Error('was accepted')
  return result.refusal
}
const walk = (profile: TaskerProfile, task: Task, ...moves: [string, number, object?][]) =>
  moves.reduce((current, [status, minutes, more]) => changed(profile, current, { status, ...more }, minutes).task, task)

const solved = { resolutionCode: 'Fixed', resolutionNotes: 'Restarted it.' }

describe('moves', () => {
  const task = born(incident, full)

  it('a legal move is stored in the flow’s spelling', () => {
    expect(changed(incident, task, { status: 'assigned' })).toMatchObject({
      values: { status: 'Assigned' },
      move: { from: 'New', to: 'Assigned', category: 'active' },
    })
  })

  it('a skipped step is refused with the rule, the way and the next states', () => {
    const refusal = refuse(incident, task, { status: 'Resolved', ...solved })
    expect(refusal).toEqual({
      code: 'transition-not-allowed',
      rule: 'Status flow of ITIL Incident: New goes on to Assigned or Cancelled.',
      message: 'New cannot go straight to Resolved under ITIL Incident; the way there is Assigned → In Progress → Resolved.',
      currentStatus: 'New',
      requestedStatus: 'Resolved',
      allowedTransitions: ['Assigned', 'Cancelled'],
      missingFields: [],
      problems: [{ field: 'status', code: 'transition-not-allowed', message: expect.any(String) }],
    })
    expect(statusOf(refusal)).toBe(409)
  })

  it('a final state, an unknown state and a state the flow has lost say what to do', () => {
    expect(refuse(incident, { ...task, status: 'Closed' }, { status: 'New' })).toMatchObject({
      code: 'terminal-status',
      message: 'Closed is final under ITIL Incident; open a new task and link it to this one.',
    })
    expect(refuse(incident, task, { status: 'Nirvana' })).toMatchObject({
      code: 'unknown-status',
      message: '“Nirvana” is not a state of ITIL Incident; from New it can go to Assigned or Cancelled.',
    })
    expect(refuse(incident, { ...task, status: 'Gone' }, { status: 'New' })).toMatchObject({
      code: 'unknown-status',
      currentStatus: 'Gone',
      allowedTransitions: [],
    })
    const back = refuse(incident, walk(incident, task, ['Assigned', 1]), { status: 'New' })
    expect(back.message).toBe(
      'Assigned cannot go straight to New under ITIL Incident; from Assigned it can go to In Progress or Cancelled.',
    )
  })

  it('staying is no move', () => {
    expect(changed(incident, task, { status: 'NEW' })).toMatchObject({ values: {}, move: null })
    expect(validateStatusTransition(incident, 'New', 'new')).toBeNull()
  })

  it('fields to enter are looked for on the task and in the patch', () => {
    const working = walk(incident, task, ['Assigned', 1], ['In Progress', 2])
    const refusal = refuse(incident, working, { status: 'Resolved', resolutionCode: 'Fixed' })
    expect(refusal).toMatchObject({
      code: 'fields-required-to-enter',
      message: 'Resolution notes is needed to enter Resolved; fill it in and move again.',
      missingFields: [{ field: 'resolutionNotes', label: 'Resolution notes', type: 'markdown' }],
    })
    expect(statusOf(refusal)).toBe(409)
    expect(refuse(incident, working, { status: 'Resolved' }).message).toBe(
      'To enter Resolved, fill in Resolution code and Resolution notes first.',
    )
    expect(changed(incident, working, { status: 'Resolved', ...solved }).values).toMatchObject({ status: 'Resolved', ...solved })
    const prepared = changed(incident, working, solved).task
    expect(changed(incident, prepared, { status: 'Resolved' }).values.status).toBe('Resolved')
    expect(refuse(incident, prepared, { status: 'Resolved', resolutionCode: null }).missingFields).toHaveLength(1)
    expect(validateStatusTransition(incident, 'In Progress', 'Resolved', working)?.missingFields).toHaveLength(2)
    expect(validateStatusTransition(incident, 'In Progress', 'Resolved')).toBeNull()
  })

  it('a hidden field to enter is filled with its default', () => {
    const profile = sample()
    profile.fieldRules!.severity = { visible: false, default: 'Low' }
    profile.statusFlow[1]!.requiredFields = ['severity']
    expect(changed(profile, { status: 'New', title: 'x' }, { status: 'Assigned' }).values).toMatchObject({ severity: 'Low' })
  })
})

describe('fields', () => {
  const task = { ...born(incident, full), severity: 'High' }

  it('only what changes is answered; equal values and other spellings of them are no change', () => {
    expect(changed(incident, task, { title: 'x', impact: 'medium', tags: [], dueDate: null, source: 'PHONE' }).values).toEqual({})
    expect(changed(incident, { ...task, dueDate: new Date(t0) }, { dueDate: '2026-05-04T10:00:00+02:00' }).values).toEqual({})
    expect(changed(incident, task, { severity: null, businessService: 'Mail' }).values).toEqual({
      severity: null,
      businessService: 'Mail',
    })
  })

  it('a required field may be changed, not emptied', () => {
    expect(refuse(incident, task, { title: ' ' })).toMatchObject({
      code: 'field-required',
      message: 'Title is required under ITIL Incident; change it, but do not empty it.',
      missingFields: [{ field: 'title' }],
    })
    expect(changed(incident, task, { title: 'z' }).values).toEqual({ title: 'z' })
  })

  it('a hidden field keeps what it has: neither set nor emptied, but it may be named unchanged', () => {
    const basic = seed('basic')
    const todo = { ...born(basic, { title: 'x', category: 'IT', priority: 'Low' }), impact: 'High' }
    expect(refuse(basic, todo, { impact: 'Low' }).code).toBe('field-hidden')
    expect(refuse(basic, todo, { impact: null }).code).toBe('field-hidden')
    expect(refuse(basic, todo, { severity: 'Low' }).code).toBe('field-hidden')
    expect(changed(basic, todo, { impact: 'high', majorIncident: false, severity: '' }).values).toEqual({})
    expect(changed(basic, todo, { status: 'In Progress' }).task.impact).toBe('High')
  })

  it('custom fields merge', () => {
    const profile: TaskerProfile = {
      ...sample(),
      customFields: ['a', 'b'].map((key) => ({ key, label: key, type: 'number' as const })),
    }
    const stored = { ...born(profile, { customFields: { a: 1 } }) }
    expect(changed(profile, stored, { customFields: { b: '2' } }).values).toEqual({ customFields: { a: 1, b: 2 } })
    expect(changed(profile, stored, { customFields: { a: 1 } }).values).toEqual({})
    expect(changed(profile, stored, { customFields: { a: null } }).values).toEqual({ customFields: { a: null } })
    expect(refuse(profile, stored, { customFields: { c: 1 } }).code).toBe('custom-field-unknown')
  })

  it('stamps cannot be written by hand', () => {
    expect(
      changed(incident, task, { firstResponseAt: iso(0), resolvedAt: iso(0), closedAt: iso(0), slaRespondedAt: iso(0) }).values,
    ).toEqual({})
  })

  it('move and field problems come together, nothing is half done', () => {
    const refusal = refuse(incident, task, { status: 'Closed', title: '', impact: 'Huge' })
    expect(refusal.code).toBe('transition-not-allowed')
    expect(refusal.problems.map((each) => each.code)).toEqual(['transition-not-allowed', 'field-required', 'choice-not-allowed'])
  })
})

describe('stamps and clocks', () => {
  const task = born(incident, full)

  it('responding, resolving and closing stamp once', () => {
    const done = walk(incident, task, ['Assigned', 10], ['In Progress', 20], ['Resolved', 30, solved], ['Closed', 40])
    expect(done).toMatchObject({ firstResponseAt: iso(10), resolvedAt: iso(30), closedAt: iso(40) })
    expect(done.sla).toMatchObject({ response: { metAt: iso(10) }, resolution: { metAt: iso(30) } })
  })

  it('reopening clears the resolution and runs its clock again; the response never reopens', () => {
    const resolved = walk(incident, task, ['Assigned', 10], ['In Progress', 20], ['Resolved', 100, solved])
    const again = walk(incident, resolved, ['In Progress', 500])
    expect(again).toMatchObject({ firstResponseAt: iso(10), resolvedAt: null, resolutionDueAt: iso(480 + 400) })
    expect(again.sla).toMatchObject({ response: { metAt: iso(10) }, resolution: { attempts: [{ metAt: iso(100) }] } })
    expect(walk(incident, again, ['Resolved', 600])).toMatchObject({ resolvedAt: iso(600) })
  })

  it('a reopened clock follows a priority changed meanwhile', () => {
    const resolved = walk(incident, task, ['Assigned', 10], ['In Progress', 20], ['Resolved', 100, solved])
    const raised = changed(incident, resolved, { priority: 'Critical' }, 200).task
    expect(raised.sla).toEqual(resolved.sla)
    expect(walk(incident, raised, ['In Progress', 500]).resolutionDueAt).toBe(iso(240 + 400))
  })

  it('waiting pauses, working resumes; on hold and pending in a row are one pause', () => {
    const held = walk(incident, task, ['Assigned', 10], ['In Progress', 20], ['On Hold', 30])
    expect(held).toMatchObject({ resolutionDueAt: null, responseDueAt: iso(60) })
    const resumed = walk(incident, held, ['In Progress', 130])
    expect(resumed).toMatchObject({ resolutionDueAt: iso(580) })
    const lifecycle = born(
      { ...defaultLifecycle, slaDefaults: [{ priority: 'Normal', resolutionMinutes: 60 }] },
      { title: 'x', category: 'IT' },
    )
    const profile: TaskerProfile = { ...defaultLifecycle, slaDefaults: [{ priority: 'Medium', resolutionMinutes: 60 }] }
    const twice = walk(profile, lifecycle, ['OnHold', 10], ['Blocked', 20], ['InProgress', 30])
    expect((twice.sla as { resolution: { pauses: unknown[] } }).resolution.pauses).toHaveLength(1)
    expect(twice.resolutionDueAt).toBe(iso(80))
  })

  it('another priority aims again, elapsed time and pauses carried', () => {
    const held = walk(incident, task, ['Assigned', 10], ['In Progress', 20], ['On Hold', 30], ['In Progress', 130])
    expect(changed(incident, held, { priority: 'Critical' }, 200).values).toEqual({
      priority: 'Critical',
      resolutionDueAt: iso(340),
    })
    expect(changed(incident, held, { priority: 'medium' }, 200).values).toEqual({
      priority: 'Normal',
      resolutionDueAt: iso(1540),
    })
  })

  it('a chosen due instant stays through a change of priority and is released by null', () => {
    const chosen = changed(incident, task, { resolutionDueAt: iso(99) }, 5).task
    expect(chosen.sla).toMatchObject({ resolution: { source: 'explicit', minutes: 99, dueAt: iso(99) } })
    const raised = changed(incident, chosen, { priority: 'Critical' }, 6).task
    expect(raised).toMatchObject({ resolutionDueAt: iso(99), responseDueAt: iso(15) })
    expect(changed(incident, raised, { resolutionDueAt: null }, 7).values).toEqual({ resolutionDueAt: iso(240) })
  })

  it('cancelling judges no target; leaving no response unmet counts as stopped', () => {
    const cancelled = walk(incident, task, ['Cancelled', 5000])
    expect(cancelled).toMatchObject({ resolvedAt: iso(5000), closedAt: iso(5000) })
    expect(cancelled).not.toHaveProperty('firstResponseAt')
    expect((cancelled.sla as { resolution: object }).resolution).not.toHaveProperty('breachedAt')
  })

  it('closing a task of the default lifecycle resolves it; reopening clears both stamps', () => {
    const closed = walk(defaultLifecycle, born(defaultLifecycle, { title: 'x', category: 'IT' }), ['Closed', 7])
    expect(closed).toMatchObject({ firstResponseAt: iso(7), resolvedAt: iso(7), closedAt: iso(7) })
    expect(walk(defaultLifecycle, closed, ['Open', 9])).toMatchObject({
      status: 'Open',
      resolvedAt: null,
      closedAt: null,
      firstResponseAt: iso(7),
    })
  })

  it('the review after an incident neither restarts the clock nor loses the resolution', () => {
    const nist = seed('nist-ir')
    const input = {
      title: 'x',
      description: 'y',
      category: 'IT',
      priority: 'High',
      severity: 'High',
      source: 'Email',
      visibility: 'Internal',
      assignedToEmail: 'a@b.c',
    }
    const reviewed = walk(
      nist,
      born(nist, input),
      ['Triage', 1],
      ['Contained', 2],
      ['Eradicating', 3],
      ['Recovering', 4],
      ['Resolved', 5, solved],
      ['Post-Incident Review', 6],
    )
    expect(reviewed).toMatchObject({ resolvedAt: iso(5), sla: { resolution: { metAt: iso(5) } } })
  })

  it('a task imported without clocks counts from its creation when it gets a target', () => {
    const old = { status: 'In Progress', title: 'x', createdAt: iso(-100), firstResponseAt: iso(-50) }
    expect(changed(incident, old, { priority: 'High' }, 0).values).toEqual({ priority: 'High', resolutionDueAt: iso(380) })
  })
})

describe('ways', () => {
  it.each([
    ['New', 'Resolved', ['Assigned', 'In Progress', 'Resolved']],
    ['on hold', 'resolved', ['In Progress', 'Resolved']],
    ['New', 'New', []],
    ['Closed', 'New', null],
    ['Nirvana', 'New', null],
  ])('%s to %s', (from, to, way) => expect(pathTo(incident, from, to)).toEqual(way))

  it('prefers open work to waiting and closed states, and finds the nearest of a category', () => {
    expect(pathTo(defaultLifecycle, 'OnHold', 'Closed')).toEqual(['Closed'])
    expect(pathTo(seed('itil-service-request'), 'New', 'In Progress')).toEqual(['Assigned', 'In Progress'])
    expect(pathToCategory(incident, 'On Hold', ['resolved', 'closed'])).toEqual(['In Progress', 'Resolved'])
    expect(pathToCategory(seed('basic'), 'Open', ['closed'])).toEqual(['In Progress', 'Closed'])
  })
})

it('targets of a priority', () => {
  expect(computeSlaTargets(incident, 'critical', t0)).toEqual({ responseDueAt: minute(15), resolutionDueAt: minute(240) })
  expect(computeSlaTargets(incident, 'Normal', t0)).toEqual(computeSlaTargets(incident, 'MEDIUM', t0))
  expect(computeSlaTargets(seed('basic'), 'Critical', t0)).toEqual({ responseDueAt: null, resolutionDueAt: null })
  expect(computeSlaTargets(sample(), null, t0)).toEqual({ responseDueAt: null, resolutionDueAt: null })
})
