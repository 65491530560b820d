import { describe, expect, it } from 'vitest'
import { compileProfile, defaultLifecycle, seedId, seeds, taskField } from './contract.ts'

const split = (text: string) => text.split(', ')
const incidentFields =
  'title, description, category, priority, impact, urgency, severity, source, assignedToEmail, assignmentGroup, requesterEmail, contactEmail, businessService, configurationItems, majorIncident, linkedTaterEntityType, linkedTaterEntityId, linkedProblemId, resolutionCode, resolutionNotes, rootCauseCode, rootCauseAnalysis, dueDate, responseDueAt, resolutionDueAt, slaId, slaName, visibility, externalRefs'

/** The guide's tables: visible, required, transitions, SLA minutes, stamps (R responded, S resolved, C closed, . terminal). */
const guide: Record<
  string,
  {
    visible: string
    required: string
    flow: Record<string, string>
    sla: Record<string, [number, number]>
    marks: Record<string, string>
  }
> = {
  basic: {
    visible: 'title, description, category, priority, assignedToEmail, dueDate',
    required: 'title, category, priority',
    flow: { Open: 'In Progress, Cancelled', 'In Progress': 'Closed, Cancelled', Closed: 'Open', Cancelled: '' },
    sla: { High: [480, 2880], Medium: [1440, 7200], Low: [2880, 14400] },
    marks: { 'In Progress': 'R', Closed: 'SC.', Cancelled: 'C.' },
  },
  'itil-incident': {
    visible: incidentFields,
    required: 'title, description, category, priority, impact, urgency, source, assignedToEmail',
    flow: {
      New: 'Assigned, Cancelled',
      Assigned: 'In Progress, Cancelled',
      'In Progress': 'On Hold, Pending, Resolved, Cancelled',
      'On Hold': 'In Progress, Cancelled',
      Pending: 'In Progress, Cancelled',
      Resolved: 'Closed, In Progress',
      Closed: '',
      Cancelled: '',
    },
    sla: { Critical: [15, 240], High: [60, 480], Medium: [240, 1440], Low: [1440, 7200] },
    marks: { Assigned: 'R', Resolved: 'S', Closed: 'C.', Cancelled: 'C.' },
  },
  'itil-service-request': {
    visible:
      'title, description, category, priority, impact, urgency, source, assignedToEmail, assignmentGroup, requesterEmail, businessService, configurationItems, linkedTaterEntityType, linkedTaterEntityId, resolutionCode, resolutionNotes, dueDate, responseDueAt, resolutionDueAt, visibility',
    required: 'title, category, priority, requesterEmail',
    flow: {
      New: 'Approval Pending, Assigned',
      'Approval Pending': 'Rejected, Assigned',
      Rejected: '',
      Assigned: 'In Progress',
      'In Progress': 'On Hold, Fulfilled',
      'On Hold': 'In Progress',
      Fulfilled: 'Closed',
      Closed: '',
    },
    sla: { High: [240, 1440], Medium: [1440, 4320], Low: [2880, 10080] },
    marks: { Rejected: 'C.', Assigned: 'R', Fulfilled: 'S', Closed: 'C.' },
  },
  'itil-problem': {
    visible:
      'title, description, category, priority, severity, source, assignedToEmail, assignmentGroup, businessService, configurationItems, linkedTaterEntityType, linkedTaterEntityId, rootCauseCode, rootCauseAnalysis, resolutionNotes, dueDate, visibility',
    required: 'title, description, category, priority',
    flow: {
      New: 'Assigned',
      Assigned: 'Investigating',
      Investigating: 'Known Error, Resolved',
      'Known Error': 'Resolved',
      Resolved: 'Closed',
      Closed: '',
    },
    sla: { High: [1440, 20160], Medium: [2880, 43200], Low: [7200, 86400] },
    marks: { Assigned: 'R', Resolved: 'S', Closed: 'C.' },
  },
  'nist-ir': {
    visible:
      'title, description, category, priority, severity, source, visibility, assignedToEmail, assignmentGroup, configurationItems, majorIncident, linkedTaterEntityType, linkedTaterEntityId, rootCauseCode, rootCauseAnalysis, resolutionCode, resolutionNotes, dueDate, responseDueAt, resolutionDueAt, slaName',
    required: 'title, description, category, priority, severity, source, visibility, assignedToEmail',
    flow: {
      Detected: 'Triage',
      Triage: 'False Positive, Contained',
      'False Positive': '',
      Contained: 'Eradicating',
      Eradicating: 'Recovering',
      Recovering: 'Resolved',
      Resolved: 'Post-Incident Review',
      'Post-Incident Review': 'Closed',
      Closed: '',
    },
    sla: { Critical: [15, 480], High: [60, 1440], Medium: [240, 4320], Low: [1440, 10080] },
    marks: { Triage: 'R', 'False Positive': 'C.', Resolved: 'S', Closed: 'C.' },
  },
}

describe.each(seeds.map(({ key, document }) => ({ key, document, table: guide[key]! })))(
  '$key follows the guide',
  ({ document, table }) => {
    const rules = Object.entries(document.fieldRules!)
    it('fields', () => {
      expect(
        rules
          .filter(([, rule]) => rule.visible)
          .map(([name]) => name)
          .sort(),
      ).toEqual(split(table.visible).sort())
      expect(
        rules
          .filter(([, rule]) => rule.required)
          .map(([name]) => name)
          .sort(),
      ).toEqual(split(table.required).sort())
      expect(rules.map(([name]) => name).sort(), 'every field of the guide has a rule').toEqual(split(incidentFields).sort())
      for (const [name] of rules) expect(taskField(name), name).toBeDefined()
    })
    it('flow', () => {
      expect(Object.fromEntries(document.statusFlow.map((s) => [s.status, s.allowedTransitions.join(', ')]))).toEqual(table.flow)
      const mark = (s: (typeof document.statusFlow)[number]) =>
        `${s.setSlaResponded ? 'R' : ''}${s.setSlaResolved ? 'S' : ''}${s.setClosedAt ? 'C' : ''}${s.isTerminal ? '.' : ''}`
      expect(Object.fromEntries(document.statusFlow.filter(mark).map((s) => [s.status, mark(s)]))).toEqual(table.marks)
    })
    it('targets', () => {
      expect(
        Object.fromEntries(document.slaDefaults!.map((row) => [row.priority, [row.responseMinutes, row.resolutionMinutes]])),
      ).toEqual(table.sla)
    })
  },
)

const shape = (key: string) => {
  const document = seeds.find((each) => each.key === key)?.document ?? defaultLifecycle
  return compileProfile(document)
    .states.map((s) => `${s.status}:${s.category}${s.role ? `/${s.role}` : ''}`)
    .join(' ')
}

it('categories and roles', () => {
  expect(shape('default')).toBe(
    'Open:new InProgress:active/resume OnHold:waiting/hold Blocked:waiting Closed:closed/resolved Cancelled:cancelled',
  )
  expect(shape('basic')).toBe('Open:new In Progress:active/resume Closed:closed/resolved Cancelled:cancelled')
  expect(shape('itil-incident')).toBe(
    'New:new Assigned:active In Progress:active/resume On Hold:waiting/hold Pending:waiting Resolved:resolved/resolved Closed:closed Cancelled:cancelled',
  )
  expect(shape('itil-service-request')).toBe(
    'New:new Approval Pending:waiting/approval Rejected:cancelled/rejected Assigned:active In Progress:active/resume On Hold:waiting/hold Fulfilled:resolved/resolved Closed:closed',
  )
  expect(shape('itil-problem')).toBe(
    'New:new Assigned:active/resume Investigating:active Known Error:active Resolved:resolved/resolved Closed:closed',
  )
  expect(shape('nist-ir')).toBe(
    'Detected:new Triage:active/resume False Positive:cancelled Contained:active Eradicating:active Recovering:active Resolved:resolved/resolved Post-Incident Review:resolved Closed:closed',
  )
})

it('only Service Request has a default; ids name the organization', () => {
  const defaults = seeds.flatMap(({ key, document }) =>
    Object.entries(document.fieldRules!).flatMap(([name, rule]) =>
      rule.default === undefined ? [] : [[key, name, rule.default]],
    ),
  )
  expect(defaults).toEqual([['itil-service-request', 'visibility', 'CustomerVisible']])
  expect([seedId('basic', 'org1'), seedId('basic', 'org1', 2)]).toEqual(['profile-basic-org1', 'profile-basic-org1-2'])
})
