import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultLifecycle } from './default-lifecycle.ts'
import type { TaskerProfile } from './document.ts'
import { seeds } from './seeds.ts'
import { profiles, sample, sampleText } from './test-profiles.ts'
import { validateProfile, validateProfileText } from './validator.ts'

type Edit = (document: TaskerProfile) => void
const broken = (edit: Edit) => {
  const document = sample()
  edit(document)
  const result = validateProfile(document)
  return result.ok ? [] : result.errors
}
const state = (document: TaskerProfile, status: string) => document.statusFlow.find((each) => each.status === status)!
const loose = (value: unknown) => value as never

const errors: [string, string, string | RegExp, Edit][] = [
  ['no-initial', '/statusFlow', /No state is initial/, (d) => delete state(d, 'New').isInitial],
  [
    'several-initial',
    '/statusFlow/1/isInitial',
    /2 states are initial \(New, Assigned\)/,
    (d) => (state(d, 'Assigned').isInitial = true),
  ],
  [
    'unknown-target',
    '/statusFlow/2/allowedTransitions/0',
    /“Resolvd”.*Did you mean “Resolved”/,
    (d) => (state(d, 'In Progress').allowedTransitions[0] = 'Resolvd'),
  ],
  [
    'duplicate-status',
    '/statusFlow/7/status',
    /On Hold and on_hold count as the same name/,
    (d) => d.statusFlow.push({ status: 'on_hold', allowedTransitions: ['Closed'] }),
  ],
  ['unreachable-state', '/statusFlow/3', /On Hold cannot be reached/, (d) => state(d, 'In Progress').allowedTransitions.pop()],
  ['no-way-to-terminal', '/statusFlow/3', /From On Hold there is no way/, (d) => (state(d, 'On Hold').allowedTransitions = [])],
  [
    'no-terminal',
    '/statusFlow',
    /No state is terminal/,
    (d) => ['Closed', 'Cancelled'].map((s) => delete state(d, s).isTerminal),
  ],
  [
    'required-hidden',
    '/fieldRules/severity',
    /required but hidden/,
    (d) => (d.fieldRules!.severity = { visible: false, required: true }),
  ],
  [
    'required-hidden',
    '/statusFlow/4/requiredFields/0',
    /Resolved requires “severity”, which the profile hides/,
    (d) => (state(d, 'Resolved').requiredFields = ['severity']),
  ],
  ['unknown-field', '/fieldRules/severty', /Did you mean “severity”/, (d) => (d.fieldRules!.severty = { visible: true })],
  [
    'unknown-field',
    '/fieldRules/slaRespondedAt',
    /stamped by the status flow/,
    (d) => (d.fieldRules!.slaRespondedAt = { visible: true }),
  ],
  [
    'duplicate-field',
    '/fieldRules/isMajorIncident',
    /same field/,
    (d) => Object.assign(d.fieldRules!, { majorIncident: {}, isMajorIncident: {} }),
  ],
  [
    'sla-unknown-priority',
    '/slaDefaults/0/priority',
    /unknown priority “Urgent”/,
    (d) => (d.slaDefaults![0]!.priority = 'Urgent'),
  ],
  ['sla-minutes', '/slaDefaults/0/responseMinutes', /positive number/, (d) => (d.slaDefaults![0]!.responseMinutes = 0)],
  ['sla-minutes', '/slaDefaults/0/resolutionMinutes', /positive number/, (d) => (d.slaDefaults![0]!.resolutionMinutes = -5)],
  ['sla-minutes', '/slaDefaults/0/resolutionMinutes', /ten years/, (d) => (d.slaDefaults![0]!.resolutionMinutes = 1e9)],
  ['sla-minutes', '/slaDefaults/0', /has no target/, (d) => (d.slaDefaults![0] = { priority: 'High' })],
  [
    'sla-duplicate-priority',
    '/slaDefaults/3/priority',
    /Medium and normal are the same/,
    (d) => d.slaDefaults!.push({ priority: 'normal', responseMinutes: 1 }),
  ],
  [
    'sla-response-after-resolution',
    '/slaDefaults/0/responseMinutes',
    /later than the resolution/,
    (d) => (d.slaDefaults![0]!.responseMinutes = 481),
  ],
  ['pauses-terminal', '/statusFlow/5/pausesSla', /terminal and pauses/, (d) => (state(d, 'Closed').pausesSla = true)],
  [
    'duplicate-role',
    '/statusFlow/4/role',
    /both have the role hold/,
    (d) => ['On Hold', 'Resolved'].map((s) => Object.assign(state(d, s), { role: 'hold' })),
  ],
  [
    'unknown-required-field',
    '/statusFlow/4/requiredFields/0',
    /no field of a task/,
    (d) => (state(d, 'Resolved').requiredFields = ['nonsense']),
  ],
  [
    'custom-field-clash',
    '/customFields/0/key',
    /built-in/,
    (d) => (d.customFields = [{ key: 'majorIncident', label: 'x', type: 'text' }]),
  ],
  [
    'custom-field-clash',
    '/customFields/0/key',
    /built-in/,
    (d) => (d.customFields = [{ key: 'constructor', label: 'x', type: 'text' }]),
  ],
  [
    'duplicate-custom-field',
    '/customFields/1/key',
    /twice/,
    (d) => (d.customFields = [0, 1].map(() => ({ key: 'cost', label: 'Cost', type: 'text' }))),
  ],
  [
    'choices-missing',
    '/customFields/0',
    /choice without choices/,
    (d) => (d.customFields = [{ key: 'cost', label: 'Cost', type: 'choice' }]),
  ],
  [
    'choices-not-applicable',
    '/customFields/0/choices',
    /only type choice/,
    (d) => (d.customFields = [{ key: 'cost', label: 'Cost', type: 'text', choices: ['a'] }]),
  ],
  [
    'choices-not-applicable',
    '/fieldRules/dueDate/choices',
    /takes no choices/,
    (d) => (d.fieldRules!.dueDate = { choices: ['a'] }),
  ],
  [
    'unknown-choice',
    '/fieldRules/impact/choices/0',
    /“Huge” is no choice of impact/,
    (d) => (d.fieldRules!.impact = { choices: ['Huge'] }),
  ],
  ['duplicate-choice', '/fieldRules/source/choices/1', /twice/, (d) => (d.fieldRules!.source = { choices: ['Email', 'email'] })],
  ['default-not-choice', '/fieldRules/impact/default', /cannot be “Huge”/, (d) => (d.fieldRules!.impact = { default: 'Huge' })],
  [
    'default-not-choice',
    '/fieldRules/source/default',
    /choose Email/,
    (d) => (d.fieldRules!.source = { choices: ['Email'], default: 'Phone' }),
  ],
  [
    'default-wrong-type',
    '/fieldRules/majorIncident/default',
    /yes or no/,
    (d) => (d.fieldRules!.majorIncident = { default: 'maybe' }),
  ],
  ['default-wrong-type', '/fieldRules/dueDate/default', /not a date/, (d) => (d.fieldRules!.dueDate = { default: '2026-02-31' })],
  ['unknown-key', '/fieldRulez', /unknown key “fieldRulez”.*“fieldRules”/, (d) => Object.assign(d, { fieldRulez: {} })],
  [
    'unknown-key',
    '/statusFlow/0/initial',
    /“statusFlow.0” has an unknown key “initial”/,
    (d) => Object.assign(d.statusFlow[0]!, { initial: true }),
  ],
  ['missing', '/name', /“name” is missing/, (d) => delete loose(d)['name' as never]],
  [
    'missing',
    '/statusFlow/0/allowedTransitions',
    /is missing; add it as a list/,
    (d) => delete loose(d.statusFlow[0])['allowedTransitions' as never],
  ],
  ['wrong-type', '/statusFlow', /must be a list/, (d) => (d.statusFlow = loose({}))],
  [
    'wrong-type',
    '/fieldRules/priority/required',
    /must be true or false/,
    (d) => (d.fieldRules!.priority!.required = loose('yes')),
  ],
  ['wrong-value', '/statusFlow/0/category', /must be one of new, active/, (d) => (d.statusFlow[0]!.category = loose('open'))],
  [
    'wrong-value',
    '/customFields/0/key',
    /small letter/,
    (d) => (d.customFields = [{ key: 'Cost Center', label: 'x', type: 'text' }]),
  ],
  ['wrong-size', '/name', /at most 200 characters/, (d) => (d.name = 'x'.repeat(201))],
  ['wrong-size', '/description', /at most 5000 characters/, (d) => (d.description = 'x'.repeat(5001))],
  ['wrong-size', '/statusFlow/0/status', /at most 60 characters/, (d) => (d.statusFlow[0]!.status = 'x'.repeat(61))],
  ['wrong-size', '/statusFlow/0/status', /is empty/, (d) => (d.statusFlow[0]!.status = '')],
  ['wrong-size', '/statusFlow', /is empty/, (d) => (d.statusFlow = [])],
  [
    'wrong-size',
    '/statusFlow',
    /at most 60 entries/,
    (d) => (d.statusFlow = Array.from({ length: 61 }, (_, n) => ({ status: `S${n}`, allowedTransitions: [] }))),
  ],
  [
    'wrong-size',
    '/fieldRules',
    /at most 200/,
    (d) => (d.fieldRules = Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`f${n}`, {}]))),
  ],
]

describe('a profile that cannot be saved', () => {
  it.each(errors)('%s at %s', (code, path, message, edit) => {
    const found = broken(edit)
    const finding = found.find((each) => each.code === code && each.path === path)
    expect(found.length, 'one mistake, one finding (or its direct consequence)').toBeLessThanOrEqual(2)
    expect(finding, JSON.stringify(found)).toBeDefined()
    expect(finding!.message).toMatch(message)
    expect(finding!.message).toMatch(/[.”?]$/)
  })

  it('reports all mistakes at once', () => {
    const codes = broken((d) => {
      delete state(d, 'New').isInitial
      d.slaDefaults![0]!.responseMinutes = 0
      d.fieldRules!.nonsense = {}
    }).map((each) => each.code)
    expect(codes.sort()).toEqual(['no-initial', 'sla-minutes', 'unknown-field'])
  })

  it.each([null, 3, 'x', [], true, undefined])('%s is no profile', (value) => expect(validateProfile(value).ok).toBe(false))

  it('a required field that is hidden is fine with a default', () => {
    expect(broken((d) => (d.fieldRules!.severity = { visible: false, required: true, default: 'Low' }))).toEqual([])
  })
})

describe('a profile that can be saved', () => {
  it('the sample of the guide is answered unchanged', () => {
    const result = validateProfile(sample())
    expect(result).toMatchObject({ ok: true, document: sample() })
    expect(result.ok && JSON.stringify(result.document)).toBe(JSON.stringify(sample()))
  })

  it.each([...seeds.map((seed) => [seed.key, seed.document] as const), ['default', defaultLifecycle] as const])(
    '%s round-trips',
    (_, document) => {
      const text = JSON.stringify(document)
      const result = validateProfileText(text)
      expect(result.ok && JSON.stringify(result.document)).toBe(text)
    },
  )

  it('any standard is welcome, a closed state may reopen, a priority of the organization may have a row', () => {
    const document = { ...sample(), standardSource: 'ISO 20000 / house rules' }
    state(document, 'Closed').allowedTransitions = ['In Progress']
    document.slaDefaults = [...document.slaDefaults!, { priority: 'P0', responseMinutes: 5 }]
    expect(validateProfile(document).ok).toBe(false)
    expect(validateProfile(document, { priorities: ['P0'] }).ok).toBe(true)
  })

  it('warns about priorities without a target, states that name themselves, terminal oddities', () => {
    const document = sample()
    state(document, 'On Hold').allowedTransitions.push('On Hold')
    state(document, 'Closed').category = 'active'
    const codes = validateProfile(document).warnings.map((each) => each.code)
    expect(codes.sort()).toEqual(['self-transition', 'sla-no-target', 'terminal-open'])
    const twoStates: TaskerProfile = {
      name: 'Log',
      statusFlow: [{ status: 'Noted', allowedTransitions: [], isInitial: true, isTerminal: true }],
    }
    expect(validateProfile(twoStates).warnings.map((each) => each.code)).toContain('initial-terminal')
  })

  it('random valid profiles are valid and come out as they went in', () => {
    fc.assert(
      fc.property(profiles, (document) => {
        const text = JSON.stringify(document)
        const result = validateProfile(document)
        expect(result.ok, JSON.stringify(result)).toBe(true)
        expect(JSON.stringify(document)).toBe(text)
      }),
    )
  })
})

it('never throws, whatever comes', () => {
  fc.assert(fc.property(fc.anything(), (value) => void validateProfile(value)))
  const leaf = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null))
  const mess = fc.record({
    name: leaf,
    statusFlow: fc.array(fc.dictionary(fc.constantFrom('status', 'allowedTransitions', 'role'), fc.oneof(leaf, fc.array(leaf)))),
  })
  fc.assert(fc.property(mess, (value) => void validateProfile(value)))
})

describe('text as typed', () => {
  it('places a finding at its line', () => {
    const result = validateProfileText(sampleText.replace('"Resolved", "On Hold"', '"Resolved", "On Hole"'))
    const finding = !result.ok && result.errors.find((each) => each.code === 'unknown-target')
    expect(finding ? finding.place : null).toMatchObject({ line: 14, column: 63 })
  })

  it('malformed JSON is one finding with its line', () => {
    const result = validateProfileText(sampleText.replace('"isInitial": true }', '"isInitial": true, }'))
    expect(result).toMatchObject({ ok: false, errors: [{ code: 'malformed-json', place: { line: 12 } }] })
    expect(!result.ok && result.errors[0]!.message).toBe('Line 12: A comma stands before }; remove the comma.')
  })
})
