/**
 * Who a request is from: one prepared query on the session or the key's hash, kept in memory until PostgreSQL says
 * (NOTIFY) that something about identities changed. Never asks the sign-in library.
 */
import { createHmac, hash as digest, timingSafeEqual } from 'node:crypto'
import type { Actor, Channel, Provider, Token } from '../../platform/context.ts'
import type { Database } from '../../platform/database.ts'
import { counter } from '../../platform/metrics.ts'
import { Unauthenticated } from '../../platform/problem.ts'
import { permissionsInClient, permissionsOf, roleOfTier } from '../roles.ts'
import type { Tier } from './contract.ts'
import { say } from './rules.ts'

/** What a request carries about its sender. */
export type Credentials = {
  cookie?: string | undefined
  apiKey?: string | undefined
  authorization?: string | undefined
  userAgent?: string | undefined
  mcp?: boolean
}

type Asked = Pick<Database, 'ask'>
type Ask = Database['ask']

export type Identity = { actor: Actor; channel: Channel; sessionId: string | null; token: Token | null; until: number }

export const sessionCookies = ['__Secure-tater.session_token', 'tater.session_token']
/** What the triggers named identity_changed notify. */
export const identityChannel = 'tater_identity'

const outcomes = 'Callers identified, from memory (hit) or by asking the database (miss).'
const hits = counter('tater_identify_total', outcomes, { cache: 'hit' })
const misses = counter('tater_identify_total', outcomes, { cache: 'miss' })

const identifiers = new Set<{ forget(): void }>()

const listeners = new Set<() => void>()

/** Told whenever identities or settings changed anywhere, for whoever keeps something on the strength of them. */
export const onIdentityChange = (forget: () => void): (() => void) => {
  listeners.add(forget)
  return () => listeners.delete(forget)
}

/** The next request reads identities anew; other processes learn of it by NOTIFY a moment later. */
export const forgetIdentities = () => {
  for (const each of identifiers) each.forget()
}

const keyPattern = /^tater_[0-9a-f]{32}$/
/** Access tokens of connected programs (modules/agents/tokens.ts). */
const tokenPattern = /^taccess_[\w-]{43}$/
const mostRemembered = 50_000
/** Even a forgotten invalidation ends here. */
const longestMs = 60_000

/**
 * @param database under the application's login
 * @param secret the one that signs session cookies
 * @param resource the address of the MCP door: access tokens are made for it, and taken nowhere else (RFC 8707)
 */
export function identifier({ database, secret, resource }: { database: Asked; secret: string; resource: string }) {
  const { ask } = database
  /** By what was shown: whoever can read the memory of this process has read it in the request already. */
  const remembered = new Map<string, Identity>()
  let mayRemember = false
  /** Grows with every change that becomes known. */
  let changes = 0

  async function identify(credentials: Credentials): Promise<Identity> {
    const key = credentials.apiKey ?? bearer(credentials)
    if (key !== undefined && tokenPattern.test(key)) return withChannel(await byToken(key, credentials), credentials, 'key')
    if (key !== undefined) return withChannel(await byKey(key), credentials, 'key')
    const token = sessionToken(credentials.cookie, secret)
    if (!token) throw Unauthenticated(say.signIn)
    return withChannel(await bySession(token), credentials, 'session')
  }

  const byKey = (key: string) => {
    if (!keyPattern.test(key)) throw Unauthenticated(say.keyForm)
    return lookUp(key, () => readKey(ask, key))
  }
  const byToken = (token: string, { mcp }: Credentials) => {
    if (!mcp) throw Unauthenticated(say.tokenHere)
    return lookUp(token, () => readToken(ask, token, resource))
  }
  const bySession = (token: string) => lookUp(`session ${token}`, () => readSession(ask, token))

  async function lookUp(name: string, read: () => Promise<Identity | null>): Promise<Identity> {
    const known = remembered.get(name)
    if (known && known.until > Date.now()) {
      hits.value += 1
      return known
    }
    misses.value += 1
    const asOf = changes
    const found = await read()
    if (!found) throw Unauthenticated(say.over)
    // What was read while a change became known may be from before it: good for this request, not for the next.
    if (mayRemember && asOf === changes) {
      if (remembered.size >= mostRemembered) remembered.clear()
      remembered.set(name, found)
    }
    return found
  }

  const self = {
    identify,
    /** Forgets everybody: identities change rarely, and reading one again is one query. */
    forget() {
      changes += 1
      remembered.clear()
      for (const forget of listeners) forget()
    },
    /** Remembering is allowed only while somebody listens for changes. */
    listening(yes: boolean) {
      mayRemember = yes
      self.forget() // what changed while nobody listened was not heard
    },
  }
  identifiers.add(self)
  return self
}

export type Identifier = ReturnType<typeof identifier>

const hash = (key: string) => digest('sha256', key, 'buffer')

async function readKey(ask: Ask, key: string): Promise<Identity | null> {
  const [row] = await ask('identify_api_key', 'select * from identify_api_key($1)', [hash(key)])
  if (!row) return null
  const actor: Actor = {
    id: row.key_id,
    kind: 'key',
    email: row.email,
    name: row.key_name,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    superAdmin: false,
    ...standing(row),
  }
  const token: Token = { id: row.key_id, kind: 'key', name: row.key_name, mayWrite: true, tools: null }
  return { actor, channel: 'api', sessionId: null, token, until: soon(row.expires_at) }
}

/** The person behind an access token, as what that person is in the token's organization now. */
async function readToken(ask: Ask, accessToken: string, resource: string): Promise<Identity | null> {
  const [row] = await ask('identify_agent_token', 'select * from identify_agent_token($1)', [hash(accessToken)])
  if (!row || row.resource !== resource) return null
  const may = standing({ ...row, role: row.super_admin ? 'SuperAdmin' : row.role })
  if (!may.role) return null
  const actor: Actor = {
    id: row.user_id,
    kind: 'agent',
    email: row.email,
    name: row.name,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    superAdmin: row.super_admin,
    ...visitingOf(row),
    ...may,
  }
  const token: Token = {
    id: row.connection_id,
    kind: 'connection',
    name: row.client_name,
    mayWrite: row.may_write,
    tools: row.tools,
  }
  return { actor, channel: 'mcp', sessionId: null, token, until: soon(row.expires_at) }
}

/** A minute from now, or when it ends by itself. */
const soon = (...ends: (string | Date | null)[]) =>
  Math.min(Date.now() + longestMs, ...ends.filter((at) => at !== null).map((at) => new Date(at).getTime()))

/** To the minute, and not worth a wait or a failure. */
function noteSeen(ask: Ask, userId: string) {
  const text = `insert into auth.last_seen (user_id, at) values ($1, now())
    on conflict (user_id) do update set at = excluded.at where auth.last_seen.at < excluded.at - interval '1 minute'`
  ask('note_seen', text, [userId]).catch(() => {})
}

async function readSession(ask: Ask, token: string): Promise<Identity | null> {
  const [row] = await ask('identify_session', 'select * from identify_session($1)', [token])
  if (!row) return null
  noteSeen(ask, row.user_id)
  const { role, ...may } = standing({ ...row, role: row.super_admin ? 'SuperAdmin' : row.role })
  const inside = role ? row.organization_id : null
  const actor: Actor = {
    id: row.user_id,
    kind: 'user',
    email: row.email,
    name: row.name,
    organizationId: inside,
    ...visitingOf(row),
    organizationName: inside && row.organization_name,
    role,
    superAdmin: row.super_admin,
    ...may,
  }
  return {
    actor,
    channel: 'web',
    sessionId: row.session_id,
    token: null,
    until: soon(row.expires_at, row.elevated_until),
  }
}

/** A SuperAdmin in an organization without a membership. */
const visitingOf = (row: { super_admin: boolean; role: string | null; organization_id: string | null }) =>
  row.super_admin && row.organization_id !== null && row.role === null ? { visiting: true } : {}

type Standing = {
  role: string | null
  is_msp: boolean
  provider_id: string | null
  provider_name: string | null
  tier: Tier | null
  elevation_id?: string | null
  elevated_until?: Date | string | null
}

/** What somebody may do: by role as a member, by tier as a guest; a key that a provider made, only what both allow. */
function standing(row: Standing): Pick<Actor, 'role' | 'provider' | 'permissions'> {
  const byRole = permissionsOf(row.role, row.is_msp)
  if (!row.provider_id || !row.tier) return { role: row.role, provider: null, permissions: byRole }
  const elevation = row.elevation_id ? { id: row.elevation_id, until: new Date(row.elevated_until!).toISOString() } : null
  const tier = elevation ? 'T3' : row.tier
  const provider: Provider = { organizationId: row.provider_id, name: row.provider_name!, tier, elevation }
  const byTier = permissionsInClient(tier)
  if (row.role) return { role: row.role, provider, permissions: new Set([...byRole].filter((each) => byTier.has(each))) }
  return { role: roleOfTier(tier), provider, permissions: byTier }
}

/** `Authorization: Bearer` carries an API key or an access token of ours; any other bearer token is refused, not ignored. */
function bearer({ authorization }: Credentials): string | undefined {
  if (authorization === undefined) return undefined
  const match = /^Bearer\s+(\S+)$/i.exec(authorization)
  if (!match) throw Unauthenticated(say.bearerForm)
  return match[1]!
}

/** Agents are told apart from programs, and Claude and Copilot from other agents (decisions §11). */
function withChannel(identity: Identity, { mcp, userAgent = '' }: Credentials, by: 'key' | 'session'): Identity {
  if (!mcp) return by === 'key' && identity.channel !== 'api' ? { ...identity, channel: 'api' } : identity
  const channel: Channel = /claude/i.test(userAgent) ? 'claude' : /copilot/i.test(userAgent) ? 'copilot' : 'mcp'
  return { ...identity, channel, actor: { ...identity.actor, kind: 'agent' } }
}

/** The token inside the signed cookie (`token.signature`, as better-auth writes it), or null when it is not ours. */
export function sessionToken(cookieHeader: string | undefined, secret: string): string | null {
  const value = cookieHeader && sessionCookies.map((name) => cookieNamed(cookieHeader, name)).find(Boolean)
  if (!value) return null
  const dot = value.lastIndexOf('.')
  const token = value.slice(0, dot)
  const given = Buffer.from(value.slice(dot + 1), 'base64')
  const wanted = createHmac('sha256', secret).update(token).digest()
  return dot > 0 && given.length === wanted.length && timingSafeEqual(given, wanted) ? token : null
}

function cookieNamed(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) {
      try {
        return decodeURIComponent(value.join('='))
      } catch {
        return null
      }
    }
  }
  return null
}
