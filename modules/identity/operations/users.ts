/** Every account of the installation: what SuperAdmins do. */
import { z } from 'zod'
import { Id, next, paging, text } from '../../../platform/fields.ts'
import { command, query } from '../../../platform/operation.ts'
import { Conflict, NotFound } from '../../../platform/problem.ts'
import { Ended, User } from '../contract.ts'
import { endedWith, tellEnded } from '../ended.ts'
import { forgetIdentities } from '../identify.ts'
import * as queries from '../queries.ts'
import { LastSuperAdmin, say } from '../rules.ts'

export const listUsers = query({
  name: 'identity.list-users',
  summary: 'Every account of the installation with its organizations and roles',
  route: 'GET /users',
  permission: 'users.manage',
  input: z.strictObject({
    q: text(200).default('').describe('Part of the name or address'),
    after: text(254).optional().describe('`next` of the page before'),
    limit: paging.limit,
  }),
  output: z.object({ items: z.array(User), next }),
  async run({ db }, { q, after = '', limit }) {
    const items = await queries.listUsers(db, { words: q, after, limit })
    return { items, next: items.length === limit ? items.at(-1)!.email : null }
  },
})

export const changeUser = command({
  name: 'identity.change-user',
  summary: 'Make an account SuperAdmin or not, disable or enable it; disabled, nothing acts in its name from the next request on',
  route: 'PATCH /users/:userId',
  permission: 'users.manage',
  personOnly: true,
  input: z.strictObject({ userId: Id, superAdmin: z.boolean().optional(), disabled: z.boolean().optional() }),
  output: User.extend({ ended: Ended.describe('What ended with it, in whichever organizations') }),
  async run(ctx, { userId, superAdmin, disabled }) {
    const { db, now, actor, organizationId, record, recordIn, afterCommit } = ctx
    // All SuperAdmins are locked: two who unmake each other at once must not both succeed.
    const ruling = await queries.lockSuperAdmins(db)
    const before = await queries.findUser(db, userId)
    if (!before) throw NotFound(say.noUser)
    if (disabled && userId === actor.id) throw Conflict(say.disableSelf)
    if ((superAdmin === false || disabled) && ruling.includes(userId) && ruling.length === 1)
      throw LastSuperAdmin(say.onlySuperAdmin({ email: before.email }))
    const after = {
      superAdmin: superAdmin ?? before.superAdmin,
      disabledAt: disabled === undefined ? before.disabledAt : disabled ? (before.disabledAt ?? now.toISOString()) : null,
    }
    await queries.updateUser(db, userId, after)
    if (disabled) await queries.deleteSessions(db, userId, null)
    const shown = (user: typeof after) => ({ superAdmin: user.superAdmin, disabled: user.disabledAt !== null })
    const change = { email: before.email, before: shown(before), after: shown(after) }
    const ended = await tellEnded(ctx, 'account')
    record('user.changed', { type: 'user', id: userId }, { ...change, ...endedWith(ended) })
    // Whoever the person works for learns of it, too; what ended elsewhere is not theirs to know.
    const others = before.organizations.map(({ id }) => id).filter((id) => id !== organizationId)
    recordIn(others, 'user.changed', { type: 'user', id: userId }, change)
    afterCommit(forgetIdentities)
    return { ...before, ...after, ended }
  },
})
