/** The product as one Fastify application: every door, on one port. */

import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyRequest, LogController, type LogLevel } from 'fastify'
import type { Accounts } from '../modules/identity/accounts.ts'
import type { Identifier } from '../modules/identity/identify.ts'
import type { EntraApp } from '../modules/identity/providers.ts'
import type { SignInThrottle } from '../modules/identity/throttle.ts'
import type { Caller } from '../platform/context.ts'
import type { Database } from '../platform/database.ts'
import type { Execute, Gate } from '../platform/execute.ts'
import { answerProblem, answerProblems, readJsonBodies, serveOperations } from '../platform/http.ts'
import type { Live } from '../platform/live.ts'
import { languageAsked } from '../platform/messages.ts'
import { openApi } from '../platform/openapi.ts'
import type { AnyOperation } from '../platform/operation.ts'
import type { Outbound } from '../platform/outbound.ts'
import { Forbidden } from '../platform/problem.ts'
import type { Storage } from '../platform/storage.ts'
import type { Tracing } from '../platform/tracing.ts'
import { serveAttachments } from './attachments.ts'
import { serveDocs } from './docs.ts'
import { serveExports } from './exports.ts'
import { closeWhenDraining, serveHealth } from './health.ts'
import { serveImports } from './imports.ts'
import { speakEveryLanguage } from './languages.ts'
import { serveLive } from './live.ts'
import { serveMcp } from './mcp.ts'
import { type MetricsParts, serveMetrics } from './metrics.ts'
import { challenge, serveOAuth } from './oauth.ts'
import { observeRequests } from './observe.ts'
import { say } from './refusals.ts'
import { loggerOnDemand } from './request-logger.ts'
import { serveScans } from './scans.ts'
import { serveScim } from './scim.ts'
import { secureEveryAnswer } from './security-headers.ts'
import { serveSetup } from './setup.ts'
import { serveSignIn } from './sign-in.ts'
import { serveProviderSignIn } from './sign-in-providers.ts'
import { traceRequests } from './traces.ts'

export type Parts = {
  operations: readonly AnyOperation[]
  execute: Execute
  gate: Gate
  database: Database
  identifier: Identifier
  accounts: Accounts
  throttle: SignInThrottle
  storage: Storage
  live: Live
  /** The app registration for signing in with Microsoft. */
  entra: EntraApp | null
  secret: string
  outbound: Outbound
  publicUrl: string
  version: string
  attachmentMaxBytes: number
  logLevel: string
  /** At which level each request has a line; null: none. */
  logRequests: LogLevel | null
  logTo?: { write(line: string): void } | undefined
  traces: Tracing | null
  metrics: MetricsParts
  trustedProxies: readonly string[]
  /** The one-time token of the first start, while there is no SuperAdmin. */
  setupToken(): string | null
  /** Called once the first administrator exists. */
  setUpDone(): void
  /** Whether requests may still come; false once the server drains. */
  ready(): boolean
}

export async function buildApp(parts: Parts) {
  const { operations, execute, identifier, publicUrl } = parts
  speakEveryLanguage()
  const origins = new Set([new URL(publicUrl).origin])
  const app = Fastify({
    logger: {
      level: parts.logLevel,
      ...(parts.logTo && { stream: parts.logTo }),
      redact: ['req.headers.authorization', 'req.headers.cookie', 'req.headers["x-api-key"]'],
    },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    childLoggerFactory: (logger, bindings, options) => loggerOnDemand(() => logger.child(bindings, options)),
    requestIdHeader: false,
    bodyLimit: 16 * 2 ** 20,
    // These say who really asks; anybody else's word about that is not taken.
    trustProxy: [...parts.trustedProxies],
    forceCloseConnections: 'idle',
    // What comes while the last requests finish is still answered, on a connection that then ends.
    return503OnClosing: false,
    frameworkErrors: answerProblem,
    routerOptions: { maxParamLength: 300 },
  })
  if (parts.traces) traceRequests(app, parts.traces)
  closeWhenDraining(app, parts.ready)
  observeRequests(app, parts.logRequests)
  answerProblems(app)
  readJsonBodies(app)
  secureEveryAnswer(app, publicUrl.startsWith('https://'))
  await app.register(cookie)
  app.addHook('onSend', (request, reply, _payload, next) => {
    if (reply.statusCode === 401 && isMcp(request.url)) reply.header('www-authenticate', challenge(publicUrl))
    reply.header('x-request-id', request.id)
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    next()
  })

  const identify = async (request: FastifyRequest): Promise<Caller> => {
    const { cookie: cookies, authorization, 'x-api-key': apiKey, 'user-agent': userAgent } = request.headers
    const credentials = {
      cookie: cookies,
      authorization,
      apiKey: apiKey === undefined ? undefined : String(apiKey),
      userAgent,
      mcp: isMcp(request.url),
    }
    const { actor, channel, sessionId, token } = await identifier.identify(credentials)
    if (sessionId) refuseForeignSites(request, origins)
    const caller: Caller = { actor, channel, sessionId, token, requestId: request.id }
    request.caller = caller
    // Agents read English; everybody else reads what they ask for.
    return credentials.mcp ? caller : { ...caller, language: languageAsked(request.headers['accept-language']) }
  }

  serveOperations(app, operations, execute, identify)
  serveSignIn(app, { accounts: parts.accounts, throttle: parts.throttle, identify, publicUrl })
  serveProviderSignIn(app, { ...parts, identify })
  serveScim(app, parts)
  serveSetup(app, parts)
  serveExports(app, { execute, identify, database: parts.database })
  // The reader of forms follows every request of where it is registered.
  await app.register(async (uploads) => {
    await uploads.register(multipart)
    serveAttachments(uploads, { execute, identify, storage: parts.storage, maxBytes: parts.attachmentMaxBytes })
    serveImports(uploads, { execute, identify, storage: parts.storage })
    await serveScans(uploads, { execute, identify, storage: parts.storage })
  })
  serveLive(app, { execute, identify, live: parts.live })
  serveMcp(app, { operations, execute, gate: parts.gate, identify, origins, version: parts.version })
  await serveOAuth(app, { execute, database: parts.database, publicUrl })
  serveHealth(app, parts)
  serveMetrics(app, parts.metrics)
  await serveDocs(app, () => openApi(operations, parts.version))
  await serveWeb(app)
  return app
}

const isMcp = (url: string) => /^\/mcp($|[/?])/.test(url)

/**
 * A browser sends the session's cookie along with whatever another site makes it send; such a write is refused
 * (OWASP, Cross-Site Request Forgery: Fetch Metadata and Origin).
 */
function refuseForeignSites(request: FastifyRequest, origins: ReadonlySet<string>) {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const site = request.headers['sec-fetch-site']
  const { origin, host } = request.headers
  const own = origin === undefined || origins.has(origin) || URL.parse(origin)?.host === host
  if ((site !== undefined && site !== 'same-origin' && site !== 'none') || !own) {
    throw Forbidden(say.foreignSite)
  }
}

type App = Awaited<ReturnType<typeof buildApp>>

/** The web app; any address that is not the API's is one of its pages. */
async function serveWeb(app: App) {
  const root = join(import.meta.dirname, '..', 'dist', 'web')
  if (!existsSync(join(root, 'index.html'))) return
  await app.register(fastifyStatic, {
    root,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  const page = (url: string) => !/^\/(api|mcp|docs|health|metrics|openapi\.json|assets|\.well-known)(\/|$|\?)/.test(url)
  app.get('/*', (request, reply) =>
    page(request.url) ? reply.header('cache-control', 'no-cache').sendFile('index.html') : reply.callNotFound(),
  )
}
