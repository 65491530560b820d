/** Profiles for tests: a small hand-made one, the guide's sample, and random valid ones. */
import fc from 'fast-check'
import type { CustomField, FieldRule, ProfileState, TaskerProfile } from './document.ts'
import { taskField } from './fields.ts'

/** The sample of the guide "ITIL Process Profiles", as an author would paste it. */
export const sampleText = `{
"name": "ITIL Incident (Tier 1 Helpdesk)",
"description": "Restricted to Tier 1 helpdesk — severity hidden, no root cause required.",
"standardSource": "ITIL 4",
"fieldRules": {
"severity": { "visible": false, "required": false },
"rootCauseCode": { "visible": false, "required": false },
"rootCauseAnalysis": { "visible": false, "required": false },
"priority": { "visible": true, "required": true, "default": "Medium" }
},
"statusFlow": [
{ "status": "New", "allowedTransitions": ["Assigned", "Cancelled"], "isInitial": true },
{ "status": "Assigned", "allowedTransitions": ["In Progress", "Cancelled"], "setSlaResponded": true },
{ "status": "In Progress", "allowedTransitions": ["Resolved", "On Hold"] },
{ "status": "On Hold", "allowedTransitions": ["In Progress"] },
{ "status": "Resolved", "allowedTransitions": ["Closed", "In Progress"], "setSlaResolved": true },
{ "status": "Closed", "allowedTransitions": [], "isTerminal": true, "setClosedAt": true },
{ "status": "Cancelled", "allowedTransitions": [], "isTerminal": true, "setClosedAt": true }
],
"slaDefaults": [
{ "priority": "High", "responseMinutes": 60, "resolutionMinutes": 480 },
{ "priority": "Medium", "responseMinutes": 240, "resolutionMinutes": 1440 },
{ "priority": "Low", "responseMinutes": 1440, "resolutionMinutes": 7200 }
]
}`

export const sample = (): TaskerProfile => JSON.parse(sampleText) as TaskerProfile

const names = [
  'New',
  'Triage',
  'In Progress',
  'On Hold',
  'Awaiting vendor',
  'Fulfilled',
  'Review',
  'Rejected',
  'Archived',
  'Done',
]
export const ruleNames = [
  'title',
  'category',
  'severity',
  'assignmentGroup',
  'impact',
  'urgency',
  'majorIncident',
  'resolutionCode',
  'dueDate',
]
const customFields: CustomField[] = [
  { key: 'costCenter', label: 'Cost center', type: 'text' },
  { key: 'budget', label: 'Budget', type: 'number' },
  { key: 'shade', label: 'Shade', type: 'choice', choices: ['Red', 'Green'] },
]

/** A value that fits a field, for defaults and for patches. */
export const goodValue = (name: string): unknown => {
  if (name === 'budget') return 7
  if (name === 'shade') return 'green'
  if (name === 'majorIncident') return true
  if (name === 'dueDate') return '2026-05-04T09:30:00Z'
  return taskField(name)?.choices?.[0]?.toLowerCase() ?? `some ${name}`
}

const ruleOf = (name: string) =>
  fc
    .record({ visible: fc.boolean(), required: fc.boolean(), withDefault: fc.boolean() })
    .map(({ visible, required, withDefault }): [string, FieldRule] => [
      name,
      { visible, required, ...((withDefault || (required && !visible)) && { default: goodValue(name) }) },
    ])

type Plan = { extra: [number, number][]; flags: number[]; needs: string[][]; end: number }

function statesOf(count: number, { extra, flags, needs, end }: Plan, hidden: ReadonlySet<string>): ProfileState[] {
  return names.slice(0, count).map((status, n) => {
    const onward = n + 1 < count ? [names[n + 1]!] : []
    const more = extra.filter(([from, to]) => from % count === n && to % count !== n).map(([, to]) => names[to % count]!)
    const flag = flags[n] ?? 0
    const terminal = n === count - 1 || (n > 0 && n % 5 === end)
    const required = (needs[n] ?? []).filter((name) => !hidden.has(name))
    return {
      status,
      allowedTransitions: [...new Set([...onward, ...more])],
      ...(n === 0 && { isInitial: true }),
      ...(terminal && { isTerminal: true, setClosedAt: true }),
      ...(flag % 3 === 0 && { setSlaResponded: true }),
      ...(flag % 5 === 0 && { setSlaResolved: true }),
      ...(flag % 4 === 1 && !terminal && { pausesSla: true }),
      ...(n > 0 && required.length > 0 && { requiredFields: required }),
    }
  })
}

/** Valid profiles of 2 to 10 states with loops, terminals that reopen, hidden, required and custom fields, required to enter. */
export const profiles: fc.Arbitrary<TaskerProfile> = fc
  .record({
    count: fc.integer({ min: 2, max: names.length }),
    plan: fc.record({
      extra: fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 12 }),
      flags: fc.array(fc.nat(30), { minLength: 10, maxLength: 10 }),
      needs: fc.array(fc.subarray(['resolutionCode', 'severity', 'costCenter'], { maxLength: 2 }), {
        minLength: 10,
        maxLength: 10,
      }),
      end: fc.nat(8),
    }),
    rules: fc.subarray([...ruleNames, 'costCenter', 'budget', 'shade']).chain((list) => fc.tuple(...list.map(ruleOf))),
    response: fc.integer({ min: 1, max: 500 }),
    resolution: fc.integer({ min: 500, max: 9000 }),
  })
  .map(({ count, plan, rules, response, resolution }) => {
    const fieldRules = Object.fromEntries(rules)
    const hidden = new Set(rules.flatMap(([name, rule]) => (rule.visible === false && rule.default === undefined ? [name] : [])))
    return {
      name: 'Random',
      fieldRules,
      statusFlow: statesOf(count, plan, hidden),
      slaDefaults: [
        { priority: 'Critical', responseMinutes: response, resolutionMinutes: resolution },
        { priority: 'medium', resolutionMinutes: resolution * 2 },
      ],
      customFields,
    }
  })
