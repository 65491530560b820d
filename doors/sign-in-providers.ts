/**
 * Signing in through somebody else: sends the browser to the provider and takes it back. What must be remembered in
 * between lies sealed in a cookie of the browser that set out, so that nobody can finish a sign-in begun elsewhere.
 */
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Accounts } from '../modules/identity/accounts.ts'
import { admit, claimTenant, linkIdentity } from '../modules/identity/operations/admit.ts'
import * as identity from '../modules/identity/operations.ts'
import * as providers from '../modules/identity/providers.ts'
import { FlowLost, NoSuchConnection, UnknownTenant } from '../modules/identity/refusals.ts'
import type { Caller } from '../platform/context.ts'
import type { Database } from '../platform/database.ts'
import type { Execute } from '../platform/execute.ts'
import { Id, text } from '../platform/fields.ts'
import type { Identify } from '../platform/http.ts'
import { english } from '../platform/messages.ts'
import type { Outbound } from '../platform/outbound.ts'
import { asProblem, NotFound } from '../platform/problem.ts'
import { secretsOf } from '../platform/sealed.ts'
import { say } from './refusals.ts'
import { signInRefusals } from './sign-in-refusals.ts'

type Parts = {
  execute: Execute
  database: Database
  identify: Identify
  accounts: Accounts
  outbound: Outbound
  entra: providers.EntraApp | null
  secret: string
  publicUrl: string
}

/** Only pages of our own: never a foreign site or a scheme. */
const Path = text(2000).regex(/^\/(?![/\\])/, english(say.path))

const Start = z.strictObject({
  with: z.union([z.literal('microsoft'), Id]).describe('`microsoft`, or the id of a connection'),
  purpose: z.enum(['sign-in', 'link', 'claim']).default('sign-in'),
  organization: text(63).optional().describe('Short name of the organization to sign in to'),
  return: Path.default('/'),
  hint: text(254).optional(),
})

const Flow = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  with: z.string(),
  purpose: Start.shape.purpose,
  organization: z.string().optional(),
  return: z.string(),
  userId: z.string().nullable(),
  until: z.number(),
})
type Flow = z.output<typeof Flow>

const longestMs = 15 * 60_000

export function serveProviderSignIn(app: FastifyInstance, parts: Parts) {
  const { execute, database, identify, entra } = parts
  const secrets = secretsOf(parts.secret)
  const callbackOf = (way: string) => `${parts.publicUrl}/api/sign-in/callback/${way}`
  const secure = parts.publicUrl.startsWith('https://')
  const refusals = signInRefusals(app, secrets, secure)
  const cookie: CookieSerializeOptions = { path: '/api/sign-in/callback', httpOnly: true, sameSite: 'lax', secure }
  const cookieOf = (state: string) => `tater.way.${state.slice(0, 16)}`

  app.get('/api/sign-in/options', async (request) => {
    const { email, organization } = z
      .strictObject({ email: text(254).optional(), organization: text(63).optional() })
      .parse(request.query)
    const found = await identity.signInChoices(database, { domain: email?.split('@')[1], slug: organization })
    const choices = found
      .filter(({ kind }) => kind === 'oidc' || entra)
      .map(({ id, name, kind, organization: of }) => ({ id, name, kind, organization: of }))
    return { microsoft: entra !== null, choices }
  })

  app.post('/api/sign-in/start', async (request, reply) => {
    const { with: way, ...wanted } = Start.parse(request.body ?? {})
    const caller = wanted.purpose === 'sign-in' ? null : await identify(request)
    const config = await configurationFor(parts, way)
    const fresh = providers.newSecrets()
    const flow: Flow = { ...fresh, ...wanted, with: way, userId: caller?.actor.id ?? null, until: Date.now() + longestMs }
    const url = await providers.addressToAsk(config, callbackOf(way), fresh, wanted.hint)
    reply.setCookie(cookieOf(flow.state), secrets.seal(flow.state, JSON.stringify(flow)), { ...cookie, maxAge: longestMs / 1000 })
    return { url }
  })

  // A door and no operation: while the provider is asked, no connection to the database is held.
  app.post('/api/sign-in/check', async (request) => {
    const { issuer } = z.strictObject({ issuer: identity.Issuer }).parse(request.body ?? {})
    await execute(identity.listConnections, await identify(request), {})
    const config = await providers.discover({ issuer, clientId: 'only a look', clientSecret: '' }, parts.outbound)
    return { issuer, authorizationEndpoint: config.serverMetadata().authorization_endpoint ?? '' }
  })

  app.get('/api/sign-in/callback/:way', async (request, reply) => {
    const { way } = request.params as { way: string }
    const url = new URL(request.url, parts.publicUrl)
    const state = url.searchParams.get('state') ?? ''
    reply.clearCookie(cookieOf(state), cookie)
    const flow = flowOf(secrets.unseal(state, request.cookies[cookieOf(state)] ?? ''))
    try {
      if (!flow || flow.with !== way || flow.until < Date.now()) throw FlowLost(say.flowLost)
      const person = await redeemFor(parts, flow, url)
      return reply.redirect(await finish(request, reply, flow, person))
    } catch (error) {
      const problem = asProblem(error)
      if (problem.status >= 500 && problem.status !== 502) request.log.error({ err: error }, problem.code)
      return reply.redirect(refusals.pageAbout(problem, flow?.purpose ?? 'sign-in', request, reply))
    }
  })

  /** Where the browser goes next. */
  async function finish(request: FastifyRequest, reply: FastifyReply, flow: Flow, person: providers.Vouched): Promise<string> {
    if (flow.purpose === 'sign-in') {
      const admitted = await admitSomewhere(parts, flow, person, request)
      const headers = new Headers({ 'user-agent': request.headers['user-agent'] ?? '', 'x-tater-client-ip': request.ip })
      const answer = await parts.accounts.api.signInVouched({ body: admitted, headers, asResponse: true })
      if (!answer.ok) throw NoSuchConnection(say.noAccount)
      for (const each of answer.headers.getSetCookie()) reply.header('set-cookie', each)
      return flow.return
    }
    // Whoever comes back must still be the one who set out: the session may have changed in between.
    const caller = await identify(request)
    if (caller.actor.id !== flow.userId) throw FlowLost(say.somebodyElse)
    await execute(flow.purpose === 'claim' ? claimTenant : linkIdentity, caller, person)
    return flow.return
  }
}

/** The provider to ask: Microsoft for any tenant or for the one of a connection, or an organization's own. */
async function configurationFor({ database, secret, entra, outbound }: Parts, way: string) {
  const noMicrosoft = () => NotFound(say.noMicrosoft)
  if (way === 'microsoft') {
    if (!entra) throw noMicrosoft()
    return providers.entraConfiguration(entra, null, outbound)
  }
  const provider = await identity.providerOf(database, secretsOf(secret), way)
  if (provider.kind === 'oidc') return providers.discover(provider, outbound)
  if (!entra) throw noMicrosoft()
  return providers.entraConfiguration(entra, provider.tenantId, outbound)
}

async function redeemFor({ database, secret, entra, outbound }: Parts, flow: Flow, callback: URL): Promise<providers.Vouched> {
  const provider = flow.with === 'microsoft' ? null : await identity.providerOf(database, secretsOf(secret), flow.with)
  if (provider?.kind === 'oidc') return providers.redeem(await providers.discover(provider, outbound), flow, callback)
  if (!entra) throw NotFound(say.noMicrosoftAnyMore)
  return providers.redeemEntra(entra, provider?.tenantId ?? null, flow, callback, outbound)
}

/** Lets the person in where the provider speaks for: its own organization, or one the Microsoft tenant is connected to. */
async function admitSomewhere(parts: Parts, flow: Flow, person: providers.Vouched, { id: requestId, ip }: FastifyRequest) {
  const { execute } = parts
  const places = await placesFor(parts, flow, person)
  if (places.length === 0)
    throw UnknownTenant(
      flow.organization
        ? say.unknownTenantIn({ tenant: String(person.tenantId), organization: flow.organization })
        : say.unknownTenant({ tenant: String(person.tenantId) }),
      { tenantId: person.tenantId, email: person.email },
    )
  let refusal: unknown
  for (const { organizationId, connectionId } of places) {
    try {
      return await execute(admit, arriving(organizationId, person, requestId), { connectionId, address: ip, ...person })
    } catch (error) {
      if (asProblem(error).code !== 'NOT_INVITED') throw error
      refusal ??= error
    }
  }
  throw refusal
}

/** A connection speaks for its organization; Microsoft's common button for whatever the tenant is connected to. */
async function placesFor({ database, secret }: Parts, flow: Flow, { tenantId, subject }: providers.Vouched) {
  if (!tenantId) {
    const { organizationId } = await identity.providerOf(database, secretsOf(secret), flow.with)
    return [{ organizationId, connectionId: flow.with }]
  }
  const connected = await identity.organizationsOfTenant(database, tenantId, subject)
  return connected.filter(
    ({ connectionId, slug }) =>
      (flow.with === 'microsoft' || flow.with === connectionId) && (!flow.organization || flow.organization === slug),
  )
}

/** In the activity it is the person who signs in, though nobody is signed in yet. */
function arriving(organizationId: string, { name, email }: providers.Vouched, requestId: string): Caller {
  const caller = identity.systemCaller(organizationId, requestId, 'web')
  return { ...caller, actor: { ...caller.actor, kind: 'user', name: name || email || caller.actor.name } }
}

function flowOf(opened: string | null): Flow | null {
  try {
    return opened ? Flow.parse(JSON.parse(opened)) : null
  } catch {
    return null
  }
}
