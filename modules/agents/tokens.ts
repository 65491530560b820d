/**
 * The token endpoint's side of connecting a program (OAuth 2.1): codes and refresh tokens become access tokens, once.
 * These run before anybody is identified, so they find the organization by the token and go on inside it.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Db } from '../../platform/context.ts'
import type { Database } from '../../platform/database.ts'
import { v7 } from '../../platform/ids.ts'
import * as queries from './queries.ts'
import { hashOf, newSecret, redirectObstacle, verifies } from './rules.ts'

type Transactions = Pick<Database, 'inTransaction'>

const second = 1000
export const codeMs = 120 * second
const accessMs = 3_600 * second
/** Counted anew with each refresh: a program that nobody uses for this long is to be connected again. */
const refreshMs = 60 * 86_400 * second

/** A refusal in the words of RFC 6749 §5.2; `stolen`: the connection must be ended, a token was used twice. */
export type Refusal = {
  error: 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'invalid_target' | 'unsupported_grant_type' | 'invalid_scope'
  description: string
  stolen?: { organizationId: string; connectionId: string }
}
export type Tokens = { access_token: string; refresh_token: string; token_type: 'Bearer'; expires_in: number; scope: string }

const refuse = (error: Refusal['error'], description: string, stolen?: Refusal['stolen']): Refusal => ({
  error,
  description,
  ...(stolen && { stolen }),
})

const nowhere = { organizationId: null, userId: null }

export type Registration = {
  client_name?: string | undefined
  redirect_uris: string[]
  client_uri?: string | undefined
  token_endpoint_auth_method?: string | undefined
}

/** Registers a program (RFC 7591). @returns the client and its secret, if it asked for one; or what is wrong with its addresses */
export async function registerClient(database: Transactions, given: Registration) {
  const wrong = given.redirect_uris.map(redirectObstacle).find(Boolean)
  if (wrong) return { refusal: wrong }
  const authMethod = given.token_endpoint_auth_method ?? 'none'
  const secret = authMethod === 'none' ? null : newSecret('client')
  const row = {
    id: v7(),
    name: given.client_name?.trim() || 'A program without a name',
    redirect_uris: given.redirect_uris,
    uri: given.client_uri ?? null,
    auth_method: authMethod,
    secret_hash: secret === null ? null : hashOf(secret),
  }
  const client = await database.inTransaction(nowhere, 'read write', async (db) => {
    await queries.forgetIdleClients(db)
    return queries.saveClient(db, row)
  })
  return { client, secret }
}

export type ClientCredentials = { id: string | undefined; secret: string | undefined }

/** The client, if it is who it says; a public one has only its name. */
async function clientOf(db: Db, { id, secret }: ClientCredentials) {
  const client = id === undefined ? undefined : await queries.findClient(db, id)
  if (!client) return null
  if (client.secretHash === null) return secret === undefined || secret === '' ? client : null
  return secret !== undefined && timingSafeEqual(hashOf(secret), client.secretHash) ? client : null
}

type Exchange = { database: Transactions; client: ClientCredentials; resource: string; now?: Date }

const unknownClient = refuse('invalid_client', 'There is no such client, or its secret is wrong. Register again.')
const unknownToken = refuse(
  'invalid_grant',
  'This code or token is not valid (any more). Ask the person to connect the program again.',
)

/** Runs inside the organization a secret belongs to, with its locked row. */
async function withToken<T>(
  { database, client: credentials, now = new Date() }: Exchange,
  secret: string,
  kind: 'code' | 'refresh',
  work: (db: Db, token: NonNullable<Awaited<ReturnType<typeof queries.lockToken>>>) => Promise<T | Refusal>,
): Promise<T | Refusal> {
  const hash = hashOf(secret)
  const [client, organizationId] = await database.inTransaction(nowhere, 'read only', (db) =>
    Promise.all([clientOf(db, credentials), queries.organizationOfToken(db, hash)]),
  )
  if (!client) return unknownClient
  if (!organizationId) return unknownToken
  return database.inTransaction({ organizationId, userId: null }, 'read write', async (db) => {
    const token = await queries.lockToken(db, hash)
    if (!token || token.kind !== kind || token.clientId !== client.id || token.revokedAt) return unknownToken
    if (token.usedAt) {
      const stolen = { organizationId, connectionId: token.connectionId }
      return refuse('invalid_grant', 'This was used before. Somebody may have a copy, so the connection is ended.', stolen)
    }
    if (new Date(token.expiresAt) <= now) return unknownToken
    return work(db, token)
  })
}

/** A code for tokens (RFC 6749 §4.1.3), shown to belong to whoever asked for it by PKCE. */
export const exchangeCode = (
  parts: Exchange,
  given: { code: string; redirectUri: string | undefined; verifier: string; resource: string | undefined },
) =>
  withToken<Tokens>(parts, given.code, 'code', async (db, token) => {
    if (given.redirectUri !== undefined && given.redirectUri !== token.redirectUri)
      return refuse('invalid_grant', 'The redirect_uri is another than in the authorization request.')
    if (!verifies(given.verifier, token.challenge!))
      return refuse('invalid_grant', 'The code_verifier does not fit the challenge.')
    return issue(db, parts, token, given.resource)
  })

/** A refresh token for new tokens; it can be used once. */
export const refresh = (parts: Exchange, given: { token: string; resource: string | undefined }) =>
  withToken<Tokens>(parts, given.token, 'refresh', (db, token) => issue(db, parts, token, given.resource))

type Spent = { id: string; connectionId: string; mayWrite: boolean; resource: string }

async function issue(db: Db, parts: Exchange, spent: Spent, asked: string | undefined): Promise<Tokens | Refusal> {
  if (spent.resource !== parts.resource || (asked !== undefined && !isResource(asked, parts.resource)))
    return refuse('invalid_target', `Tokens are made for ${parts.resource} only.`)
  const now = parts.now ?? new Date()
  const [access, next] = [newSecret('access'), newSecret('refresh')]
  const row = { connection_id: spent.connectionId, resource: spent.resource }
  await queries.forgetOldTokens(db, spent.connectionId, now)
  await queries.markUsed(db, spent.id, now)
  await queries.insertTokens(db, [
    { ...row, kind: 'access', hash: hashOf(access), expires_at: new Date(now.getTime() + accessMs) },
    { ...row, kind: 'refresh', hash: hashOf(next), expires_at: new Date(now.getTime() + refreshMs) },
  ])
  return {
    access_token: access,
    refresh_token: next,
    token_type: 'Bearer',
    expires_in: accessMs / second,
    scope: spent.mayWrite ? 'mcp:read mcp:write' : 'mcp:read',
  }
}

/** Whether an address given as `resource` (RFC 8707) means the MCP door; a slash at the end does not make another. */
export const isResource = (given: string, resource: string) => given.replace(/\/$/, '') === resource

/** What a revoked token (RFC 7009) was: a refresh token takes the whole connection along. Null when it is nobody's. */
export async function tokenToRevoke({ database, client: credentials }: Exchange, secret: string) {
  const hash = hashOf(secret)
  const [client, organizationId] = await database.inTransaction(nowhere, 'read only', (db) =>
    Promise.all([clientOf(db, credentials), queries.organizationOfToken(db, hash)]),
  )
  if (!client) return unknownClient
  if (!organizationId) return null
  return database.inTransaction({ organizationId, userId: null }, 'read write', async (db) => {
    const token = await queries.lockToken(db, hash)
    if (!token || token.clientId !== client.id) return null
    if (token.kind === 'access') {
      await queries.deleteToken(db, token.id)
      return null
    }
    return { organizationId, connectionId: token.connectionId }
  })
}
