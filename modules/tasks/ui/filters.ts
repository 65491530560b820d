/** What can narrow the list, and how each filter reads as part of a sentence. */

import type { Category } from '../../../platform/react/marks.tsx'
import { wordOf } from '../../../platform/react/vocabulary.ts'
import { date, dateAndTime, oneOf } from '../../../platform/react/words.ts'
import type { TaskFilter } from '../contract.ts'
import { text } from './text.ts'

export type FilterKey = keyof TaskFilter

export type Filter = {
  key: FilterKey
  label: string
  kind: 'choices' | 'person' | 'one' | 'text' | 'flag' | 'date'
  /** The filter as words: `priority High or Critical`. */
  sentence(value: never, names: Names): string
}

/** What an address stands for on screen. */
export type Names = {
  person(email: string): string
  profile(id: string): string
  team(id: string): string
  priority(name: string): string
}

const { labels, said } = text.filters

const person = (value: string, names: Names) => (value === 'me' ? said.me : value === 'none' ? said.nobody : names.person(value))

/** A day where the instant is its beginning (here or in UTC), else the time as well. */
function day(value: string) {
  const at = new Date(Date.parse(value) + 1)
  const isDay = /T(00:00|23:59)/.test(value) || (at.getHours() === 0 && at.getMinutes() === 0)
  return { date: isDay ? date(at) : dateAndTime(at) }
}

const filter = <T>(key: FilterKey, kind: Filter['kind'], sentence: (value: T, names: Names) => string): Filter => ({
  key,
  label: labels[key],
  kind,
  sentence: sentence as Filter['sentence'],
})

export const filters: readonly Filter[] = [
  filter<boolean>('open', 'flag', (value) => (value ? said.open : said.settled)),
  filter<string>('q', 'text', (words) => said.q({ words })),
  filter<string[]>('status', 'choices', (value) => said.status({ values: oneOf(value.map(wordOf)) })),
  filter<Category[]>('statusCategory', 'choices', (value) =>
    said.statusCategory({ values: oneOf(value.map((category) => text.board.columns[category])) }),
  ),
  filter<string[]>('priority', 'choices', (value, names) => said.priority({ values: oneOf(value.map(names.priority)) })),
  filter<string[]>('category', 'choices', (value) => said.category({ values: oneOf(value) })),
  filter<string>('assignedTo', 'person', (value, names) => said.assignedTo({ person: person(value, names) })),
  filter<string>('requester', 'person', (value, names) => said.requester({ person: person(value, names) })),
  filter<string>('teamId', 'one', (team, names) =>
    team === 'mine' ? said.myTeams : team === 'none' ? said.noTeam : said.team({ team: names.team(team) }),
  ),
  filter<string>('profileId', 'one', (value, names) =>
    value === 'none' ? said.noProfile : said.profile({ profile: names.profile(value) }),
  ),
  filter<string>('tag', 'text', (tag) => said.tag({ tag })),
  filter<boolean>('overdue', 'flag', (value) => (value ? said.overdue : said.notOverdue)),
  filter<boolean>('majorIncident', 'flag', (value) => (value ? said.major : said.notMajor)),
  filter<boolean>('watching', 'flag', (value) => (value ? said.watching : said.notWatching)),
  filter<string>('createdAfter', 'date', (value) => said.createdAfter(day(value))),
  filter<string>('createdBefore', 'date', (value) => said.createdBefore(day(value))),
  filter<string>('closedAfter', 'date', (value) => said.closedAfter(day(value))),
  filter<string>('closedBefore', 'date', (value) => said.closedBefore(day(value))),
  filter<string>('dueAfter', 'date', (value) => said.dueAfter(day(value))),
  filter<string>('dueBefore', 'date', (value) => said.dueBefore(day(value))),
  filter<string>('updatedAfter', 'date', (value) => said.updatedAfter(day(value))),
  filter<string>('linkedTaterEntityType', 'text', (type) => said.linkedType({ type })),
  filter<string>('linkedTaterEntityId', 'text', (id) => said.linked({ id })),
  filter<boolean>('deleted', 'flag', () => said.deleted),
]

/** The filters in effect, in reading order. */
export const activeFilters = (search: Partial<TaskFilter>) => filters.filter(({ key }) => search[key] !== undefined)

/** One filter of a search in words. */
export const say = (each: Filter, search: Partial<TaskFilter>, names: Names) => each.sentence(search[each.key] as never, names)
