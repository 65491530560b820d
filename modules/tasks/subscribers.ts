/** What tasks do when an organization changes its lists: they keep up with names and order. */
import { on } from '../../platform/events.ts'
import { type Priority, priorityKey } from '../settings/contract.ts'
import * as queries from './queries.ts'

export const followRenamedCategory = on('category.saved', async ({ db }, { data: { name, before } }) => {
  if (before && before.name !== name) await queries.renameCategory(db, String(before.name), name)
})

export const followPriorityOrder = on('priorities.saved', async ({ db }, { data: { after } }) => {
  const priorities = (after?.priorities ?? []) as Priority[]
  for (const { name, rank } of priorities) await queries.rankPriority(db, priorityKey(name), rank)
})
