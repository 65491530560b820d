/** A provider's clients: done in the provider's own organization, written into the client's activity. */
import { z } from 'zod'
import type { Context, Provider } from '../../../platform/context.ts'
import { Id } from '../../../platform/fields.ts'
import { command, query } from '../../../platform/operation.ts'
import { Ended, type Tier as TierName } from '../../identity/contract.ts'
import { endedWith, forgetIdentities, tellEnded } from '../../identity/operations.ts'
import { Client, licenseTypes, Tier } from '../contract.ts'
import * as queries from '../queries.ts'
import { NoSuchClient, NoSuchOrganization, NotAProvider, say } from '../rules.ts'

export const listClients = query({
  name: 'msp.list-clients',
  summary: 'The client organizations of this provider, with tier and seats',
  route: 'GET /msp/clients',
  permission: 'clients.read',
  input: z.strictObject({}),
  output: z.object({ items: z.array(Client) }),
  mcp: { tool: 'list_msp_clients' },
  async run({ db }) {
    return { items: (await queries.listClients(db)).map(present) }
  },
})

export const listCandidates = query({
  name: 'msp.list-candidates',
  summary: 'Organizations that this provider may take on as clients',
  route: 'GET /msp/candidates',
  permission: 'clients.manage',
  input: z.strictObject({}),
  output: z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }),
  async run({ db }) {
    return { items: await queries.listCandidates(db) }
  },
})

export const addClient = command({
  name: 'msp.add-client',
  summary: 'Take on an organization as a client, at an access tier',
  route: 'POST /msp/clients',
  permission: 'clients.manage',
  personOnly: true,
  input: z.strictObject({ organizationId: Id.describe('One of msp.list-candidates'), tier: Tier }),
  output: Client,
  async run(ctx, { organizationId, tier }) {
    await requireProvider(ctx)
    const candidate = await queries.findCandidate(ctx.db, organizationId)
    if (!candidate) throw NoSuchOrganization(say.noCandidate)
    const provider = actingAs(ctx, tier)
    await ctx.enter(organizationId, provider)
    const added = { provider_id: provider.organizationId, tier, created_by: ctx.actor.email }
    await queries.insertRelation(ctx.db, added)
    ctx.record('client.added', { type: 'organization', id: organizationId }, { provider: provider.name, tier })
    await ctx.enter(provider.organizationId)
    const client = present((await queries.findClient(ctx.db, organizationId))!)
    await ctx.enter(organizationId, provider)
    ctx.afterCommit(forgetIdentities)
    return client
  },
})

export const changeTier = command({
  name: 'msp.change-tier',
  summary: 'Change the access tier for a client; it holds from the next request on',
  route: 'PATCH /msp/clients/:organizationId',
  permission: 'clients.manage',
  personOnly: true,
  input: z.strictObject({ organizationId: Id, tier: Tier }),
  output: Client.extend({ ended: Ended }),
  async run(ctx, { organizationId, tier }) {
    const client = await findClient(ctx, organizationId)
    const provider = actingAs(ctx, tier)
    await ctx.enter(organizationId, provider)
    await queries.updateTier(ctx.db, provider.organizationId, tier)
    const ended = await tellEnded(ctx, 'relation')
    const changes = { before: { tier: client.tier }, after: { tier }, ...endedWith(ended) }
    ctx.record('client.changed', { type: 'organization', id: organizationId }, { provider: provider.name, ...changes })
    ctx.afterCommit(forgetIdentities)
    return { ...client, tier, ended }
  },
})

export const removeClient = command({
  name: 'msp.remove-client',
  summary: 'End the relation with a client; access ends with the next request',
  route: 'DELETE /msp/clients/:organizationId',
  permission: 'clients.manage',
  destructive: true,
  input: z.strictObject({ organizationId: Id }),
  output: z.object({ id: z.string(), ended: Ended }),
  async run(ctx, { organizationId }) {
    const { tier } = await findClient(ctx, organizationId)
    const provider = actingAs(ctx, tier)
    await ctx.enter(organizationId, provider)
    await queries.deleteRelation(ctx.db, provider.organizationId, ctx.now, ctx.actor.email)
    const ended = await tellEnded(ctx, 'relation')
    const gone = { provider: provider.name, tier, byClient: false, ...endedWith(ended) }
    ctx.record('client.removed', { type: 'organization', id: organizationId }, gone)
    ctx.afterCommit(forgetIdentities)
    return { id: organizationId, ended }
  },
})

export const saveLicense = command({
  name: 'msp.save-license',
  summary: 'Set the licence type and the seat limit of a client; limits inform, they never block',
  route: 'PUT /msp/clients/:organizationId/license',
  permission: 'clients.manage',
  input: z.strictObject({
    organizationId: Id,
    licenseType: z.enum(licenseTypes).default('per-user-all-features'),
    seatLimit: z.number().int().min(0).max(1_000_000).describe('0 is unlimited'),
  }),
  output: Client,
  async run(ctx, { organizationId, licenseType, seatLimit }) {
    const client = await findClient(ctx, organizationId)
    await ctx.enter(organizationId, actingAs(ctx, client.tier))
    await queries.updateOrganization(ctx.db, { license_type: licenseType, license_limit: seatLimit })
    ctx.record(
      'license.changed',
      { type: 'organization', id: organizationId },
      { before: { licenseType: client.licenseType, seatLimit: client.seatLimit }, after: { licenseType, seatLimit } },
    )
    return { ...client, licenseType, seatLimit }
  },
})

const present = ({ id, name, slug, tier, members, createdAt, createdBy, licenseType, licenseLimit }: Row): Client => ({
  organization: { id, name, slug },
  tier,
  since: createdAt,
  addedBy: createdBy,
  users: members,
  licenseType,
  seatLimit: licenseLimit,
})
type Row = Awaited<ReturnType<typeof queries.listClients>>[number]

/** A SuperAdmin holds the permission everywhere; only a provider has clients. */
export async function requireProvider({ db }: Pick<Context, 'db'>) {
  const own = await queries.findOwn(db)
  if (!own.isMsp) throw NotAProvider(say.notAProvider({ organization: own.name }))
}

async function findClient(ctx: Context, organizationId: string): Promise<Client> {
  const row = await queries.findClient(ctx.db, organizationId)
  if (!row) throw NoSuchClient(say.noClient)
  return present(row)
}

/** As whom somebody of the running provider appears in a client's activity. */
const actingAs = ({ actor, organizationId }: Context, tier: TierName): Provider => ({
  organizationId,
  name: actor.organizationName ?? '',
  tier,
  elevation: null,
})
