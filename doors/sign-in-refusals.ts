/**
 * Why a sign-in ended without one. It is told to the browser it happened in, sealed in a cookie: the address of the page
 * carries no words, for whoever makes a link could have the product say them.
 */
import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Problem } from '../platform/problem.ts'
import type { Secrets } from '../platform/sealed.ts'

const name = 'tater.refusal'
const keptSeconds = 15 * 60

const Refusal = z.object({
  code: z.string(),
  message: z.string(),
  reference: z.string(),
  purpose: z.string(),
  tenantId: z.string().optional(),
  email: z.string().optional(),
})
export type Refusal = z.output<typeof Refusal>

/** @param secure whether people reach the product by https */
export function signInRefusals(app: FastifyInstance, secrets: Secrets, secure: boolean) {
  const cookie: CookieSerializeOptions = { path: '/api/sign-in/refusal', httpOnly: true, sameSite: 'lax', secure }

  /** The last refusal of this browser; empty when there was none of late. */
  app.get('/api/sign-in/refusal', async (request): Promise<Partial<Refusal>> => {
    const kept = secrets.unseal(name, request.cookies[name] ?? '')
    return Refusal.safeParse(kept && JSON.parse(kept)).data ?? {}
  })

  return {
    /** Keeps it for the browser, and answers with the page that says it. */
    pageAbout({ code, message, extra }: Problem, purpose: string, request: FastifyRequest, reply: FastifyReply): string {
      const refusal: Refusal = {
        code,
        message: code === 'internal' ? '' : message,
        reference: request.id,
        purpose,
        ...(typeof extra.tenantId === 'string' && { tenantId: extra.tenantId }),
        ...(typeof extra.email === 'string' && { email: extra.email }),
      }
      reply.setCookie(name, secrets.seal(name, JSON.stringify(refusal)), { ...cookie, maxAge: keptSeconds })
      return `/sign-in/refused?${new URLSearchParams({ code })}`
    },
  }
}
