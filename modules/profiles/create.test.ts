import { describe, expect, it } from 'vitest'
import { defaultLifecycle, type EvaluationContext, evaluateCreate, type Refusal, seeds, statusOf } from './contract.ts'
import type { TaskerProfile } from './document.ts'
import { sample } from './test-profiles.ts'

const now = new Date('2026-05-04T08:00:00.000Z')
const seed = (key: string) => seeds.find((each) => each.key === key)!.document
const incident = seed('itil-incident')

const make = (profile: TaskerProfile, input: object, ctx: Partial<EvaluationContext> = {}) => {
  const result = evaluateCreate(profile, input, { now, ...ctx })
  if (!result.ok) throw new Error(result.refusal.message)
  return result
}
const refuse = (profile: TaskerProfile, input: object, ctx: Partial<EvaluationContext> = {}): Refusal => {
  const result = evaluateCreate(profile, input, { now, ...ctx })
  if (result.ok) throw new Error('was accepted')
  return result.refusal
}

const full = {
  title: 'Mail is down',
  description: 'Nobody can send.',
  category: 'IT',
  impact: 'high',
  urgency: 'HIGH',
  source: 'phone',
  assignedToEmail: 'ann@example.org',
}
const plain = { title: 'Buy milk', category: 'IT' }

describe('creating a task', () => {
  it('answers everything there is to store, in canonical spelling, with running clocks', () => {
    const { values, sla, move } = make(incident, {
      ...full,
      majorIncident: true,
      assignmentGroup: ' desk ',
      tags: ['VPN', 'vpn', ' '],
    })
    expect(values).toMatchObject({
      ...{
        status: 'New',
        priority: 'Critical',
        impact: 'High',
        urgency: 'High',
        source: 'Phone',
        isMajorIncident: true,
        teamId: 'desk',
      },
      ...{
        tags: ['VPN'],
        responseDueAt: '2026-05-04T08:15:00.000Z',
        resolutionDueAt: '2026-05-04T12:00:00.000Z',
        customFields: {},
      },
    })
    expect(values).not.toHaveProperty('majorIncident')
    expect(values).not.toHaveProperty('firstResponseAt')
    expect(move).toEqual({ from: null, to: 'New', category: 'new' })
    expect(sla.response).toMatchObject({ minutes: 15, source: 'profile', priority: 'Critical', pauses: [] })
  })

  it('the default lifecycle asks for title and category and takes Normal', () => {
    expect(make(defaultLifecycle, plain)).toMatchObject({
      values: { status: 'Open', priority: 'Normal', responseDueAt: null },
      sla: { response: null, resolution: null },
    })
    expect(refuse(defaultLifecycle, { title: ' ' })).toMatchObject({
      code: 'field-required',
      message: 'Title and Category are required; fill them in and try again.',
      missingFields: [
        { field: 'title', label: 'Title', type: 'text' },
        { field: 'category', label: 'Category', type: 'choice' },
      ],
      currentStatus: null,
    })
  })

  it('leaves keys it does not govern to the caller and never touches the input', () => {
    const input = Object.freeze({ ...plain, id: 'x', profileId: 'p', nonsense: 1, majorIncident: true })
    const { values } = make(defaultLifecycle, input)
    expect(values).not.toHaveProperty('nonsense')
    expect(values).not.toHaveProperty('profileId')
  })
})

describe('priority', () => {
  const matrix: [string, string, string][] = [
    ['High', 'High', 'Critical'],
    ['High', 'Medium', 'High'],
    ['Medium', 'High', 'High'],
    ['High', 'Low', 'Normal'],
    ['Medium', 'Medium', 'Normal'],
    ['Low', 'High', 'Normal'],
    ['Medium', 'Low', 'Low'],
    ['Low', 'Medium', 'Low'],
    ['Low', 'Low', 'Low'],
  ]
  it.each(matrix)('impact %s × urgency %s suggests %s', (impact, urgency, priority) => {
    expect(make(incident, { ...full, impact, urgency }).values.priority).toBe(priority)
    expect(make(sample(), { title: 'x', impact, urgency }).values.priority, 'above the default of the rule').toBe(priority)
  })

  it('explicit wins; Medium is Normal in any case; the rule default is last', () => {
    expect(make(incident, { ...full, priority: 'low' }).values.priority).toBe('Low')
    expect(make(incident, { ...full, priority: ' mEDIUM ' })).toMatchObject({
      values: { priority: 'Normal', resolutionDueAt: '2026-05-05T08:00:00.000Z' },
    })
    expect(make(sample(), { title: 'x' }).values.priority).toBe('Normal')
  })

  it('is asked for where the profile insists, refused when it is no priority', () => {
    expect(refuse(seed('itil-problem'), { ...plain, description: 'x' })).toMatchObject({
      code: 'field-required',
      missingFields: [{ field: 'priority', choices: ['Critical', 'High', 'Normal', 'Low'] }],
    })
    const refusal = refuse(defaultLifecycle, { ...plain, priority: 'Urgent' })
    expect(refusal).toMatchObject({
      code: 'choice-not-allowed',
      message: 'Priority cannot be “Urgent”; choose Critical, High, Normal or Low.',
    })
    expect(statusOf(refusal)).toBe(422)
  })

  it('the organization may have its own, a rule may restrict them', () => {
    const choices = { priority: ['P0', 'Critical', 'Medium'] }
    expect(make(defaultLifecycle, { ...plain, priority: 'p0' }, { choices }).values.priority).toBe('P0')
    expect(make(defaultLifecycle, { ...plain, priority: 'normal' }, { choices }).values.priority).toBe('Normal')
    expect(refuse(defaultLifecycle, { ...plain, priority: 'Low' }, { choices }).code).toBe('choice-not-allowed')
    const strict: TaskerProfile = { ...sample(), fieldRules: { priority: { choices: ['Medium', 'Low'] } } }
    expect(make(strict, { priority: 'medium' }).values.priority).toBe('Normal')
    expect(refuse(strict, { priority: 'High' }, { choices }).message).toMatch(/choose Medium or Low/)
    expect(make(strict, { impact: 'High', urgency: 'High' }).values.priority, 'a suggestion that is no choice is dropped').toBe(
      'Normal',
    )
  })
})

describe('where a task starts', () => {
  it.each(['New', 'new', ' N-e_w '])('%s is the initial state', (status) =>
    expect(make(incident, { ...full, status }).values.status).toBe('New'),
  )

  it('any other state is refused with the legal way named', () => {
    const refusal = refuse(incident, { ...full, status: 'in progress' })
    expect(refusal).toMatchObject({
      code: 'transition-not-allowed',
      currentStatus: null,
      requestedStatus: 'In Progress',
      allowedTransitions: ['New'],
    })
    expect(refusal.message).toBe(
      'A new task under ITIL Incident starts in New, not in In Progress; create it there, then move it New → Assigned → In Progress.',
    )
    expect(statusOf(refusal)).toBe(409)
    expect(refuse(incident, { ...full, status: 'Nirvana' })).toMatchObject({ code: 'unknown-status', requestedStatus: 'Nirvana' })
  })

  it('or where approval waits, with the clocks paused', () => {
    const request = { ...plain, priority: 'High', requesterEmail: 'bob@example.org', status: 'Approval Pending' }
    const { values, sla, move } = make(seed('itil-service-request'), request)
    expect(move).toEqual({ from: null, to: 'Approval Pending', category: 'waiting' })
    expect(values).toMatchObject({ visibility: 'CustomerVisible', responseDueAt: null, resolutionDueAt: null })
    expect(sla.resolution).toMatchObject({
      dueAt: null,
      pauses: [{ from: now.toISOString(), to: null, reason: 'Approval Pending' }],
    })
    expect(refuse(seed('itil-service-request'), { ...request, status: 'Assigned' }).allowedTransitions).toEqual([
      'New',
      'Approval Pending',
    ])
  })

  it('fields the first state needs are asked for', () => {
    const profile = sample()
    profile.statusFlow[0]!.requiredFields = ['assignmentGroup']
    expect(refuse(profile, {})).toMatchObject({
      code: 'field-required',
      missingFields: [{ field: 'teamId', label: 'Assignment group', type: 'text' }],
    })
  })
})

describe('hidden fields', () => {
  const basic = seed('basic')
  const todo = { ...plain, priority: 'High' }

  it('a value is refused by name', () => {
    const refusal = refuse(basic, { ...todo, impact: 'High', majorIncident: true })
    expect(refusal).toMatchObject({
      code: 'field-hidden',
      message: 'Impact and Major incident are hidden by the profile; leave them out or choose a profile that shows them.',
      problems: [{ field: 'impact' }, { field: 'isMajorIncident' }],
    })
    expect(refuse(basic, { ...todo, impact: 'High' }).message).toBe(
      'Impact is hidden by Basic; leave it out or choose a profile that shows it.',
    )
  })

  it('nothing, no, and the default of the rule are no values to refuse', () => {
    expect(
      make(basic, { ...todo, impact: '', isMajorIncident: false, externalRefs: [], severity: null }).values,
    ).not.toHaveProperty('impact')
    const profile: TaskerProfile = { ...sample(), fieldRules: { severity: { visible: false, required: true, default: 'low' } } }
    expect(make(profile, {}).values.severity).toBe('Low')
    expect(make(profile, { severity: 'LOW' }).values.severity).toBe('Low')
    expect(refuse(profile, { severity: 'High' }).code).toBe('field-hidden')
  })

  it('what the system fills in is exempt, what people fill in is not', () => {
    const systemValues = { requesterEmail: 'me@example.org', requesterName: 'Me', source: 'Portal' }
    expect(make(basic, todo, { systemValues }).values).toMatchObject(systemValues)
    expect(make(basic, { ...todo, requesterEmail: 'me@example.org' }, { systemValues }).values).toMatchObject(systemValues)
    expect(refuse(basic, { ...todo, requesterEmail: 'you@example.org' }, { systemValues }).problems).toMatchObject([
      { field: 'requesterEmail', code: 'field-hidden' },
    ])
    const restricted = { ...basic, fieldRules: { ...basic.fieldRules, source: { visible: true, choices: ['Email', 'Phone'] } } }
    expect(
      make(restricted, todo, { systemValues }).values,
      'a value the profile does not offer is not filled in',
    ).not.toHaveProperty('source')
    expect(make(incident, { ...full, source: 'Chat' }, { systemValues }).values, 'the caller outranks the system').toMatchObject({
      source: 'Chat',
      requesterName: 'Me',
    })
    expect(
      make(incident, { ...full, source: undefined }, { systemValues }).values.source,
      'and the system satisfies a required field',
    ).toBe('Portal')
  })

  it('a name field follows its email unless it has a rule', () => {
    expect(refuse(basic, { ...todo, requesterName: 'Bob' }).problems).toMatchObject([{ field: 'requesterName' }])
    expect(make(basic, { ...todo, assignedToName: 'Ann' }).values.assignedToName).toBe('Ann')
  })
})

describe('custom fields', () => {
  const profile: TaskerProfile = {
    ...sample(),
    fieldRules: { costCenter: { required: true }, secret: { visible: false }, shade: { default: 'green' } },
    customFields: [
      { key: 'costCenter', label: 'Cost center', type: 'text' },
      { key: 'budget', label: 'Budget', type: 'number' },
      { key: 'shade', label: 'Shade', type: 'choice', choices: ['Red', 'Green'] },
      { key: 'from', label: 'From', type: 'date' },
      { key: 'page', label: 'Page', type: 'url' },
      { key: 'mail', label: 'Mail', type: 'email' },
      { key: 'agreed', label: 'Agreed', type: 'boolean' },
      { key: 'secret', label: 'Secret', type: 'text' },
    ],
  }
  it('are typed, defaulted and stored in their own record', () => {
    const customFields = {
      costCenter: '4711',
      budget: '12.5',
      from: '2026-02-28',
      page: 'https://example.org',
      mail: 'a@b.org',
      agreed: false,
    }
    expect(make(profile, { customFields }).values.customFields).toEqual({ ...customFields, budget: 12.5, shade: 'Green' })
  })

  it.each([
    ['budget', 'much', 'value-invalid', /takes a number/],
    ['from', '2026-02-30', 'value-invalid', /not a date/],
    ['page', 'javascript:alert(1)', 'value-invalid', /web address/],
    ['mail', 'nobody', 'value-invalid', /email address/],
    ['agreed', 'perhaps', 'value-invalid', /yes or no/],
    ['shade', 'Blue', 'choice-not-allowed', /choose Red or Green/],
    ['secret', 'x', 'field-hidden', /hidden by/],
    ['nonsense', 1, 'custom-field-unknown', /no custom field “nonsense”; it has costCenter, budget/],
    ['__proto__', 1, 'custom-field-unknown', /no custom field/],
  ])('%s = %s is refused: %s', (key, value, code, message) => {
    const customFields = JSON.parse(JSON.stringify({ costCenter: '1', KEY: value }).replace('KEY', key))
    expect(refuse(profile, { customFields }).problems).toMatchObject([
      { field: `customFields.${key}`, code, message: expect.stringMatching(message) },
    ])
  })

  it('required ones are asked for; a profile without any says so', () => {
    expect(refuse(profile, {}).missingFields).toEqual([{ field: 'customFields.costCenter', label: 'Cost center', type: 'text' }])
    expect(refuse(defaultLifecycle, { ...plain, customFields: { a: 1 } }).message).toBe(
      'Default lifecycle has no custom field “a”; it has none.',
    )
    expect(refuse(defaultLifecycle, { ...plain, customFields: [1] }).code).toBe('value-invalid')
  })
})

describe('values', () => {
  it.each([
    [{ title: 'x'.repeat(301) }, /301 characters; shorten it to 300/],
    [{ title: 5 }, /Title takes text/],
    [{ description: 'x'.repeat(10_001) }, /shorten it to 10000/],
    [{ tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }, /at most 20/],
    [{ tags: ['x'.repeat(61)] }, /shorten it to 60/],
    [{ tags: 'vpn' }, /takes a list/],
    [{ tier: 5 }, /choose 1, 2, 3 or 4/],
    [{ severity: 'Severe' }, /Critical, High, Medium, Low or Informational/],
    [{ visibility: {} }, /one word/],
    [{ contactEmail: 'a b@c' }, /email address/],
    [{ dueDate: 'tomorrow' }, /date and time/],
    [{ dueDate: '2026-02-30T10:00:00Z' }, /date and time/],
    [{ isMajorIncident: 1 }, /yes or no/],
  ])('%j is refused', (value, message) => expect(refuse(defaultLifecycle, { ...plain, ...value }).message).toMatch(message))

  it.each([
    [{ tier: '3' }, { tier: 3 }],
    [{ tier: 2 }, { tier: 2 }],
    [{ dueDate: '2026-05-04' }, { dueDate: '2026-05-04T00:00:00.000Z' }],
    [{ dueDate: '2026-05-04T10:00+02:00' }, { dueDate: '2026-05-04T08:00:00.000Z' }],
    [{ dueDate: now }, { dueDate: now.toISOString() }],
    [{ visibility: 'customervisible' }, { visibility: 'CustomerVisible' }],
    [{ source: 'Carrier pigeon' }, { source: 'Carrier pigeon' }],
    [{ source: 'walk-IN' }, { source: 'Walk-in' }],
    [{ externalRefs: [{ system: 'sn', id: '1' }] }, { externalRefs: [{ system: 'sn', id: '1' }] }],
    [{ description: '  keeps its spaces\n' }, { description: '  keeps its spaces\n' }],
  ])('%j is read', (value, stored) => expect(make(defaultLifecycle, { ...plain, ...value }).values).toMatchObject(stored))

  it('several problems come in one refusal', () => {
    const refusal = refuse(incident, { ...full, title: '', impact: 'Huge', status: 'Closed', customFields: { a: 1 } })
    expect(refusal.problems.map((each) => [each.field, each.code])).toEqual([
      ['status', 'transition-not-allowed'],
      ['impact', 'choice-not-allowed'],
      ['customFields.a', 'custom-field-unknown'],
      ['title', 'field-required'],
      ['priority', 'field-required'],
    ])
    expect(refusal.message).toMatch(
      /^A new task under ITIL Incident starts in New.* Also put right: Impact, a, Title and Priority\.$/,
    )
  })
})

describe('targets', () => {
  it('an instant the caller chose, an SLA, a category: in this order before the profile', () => {
    const chosen = make(incident, { ...full, responseDueAt: '2026-05-04T08:05:00Z' })
    expect(chosen.sla).toMatchObject({
      response: { source: 'explicit', minutes: 5, dueAt: '2026-05-04T08:05:00.000Z' },
      resolution: { source: 'profile', minutes: 240 },
    })
    const slaTarget = { source: 'explicit', name: 'Gold', responseMinutes: 7, resolutionMinutes: null } as const
    expect(make(incident, { ...full, slaId: 'gold' }, { slaTarget }).sla).toMatchObject({
      response: { source: 'explicit', minutes: 7 },
      resolution: null,
    })
    expect(make(incident, { ...full, slaId: 'gold' }).sla, 'an SLA nobody could look up leaves no profile target').toMatchObject({
      response: null,
      resolution: null,
    })
    expect(make(incident, full, { slaTarget: { ...slaTarget, source: 'category' } }).sla.response).toMatchObject({
      source: 'category',
      minutes: 7,
    })
  })

  it('a priority without a row has none', () => {
    expect(make(seed('basic'), { ...plain, priority: 'Critical' }).values).toMatchObject({
      responseDueAt: null,
      resolutionDueAt: null,
    })
  })
})
