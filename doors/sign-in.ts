/** Sign-in and sign-out: hands `/api/auth/*` to the sign-in library, and makes what it changes known at once. */
import type { FastifyInstance } from 'fastify'
import type { Accounts } from '../modules/identity/accounts.ts'
import { forgetIdentities } from '../modules/identity/identify.ts'
import type { SignInThrottle } from '../modules/identity/throttle.ts'
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

export function serveSignIn(app: FastifyInstance, accounts: Accounts, throttle: SignInThrottle, baseUrl: string) {
  app.route({
    method: ['GET', 'POST'],
    url: '/api/auth/*',
    handler: async (request, reply) => {
      const url = new URL(request.url, baseUrl)
      if (!offered.has(`${request.method} ${url.pathname.slice('/api/auth'.length)}`)) return reply.callNotFound()
      const given = url.pathname.endsWith('/sign-in/email') && (request.body as { email?: unknown } | null)?.email
      const email = typeof given === 'string' ? given : ''
      const wait = email ? await throttle.minutesToWait(email) : 0
      if (wait > 0) throw TooManyAttempts(say.attempts(wait))
      const headers = new Headers()
      for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, String(value))
      headers.set('x-tater-client-ip', request.ip)
      const body = request.method === 'POST' ? { body: JSON.stringify(request.body ?? {}) } : {}
      headers.delete('content-length')
      if (request.method === 'POST') headers.set('content-type', 'application/json')
      const response = await accounts.handler(new Request(url, { method: request.method, headers, ...body }))
      if (request.method === 'POST') forgetIdentities()
      if (email) await (response.ok ? throttle.succeeded(email) : throttle.failed(email))
      reply.code(response.status)
      for (const [name, value] of response.headers) if (name !== 'set-cookie') reply.header(name, value)
      for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie)
      if (response.ok) return reply.send(await response.text())
      return reply.type('application/problem+json').send(await inOurWords(response, request.id))
    },
  })
}

/** The library's refusals, in the form every other refusal has. */
async function inOurWords(response: Response, requestId: string) {
  const said = parsed(await response.text())
  const message =
    response.status === 429 ? 'Too many attempts. Wait a minute and try again.' : (said.message ?? 'The sign-in was refused.')
  return JSON.stringify({
    type: '/docs/errors/SIGN_IN_REFUSED',
    title: 'Sign-in refused',
    status: response.status,
    detail: message,
    instance: requestId,
    error: said.code ?? 'SIGN_IN_REFUSED',
    message,
  })
}

function parsed(text: string): { message?: string; code?: string } {
  try {
    return JSON.parse(text) as { message?: string; code?: string }
  } catch {
    return {}
  }
}
