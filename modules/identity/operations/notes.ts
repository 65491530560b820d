/**
 * What happened to somebody's sign-in, in the activity of the organizations the person belongs to. The doors of sign-in
 * run this when it has happened; nobody else can.
 *
 * Changes and failures concern every organization of the person: each relies on the account. A sign-in stands in the one
 * it begins in, where the person is at home, so that no organization reads when its people work elsewhere.
 */
import { z } from 'zod'
import type { Caller, Context } from '../../../platform/context.ts'
import type { Database } from '../../../platform/database.ts'
import type { Execute } from '../../../platform/execute.ts'
import { Id, text } from '../../../platform/fields.ts'
import { command } from '../../../platform/operation.ts'
import { signInWays } from '../contract.ts'
import { findUserByEmail, listOwnMemberships } from '../queries.ts'
import { findAccount, isFirstSignIn } from '../queries-sign-in.ts'
import type { SecurityNote } from '../security-notes.ts'
import { systemCaller } from '../system.ts'

const person = { userId: Id, email: text(254), organizations: z.array(Id).max(10_000) }

const noteSignIn = command({
  name: 'identity.note-sign-in',
  summary: 'Record a sign-in, or one that failed',
  route: 'POST /sign-in/notes',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject({
    ...person,
    action: z.enum(['person.signed-in', 'sign-in.failed']),
    way: z.enum(signInWays),
    address: text(100).nullable(),
    first: z.boolean(),
  }),
  output: z.object({}),
  async run({ recordIn }, { userId, organizations, action, first, ...data }) {
    const subject = { type: 'user', id: userId }
    if (action === 'sign-in.failed') recordIn(organizations, action, subject, data)
    else recordIn(organizations.slice(0, 1), action, subject, { ...data, connection: null, first })
    return {}
  },
})

const noteChange = command({
  name: 'identity.note-change',
  summary: 'Record a change of how somebody signs in',
  route: 'POST /sign-in/changes',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject({
    ...person,
    action: z.enum([
      'password.changed',
      'second-factor.enabled',
      'second-factor.disabled',
      'recovery-codes.renewed',
      'passkey.added',
    ]),
    name: text(200).default(''),
  }),
  output: z.object({}),
  async run({ recordIn }, { userId, email, organizations, action, name }) {
    const subject = { type: 'user', id: userId }
    if (action === 'passkey.added') recordIn(organizations, action, subject, { email, name })
    else recordIn(organizations, action, subject, { email })
    return {}
  },
})

/** Writes it down for the organizations of the person; for nobody when there is no such person. */
export async function noteSecurity(
  { database, execute }: { database: Pick<Database, 'inTransaction'>; execute: Execute },
  { person: who, action, requestId, address, ...more }: SecurityNote,
): Promise<void> {
  const reading = <T>(userId: string | null, work: (db: Context['db']) => Promise<T>) =>
    database.inTransaction({ organizationId: null, userId }, 'read only', work)
  const account = await reading(null, (db) =>
    'id' in who ? findAccount(db, who.id) : findUserByEmail(db, who.email.trim().toLowerCase()),
  )
  if (!account) return
  const organizations = (await reading(account.id, (db) => listOwnMemberships(db, account.id))).map(({ id }) => id)
  const about = { userId: account.id, email: account.email, organizations }
  if (action === 'person.signed-in' || action === 'sign-in.failed') {
    const { way } = more as { way: (typeof signInWays)[number] }
    const first = action === 'person.signed-in' && (await reading(null, (db) => isFirstSignIn(db, account.id)))
    // Who failed is not known: it may have been anybody.
    const caller = action === 'sign-in.failed' ? systemCaller(null, requestId, 'web') : callerFor(account, requestId)
    await execute(noteSignIn, caller, { ...about, action, way, address, first })
  } else await execute(noteChange, callerFor(account, requestId), { ...about, action, ...more })
}

function callerFor({ id, email, name }: { id: string; email: string; name: string }, requestId: string): Caller {
  const caller = systemCaller(null, requestId, 'web')
  return {
    ...caller,
    actor: { ...caller.actor, id, kind: 'user', email, name, superAdmin: false, permissions: new Set() },
  }
}
