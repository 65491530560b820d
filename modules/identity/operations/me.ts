/** What everybody signed in may do about themselves; none of it needs a permission, for it shows only the asker. */
import { z } from 'zod'
import { Id, text } from '../../../platform/fields.ts'
import { command, query } from '../../../platform/operation.ts'
import { Forbidden, NotFound } from '../../../platform/problem.ts'
import { defaultCategories, Me, Membership, priorities, Session } from '../contract.ts'
import { forgetIdentities } from '../identify.ts'
import * as queries from '../queries.ts'
import { vouchedBy } from '../queries-sign-in.ts'
import { VouchedOnly } from '../refusals.ts'

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
            categories: [...defaultCategories],
            priorities: [...priorities],
          }
        : null,
      permissions: [...actor.permissions].sort(),
      channel,
    }
  },
})

export const myOrganizations = query({
  name: 'identity.my-organizations',
  summary: 'The organizations I belong to',
  route: 'GET /me/organizations',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject({}),
  output: z.object({ items: z.array(Membership) }),
  async run({ db, actor }) {
    if (actor.kind === 'key') {
      const own = actor.organizationId && (await queries.findOrganization(db, actor.organizationId))
      return { items: own ? [{ organization: { id: own.id, name: own.name, slug: own.slug }, role: actor.role ?? '' }] : [] }
    }
    if (actor.superAdmin) {
      const all = await queries.listAllOrganizations(db)
      return { items: all.map((organization) => ({ organization, role: 'SuperAdmin' })) }
    }
    const own = actor.id ? await queries.listOwnMemberships(db, actor.id) : []
    return { items: own.map(({ role, ...organization }) => ({ organization, role })) }
  },
})

export const switchOrganization = command({
  name: 'identity.switch-organization',
  summary: 'Work in another of my organizations',
  route: 'POST /me/organization',
  permission: null,
  success: 200,
  withoutOrganization: true,
  input: z.strictObject({ organizationId: Id }),
  output: z.object({ organizationId: z.string() }),
  async run({ db, actor, sessionId, record, afterCommit }, { organizationId }) {
    if (!sessionId || !actor.id)
      throw Forbidden('An API key belongs to one organization and cannot switch. Use a key of the other organization.')
    const choices = actor.superAdmin ? await queries.listAllOrganizations(db) : await queries.listOwnMemberships(db, actor.id)
    const chosen = choices.find((organization) => organization.id === organizationId)
    if (!chosen) throw NotFound('You belong to no such organization.')
    const voucher = await vouchedBy(db, sessionId)
    if (voucher && voucher !== organizationId)
      throw VouchedOnly(
        `You are signed in through the provider of one organization, which opens no other. Sign in to ${chosen.name} the way it asks for.`,
      )
    await queries.setSessionOrganization(db, sessionId, organizationId)
    record('organization.switched', { type: 'organization', id: organizationId }, { organization: chosen.name })
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
  async run({ db, actor, record, afterCommit }, { sessionId }) {
    const ended = actor.kind === 'user' && actor.id ? await queries.deleteSessions(db, actor.id, sessionId) : 0
    if (ended === 0) throw NotFound('You have no such session.')
    record('session.revoked', { type: 'user', id: actor.id! }, { sessions: ended })
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
  async run({ db, actor, record, afterCommit }) {
    const ended = actor.kind === 'user' && actor.id ? await queries.deleteSessions(db, actor.id, null) : 0
    record('session.revoked', { type: 'user', id: actor.id ?? '' }, { sessions: ended })
    afterCommit(forgetIdentities)
    return { ended }
  },
})
