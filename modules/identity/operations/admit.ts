/**
 * Whom a provider's word lets in. The doors of sign-in run these once the word is verified; nobody else can.
 *
 * A person is issuer and subject, or Microsoft tenant and object id, never an address: whoever runs a provider can put
 * any address into its answers. And a provider of one organization speaks for that organization only: a session it
 * vouched for opens nothing else (docs/decisions/011).
 */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { Email, Id, text } from '../../../platform/fields.ts'
import { v7 } from '../../../platform/ids.ts'
import { command } from '../../../platform/operation.ts'
import { forgetIdentities } from '../identify.ts'
import { recordForOwn } from '../own-organizations.ts'
import { entraProvider, personalTenant } from '../providers.ts'
import { findMembership, findUserByEmail, insertMembership, insertUser } from '../queries.ts'
import * as queries from '../queries-sign-in.ts'
import {
  AccountNotLinked,
  IdentityRefused,
  NoSuchConnection,
  NotInvited,
  say,
  TenantTaken,
  UnknownTenant,
  VouchedOnly,
} from '../refusals.ts'

const VouchedInput = {
  providerId: text(600),
  subject: text(600),
  tenantId: Id.nullable(),
  email: text(254).nullable(),
  name: text(254),
}

/** What the session is made of. */
const Admitted = z.object({
  userId: z.string(),
  organizationId: z.string(),
  connectionId: z.string(),
  identityId: z.string(),
  vouchedBy: z.string().nullable(),
})

type Connection = NonNullable<Awaited<ReturnType<typeof queries.findConnection>>>
type Person = { userId: string; identityId: string; vouchedBy: string | null }

/** Somebody comes back from a provider of this organization. */
export const admit = command({
  name: 'identity.admit',
  summary: "Sign in somebody the organization's provider vouches for",
  route: 'POST /sign-in/admit',
  permission: null,
  input: z.strictObject({ connectionId: Id, address: text(100).nullable().default(null), ...VouchedInput }),
  output: Admitted,
  async run(ctx, { connectionId, address, ...vouched }) {
    const connection = await queries.findConnection(ctx.db, connectionId)
    if (!connection) throw NoSuchConnection(say.connectionRemoved)
    // Somebody new twice at the same moment: the second waits, and finds what the first one made.
    await queries.lockSubject(ctx.db, vouched.providerId, vouched.subject)
    const link = await queries.findLink(ctx.db, vouched.providerId, vouched.subject)
    const person = link ? await knownPerson(ctx, connection, link) : await newPerson(ctx, connection, vouched)
    await queries.noteUse(ctx.db, connection.id)
    ctx.record(
      'person.signed-in',
      { type: 'user', id: person.userId },
      {
        email: link?.email ?? vouched.email ?? vouched.name,
        connection: connection.name,
        way: 'provider',
        address,
        first: await queries.isFirstSignIn(ctx.db, person.userId),
      },
    )
    ctx.afterCommit(forgetIdentities)
    // Whoever made the link themselves stands behind it everywhere; else only this organization does.
    const vouchedBy = person.vouchedBy === null ? null : ctx.organizationId
    return { userId: person.userId, organizationId: ctx.organizationId, connectionId, identityId: person.identityId, vouchedBy }
  },
})

async function knownPerson(
  ctx: Context,
  connection: Connection,
  link: NonNullable<Awaited<ReturnType<typeof queries.findLink>>>,
) {
  const person: Person = { userId: link.userId, identityId: link.id, vouchedBy: link.vouchedBy }
  if (link.superAdmin && link.vouchedBy !== null) throw notLinked(link.email)
  if (await findMembership(ctx.db, link.userId)) return person
  // Whom this organization let in once and then removed stays out until somebody adds them again.
  if (!connection.provision || link.vouchedBy === ctx.organizationId) throw notInvited(link.email)
  await join(ctx, connection, link.userId, link.email)
  return person
}

async function newPerson(
  ctx: Context,
  connection: Connection,
  vouched: z.output<z.ZodObject<typeof VouchedInput>>,
): Promise<Person> {
  const address = Email.safeParse(vouched.email ?? '')
  if (!address.success) throw IdentityRefused(say.noAddress)
  const email = address.data
  const known = await findUserByEmail(ctx.db, email)
  const identityId = v7()
  const link = (userId: string) =>
    queries.insertLink(ctx.db, {
      id: identityId,
      providerId: vouched.providerId,
      subject: vouched.subject,
      userId,
      vouchedBy: ctx.organizationId,
      name: email,
    })
  if (known) {
    // A member's account that nobody made their own: this provider's word opens this organization only. Any other has an owner.
    if (!(await queries.isUnclaimed(ctx.db, known.id))) throw notLinked(email)
    await link(known.id)
    ctx.record('identity.linked', { type: 'user', id: known.id }, { email, provider: connection.name })
    return { userId: known.id, identityId, vouchedBy: ctx.organizationId }
  }
  if (!connection.provision) throw notInvited(email)
  if (connection.domains.length > 0 && !connection.domains.includes(email.split('@')[1]!)) throw notInvited(email)
  const userId = v7()
  await insertUser(ctx.db, {
    id: userId,
    email,
    name: vouched.name || email,
    superAdmin: false,
    passwordHash: null,
    accountId: v7(),
  })
  await link(userId)
  await join(ctx, connection, userId, email)
  return { userId, identityId, vouchedBy: ctx.organizationId }
}

async function join(ctx: Context, connection: Connection, userId: string, email: string) {
  await insertMembership(ctx.db, userId, connection.defaultRole)
  ctx.record('member.added', { type: 'user', id: userId }, { email, role: connection.defaultRole })
}

const notInvited = (email: string) => NotInvited(say.notInvited({ email }), { email })
const notLinked = (email: string) => AccountNotLinked(say.notLinked({ email }), { email })

/** An administrator signs in to their Microsoft tenant to show that it is theirs. */
export const claimTenant = command({
  name: 'identity.claim-tenant',
  summary: 'Connect the Microsoft tenant of the administrator who signs in to it',
  route: 'POST /sign-in/claim',
  permission: 'sign-in.manage',
  input: z.strictObject(VouchedInput),
  output: z.object({ connectionId: z.string() }),
  async run(ctx, { tenantId, email }) {
    if (!tenantId || tenantId === personalTenant) throw UnknownTenant(say.workAccount)
    await queries.lockTenant(ctx.db, tenantId)
    const own = await queries.findTenant(ctx.db, tenantId)
    if (own) return { connectionId: own.id }
    if ((await queries.connectionsOfTenant(ctx.db, tenantId)).length > 0)
      throw TenantTaken(say.tenantTaken({ tenant: tenantId }), { tenantId })
    const name = 'Microsoft'
    const row = await queries.insertConnection(ctx.db, {
      id: v7(),
      kind: 'entra',
      name,
      tenant_id: tenantId,
      created_by: ctx.actor.email,
    })
    ctx.record(
      'connection.saved',
      { type: 'connection', id: row.id },
      { name, before: null, after: { tenantId, shownBy: email ?? '' } },
    )
    return { connectionId: row.id }
  },
})

/** A person adds a sign-in to the account they are signed in to. */
export const linkIdentity = command({
  name: 'identity.link',
  summary: 'Connect a sign-in with my account',
  route: 'POST /me/identities',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject(VouchedInput),
  output: z.object({ identityId: z.string() }),
  async run(ctx, { providerId, subject, email, name }) {
    const { db, actor, sessionId } = ctx
    if (!sessionId || !actor.id || (await queries.vouchedBy(db, sessionId))) throw VouchedOnly(say.vouchedOnly)
    const link = await queries.findLink(db, providerId, subject)
    if (link && link.userId !== actor.id) throw AccountNotLinked(say.ofOther({ account: email ?? name }))
    const identityId = link?.id ?? v7()
    if (link) await queries.adoptLink(db, link.id)
    else
      await queries.insertLink(db, {
        id: identityId,
        providerId,
        subject,
        userId: actor.id,
        vouchedBy: null,
        name: email ?? name,
      })
    await recordForOwn(ctx, 'identity.linked', { email: actor.email, provider: kindOfProvider(providerId) })
    return { identityId }
  },
})

/** `entra` and `oidc:https://login.example.com` as people read them. */
export const providerNamed = (providerId: string) =>
  providerId === entraProvider ? 'Microsoft' : (URL.parse(providerId.replace(/^oidc:/, ''))?.host ?? providerId)

/** What other organizations read of it: not whose provider it is. */
export const kindOfProvider = (providerId: string) => (providerId === entraProvider ? 'Microsoft' : 'OpenID Connect')
