/** All SQL about organizations, members, keys, sessions and the activity. */
import { type Expression, sql } from 'kysely'
import type { z } from 'zod'
import type { Db } from '../../platform/context.ts'
import { v7 } from '../../platform/ids.ts'
import type { User } from './contract.ts'

export const findOrganization = (db: Db, id: string) =>
  db
    .selectFrom('organizations')
    .select(['id', 'name', 'slug', 'ticket_prefix as ticketPrefix', 'is_msp as isMsp', 'settings'])
    .where('id', '=', id)
    .executeTakeFirst()

/** The first is where the person is at home. */
export const listOwnMemberships = (db: Db, userId: string) =>
  db
    .selectFrom('memberships')
    .innerJoin('organizations', 'organizations.id', 'memberships.organization_id')
    .select(['organizations.id', 'organizations.name', 'organizations.slug', 'memberships.role'])
    .where('memberships.user_id', '=', userId)
    .where('organizations.archived_at', 'is', null)
    .orderBy('memberships.created_at')
    .orderBy('organizations.name')
    .execute()

type ClientRow = { id: string; name: string; slug: string; tier: 'T1' | 'T2' | 'T3'; providerId: string; providerName: string }
/** The organizations that the person of the transaction reaches through relations of their provider. */
export const listClientsOfPerson = async (db: Db) =>
  (
    await sql<ClientRow>`select id, name, slug, tier, provider_id as "providerId", provider_name as "providerName"
      from clients_of_person()`.execute(db)
  ).rows

/** For SuperAdmins only: the one list that crosses organizations. */
export const listAllOrganizations = async (db: Db) =>
  (await sql<{ id: string; name: string; slug: string }>`select id, name, slug from all_organizations()`.execute(db)).rows

export const insertOrganization = (db: Db, row: { id: string; name: string; slug: string; ticket_prefix: string }) =>
  db.insertInto('organizations').values(row).execute()

export const setSessionOrganization = (db: Db, sessionId: string, organizationId: string) =>
  sql`update auth."session" set "organizationId" = ${organizationId} where "id" = ${sessionId}`.execute(db)

type PeoplePage = { words?: string; after?: string; limit: number }

/** Members, and the provider's people who may change something, by address; `words` is part of name or address. */
export const listPeople = async (db: Db, { words = '', after = '', limit }: PeoplePage) =>
  (
    await sql<{ id: string; email: string; name: string; role: string }>`
      select user_id as id, email, name, role from people_to_assign()
      where email > ${after} and position(lower(${words}) in lower(name || ' ' || email)) > 0 order by email limit ${limit}`.execute(
      db,
    )
  ).rows

export const listMembers = async (db: Db, { after = '', limit }: PeoplePage) =>
  (
    await sql<{ id: string; email: string; name: string; role: string }>`
      select user_id as id, email, name, role from people_of_organization()
      where email > ${after} order by email limit ${limit}`.execute(db)
  ).rows

export const findPerson = async (db: Db, userId: string) =>
  (
    await sql<{ id: string; email: string; name: string; role: string }>`
      select user_id as id, email, name, role from people_of_organization() where user_id = ${userId}`.execute(db)
  ).rows[0]

export const findPersonByEmail = async (db: Db, email: string) =>
  (
    await sql<{ id: string; role: string }>`
      select user_id as id, role from people_of_organization() where email = ${email}`.execute(db)
  ).rows[0]

export const findMembership = (db: Db, userId: string) =>
  db
    .selectFrom('memberships')
    .select(['user_id as userId', 'role'])
    .where('user_id', '=', userId)
    .where(sql<boolean>`organization_id = current_organization()`)
    .forUpdate()
    .executeTakeFirst()

export const insertMembership = (db: Db, userId: string, role: string) =>
  db.insertInto('memberships').values({ user_id: userId, role }).execute()

export const updateMembership = (db: Db, userId: string, role: string) =>
  db.updateTable('memberships').set({ role }).where('user_id', '=', userId).execute()

export const deleteMembership = (db: Db, userId: string) => db.deleteFrom('memberships').where('user_id', '=', userId).execute()

export const countAdmins = async (db: Db) =>
  (
    await db
      .selectFrom('memberships')
      .select('user_id')
      .where('role', '=', 'OrgAdmin')
      .where(sql<boolean>`organization_id = current_organization()`)
      .forUpdate()
      .execute()
  ).length

type UserRow = { id: string; email: string; name: string; superAdmin: boolean }
export const findUserByEmail = async (db: Db, email: string) =>
  (await sql<UserRow>`select "id", "email", "name", "superAdmin" from auth."user" where "email" = ${email}`.execute(db)).rows[0]

/** An account without a password can sign in only by another way, or after a password was set. */
export async function insertUser(db: Db, user: UserRow & { passwordHash: string | null; accountId: string }) {
  await sql`insert into auth."user" ("id", "name", "email", "emailVerified", "superAdmin")
    values (${user.id}, ${user.name}, ${user.email}, true, ${user.superAdmin})`.execute(db)
  if (user.passwordHash) {
    await sql`insert into auth."account" ("id", "accountId", "providerId", "userId", "password", "updatedAt")
      values (${user.accountId}, ${user.id}, 'credential', ${user.id}, ${user.passwordHash}, now())`.execute(db)
  }
}

export const countSuperAdmins = async (db: Db) =>
  Number((await sql<{ n: number }>`select count(*) as n from auth."user" where "superAdmin"`.execute(db)).rows[0]!.n)

const keyColumns = [
  'id',
  'name',
  'prefix',
  'role',
  'email',
  'created_by as createdBy',
  'created_at as createdAt',
  'expires_at as expiresAt',
  'revoked_at as revokedAt',
] as const

export const listKeys = (db: Db, { after, limit }: { after?: string | undefined; limit: number }) =>
  db
    .selectFrom('api_keys')
    .select(keyColumns)
    .$if(after !== undefined, (keys) => keys.where('id', '<', after!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

export const insertKey = (
  db: Db,
  row: {
    id: string
    name: string
    prefix: string
    hash: Buffer
    role: string
    email: string
    created_by: string
    made_by: string | null
    vouched_by: string | null
    acts_as: string | null
    provider_id: string | null
    expires_at: string | null
  },
) => db.insertInto('api_keys').values(row).returning(keyColumns).executeTakeFirstOrThrow()

export const revokeKey = (db: Db, id: string, at: Date) =>
  db
    .updateTable('api_keys')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning(['name', 'prefix'])
    .executeTakeFirst()

type SessionRow = { id: string; ipAddress: string | null; userAgent: string | null; createdAt: string; expiresAt: string }
export const listSessions = async (db: Db, userId: string) =>
  (
    await sql<SessionRow>`select "id", "ipAddress", "userAgent", "createdAt", "expiresAt" from auth."session"
      where "userId" = ${userId} and "expiresAt" > now() order by "createdAt" desc limit 200`.execute(db)
  ).rows

/** Ends one session of a person, or all of them. */
export const deleteSessions = async (db: Db, userId: string, sessionId: string | null) =>
  (
    await sql<{ id: string }>`delete from auth."session" where "userId" = ${userId}
    and (${sessionId}::text is null or "id" = ${sessionId}) returning "id"`.execute(db)
  ).rows.length

export type ActivityFilter = {
  subjectType?: string | undefined
  q?: string | undefined
  since?: string | undefined
  until?: string | undefined
  subjectId?: string | undefined
  action?: string | undefined
  channel?: string | undefined
  actor?: string | undefined
  after?: string | undefined
  limit: number
}

/** The least id that an instant can have. */
const firstIdAt = (at: string) => {
  const hex = new Date(at).getTime().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

/** Entries of somebody: by id, by the address of an account or of keys made in its name, or by part of the name they did it under. */
const doneBy = (who: string) => sql<boolean>`(
  actor_id::text = lower(${who}) or position(lower(${who}) in lower(actor_name)) > 0
  or actor_id in (select "id"::uuid from auth."user" where "email" = lower(${who}) union select id from api_keys where email = lower(${who})))`

/** @param byPerson whether words are also looked for in who did it and in what happened to people, and their id may be asked for */
export const listEvents = (db: Db, filter: ActivityFilter, byPerson = false) =>
  db
    .selectFrom('events')
    .select([
      'id',
      'occurred_at as occurredAt',
      'action',
      'subject_type as subjectType',
      'subject_id as subjectId',
      'data',
      'actor_id as actorId',
      'actor_kind as actorKind',
      'actor_name as actorName',
      'channel',
      'operation',
      'request_id as requestId',
      'provider_id as providerId',
      'provider_name as providerName',
      'provider_tier as providerTier',
      'organization_id as organizationId',
      'signature',
      'signature_key as signatureKey',
    ])
    .$if(filter.subjectId !== undefined, (events) => events.where('subject_id', '=', filter.subjectId!))
    .$if(filter.action !== undefined, (events) => events.where('action', '=', filter.action!))
    .$if(filter.channel !== undefined, (events) => events.where('channel', '=', filter.channel!))
    .$if(filter.actor !== undefined, (events) => events.where(doneBy(filter.actor!.trim())))
    .$if(filter.subjectType !== undefined, (events) => events.where('subject_type', '=', filter.subjectType!))
    // Ids begin with their time, so a span of time is a span of the primary key.
    .$if(filter.since !== undefined, (events) => events.where('id', '>=', firstIdAt(filter.since!)))
    .$if(filter.until !== undefined, (events) => events.where('id', '<', firstIdAt(filter.until!)))
    .$if(filter.q !== undefined && filter.q !== '', (events) =>
      events.where(
        sql<boolean>`position(lower(${filter.q!}) in lower(action || ' ' || case when ${byPerson} then actor_name || ' ' else '' end
          || case when ${byPerson} or subject_type <> 'user' then coalesce(subject_id, '') || ' ' || data::text else '' end)) > 0`,
      ),
    )
    .$if(filter.subjectId !== undefined && !byPerson, (events) => events.where('subject_type', '<>', 'user'))
    .$if(filter.after !== undefined, (events) => events.where('id', '<', filter.after!))
    .orderBy('id', 'desc')
    .limit(filter.limit)
    .execute()

/** Moves of these subjects since an instant: each kind of move of each subject on a row. */
const movesOf = (subjects: Expression<unknown>, since: Date) => sql<{ from: string; to: string }>`
  select subject_id, data->>'from' as "from", data->>'to' as "to", count(*) as times
  from events
  where action = 'task.moved' and id >= ${v7(since.getTime())} and occurred_at >= ${since} and subject_id in (${subjects})
  group by 1, 2, 3`

/** How often each move was made. */
export const countMoves = async (db: Db, subjects: Expression<unknown>, since: Date, limit: number) =>
  (
    await sql<{ from: string; to: string; count: number }>`
      select "from", "to", sum(times)::int as count from (${movesOf(subjects, since)}) moved
      group by 1, 2 order by 3 desc, 1, 2 limit ${limit}`.execute(db)
  ).rows

/** How many subjects made the same moves, as `from\nto`. */
export const countWays = async (db: Db, subjects: Expression<unknown>, since: Date, limit: number) =>
  (
    await sql<{ moves: string[]; subjects: number }>`
      select moves, count(*)::int as subjects from (
        select array_agg("from" || chr(10) || "to" order by "from", "to") as moves
        from (${movesOf(subjects, since)}) moved group by subject_id) ways
      group by 1 order by 2 desc, 1 limit ${limit}`.execute(db)
  ).rows

/** Two people with the link at the same moment: the second waits, and finds an administrator there. */
export const lockSetUp = (db: Db) => sql`select pg_advisory_xact_lock(hashtextextended('tater:set-up', 0))`.execute(db)

type UserPage = { words: string; after: string; limit: number; id?: string }

/** Accounts by address; `words` is part of name or address. Empty unless the person of the transaction is a SuperAdmin. */
export const listUsers = async (db: Db, { words, after, limit, id }: UserPage) =>
  (
    await sql<z.output<typeof User>>`select id, email, name, super_admin as "superAdmin", disabled_at as "disabledAt",
        last_seen_at as "lastSeenAt", created_at as "createdAt", organizations
      from all_users(${words}, ${after}, ${limit}, ${id ?? null}::uuid)`.execute(db)
  ).rows

export const findUser = async (db: Db, id: string) => (await listUsers(db, { words: '', after: '', limit: 1, id }))[0]

/** Ids of the SuperAdmins who can sign in; locked until the end of the transaction. */
export const lockSuperAdmins = async (db: Db) =>
  (
    await sql<{ id: string }>`select "id" from auth."user" where "superAdmin" and "disabledAt" is null
      order by "id" for update`.execute(db)
  ).rows.map(({ id }) => id)

export const updateUser = (db: Db, id: string, { superAdmin, disabledAt }: { superAdmin: boolean; disabledAt: string | null }) =>
  sql`update auth."user" set "superAdmin" = ${superAdmin}, "disabledAt" = ${disabledAt}, "updatedAt" = now()
    where "id" = ${id}`.execute(db)
