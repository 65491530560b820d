/**
 * The headers that tell browsers what this site never does (OWASP Secure Headers). They are the same for every answer, so
 * helmet is asked for them once, when the server starts.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import helmet, { type HelmetOptions } from 'helmet'

declare module 'fastify' {
  interface FastifyReply {
    /** Hands the raw answer, with the headers every answer has, to whoever writes it from here on (streams). */
    takeOver(): ServerResponse
  }
}

const pages = {
  contentSecurityPolicy: {
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      upgradeInsecureRequests: null,
    },
  },
  crossOriginResourcePolicy: { policy: 'same-origin' },
} satisfies HelmetOptions

/** An answer that is data is never shown as a page: what concerns pages only is left out, and nothing may be loaded by it. */
const data = {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
} satisfies HelmetOptions

/** @param https whether people reach the server by https, so that browsers may be told to use nothing else */
export function secureEveryAnswer(app: FastifyInstance, https: boolean) {
  const ofPages = headersOf({ ...pages, hsts: https })
  const ofData = headersOf({ ...data, hsts: https })
  const headersFor = ({ url }: FastifyRequest) => (url.startsWith('/api/') ? ofData : ofPages)
  app.addHook('onRequest', (request, reply, next) => {
    reply.headers(headersFor(request))
    next()
  })
  app.decorateReply('takeOver', function takeOver(this: FastifyReply) {
    for (const [name, value] of Object.entries(headersFor(this.request))) this.raw.setHeader(name, value)
    this.hijack()
    return this.raw
  })
}

/** What helmet would set. */
function headersOf(options: HelmetOptions): Record<string, string> {
  const headers = new Map<string, string>()
  const answer = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  }
  helmet(options)({} as IncomingMessage, answer as unknown as ServerResponse, (error?: unknown) => {
    if (error) throw error
  })
  return Object.fromEntries(headers)
}
