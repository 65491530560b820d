/**
 * What the rows of a scan mean, by format: our own JSON and CSV, OCSF findings (Prowler writes them), ScubaGear's results.
 * Pure: each reader takes one value of the file and answers a row, or says what is wrong with it.
 *
 * OCSF: schema.ocsf.io, classes 2003 (Compliance Finding) and 2004 (Detection Finding, as Prowler 4 and 5 use it).
 * ScubaGear: cisagov/ScubaGear, ScubaResults_*.json (MetaData, Results) and ScubaResults.csv.
 */
import { list, listed, Message, messages, params } from '../../platform/messages.ts'
import { type Result, results, type ScanFormat, type Severity } from './contract.ts'

const say = messages('security/rows', {
  noId: 'the control has no id.',
  longId: params("the control's id has more than {most} characters."),
  noResult: params('{control} has no result.'),
  unknownResult: params('{control}: the result “{result}” is none of {results}.'),
  native: 'a result is a JSON object with controlId and result.',
  needsId: 'a control id (such as “Control ID”)',
  needsResult: 'a result (such as “Result”)',
  columns: params('The first line names no column for {missing}. It names: {columns}.'),
  width: params('the row has {found} values, the header names {wanted} columns. Quote values that hold the separator.'),
  scuba: 'a control is a JSON object with “Control ID” and “Result”.',
  finding: 'a finding is a JSON object.',
  noStatus: params(
    'this finding (class_uid {class}) says neither pass nor fail: it has no status_code and no compliance.status_id.',
  ),
  unknownStatus: params('this finding (class_uid {class}) says neither pass nor fail: its status_code “{status}” is unknown.'),
  missingClass: 'missing',
})

/** A control as it was found on one resource. */
export type FoundRow = {
  controlId: string
  title: string
  framework: string
  severity: Severity
  result: Result
  resource: string
  detail: string
}

/** What a row says about the scan it is part of. */
export type Hint = { source?: string; account?: string; time?: string; scanId?: string }

export type Reading = { row: FoundRow; hint: Hint } | { problem: Message; at?: string }

type Fields = Record<string, unknown>

/** A word as it is compared: `Not Applicable`, `not-applicable` and `NOT_APPLICABLE` are the same. */
const key = (value: unknown) =>
  String(value ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')

/** A value of a record by a key from outside; `constructor` is no key of ours. */
const own = <T>(record: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined

const resultWords: Record<string, Result> = {
  ...words('pass', 'pass passed passing compliant ok success succeeded true'),
  // A recommendation that is not met is not met: ScubaGear's and OCSF's "Warning".
  ...words('fail', 'fail failed failing failure noncompliant notcompliant nonconformant warning warn false'),
  ...words('error', 'error errored timeout notevaluated couldnotevaluate'),
  ...words('manual', 'manual manualreview manualcheck review toreview unknown undetermined incorrectresult'),
  ...words('skipped', 'skipped skip omitted omit omits muted mute suppressed disabled ignored excluded notselected notchecked'),
  ...words('not-applicable', 'notapplicable na nonapplicable'),
}
function words(result: Result, list: string): Record<string, Result> {
  return Object.fromEntries(list.split(' ').map((word) => [word, result]))
}

/** A result in whatever words the source has for it; null for a word that could mean anything. */
export const readResult = (value: unknown): Result | null => own(resultWords, key(value)) ?? null

const severityWords: Record<string, Severity> = {
  critical: 'critical',
  fatal: 'critical',
  high: 'high',
  important: 'high',
  medium: 'medium',
  moderate: 'medium',
  normal: 'medium',
  low: 'low',
  informational: 'informational',
  info: 'informational',
  information: 'informational',
}

/** A severity; what is missing or unknown is unrated, for a guess would look like a finding. */
export const readSeverity = (value: unknown): Severity => own(severityWords, key(value)) ?? 'unrated'

const longest = { controlId: 200, title: 500, framework: 120, resource: 500, detail: 2000, source: 120 }

/** A value as one line of storable text, cut to what a row keeps. */
function clean(value: unknown, max: number): string {
  if (value === null || value === undefined) return ''
  const text = (typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value))
    .replaceAll('\u0000', '')
    .toWellFormed()
    .trim()
  return text.length > max
    ? `${text
        .slice(0, max - 1)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`
    : text
}

type Raw = { [K in keyof FoundRow]?: unknown }

function rowOf({ controlId, title, framework, severity, result, resource, detail }: Raw): FoundRow | Message {
  const id = clean(controlId, 2 * longest.controlId)
  if (id === '') return say.noId
  if (id.length > longest.controlId) return say.longId({ most: longest.controlId })
  const found = readResult(result)
  if (!found)
    return key(result) === ''
      ? say.noResult({ control: id })
      : say.unknownResult({ control: id, result: clean(result, 60), results: listed(results) })
  return {
    controlId: id,
    title: clean(title, longest.title) || id,
    framework: clean(framework, longest.framework),
    severity: readSeverity(severity),
    result: found,
    resource: clean(resource, longest.resource),
    detail: clean(detail, longest.detail),
  }
}

const reading = (raw: Raw, hint: Hint = {}): Reading => {
  const row = rowOf(raw)
  return row instanceof Message ? { problem: row } : { row, hint }
}

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const inside = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>(
    (at, name) => (Array.isArray(at) ? isObject(at[0]) && at[0][name] : isObject(at) && at[name]) || undefined,
    value,
  )

/** An instant, from ISO text (without a zone it is UTC) or seconds or milliseconds since 1970; null when it is none. */
export function readTime(value: unknown): string | null {
  if (typeof value === 'number' && value > 0) {
    const at = new Date(value > 1e11 ? value : value * 1000)
    return Number.isNaN(at.getTime()) ? null : at.toISOString()
  }
  if (typeof value !== 'string' || !/^[12]\d{3}-\d\d-\d\d/.test(value)) return null
  const text = value.trim().replace(' ', 'T')
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) || text.length === 10 ? text : `${text}Z`
  const at = new Date(zoned)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

// ---- our own, from JSON and from tables

const names: Record<keyof FoundRow | 'source' | 'time' | 'scanId' | 'muted', readonly string[]> = {
  controlId: ['controlid', 'control', 'checkid', 'ruleid', 'policyid', 'id'],
  title: ['title', 'requirement', 'checktitle', 'controltitle', 'name', 'rule'],
  framework: ['framework', 'standard', 'benchmark'],
  severity: ['severity', 'risklevel'],
  result: ['result', 'status', 'outcome', 'state', 'compliance'],
  resource: ['resource', 'resourceuid', 'resourceid', 'resourcename', 'target'],
  detail: ['detail', 'details', 'statusextended', 'message', 'description'],
  source: ['source', 'scanner', 'tool'],
  time: ['scannedat', 'scantime', 'timestamp', 'assessmentdate', 'time', 'date'],
  scanId: ['scanid', 'runid', 'reportuuid'],
  muted: ['muted'],
}
type Name = keyof typeof names

/** Which field each column or key is; the first that fits wins, in the order of `names`. */
export function fieldsAmong(columns: readonly string[]): Partial<Record<Name, string>> {
  const byKey = new Map(columns.toReversed().map((column) => [key(column), column]))
  const found: Partial<Record<Name, string>> = {}
  for (const [name, words] of Object.entries(names) as [Name, readonly string[]][]) {
    const column = words.map((word) => byKey.get(word)).find((each) => each !== undefined)
    if (column !== undefined) found[name] = column
  }
  return found
}

function fromFields(value: Fields, fields: Partial<Record<Name, string>>): Reading {
  const of = (name: Name) => (fields[name] === undefined ? undefined : value[fields[name]])
  const muted = key(of('muted')) === 'true' && readResult(of('result')) === 'fail'
  const time = readTime(of('time'))
  const hint = {
    ...(clean(of('source'), longest.source) && { source: clean(of('source'), longest.source) }),
    ...(clean(of('scanId'), 200) && { scanId: clean(of('scanId'), 200) }),
    ...(time && { time }),
  }
  return reading(
    {
      controlId: of('controlId'),
      title: of('title'),
      framework: of('framework'),
      severity: of('severity'),
      result: muted ? 'skipped' : of('result'),
      resource: of('resource'),
      detail: of('detail'),
    },
    hint,
  )
}

/** A control of our own JSON: `{"controlId": "1.1.1", "result": "fail", "severity": "high", …}`. */
export function readNative(value: unknown): Reading {
  if (!isObject(value)) return { problem: say.native }
  return fromFields(value, fieldsAmong(Object.keys(value)))
}

/** Says what a header line lacks, or null. */
export function obstacleToColumns(columns: readonly string[]): Message | null {
  const found = fieldsAmong(columns)
  const missing = [!found.controlId && say.needsId, !found.result && say.needsResult].filter((each) => each !== false)
  if (missing.length === 0) return null
  return say.columns({ missing: list(missing, 'and'), columns: columns.slice(0, 12).join(', ').slice(0, 300) })
}

/** Reads the rows of a table whose columns are these; ScubaGear's own table is known by its columns. */
export function tableReader(columns: readonly string[]): { format: ScanFormat; read(values: readonly string[]): Reading } {
  const scuba = ['controlid', 'requirement', 'result', 'criticality'].every((each) =>
    columns.some((column) => key(column) === each),
  )
  const fields = fieldsAmong(columns)
  return {
    format: scuba ? 'scubagear' : 'csv',
    read(values) {
      if (values.length !== columns.length) return { problem: say.width({ found: values.length, wanted: columns.length }) }
      const row = Object.fromEntries(columns.map((column, n) => [column, values[n]!]))
      return scuba ? readScuba(row, '') : fromFields(row, fields)
    },
  }
}

// ---- ScubaGear

/** A control of ScubaGear. Its criticality (Shall, Should) says how binding a policy is, not how severe: severity stays unrated. */
export function readScuba(value: unknown, product: string): Reading {
  if (!isObject(value)) return { problem: say.scuba }
  const criticality = String(value.Criticality ?? '')
  const said = readResult(value.Result)
  // What ScubaGear cannot check itself it calls N/A and counts as manual.
  const byHand = said === 'not-applicable' && /(Not-Implemented|3rd Party)$/i.test(criticality)
  const omitted = key(value.OmittedEvaluationResult)
  const detail = [
    value.Details,
    omitted !== '' && omitted !== 'na' && `Omitted; it would have been ${clean(value.OmittedEvaluationResult, 60)}.`,
  ]
  return reading({
    controlId: value['Control ID'],
    title: value.Requirement,
    framework: product === '' ? 'CISA SCuBA' : `CISA SCuBA ${product}`,
    severity: value.Severity,
    result: byHand ? 'manual' : value.Result,
    detail: detail.filter(Boolean).join(' '),
  })
}

/** What ScubaGear's MetaData says about the run. */
export function readScubaHead(meta: Fields): Hint {
  const tenant = clean(meta.DomainName ?? meta.DisplayName ?? meta.TenantId, 100)
  const time = readTime(meta.TimestampZulu)
  const scanId = clean(meta.ReportUUID, 200)
  return { source: clean(`ScubaGear ${tenant}`, longest.source), ...(time && { time }), ...(scanId && { scanId }) }
}

// ---- OCSF

const ocsfSeverities: Record<number, Severity> = {
  1: 'informational',
  2: 'low',
  3: 'medium',
  4: 'high',
  5: 'critical',
  6: 'critical',
}
const complianceStatus: Record<number, Result> = { 1: 'pass', 2: 'fail', 3: 'fail', 0: 'manual', 99: 'manual' }

/** Whether an object is an OCSF event rather than a row of our own. */
export const isOcsf = (value: unknown): boolean => isObject(value) && ('class_uid' in value || isObject(value.finding_info))

/** An OCSF finding: a control on one resource. A finding its source suppressed is skipped, unless it passes. */
export function readOcsf(value: unknown): Reading {
  if (!isObject(value)) return { problem: say.finding }
  const { compliance, status_code: code, severity_id: severityId } = value
  const status = isObject(compliance)
    ? (own(complianceStatus, String(compliance.status_id)) ?? readResult(compliance.status) ?? readResult(code))
    : readResult(code)
  if (!status) {
    const kind = clean(value.class_uid, 20) || say.missingClass
    const problem =
      code === undefined ? say.noStatus({ class: kind }) : say.unknownStatus({ class: kind, status: clean(code, 40) })
    return { problem, at: 'status_code' }
  }
  const suppressed = value.status_id === 3 || key(value.status) === 'suppressed'
  const checked =
    inside(compliance, 'control') ?? inside(value, 'metadata', 'event_code') ?? inside(value, 'finding_info', 'analytic', 'uid')
  const required = inside(compliance, 'requirements')
  const resource = inside(value, 'resources', 'uid') ?? inside(value, 'resources', 'name') ?? inside(value, 'resource', 'uid')
  const read = reading(
    {
      controlId: checked ?? (Array.isArray(required) ? required[0] : undefined),
      title: inside(value, 'finding_info', 'title') ?? value.message,
      framework: frameworkOf(value),
      severity: own(ocsfSeverities, String(severityId)) ?? value.severity,
      result: suppressed && status !== 'pass' ? 'skipped' : status,
      resource,
      detail: value.status_detail ?? value.message,
    },
    hintOf(value),
  )
  return 'problem' in read ? { ...read, at: 'metadata.event_code' } : read
}

/** The standard a finding belongs to; of Prowler's many the CIS benchmark, with its requirement. */
function frameworkOf(value: Fields): unknown {
  const standards = inside(value, 'compliance', 'standards')
  if (Array.isArray(standards)) return standards[0]
  const mapped = inside(value, 'unmapped', 'compliance')
  if (!isObject(mapped)) return undefined
  const named = Object.keys(mapped).sort()
  const chosen = named.findLast((name) => /^CIS-/i.test(name)) ?? named[0]
  if (chosen === undefined) return undefined
  const [requirement] = [mapped[chosen]].flat()
  return requirement === undefined ? chosen : `${chosen} ${String(requirement)}`
}

function hintOf(value: Fields): Hint {
  const product = clean(inside(value, 'metadata', 'product', 'name'), 60) || 'OCSF'
  const provider = clean(inside(value, 'cloud', 'provider'), 20)
  const account = clean(inside(value, 'cloud', 'account', 'uid') ?? inside(value, 'cloud', 'account', 'name'), 60)
  const time = [
    inside(value, 'finding_info', 'created_time_dt'),
    value.time_dt,
    value.time,
    inside(value, 'finding_info', 'created_time'),
  ]
    .map(readTime)
    .find((each) => each !== null)
  return {
    source: provider === '' ? product : `${product} ${provider}`,
    ...(account !== '' && { account }),
    ...(time && { time }),
  }
}
