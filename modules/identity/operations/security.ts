/** The ways one person can sign in. Shows and changes only the asker's own. */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { text } from '../../../platform/fields.ts'
import { command, query } from '../../../platform/operation.ts'
import { NotFound } from '../../../platform/problem.ts'
import { WaysIn } from '../contract.ts'
import { forgetIdentities } from '../identify.ts'
import { recordForOwn } from '../own-organizations.ts'
import * as queries from '../queries-sign-in.ts'
import { LastWayIn, VouchedOnly } from '../refusals.ts'
import { say } from '../rules.ts'
import { kindOfProvider, providerNamed } from './admit.ts'

export const waysIn = query({
  name: 'identity.ways-in',
  summary: 'How I can sign in: password, second factor, passkeys, connected accounts',
  route: 'GET /me/sign-in',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject({}),
  output: WaysIn,
  async run({ db, actor, sessionId }) {
    if (actor.kind !== 'user' || !actor.id)
      return { password: false, twoFactor: false, passkeys: [], identities: [], vouched: false }
    const [accounts, passkeys, twoFactor, vouchedBy] = await Promise.all([
      queries.listAccounts(db, actor.id),
      queries.listPasskeys(db, actor.id),
      queries.hasTwoFactor(db, actor.id),
      sessionId ? queries.vouchedBy(db, sessionId) : null,
    ])
    return {
      password: accounts.some(({ providerId }) => providerId === 'credential'),
      twoFactor,
      passkeys: passkeys.map((passkey) => ({ ...passkey, name: passkey.name ?? '' })),
      identities: accounts
        .filter(({ providerId }) => providerId !== 'credential')
        // What other organizations' providers say of the person is not this one's business.
        .filter((account) => vouchedBy === null || account.vouchedBy === vouchedBy)
        .map(({ id, providerId, name, createdAt }) => ({ id, provider: providerNamed(providerId), name: name ?? '', createdAt })),
      vouched: vouchedBy !== null,
    }
  },
})

export const unlinkIdentity = command({
  name: 'identity.unlink',
  summary: 'Remove a connected account; sessions begun with it end',
  route: 'DELETE /me/identities/:identityId',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject({ identityId: text(60) }),
  output: z.object({ id: z.string() }),
  async run(ctx, { identityId }) {
    const userId = await ownerOf(ctx)
    const accounts = await queries.listAccounts(ctx.db, userId)
    const found = accounts.find(({ id, providerId }) => id === identityId && providerId !== 'credential')
    if (!found) throw NotFound(say.noAccount)
    if (accounts.length === 1 && (await queries.listPasskeys(ctx.db, userId)).length === 0) throw lastWay()
    await queries.deleteAccount(ctx.db, userId, identityId)
    await recordForOwn(ctx, 'identity.unlinked', { provider: kindOfProvider(found.providerId) })
    ctx.afterCommit(forgetIdentities)
    return { id: identityId }
  },
})

export const removePasskey = command({
  name: 'identity.remove-passkey',
  summary: 'Remove one of my passkeys',
  route: 'DELETE /me/passkeys/:passkeyId',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject({ passkeyId: text(60) }),
  output: z.object({ id: z.string() }),
  async run(ctx, { passkeyId }) {
    const userId = await ownerOf(ctx)
    const passkeys = await queries.listPasskeys(ctx.db, userId)
    if (!passkeys.some(({ id }) => id === passkeyId)) throw NotFound(say.noPasskey)
    if (passkeys.length === 1 && (await queries.listAccounts(ctx.db, userId)).length === 0) throw lastWay()
    const removed = await queries.deletePasskey(ctx.db, userId, passkeyId)
    await recordForOwn(ctx, 'passkey.removed', { name: removed?.name ?? '' })
    return { id: passkeyId }
  },
})

const lastWay = () => LastWayIn(say.lastWay)

/** Whose security it is. A session that only an organization's provider vouches for may not change it. */
async function ownerOf({ db, actor, sessionId }: Context): Promise<string> {
  if (actor.kind !== 'user' || !actor.id || !sessionId) throw NotFound(say.keySignsIn)
  if (await queries.vouchedBy(db, sessionId)) throw VouchedOnly(say.vouchedOnly)
  return actor.id
}
