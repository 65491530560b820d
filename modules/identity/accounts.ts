/**
 * Accounts, passwords and sessions by better-auth, in a schema of their own.
 * It makes and ends sessions; it is never asked who a request is from: that is one prepared query (`identify.ts`).
 */
import { passkey } from '@better-auth/passkey'
import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import { twoFactor } from 'better-auth/plugins'
import { PostgresDialect } from 'kysely'
import type pg from 'pg'
import { v7 } from '../../platform/ids.ts'
import { codesOnce } from './one-time-codes.ts'
import { type SecurityNote, securityNotes } from './security-notes.ts'
import { vouched } from './vouched.ts'

const minute = 60
const day = 24 * 60 * minute

/**
 * Makes the sign-in service.
 * @param pool connections under the application's login
 * @param baseUrl where people reach the product, e.g. `https://desk.example.com`
 * @param secret at least 32 characters; signs the session cookie
 * @param noted is told what happened to somebody's sign-in
 */
export function accounts(options: { pool: pg.Pool; baseUrl: string; secret: string; noted(note: SecurityNote): Promise<void> }) {
  return betterAuth({
    baseURL: options.baseUrl,
    basePath: '/api/auth',
    secret: options.secret,
    database: { dialect: new PostgresDialect({ pool: options.pool }), type: 'postgres', schemaName: 'auth' },
    // The product's own pages, under whatever name the browser reached it.
    trustedOrigins: (request) => {
      const origin = request?.headers.get('origin')
      return origin && URL.parse(origin)?.host === request?.headers.get('host') ? [origin] : []
    },
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      log: (level, msg) => console.error(JSON.stringify({ level, time: Date.now(), from: 'sign-in', msg })),
    },
    // Accounts are made by set-up and by administrators, never by a stranger.
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 200 },
    user: { additionalFields: { superAdmin: { type: 'boolean', defaultValue: false, input: false } } },
    session: {
      expiresIn: 7 * day,
      updateAge: day,
      cookieCache: { enabled: false },
      additionalFields: {
        organizationId: { type: 'string', required: false, input: false },
        // Filled by vouched.ts: whose provider vouches, through which connection, for which of the person's identities.
        vouchedBy: { type: 'string', required: false, input: false },
        connectionId: { type: 'string', required: false, input: false },
        identityId: { type: 'string', required: false, input: false },
      },
    },
    databaseHooks: {
      session: {
        create: {
          async before({ userId }) {
            const { rows } = await options.pool.query('select from auth."user" where id = $1 and "disabledAt" is not null', [
              userId,
            ])
            if (rows.length === 0) return
            throw APIError.fromStatus('FORBIDDEN', {
              code: 'ACCOUNT_DISABLED',
              message: 'This account is disabled. Ask an administrator of the installation.',
            })
          },
        },
      },
    },
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: minute,
      max: 100,
      // Per address; guessing at one account is slowed down separately (throttle.ts).
      customRules: {
        '/sign-in/email': { window: minute, max: 60 },
        // Ten wrong codes lock the second factor of an account for a quarter of an hour, wherever they come from.
        '/two-factor/*': { window: minute, max: 60 },
      },
    },
    // Each plugin is one way in, or one limit on them; a new one is a line here.
    plugins: [
      twoFactor({ issuer: 'TATER Ops' }),
      passkey({
        rpName: 'TATER Ops',
        rpID: new URL(options.baseUrl).hostname,
        origin: new URL(options.baseUrl).origin,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        authentication: { afterVerification: onlyVerified },
      }),
      vouched,
      codesOnce(options.pool),
      securityNotes(options.noted),
    ],
    advanced: {
      database: { generateId: () => v7() },
      cookiePrefix: 'tater',
      useSecureCookies: options.baseUrl.startsWith('https://'),
      ipAddress: { ipAddressHeaders: ['x-tater-client-ip'] },
    },
  })
}

/** A passkey stands for password and second factor together, so it must have asked for a finger, a face or a PIN. */
function onlyVerified({ verification }: { verification: { authenticationInfo?: { userVerified: boolean } } }) {
  if (verification.authenticationInfo?.userVerified) return
  throw APIError.fromStatus('UNAUTHORIZED', {
    code: 'USER_NOT_VERIFIED',
    message: 'Your device did not check that it is you. Set a PIN, fingerprint or face for this passkey and try again.',
  })
}

export type Accounts = ReturnType<typeof accounts>
