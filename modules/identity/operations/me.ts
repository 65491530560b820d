/** What everybody signed in may do about themselves; none of it needs a permission, for it shows only the asker. */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { Id, text } from '../../../platform/fields.ts'
import { command, query } from '../../../platform/operation.ts'
import { Forbidden, NotFound } from '../../../platform/problem.ts'
import { roleOfTier } from '../../roles.ts'
import { defaultCategories, Me, Membership, priorities, Session, type Tier } from '../contract.ts'
import { forgetIdentities } from '../identify.ts'
import { recordForOwn } from '../own-organizations.ts'
import * as queries from '../queries.ts'
import { vouchedBy } from '../queries-sign-in.ts'
import { VouchedOnly } from '../refusals.ts'
import { say } from '../rules.ts'

export const whoami = query({
  name: 'identity.whoami',
  summary: 'Who am I, in which organization, and what may I do',
  route: 'GET /me',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject({}),
  output: Me,
  mcp: { tool: 'whoami' },
  async run({ db, actor, channel }) {
    const organization = actor.organizationId ? await queries.findOrganization(db, actor.organizationId) : undefined
    return {
      id: actor.id,
      email: actor.email,
      name: actor.name,
      kind: actor.kind,
      superAdmin: actor.superAdmin,
      organization: organization
        ? {
            id: organization.id,
            name: organization.name,
            role: actor.role ?? '',
            ticketPrefix: organization.ticketPrefix,
            isMsp: organization.isMsp,
            categories: [...defaultCategories],
            priorities: [...priorities],
          }
        : null,
      provider: actor.provider && {
        id: actor.provider.organizationId,
        name: actor.provider.name,
        tier: actor.provider.tier,
        elevatedUntil: actor.provider.elevation?.until ?? null,
      },
      permissions: [...actor.permissions].sort(),
      channel,
    }
  },
})

export const myOrganizations = query({
  name: 'identity.my-organizations',
  summary: 'The organizations I belong to, and the clients my provider gives me access to',
  route: 'GET /me/organizations',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject({}),
  output: z.object({ items: z.array(Membership) }),
  async run(ctx) {
    const { db, actor } = ctx
    if (actor.kind === 'key') {
      const own = actor.organizationId && (await queries.findOrganization(db, actor.organizationId))
      const { provider } = actor
      const through = provider && { id: provider.organizationId, name: provider.name, tier: provider.tier }
      return { items: own ? [{ ...reached({ ...own, role: actor.role ?? '' }, through), member: !through }] : [] }
    }
    if (actor.superAdmin) {
      const [all, own] = await Promise.all([
        queries.listAllOrganizations(db),
        actor.id ? queries.listOwnMemberships(db, actor.id) : [],
      ])
      const isOwn = new Set(own.map(({ id }) => id))
      const items = all.map((each) => ({ ...reached({ ...each, role: 'SuperAdmin' }), member: isOwn.has(each.id) }))
      return { items: items.sort((a, b) => Number(b.member) - Number(a.member)) }
    }
    if (!actor.id) return { items: [] }
    const { own, clients } = await reachable(ctx, actor.id)
    return {
      items: [
        ...own.map((each) => ({ ...reached(each), member: true })),
        ...clients.map(({ providerId, providerName, ...client }) =>
          reached({ ...client, role: roleOfTier(client.tier) }, { id: providerId, name: providerName, tier: client.tier }),
        ),
      ],
    }
  },
})

type Reached = { id: string; name: string; slug: string; role: string }

const reached = (
  { id, name, slug, role }: Reached,
  provider: { id: string; name: string; tier: Tier } | null = null,
): z.output<typeof Membership> => ({
  organization: { id, name, slug },
  role,
  member: false,
  provider: provider && { id: provider.id, name: provider.name },
  tier: provider?.tier ?? null,
})

/** Where a person may work. On a provider's word: in the organization that vouches, and in the clients it serves. */
async function reachable({ db, sessionId }: Pick<Context, 'db' | 'sessionId'>, userId: string) {
  const [own, clients, voucher] = await Promise.all([
    queries.listOwnMemberships(db, userId),
    queries.listClientsOfPerson(db),
    sessionId ? vouchedBy(db, sessionId) : null,
  ])
  return {
    own: own.filter(({ id }) => !voucher || id === voucher),
    clients: clients.filter(({ providerId }) => !voucher || providerId === voucher),
    voucher,
  }
}

export const switchOrganization = command({
  name: 'identity.switch-organization',
  summary: 'Work in another of my organizations',
  route: 'POST /me/organization',
  permission: null,
  success: 200,
  withoutOrganization: true,
  input: z.strictObject({ organizationId: Id }),
  output: z.object({ organizationId: z.string() }),
  async run(ctx, { organizationId }) {
    const { db, actor, sessionId, record, afterCommit } = ctx
    if (!sessionId || !actor.id) throw Forbidden(say.keySwitches)
    const { own, clients, voucher } = await reachable(ctx, actor.id)
    const choices = actor.superAdmin ? await queries.listAllOrganizations(db) : [...own, ...clients]
    const chosen = choices.find((organization) => organization.id === organizationId)
    if (!chosen && voucher) throw VouchedOnly(say.oneOrganization)
    if (!chosen) throw NotFound(say.noOrganization)
    await queries.setSessionOrganization(db, sessionId, organizationId)
    // This stands in the activity of the organization that is left; it must not learn which others there are.
    record('organization.switched', { type: 'organization', id: actor.organizationId ?? organizationId }, { organization: null })
    afterCommit(forgetIdentities)
    return { organizationId }
  },
})

export const listSessions = query({
  name: 'identity.list-sessions',
  summary: 'Where I am signed in',
  route: 'GET /me/sessions',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject({}),
  output: z.object({ items: z.array(Session) }),
  async run({ db, actor, sessionId }) {
    const rows = actor.kind === 'user' && actor.id ? await queries.listSessions(db, actor.id) : []
    return { items: rows.map((row) => ({ ...row, current: row.id === sessionId })) }
  },
})

export const revokeSession = command({
  name: 'identity.revoke-session',
  summary: 'End one of my sessions',
  route: 'DELETE /me/sessions/:sessionId',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject({ sessionId: text(60) }),
  output: z.object({ ended: z.number().int() }),
  async run(ctx, { sessionId }) {
    const { db, actor, afterCommit } = ctx
    const ended = actor.kind === 'user' && actor.id ? await queries.deleteSessions(db, actor.id, sessionId) : 0
    if (ended === 0) throw NotFound(say.noSession)
    await recordForOwn(ctx, 'session.revoked', { sessions: ended })
    afterCommit(forgetIdentities)
    return { ended }
  },
})

export const revokeSessions = command({
  name: 'identity.revoke-sessions',
  summary: 'Sign out everywhere',
  route: 'DELETE /me/sessions',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject({}),
  output: z.object({ ended: z.number().int() }),
  async run(ctx) {
    const { db, actor, afterCommit } = ctx
    const ended = actor.kind === 'user' && actor.id ? await queries.deleteSessions(db, actor.id, null) : 0
    await recordForOwn(ctx, 'session.revoked', { sessions: ended })
    afterCommit(forgetIdentities)
    return { ended }
  },
})
