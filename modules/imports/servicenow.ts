/** A ServiceNow incident log (one line per update) as tickets with their history. Pure. How it is read says the replay's preset. */
import { listed } from '../../platform/messages.ts'
import type { TableRow } from '../../platform/table-file.ts'
import { mapLogState, presets, readLogTime, type TicketColumn } from '../profiles/contract.ts'
import type { TicketHistory } from '../tasks/operations.ts'
import { MappingRefused, say } from './rules.ts'

const preset = presets.servicenow
const tickets = preset.tickets!

/** A change of state as the log has it; its word is not read yet. */
type LogEvent = { line: number; word: string; time: string; by: string }

/** One incident: the latest value of everything, and each change of its state. */
export type Incident = { line: number; number: string; latest: Partial<Record<TicketColumn, string>>; events: LogEvent[] }

const canonical: readonly string[] = [...Object.values(preset.columns), ...Object.values(tickets.columns)]
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** What ServiceNow's lists call their columns, where the label is not the name. */
const labels: Record<string, string> = {
  state: preset.columns.status,
  updated: preset.columns.time,
  updatedby: tickets.columns.updatedBy,
  opened: tickets.columns.openedAt,
  caller: tickets.columns.requester,
  channel: tickets.columns.source,
  symptom: tickets.columns.symptom,
  configurationitem: tickets.columns.configurationItem,
  problem: tickets.columns.problem,
  changerequest: tickets.columns.change,
  closecode: tickets.columns.resolutionCode,
  resolutioncode: tickets.columns.resolutionCode,
  resolutionnotes: tickets.columns.resolutionNotes,
  resolved: tickets.columns.resolvedAt,
  closed: tickets.columns.closedAt,
}

/** Which of the file's columns is which of ServiceNow's. */
export function suggestLogMapping(columns: readonly string[]): Record<string, string> {
  const mapping: Record<string, string> = {}
  const taken = new Set<string>()
  for (const exactly of [true, false]) {
    for (const column of columns) {
      const name =
        canonical.find((each) => (exactly ? each === column : plain(each) === plain(column))) ??
        (exactly ? undefined : labels[plain(column)])
      if (!name || mapping[column] || taken.has(name)) continue
      mapping[column] = name
      taken.add(name)
    }
  }
  return mapping
}

/** What a column of the file can be, for whoever maps it by hand. */
export const logFields = () =>
  [...new Set(canonical)].map((field) => ({ field, label: field, required: Object.values(preset.columns).includes(field) }))

/** Where each of ServiceNow's columns stands in the file. */
export type LogColumns = ReadonlyMap<string, number>

/** Refuses a log without the three columns nothing can be read without. */
export function logColumns(columns: readonly string[], given: Readonly<Record<string, string>>): LogColumns {
  const places = new Map<string, number>()
  const mapping = { ...suggestLogMapping(columns), ...given }
  for (const [column, name] of Object.entries(mapping)) {
    if (name === '') continue
    if (!columns.includes(column)) throw MappingRefused(say.noColumn({ column, columns: listed(columns.slice(0, 40)) }))
    if (!canonical.includes(name))
      throw MappingRefused(say.noLogColumn({ name, column, columns: listed(canonical.slice(0, 40)) }))
    if (!places.has(name) || column in given) places.set(name, columns.indexOf(column))
  }
  const missing = Object.values(preset.columns).filter((name) => !places.has(name))
  if (missing.length > 0) {
    throw MappingRefused(say.logLacks({ columns: listed(Object.values(preset.columns)), missing: listed(missing) }))
  }
  return places
}

const clean = (text: string | undefined) => {
  const words = (text ?? '').replace(/\s+/g, ' ').trim()
  return preset.empty.includes(words) ? '' : words
}

/** Gathers the lines of each incident. Holds open incidents only, and of each its latest values and changes of state. */
export class IncidentReader {
  private columns: LogColumns
  private open = new Map<string, { incident: Incident; lines: number }>()

  constructor(columns: LogColumns) {
    this.columns = columns
  }

  numberOf({ values }: TableRow): string {
    return clean(values[this.columns.get(preset.columns.case)!])
  }

  /** The incident, once the last of its `lines` is there. */
  add(row: TableRow, lines: (number: string) => number): Incident | null {
    const number = this.numberOf(row)
    const entry = this.open.get(number) ?? { incident: { line: row.line, number, latest: {}, events: [] }, lines: 0 }
    entry.lines++
    this.read(entry.incident, row)
    if (entry.lines >= lines(number)) {
      this.open.delete(number)
      return entry.incident
    }
    this.open.set(number, entry)
    return null
  }

  private read({ latest, events }: Incident, { line, values }: TableRow) {
    const at = (name: string) => {
      const place = this.columns.get(name)
      return place === undefined ? '' : (values[place] ?? '')
    }
    for (const [field, name] of Object.entries(tickets.columns) as [TicketColumn, string][]) {
      const value = field === 'description' || field === 'resolutionNotes' ? at(name).trim() : clean(at(name))
      if (value !== '' && !preset.empty.includes(value)) latest[field] = value
    }
    const word = at(preset.columns.status).trim()
    if (events.at(-1)?.word !== word)
      events.push({ line, word, time: at(preset.columns.time), by: clean(at(tickets.columns.updatedBy)) })
  }
}

const timeOf = (text: string | undefined): Date | null => {
  const at = text ? readLogTime(text, preset.dates) : null
  return at === null ? null : new Date(at)
}

export type HistoryReading = { history: Omit<TicketHistory, 'fields'> & { fields: Record<string, unknown> }; notices: string[] }

/**
 * What an incident was: fields, stamps and states, the latter in the words of the profile.
 * @param nameOf the profile's spelling of a state, or null when it has none
 */
export function readIncident(
  incident: Incident,
  nameOf: (status: string) => string | null,
): HistoryReading | { problem: string } {
  const { number, latest, events } = incident
  if (number === '')
    return { problem: `The column ${preset.columns.case} is empty, so there is no telling which incident this is.` }
  const { states, notices } = statesOf(events, nameOf)
  if (states.length === 0)
    return {
      problem: `${number} shows no state of the profile (${events
        .map(({ word }) => word || 'empty')
        .slice(0, 5)
        .join(', ')}), so there is no telling where it stands.`,
    }
  const firstTime = states.find(({ at }) => at !== null)?.at ?? null
  const openedAt = timeOf(latest.openedAt) ?? firstTime
  if (!openedAt)
    return { problem: `${number} has no time that can be read; times look like 29/2/2016 01:16 or 2016-02-29 01:16.` }
  let last = openedAt
  const timed = states.map(({ status, at, by }) => {
    if (at && at > last) last = at
    return { status, at: last, by: personOf(by || latest.updatedBy || 'Unknown') }
  })
  const history = {
    fields: fieldsOf(number, latest),
    openedAt,
    openedBy: personOf(latest.openedBy || latest.requester || 'Unknown'),
    states: timed,
    ways: preset.ways,
    resolvedAt: timeOf(latest.resolvedAt),
    closedAt: timeOf(latest.closedAt),
  }
  return { history, notices }
}

/** The states of the profile the log shows, repeats collapsed; what is none is left out and noticed. */
function statesOf(events: readonly LogEvent[], nameOf: (status: string) => string | null) {
  const states: { status: string; at: Date | null; by: string }[] = []
  const unknown = new Map<string, number[]>()
  for (const { line, word, time, by } of events) {
    const mapped = mapLogState(word, preset)
    if (mapped === null) continue
    const status = nameOf(mapped)
    if (status === null) unknown.set(word, [...(unknown.get(word) ?? []), line])
    else if (states.at(-1)?.status !== status) states.push({ status, at: timeOf(time), by })
  }
  const notices = [...unknown].map(
    ([word, lines]) =>
      `line ${lines.slice(0, 3).join(', ')} shows the state “${word}”, which the profile does not have; it was left out`,
  )
  return { states, notices }
}

/** A person of the log under an address that can receive nothing, unless the log has one. */
function personOf(name: string) {
  if (/^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\]+$/.test(name)) return { email: name.toLowerCase(), name }
  const word = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return { email: `${word.slice(0, 60) || 'unknown'}@${tickets.people}`, name: cut(name, 200) }
}

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)
const utc = (at: Date | null) => (at ? `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC` : null)

function wordOf(field: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const word = text.replace(/^\d+\s*-\s*/, '')
  return tickets.values[field]?.[word.toLowerCase()] ?? word
}

function fieldsOf(number: string, latest: Incident['latest']): Record<string, unknown> {
  const assignee = latest.assignee ?? latest.resolvedBy ?? latest.team ?? 'Unassigned'
  const { email: assignedToEmail, name: assignedToName } = personOf(assignee)
  const requester = latest.requester ? personOf(latest.requester) : null
  const fields = {
    title: cut(latest.title ?? composedTitle(number, latest), 300),
    description: cut(
      latest.description
        ? `${latest.description}\n\n${composedDescription(number, latest)}`
        : composedDescription(number, latest),
      10_000,
    ),
    category: 'IT',
    subCategory: latest.subCategory && cut(latest.subCategory, 120),
    symptomCode: latest.symptom && cut(latest.symptom, 100),
    impact: wordOf('impact', latest.impact) ?? 'Medium',
    urgency: wordOf('urgency', latest.urgency) ?? 'Medium',
    priority: wordOf('priority', latest.priority),
    source: wordOf('source', latest.source) ?? 'Import',
    requesterEmail: requester?.email,
    requesterName: requester?.name,
    assignedToEmail,
    assignedToName,
    teamId: latest.team && cut(latest.team, 120),
    configurationItems: latest.configurationItem ? [cut(latest.configurationItem, 200)] : undefined,
    linkedProblemId: latest.problem && cut(latest.problem, 60),
    resolutionCode: cut(latest.resolutionCode ?? 'Not recorded', 120),
    resolutionNotes: cut(latest.resolutionNotes ?? composedResolution(latest), 10_000),
    externalRefs: [{ system: tickets.system, id: cut(number, 200) }],
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''))
}

/** "Symptom 72 at Location 143 (Category 55, Subcategory 170)": what a reader can tell tickets apart by. */
function composedTitle(number: string, { symptom, location, category, subCategory }: Incident['latest']): string {
  const kind = [category, subCategory].filter(Boolean).join(', ')
  const what = symptom ?? (kind || `Incident ${number}`)
  return `${what}${location ? ` at ${location}` : ''}${symptom && kind ? ` (${kind})` : ''}`
}

function composedDescription(number: string, latest: Incident['latest']): string {
  const lines: [string, string | undefined][] = [
    ['Symptom', latest.symptom],
    ['Category', [latest.category, latest.subCategory].filter(Boolean).join(' / ')],
    ['Location', latest.location],
    ['Configuration item', latest.configurationItem],
    ['Reported by', latest.requester && `${latest.requester}${latest.source ? ` (${latest.source})` : ''}`],
    ['Assignment group', latest.team],
    ['Problem', latest.problem],
    ['Change', latest.change],
    ['Caused by', latest.causedBy],
    ['Vendor', latest.vendor],
  ]
  const said = lines.filter(([, value]) => value).map(([label, value]) => `- ${label}: ${value}`)
  return [`ServiceNow incident ${number}.`, '', ...said].join('\n')
}

function composedResolution({ resolutionCode, resolvedBy, resolvedAt, reassigned, reopened }: Incident['latest']): string {
  const who = resolvedBy ? ` by ${resolvedBy}` : ''
  const when = utc(timeOf(resolvedAt))
  const code = resolutionCode ? ` with ${resolutionCode}` : ''
  const times = (count: string | undefined, word: string) =>
    count && count !== '0' ? ` ${word} ${count} ${count === '1' ? 'time' : 'times'}.` : ''
  return `Closed in ServiceNow${code}${who}${when ? ` on ${when}` : ''}.${times(reassigned, 'Reassigned')}${times(reopened, 'Reopened')}`
}
