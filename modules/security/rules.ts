/** What the business says about the register and about scans. Pure. */
import { listed, type Message, messages, params } from '../../platform/messages.ts'
import { problem } from '../../platform/problem.ts'
import {
  type Compliance,
  type Counts,
  commonFields,
  criticalities,
  type FieldName,
  fieldsOf,
  type RecordFields,
  type RecordType,
  type Result,
  type Severity,
  severities,
  statuses,
} from './contract.ts'

export const say = messages('security/refusals', {
  types: {
    control: 'control',
    risk: 'risk',
    audit: 'audit',
    vendor: 'vendor',
    policy: 'policy',
    wiki: 'wiki',
    'config-doc': 'config-doc',
  },
  field: params('{field}: {problem}'),
  noField: params('A {type} has no {field}. It has {fields}.'),
  noStatus: params('A {type} is {statuses}; "{status}" is none of them.'),
  endsBefore: 'An audit ends on the day it starts, or later.',
  sayControl: 'Say which control of the source it is, so that scans find this record.',
  noRecord: params('There is no record {record} in this organization. GET /api/security/records lists those there are.'),
  archived: params('{record} is archived. Restore it to change it.'),
  controlTaken: params('{record} is the record of {control} of {source}. Change that one instead.'),
  stale: params(
    '{person} changed this record in the meantime (version {version}; yours is based on {yours}). Compare the values and save again.',
  ),
  noScan: params('There is no scan {scan} in this organization. GET /api/security/scans lists those there are.'),
  nextOf: 'after: give `next` of the page before.',
  nextSorted: 'after: give `next` of the page before, with the same sort.',
  noSource:
    'source: The file does not say what it is a scan of. Name it beside the file (field or parameter `source`), such as "CIS Microsoft 365".',
  sourceMissing: 'Is missing, and the file does not say it.',
  future: params(
    'scannedAt: {instant} lies in the future. Mend the clock of the scanner, or give the right time beside the file.',
  ),
  inFuture: 'Lies in the future.',
  rulesStale: 'Somebody changed these rules in the meantime. Look at them again.',
  noLinked: params(
    'There is no {type} "{id}" in the security register. GET /api/security/records?type={type} lists those there are.',
  ),
  linkedArchived: params('{record} is archived. Restore it, or link another record.'),
  linkedId: params('{record} is the {type} with the id {id}. Give that id.'),
})

/** A type of record within a sentence. */
export const typeNamed = (type: string) => (Object.hasOwn(say.types, type) ? say.types[type as RecordType] : type)

export const NoSuchRecord = problem('NO_SUCH_RECORD', 404, 'There is no such record')
export const RecordRefused = problem('RECORD_REFUSED', 422, 'The record cannot be saved like this')
export const RecordArchived = problem('RECORD_ARCHIVED', 409, 'The record is archived')
export const ControlTaken = problem('CONTROL_TAKEN', 409, 'The control has a record already')
export const NoSuchScan = problem('NO_SUCH_SCAN', 404, 'There is no such scan')
export const ScanRefused = problem('SCAN_REFUSED', 422, 'The scan cannot be read')

/** Severity as an integer, which an index can order: 5 critical … 1 informational, 0 unrated. */
export const severityRank = (severity: Severity): number => 5 - severities.indexOf(severity)
export const severityOf = (rank: number): Severity => severities[5 - rank] ?? 'unrated'

/** Percent of what was rated, rounded down, so that 100 means everything; null when nothing was rated (decisions §12). */
export const scoreOf = ({ passed, failed }: Pick<Counts, 'passed' | 'failed'>): number | null =>
  passed + failed === 0 ? null : Math.floor((100 * passed) / (passed + failed))

/** What outweighs what when one control was looked at on many resources: a pass only when nothing speaks against it. */
export const resultWeights: Record<Result, number> = { fail: 5, error: 4, manual: 3, pass: 2, skipped: 1, 'not-applicable': 0 }

/** The result of a control from its rows; null when there are none. */
export const resultOf = (rows: readonly Result[]): Result | null =>
  rows.reduce<Result | null>((worst, each) => (worst && resultWeights[worst] >= resultWeights[each] ? worst : each), null)

const day = 86_400_000

/** Whether a scan of that moment is stale now. */
export const isStale = (scannedAt: string | null, staleAfterDays: number, now: Date): boolean =>
  scannedAt === null || now.getTime() - Date.parse(scannedAt) > staleAfterDays * day

export type SourceCounts = Pick<Counts, 'passed' | 'failed' | 'criticalFailing' | 'highFailing'> & { scannedAt: string }

/** An organization's standing from the latest scan of each source. */
export function complianceFrom(sources: readonly SourceCounts[], staleAfterDays: number, now: Date): Compliance {
  const sum = (key: 'passed' | 'failed' | 'criticalFailing' | 'highFailing') =>
    sources.reduce((total, source) => total + source[key], 0)
  const lastScanAt = sources.reduce<string | null>((last, { scannedAt }) => (last && last > scannedAt ? last : scannedAt), null)
  return {
    score: scoreOf({ passed: sum('passed'), failed: sum('failed') }),
    scanStatus: lastScanAt === null ? 'never' : isStale(lastScanAt, staleAfterDays, now) ? 'stale' : 'current',
    lastScanAt,
    criticalFailing: sum('criticalFailing'),
    highFailing: sum('highFailing'),
    sources: sources.length,
    staleSources: sources.filter(({ scannedAt }) => isStale(scannedAt, staleAfterDays, now)).length,
  }
}

type Rankable = Partial<Pick<RecordFields, 'severity' | 'result' | 'likelihood' | 'impact' | 'criticality'>>

/** How urgent a record is among its type: a failing control before all others, then by severity; a risk by its score. */
export function rankOf(type: RecordType, { severity, result, likelihood, impact, criticality }: Rankable): number {
  if (type === 'control') return (result === 'fail' ? 10 : 0) + severityRank(severity ?? 'unrated')
  if (type === 'risk') return (likelihood ?? 0) * (impact ?? 0)
  return type === 'vendor' && criticality ? 4 - criticalities.indexOf(criticality) : 0
}

/** likelihood × impact, when both are known. */
export const riskScore = (likelihood: number | null, impact: number | null): number | null =>
  likelihood === null || impact === null ? null : likelihood * impact

/** Why a record of this type cannot have these values, or null. */
export function obstacleToRecord(type: RecordType, given: Record<string, unknown>) {
  const own: readonly FieldName[] = [...commonFields, ...fieldsOf[type]]
  const strange = Object.keys(given).find((field) => given[field] !== undefined && !own.includes(field as FieldName))
  if (strange) return refused(strange, say.noField({ type: typeNamed(type), field: strange, fields: listed(own) }))
  const { status, startDate, endDate, source, controlId } = given as Partial<RecordFields>
  if (status !== undefined && !statuses[type].includes(status))
    return refused('status', say.noStatus({ type: typeNamed(type), statuses: listed(statuses[type]), status }))
  if (startDate && endDate && startDate > endDate) return refused('endDate', say.endsBefore)
  if (source && !controlId) return refused('controlId', say.sayControl)
  return null
}

const refused = (field: string, detail: Message) =>
  RecordRefused(say.field({ field, problem: detail }), { errors: [{ pointer: `#/${field}`, detail }] })

/** What became of a control from one scan of its source to the next; null when nothing worth telling. */
export function differenceOf(before: Result | null, after: Result | null): 'newly-failing' | 'fixed' | 'new' | 'gone' | null {
  if (before === after) return null
  if (after === 'fail') return 'newly-failing'
  if (before === 'fail' && after === 'pass') return 'fixed'
  if (before === null) return 'new'
  return after === null ? 'gone' : null
}

/** The farthest a scan's clock may be ahead: a scan from the future would stay the latest for good. */
export const aheadOf = (scannedAt: string, now: Date): boolean => Date.parse(scannedAt) > now.getTime() + day
