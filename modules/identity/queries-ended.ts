/** What the database ended in the running transaction, and ending what nobody said had lost its standing (migration worth_of_credentials). */
import { sql } from 'kysely'
import type { Db } from '../../platform/context.ts'
import type { Ended } from './contract.ts'

export type EndedRow = { organizationId: string; kind: keyof Ended; id: string; name: string }

/** Credentials of whichever organizations that this transaction has ended so far. */
export async function endedNow(db: Db): Promise<EndedRow[]> {
  const { rows } = await sql<{ ended: string | null }>`select current_setting('app.ended', true) as ended`.execute(db)
  const kinds = { key: 'keys', connection: 'connections', scimToken: 'scimTokens' } as const
  const found = JSON.parse(rows[0]?.ended || '[]') as (Omit<EndedRow, 'kind'> & { kind: keyof typeof kinds })[]
  return found.map((each) => ({ ...each, kind: kinds[each.kind] }))
}

/** Looks at every credential of the installation. */
export const endUnfounded = (db: Db) => sql`select end_credentials(null, null, null)`.execute(db)
