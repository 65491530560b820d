/** All SQL about connected programs, tool policies and what tokens used. */
import { sql } from 'kysely'
import type { Db } from '../../platform/context.ts'
import { v7 } from '../../platform/ids.ts'
import type { TokenLimits, ToolPolicy } from './contract.ts'

export type Client = {
  id: string
  name: string
  redirectUris: string[]
  uri: string | null
  authMethod: string
  secretHash: Buffer | null
  createdAt: string
}

const clientColumns = [
  'id',
  'name',
  'redirect_uris as redirectUris',
  'uri',
  'auth_method as authMethod',
  'secret_hash as secretHash',
  'created_at as createdAt',
] as const

export const findClient = (db: Db, id: string): Promise<Client | undefined> =>
  db.selectFrom('agent_clients').select(clientColumns).where('id', '=', id).executeTakeFirst()

type NewClient = {
  id: string
  name: string
  redirect_uris: string[]
  uri: string | null
  auth_method: string
  secret_hash: Buffer | null
}

/** A document may have changed since it was read last; a registration of ours never does. */
export const saveClient = (db: Db, row: NewClient): Promise<Client> =>
  db
    .insertInto('agent_clients')
    .values(row)
    .onConflict((known) =>
      known.column('id').doUpdateSet({
        name: row.name,
        redirect_uris: row.redirect_uris,
        uri: row.uri,
        created_at: sql`now()`,
      }),
    )
    .returning(clientColumns)
    .executeTakeFirstOrThrow()

/** Whether anybody anywhere is connected by it is for the foreign key to know: it keeps those that are in use. */
export const forgetIdleClients = (db: Db) => sql`select forget_idle_agent_clients()`.execute(db)

export const organizationOfToken = async (db: Db, hash: Buffer) =>
  (await sql<{ id: string | null }>`select organization_of_agent_token(${hash}) as id`.execute(db)).rows[0]!.id

const connectionColumns = [
  'c.id',
  'c.organization_id as organizationId',
  'c.user_id as userId',
  'c.client_id as clientId',
  'c.client_name as clientName',
  'c.redirect_host as redirectHost',
  'c.may_write as mayWrite',
  'c.tools',
  'c.created_at as createdAt',
] as const

const inThisOrganization = sql<boolean>`c.organization_id = current_organization()`

/** A person's connection of a client in the running organization, ended or not. */
export const findConnection = (db: Db, userId: string, clientId: string) =>
  db
    .selectFrom('agent_connections as c')
    .select([...connectionColumns, 'c.revoked_at as revokedAt'])
    .where('c.user_id', '=', userId)
    .where('c.client_id', '=', clientId)
    .where(inThisOrganization)
    .executeTakeFirst()

export const connectionNamed = (db: Db, id: string) =>
  db
    .selectFrom('agent_connections as c')
    .select(connectionColumns)
    .where('c.id', '=', id)
    .where('c.revoked_at', 'is', null)
    .executeTakeFirst()

type NewConnection = {
  user_id: string
  vouched_by: string | null
  client_id: string
  client_name: string
  redirect_host: string
  may_write: boolean
  tools: string[] | null
}

/** Made, or taken up again with what was agreed to now. */
export const connect = (db: Db, row: NewConnection) =>
  db
    .insertInto('agent_connections')
    .values({ id: v7(), ...row })
    .onConflict((known) =>
      known.columns(['organization_id', 'user_id', 'client_id']).doUpdateSet({
        client_name: row.client_name,
        redirect_host: row.redirect_host,
        may_write: row.may_write,
        tools: row.tools,
        vouched_by: row.vouched_by,
        revoked_at: null,
      }),
    )
    .returning(['id', 'may_write as mayWrite'])
    .executeTakeFirstOrThrow()

/** Ends a connection and everything it holds. */
export async function disconnect(db: Db, id: string, at: Date) {
  const ended = await db
    .updateTable('agent_connections')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where(sql<boolean>`organization_id = current_organization()`)
    .where('revoked_at', 'is', null)
    .returning(['client_name as clientName', 'user_id as userId'])
    .executeTakeFirst()
  if (ended) await db.deleteFrom('agent_tokens').where('connection_id', '=', id).execute()
  return ended
}

type NewToken = {
  connection_id: string
  kind: 'code' | 'access' | 'refresh'
  hash: Buffer
  resource: string
  expires_at: Date
  redirect_uri?: string
  challenge?: string
}

export const insertTokens = (db: Db, rows: NewToken[]) =>
  db
    .insertInto('agent_tokens')
    .values(rows.map((row) => ({ id: v7(), ...row })))
    .execute()

/** A code or refresh token with its connection; locked, so that of two uses at once the second sees the first. */
export const lockToken = (db: Db, hash: Buffer) =>
  db
    .selectFrom('agent_tokens as t')
    .innerJoin('agent_connections as c', (on) =>
      on.onRef('c.organization_id', '=', 't.organization_id').onRef('c.id', '=', 't.connection_id'),
    )
    .select([
      't.id',
      't.kind',
      't.connection_id as connectionId',
      't.resource',
      't.redirect_uri as redirectUri',
      't.challenge',
      't.expires_at as expiresAt',
      't.used_at as usedAt',
      'c.client_id as clientId',
      'c.may_write as mayWrite',
      'c.revoked_at as revokedAt',
    ])
    .where('t.hash', '=', hash)
    .where(inThisOrganization)
    .forUpdate('t')
    .executeTakeFirst()

export const markUsed = (db: Db, id: string, at: Date) =>
  db.updateTable('agent_tokens').set({ used_at: at }).where('id', '=', id).execute()

/** What nobody can use or misuse any more; a used token goes only when its time is over, so that its reuse is noticed until then. */
export const forgetOldTokens = (db: Db, connectionId: string, at: Date) =>
  db.deleteFrom('agent_tokens').where('connection_id', '=', connectionId).where('expires_at', '<', at.toISOString()).execute()

/** Ends one access token (RFC 7009); the connection stays. */
export const deleteToken = (db: Db, id: string) => db.deleteFrom('agent_tokens').where('id', '=', id).execute()

type ConnectionRow = {
  id: string
  clientName: string
  redirectHost: string
  organizationId: string
  organizationName: string
  userId: string
  email: string
  personName: string
  mayWrite: boolean
  tools: string[] | null
  createdAt: string
  lastUsedAt: string | null
  writesToday: number
  limitTools: string[] | null
  dailyWrites: number | null
  callsPerMinute: number | null
  pausedAt: string | null
}

/** Connections that are not ended, newest first: of the organization, or of one person wherever they are. */
export const listConnections = async (
  db: Db,
  { userId, after, limit }: { userId?: string | undefined; after?: string | undefined; limit: number },
) =>
  (
    await sql<ConnectionRow>`
      select c.id, c.client_name as "clientName", c.redirect_host as "redirectHost", o.id as "organizationId", o.name as "organizationName",
             c.user_id as "userId", u."email", u."name" as "personName", c.may_write as "mayWrite", c.tools, c.created_at as "createdAt",
             used.last_used_at as "lastUsedAt", coalesce(today.writes, 0) as "writesToday",
             l.tools as "limitTools", l.daily_writes as "dailyWrites", l.calls_per_minute as "callsPerMinute", l.paused_at as "pausedAt"
      from agent_connections c
      join organizations o on o.id = c.organization_id
      join auth."user" u on u."id" = c.user_id::text
      left join agent_limits l on l.organization_id = c.organization_id and l.token_id = c.id
      left join agent_usage today on today.organization_id = c.organization_id and today.token_id = c.id and today.day = current_date
      left join lateral (select last_used_at from agent_usage n where n.organization_id = c.organization_id and n.token_id = c.id
                         order by n.day desc limit 1) used on true
      where c.revoked_at is null
        and case when ${userId ?? null}::uuid is null then c.organization_id = current_organization() else c.user_id = ${userId ?? null}::uuid end
        and (${after ?? null}::uuid is null or c.id < ${after ?? null}::uuid)
      order by c.id desc limit ${limit}`.execute(db)
  ).rows

export const findPolicy = (db: Db) => db.selectFrom('tool_policies').select(['policy', 'version']).executeTakeFirst()

/** Whether the version was still the one somebody looked at. */
export async function savePolicy(db: Db, policy: ToolPolicy, version: number, by: string) {
  const row = { policy: JSON.stringify(policy), updated_by: by }
  const saved =
    version === 0
      ? await db
          .insertInto('tool_policies')
          .values(row)
          .onConflict((known) => known.doNothing())
          .executeTakeFirst()
      : await db
          .updateTable('tool_policies')
          .set({ ...row, version: version + 1, updated_at: sql`now()` })
          .where('version', '=', version)
          .executeTakeFirst()
  return ('numInsertedOrUpdatedRows' in saved ? saved.numInsertedOrUpdatedRows : saved.numUpdatedRows) === 1n
}

const limitColumns = [
  'tools',
  'daily_writes as dailyWrites',
  'calls_per_minute as callsPerMinute',
  'paused_at as pausedAt',
] as const

export const findLimits = (db: Db, tokenId: string) =>
  db.selectFrom('agent_limits').select(limitColumns).where('token_id', '=', tokenId).executeTakeFirst()

export const saveLimits = (db: Db, tokenId: string, limits: TokenLimits, at: Date) => {
  const row = {
    tools: limits.tools,
    daily_writes: limits.dailyWrites,
    calls_per_minute: limits.callsPerMinute,
    paused_at: limits.paused ? at : null,
  }
  return db
    .insertInto('agent_limits')
    .values({ token_id: tokenId, ...row })
    .onConflict((known) => known.columns(['organization_id', 'token_id']).doUpdateSet(row))
    .execute()
}

/** The name of a key or connection of the organization. */
export const tokenName = async (db: Db, tokenId: string) =>
  (
    await sql<{ name: string }>`
      select name from api_keys where id = ${tokenId} and revoked_at is null
      union all select client_name from agent_connections
        where id = ${tokenId} and revoked_at is null and organization_id = current_organization()`.execute(db)
  ).rows[0]?.name

/** Limits and use of the organization's keys, by their id. */
export const listKeyUse = async (db: Db, ids: readonly string[]) =>
  (
    await sql<
      Pick<ConnectionRow, 'id' | 'lastUsedAt' | 'writesToday' | 'limitTools' | 'dailyWrites' | 'callsPerMinute' | 'pausedAt'>
    >`
      select k.id, used.last_used_at as "lastUsedAt", coalesce(today.writes, 0) as "writesToday",
             l.tools as "limitTools", l.daily_writes as "dailyWrites", l.calls_per_minute as "callsPerMinute", l.paused_at as "pausedAt"
      from unnest(${ids}::uuid[]) as k (id)
      left join agent_limits l on l.token_id = k.id
      left join agent_usage today on today.token_id = k.id and today.day = current_date
      left join lateral (select last_used_at from agent_usage n where n.token_id = k.id order by n.day desc limit 1) used on true`.execute(
      db,
    )
  ).rows

/** Counts a call of this minute and answers how many there were; not worth a wait for the disk. */
export async function countCall(db: Db, tokenId: string, at: Date): Promise<number> {
  const minute = new Date(Math.floor(at.getTime() / 60_000) * 60_000)
  await sql`set local synchronous_commit = off`.execute(db)
  const { rows } = await sql<{ calls: number }>`
    insert into agent_usage as u (token_id, day, minute, calls) values (${tokenId}, ${at.toISOString().slice(0, 10)}, ${minute}, 1)
    on conflict (organization_id, token_id, day) do update
      set calls = case when u.minute = excluded.minute then u.calls + 1 else 1 end, minute = excluded.minute, last_used_at = now()
    returning calls`.execute(db)
  return rows[0]!.calls
}

export const noteUse = (db: Db, tokenId: string, at: Date) =>
  sql`insert into agent_usage (token_id, day) values (${tokenId}, ${at.toISOString().slice(0, 10)})
      on conflict (organization_id, token_id, day) do update set last_used_at = now()`.execute(db)

/** Counts a write inside its own transaction, unless the day's are used up; a refused or failed one is not counted. */
export async function countWrite(db: Db, tokenId: string, most: number | null, at: Date): Promise<boolean> {
  const { rows } = await sql`
    insert into agent_usage as u (token_id, day, writes)
    select ${tokenId}::uuid, ${at.toISOString().slice(0, 10)}::date, 1 where ${most}::int is null or ${most}::int > 0
    on conflict (organization_id, token_id, day) do update set writes = u.writes + 1, last_used_at = now()
      where ${most}::int is null or u.writes < ${most}::int
    returning writes`.execute(db)
  return rows.length === 1
}
