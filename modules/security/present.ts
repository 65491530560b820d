/** Records and scans as the outside sees them. */
import type { RecordFields, RecordRow, RecordType, Result, Scan, SecurityRecord, Severity } from './contract.ts'
import { fieldsOf, referencePrefixes } from './contract.ts'
import type { RecordRecord, RowRecord, ScanRecord, StoredRecord } from './queries.ts'
import { rankOf, riskScore, scoreOf } from './rules.ts'

export const referenceOfRecord = ({ type, number }: { type: string; number: number }) =>
  `${referencePrefixes[type as RecordType]}-${number}`

/** Fields with columns of their own; the others lie in `fields`. */
const ownColumns = new Set(['framework', 'controlId', 'severity', 'result', 'source'])

type Held = { [K in keyof RecordFields]?: RecordFields[K] | null }

/** What is kept in `fields`, and what it is when nothing is said. */
type Kept = Pick<
  RecordFields,
  | 'likelihood'
  | 'impact'
  | 'treatment'
  | 'scope'
  | 'startDate'
  | 'endDate'
  | 'auditor'
  | 'findings'
  | 'criticality'
  | 'contactName'
  | 'contactEmail'
  | 'contractEnd'
  | 'edition'
  | 'approvedBy'
  | 'approvedOn'
  | 'system'
  | 'url'
>
const blank: Kept = {
  likelihood: null,
  impact: null,
  treatment: null,
  scope: null,
  startDate: null,
  endDate: null,
  auditor: null,
  findings: null,
  criticality: null,
  contactName: null,
  contactEmail: null,
  contractEnd: null,
  edition: null,
  approvedBy: null,
  approvedOn: null,
  system: null,
  url: null,
}

/** @param openTasks open tasks linked to it */
export function presentRecord(record: RecordRecord, openTasks: number): SecurityRecord {
  const { fields, rank: _, ...row } = record
  const held: Kept = { ...blank, ...(fields as Partial<Kept>) }
  return {
    ...row,
    ...held,
    type: row.type as RecordType,
    reference: referenceOfRecord(row),
    severity: row.severity as Severity | null,
    result: row.result as Result | null,
    score: riskScore(held.likelihood, held.impact),
    openTasks,
  }
}

export function presentRow(record: RowRecord, openTasks: number): RecordRow {
  const { description: _, findings: __, scope: ___, ...row } = presentRecord({ ...record, description: '' }, openTasks)
  return row
}

/** The values a record holds now, by the names callers use. */
export function heldOf(record: RecordRecord): Held {
  const { title, description, status, ownerEmail, reviewDate, framework, controlId, severity, result, source } = record
  const own = { framework, controlId, severity: severity as Severity | null, result: result as Result | null, source }
  return {
    title,
    description,
    status,
    ownerEmail,
    reviewDate,
    ...(record.type === 'control' && own),
    ...(record.fields as Held),
  } as Held
}

/** The row that holds these values. */
export function storedOf(type: RecordType, held: Held, resultSince: Date | string | null): StoredRecord {
  const own = fieldsOf[type].filter((field) => !ownColumns.has(field))
  const fields = Object.fromEntries(
    own.flatMap((field) => (held[field] == null || held[field] === '' ? [] : [[field, held[field]]])),
  )
  const control = type === 'control'
  return {
    title: held.title ?? '',
    description: held.description ?? '',
    status: held.status ?? '',
    owner_email: held.ownerEmail ?? null,
    review_date: held.reviewDate ?? null,
    fields: JSON.stringify(fields),
    rank: rankOf(type, held as Partial<RecordFields>),
    source: held.source || null,
    control_id: held.controlId || null,
    framework: held.framework || null,
    severity: control ? (held.severity ?? 'unrated') : null,
    result: held.result ?? null,
    result_since: held.result ? resultSince : null,
  }
}

export function presentScan({ given, sha256: _, ...row }: ScanRecord): Scan {
  return {
    ...row,
    source: row.source ?? (given as { source?: string }).source ?? null,
    format: row.format as Scan['format'],
    status: row.status as Scan['status'],
    score: row.status === 'finished' ? scoreOf(row) : null,
    problems: row.problems as Scan['problems'],
  }
}
