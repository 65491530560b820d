import { z } from 'zod'
import type { Context } from '../../platform/context.ts'
import { decodeCursor, encodeCursor, Id, next, paging, text } from '../../platform/fields.ts'
import { isUuid, v7 } from '../../platform/ids.ts'
import { command, query } from '../../platform/operation.ts'
import { BadRequest, Conflict, NotFound, Stale } from '../../platform/problem.ts'
import { Contact, contactFields, longestFile } from './contract.ts'
import * as queries from './queries.ts'
import { contactsIn, say } from './rules.ts'

const words = text(254).default('').describe('How the name, the last name or the e-mail address begins')

export const listContacts = query({
  name: 'people.list',
  replica: true,
  summary: 'People the organization deals with who need no login, by name',
  route: 'GET /contacts',
  permission: 'organization.read',
  input: z.strictObject({
    q: words,
    archived: z.boolean().default(false).describe('Those that were archived instead'),
    ...paging,
  }),
  output: z.object({ items: z.array(Contact), next }),
  async run({ db }, { q, archived, after, limit }) {
    const rows = await queries.listContacts(db, { q, archived, after: positionOf(after), limit })
    const end = rows.length === limit ? rows.at(-1)! : null
    return { items: rows.map(({ nameKey: _, ...contact }) => contact), next: end && encodeCursor([end.nameKey, end.id]) }
  },
})

function positionOf(after: string | undefined) {
  if (after === undefined) return null
  const [nameKey, id] = decodeCursor(after, 2) ?? []
  if (typeof nameKey !== 'string' || typeof id !== 'string' || !isUuid(id) || nameKey.includes('\u0000'))
    throw BadRequest(say.notFromHere)
  return { nameKey, id }
}

export const saveContact = command({
  name: 'people.save',
  summary: 'Add a person who needs no login, or change one',
  route: 'POST /contacts',
  permission: 'people.manage',
  success: 200,
  input: z.strictObject({
    contactId: Id.optional().describe('Present: change this one'),
    version: z.number().int().optional().describe('Refuse when somebody changed it since'),
    ...contactFields,
  }),
  output: Contact,
  async run({ db, now, record }, { contactId, version, ...fields }) {
    const current = contactId ? await lock(db, contactId) : null
    if (current && version !== undefined && version !== current.version) throw Stale(say.stale, { current, yours: fields })
    const other = await queries.findByEmail(db, fields.email)
    if (other && other.id !== contactId) throw Conflict(say.taken({ email: fields.email, name: other.name }))
    const id = contactId ?? v7()
    const written = current ? await queries.updateContact(db, id, fields, now) : await queries.insertContact(db, id, fields)
    const { id: _, version: __, ...before } = current ?? { id: '', version: 0 }
    record('contact.saved', { type: 'contact', id }, { name: fields.name, before: current ? before : null, after: fields })
    return { id, ...fields, ...written, userId: await queries.findUser(db, fields.email) }
  },
})

export const archiveContact = command({
  name: 'people.archive',
  summary: 'Retire a person; tickets keep the address',
  route: 'DELETE /contacts/:contactId',
  permission: 'people.manage',
  input: z.strictObject({ contactId: Id }),
  output: z.object({ id: z.string() }),
  async run({ db, now, record }, { contactId }) {
    const { name, email } = await lock(db, contactId)
    await queries.archiveContact(db, contactId, now)
    record('contact.archived', { type: 'contact', id: contactId }, { name, email })
    return { id: contactId }
  },
})

export const restoreContact = command({
  name: 'people.restore',
  summary: 'Bring an archived person back; they are offered again',
  route: 'POST /contacts/:contactId/restore',
  permission: 'people.manage',
  success: 200,
  input: z.strictObject({ contactId: Id }),
  output: Contact,
  async run({ db, now, record }, { contactId }) {
    const archived = await queries.lockArchived(db, contactId)
    if (!archived) throw NotFound(say.notArchived)
    const { mergedIntoId, ...contact } = archived
    if (mergedIntoId) throw Conflict(say.mergedInto({ name: await queries.nameOfContact(db, mergedIntoId) }))
    const { name, email } = contact
    const other = await queries.findByEmail(db, email)
    if (other) throw Conflict(say.taken({ email, name: other.name }))
    const written = await queries.restoreContact(db, contactId, now)
    record('contact.restored', { type: 'contact', id: contactId }, { name, email })
    return { ...contact, ...written, userId: await queries.findUser(db, email) }
  },
})

export const importContacts = command({
  name: 'people.import',
  summary: 'Add and change people from a CSV file: all of them, or none when a line is wrong',
  route: 'POST /contacts/import',
  permission: 'people.manage',
  success: 200,
  input: z.strictObject({
    csv: text(longestFile).describe(
      'First line: name,email and, where wanted, department,title,notes. Known addresses are changed',
    ),
  }),
  output: z.object({ added: z.number().int(), changed: z.number().int() }),
  async run({ db, now, record, organizationId }, { csv }) {
    const people = contactsIn(csv).map((fields) => ({ id: v7(), ...fields }))
    const done = await queries.putContacts(db, people, now)
    record('contacts.imported', { type: 'organization', id: organizationId }, done)
    return done
  },
})

/** The export's door streams pages of `people.list`; that it happened is recorded first. */
export const recordContactsExport = command({
  name: 'people.export',
  summary: 'People as a CSV file',
  route: 'GET /contacts/export.csv',
  permission: 'organization.read',
  byDoor: 'download',
  input: z.strictObject({ q: words }),
  output: z.object({}),
  async run({ record, organizationId }, { q }) {
    record('contacts.exported', { type: 'organization', id: organizationId }, { q })
    return {}
  },
})

/**
 * Makes two people one: the first is archived, the second stays.
 * @param carry brings what names the first to the second, and answers how many tickets did
 */
export async function mergeContacts(
  { db, now, record }: Context,
  { fromId, intoId }: { fromId: string; intoId: string },
  carry: (from: string, into: { email: string; name: string }) => Promise<number>,
) {
  if (fromId === intoId) throw Conflict(say.same)
  // Always in the same order, so that two merges the other way round do not wait for each other.
  const [one, other] = [fromId, intoId].sort() as [string, string]
  const locked = [await lock(db, one), await lock(db, other)]
  const from = locked.find(({ id }) => id === fromId)!
  const into = locked.find(({ id }) => id === intoId)!
  const tasks = await carry(from.email, into)
  await queries.archiveContact(db, fromId, now, intoId)
  record('contact.merged', { type: 'contact', id: intoId }, { from: from.email, into: into.email, tasks })
  return { id: intoId, tasks }
}

async function lock(db: Context['db'], id: string) {
  const contact = await queries.lockContact(db, id)
  if (!contact) throw NotFound(say.noPerson)
  return contact
}
