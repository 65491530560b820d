/** What a filter asks of a task, in SQL. Words are found elsewhere (words.ts). */
import { type Expression, type SqlBool, sql } from 'kysely'
import type { Actor, Db } from '../../platform/context.ts'
import { Forbidden } from '../../platform/problem.ts'
import type { TaskFilter } from './contract.ts'
import { say } from './rules.ts'

/** Who looks, and which teams `mine` means. */
export type Viewer = Pick<Actor, 'email' | 'permissions'> & { teams: string[] }

/** Deleted tasks are shown to those who may delete them; asked wherever a filter is used, so that no list can forget it. */
export function permitFilter(filter: TaskFilter, { permissions }: Pick<Viewer, 'permissions'>): void {
  if (filter.deleted && !permissions.has('tasks.delete')) throw Forbidden(say.deletedSeen, { permission: 'tasks.delete' })
}

/** `Medium` is a synonym of `Normal` wherever a priority is read (decisions §3). */
const canonicalPriorities = (given: string[]) =>
  given.map((priority) =>
    /^(medium|normal)$/i.test(priority) ? 'Normal' : priority.slice(0, 1).toUpperCase() + priority.slice(1).toLowerCase(),
  )

/** Written out, so that PostgreSQL sees that the index of open tasks holds them. */
const isOpen = sql<boolean>`status_category in ('new', 'active', 'waiting')`

const due = sql`coalesce(resolution_due_at, due_date)`

/** Each condition, on a value or on the place where one will be. */
const conditions = {
  unmerged: () => sql<boolean>`merged_into_id is null`,
  present: () => sql<boolean>`deleted_at is null`,
  deleted: () => sql<boolean>`deleted_at is not null`,
  status: (statuses) => sql<boolean>`status = any(${statuses}::text[])`,
  statusCategory: (categories) => sql<boolean>`status_category = any(${categories}::text[])`,
  open: () => isOpen,
  settled: () => sql<boolean>`status_category in ('resolved', 'closed', 'cancelled')`,
  priority: (priorities) => sql<boolean>`priority = any(${priorities}::text[])`,
  category: (categories) => sql<boolean>`category = any(${categories}::text[])`,
  unassigned: () => sql<boolean>`assigned_to_email is null`,
  assignedTo: (email) => sql<boolean>`assigned_to_email = ${email}`,
  requester: (email) => sql<boolean>`requester_email = ${email}`,
  withoutTeam: () => sql<boolean>`team_id is null`,
  team: (id) => sql<boolean>`team_id = ${id}`,
  teams: (ids) => sql<boolean>`team_id = any(${ids}::text[])`,
  withoutProfile: () => sql<boolean>`profile_id is null`,
  profile: (id) => sql<boolean>`profile_id = ${id}`,
  tag: (tag) => sql<boolean>`${tag} = any(tags)`,
  watchedBy: (email) => sql<boolean>`id in (select task_id from task_watchers where email = ${email})`,
  overdueAt: (now) =>
    sql<boolean>`${isOpen} and (resolution_due_at < ${now}::timestamptz or due_date < ${now}::timestamptz
      or (response_due_at < ${now}::timestamptz and first_response_at is null))`,
  // Written out, so that PostgreSQL sees that the index of open major incidents holds them.
  major: () => sql<boolean>`is_major_incident`,
  minor: () => sql<boolean>`not is_major_incident`,
  entityType: (type) => sql<boolean>`linked_tater_entity_type = ${type}`,
  entity: (id) => sql<boolean>`linked_tater_entity_id = ${id}`,
  createdAfter: (time) => sql<boolean>`created_at > ${time}::timestamptz`,
  createdBefore: (time) => sql<boolean>`created_at < ${time}::timestamptz`,
  updatedAfter: (time) => sql<boolean>`updated_at > ${time}::timestamptz`,
  closedAfter: (time) => sql<boolean>`closed_at >= ${time}::timestamptz`,
  closedBefore: (time) => sql<boolean>`closed_at < ${time}::timestamptz`,
  dueAfter: (time) => sql<boolean>`${due} >= ${time}::timestamptz`,
  dueBefore: (time) => sql<boolean>`${due} < ${time}::timestamptz`,
} satisfies Record<string, (value: unknown) => Expression<SqlBool>>

type Condition = keyof typeof conditions

/** Names of conditions with the value of each; those that need none have `true`. */
export type Asked = Partial<Record<Condition, unknown>>

/** The narrower part of a filter: everything but whether tasks are deleted or merged. */
export function narrowed(filter: TaskFilter, me: Viewer, at: Date): Asked {
  const asked: Asked = {}
  const ask = (name: Condition, value: unknown) => {
    if (value !== undefined) asked[name] = value
  }
  const self = (who: string) => (who === 'me' ? me.email : who.toLowerCase())
  const { open, assignedTo, requester, teamId, profileId, majorIncident } = filter
  ask('status', filter.status)
  ask('statusCategory', filter.statusCategory)
  if (open !== undefined) ask(open ? 'open' : 'settled', true)
  ask('priority', filter.priority && canonicalPriorities(filter.priority))
  ask('category', filter.category)
  if (assignedTo === 'none') ask('unassigned', true)
  else if (assignedTo !== undefined) ask('assignedTo', self(assignedTo))
  if (requester !== undefined) ask('requester', self(requester))
  if (teamId === 'none') ask('withoutTeam', true)
  else if (teamId === 'mine') ask('teams', me.teams)
  else ask('team', teamId)
  if (profileId === 'none') ask('withoutProfile', true)
  else ask('profile', profileId)
  ask('tag', filter.tag)
  if (filter.watching) ask('watchedBy', me.email)
  if (filter.overdue) ask('overdueAt', at.toISOString())
  if (majorIncident !== undefined) ask(majorIncident ? 'major' : 'minor', true)
  ask('entityType', filter.linkedTaterEntityType)
  ask('entity', filter.linkedTaterEntityId)
  ask('createdAfter', filter.createdAfter)
  ask('createdBefore', filter.createdBefore)
  ask('updatedAfter', filter.updatedAfter)
  ask('closedAfter', filter.closedAfter)
  ask('closedBefore', filter.closedBefore)
  ask('dueAfter', filter.dueAfter)
  ask('dueBefore', filter.dueBefore)
  return asked
}

/** Everything a filter asks, in an order that is always the same. */
export function askedBy(filter: TaskFilter, me: Viewer, at: Date): Asked {
  permitFilter(filter, me)
  return { unmerged: true, ...(filter.deleted ? { deleted: true } : { present: true }), ...narrowed(filter, me, at) }
}

/** @param value what a condition is asked with: its value, or the place for it in a statement that is kept (statement.ts) */
export const conditionsOf = (asked: Asked, value: (name: string) => unknown = (name) => asked[name as Condition]) =>
  Object.keys(asked).map((name) => conditions[name as Condition](value(name)))

/** The tasks a filter selects, whatever words it asks for. */
export const tasksWith = (db: Db, asked: Asked, value?: (name: string) => unknown) =>
  db.selectFrom('tasks').where((eb) => eb.and(conditionsOf(asked, value)))
