/**
 * How a program that speaks MCP gets a token (OAuth 2.1; RFC 8414, 9728, 7591, 7636, 8707, 7009, 9207): where to ask,
 * registration, the person's consent (a page of the app), tokens, revocation. What is allowed is decided in modules/agents.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import * as agents from '../modules/agents/operations.ts'
import { systemCaller } from '../modules/identity/operations.ts'
import type { Database } from '../platform/database.ts'
import type { Execute } from '../platform/execute.ts'
import { text } from '../platform/fields.ts'

type Parts = { execute: Execute; database: Pick<Database, 'inTransaction'>; publicUrl: string }

/** Registered without knowing anybody, so only so many from one address. */
const mostRegistrations = { count: 30, windowMs: 60_000 }

const scopes = ['mcp:read', 'mcp:write']
const authMethods = ['none', 'client_secret_basic', 'client_secret_post']

/** What the 401 of the MCP door says, so that a program finds its way here. */
export const challenge = (publicUrl: string) =>
  `Bearer realm="tater", resource_metadata="${publicUrl}/.well-known/oauth-protected-resource/mcp", scope="${scopes.join(' ')}"`

export async function serveOAuth(app: FastifyInstance, parts: Parts) {
  const { publicUrl } = parts
  const resource = agents.mcpAddress(publicUrl)
  const ours = `${publicUrl}/api/oauth`
  const protectedResource = {
    resource,
    authorization_servers: [publicUrl],
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
    resource_name: 'TATER Ops',
    resource_documentation: `${publicUrl}/docs`,
  }
  const authorizationServer = {
    issuer: publicUrl,
    authorization_endpoint: `${ours}/authorize`,
    token_endpoint: `${ours}/token`,
    registration_endpoint: `${ours}/register`,
    revocation_endpoint: `${ours}/revoke`,
    scopes_supported: scopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: authMethods,
    revocation_endpoint_auth_methods_supported: authMethods,
    authorization_response_iss_parameter_supported: true,
    service_documentation: `${publicUrl}/docs`,
  }

  // The forms of the token endpoint are read here only; elsewhere a form of another site must not be a request.
  await app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 64 * 1024 },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    )
    // Everything here is public or shown by the program itself; no cookie counts, so pages of other sites may ask too.
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin')
    })
    for (const url of ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'])
      scope.get(url, async () => protectedResource)
    for (const url of ['/.well-known/oauth-authorization-server', '/.well-known/oauth-authorization-server/mcp'])
      scope.get(url, async () => authorizationServer)
    scope.options('/api/oauth/*', async (_request, reply) =>
      reply.header('access-control-allow-headers', 'authorization, content-type, mcp-protocol-version').code(204).send(),
    )
    scope.get('/api/oauth/authorize', async (request, reply) => {
      const query = request.url.slice(request.url.indexOf('?') + 1)
      return reply.redirect(request.url.includes('?') ? `/connect?${query}` : '/connect', 302)
    })
    scope.post('/api/oauth/register', (request, reply) => register(parts, request, reply))
    scope.post('/api/oauth/token', (request, reply) => token(parts, resource, request, reply))
    scope.post('/api/oauth/revoke', (request, reply) => revoke(parts, resource, request, reply))
  })
}

const Registration = z.object({
  client_name: text(200).optional(),
  redirect_uris: z.array(text(2000)).min(1).max(20),
  client_uri: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  token_endpoint_auth_method: z.enum(['none', 'client_secret_basic', 'client_secret_post']).optional(),
  grant_types: z.array(text(100)).max(10).optional(),
  response_types: z.array(text(100)).max(10).optional(),
})

const recent = new Map<string, number[]>()

function tooMany(address: string, now = Date.now()): boolean {
  const times = (recent.get(address) ?? []).filter((time) => now - time < mostRegistrations.windowMs)
  if (recent.size > 10_000) recent.clear()
  recent.set(address, [...times, now])
  return times.length >= mostRegistrations.count
}

async function register({ database }: Parts, request: FastifyRequest, reply: FastifyReply) {
  if (tooMany(request.ip))
    return reply
      .code(429)
      .header('retry-after', '60')
      .send({ error: 'temporarily_unavailable', error_description: 'Too many registrations. Wait a minute.' })
  const refuse = (error: string, error_description: string) => reply.code(400).send({ error, error_description })
  const given = Registration.safeParse(request.body)
  if (!given.success) {
    const issue = given.error.issues[0]!
    const at = issue.path[0] === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata'
    return refuse(at, `${issue.path.join('.') || 'The body'}: ${issue.message}`)
  }
  const { grant_types: grants = ['authorization_code'] } = given.data
  if (!grants.includes('authorization_code'))
    return refuse('invalid_client_metadata', 'grant_types must hold authorization_code.')
  const made = await agents.registerClient(database, given.data)
  if (made.refusal !== undefined) return refuse('invalid_redirect_uri', made.refusal)
  const { client, secret } = made
  return reply
    .code(201)
    .header('cache-control', 'no-store')
    .send({
      client_id: client.id,
      client_id_issued_at: Math.floor(new Date(client.createdAt).getTime() / 1000),
      client_name: client.name,
      redirect_uris: client.redirectUris,
      ...(client.uri && { client_uri: client.uri }),
      token_endpoint_auth_method: client.authMethod,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: scopes.join(' '),
      ...(secret && { client_secret: secret, client_secret_expires_at: 0 }),
    })
}

const Form = z.object({
  grant_type: text(100).optional(),
  code: text(200).optional(),
  redirect_uri: text(2000).optional(),
  code_verifier: text(200).optional(),
  refresh_token: text(200).optional(),
  resource: text(2000).optional(),
  token: text(200).optional(),
  client_id: text(500).optional(),
  client_secret: text(500).optional(),
})
type Form = z.output<typeof Form>

/** By HTTP Basic, or in the form. */
function credentialsIn(request: FastifyRequest, form: Form) {
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (!basic) return { id: form.client_id, secret: form.client_secret }
  const [id, secret] = Buffer.from(basic, 'base64').toString().split(':', 2).map(unescaped)
  return { id, secret }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

const wrong = (error: agents.Refusal['error'], description: string) => ({ error, description }) satisfies agents.Refusal

async function token(parts: Parts, resource: string, request: FastifyRequest, reply: FastifyReply) {
  const form = Form.safeParse(request.body ?? {})
  const answer = form.success
    ? await tokensFor(parts, resource, request, form.data)
    : wrong('invalid_request', 'The form cannot be read.')
  if ('error' in answer) return answerRefusal(parts, answer, request, reply)
  return reply.header('cache-control', 'no-store').header('pragma', 'no-cache').send(answer)
}

function tokensFor({ database }: Parts, resource: string, request: FastifyRequest, form: Form) {
  const exchange = { database, resource, client: credentialsIn(request, form) }
  if (form.grant_type === 'authorization_code') {
    if (!form.code || !form.code_verifier) return wrong('invalid_request', 'code and code_verifier are needed.')
    const { code, code_verifier: verifier, redirect_uri: redirectUri } = form
    return agents.exchangeCode(exchange, { code, verifier, redirectUri, resource: form.resource })
  }
  if (form.grant_type === 'refresh_token') {
    if (!form.refresh_token) return wrong('invalid_request', 'refresh_token is needed.')
    return agents.refresh(exchange, { token: form.refresh_token, resource: form.resource })
  }
  return wrong('unsupported_grant_type', 'grant_type is authorization_code or refresh_token.')
}

async function revoke(parts: Parts, resource: string, request: FastifyRequest, reply: FastifyReply) {
  const form = Form.safeParse(request.body ?? {})
  if (!form.success || !form.data.token) return answerRefusal(parts, wrong('invalid_request', 'token is needed.'), request, reply)
  const exchange = { database: parts.database, resource, client: credentialsIn(request, form.data) }
  const found = await agents.tokenToRevoke(exchange, form.data.token)
  if (found && 'error' in found) return answerRefusal(parts, found, request, reply)
  if (found) await endConnection(parts, found, request)
  // Whose the token was, and whether it was one, is not told (RFC 7009 §2.2).
  return reply.code(200).header('cache-control', 'no-store').send()
}

const endConnection = (
  { execute }: Parts,
  { organizationId, connectionId }: { organizationId: string; connectionId: string },
  request: FastifyRequest,
) => execute(agents.revokeConnection, systemCaller(organizationId, request.id), { appId: connectionId })

async function answerRefusal(
  parts: Parts,
  { error, description, stolen }: agents.Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  if (stolen) await endConnection(parts, stolen, request)
  const unknown = error === 'invalid_client'
  if (unknown && request.headers.authorization) reply.header('www-authenticate', 'Basic realm="tater"')
  return reply
    .code(unknown ? 401 : 400)
    .header('cache-control', 'no-store')
    .send({ error, error_description: description })
}
