/**
 * better-auth plugin: a code of the authenticator app is accepted once (RFC 6238 §5.2). The library checks codes; this
 * remembers in the database, for all server processes, up to which time step they are spent.
 */
import { createHmac } from 'node:crypto'
import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import { symmetricDecrypt } from 'better-auth/crypto'
import type pg from 'pg'

/** As the library takes them: 6 digits, 30 seconds, one step early or late. */
const digits = 6
const periodMs = 30_000
const tolerance = 1

type Context = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]

/** @param pool connections whose search path is the `auth` schema */
export const codesOnce = (pool: pg.Pool) =>
  ({
    id: 'codes-once',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path === '/two-factor/verify-totp',
          handler: createAuthMiddleware(async (ctx) => {
            const userId = await whoseCode(ctx)
            if (!userId || (await spend(pool, ctx, userId, String(ctx.body?.code ?? ''))) !== 'spent before') return
            throw APIError.fromStatus('UNAUTHORIZED', {
              code: 'CODE_USED',
              message: 'This code was used already. Wait for the next one and try again.',
            })
          }),
        },
      ],
    },
  }) satisfies BetterAuthPlugin

/** Of a session, or of whoever has shown a password and is asked for a code; as the library finds out. */
async function whoseCode(ctx: Context): Promise<string | null> {
  const session = await getSessionFromCtx(ctx)
  if (session) return session.user.id
  const asked = await ctx.getSignedCookie(ctx.context.createAuthCookie('two_factor').name, ctx.context.secret)
  const pending = asked ? await ctx.context.internalAdapter.findVerificationValue(asked) : null
  return pending?.value ?? null
}

/** Marks a right code as spent, before the library looks at it: of two requests at once the second finds it so. */
async function spend(pool: pg.Pool, ctx: Context, userId: string, code: string) {
  const { rows } = await pool.query<{ secret: string }>('select "secret" from auth."twoFactor" where "userId" = $1', [userId])
  if (!rows[0]) return 'no second factor'
  const step = stepOf(code, await symmetricDecrypt({ key: ctx.context.secretConfig, data: rows[0].secret }), Date.now())
  if (step === null) return 'wrong'
  const { rowCount } = await pool.query(
    'update auth."twoFactor" set "lastStep" = $2 where "userId" = $1 and ("lastStep" is null or "lastStep" < $2)',
    [userId, step],
  )
  return rowCount === 1 ? 'spent now' : 'spent before'
}

/** The time step a code belongs to, the latest if there are two; null for a code that is wrong at this time. */
export function stepOf(code: string, secret: string, now: number): number | null {
  const current = Math.floor(now / periodMs)
  for (let step = current + tolerance; step >= current - tolerance; step -= 1) if (codeOf(secret, step) === code) return step
  return null
}

/** HOTP (RFC 4226) with SHA-1, over a time step as its counter. */
export function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hash = createHmac('sha1', secret).update(counter).digest()
  const number = hash.readUInt32BE(hash[19]! & 0x0f) & 0x7fff_ffff
  return String(number % 10 ** digits).padStart(digits, '0')
}
