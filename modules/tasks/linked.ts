/** What the security register asks about the tasks that are linked to its records. */
import type { Db } from '../../platform/context.ts'
import * as queries from './queries.ts'

export { countOpenLinked } from './queries.ts'

/** Whether a task can still be worked on: open, settled (resolved, closed, cancelled, merged) or gone. */
export async function taskStanding(db: Db, taskId: string): Promise<'open' | 'settled' | 'gone'> {
  const task = await queries.findTask(db, taskId)
  if (!task || task.deletedAt) return 'gone'
  return ['new', 'active', 'waiting'].includes(task.statusCategory) && !task.mergedIntoId ? 'open' : 'settled'
}

/** The record a task is linked to now, also within the transaction that changes it. */
export async function linkOf(db: Db, taskId: string) {
  const task = await queries.findTask(db, taskId)
  return { linkedTaterEntityType: task?.linkedTaterEntityType ?? null, linkedTaterEntityId: task?.linkedTaterEntityId ?? null }
}
