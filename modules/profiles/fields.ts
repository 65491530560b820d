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

const field = (key: string, label: string, type: FieldType, maximum: number, more: Partial<FieldInfo> = {}): FieldInfo =>
  Object.freeze({ key, label, type, maximum, ...more })

/** Every field a profile can govern, in the order forms show them. Source: ITIL 4 field coverage. */
export const taskFields: readonly FieldInfo[] = Object.freeze([
  field('title', 'Title', 'text', 300),
  field('description', 'Description', 'markdown', 10_000),
  field('category', 'Category', 'choice', 300, { open: true }),
  field('subCategory', 'Subcategory', 'text', 300),
  field('symptomCode', 'Symptom code', 'text', 100),
  field('tags', 'Tags', 'tags', 60, { maximumItems: 20 }),
  field('source', 'Source', 'choice', 60, { choices: sources, open: true }),
  field('priority', 'Priority', 'choice', 60, { choices: priorities }),
  field('impact', 'Impact', 'choice', 60, { choices: levels }),
  field('urgency', 'Urgency', 'choice', 60, { choices: levels }),
  field('severity', 'Severity', 'choice', 60, { choices: ['Critical', 'High', 'Medium', 'Low', 'Informational'] }),
  field('tier', 'Tier', 'number', 10, { choices: ['1', '2', '3', '4'] }),
  field('requesterEmail', 'Requester email', 'email', 254),
  field('requesterName', 'Requester name', 'text', 200),
  field('contactEmail', 'Contact email', 'email', 254),
  field('contactName', 'Contact name', 'text', 200),
  field('assignedToEmail', 'Assigned to', 'email', 254),
  field('assignedToName', 'Assigned to (name)', 'text', 200),
  field('teamId', 'Assignment group', 'text', 200),
  field('watchers', 'Watchers', 'list', 254, { maximumItems: 100 }),
  field('isMajorIncident', 'Major incident', 'boolean', 5),
  field('dueDate', 'Due date', 'datetime', 40),
  field('responseDueAt', 'Response due', 'datetime', 40),
  field('resolutionDueAt', 'Resolution due', 'datetime', 40),
  field('slaId', 'SLA', 'text', 100),
  field('slaName', 'SLA name', 'text', 200),
  field('resolutionCode', 'Resolution code', 'text', 200),
  field('resolutionNotes', 'Resolution notes', 'markdown', 10_000),
  field('rootCauseCode', 'Root cause code', 'text', 200),
  field('rootCauseAnalysis', 'Root cause analysis', 'markdown', 10_000),
  field('businessService', 'Business service', 'text', 300),
  field('configurationItems', 'Configuration items', 'list', 300, { maximumItems: 100 }),
  field('linkedProblemId', 'Linked problem', 'text', 100),
  field('linkedTaterEntityType', 'Linked record type', 'choice', 60, { choices: linkTypes, open: true }),
  field('linkedTaterEntityId', 'Linked record', 'text', 200),
  field('visibility', 'Visibility', 'choice', 60, { choices: ['Internal', 'CustomerVisible'] }),
  field('externalRefs', 'External references', 'list', 500, { maximumItems: 100 }),
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
