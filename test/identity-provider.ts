/**
 * A real OpenID Connect server (oidc-provider) for tests, in two shapes: a plain one, and one with Microsoft Entra's
 * addresses and claims, where many tenants share one sign-in address. It signs in whoever the address bar's
 * `login_hint` names. What it answers can be falsified on the way out, to see that we notice.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeJwt, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import Provider from 'oidc-provider'

export type ProviderPerson = { id: string; name: string; email: string; claims?: Record<string, unknown> }
/** By tenant id; a plain provider has one tenant with the name ''. */
export type Tenants = Record<string, ProviderPerson[]>

/** What becomes of an ID token: other claims, another key, no signature, or a token of one's own making. */
export type Falsify = {
  claims?: (claims: JWTPayload) => JWTPayload
  key?: 'stranger' | 'other tenant'
  algorithm?: 'none' | 'HS256'
}

export const providerClient = { clientId: '0a1b2c3d-1111-4222-8333-444455556666', clientSecret: 'the secret of the registration' }

type Keys = { jwk: JWK; privateKey: CryptoKey }

async function newKeys(kid: string): Promise<Keys> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { jwk: { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' }, privateKey }
}

/**
 * Starts it on a free port of this machine.
 * @param redirects where it may send people back to
 * @param entra whether addresses and claims are Microsoft's
 */
export async function startIdentityProvider({
  tenants,
  redirects,
  entra,
}: {
  tenants: Tenants
  redirects: string[]
  entra: boolean
}) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stranger = await newKeys('stranger')
  let falsify: Falsify | null = null

  const all = new Map<string, { keys: Keys; people: ProviderPerson[]; provider: Provider }>()
  for (const [tenant, people] of Object.entries(tenants)) {
    const keys = await newKeys(`key of ${tenant || 'the provider'}`)
    all.set(tenant, { keys, people, provider: providerFor(base, tenant, people, keys, redirects, entra) })
  }
  const first = [...all.keys()][0]!
  /** Codes say nothing of their tenant; the shared address has to remember. */
  const tenantOfCode = new Map<string, string>()

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', base)
    const [, begin, rest] = entra ? (/^\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [null, '', '']) : [null, '', url.pathname]
    const shared = begin === 'organizations' || begin === 'common'
    let tenant = begin!
    if (shared) tenant = tenantOf(url.searchParams.get('login_hint')) ?? first
    const body = request.method === 'POST' ? await textOf(request) : ''
    const isToken = rest!.endsWith('/token')
    if (isToken && shared) tenant = tenantOfCode.get(new URLSearchParams(body).get('code') ?? '') ?? first
    const known = all.get(tenant)
    if (!known) return void response.writeHead(404).end()
    const { provider, people, keys } = known
    if (rest!.startsWith('/login/')) {
      const { params } = await provider.interactionDetails(request, response)
      const person = people.find(({ email }) => email === params.login_hint) ?? people[0]!
      return provider.interactionFinished(request, response, { login: { accountId: person.id } })
    }
    rememberCodes(response, tenant, tenantOfCode)
    if (isToken && falsify)
      falsifyAnswer(response, falsify, keys, stranger, [...all.values()].find((each) => each.keys !== keys)?.keys)
    const path = rest!.replace(/^\/v2\.0(?=\/\.well-known)/, '')
    // oidc-provider reads a body that was read before from here, and its own address from `originalUrl`.
    Object.assign(request, { body: body ? Object.fromEntries(new URLSearchParams(body)) : undefined })
    Object.assign(request, { originalUrl: `${entra ? `/${tenant}` : ''}${path}${url.search}`, url: `${path}${url.search}` })
    await provider.callback()(request, response)
  }
  const tenantOf = (hint: string | null) => [...all].find(([, { people }]) => people.some(({ email }) => email === hint))?.[0]

  server.on('request', (request, response) => {
    serve(request, response).catch((error: Error) => response.writeHead(500).end(error.message))
  })

  return {
    base,
    issuer: (tenant = '') => (entra ? `${base}/${tenant}/v2.0` : base),
    /** Registers other addresses to send people back to. */
    allow(addresses: string[]) {
      for (const [tenant, each] of all) each.provider = providerFor(base, tenant, each.people, each.keys, addresses, entra)
    },
    /** From now on what it answers is falsified; null ends it. */
    falsify: (how: Falsify | null) => {
      falsify = how
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type IdentityProvider = Awaited<ReturnType<typeof startIdentityProvider>>

function providerFor(base: string, tenant: string, people: ProviderPerson[], { jwk }: Keys, redirects: string[], entra: boolean) {
  const names = ['sub', 'name', 'email', 'email_verified', 'preferred_username', 'tid', 'oid']
  const provider = new Provider(entra ? `${base}/${tenant}/v2.0` : base, {
    clients: [
      {
        client_id: providerClient.clientId,
        client_secret: providerClient.clientSecret,
        redirect_uris: redirects,
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: entra ? 'client_secret_post' : 'client_secret_basic',
      },
    ],
    jwks: { keys: [jwk as never] },
    cookies: { keys: ['only a test'] },
    conformIdTokenClaims: false,
    claims: { openid: names, profile: [], email: [] },
    scopes: ['openid', 'profile', 'email'],
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_ctx, { uid }) => `${entra ? `/${tenant}` : ''}/login/${uid}` },
    ...(entra && {
      routes: { authorization: '/oauth2/v2.0/authorize', token: '/oauth2/v2.0/token', jwks: '/discovery/v2.0/keys' },
    }),
    async loadExistingGrant(ctx) {
      const { client, session } = ctx.oidc
      const grant = new ctx.oidc.provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
    findAccount: (_ctx, id) => {
      const person = people.find((each) => each.id === id)
      if (!person) return undefined
      const { name, email, claims } = person
      const own = entra ? { tid: tenant, oid: id, preferred_username: email } : {}
      return { accountId: id, claims: async () => ({ sub: id, name, email, ...own, ...claims }) }
    },
  })
  return provider
}

/** Notes which tenant gave out a code, as it leaves in a redirect. */
function rememberCodes(response: ServerResponse, tenant: string, codes: Map<string, string>) {
  const setHeader = response.setHeader.bind(response)
  response.setHeader = (name, value) => {
    const code = name.toLowerCase() === 'location' && URL.parse(String(value))?.searchParams.get('code')
    if (code) codes.set(code, tenant)
    return setHeader(name, value)
  }
}

/** Puts another ID token into the answer on its way out. */
function falsifyAnswer(response: ServerResponse, how: Falsify, keys: Keys, stranger: Keys, other: Keys | undefined) {
  const end = response.end.bind(response)
  response.end = ((chunk: unknown) => {
    const answer = JSON.parse(String(chunk)) as { id_token?: string }
    if (!answer.id_token) return end(chunk as string)
    void falsified(answer.id_token, how, keys, stranger, other).then((id_token) => {
      const text = JSON.stringify({ ...answer, id_token })
      response.setHeader('content-length', Buffer.byteLength(text))
      end(text)
    })
    return response
  }) as typeof response.end
}

async function falsified(token: string, { claims, key, algorithm }: Falsify, keys: Keys, stranger: Keys, other?: Keys) {
  const payload = claims ? claims(decodeJwt(token)) : decodeJwt(token)
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  if (algorithm === 'none') return `${encoded({ alg: 'none' })}.${encoded(payload)}.`
  if (algorithm === 'HS256')
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(providerClient.clientSecret.padEnd(32, '.')))
  const { privateKey } = key === 'stranger' ? stranger : key === 'other tenant' && other ? other : keys
  // A swapped key keeps the name of the right one: only the signature can tell.
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: keys.jwk.kid! }).sign(privateKey)
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A browser as far as redirects and cookies go, for the provider's side of the way. */
export async function throughProvider(start: string, backTo: string): Promise<string> {
  const cookies = new Map<string, string>()
  let at = start
  for (let step = 0; step < 10 && !at.startsWith(backTo); step += 1) {
    const response = await fetch(at, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!
      cookies.set(name!, value!)
    }
    const next = response.headers.get('location')
    if (!next) throw new Error(`The provider answered ${response.status} at ${at}: ${await response.text()}`)
    at = new URL(next, at).href
  }
  return at
}
