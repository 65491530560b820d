/**
 * better-auth plugin: a session on a provider's word, and what such a session may not do. The word itself is asked and
 * judged elsewhere (providers.ts, operations/admit.ts); this is reached by the server only, never by a request.
 */
import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthEndpoint, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'

const body = z.object({
  userId: z.string(),
  organizationId: z.string(),
  connectionId: z.string(),
  identityId: z.string(),
  vouchedBy: z.string().nullable(),
})

/** Adds ways in that outlast the session; an organization's provider must not be able to. */
const lasting =
  /^\/(passkey\/(generate-register-options|verify-registration)|two-factor\/(enable|disable|generate-backup-codes)|change-password)$/

export const vouched = {
  id: 'vouched',
  endpoints: {
    signInVouched: createAuthEndpoint.serverOnly({ method: 'POST', body }, async (ctx) => {
      const { userId, ...on } = ctx.body
      const user = await ctx.context.internalAdapter.findUserById(userId)
      if (!user) throw APIError.fromStatus('UNAUTHORIZED', { message: 'There is no such account any more.' })
      const session = await ctx.context.internalAdapter.createSession(userId, false, on)
      await setSessionCookie(ctx, { session, user })
      return ctx.json({ sessionId: session.id })
    }),
  },
  hooks: {
    before: [
      {
        matcher: ({ path }) => path !== undefined && lasting.test(path),
        handler: createAuthMiddleware(async (ctx) => {
          const found = await getSessionFromCtx(ctx)
          if ((found?.session as { vouchedBy?: string | null } | undefined)?.vouchedBy)
            throw APIError.fromStatus('FORBIDDEN', {
              code: 'VOUCHED_ONLY',
              message:
                'You are signed in through the provider of an organization. Sign in with your own password or passkey first.',
            })
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin
