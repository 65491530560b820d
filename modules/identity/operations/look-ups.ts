/** What the doors of sign-in ask before anybody is known. Answers ids and names; a secret only to the door itself. */
import type { Db } from '../../../platform/context.ts'
import type { Database } from '../../../platform/database.ts'
import { isUuid } from '../../../platform/ids.ts'
import type { Secrets } from '../../../platform/sealed.ts'
import type { OidcProvider } from '../providers.ts'
import { countSuperAdmins } from '../queries.ts'
import * as queries from '../queries-sign-in.ts'
import { IdentityRefused, NoSuchConnection, say } from '../refusals.ts'
import { placeOf } from './connections.ts'

type Transactions = Pick<Database, 'inTransaction'>

const reading = <T>(database: Transactions, organizationId: string | null, work: (db: Db) => Promise<T>) =>
  database.inTransaction({ organizationId, userId: null }, 'read only', work)

/** Whether somebody has set this installation up. */
export const superAdminExists = (database: Transactions) =>
  reading(database, null, async (db) => (await countSuperAdmins(db)) > 0)

/** Ways in for the domain of an address, or for the short name of an organization. */
export const signInChoices = (database: Transactions, by: { domain?: string | undefined; slug?: string | undefined }) =>
  by.domain || by.slug
    ? reading(database, null, (db) =>
        queries.signInChoices(db, {
          ...(by.domain && { domain: by.domain.toLowerCase() }),
          ...(by.slug && { slug: by.slug }),
        }),
      )
    : Promise.resolve([])

export type Provider = ({ kind: 'oidc' } & OidcProvider) | { kind: 'entra'; tenantId: string }

/** What a connection's provider is, with its secret. */
export async function providerOf(
  database: Transactions,
  secrets: Secrets,
  connectionId: string,
): Promise<Provider & { organizationId: string }> {
  const [choice] = isUuid(connectionId)
    ? await reading(database, null, (db) => queries.signInChoices(db, { id: connectionId }))
    : []
  const row = choice && (await reading(database, choice.organizationId, (db) => queries.findConnection(db, connectionId)))
  if (!row) throw NoSuchConnection(say.noConnection)
  const { organizationId } = choice
  if (row.tenantId) return { kind: 'entra', tenantId: row.tenantId, organizationId }
  const clientSecret = row.clientSecret && secrets.unseal(placeOf(connectionId), row.clientSecret)
  if (clientSecret === null) throw IdentityRefused(say.secretLost)
  return { kind: 'oidc', issuer: row.issuer, clientId: row.clientId, clientSecret, organizationId }
}

/** The organizations a Microsoft tenant is connected to; those the person belongs to first. */
export const organizationsOfTenant = (database: Transactions, tenantId: string, subject: string) =>
  reading(database, null, (db) => queries.connectionsOfTenant(db, tenantId, subject))
