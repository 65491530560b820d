/** All SQL about SCIM: its tokens, and the people of an organization as its directory sees them. */
import { sql } from 'kysely'
import type { Db } from '../../platform/context.ts'

const tokenColumns = [
  'id',
  'prefix',
  'default_role as defaultRole',
  'created_by as createdBy',
  'created_at as createdAt',
  'last_used_at as lastUsedAt',
] as const

export const listTokens = (db: Db) =>
  db.selectFrom('scim_tokens').select(tokenColumns).where('revoked_at', 'is', null).orderBy('id', 'desc').limit(50).execute()

type NewToken = {
  id: string
  prefix: string
  hash: Buffer
  default_role: string
  created_by: string
  made_by: string | null
  vouched_by: string | null
}
export const insertToken = (db: Db, row: NewToken) =>
  db.insertInto('scim_tokens').values(row).returning(tokenColumns).executeTakeFirstOrThrow()

export const revokeToken = (db: Db, id: string, at: Date) =>
  db
    .updateTable('scim_tokens')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('prefix')
    .executeTakeFirst()

/** Not more than once a minute. */
export const noteTokenUse = (db: Db, id: string) =>
  sql`update scim_tokens set last_used_at = now()
    where id = ${id} and (last_used_at is null or last_used_at < now() - interval '1 minute')`.execute(db)

type TokenRow = { tokenId: string; prefix: string; defaultRole: string; organizationId: string; organizationName: string }
export const identifyToken = async (db: Db, hash: Buffer) =>
  (
    await sql<TokenRow>`select token_id as "tokenId", prefix, default_role as "defaultRole",
        organization_id as "organizationId", organization_name as "organizationName"
      from identify_scim_token(${hash})`.execute(db)
  ).rows[0]

export type PersonRow = {
  id: string
  email: string
  userName: string
  externalId: string
  displayName: string
  givenName: string
  familyName: string
  active: boolean
  role: string | null
  version: number
  createdAt: string
  updatedAt: string
}

export type Search = { userName?: string | undefined; externalId?: string | undefined; id?: string | undefined }

/** Members, and whom the directory deactivated; with a search only whom it may mean, by the indexes. */
function idsFor({ userName, externalId, id }: Search) {
  const here = sql`organization_id = current_organization()`
  if (id !== undefined)
    return sql`select user_id from memberships where ${here} and user_id = ${id}::uuid
      union select user_id from scim_users where user_id = ${id}::uuid`
  if (externalId !== undefined) return sql`select user_id from scim_users where external_id = ${externalId}`
  if (userName !== undefined)
    return sql`select user_id from scim_users where user_key = ${userName.toLowerCase()}
      union select user_id from memberships where ${here}
        and user_id = (select u."id"::uuid from auth."user" u where u."email" = ${userName.toLowerCase()})`
  return sql`select user_id from memberships where ${here} union select user_id from scim_users`
}

/** A member's own address is no userName any more once the directory gave them another. */
const fits = (person: PersonRow, { userName }: Search) =>
  userName === undefined || person.userName.toLowerCase() === userName.toLowerCase()

export async function listPeople(db: Db, search: Search, { offset, limit }: { offset: number; limit: number }) {
  const page = sql<{
    id: string
  }>`select user_id as id from (${idsFor(search)}) person order by 1 offset ${offset} limit ${limit}`
  const ids = (await page.execute(db)).rows.map(({ id }) => id)
  if (ids.length === 0) return []
  // The ids stand in each part: a cast is not leakproof, and under the policy no index would serve the join.
  const { rows } = await sql<PersonRow>`
    select u."id", u."email", coalesce(d.user_name, u."email") as "userName",
      coalesce(d.external_id, '') as "externalId", coalesce(nullif(d.display_name, ''), u."name") as "displayName",
      coalesce(d.given_name, '') as "givenName", coalesce(d.family_name, '') as "familyName",
      m.user_id is not null as active, coalesce(m.role, d.role) as role,
      coalesce(d.version, 1) as version, coalesce(d.created_at, m.created_at) as "createdAt",
      coalesce(d.updated_at, m.created_at) as "updatedAt"
    from auth."user" u
    left join (select * from memberships where organization_id = current_organization() and user_id = any (${ids}::uuid[])) m
      on m.user_id = u."id"::uuid
    left join (select * from scim_users where user_id = any (${ids}::uuid[])) d on d.user_id = u."id"::uuid
    where u."id" = any (${ids}) order by 1`.execute(db)
  return rows.filter((person) => fits(person, search))
}

/** How many there are; a search by name or id means one at most. */
export async function countPeople(db: Db, search: Search) {
  if (search.userName !== undefined || search.id !== undefined)
    return (await listPeople(db, search, { offset: 0, limit: 2 })).length
  return Number((await sql<{ n: number }>`select count(*) as n from (${idsFor(search)}) person`.execute(db)).rows[0]!.n)
}

export type DirectoryRow = {
  user_id: string
  user_name: string
  external_id: string
  display_name: string
  given_name: string
  family_name: string
  active: boolean
  role: string
}

export const saveDirectoryEntry = (db: Db, { user_id, ...row }: DirectoryRow) =>
  db
    .insertInto('scim_users')
    .values({ user_id, ...row })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'user_id'])
        .doUpdateSet({ ...row, version: sql<number>`scim_users.version + 1`, updated_at: sql<string>`now()` }),
    )
    .execute()

export const deleteDirectoryEntry = (db: Db, userId: string) =>
  db.deleteFrom('scim_users').where('user_id', '=', userId).execute()

/** An account that several organizations share keeps its name. */
export const renameIfOnlyHere = (db: Db, userId: string, name: string) =>
  sql`update auth."user" set "name" = ${name}, "updatedAt" = now()
    where "id" = ${userId} and "name" <> ${name} and belongs_only_here(${userId}::uuid)`.execute(db)

/** One change of the directory at a time in an organization: names are unique in it. */
export const lockDirectory = (db: Db) =>
  sql`select pg_advisory_xact_lock(hashtextextended('scim:' || current_organization()::text, 0))`.execute(db)
