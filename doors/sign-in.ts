/** Sign-in and sign-out: hands `/api/auth/*` to the sign-in library, and makes what it changes known at once. */
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Accounts } from '../modules/identity/accounts.ts'
import { forgetIdentities } from '../modules/identity/identify.ts'
import { type Attempt, deviceSeconds, type SignInThrottle } from '../modules/identity/throttle.ts'
import type { Identify } from '../platform/http.ts'
import { problem } from '../platform/problem.ts'
import { say } from './refusals.ts'

const TooManyAttempts = problem('TOO_MANY_ATTEMPTS', 429, 'Too many attempts')

/** The library's addresses that the product uses; its others answer 404 until an issue needs them. */
const offered = new Set([
  'POST /sign-in/email',
  'POST /sign-out',
  'GET /get-session',
  'POST /change-password',
  'GET /ok',
  'POST /two-factor/enable',
  'POST /two-factor/disable',
  'POST /two-factor/verify-totp',
  'POST /two-factor/verify-backup-code',
  'POST /two-factor/generate-backup-codes',
  'GET /passkey/generate-register-options',
  'POST /passkey/verify-registration',
  'GET /passkey/generate-authenticate-options',
  'POST /passkey/verify-authentication',
])

/** Ask somebody who is signed in for the password once more: as good for guessing as the sign-in. */
const confirming = new Set(['/change-password', '/two-factor/enable', '/two-factor/disable', '/two-factor/generate-backup-codes'])

type Parts = { accounts: Accounts; throttle: SignInThrottle; identify: Identify; publicUrl: string }

export function serveSignIn(app: FastifyInstance, { accounts, throttle, identify, publicUrl }: Parts) {
  const deviceCookie: CookieSerializeOptions = {
    path: '/api/auth',
    httpOnly: true,
    sameSite: 'lax',
    secure: publicUrl.startsWith('https://'),
    maxAge: deviceSeconds,
  }

  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    handler: async (request, reply) => {
      const url = new URL(request.url, publicUrl)
      const path = url.pathname.slice('/api/auth'.length)
      if (!offered.has(`${request.method} ${path}`)) return reply.callNotFound()
      const attempt = await beginAttempt(request, reply, path)
      const response = await accounts.handler(forLibrary(request, url))
      if (request.method === 'POST') forgetIdentities()
      const text = await response.text()
      const said = parsed(text)
      if (attempt) await settle(attempt, response.status, said.code)
      rememberDevice(request, reply, response, said)
      reply.code(response.status)
      for (const [name, value] of response.headers) if (name !== 'set-cookie') reply.header(name, value)
      for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie)
      if (response.ok) return reply.send(text)
      return reply.type('application/problem+json').send(inOurWords(said, response.status, request.id))
    },
  })

  /** Counts what may be a guess at a password, and refuses when there were too many. */
  async function beginAttempt(request: FastifyRequest, reply: FastifyReply, path: string): Promise<Attempt | null> {
    const who = await askedForPassword(request, path)
    if (!who) return null
    const device = request.cookies[throttle.cookieName(who.email)]
    const begun = await throttle.begin(who.email, { address: request.ip, device, sessionId: who.sessionId })
    if (!('wait' in begun)) return begun
    reply.header('retry-after', begun.wait)
    throw TooManyAttempts(say.attempts(Math.ceil(begun.wait / 60)))
  }

  async function askedForPassword(request: FastifyRequest, path: string) {
    if (path === '/sign-in/email') {
      const email = (request.body as { email?: unknown } | null)?.email
      return typeof email === 'string' && email !== '' ? { email, sessionId: null } : null
    }
    if (!confirming.has(path)) return null
    const caller = await identify(request).catch(() => null)
    return caller && { email: caller.actor.email, sessionId: caller.sessionId ?? null }
  }

  function settle(attempt: Attempt, status: number, code: string | undefined): Promise<void> | undefined {
    if (status === 401 || code === 'INVALID_PASSWORD') return undefined
    return status < 300 || code === 'ACCOUNT_DISABLED' ? throttle.succeeded(attempt) : throttle.undone(attempt)
  }

  /** Whoever has signed in is known from now on by this browser, and does not wait for the failures of others. */
  function rememberDevice(request: FastifyRequest, reply: FastifyReply, response: Response, { user }: Said) {
    const begun = response.ok && response.headers.getSetCookie().some((cookie) => /session_token=[^;]/.test(cookie))
    if (!begun || typeof user?.email !== 'string') return
    const name = throttle.cookieName(user.email)
    if (!throttle.knows(user.email, request.cookies[name])) reply.setCookie(name, throttle.newDevice(user.email), deviceCookie)
  }
}

function forLibrary(request: FastifyRequest, url: URL): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, String(value))
  headers.set('x-tater-client-ip', request.ip)
  headers.set('x-tater-request-id', request.id)
  headers.delete('content-length')
  if (request.method !== 'POST') return new Request(url, { method: request.method, headers })
  headers.set('content-type', 'application/json')
  return new Request(url, { method: 'POST', headers, body: JSON.stringify(request.body ?? {}) })
}

type Said = { message?: string; code?: string; user?: { email?: unknown } | null }

/** The library's refusals, in the form every other refusal has. */
function inOurWords(said: Said, status: number, requestId: string) {
  const message =
    status === 429 ? 'Too many attempts. Wait a minute and try again.' : (said.message ?? 'The sign-in was refused.')
  return JSON.stringify({
    type: '/docs/errors/SIGN_IN_REFUSED',
    title: 'Sign-in refused',
    status,
    detail: message,
    instance: requestId,
    error: said.code ?? 'SIGN_IN_REFUSED',
    message,
  })
}

function parsed(text: string): Said {
  try {
    return (JSON.parse(text) as Said | null) ?? {}
  } catch {
    return {}
  }
}
