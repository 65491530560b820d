/** The security register: records that tasks link to, and compliance scans. Safe to import in the browser. */
import { z } from 'zod'
import { Email, Id, named, next, paging, Timestamp, text } from '../../platform/fields.ts'
import { english, messages } from '../../platform/messages.ts'

const say = messages('security/fields', { ref: 'Give a record by its id or its reference, such as RISK-3.' })

export const recordTypes = ['control', 'risk', 'audit', 'vendor', 'policy', 'wiki', 'config-doc'] as const
export type RecordType = (typeof recordTypes)[number]

/** What references begin with: RISK-3. */
export const referencePrefixes: Record<RecordType, string> = {
  control: 'CTL',
  risk: 'RISK',
  audit: 'AUD',
  vendor: 'VEN',
  policy: 'POL',
  wiki: 'WIKI',
  'config-doc': 'DOC',
}

/** From the worst to the least; what a source does not rate is unrated, never guessed. */
export const severities = ['critical', 'high', 'medium', 'low', 'informational', 'unrated'] as const
export type Severity = (typeof severities)[number]

/** Only `pass` is a pass. `error`: could not be looked at; `skipped`: left out or muted by the source. */
export const results = ['pass', 'fail', 'error', 'manual', 'skipped', 'not-applicable'] as const
export type Result = (typeof results)[number]

/** The states of each type; the first is what a new record has. */
export const statuses: Record<RecordType, readonly [string, ...string[]]> = {
  control: ['active', 'planned', 'retired'],
  risk: ['open', 'treating', 'accepted', 'closed'],
  audit: ['planned', 'in-progress', 'completed'],
  vendor: ['active', 'onboarding', 'offboarded'],
  policy: ['draft', 'in-review', 'approved', 'retired'],
  wiki: ['published', 'draft'],
  'config-doc': ['published', 'draft'],
}
const everyStatus = [...new Set(Object.values(statuses).flat())] as [string, ...string[]]

export const treatments = ['mitigate', 'accept', 'transfer', 'avoid'] as const
export const criticalities = ['critical', 'high', 'medium', 'low'] as const

/** A day, such as 2026-03-01. */
export const Day = z.iso.date({ error: 'Give a day, such as 2026-03-01.' }).max(10)

/** What callers may set, of whatever type; `fieldsOf` says which belong to which. */
export const recordFields = {
  title: named(500),
  description: text(20_000).describe('Markdown'),
  status: z.enum(everyStatus).describe('A state of the type'),
  ownerEmail: Email.nullable().describe('Who answers for it'),
  reviewDate: Day.nullable().describe('When somebody looks at it again'),
  framework: text(120).nullable().describe('CIS Microsoft 365, ISO 27001'),
  controlId: text(200).nullable().describe('The control in its framework, such as CIS 1.1.1'),
  severity: z.enum(severities),
  result: z.enum(results).nullable().describe('Latest result; scans set it for controls of their source'),
  source: text(120).nullable().describe('The scan source that reports this control; scans then find this record'),
  likelihood: z.number().int().min(1).max(5).nullable().describe('1 rare … 5 almost certain'),
  impact: z.number().int().min(1).max(5).nullable().describe('1 minor … 5 severe'),
  treatment: z.enum(treatments).nullable(),
  scope: text(5000).nullable(),
  startDate: Day.nullable(),
  endDate: Day.nullable(),
  auditor: text(200).nullable(),
  findings: text(20_000).nullable().describe('Markdown'),
  criticality: z.enum(criticalities).nullable(),
  contactName: text(200).nullable(),
  contactEmail: Email.nullable(),
  contractEnd: Day.nullable(),
  edition: text(60).nullable().describe('Version of the policy, such as 2.1'),
  approvedBy: text(200).nullable(),
  approvedOn: Day.nullable(),
  system: text(200).nullable().describe('What the document describes'),
  url: z
    .url({ protocol: /^https?$/, error: 'Give an address that begins with https:// or http://.' })
    .max(2000)
    .nullable(),
}
export type RecordFields = z.output<z.ZodObject<typeof recordFields>>
export type FieldName = keyof RecordFields

const common = ['title', 'description', 'status', 'ownerEmail', 'reviewDate'] as const
/** The fields a record of each type has beside the common ones, in the order forms show them. */
export const fieldsOf: Record<RecordType, readonly FieldName[]> = {
  control: ['framework', 'controlId', 'severity', 'result', 'source'],
  risk: ['likelihood', 'impact', 'treatment'],
  audit: ['scope', 'startDate', 'endDate', 'auditor', 'findings'],
  vendor: ['criticality', 'contactName', 'contactEmail', 'contractEnd', 'url'],
  policy: ['edition', 'approvedBy', 'approvedOn', 'url'],
  wiki: [],
  'config-doc': ['system', 'url'],
}
export const commonFields: readonly FieldName[] = common

const optional = z.object(recordFields).partial().shape
export const NewRecord = z.strictObject({ type: z.enum(recordTypes), ...optional, title: recordFields.title })
export type NewRecord = z.output<typeof NewRecord>
export const RecordChange = z.object(optional)
export type RecordChange = z.output<typeof RecordChange>

/** A record by its id or its reference: `RISK-3`. */
export const RecordRef = text(60)
  .regex(/^([0-9a-f]{8}-[0-9a-f-]{27}|[a-z]{2,5}-[1-9]\d{0,8})$/i, english(say.ref))
  .meta({ description: 'Record id or reference (RISK-3)' })

const plain = z.string().nullable()
export const SecurityRecord = z.object({
  id: z.string(),
  type: z.enum(recordTypes),
  reference: z.string().describe('What people say: RISK-3'),
  number: z.number().int(),
  version: z.number().int(),
  title: z.string(),
  description: z.string(),
  status: z.string(),
  ownerEmail: plain,
  reviewDate: plain,
  framework: plain,
  controlId: plain,
  severity: z.enum(severities).nullable(),
  result: z.enum(results).nullable(),
  resultSince: plain.describe('Since when the result is what it is'),
  source: plain,
  scanId: plain.describe('The latest scan that named this control'),
  likelihood: z.number().int().nullable(),
  impact: z.number().int().nullable(),
  score: z.number().int().nullable().describe('likelihood × impact, 1 to 25'),
  treatment: plain,
  scope: plain,
  startDate: plain,
  endDate: plain,
  auditor: plain,
  findings: plain,
  criticality: plain,
  contactName: plain,
  contactEmail: plain,
  contractEnd: plain,
  edition: plain,
  approvedBy: plain,
  approvedOn: plain,
  system: plain,
  url: plain,
  openTasks: z.number().int().describe('Open tasks linked to it'),
  taskId: plain.describe('The task the rule opened when the control failed'),
  createdAt: z.string(),
  createdBy: z.string(),
  updatedAt: z.string(),
  updatedBy: z.string(),
  archivedAt: plain,
})
export type SecurityRecord = z.output<typeof SecurityRecord>

/** A row of a list: without the long texts. */
export const RecordRow = SecurityRecord.omit({ description: true, findings: true, scope: true })
export type RecordRow = z.output<typeof RecordRow>

export const recordSorts = ['-updatedAt', 'number', '-rank', 'reviewDate'] as const

const many = <T extends z.ZodType>(item: T) => z.array(item).max(30).optional()
export const recordFilter = {
  type: z.enum(recordTypes).optional(),
  q: text(200).optional().describe('Words of the title, the description, the control id or the reference'),
  status: many(text(40)),
  severity: many(z.enum(severities)),
  result: many(z.enum(results)),
  source: text(120).optional(),
  framework: text(120).optional(),
  owner: text(254).optional().describe('E-mail address, `me`, or `none`'),
  reviewDue: z.boolean().optional().describe('true: the review date has come'),
  archived: z.boolean().optional().describe('true: only archived records'),
}
export const RecordQuery = z.strictObject({
  ...recordFilter,
  sort: z.enum(recordSorts).default('-updatedAt').describe('-rank: worst first (failing and severity, score, criticality)'),
  ...paging,
})
export type RecordQuery = z.output<typeof RecordQuery>
export const RecordPage = z.object({ items: z.array(RecordRow), next })

export const scanFormats = ['json', 'csv', 'ocsf', 'scubagear'] as const
export type ScanFormat = (typeof scanFormats)[number]
export const scanStatuses = ['queued', 'running', 'finished', 'failed', 'duplicate'] as const

/** Controls by result. */
export const Counts = z.object({
  passed: z.number().int(),
  failed: z.number().int(),
  errors: z.number().int(),
  manual: z.number().int(),
  skipped: z.number().int(),
  notApplicable: z.number().int(),
  criticalFailing: z.number().int(),
  highFailing: z.number().int(),
})
export type Counts = z.output<typeof Counts>

const Score = z.number().int().nullable().describe('Percent: passed ÷ (passed + failed); null when nothing was rated')

export const Problem = z.object({
  line: z.number().int().nullable(),
  path: z.string().nullable().describe('Where in a JSON file: results[3].severity'),
  message: z.string(),
})
export type Problem = z.output<typeof Problem>

export const Scan = Counts.extend({
  id: z.string(),
  source: z.string().nullable(),
  format: z.enum(scanFormats).nullable(),
  fileName: z.string(),
  fileSize: z.number().int(),
  scannedAt: z.string().nullable(),
  status: z.enum(scanStatuses),
  duplicateOf: z.string().nullable().describe('The scan this one is again; nothing was changed'),
  totalRows: z.number().int().nullable(),
  doneRows: z.number().int(),
  score: Score,
  error: z.string().nullable(),
  problems: z.array(Problem),
  createdAt: z.string(),
  createdBy: z.string(),
  finishedAt: z.string().nullable(),
})
export type Scan = z.output<typeof Scan>

export const ScanRow = z.object({
  n: z.number().int().describe('Its place in the file'),
  controlId: z.string(),
  title: z.string(),
  framework: z.string(),
  severity: z.enum(severities),
  result: z.enum(results),
  resource: z.string(),
  detail: z.string(),
})
export type ScanRow = z.output<typeof ScanRow>

export const ControlResult = z.object({
  controlId: z.string(),
  title: z.string(),
  framework: z.string(),
  severity: z.enum(severities),
  result: z.enum(results),
  rows: z.number().int().describe('Rows of the scan about this control'),
  failedRows: z.number().int(),
  record: z.object({ id: z.string(), reference: z.string() }).nullable().describe('Its record in the register'),
})
export type ControlResult = z.output<typeof ControlResult>

export const changeKinds = ['newly-failing', 'fixed', 'new', 'gone'] as const
export const Difference = z.object({
  kind: z.enum(changeKinds),
  controlId: z.string(),
  title: z.string(),
  severity: z.enum(severities),
  before: z.enum(results).nullable(),
  after: z.enum(results).nullable(),
})

/** How a source stands: its latest scan, and how the score went. */
export const SourceStanding = Counts.extend({
  source: z.string(),
  scanId: z.string(),
  scannedAt: z.string(),
  stale: z.boolean(),
  score: Score,
  trend: z
    .array(z.object({ scanId: z.string(), scannedAt: z.string(), score: Score, failed: z.number().int() }))
    .describe('The last scans, oldest first'),
})
export type SourceStanding = z.output<typeof SourceStanding>

/** How an organization stands over all its sources: what the MSP Client Dashboard shows. */
export const Compliance = z.object({
  score: Score,
  scanStatus: z.enum(['never', 'current', 'stale']).describe('By the newest scan of any source'),
  lastScanAt: z.string().nullable(),
  criticalFailing: z.number().int(),
  highFailing: z.number().int(),
  sources: z.number().int(),
  staleSources: z.number().int().describe('Sources whose own latest scan is stale'),
})
export type Compliance = z.output<typeof Compliance>

export const SecuritySettings = z.object({
  staleAfterDays: z.number().int().describe('A scan older than this is stale'),
  openTasks: z.boolean().describe('Open a task when a control of severity Critical or High newly fails'),
  version: z.number().int(),
})
export type SecuritySettings = z.output<typeof SecuritySettings>

/** What is said beside a scan's file. */
export const scanInput = {
  source: text(120)
    .optional()
    .describe('What was scanned with what, such as "CIS Microsoft 365"; files that name it themselves need none'),
  scannedAt: Timestamp.optional().describe('When; for files that do not say it themselves'),
}

export const SecurityPermissions = {
  'security.read': 'See the security register and scans',
  'security.write': 'Create and change security records',
  'security.manage': 'Archive security records and set the rules of scans',
  'scans.import': 'Import compliance scans',
}

type Changes = { before: Record<string, unknown> | null; after: Record<string, unknown> | null }
export type SecurityEvents = {
  'security.record-created': { reference: string; title: string; after: Record<string, unknown> }
  'security.record-updated': { reference: string } & Changes
  'security.record-archived': { reference: string; title: string }
  'security.record-restored': { reference: string; title: string }
  'security.records-exported': { filter: Record<string, unknown> }
  'security.settings-saved': Changes
  'security.task-opened': { reference: string; controlId: string; key: string }
  'security.task-told': { reference: string; controlId: string; result: string }
  'security.task-refused': { reference: string; reason: string }
  'scan.received': { fileName: string; size: number }
  'scan.recognised': { fileName: string; source: string; duplicateOf: string }
  'scan.finished': { source: string; passed: number; failed: number; newlyFailing: number; fixed: number }
  'scan.failed': { fileName: string; error: string }
}

export { Id }
