/** Rows of a CSV as the fields of a task. Pure. */
import { listed } from '../../platform/messages.ts'
import type { TableRow } from '../../platform/table-file.ts'
import { type CompiledProfile, canonicalField, type FieldType, taskFields } from '../profiles/contract.ts'
import { MappingRefused, say } from './rules.ts'

/** How the columns of one file are read. */
export type Reading = {
  columns: readonly string[]
  mapping: Readonly<Record<string, string>>
  values: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export type ReadRow = { fields: Record<string, unknown>; key: string | null; status: string | null }

/** Beside the task's own fields: where it stands, and what it is called where it comes from. */
const extraFields = { status: 'Status', externalId: 'Key of the other system (a second import of it changes nothing)' }

const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** Names people give their columns, where neither the field's name nor its label says it. */
const otherNames: Record<string, string> = {
  summary: 'title',
  subject: 'title',
  shortdescription: 'title',
  name: 'title',
  issue: 'title',
  details: 'description',
  body: 'description',
  text: 'description',
  notes: 'description',
  longdescription: 'description',
  state: 'status',
  type: 'category',
  subcategory: 'subCategory',
  labels: 'tags',
  prio: 'priority',
  channel: 'source',
  requester: 'requesterEmail',
  reporter: 'requesterEmail',
  caller: 'requesterEmail',
  email: 'requesterEmail',
  requestedby: 'requesterEmail',
  contact: 'contactEmail',
  assignee: 'assignedToEmail',
  assignedto: 'assignedToEmail',
  owner: 'assignedToEmail',
  team: 'teamId',
  group: 'teamId',
  assignmentgroup: 'teamId',
  queue: 'teamId',
  due: 'dueDate',
  deadline: 'dueDate',
  service: 'businessService',
  ci: 'configurationItems',
  configurationitem: 'configurationItems',
  resolution: 'resolutionNotes',
  rootcause: 'rootCauseAnalysis',
  majorincident: 'isMajorIncident',
  problem: 'linkedProblemId',
}

/** Names of the other system's key, the best first. */
const keyNames = ['externalid', 'externalkey', 'key', 'ticketid', 'ticketnumber', 'issuekey', 'number', 'id']

/** A mapping by the columns' names; nobody has to keep it. */
export function suggestMapping(columns: readonly string[]): Record<string, string> {
  const byName = new Map<string, string>(Object.entries(otherNames))
  for (const { key, label } of taskFields) byName.set(plain(label), key).set(plain(key), key)
  byName.set('status', 'status')
  const mapping: Record<string, string> = {}
  const taken = new Set<string>()
  const take = (column: string, field: string | undefined) => {
    if (!field || taken.has(field) || mapping[column]) return
    mapping[column] = field
    taken.add(field)
  }
  // A column of the field's own name comes before one that only means it.
  for (const column of columns) take(column, taskFields.find(({ key }) => plain(key) === plain(column))?.key)
  for (const column of columns) take(column, byName.get(plain(column)))
  const key = keyNames
    .map((name) => columns.find((column) => plain(column) === name))
    .find((column) => column && !mapping[column])
  if (key) take(key, 'externalId')
  return mapping
}

/** What columns can be mapped to under a profile. */
export function mappableFields(profile: CompiledProfile, choices: Readonly<Record<string, readonly string[]>> = {}) {
  const fields = profile.fields
    .filter((field) => field.visible)
    .map(({ key, custom, label, required, restricted, choices: own }) => {
      const offered = restricted || custom ? own : (choices[key] ?? own)
      return { field: custom ? `customFields.${key}` : key, label, required, ...(offered && { choices: [...offered] }) }
    })
  const extra = Object.entries(extraFields).map(([field, label]) => ({ field, label, required: false }))
  const states = profile.states.map((state) => state.status)
  return [...fields, ...extra.map((each) => (each.field === 'status' ? { ...each, choices: states } : each))]
}

/** Refuses a mapping that names what is not there, or one field twice. */
export function checkMapping({ columns, mapping, values }: Reading, profile: CompiledProfile): void {
  const known = (field: string) =>
    field in extraFields || field.startsWith('customFields.') || profile.fieldMap.has(canonicalField(field))
  const seen = new Map<string, string>()
  for (const [column, field] of Object.entries(mapping)) {
    if (!columns.includes(column)) throw MappingRefused(say.noColumn({ column, columns: listed(columns.slice(0, 40)) }))
    if (field === '') continue
    if (!known(field)) throw MappingRefused(say.noField({ field, column, profile: profile.name }))
    const twin = seen.get(canonicalField(field))
    if (twin) throw MappingRefused(say.twin({ first: twin, second: column, field }))
    seen.set(canonicalField(field), column)
  }
  for (const field of Object.keys(values)) {
    if (!known(field)) throw MappingRefused(say.noValueField({ field, profile: profile.name }))
  }
  if (!seen.has('title') && values.title?.[''] === undefined) throw MappingRefused(say.noTitle)
}

/** What a column's cells are: made once for a file. */
export function rowReader({ columns, mapping, values }: Reading, profile: CompiledProfile): (row: TableRow) => ReadRow {
  const targets = columns.map((column) => mapping[column] || null)
  const constant = Object.keys(values).filter((field) => !targets.includes(field))
  const plans = [...targets.map((field, at) => ({ field, at })), ...constant.map((field) => ({ field, at: -1 }))]
    .filter((plan): plan is { field: string; at: number } => plan.field !== null)
    .map(({ field, at }) => ({ field: canonicalField(field), at, type: typeOf(profile, field), words: wordsOf(values[field]) }))
  return ({ values: cells }) => {
    const read: ReadRow = { fields: {}, key: null, status: null }
    const custom: Record<string, unknown> = {}
    for (const { field, at, type, words } of plans) {
      const text = words(unguarded(at < 0 ? '' : (cells[at] ?? '')))
      if (text.trim() === '') continue
      if (field === 'externalId') read.key = text.trim()
      else if (field === 'status') read.status = text.trim()
      else if (field.startsWith('customFields.')) custom[field.slice(13)] = cellOf(type, text)
      else read.fields[field] = field === 'externalRefs' ? referencesOf(text) : cellOf(type, text)
    }
    if (Object.keys(custom).length > 0) read.fields.customFields = custom
    return read
  }
}

const typeOf = (profile: CompiledProfile, field: string): FieldType => profile.fieldMap.get(canonicalField(field))?.type ?? 'text'

function wordsOf(words: Readonly<Record<string, string>> | undefined): (text: string) => string {
  if (!words) return (text) => text
  const byWord = new Map(Object.entries(words).map(([from, to]) => [from.trim().toLowerCase(), to]))
  const other = byWord.get('*')
  return (text) => byWord.get(text.trim().toLowerCase()) ?? (text.trim() === '' ? text : (other ?? text))
}

/** Our own export puts a quote in front of what a spreadsheet would run as a formula; reading takes it off again. */
const unguarded = (text: string) => (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text)

/** A cell as the value its field takes; what does not fit stays text, and the field's own check says what is wrong. */
function cellOf(type: FieldType, text: string): unknown {
  if (type === 'tags' || type === 'list') {
    const parts = text.split(type === 'tags' ? /[;,\n]/ : /[;\n]/)
    return parts.map((part) => part.trim()).filter((part) => part !== '')
  }
  const word = text.trim().toLowerCase()
  if (type === 'boolean') return /^(yes|y|true|1)$/.test(word) ? true : /^(no|n|false|0)$/.test(word) ? false : text
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : text
  if (type === 'datetime') return instantOf(text.trim())
  return type === 'email' ? word : text
}

/** Spreadsheets write `2026-03-01 09:30`; without a zone it is UTC, as everywhere else in a file. */
function instantOf(text: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s?(Z|[+-]\d\d:\d\d)?$/i.exec(text)
  if (!parts) return text
  const time = parts[2] ?? '00:00'
  return `${parts[1]}T${time.length === 5 ? `${time}:00` : time}${(parts[3] ?? 'Z').toUpperCase()}`
}

/** `jira:OPS-1; servicenow:INC0001`, or JSON as our own export writes it. */
function referencesOf(text: string): unknown {
  if (/^\s*\[/.test(text)) {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }
  return text
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      if (part.startsWith('{')) return parsed(part)
      const colon = part.indexOf(':')
      return colon > 0
        ? { system: part.slice(0, colon).trim(), id: part.slice(colon + 1).trim() }
        : { system: 'import', id: part }
    })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
