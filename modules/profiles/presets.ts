import { readInstant } from './values.ts'

/** How a log of another help desk is read. Pure data, so that people can add their own. */
export type ReplayPreset = {
  readonly name: string
  /** Column names of a CSV export. */
  readonly columns: { readonly case: string; readonly time: string; readonly status: string }
  /** `iso` 2016-02-29T01:16Z · `day-first` 29/2/2016 01:16 · `month-first` 2/29/2016 01:16 (both UTC). */
  readonly dates: 'iso' | 'day-first' | 'month-first'
  /** Texts that mean "nothing". */
  readonly empty: readonly string[]
  /** Their states in our words; a `*` at the end stands for any ending. First match wins; other states keep their name. */
  readonly states: readonly { readonly from: string; readonly to: string }[]
  /** Moves their log writes as one where the flow has steps between; accepted as one move if every step is legal. */
  readonly ways: readonly { readonly from: string; readonly through: readonly string[]; readonly to: string }[]
  /** How whole tickets are read from the log, where it has them; absent when it only has moves. */
  readonly tickets?: TicketPreset
}

/** Where a log keeps what a ticket is made of. Columns may be missing; then the ticket goes without. */
export type TicketPreset = {
  /** What tickets of this system are called in `externalRefs`, and the domain of addresses made for its people. */
  readonly system: string
  readonly people: string
  readonly columns: Readonly<Record<TicketColumn, string>>
  /** Their words in ours, by field and in lower case; a number in front (`3 - Moderate`) is taken off first. */
  readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export type TicketColumn =
  | 'openedAt'
  | 'openedBy'
  | 'updatedBy'
  | 'title'
  | 'description'
  | 'requester'
  | 'assignee'
  | 'resolvedBy'
  | 'team'
  | 'source'
  | 'location'
  | 'category'
  | 'subCategory'
  | 'symptom'
  | 'configurationItem'
  | 'impact'
  | 'urgency'
  | 'priority'
  | 'problem'
  | 'change'
  | 'causedBy'
  | 'vendor'
  | 'reassigned'
  | 'reopened'
  | 'resolutionCode'
  | 'resolutionNotes'
  | 'resolvedAt'
  | 'closedAt'

const servicenow: ReplayPreset = {
  name: 'ServiceNow incident log',
  columns: { case: 'number', time: 'sys_updated_at', status: 'incident_state' },
  dates: 'day-first',
  empty: ['?', ''],
  states: [
    { from: 'Active', to: 'In Progress' },
    { from: 'Awaiting *', to: 'On Hold' },
  ],
  ways: [{ from: 'New', through: ['Assigned'], to: 'In Progress' }],
  tickets: {
    system: 'servicenow',
    people: 'servicenow.invalid',
    columns: {
      openedAt: 'opened_at',
      openedBy: 'opened_by',
      updatedBy: 'sys_updated_by',
      title: 'short_description',
      description: 'description',
      requester: 'caller_id',
      assignee: 'assigned_to',
      resolvedBy: 'resolved_by',
      team: 'assignment_group',
      source: 'contact_type',
      location: 'location',
      category: 'category',
      subCategory: 'subcategory',
      symptom: 'u_symptom',
      configurationItem: 'cmdb_ci',
      impact: 'impact',
      urgency: 'urgency',
      priority: 'priority',
      problem: 'problem_id',
      change: 'rfc',
      causedBy: 'caused_by',
      vendor: 'vendor',
      reassigned: 'reassignment_count',
      reopened: 'reopen_count',
      resolutionCode: 'closed_code',
      resolutionNotes: 'close_notes',
      resolvedAt: 'resolved_at',
      closedAt: 'closed_at',
    },
    values: {
      priority: { moderate: 'Normal', planning: 'Low' },
      source: {
        'self service': 'Portal',
        'self-service': 'Portal',
        ivr: 'Phone',
        'direct opening': 'Agent',
        'virtual agent': 'AI',
      },
    },
  },
}

const generic: ReplayPreset = {
  name: 'Columns case, time, status with ISO dates',
  columns: { case: 'case', time: 'time', status: 'status' },
  dates: 'iso',
  empty: [''],
  states: [],
  ways: [],
}

export const presets: Readonly<Record<'generic' | 'servicenow', ReplayPreset> & Record<string, ReplayPreset>> = Object.freeze({
  generic,
  servicenow,
})

/** A time of a log in milliseconds since 1970 (UTC where it names no zone; ISO 8601 is always understood), or null when it cannot be read. */
export function readLogTime(text: string, dates: ReplayPreset['dates']): number | null {
  // Year first is never ambiguous, whatever the preset expects.
  if (dates === 'iso' || /^\s*\d{4}-/.test(text)) {
    const instant = readInstant(text)
    return instant === null ? null : Date.parse(instant)
  }
  const parts = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text.trim())
  if (!parts) return null
  const [first, second, year, hour, minute, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [number, ...number[]]
  const [day, month] = dates === 'day-first' ? [first, second!] : [second!, first]
  const at = new Date(Date.UTC(year!, month - 1, day, hour, minute, seconds))
  return at.getUTCDate() === day && at.getUTCMonth() === month - 1 && hour! < 24 ? at.getTime() : null
}

/** The state a log's word stands for, in the words of the preset; null when the word means "nothing". */
export function mapLogState(text: string, preset: ReplayPreset): string | null {
  const word = text.trim()
  if (preset.empty.includes(word)) return null
  const lower = word.toLowerCase()
  for (const { from, to } of preset.states) {
    const pattern = from.toLowerCase()
    if (pattern.endsWith('*') ? lower.startsWith(pattern.slice(0, -1)) : lower === pattern) return to
  }
  return word
}
