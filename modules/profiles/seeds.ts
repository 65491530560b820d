import type { FieldRule, ProfileState, SlaDefault, TaskerProfile } from './document.ts'

/** A standard profile an organization can add; its first copy gets the id `profile-<key>-<organizationId>`. */
export type SeedProfile = { readonly key: string; readonly document: TaskerProfile }

const hour = 60
const day = 24 * hour

const words = (text: string) => text.split(/,\s*/)

/** Every field the five standards mention; what a standard leaves out, its profile hides. */
const mentioned = words(
  'title, description, category, priority, impact, urgency, severity, source, assignedToEmail, assignmentGroup, requesterEmail, ' +
    'contactEmail, businessService, configurationItems, majorIncident, linkedTaterEntityType, linkedTaterEntityId, linkedProblemId, ' +
    'resolutionCode, resolutionNotes, rootCauseCode, rootCauseAnalysis, dueDate, responseDueAt, resolutionDueAt, slaId, slaName, ' +
    'visibility, externalRefs',
)

function rules(visible: string, required: string, defaults: Record<string, unknown> = {}): Record<string, FieldRule> {
  const [shown, needed] = [new Set(words(visible)), new Set(words(required))]
  const rule = (name: string): FieldRule => ({
    visible: shown.has(name),
    required: needed.has(name),
    ...(name in defaults && { default: defaults[name] }),
  })
  return Object.fromEntries(mentioned.map((name) => [name, rule(name)]))
}

const state = (
  status: string,
  next: string,
  more: Omit<Partial<ProfileState>, 'status' | 'allowedTransitions'> = {},
): ProfileState => ({
  status,
  allowedTransitions: next ? words(next) : [],
  ...more,
})

const row = (priority: string, responseMinutes: number, resolutionMinutes: number): SlaDefault => ({
  priority,
  responseMinutes,
  resolutionMinutes,
})

const ended = { isTerminal: true, setClosedAt: true }

const basic: TaskerProfile = {
  name: 'Basic',
  description: 'Quick to-dos with no ITIL ceremony.',
  standardSource: 'Basic',
  fieldRules: rules('title, description, category, priority, assignedToEmail, dueDate', 'title, category, priority'),
  statusFlow: [
    state('Open', 'In Progress, Cancelled', { isInitial: true }),
    state('In Progress', 'Closed, Cancelled', { setSlaResponded: true }),
    state('Closed', 'Open', { ...ended, setSlaResolved: true, role: 'resolved' }),
    state('Cancelled', '', ended),
  ],
  slaDefaults: [row('High', 8 * hour, 2 * day), row('Medium', day, 5 * day), row('Low', 2 * day, 10 * day)],
}

const incident: TaskerProfile = {
  name: 'ITIL Incident',
  description: 'Service-disrupting events that need full incident-management ceremony.',
  standardSource: 'ITIL 4',
  fieldRules: rules(mentioned.join(', '), 'title, description, category, priority, impact, urgency, source, assignedToEmail'),
  statusFlow: [
    state('New', 'Assigned, Cancelled', { isInitial: true }),
    state('Assigned', 'In Progress, Cancelled', { setSlaResponded: true }),
    state('In Progress', 'On Hold, Pending, Resolved, Cancelled'),
    state('On Hold', 'In Progress, Cancelled'),
    state('Pending', 'In Progress, Cancelled'),
    state('Resolved', 'Closed, In Progress', { setSlaResolved: true, requiredFields: ['resolutionCode', 'resolutionNotes'] }),
    state('Closed', '', ended),
    state('Cancelled', '', ended),
  ],
  slaDefaults: [
    row('Critical', 15, 4 * hour),
    row('High', hour, 8 * hour),
    row('Medium', 4 * hour, day),
    row('Low', day, 5 * day),
  ],
}

const serviceRequest: TaskerProfile = {
  name: 'ITIL Service Request',
  description: 'Predefined service requests such as access, software or a password reset, with approval and fulfilment.',
  standardSource: 'ITIL 4',
  fieldRules: rules(
    'title, description, category, priority, impact, urgency, source, assignedToEmail, assignmentGroup, requesterEmail, ' +
      'businessService, configurationItems, linkedTaterEntityType, linkedTaterEntityId, resolutionCode, resolutionNotes, dueDate, ' +
      'responseDueAt, resolutionDueAt, visibility',
    'title, category, priority, requesterEmail',
    { visibility: 'CustomerVisible' },
  ),
  statusFlow: [
    state('New', 'Approval Pending, Assigned', { isInitial: true }),
    state('Approval Pending', 'Rejected, Assigned', { role: 'approval' }),
    state('Rejected', '', { ...ended, role: 'rejected' }),
    state('Assigned', 'In Progress', { setSlaResponded: true }),
    state('In Progress', 'On Hold, Fulfilled'),
    state('On Hold', 'In Progress'),
    state('Fulfilled', 'Closed', { setSlaResolved: true, requiredFields: ['resolutionCode', 'resolutionNotes'] }),
    state('Closed', '', ended),
  ],
  slaDefaults: [row('High', 4 * hour, day), row('Medium', day, 3 * day), row('Low', 2 * day, 7 * day)],
}

const problem: TaskerProfile = {
  name: 'ITIL Problem',
  description: 'Root-cause investigations linked to recurring or major incidents.',
  standardSource: 'ITIL 4',
  fieldRules: rules(
    'title, description, category, priority, severity, source, assignedToEmail, assignmentGroup, businessService, ' +
      'configurationItems, linkedTaterEntityType, linkedTaterEntityId, rootCauseCode, rootCauseAnalysis, resolutionNotes, dueDate, visibility',
    'title, description, category, priority',
  ),
  statusFlow: [
    state('New', 'Assigned', { isInitial: true }),
    state('Assigned', 'Investigating', { setSlaResponded: true }),
    state('Investigating', 'Known Error, Resolved'),
    state('Known Error', 'Resolved'),
    state('Resolved', 'Closed', { setSlaResolved: true, requiredFields: ['resolutionNotes'] }),
    state('Closed', '', ended),
  ],
  slaDefaults: [row('High', day, 14 * day), row('Medium', 2 * day, 30 * day), row('Low', 5 * day, 60 * day)],
}

const nist: TaskerProfile = {
  name: 'NIST SP 800-61 IR',
  description: 'Security incident response: detection, containment, eradication, recovery and post-incident review.',
  standardSource: 'NIST SP 800-61 Rev 2',
  fieldRules: rules(
    'title, description, category, priority, severity, source, visibility, assignedToEmail, assignmentGroup, configurationItems, ' +
      'majorIncident, linkedTaterEntityType, linkedTaterEntityId, rootCauseCode, rootCauseAnalysis, resolutionCode, resolutionNotes, ' +
      'dueDate, responseDueAt, resolutionDueAt, slaName',
    'title, description, category, priority, severity, source, visibility, assignedToEmail',
  ),
  statusFlow: [
    state('Detected', 'Triage', { isInitial: true }),
    state('Triage', 'False Positive, Contained', { setSlaResponded: true }),
    state('False Positive', '', ended),
    state('Contained', 'Eradicating'),
    state('Eradicating', 'Recovering'),
    state('Recovering', 'Resolved'),
    state('Resolved', 'Post-Incident Review', { setSlaResolved: true, requiredFields: ['resolutionCode', 'resolutionNotes'] }),
    state('Post-Incident Review', 'Closed', { category: 'resolved' }),
    state('Closed', '', ended),
  ],
  slaDefaults: [
    row('Critical', 15, 8 * hour),
    row('High', hour, day),
    row('Medium', 4 * hour, 3 * day),
    row('Low', day, 7 * day),
  ],
}

/** The five standard profiles, in the order they are offered. */
export const seeds: readonly SeedProfile[] = Object.freeze([
  { key: 'basic', document: basic },
  { key: 'itil-incident', document: incident },
  { key: 'itil-service-request', document: serviceRequest },
  { key: 'itil-problem', document: problem },
  { key: 'nist-ir', document: nist },
])

/** Id of a seed's first copy in an organization (`copy` 1), of a fresh copy after that one was renamed (`…-2`) and so on. */
export const seedId = (key: string, organizationId: string, copy = 1): string =>
  `profile-${key}-${organizationId}${copy > 1 ? `-${copy}` : ''}`
