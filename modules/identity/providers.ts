/**
 * Asks an identity provider who somebody is: OpenID Connect, code flow with PKCE, by openid-client. Two kinds: any
 * provider of one organization, and Microsoft Entra, where people of every tenant come through one app registration.
 * Whom an answer lets in is not decided here (operations/admit.ts).
 */
import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { isUuid } from '../../platform/ids.ts'
import type { Message, Sayable } from '../../platform/messages.ts'
import { type Outbound, OutboundRefused } from '../../platform/outbound.ts'
import { IdentityRefused, ProviderSaysNo, ProviderUnreachable, say } from './refusals.ts'

/** An organization's own provider. */
export type OidcProvider = { issuer: string; clientId: string; clientSecret: string }
/** The server's app registration in Microsoft Entra; `authority` without a slash at the end. */
export type EntraApp = { clientId: string; clientSecret: string; authority: string }

/** What is kept in the browser while somebody is away at the provider. */
export type Secrets = { state: string; nonce: string; verifier: string }

/** Somebody a provider vouches for; `providerId` and `subject` name this person for good. */
export type Vouched = {
  providerId: string
  subject: string
  /** The Microsoft tenant; null with other providers. */
  tenantId: string | null
  /** What the provider says the address is; proof of nothing. */
  email: string | null
  name: string
}

export const newSecrets = (): Secrets => ({
  state: oidc.randomState(),
  nonce: oidc.randomNonce(),
  verifier: oidc.randomPKCECodeVerifier(),
})

/** Where to send the browser; `hint` is the address the person typed. */
export async function addressToAsk(config: oidc.Configuration, redirectUri: string, secrets: Secrets, hint?: string) {
  return oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    state: secrets.state,
    nonce: secrets.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(secrets.verifier),
    code_challenge_method: 'S256',
    ...(hint && { login_hint: hint }),
  }).href
}

/** Reads the provider's own description of itself; its issuer must be the one that was asked. */
export async function discover({ issuer, clientId, clientSecret }: OidcProvider, send: Outbound) {
  const config = await inWords(() =>
    oidc.discovery(new URL(issuer), clientId, undefined, clientSecret ? oidc.ClientSecretBasic(clientSecret) : oidc.None(), {
      [oidc.customFetch]: fetchBy(send),
      // `send` decides which hosts may be asked without TLS.
      execute: [oidc.allowInsecureRequests],
    }),
  )
  const { token_endpoint_auth_methods_supported: methods } = config.serverMetadata()
  if (!clientSecret || !methods || methods.includes('client_secret_basic')) return prepared(config, send)
  return prepared(new oidc.Configuration(config.serverMetadata(), clientId, undefined, oidc.ClientSecretPost(clientSecret)), send)
}

/** Redeems the code of an organization's provider. */
export async function redeem(config: oidc.Configuration, secrets: Secrets, callback: URL): Promise<Vouched> {
  const claims = await claimsFor(config, secrets, callback)
  const { issuer } = config.serverMetadata()
  return {
    providerId: `oidc:${issuer}`,
    subject: claims.sub,
    tenantId: null,
    // A provider that knows the address is unverified says so; most say nothing and keep a directory.
    email: claims.email_verified === false ? null : textOf(claims.email),
    name: textOf(claims.name) ?? textOf(claims.preferred_username) ?? '',
  }
}

/** Microsoft's endpoints, of one tenant where it is known, else of any organization's. Personal accounts stay outside. */
export const entraConfiguration = (app: EntraApp, tenantId: string | null, send: Outbound) =>
  prepared(
    new oidc.Configuration(
      {
        issuer: `${app.authority}/${tenantId ?? 'organizations'}/v2.0`,
        authorization_endpoint: `${app.authority}/${tenantId ?? 'organizations'}/oauth2/v2.0/authorize`,
        token_endpoint: `${app.authority}/${tenantId ?? 'organizations'}/oauth2/v2.0/token`,
        jwks_uri: `${app.authority}/${tenantId ?? 'organizations'}/discovery/v2.0/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
      },
      app.clientId,
      undefined,
      oidc.ClientSecretPost(app.clientSecret),
    ),
    send,
  )

/**
 * Redeems a code from Microsoft. Its shared endpoint answers for every tenant, so whose token it is stands only inside:
 * it is fetched once, and then judged as an answer of exactly the tenant it names, by that tenant's issuer and keys
 * (Microsoft identity platform, "Validate the issuer"). A person is tenant and object id, never an address.
 */
export async function redeemEntra(
  app: EntraApp,
  askedTenant: string | null,
  secrets: Secrets,
  callback: URL,
  send: Outbound,
): Promise<Vouched> {
  const asked = entraConfiguration(app, askedTenant, send).serverMetadata().token_endpoint!
  const answer = await fetchAnswer(asked, app, secrets, callback, send)
  const tenantId = tenantNamedIn(answer.text)
  if (!tenantId) throw IdentityRefused(say.noTenant)
  const config = entraConfiguration(app, tenantId, send)
  const { token_endpoint: tokens } = config.serverMetadata()
  config[oidc.customFetch] = async (url, options) =>
    url === tokens ? new Response(answer.text, { status: answer.status, headers: answer.headers }) : fetchBy(send)(url, options)
  const claims = await claimsFor(config, secrets, callback)
  const objectId = textOf(claims.oid)
  if (!objectId || claims.tid !== tenantId) throw IdentityRefused(say.noObjectId)
  return {
    providerId: entraProvider,
    subject: `${tenantId}:${objectId}`,
    tenantId,
    // The sign-in name: its domain is one the tenant proved to own, unlike that of `email`, which its admins may set freely.
    email: textOf(claims.preferred_username) ?? textOf(claims.email),
    name: textOf(claims.name) ?? '',
  }
}

export const entraProvider = 'entra'

/** Everybody with a personal Microsoft account; never an organization. */
export const personalTenant = '9188040d-6c67-4c5b-b112-36a304b66dad'

/** Signature, issuer, audience, times, nonce and state are all checked; the claims are of whom the provider vouches for. */
async function claimsFor(config: oidc.Configuration, secrets: Secrets, callback: URL) {
  const tokens = await inWords(() =>
    oidc.authorizationCodeGrant(config, callback, {
      expectedState: secrets.state,
      expectedNonce: secrets.nonce,
      pkceCodeVerifier: secrets.verifier,
      idTokenExpected: true,
    }),
  )
  return tokens.claims()!
}

function prepared(config: oidc.Configuration, send: Outbound) {
  config[oidc.customFetch] = fetchBy(send)
  oidc.allowInsecureRequests(config)
  // The signature is checked even though the token comes straight from the provider.
  oidc.enableNonRepudiationChecks(config)
  return config
}

const fetchBy =
  (send: Outbound): oidc.CustomFetch =>
  (url, { method, headers, body }) =>
    send(url, { method, headers, ...(body ? { body: String(body) } : {}) })

async function fetchAnswer(endpoint: string, app: EntraApp, secrets: Secrets, callback: URL, send: Outbound) {
  const code = callback.searchParams.get('code') ?? ''
  if (!code) throw ProviderSaysNo(saidBy(callback))
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: `${callback.origin}${callback.pathname}`,
    code_verifier: secrets.verifier,
    client_id: app.clientId,
    client_secret: app.clientSecret,
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
  const response = await inWords(() => send(endpoint, { method: 'POST', headers, body: String(form) }))
  const text = await response.text()
  if (!response.ok) throw ProviderSaysNo(say.refusedRequest({ answer: errorIn(text) }))
  return { status: response.status, headers: response.headers, text }
}

function errorIn(answer: string): Sayable {
  try {
    const { error, error_description } = JSON.parse(answer) as { error?: unknown; error_description?: unknown }
    return String(error_description ?? error).slice(0, 500)
  } catch {
    return say.noReason
  }
}

function tenantNamedIn(answer: string): string | null {
  try {
    const { tid } = decodeJwt((JSON.parse(answer) as { id_token: string }).id_token)
    return typeof tid === 'string' && isUuid(tid) && tid !== personalTenant ? tid.toLowerCase() : null
  } catch {
    return null
  }
}

const textOf = (claim: unknown) => (typeof claim === 'string' && claim.trim() !== '' ? claim.trim().slice(0, 254) : null)

/** What a provider says for the person to read; text only, and not much. */
const saidBy = (callback: URL): Message => {
  const said = callback.searchParams.get('error_description') ?? callback.searchParams.get('error')
  return said ? say.answered({ answer: said.slice(0, 500) }) : say.noCode
}

/** The library's errors, in sentences that say who can do something about it. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const reason = causeOf(error, OutboundRefused)
    if (reason) throw ProviderUnreachable(reason.detail)
    if (error instanceof oidc.AuthorizationResponseError)
      throw ProviderSaysNo(say.answered({ answer: error.error_description ?? error.error }))
    if (error instanceof oidc.ResponseBodyError)
      throw ProviderSaysNo(say.refusedRequest({ answer: error.error_description ?? error.error }))
    if (error instanceof oidc.ClientError && error.code && error.code !== 'OAUTH_TIMEOUT')
      throw IdentityRefused(say.doesNotHold({ reason: error.message, code: error.code }))
    // Without a code of its own the library only passes on what went wrong below it.
    const { message, cause } = error as Error
    throw ProviderUnreachable(say.unreachable({ reason: cause instanceof Error ? cause.message : message }))
  }
}

function causeOf<T extends Error>(error: unknown, kind: new (...args: never[]) => T): T | null {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof kind) return at
  return null
}
