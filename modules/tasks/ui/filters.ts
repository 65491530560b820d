/** What can narrow the list, and how each filter reads as part of a sentence. */
import { listed } from '../../../platform/react/words.ts'
import type { TaskFilter } from '../contract.ts'

export type FilterKey = keyof TaskFilter

export type Filter = {
  key: FilterKey
  label: string
  kind: 'choices' | 'person' | 'one' | 'text' | 'flag' | 'date'
  /** The filter as words: `priority High or Critical`. */
  sentence(value: never, names: Names): string
}

/** What an address stands for on screen. */
export type Names = { person(email: string): string; profile(id: string): string }

const person = (value: string, names: Names) => (value === 'me' ? 'me' : value === 'none' ? 'nobody' : names.person(value))

/** A day where the instant is its beginning (here or in UTC), else the time as well. */
function dateWords(value: string) {
  const at = new Date(Date.parse(value) + 1)
  const isDay = /T(00:00|23:59)/.test(value) || (at.getHours() === 0 && at.getMinutes() === 0)
  return at.toLocaleString(undefined, { dateStyle: 'medium', ...(!isDay && { timeStyle: 'short' }) })
}

const filter = <T>(
  key: FilterKey,
  label: string,
  kind: Filter['kind'],
  sentence: (value: T, names: Names) => string,
): Filter => ({
  key,
  label,
  kind,
  sentence: sentence as Filter['sentence'],
})

export const filters: readonly Filter[] = [
  filter<boolean>('open', 'Open or settled', 'flag', (value) => (value ? 'open' : 'settled')),
  filter<string>('q', 'Words', 'text', (value) => `about “${value}”`),
  filter<string[]>('status', 'State', 'choices', (value) => `in state ${listed(value)}`),
  filter<string[]>('statusCategory', 'Kind of state', 'choices', (value) => `in a state that is ${listed(value)}`),
  filter<string[]>('priority', 'Priority', 'choices', (value) => `of priority ${listed(value)}`),
  filter<string[]>('category', 'Category', 'choices', (value) => `in category ${listed(value)}`),
  filter<string>('assignedTo', 'Assigned to', 'person', (value, names) => `assigned to ${person(value, names)}`),
  filter<string>('requester', 'Requester', 'person', (value, names) => `requested by ${person(value, names)}`),
  filter<string>('teamId', 'Assignment group', 'text', (value) => `of group ${value}`),
  filter<string>('profileId', 'Profile', 'one', (value, names) =>
    value === 'none' ? 'without a profile' : `following ${names.profile(value)}`,
  ),
  filter<string>('tag', 'Tag', 'text', (value) => `tagged ${value}`),
  filter<boolean>('overdue', 'Overdue', 'flag', (value) => (value ? 'overdue' : 'not overdue')),
  filter<boolean>('watching', 'Watched by me', 'flag', (value) => (value ? 'watched by me' : 'not watched by me')),
  filter<string>('createdAfter', 'Created after', 'date', (value) => `created after ${dateWords(value)}`),
  filter<string>('createdBefore', 'Created before', 'date', (value) => `created before ${dateWords(value)}`),
  filter<string>('closedAfter', 'Closed after', 'date', (value) => `closed from ${dateWords(value)} on`),
  filter<string>('closedBefore', 'Closed before', 'date', (value) => `closed before ${dateWords(value)}`),
  filter<string>('dueAfter', 'Due after', 'date', (value) => `due from ${dateWords(value)} on`),
  filter<string>('dueBefore', 'Due before', 'date', (value) => `due before ${dateWords(value)}`),
  filter<string>('updatedAfter', 'Updated after', 'date', (value) => `updated after ${dateWords(value)}`),
  filter<string>('linkedTaterEntityType', 'Linked record', 'text', (value) => `linked to a ${value}`),
  filter<string>('linkedTaterEntityId', 'Linked record id', 'text', (value) => `linked to ${value}`),
  filter<boolean>('deleted', 'Deleted', 'flag', () => 'deleted'),
]

/** The filters in effect, in reading order. */
export const activeFilters = (search: Partial<TaskFilter>) => filters.filter(({ key }) => search[key] !== undefined)

/** One filter of a search in words. */
export const say = (each: Filter, search: Partial<TaskFilter>, names: Names) => each.sentence(search[each.key] as never, names)
