/** What a task looks like to everyone outside this module. Safe to import in the browser. */
import { z } from 'zod'
import { Email, Id, named, next, paging, Timestamp, text } from '../../platform/fields.ts'
import { english, messages } from '../../platform/messages.ts'

const say = messages('tasks/fields', {
  ref: 'Give a task by its id or its number, such as TATER-1042.',
  tags: 'At most 20 tags.',
  watchers: 'At most 50 watchers.',
})

export const stateCategories = ['new', 'active', 'waiting', 'resolved', 'closed', 'cancelled'] as const
export { defaultCategories, priorities } from '../identity/contract.ts'
export const linkTypes = ['parent', 'blocks', 'duplicate', 'caused-by', 'problem', 'related'] as const
export const securityEntityTypes = [
  'control',
  'risk',
  'audit',
  'vendor',
  'policy',
  'wiki',
  'config-doc',
  'service-catalog',
] as const

/** A task by its id or by the number people say: `TATER-1042` or `1042`. */
export const TaskRef = text(60)
  .regex(/^([0-9a-f]{8}-[0-9a-f-]{27}|([A-Za-z][A-Za-z0-9]{0,9}-)?[1-9]\d{0,8})$/i, english(say.ref))
  .meta({ description: 'Task id or number (TATER-1042)' })

const Tag = named(60)
const ExternalRef = z.strictObject({
  system: named(60),
  id: named(200),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
})
const CustomValue = z.union([text(10_000), z.number(), z.boolean(), z.null(), z.array(text(200)).max(100)])

/** What callers may set; which of it a task shows and needs is the profile's decision (reference §3). */
export const taskFields = {
  title: named(300).describe('Short description'),
  description: text(10_000).describe('Markdown'),
  category: named(60).describe('Classification, e.g. IT'),
  subCategory: text(120).nullable(),
  symptomCode: text(120).nullable(),
  tags: z.array(Tag).max(20, english(say.tags)),
  source: text(60).describe('Origin; filled from the channel when absent'),
  priority: text(60).describe('Critical, High, Normal (also Medium) or Low'),
  impact: text(20).nullable().describe('High, Medium or Low'),
  urgency: text(20).nullable().describe('High, Medium or Low'),
  severity: text(20).nullable().describe('Critical, High, Medium, Low or Informational'),
  tier: z.number().int().min(1).max(4).describe('Escalation level'),
  requesterEmail: Email.nullable(),
  requesterName: text(200).nullable(),
  contactEmail: Email.nullable().describe('The affected person'),
  contactName: text(200).nullable(),
  assignedToEmail: Email.nullable(),
  assignedToName: text(200).nullable(),
  teamId: text(120).nullable().describe('Assignment group'),
  isMajorIncident: z.boolean(),
  dueDate: Timestamp.nullable(),
  responseDueAt: Timestamp.nullable().describe('Explicit first-response target; else the profile computes it'),
  resolutionDueAt: Timestamp.nullable().describe('Explicit resolution target; else the profile computes it'),
  slaId: text(120).nullable(),
  slaName: text(200).nullable(),
  resolutionCode: text(120).nullable(),
  resolutionNotes: text(10_000).nullable(),
  rootCauseCode: text(120).nullable(),
  rootCauseAnalysis: text(10_000).nullable(),
  businessService: text(200).nullable(),
  configurationItems: z.array(named(200)).max(100),
  linkedProblemId: text(60).nullable().describe('The problem behind it: id or number of another task; kept as its number'),
  linkedTaterEntityType: z.enum(securityEntityTypes).nullable().describe('Kind of the linked security record'),
  linkedTaterEntityId: text(200).nullable(),
  visibility: text(40).describe('Internal or CustomerVisible'),
  externalRefs: z.array(ExternalRef).max(20),
  customFields: z.record(text(60), CustomValue).describe('Fields the profile adds, by key'),
}

/** Names the seeds use for the same thing; accepted wherever a task is written, and shown beside it. */
const aliases = {
  assignmentGroup: text(120).nullable().describe('Same as teamId'),
  majorIncident: z.boolean().describe('Same as isMajorIncident'),
}

const watchers = z.array(Email).max(50, english(say.watchers))

export const NewTask = z.strictObject({
  ...z.object({ ...taskFields, ...aliases }).partial().shape,
  title: taskFields.title,
  status: text(60).optional().describe('Only the initial status of the process; leave it out'),
  profileId: text(120).nullable().optional().describe('Process profile; without one the default lifecycle applies'),
  watchers: watchers.optional(),
})
export type NewTask = z.output<typeof NewTask>

export const TaskChange = z.object({
  ...z.object({ ...taskFields, ...aliases }).partial().shape,
  status: text(60).optional().describe('A legal next status; describe_process lists them'),
})
export type TaskChange = z.output<typeof TaskChange>

export const Link = z.object({
  type: z.enum(linkTypes),
  direction: z.enum(['outward', 'inward']).describe('outward: this task is <type> of the other'),
  task: z.object({
    id: z.string(),
    key: z.string(),
    title: z.string(),
    status: z.string(),
    statusCategory: z.enum(stateCategories),
  }),
})

/** A row of a list: what fits a line, nothing that needs a second query. */
export const TaskRow = z.object({
  id: z.string(),
  key: z.string().describe('What people say: TATER-1042'),
  number: z.number().int(),
  version: z.number().int(),
  title: z.string(),
  category: z.string(),
  status: z.string(),
  statusCategory: z.enum(stateCategories),
  priority: z.string(),
  isMajorIncident: z.boolean(),
  tags: z.array(z.string()),
  requesterEmail: z.string().nullable(),
  requesterName: z.string().nullable(),
  assignedToEmail: z.string().nullable(),
  assignedToName: z.string().nullable(),
  teamId: z.string().nullable(),
  profileId: z.string().nullable(),
  dueDate: z.string().nullable(),
  responseDueAt: z.string().nullable(),
  resolutionDueAt: z.string().nullable(),
  firstResponseAt: z.string().nullable(),
  resolvedAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type TaskRow = z.output<typeof TaskRow>

export const Task = TaskRow.extend({
  description: z.string(),
  subCategory: z.string().nullable(),
  symptomCode: z.string().nullable(),
  source: z.string(),
  impact: z.string().nullable(),
  urgency: z.string().nullable(),
  severity: z.string().nullable(),
  tier: z.number().int(),
  contactEmail: z.string().nullable(),
  contactName: z.string().nullable(),
  assignmentGroup: z.string().nullable(),
  majorIncident: z.boolean(),
  profileVersion: z.number().int().nullable(),
  slaId: z.string().nullable(),
  slaName: z.string().nullable(),
  sla: z.unknown().describe('The clocks: definition, pauses, due, met; null without a target'),
  slaRespondedAt: z.string().nullable().describe('Same instant as firstResponseAt'),
  slaResolvedAt: z.string().nullable().describe('Same instant as resolvedAt'),
  resolutionCode: z.string().nullable(),
  resolutionNotes: z.string().nullable(),
  rootCauseCode: z.string().nullable(),
  rootCauseAnalysis: z.string().nullable(),
  businessService: z.string().nullable(),
  configurationItems: z.array(z.string()),
  linkedProblemId: z.string().nullable(),
  linkedTaterEntityType: z.string().nullable(),
  linkedTaterEntityId: z.string().nullable(),
  visibility: z.string(),
  externalRefs: z.array(z.object({ system: z.string(), id: z.string(), url: z.string().optional() })),
  customFields: z.record(z.string(), z.unknown()),
  watchers: z.array(z.string()),
  links: z.array(Link),
  mergedInto: z
    .object({ id: z.string(), key: z.string() })
    .nullable()
    .describe('Where this task was merged, at the end of the chain'),
  deletedAt: z.string().nullable(),
  createdBy: z.string(),
  updatedBy: z.string(),
})
export type Task = z.output<typeof Task>

const many = <T extends z.ZodType>(item: T) => z.array(item).max(50).optional()

export const taskSorts = ['updatedAt', '-updatedAt', 'number', '-number', 'priority', '-priority', 'due', '-due'] as const

/** What narrows a list; saved with a view. */
export const taskFilter = {
  q: text(300).optional().describe('Words in title, description and comments'),
  status: many(text(60)),
  statusCategory: many(z.enum(stateCategories)),
  open: z.boolean().optional().describe('true: new, active or waiting; false: the rest'),
  priority: many(text(60)),
  category: many(text(60)),
  assignedTo: text(254).optional().describe('E-mail address, `me`, or `none`'),
  requester: text(254).optional().describe('E-mail address or `me`'),
  teamId: text(120).optional().describe('Team id, `mine` (the teams I am in), or `none`'),
  profileId: text(120).optional().describe('Profile id, or `none`'),
  tag: text(60).optional(),
  watching: z.boolean().optional().describe('true: tasks I watch'),
  overdue: z.boolean().optional().describe('true: open and past the due time'),
  majorIncident: z.boolean().optional().describe('true: only major incidents; false: all others'),
  linkedTaterEntityType: z.enum(securityEntityTypes).optional(),
  linkedTaterEntityId: text(200).optional(),
  createdAfter: Timestamp.optional(),
  createdBefore: Timestamp.optional(),
  updatedAfter: Timestamp.optional(),
  closedAfter: Timestamp.optional(),
  closedBefore: Timestamp.optional(),
  dueAfter: Timestamp.optional().describe('Resolution due, else due date, from then on'),
  dueBefore: Timestamp.optional(),
  deleted: z.boolean().optional().describe('true: only deleted tasks (needs tasks.delete)'),
}

export const TaskFilter = z.strictObject(taskFilter)
export type TaskFilter = z.output<typeof TaskFilter>
export const TaskQuery = z.strictObject({ ...taskFilter, sort: z.enum(taskSorts).default('-updatedAt'), ...paging })
export type TaskQuery = z.output<typeof TaskQuery>
export const TaskPage = z.object({ items: z.array(TaskRow), next })

export const TaskView = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(['private', 'team', 'organization']),
  owner: z.string(),
  teamId: z.string().nullable(),
  query: z.record(z.string(), z.unknown()).describe('Filter and sort, as the list takes them'),
  mine: z.boolean(),
})

export const RowResult = z.object({
  taskId: z.string(),
  key: z.string().nullable(),
  ok: z.boolean(),
  error: z.string().nullable().describe('Machine code of the refusal'),
  message: z.string().nullable().describe('What stands in the way and what to do'),
})

export const TaskPermissions = {
  'tasks.read': 'See tasks and their activity',
  'tasks.write': 'Create and update tasks',
  'tasks.delete': 'Delete and restore tasks',
  'tasks.export': 'Export tasks',
  'views.save': 'Keep own views of the list',
  'views.share': 'Share views with the organization',
}

export type FieldChanges = { before: Record<string, unknown>; after: Record<string, unknown> }
export type TaskEvents = {
  'task.created': { key: string; title: string; after: Record<string, unknown> }
  'task.updated': { key: string } & FieldChanges
  'task.moved': { key: string; from: string; to: string; category: string; outsideProcess?: true } & FieldChanges
  'task.linked': { key: string; type: string; target: string }
  'task.unlinked': { key: string; type: string; target: string }
  'task.watched': { key: string; added: string[]; removed: string[] }
  'task.merged': { key: string; into: string }
  'task.received-merge': { key: string; from: string }
  'task.split': { key: string; into: string }
  'task.deleted': { key: string; title: string }
  'task.restored': { key: string; title: string }
  'task.exported': { format: string; filter: Record<string, unknown> }
  'task.migrated': { key: string; fromVersion: number; toVersion: number } & FieldChanges
  'view.saved': { name: string; scope: string }
  'view.deleted': { name: string }
}

export { Id }
