import { type Message, messages } from '../../platform/messages.ts'
import { say } from '../../platform/react/i18n.ts'
import { priorityKey } from '../settings/contract.ts'

/** How a field's value is read and shown. `date` and `url` occur only in custom fields. */
export type FieldType =
  | 'text'
  | 'markdown'
  | 'email'
  | 'choice'
  | 'number'
  | 'boolean'
  | 'datetime'
  | 'tags'
  | 'list'
  | 'date'
  | 'url'

/** One field of a task that a profile can govern. */
export type FieldInfo = {
  readonly key: string
  readonly label: string
  readonly type: FieldType
  /** The product's own list. With `open`, other values are welcome too (organizations extend these lists). */
  readonly choices?: readonly string[]
  readonly open?: boolean
  /** Longest text in characters (per item for tags and lists). */
  readonly maximum: number
  /** Most items of a tags or list value. */
  readonly maximumItems?: number
}

export const priorities = ['Critical', 'High', 'Normal', 'Low'] as const
const levels = ['High', 'Medium', 'Low']
const sources = [
  'Portal',
  'Email',
  'Phone',
  'Chat',
  'Web',
  'API',
  'AI',
  'Monitoring',
  'Import',
  'Walk-in',
  'Agent',
  'Teams',
  'Workflow',
  'Schedule',
]
const linkTypes = ['control', 'risk', 'audit', 'vendor', 'policy', 'wiki', 'config-doc', 'service-catalog']

/** `label` below is English on the server, so that answers are the same for everybody; the person's language in the browser. */
const labels = messages('profiles/taskFields', {
  title: 'Title',
  description: 'Description',
  category: 'Category',
  subCategory: 'Subcategory',
  symptomCode: 'Symptom code',
  tags: 'Tags',
  source: 'Source',
  priority: 'Priority',
  impact: 'Impact',
  urgency: 'Urgency',
  severity: 'Severity',
  tier: 'Tier',
  requesterEmail: 'Requester email',
  requesterName: 'Requester name',
  contactEmail: 'Contact email',
  contactName: 'Contact name',
  assignedToEmail: 'Assigned to',
  assignedToName: 'Assigned to (name)',
  teamId: 'Assignment group',
  watchers: 'Watchers',
  isMajorIncident: 'Major incident',
  dueDate: 'Due date',
  responseDueAt: 'Response due',
  resolutionDueAt: 'Resolution due',
  slaId: 'SLA',
  slaName: 'SLA name',
  resolutionCode: 'Resolution code',
  resolutionNotes: 'Resolution notes',
  rootCauseCode: 'Root cause code',
  rootCauseAnalysis: 'Root cause analysis',
  businessService: 'Business service',
  configurationItems: 'Configuration items',
  linkedProblemId: 'Linked problem',
  linkedTaterEntityType: 'Linked record type',
  linkedTaterEntityId: 'Linked record',
  visibility: 'Visibility',
  externalRefs: 'External references',
})

const field = (key: keyof typeof labels, type: FieldType, maximum: number, more: Partial<FieldInfo> = {}): FieldInfo =>
  Object.freeze({ key, label: say(labels[key]), type, maximum, ...more })

/** The name of a built-in field, to be said in a sentence. */
export const fieldLabel = (key: string): Message | undefined =>
  Object.hasOwn(labels, key) ? labels[key as keyof typeof labels] : undefined

/** Every field a profile can govern, in the order forms show them. Source: ITIL 4 field coverage. */
export const taskFields: readonly FieldInfo[] = Object.freeze([
  field('title', 'text', 300),
  field('description', 'markdown', 10_000),
  field('category', 'choice', 300, { open: true }),
  field('subCategory', 'text', 300),
  field('symptomCode', 'text', 100),
  field('tags', 'tags', 60, { maximumItems: 20 }),
  field('source', 'choice', 60, { choices: sources, open: true }),
  field('priority', 'choice', 60, { choices: priorities }),
  field('impact', 'choice', 60, { choices: levels }),
  field('urgency', 'choice', 60, { choices: levels }),
  field('severity', 'choice', 60, { choices: ['Critical', 'High', 'Medium', 'Low', 'Informational'] }),
  field('tier', 'number', 10, { choices: ['1', '2', '3', '4'] }),
  field('requesterEmail', 'email', 254),
  field('requesterName', 'text', 200),
  field('contactEmail', 'email', 254),
  field('contactName', 'text', 200),
  field('assignedToEmail', 'email', 254),
  field('assignedToName', 'text', 200),
  field('teamId', 'text', 200),
  field('watchers', 'list', 254, { maximumItems: 100 }),
  field('isMajorIncident', 'boolean', 5),
  field('dueDate', 'datetime', 40),
  field('responseDueAt', 'datetime', 40),
  field('resolutionDueAt', 'datetime', 40),
  field('slaId', 'text', 100),
  field('slaName', 'text', 200),
  field('resolutionCode', 'text', 200),
  field('resolutionNotes', 'markdown', 10_000),
  field('rootCauseCode', 'text', 200),
  field('rootCauseAnalysis', 'markdown', 10_000),
  field('businessService', 'text', 300),
  field('configurationItems', 'list', 300, { maximumItems: 100 }),
  field('linkedProblemId', 'text', 100),
  field('linkedTaterEntityType', 'choice', 60, { choices: linkTypes, open: true }),
  field('linkedTaterEntityId', 'text', 200),
  field('visibility', 'choice', 60, { choices: ['Internal', 'CustomerVisible'] }),
  field('externalRefs', 'list', 500, { maximumItems: 100 }),
])

/** Second names of fields. The last two are instants the flow stamps; no rule can govern them. */
export const fieldAliases: Readonly<Record<string, string>> = Object.freeze({
  majorIncident: 'isMajorIncident',
  assignmentGroup: 'teamId',
  slaRespondedAt: 'firstResponseAt',
  slaResolvedAt: 'resolvedAt',
})

/** Instants that only the status flow writes. */
export const stampFields = ['firstResponseAt', 'resolvedAt', 'closedAt'] as const

/** Names of a task that no custom field may take, beside the governed fields and their aliases. */
export const reservedNames: ReadonlySet<string> = new Set([
  ...[
    'id',
    'number',
    'organizationId',
    'profileId',
    'profileVersion',
    'status',
    'statusCategory',
    'customFields',
    'sla',
    'version',
  ],
  ...['createdAt', 'createdBy', 'updatedAt', 'updatedBy', 'deletedAt', ...stampFields],
  ...['constructor', 'toString', 'toLocaleString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable'],
])

const byKey: ReadonlyMap<string, FieldInfo> = new Map(taskFields.map((each) => [each.key, each]))
const aliasMap: ReadonlyMap<string, string> = new Map(Object.entries(fieldAliases))

/** The one name of a field: `majorIncident` → `isMajorIncident`; any other name is returned as it is. */
export const canonicalField = (name: string): string => aliasMap.get(name) ?? name

/** The catalogue entry of a field by name or alias, or undefined when no rule can govern it. */
export const taskField = (name: string): FieldInfo | undefined => byKey.get(canonicalField(name))

const suggestions: Readonly<Record<string, (typeof priorities)[number]>> = {
  'high high': 'Critical',
  'high medium': 'High',
  'medium high': 'High',
  'high low': 'Normal',
  'medium medium': 'Normal',
  'low high': 'Normal',
  'medium low': 'Low',
  'low medium': 'Low',
  'low low': 'Low',
}

/** Priority suggested by impact × urgency (High/High → Critical … Low/Low → Low), or null when either is missing. */
export function suggestPriority(impact: unknown, urgency: unknown): string | null {
  if (typeof impact !== 'string' || typeof urgency !== 'string') return null
  return suggestions[`${impact.toLowerCase()} ${urgency.toLowerCase()}`] ?? null
}

export { priorityKey }
