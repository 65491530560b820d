/** Every organization of the installation, for SuperAdmins (MSP guide, "Organizations"). */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { Email, Id, named, next, paging, text } from '../../../platform/fields.ts'
import { command, query } from '../../../platform/operation.ts'
import { contextIn } from '../../../platform/operation-context.ts'
import { Ended, Person } from '../../identity/contract.ts'
import * as identity from '../../identity/operations.ts'
import { seedDefaults } from '../../profiles/operations.ts'
import { licenseTypes, ManagedOrganization } from '../contract.ts'
import * as queries from '../queries.ts'
import { ArchiveRefused, NoSuchOrganization, say } from '../rules.ts'

export const listOrganizations = query({
  name: 'msp.list-organizations',
  summary: 'Every organization, archived ones included',
  route: 'GET /msp/organizations',
  permission: 'organizations.manage',
  input: z.strictObject({
    q: text(200).default('').describe('Part of the name'),
    limit: z.number().int().min(1).max(2000).default(500),
  }),
  output: z.object({ items: z.array(ManagedOrganization) }),
  async run({ db }, { q, limit }) {
    return { items: (await queries.listOrganizations(db, { words: q, limit })).map(present) }
  },
})

const shape = {
  isMsp: z.boolean().describe('This is a Managed Service Provider org'),
  managedBy: Id.nullable().describe('The provider that may take it on as a client'),
  licenseType: z.enum(licenseTypes),
  seatLimit: z.number().int().min(0).max(1_000_000).describe('0 is unlimited'),
}

export const createOrganization = command({
  name: 'msp.create-organization',
  summary: 'Create a client organization or a sub-provider, with the standard process profiles',
  route: 'POST /msp/organizations',
  permission: 'organizations.manage',
  input: z.strictObject({
    name: named(200),
    ticketPrefix: identity.createOrganization.input.shape.ticketPrefix,
    isMsp: shape.isMsp.default(false),
    managedBy: shape.managedBy.default(null),
    licenseType: shape.licenseType.default('per-user-all-features'),
    seatLimit: shape.seatLimit.default(0),
  }),
  output: z.object({ id: z.string(), name: z.string(), slug: z.string() }),
  async run(ctx, { name, ticketPrefix, ...rest }) {
    if (rest.managedBy) await requireMsp(ctx, rest.managedBy)
    const organization = await identity.createOrganization.run(ctx, { name, ticketPrefix })
    await queries.updateOrganization(ctx.db, columnsOf(rest))
    await seedDefaults.run(contextIn(ctx, organization.id), {})
    return organization
  },
})

export const saveOrganization = command({
  name: 'msp.save-organization',
  summary: 'Rename an organization, make it a provider, name its provider, set its licence',
  route: 'PATCH /msp/organizations/:organizationId',
  permission: 'organizations.manage',
  personOnly: true,
  input: z.strictObject({ organizationId: Id, name: named(200).optional(), ...z.object(shape).partial().shape }),
  output: z.object({ id: z.string(), ended: Ended }),
  async run(ctx, { organizationId, ...change }) {
    const before = await findOrganization(ctx, organizationId)
    if (change.managedBy) await requireMsp(ctx, change.managedBy)
    if (change.managedBy === organizationId) throw NoSuchOrganization(say.ownProvider)
    await ctx.enter(organizationId)
    const columns = { ...columnsOf(change), ...(change.name !== undefined && { name: change.name }) }
    if (Object.keys(columns).length > 0) await queries.updateOrganization(ctx.db, columns)
    const old = Object.fromEntries(Object.keys(change).map((key) => [key, before[key as 'name'] ?? null]))
    const ended = await identity.tellEnded(ctx, 'organization')
    ctx.record(
      'organization.changed',
      { type: 'organization', id: organizationId },
      { name: before.name, before: old, after: change, ...identity.endedWith(ended) },
    )
    ctx.afterCommit(identity.forgetIdentities)
    return { id: organizationId, ended }
  },
})

export const archiveOrganization = command({
  name: 'msp.archive-organization',
  summary: 'Archive an organization: nobody gets in, nothing is deleted',
  route: 'POST /msp/organizations/:organizationId/archive',
  permission: 'organizations.manage',
  success: 200,
  input: z.strictObject({ organizationId: Id }),
  output: z.object({ id: z.string(), ended: Ended }),
  async run(ctx, { organizationId }) {
    const { name } = await findOrganization(ctx, organizationId)
    if (organizationId === ctx.organizationId) throw ArchiveRefused(say.workingIn({ organization: name }))
    await ctx.enter(organizationId)
    await queries.updateOrganization(ctx.db, { archived_at: ctx.now })
    const ended = await identity.tellEnded(ctx, 'organization')
    ctx.record('organization.archived', { type: 'organization', id: organizationId }, { name, ...identity.endedWith(ended) })
    ctx.afterCommit(identity.forgetIdentities)
    return { id: organizationId, ended }
  },
})

export const restoreOrganization = command({
  name: 'msp.restore-organization',
  summary: 'Bring an archived organization back as it was',
  route: 'POST /msp/organizations/:organizationId/restore',
  permission: 'organizations.manage',
  success: 200,
  input: z.strictObject({ organizationId: Id }),
  output: z.object({ id: z.string() }),
  async run(ctx, { organizationId }) {
    const { name } = await findOrganization(ctx, organizationId)
    await ctx.enter(organizationId)
    await queries.updateOrganization(ctx.db, { archived_at: null })
    ctx.record('organization.restored', { type: 'organization', id: organizationId }, { name })
    ctx.afterCommit(identity.forgetIdentities)
    return { id: organizationId }
  },
})

export const listOrganizationMembers = query({
  name: 'msp.list-members',
  summary: 'Members of any organization, for its SuperAdmin',
  route: 'GET /msp/organizations/:organizationId/members',
  permission: 'organizations.manage',
  input: z.strictObject({
    organizationId: Id,
    after: text(254).optional().describe('`next` of the page before'),
    limit: paging.limit,
  }),
  output: z.object({ items: z.array(Person), next }),
  async run(ctx, { organizationId, ...page }) {
    return identity.listMembers.run(await inside(ctx, organizationId), page)
  },
})

export const addOrganizationMember = command({
  name: 'msp.add-member',
  summary: 'Add a person to any organization with a role',
  route: 'POST /msp/organizations/:organizationId/members',
  permission: 'organizations.manage',
  personOnly: true,
  input: z.strictObject({ organizationId: Id, ...identity.addMember.input.shape, email: Email }),
  output: Person,
  async run(ctx, { organizationId, ...person }) {
    return identity.addMember.run(await inside(ctx, organizationId), person)
  },
})

export const changeOrganizationMember = command({
  name: 'msp.change-member',
  summary: 'Change the role of a member of any organization',
  route: 'PATCH /msp/organizations/:organizationId/members/:userId',
  permission: 'organizations.manage',
  personOnly: true,
  input: z.strictObject({ organizationId: Id, ...identity.changeMember.input.shape }),
  output: identity.changeMember.output,
  async run(ctx, { organizationId, ...change }) {
    return identity.changeMember.run(await inside(ctx, organizationId), change)
  },
})

export const removeOrganizationMember = command({
  name: 'msp.remove-member',
  summary: 'Remove a person from any organization; the account stays',
  route: 'DELETE /msp/organizations/:organizationId/members/:userId',
  permission: 'organizations.manage',
  input: z.strictObject({ organizationId: Id, ...identity.removeMember.input.shape }),
  output: identity.removeMember.output,
  async run(ctx, { organizationId, ...which }) {
    return identity.removeMember.run(await inside(ctx, organizationId), which)
  },
})

/** The same, as if it were done in that organization; its activity gets it. */
export async function inside(ctx: Context, organizationId: string): Promise<Context> {
  await findOrganization(ctx, organizationId)
  await ctx.enter(organizationId)
  return contextIn(ctx, organizationId)
}

async function findOrganization({ db }: Context, id: string): Promise<ManagedOrganization> {
  const row = await queries.findManagedOrganization(db, id)
  if (!row) throw NoSuchOrganization(say.noOrganization)
  return present(row)
}

async function requireMsp(ctx: Context, id: string) {
  const organization = await findOrganization(ctx, id)
  if (!organization.isMsp) throw NoSuchOrganization(say.noMsp({ organization: organization.name }))
}

const columnsOf = ({ isMsp, managedBy, licenseType, seatLimit }: Partial<Wanted>) => ({
  ...(isMsp !== undefined && { is_msp: isMsp }),
  ...(managedBy !== undefined && { managed_by: managedBy }),
  ...(licenseType !== undefined && { license_type: licenseType }),
  ...(seatLimit !== undefined && { license_limit: seatLimit }),
})
type Wanted = { [K in keyof typeof shape]: z.output<(typeof shape)[K]> | undefined }

const present = ({ managedBy, managedByName, licenseLimit, members, ...row }: queries.OrganizationRow): ManagedOrganization => ({
  ...row,
  managedBy: managedBy ? { id: managedBy, name: managedByName ?? '' } : null,
  seatLimit: licenseLimit,
  users: members,
})
