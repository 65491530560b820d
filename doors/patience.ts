/** How long a door waits for the database. */
import { Busy } from '../platform/problem.ts'
import { say } from './refusals.ts'

/** A database that does not answer is not there, however long it would take to find that out. */
export async function withinMs<T>(ms: number, answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(Busy(say.silent)), ms)
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
    answer.catch(() => {}) // nobody waits for it any more
  }
}
