/**
 * better-auth plugin: tells what happened to somebody's sign-in, so that it can stand in the activity of the organizations
 * the person belongs to (operations/notes.ts). Never a secret, and nothing about an address that nobody has.
 */
import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import type { SignInWay } from './contract.ts'

/** What happened, to whom: by id, or by the address somebody typed. */
export type SecurityNote = {
  person: { id: string } | { email: string }
  /** Of the browser, and of the request. */
  address: string | null
  requestId: string
} & (
  | { action: 'person.signed-in' | 'sign-in.failed'; way: SignInWay }
  | { action: 'password.changed' | 'second-factor.enabled' | 'second-factor.disabled' | 'recovery-codes.renewed' }
  | { action: 'passkey.added'; name: string }
)

type Context = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]
type What = Pick<SecurityNote, 'person'> & Record<string, unknown>
type User = { id: string; twoFactorEnabled?: boolean | null }

/** Whoever is signed in, from before the request changed anything. */
const before = new WeakMap<Headers, User>()

/** @param noted is told once it has happened */
export const securityNotes = (noted: (note: SecurityNote) => Promise<void>) =>
  ({
    id: 'security-notes',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path !== undefined && path in byPath,
          handler: createAuthMiddleware(async (ctx) => {
            const user = (await getSessionFromCtx(ctx))?.user as User | undefined
            if (user && ctx.headers) before.set(ctx.headers, { ...user })
          }),
        },
      ],
      after: [
        {
          matcher: ({ path }) => path !== undefined && path in byPath,
          handler: createAuthMiddleware(async (ctx) => {
            const failed = ctx.context.returned instanceof APIError ? ctx.context.returned : null
            const what = await byPath[ctx.path]!(ctx, failed, (ctx.headers && before.get(ctx.headers)) ?? null)
            const address = ctx.headers?.get('x-tater-client-ip') || null
            const requestId = ctx.headers?.get('x-tater-request-id') ?? ''
            if (what) await noted({ ...what, address, requestId } as SecurityNote)
          }),
        },
      ],
    },
  }) satisfies BetterAuthPlugin

type Judge = (ctx: Context, failed: APIError | null, user: User | null) => What | null | Promise<What | null>

/** To the signed-in person, when it was done. */
const done =
  (action: SecurityNote['action']): Judge =>
  (_ctx, failed, user) =>
    !failed && user ? { person: { id: user.id }, action } : null

const signedIn = ({ context }: Context, way: SignInWay): What | null =>
  context.newSession && { person: { id: context.newSession.user.id }, action: 'person.signed-in', way }

const byCode =
  (way: 'code' | 'recovery-code'): Judge =>
  async (ctx, failed, user) => {
    // Somebody signed in confirms a new authenticator app; a wrong code there guesses at nothing.
    if (user) return failed || user.twoFactorEnabled ? null : { person: { id: user.id }, action: 'second-factor.enabled' }
    if (!failed) return signedIn(ctx, way)
    const asked = await ctx.getSignedCookie(ctx.context.createAuthCookie('two_factor').name, ctx.context.secret)
    const pending = asked ? await ctx.context.internalAdapter.findVerificationValue(asked) : null
    return pending && failed.statusCode === 401 ? { person: { id: pending.value }, action: 'sign-in.failed', way } : null
  }

const byPath: Record<string, Judge> = {
  '/sign-in/email': (ctx, failed) =>
    failed?.statusCode === 401
      ? { person: { email: String(ctx.body?.email ?? '') }, action: 'sign-in.failed', way: 'password' }
      : signedIn(ctx, 'password'),
  '/two-factor/verify-totp': byCode('code'),
  '/two-factor/verify-backup-code': byCode('recovery-code'),
  '/two-factor/disable': done('second-factor.disabled'),
  '/two-factor/generate-backup-codes': done('recovery-codes.renewed'),
  '/change-password': done('password.changed'),
  '/passkey/verify-registration': (ctx, failed, user) =>
    failed || !user
      ? null
      : { person: { id: user.id }, action: 'passkey.added', name: String(ctx.body?.name ?? '').slice(0, 200) },
  '/passkey/verify-authentication': (ctx, failed) => (failed ? null : signedIn(ctx, 'passkey')),
}
