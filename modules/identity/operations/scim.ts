/**
 * What a directory does with the people of an organization. The SCIM door (doors/scim.ts) runs these for the holder of a
 * token. An account may belong to other organizations, too: a directory gives and takes this membership only, and never
 * changes an address.
 */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { Email, Id, text } from '../../../platform/fields.ts'
import { v7 } from '../../../platform/ids.ts'
import { english } from '../../../platform/messages.ts'
import { command, query } from '../../../platform/operation.ts'
import { Conflict, NotFound } from '../../../platform/problem.ts'
import { arrivalRoles } from '../contract.ts'
import { endedWith, tellEnded } from '../ended.ts'
import { forgetIdentities } from '../identify.ts'
import { countAdmins, deleteMembership, findUserByEmail, insertMembership, insertUser } from '../queries.ts'
import * as queries from '../queries-scim.ts'
import { LastAdmin, say } from '../rules.ts'

export const DirectoryPerson = z.object({
  id: z.string(),
  email: z.string(),
  userName: z.string(),
  externalId: z.string(),
  displayName: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  active: z.boolean(),
  version: z.number().int(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type DirectoryPerson = z.output<typeof DirectoryPerson>

/** What a directory may say of a person. */
export const attributes = {
  userName: text(254).refine((name) => name.trim() !== '', english(say.userName)),
  externalId: text(254),
  displayName: text(200),
  givenName: text(100),
  familyName: text(100),
  active: z.boolean(),
}

export const findPeople = query({
  name: 'identity.scim-list',
  summary: 'People of the organization, as its directory sees them',
  route: 'GET /scim/people',
  permission: 'members.manage',
  input: z.strictObject({
    userName: text(254).optional(),
    externalId: text(254).optional(),
    id: Id.optional(),
    startIndex: z.number().int().min(1).max(10_000_000),
    count: z.number().int().min(0).max(200),
  }),
  output: z.object({ total: z.number().int(), items: z.array(DirectoryPerson) }),
  async run({ db }, { startIndex, count, ...search }) {
    const [total, items] = await Promise.all([
      queries.countPeople(db, search),
      count === 0 ? [] : queries.listPeople(db, search, { offset: startIndex - 1, limit: count }),
    ])
    return { total, items: items.map(shown) }
  },
})

export const addPerson = command({
  name: 'identity.scim-create',
  summary: 'Add a person a directory names',
  route: 'POST /scim/people',
  permission: 'members.manage',
  input: z.strictObject({ ...attributes, email: text(254).nullable(), defaultRole: z.enum(arrivalRoles), tokenId: Id }),
  output: DirectoryPerson,
  async run(ctx, { email: given, defaultRole, tokenId, ...said }) {
    await queries.lockDirectory(ctx.db)
    await queries.noteTokenUse(ctx.db, tokenId)
    const [twin] = await queries.listPeople(ctx.db, { userName: said.userName }, { offset: 0, limit: 1 })
    if (twin) throw taken(said.userName)
    const email = Email.parse(Email.safeParse(said.userName).success ? said.userName : given)
    const known = await findUserByEmail(ctx.db, email)
    if (known && (await personWith(ctx, known.id))) throw taken(said.userName)
    const userId = known?.id ?? v7()
    if (!known) {
      const name = nameOf(said) || email
      await insertUser(ctx.db, { id: userId, email, name, superAdmin: false, passwordHash: null, accountId: v7() })
    }
    await queries.saveDirectoryEntry(ctx.db, rowOf(userId, said, defaultRole))
    if (said.active) await letIn(ctx, userId, email, defaultRole)
    else ctx.record('member.announced', { type: 'user', id: userId }, { email })
    return shown((await personWith(ctx, userId))!)
  },
})

export const changePerson = command({
  name: 'identity.scim-change',
  summary: 'Change what a directory says of a person; deactivating takes the membership',
  route: 'PATCH /scim/people/:id',
  permission: 'members.manage',
  quiet: true,
  input: z.strictObject({ id: Id, ...z.object(attributes).partial().shape, defaultRole: z.enum(arrivalRoles), tokenId: Id }),
  output: DirectoryPerson,
  async run(ctx, { id, defaultRole, tokenId, ...wanted }) {
    await queries.lockDirectory(ctx.db)
    await queries.noteTokenUse(ctx.db, tokenId)
    const before = await personWith(ctx, id)
    if (!before) throw noSuch(id)
    const after = { ...before, ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)) }
    if (after.userName.toLowerCase() !== before.userName.toLowerCase()) {
      const [twin] = await queries.listPeople(ctx.db, { userName: after.userName }, { offset: 0, limit: 1 })
      if (twin && twin.id !== id) throw taken(after.userName)
    }
    const role = before.role ?? defaultRole
    await queries.saveDirectoryEntry(ctx.db, rowOf(id, after, role))
    if (before.active && !after.active) await putOut(ctx, before)
    // Nobody comes back as administrator because a directory says so.
    if (!before.active && after.active)
      await letIn(ctx, id, before.email, arrivalRoles.find((each) => each === role) ?? defaultRole)
    const name = nameOf(after)
    if (name && name !== nameOf(before)) {
      await queries.renameIfOnlyHere(ctx.db, id, name)
      ctx.record(
        'person.renamed',
        { type: 'user', id },
        { email: before.email, before: { name: nameOf(before) }, after: { name } },
      )
    }
    return shown((await personWith(ctx, id))!)
  },
})

export const removePerson = command({
  name: 'identity.scim-remove',
  summary: 'Remove a person a directory no longer has',
  route: 'DELETE /scim/people/:id',
  permission: 'members.manage',
  input: z.strictObject({ id: Id, tokenId: Id }),
  output: z.object({ id: z.string() }),
  async run(ctx, { id, tokenId }) {
    await queries.lockDirectory(ctx.db)
    await queries.noteTokenUse(ctx.db, tokenId)
    const person = await personWith(ctx, id)
    if (!person) throw noSuch(id)
    if (person.active) await putOut(ctx, person)
    await queries.deleteDirectoryEntry(ctx.db, id)
    return { id }
  },
})

const personWith = async ({ db }: Context, id: string) => (await queries.listPeople(db, { id }, { offset: 0, limit: 1 }))[0]

async function letIn(ctx: Context, userId: string, email: string, role: string) {
  await insertMembership(ctx.db, userId, role)
  ctx.record('member.added', { type: 'user', id: userId }, { email, role })
  ctx.afterCommit(forgetIdentities)
}

async function putOut(ctx: Context, { id, email, role }: queries.PersonRow) {
  if (role === 'OrgAdmin' && (await countAdmins(ctx.db)) <= 1) throw LastAdmin(say.onlyAdmin({ email }))
  await deleteMembership(ctx.db, id)
  const ended = await tellEnded(ctx, 'member')
  ctx.record('member.removed', { type: 'user', id }, { email, ...endedWith(ended) })
  ctx.afterCommit(forgetIdentities)
}

type Said = { userName: string; externalId: string; displayName: string; givenName: string; familyName: string; active: boolean }

const nameOf = ({ displayName, givenName, familyName }: Pick<Said, 'displayName' | 'givenName' | 'familyName'>) =>
  displayName.trim() || `${givenName} ${familyName}`.trim()

const rowOf = (userId: string, said: Said, role: string): queries.DirectoryRow => ({
  user_id: userId,
  user_name: said.userName.trim(),
  external_id: said.externalId,
  display_name: said.displayName,
  given_name: said.givenName,
  family_name: said.familyName,
  active: said.active,
  role,
})

const shown = ({ role: _, ...person }: queries.PersonRow): DirectoryPerson => person

const taken = (userName: string) => Conflict(say.userNameTaken({ userName }))
const noSuch = (id: string) => NotFound(say.noResource({ id }))
