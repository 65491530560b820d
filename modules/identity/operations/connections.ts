/** Through whom people of the organization sign in: its OpenID Connect providers and its Microsoft tenants. */
import { z } from 'zod'
import { Id, named, text } from '../../../platform/fields.ts'
import { v7 } from '../../../platform/ids.ts'
import { english } from '../../../platform/messages.ts'
import { command, query } from '../../../platform/operation.ts'
import { Stale } from '../../../platform/problem.ts'
import { arrivalRoles, Connection } from '../contract.ts'
import { forgetIdentities } from '../identify.ts'
import { personalTenant } from '../providers.ts'
import * as queries from '../queries-sign-in.ts'
import { NoSuchConnection, say as sayOfSignIn, UnknownTenant } from '../refusals.ts'
import { say } from '../rules.ts'

const Domain = text(253)
  .regex(/^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i, english(say.domain))
  .transform((domain) => domain.toLowerCase())

export const Issuer = text(500).refine(
  (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && !new URL(value).search && !new URL(value).hash,
  english(say.issuer),
)

const arrivals = {
  domains: z
    .array(Domain)
    .max(50)
    .describe('Addresses of these domains are offered this way in; new people must have one of them, when there are any'),
  provision: z.boolean().describe('Somebody new gets a membership at the first sign-in'),
  defaultRole: z.enum(arrivalRoles).describe('The role they get'),
}

const client = { issuer: Issuer, clientId: named(200), clientSecret: text(500).describe('Kept encrypted and never shown again') }

export const listConnections = query({
  name: 'identity.list-connections',
  summary: 'Ways people of the organization can sign in through a provider',
  route: 'GET /sign-in/connections',
  permission: 'sign-in.manage',
  input: z.strictObject({}),
  output: z.object({ items: z.array(Connection) }),
  run: async ({ db }) => ({ items: (await queries.listConnections(db)).map(shown) }),
})

export const addConnection = command({
  name: 'identity.add-connection',
  summary: 'Let people sign in through an OpenID Connect provider of the organization',
  route: 'POST /sign-in/connections',
  permission: 'sign-in.manage',
  personOnly: true,
  input: z.strictObject({
    name: named(100),
    ...client,
    clientSecret: client.clientSecret.default(''),
    domains: arrivals.domains.default([]),
    provision: arrivals.provision.default(false),
    defaultRole: arrivals.defaultRole.default('Viewer'),
  }),
  output: Connection,
  async run({ db, actor, secrets, record }, { name, issuer, clientId, clientSecret, domains, provision, defaultRole }) {
    const id = v7()
    const row = await queries.insertConnection(db, {
      id,
      kind: 'oidc',
      name,
      issuer,
      client_id: clientId,
      client_secret: clientSecret && secrets.seal(placeOf(id), clientSecret),
      domains: [...new Set(domains)],
      provision,
      default_role: defaultRole,
      created_by: actor.email,
    })
    record('connection.saved', { type: 'connection', id }, { name, before: null, after: worthReading(row) })
    return shown(row)
  },
})

export const changeConnection = command({
  name: 'identity.change-connection',
  summary: 'Change a way to sign in; another issuer or client ends the sessions it vouched for',
  route: 'PATCH /sign-in/connections/:connectionId',
  permission: 'sign-in.manage',
  personOnly: true,
  input: z.strictObject({
    connectionId: Id,
    ifVersion: z.number().int().optional().describe('Refuse when somebody changed it since'),
    name: named(100).optional(),
    issuer: client.issuer.optional(),
    clientId: client.clientId.optional(),
    clientSecret: client.clientSecret.optional(),
    domains: arrivals.domains.optional(),
    provision: arrivals.provision.optional(),
    defaultRole: arrivals.defaultRole.optional(),
  }),
  output: Connection,
  async run({ db, secrets, record, afterCommit }, { connectionId, ifVersion, ...wanted }) {
    const current = await queries.findConnection(db, connectionId)
    if (!current) throw noSuch()
    if (ifVersion !== undefined && ifVersion !== current.version) throw Stale(say.connectionStale)
    const { issuer, clientId, clientSecret, defaultRole, domains, name, provision } = wanted
    const own = current.kind === 'oidc'
    const row = await queries.updateConnection(db, connectionId, {
      ...(name !== undefined && { name }),
      ...(domains && { domains: [...new Set(domains)] }),
      ...(provision !== undefined && { provision }),
      ...(defaultRole && { default_role: defaultRole }),
      ...(own && issuer && { issuer }),
      ...(own && clientId && { client_id: clientId }),
      ...(own &&
        clientSecret !== undefined && { client_secret: clientSecret && secrets.seal(placeOf(connectionId), clientSecret) }),
    })
    if (row.issuer !== current.issuer || row.clientId !== current.clientId) {
      await queries.endSessionsOfConnection(db, connectionId)
      afterCommit(forgetIdentities)
    }
    record(
      'connection.saved',
      { type: 'connection', id: connectionId },
      { name: row.name, before: worthReading(current), after: worthReading(row) },
    )
    return shown(row)
  },
})

export const removeConnection = command({
  name: 'identity.remove-connection',
  summary: 'Remove a way to sign in; sessions it vouched for end at once',
  route: 'DELETE /sign-in/connections/:connectionId',
  permission: 'sign-in.manage',
  destructive: true,
  input: z.strictObject({ connectionId: Id }),
  output: z.object({ id: z.string(), sessions: z.number().int().describe('Sessions that ended') }),
  async run({ db, record, afterCommit }, { connectionId }) {
    const removed = await queries.deleteConnection(db, connectionId)
    if (!removed) throw noSuch()
    const sessions = await queries.endSessionsOfConnection(db, connectionId)
    record('connection.removed', { type: 'connection', id: connectionId }, { name: removed.name, sessions })
    afterCommit(forgetIdentities)
    return { id: connectionId, sessions }
  },
})

export const mapTenant = command({
  name: 'identity.map-tenant',
  summary: 'Give a Microsoft Entra tenant to the organization, so that its people can sign in',
  route: 'PUT /sign-in/tenants/:tenantId',
  permission: 'tenants.map',
  personOnly: true,
  input: z.strictObject({
    tenantId: Id,
    name: named(100).default('Microsoft'),
    provision: arrivals.provision.default(false),
    defaultRole: arrivals.defaultRole.default('Viewer'),
  }),
  output: Connection,
  async run({ db, actor, record }, { tenantId: given, name, provision, defaultRole }) {
    const tenantId = given.toLowerCase()
    if (tenantId === personalTenant) throw UnknownTenant(sayOfSignIn.personalTenant)
    const known = await queries.findTenant(db, tenantId)
    const row = known
      ? await queries.updateConnection(db, known.id, { name, provision, default_role: defaultRole })
      : await queries.insertConnection(db, {
          id: v7(),
          kind: 'entra',
          name,
          tenant_id: tenantId,
          provision,
          default_role: defaultRole,
          created_by: actor.email,
        })
    record(
      'connection.saved',
      { type: 'connection', id: row.id },
      { name, before: known ? worthReading(known) : null, after: worthReading(row) },
    )
    return shown(row)
  },
})

const noSuch = () => NoSuchConnection(say.noConnection)

/** Where the secret of a connection is sealed for. */
export const placeOf = (connectionId: string) => `connection:${connectionId}`

type Row = Awaited<ReturnType<typeof queries.listConnections>>[number]

/** As administrators see it: whether there is a secret, never the secret. */
export const shown = ({ clientSecret, kind, ...row }: Row): z.output<typeof Connection> => ({
  ...row,
  kind: kind as 'oidc' | 'entra',
  hasSecret: clientSecret !== '',
})

const worthReading = ({ name, issuer, tenantId, clientId, domains, provision, defaultRole }: Row) => ({
  name,
  ...(tenantId ? { tenantId } : { issuer, clientId }),
  domains,
  provision,
  defaultRole,
})
