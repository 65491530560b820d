/** Members, keys and organizations: what administrators do. */
import { hashPassword } from 'better-auth/crypto'
import { z } from 'zod'
import { Email, Id, named, next, paging, Timestamp, text } from '../../../platform/fields.ts'
import { v7 } from '../../../platform/ids.ts'
import { english } from '../../../platform/messages.ts'
import { command, query } from '../../../platform/operation.ts'
import { Forbidden, NotFound } from '../../../platform/problem.ts'
import { term } from '../../../platform/terms.ts'
import { roleNamed } from '../../roles.ts'
import { ApiKey, Ended, Organization, Person } from '../contract.ts'
import { endedWith, tellEnded } from '../ended.ts'
import { forgetIdentities } from '../identify.ts'
import * as queries from '../queries.ts'
import { vouchedBy } from '../queries-sign-in.ts'
import {
  AlreadyMember,
  AlreadySetUp,
  ExpiryPassed,
  LastAdmin,
  newApiKey,
  reachesHigher,
  say,
  slugOf,
  UnknownRole,
} from '../rules.ts'

const RoleName = text(40).describe('Requester, Viewer, Auditor or OrgAdmin (also Admin)')

function givenRole(name: string) {
  const role = roleNamed(name)
  if (!role) throw UnknownRole(say.noRole({ role: name }))
  return role
}

const WithEnded = Person.extend({ ended: Ended.describe('What ended with it, here and elsewhere') })

export const listPeople = query({
  name: 'identity.list-people',
  summary: 'People of the organization, to assign and mention',
  route: 'GET /people',
  permission: 'organization.read',
  input: z.strictObject({
    q: text(200).default('').describe('Part of the name or address'),
    after: text(254).optional(),
    limit: paging.limit,
  }),
  output: z.object({ items: z.array(Person), next }),
  run: async ({ db }, { q, ...page }) => peoplePage(await queries.listPeople(db, { words: q, ...page }), page.limit),
})

export const listMembers = query({
  name: 'identity.list-members',
  summary: 'Members of the organization with their roles',
  route: 'GET /members',
  permission: 'organization.read',
  input: z.strictObject({ after: text(254).optional().describe('`next` of the page before'), limit: paging.limit }),
  output: z.object({ items: z.array(Person), next }),
  run: async ({ db }, page) => peoplePage(await queries.listMembers(db, page), page.limit),
})

const peoplePage = (items: z.output<typeof Person>[], limit: number) => ({
  items,
  next: items.length === limit ? items.at(-1)!.email : null,
})

export const addMember = command({
  name: 'identity.add-member',
  summary: 'Add a person to the organization, with a new account where there is none',
  route: 'POST /members',
  permission: 'members.manage',
  personOnly: true,
  input: z.strictObject({
    email: Email,
    name: named(200),
    role: RoleName,
    password: text(200).min(12, english(say.password)).optional().describe('First password, for a new account only'),
  }),
  output: Person,
  async run({ db, record, afterCommit }, input) {
    const role = givenRole(input.role)
    const known = await queries.findUserByEmail(db, input.email)
    const user = known ?? { id: v7(), email: input.email, name: input.name, superAdmin: false }
    if (known && (await queries.findMembership(db, known.id))) throw AlreadyMember(say.alreadyMember({ person: known.email }))
    if (!known) {
      // An existing account keeps its password: nobody else may set it.
      const passwordHash = input.password ? await hashPassword(input.password) : null
      await queries.insertUser(db, { ...user, passwordHash, accountId: v7() })
    }
    await queries.insertMembership(db, user.id, role)
    record('member.added', { type: 'user', id: user.id }, { email: user.email, role })
    afterCommit(forgetIdentities)
    return { id: user.id, email: user.email, name: user.name, role }
  },
})

export const changeMember = command({
  name: 'identity.change-member',
  summary: 'Change the role of a member',
  route: 'PATCH /members/:userId',
  permission: 'members.manage',
  personOnly: true,
  input: z.strictObject({ userId: Id, role: RoleName }),
  output: WithEnded,
  async run(ctx, { userId, role: name }) {
    const { db, record, afterCommit } = ctx
    const role = givenRole(name)
    const member = await queries.findPerson(db, userId)
    if (!member) throw NotFound(say.member)
    if (member.role === 'OrgAdmin' && role !== 'OrgAdmin') await keepOneAdmin(db)
    await queries.updateMembership(db, userId, role)
    const ended = await tellEnded(ctx, 'member')
    record(
      'member.changed',
      { type: 'user', id: userId },
      { email: member.email, before: { role: member.role }, after: { role }, ...endedWith(ended) },
    )
    afterCommit(forgetIdentities)
    return { ...member, role, ended }
  },
})

export const removeMember = command({
  name: 'identity.remove-member',
  summary: 'Remove a person from the organization; the account stays',
  route: 'DELETE /members/:userId',
  permission: 'members.manage',
  input: z.strictObject({ userId: Id }),
  output: WithEnded,
  async run(ctx, { userId }) {
    const { db, record, afterCommit } = ctx
    const member = await queries.findPerson(db, userId)
    if (!member) throw NotFound(say.member)
    if (member.role === 'OrgAdmin') await keepOneAdmin(db)
    await queries.deleteMembership(db, userId)
    const ended = await tellEnded(ctx, 'member')
    record('member.removed', { type: 'user', id: userId }, { email: member.email, ...endedWith(ended) })
    afterCommit(forgetIdentities)
    return { ...member, ended }
  },
})

async function keepOneAdmin(db: Parameters<typeof queries.countAdmins>[0]) {
  if ((await queries.countAdmins(db)) <= 1) throw LastAdmin(say.lastAdmin)
}

export const listKeys = query({
  name: 'identity.list-keys',
  summary: 'API keys of the organization',
  route: 'GET /keys',
  permission: 'keys.manage',
  input: z.strictObject({ after: Id.optional().describe('`next` of the page before'), limit: paging.limit }),
  output: z.object({ items: z.array(ApiKey), next }),
  async run({ db }, page) {
    const items = await queries.listKeys(db, page)
    return { items, next: items.length === page.limit ? items.at(-1)!.id : null }
  },
})

export const createKey = command({
  name: 'identity.create-key',
  summary: 'Make an API key of the organization; it is shown once',
  route: 'POST /keys',
  secret: true,
  permission: 'keys.manage',
  personOnly: true,
  input: z.strictObject({
    name: named(100).describe('What the key is for'),
    role: RoleName,
    email: Email.optional().describe('In whose name the key acts; yours when absent'),
    expiresAt: Timestamp.optional().describe('From then on the key is refused; never when absent'),
  }),
  output: z.object({ key: z.string().describe('The whole key: keep it now, it is not shown again'), apiKey: ApiKey }),
  async run({ db, actor, sessionId, now, record }, input) {
    const role = givenRole(input.role)
    if (input.expiresAt && new Date(input.expiresAt) <= now)
      throw ExpiryPassed(say.expiryPassed({ instant: String(input.expiresAt) }))
    if (role === 'ServiceProvider') throw UnknownRole(say.keyRole)
    if (actor.provider && input.email && input.email !== actor.email) throw Forbidden(say.ownKeyOnly)
    if (actor.provider?.elevation) throw Forbidden(say.noKeyElevated)
    const namesake = input.email && input.email !== actor.email ? await queries.findPersonByEmail(db, input.email) : undefined
    if (namesake && reachesHigher(role, namesake.role))
      throw UnknownRole(say.namesakeLower({ person: input.email!, role: term(namesake.role) }))
    const { key, prefix, hash } = newApiKey()
    const row = {
      ...{ id: v7(), name: input.name, prefix, hash, role, email: input.email ?? actor.email },
      created_by: actor.email,
      made_by: actor.id,
      vouched_by: sessionId ? await vouchedBy(db, sessionId) : null,
      acts_as: namesake?.id ?? null,
      provider_id: actor.provider?.organizationId ?? null,
      expires_at: input.expiresAt ?? null,
    }
    const apiKey = await queries.insertKey(db, row)
    record('key.created', { type: 'key', id: apiKey.id }, { name: apiKey.name, prefix, role, expiresAt: apiKey.expiresAt })
    return { key, apiKey }
  },
})

export const revokeKey = command({
  name: 'identity.revoke-key',
  summary: 'Revoke an API key; it stops working at once',
  route: 'DELETE /keys/:keyId',
  permission: 'keys.manage',
  destructive: true,
  input: z.strictObject({ keyId: Id }),
  output: z.object({ id: z.string() }),
  async run({ db, now, record, afterCommit }, { keyId }) {
    const revoked = await queries.revokeKey(db, keyId, now)
    if (!revoked) throw NotFound(say.noKey)
    record('key.revoked', { type: 'key', id: keyId }, revoked)
    afterCommit(forgetIdentities)
    return { id: keyId }
  },
})

export const createOrganization = command({
  name: 'identity.create-organization',
  summary: 'Create an organization',
  route: 'POST /organizations',
  permission: 'organizations.create',
  withoutOrganization: true,
  input: z.strictObject({
    name: named(200),
    ticketPrefix: text(10)
      .regex(/^[A-Z][A-Z0-9]{1,9}$/, english(say.prefix))
      .default('TATER'),
  }),
  output: Organization,
  async run(ctx, { name, ticketPrefix }) {
    const id = v7()
    const organization = { id, name, slug: `${slugOf(name)}-${id.slice(-6)}` }
    await ctx.enter(id)
    await queries.insertOrganization(ctx.db, { ...organization, ticket_prefix: ticketPrefix })
    ctx.record('organization.created', { type: 'organization', id }, { name, slug: organization.slug })
    return organization
  },
})

/** The very first act in a new installation; its door checks the one-time token. */
export const setUp = command({
  name: 'identity.set-up',
  summary: 'Set up a new installation: its first administrator and organization',
  route: 'POST /setup',
  byDoor: 'public',
  permission: 'organizations.create',
  withoutOrganization: true,
  input: z.strictObject({ name: named(200), email: Email, password: text(200), organizationName: named(200) }),
  output: z.object({ organizationId: z.string(), userId: z.string() }),
  async run(ctx, { name, email, password, organizationName }) {
    await queries.lockSetUp(ctx.db)
    if ((await queries.countSuperAdmins(ctx.db)) > 0) throw AlreadySetUp(say.alreadySetUp)
    const organization = await createOrganization.run(ctx, { name: organizationName, ticketPrefix: 'TATER' })
    const userId = v7()
    await queries.insertUser(ctx.db, {
      id: userId,
      email,
      name,
      superAdmin: true,
      passwordHash: await hashPassword(password),
      accountId: v7(),
    })
    await queries.insertMembership(ctx.db, userId, 'OrgAdmin')
    return { organizationId: organization.id, userId }
  },
})
