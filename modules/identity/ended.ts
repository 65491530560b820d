/**
 * A credential is never worth more than its maker is today. The database sees to that, whoever changes what
 * (migration worth_of_credentials); here it is said: in the activity of each organization that lost some, and in the answer.
 */
import type { Context } from '../../platform/context.ts'
import type { Because, Ended } from './contract.ts'
import { endedNow } from './queries-ended.ts'

/** Asked after the change that may have ended something. @returns how many ended, in whichever organizations */
export async function tellEnded({ db, recordIn }: Pick<Context, 'db' | 'recordIn'>, because: Because): Promise<Ended> {
  const ended = await endedNow(db)
  for (const [organizationId, rows] of Map.groupBy(ended, (row) => row.organizationId)) {
    const named = (kind: keyof Ended) => rows.filter((row) => row.kind === kind).map(({ name }) => name)
    const data = { because, keys: named('keys'), connections: named('connections'), scimTokens: named('scimTokens') }
    recordIn([organizationId], 'credentials.ended', { type: 'organization', id: organizationId }, data, 'system')
  }
  const count = (kind: keyof Ended) => ended.filter((row) => row.kind === kind).length
  return { keys: count('keys'), connections: count('connections'), scimTokens: count('scimTokens') }
}

/** For the event of what was done: nothing is said where nothing ended. */
export const endedWith = (ended: Ended): { ended?: Ended } => (Object.values(ended).some((count) => count > 0) ? { ended } : {})
