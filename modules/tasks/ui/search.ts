/** The list's address: what narrows and orders it, in the API's own words, so that a link, a view and an export are the same. */
import type { TaskFilter, TaskQuery } from '../contract.ts'

export type TaskSort = TaskQuery['sort']
export type TaskSearch = Partial<TaskFilter> & { sort?: TaskSort }

/** The page's address: the search, and whether it is shown as a board. */
export type ListAddress = TaskSearch & { view?: 'board' }

const lists = ['status', 'statusCategory', 'priority', 'category'] as const
const flags = ['open', 'watching', 'overdue', 'majorIncident', 'deleted'] as const
const words = [
  ...['q', 'assignedTo', 'requester', 'teamId', 'profileId', 'tag'],
  ...['linkedTaterEntityType', 'linkedTaterEntityId', 'createdAfter', 'createdBefore', 'updatedAfter'],
  ...['closedAfter', 'closedBefore', 'dueAfter', 'dueBefore'],
] as const
const sorts: readonly string[] = [
  'updatedAt',
  '-updatedAt',
  'number',
  '-number',
  'priority',
  '-priority',
  'due',
  '-due',
] satisfies TaskSort[]

/** Reads what an address says; what it does not know it leaves out. */
export function searchOf(raw: Record<string, unknown>): TaskSearch {
  const found: Record<string, unknown> = {}
  for (const key of lists) {
    const values = (Array.isArray(raw[key]) ? raw[key] : [raw[key]]).filter((value) => typeof value === 'string' && value !== '')
    if (values.length > 0) found[key] = values
  }
  for (const key of flags)
    if (String(raw[key]) === 'true' || String(raw[key]) === 'false') found[key] = String(raw[key]) === 'true'
  for (const key of words) if (typeof raw[key] === 'string' && raw[key] !== '') found[key] = raw[key]
  if (typeof raw.sort === 'string' && sorts.includes(raw.sort)) found.sort = raw.sort
  return found as TaskSearch
}

/** The same with the layout; the layout is no part of a view or an export. */
export const addressOf = (raw: Record<string, unknown>): ListAddress => ({
  ...searchOf(raw),
  ...(raw.view === 'board' && { view: 'board' as const }),
})

/** The filter without the order. */
export function filterOf({ sort: _, ...filter }: TaskSearch): Partial<TaskFilter> {
  return filter
}

/** The same search whatever the order of its keys; for telling which view is on screen. */
export const sameSearch = (a: TaskSearch, b: TaskSearch) => stable(a) === stable(b)

const stable = (search: object) =>
  JSON.stringify(
    Object.entries(search)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => a.localeCompare(b)),
  )
