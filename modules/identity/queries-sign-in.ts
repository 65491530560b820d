/** All SQL about ways to sign in: connections of an organization, who a subject is, what an account has. */
import { sql } from 'kysely'
import type { Db } from '../../platform/context.ts'

const connectionColumns = [
  'id',
  'kind',
  'name',
  'issuer',
  'tenant_id as tenantId',
  'client_id as clientId',
  'client_secret as clientSecret',
  'domains',
  'provision',
  'default_role as defaultRole',
  'version',
  'created_by as createdBy',
  'created_at as createdAt',
  'last_used_at as lastUsedAt',
] as const

export const listConnections = (db: Db) =>
  db.selectFrom('sign_in_connections').select(connectionColumns).orderBy('name').orderBy('id').limit(200).execute()

export const findConnection = (db: Db, id: string) =>
  db.selectFrom('sign_in_connections').select(connectionColumns).where('id', '=', id).executeTakeFirst()

export const findTenant = (db: Db, tenantId: string) =>
  db.selectFrom('sign_in_connections').select(connectionColumns).where('tenant_id', '=', tenantId).executeTakeFirst()

export type ConnectionRow = {
  name: string
  issuer: string
  client_id: string
  client_secret: string
  domains: string[]
  provision: boolean
  default_role: string
}
type NewConnection = Partial<ConnectionRow> & { id: string; kind: string; name: string; tenant_id?: string; created_by: string }

export const insertConnection = (db: Db, row: NewConnection) =>
  db.insertInto('sign_in_connections').values(row).returning(connectionColumns).executeTakeFirstOrThrow()

export const updateConnection = (db: Db, id: string, row: Partial<ConnectionRow>) =>
  db
    .updateTable('sign_in_connections')
    .set({ ...row, version: sql<number>`version + 1` })
    .where('id', '=', id)
    .returning(connectionColumns)
    .executeTakeFirstOrThrow()

export const deleteConnection = (db: Db, id: string) =>
  db.deleteFrom('sign_in_connections').where('id', '=', id).returning(['name', 'kind']).executeTakeFirst()

/** Not more than once a minute, so that a morning's sign-ins do not queue for one row. */
export const noteUse = (db: Db, id: string) =>
  sql`update sign_in_connections set last_used_at = now()
    where id = ${id} and (last_used_at is null or last_used_at < now() - interval '1 minute')`.execute(db)

/** Ends what a connection vouched for. */
export const endSessionsOfConnection = async (db: Db, connectionId: string) =>
  (await sql<{ id: string }>`delete from auth."session" where "connectionId" = ${connectionId} returning "id"`.execute(db)).rows
    .length

/** One claim of a tenant at a time, in the whole installation. */
export const lockTenant = (db: Db, tenantId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended('tater:tenant:' || ${tenantId}, 0))`.execute(db)

export const lockSubject = (db: Db, providerId: string, subject: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended('tater:subject:' || ${providerId} || ' ' || ${subject}, 0))`.execute(db)

type TenantUse = { connectionId: string; organizationId: string; slug: string }
/** Which organizations people of this tenant may sign in to; those the person belongs to first. */
export const connectionsOfTenant = async (db: Db, tenantId: string, subject = '') =>
  (
    await sql<TenantUse>`select connection_id as "connectionId", organization_id as "organizationId", organization_slug as slug
      from connections_of_tenant(${tenantId}, 'entra', ${subject})`.execute(db)
  ).rows

type Choice = {
  id: string
  organizationId: string
  organization: string
  kind: 'oidc' | 'entra'
  name: string
  tenantId: string | null
}
/** Ways in for an address' domain, an organization's short name, or one by its id. */
export const signInChoices = async (db: Db, by: { domain?: string; slug?: string; id?: string }) =>
  (
    await sql<Choice>`select connection_id as id, organization_id as "organizationId", organization_name as organization,
        kind, name, tenant_id as "tenantId"
      from sign_in_choices(${by.domain ?? null}, ${by.slug ?? null}, ${by.id ?? null}::uuid)`.execute(db)
  ).rows

type Link = { id: string; userId: string; email: string; superAdmin: boolean; vouchedBy: string | null }
export const findLink = async (db: Db, providerId: string, subject: string) =>
  (
    await sql<Link>`select a."id", u."id" as "userId", u."email", u."superAdmin", a."vouchedBy"
      from auth."account" a join auth."user" u on u."id" = a."userId"
      where a."providerId" = ${providerId} and a."accountId" = ${subject}`.execute(db)
  ).rows[0]

type NewLink = { id: string; providerId: string; subject: string; userId: string; vouchedBy: string | null; name: string }
export const insertLink = (db: Db, link: NewLink) =>
  sql`insert into auth."account" ("id", "accountId", "providerId", "userId", "vouchedBy", "name", "updatedAt")
    values (${link.id}, ${link.subject}, ${link.providerId}, ${link.userId}, ${link.vouchedBy}, ${link.name}, now())`.execute(db)

/** The person takes the link over: from now on their own word stands behind it. */
export const adoptLink = (db: Db, id: string) =>
  sql`update auth."account" set "vouchedBy" = null, "updatedAt" = now() where "id" = ${id}`.execute(db)

export const isUnclaimed = async (db: Db, userId: string) =>
  (await sql<{ yes: boolean }>`select is_unclaimed(${userId}::uuid) as yes`.execute(db)).rows[0]?.yes === true

/** The organization whose provider vouches for a session; null for one that stands on its own. */
export const vouchedBy = async (db: Db, sessionId: string) =>
  (await sql<{ by: string | null }>`select "vouchedBy" as by from auth."session" where "id" = ${sessionId}`.execute(db)).rows[0]
    ?.by ?? null

type Account = { id: string; providerId: string; name: string | null; createdAt: string; vouchedBy: string | null }
export const listAccounts = async (db: Db, userId: string) =>
  (
    await sql<Account>`select "id", "providerId", "name", "createdAt", "vouchedBy" from auth."account"
      where "userId" = ${userId} order by "createdAt" limit 100`.execute(db)
  ).rows

export const deleteAccount = (db: Db, userId: string, id: string) =>
  sql`with gone as (delete from auth."session" where "identityId" = ${id} and "userId" = ${userId})
    delete from auth."account" where "id" = ${id} and "userId" = ${userId}`.execute(db)

type Passkey = { id: string; name: string | null; createdAt: string | null; backedUp: boolean }
export const listPasskeys = async (db: Db, userId: string) =>
  (
    await sql<Passkey>`select "id", "name", "createdAt", "backedUp" from auth."passkey"
      where "userId" = ${userId} order by "createdAt" limit 100`.execute(db)
  ).rows

export const deletePasskey = async (db: Db, userId: string, id: string) =>
  (
    await sql<{
      name: string | null
    }>`delete from auth."passkey" where "id" = ${id} and "userId" = ${userId} returning "name"`.execute(db)
  ).rows[0]

type Owner = { id: string; email: string; name: string }
export const findAccount = async (db: Db, id: string) =>
  (await sql<Owner>`select "id", "email", "name" from auth."user" where "id" = ${id}`.execute(db)).rows[0]

/** Whether nothing was done with the account before: it was never seen, and has no session but the one just begun. */
export const isFirstSignIn = async (db: Db, userId: string) =>
  (
    await sql<{ first: boolean }>`select not exists (select from auth.last_seen where user_id::text = ${userId})
      and (select count(*) from auth."session" where "userId" = ${userId}) <= 1 as first`.execute(db)
  ).rows[0]?.first === true

export const hasTwoFactor = async (db: Db, userId: string) =>
  (
    await sql<{
      yes: boolean
    }>`select coalesce("twoFactorEnabled", false) as yes from auth."user" where "id" = ${userId}`.execute(db)
  ).rows[0]?.yes === true
