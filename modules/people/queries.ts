/** All SQL about people without a login. */
import { sql } from 'kysely'
import type { Db } from '../../platform/context.ts'
import type { Contact, ContactFields } from './contract.ts'
import { keyOf, keysOf } from './rules.ts'

const written = ['version', 'updated_at as updatedAt'] as const

/** After every text that begins with a prefix. */
const last = '\u{10ffff}'

type Page = { q: string; archived: boolean; after: { nameKey: string; id: string } | null; limit: number }
type Row = Contact & { nameKey: string }

/**
 * People whose name, last name or address begins with `q`, by name. Each of the three is a range of an index, so a search
 * among a hundred thousand costs what it finds.
 */
export async function listContacts(db: Db, { q, archived, after, limit }: Page): Promise<Row[]> {
  const from = keyOf(q)
  const to = from + last
  const found = from
    ? sql`and ((name_key >= ${from} and name_key < ${to}) or (surname_key >= ${from} and surname_key < ${to})
        or (email >= ${q.trim().toLowerCase()} and email < ${q.trim().toLowerCase() + last}))`
    : sql``
  const shown = archived ? sql`archived_at is not null and merged_into_id is null` : sql`archived_at is null`
  const further = after ? sql`and (name_key, id) > (${after.nameKey}, ${after.id}::uuid)` : sql``
  const { rows } = await sql<Row>`
    with page as (
      select id, name, email, department, title, notes, version, updated_at, name_key
      from contacts where ${shown} ${found} ${further} order by name_key, id limit ${limit})
    select page.id, page.name, page.email, department, title, notes, version, updated_at as "updatedAt",
           name_key as "nameKey", p.user_id as "userId"
    from page left join people_of_organization() p on p.email collate "C" = page.email
    order by name_key, page.id`.execute(db)
  return rows
}

/** A person who is not archived, locked until the end of the transaction. */
export const lockContact = (db: Db, id: string) =>
  db
    .selectFrom('contacts')
    .select(['id', 'name', 'email', 'department', 'title', 'notes', 'version'])
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()

/** An archived person, with whom they were merged into, locked until the end of the transaction. */
export const lockArchived = (db: Db, id: string) =>
  db
    .selectFrom('contacts')
    .select(['id', 'name', 'email', 'department', 'title', 'notes', 'merged_into_id as mergedIntoId'])
    .where('id', '=', id)
    .where('archived_at', 'is not', null)
    .forUpdate()
    .executeTakeFirst()

export const nameOfContact = async (db: Db, id: string) =>
  (await db.selectFrom('contacts').select('name').where('id', '=', id).executeTakeFirst())?.name ?? ''

export const restoreContact = (db: Db, id: string, at: Date) =>
  db
    .updateTable('contacts')
    .set((eb) => ({ archived_at: null, version: eb('version', '+', 1), updated_at: at }))
    .where('id', '=', id)
    .returning(written)
    .executeTakeFirstOrThrow()

export const findByEmail = (db: Db, email: string) =>
  db.selectFrom('contacts').select(['id', 'name']).where('email', '=', email).where('archived_at', 'is', null).executeTakeFirst()

export const findUser = async (db: Db, email: string) =>
  (await sql<{ userId: string }>`select user_id as "userId" from people_of_organization() where email = ${email}`.execute(db))
    .rows[0]?.userId ?? null

const columnsOf = (fields: ContactFields) => {
  const { nameKey, surnameKey } = keysOf(fields.name)
  return { ...fields, name_key: nameKey, surname_key: surnameKey }
}

export const insertContact = (db: Db, id: string, fields: ContactFields) =>
  db
    .insertInto('contacts')
    .values({ id, ...columnsOf(fields) })
    .returning(written)
    .executeTakeFirstOrThrow()

export const updateContact = (db: Db, id: string, fields: ContactFields, at: Date) =>
  db
    .updateTable('contacts')
    .set((eb) => ({ ...columnsOf(fields), version: eb('version', '+', 1), updated_at: at }))
    .where('id', '=', id)
    .returning(written)
    .executeTakeFirstOrThrow()

export const archiveContact = (db: Db, id: string, at: Date, mergedInto: string | null = null) =>
  db.updateTable('contacts').set({ archived_at: at, merged_into_id: mergedInto }).where('id', '=', id).execute()

/** Adds people, and gives those whose address is known what the file says of them; columns without a value stay. */
export async function putContacts(db: Db, people: (ContactFields & { id: string })[], at: Date) {
  const rows = people.map(({ id, ...fields }) => ({ id, ...columnsOf(fields) }))
  const { rows: put } = await sql<{ added: boolean }>`
    insert into contacts as c (id, email, name, name_key, surname_key, department, title, notes)
    select id, email, name, name_key, surname_key, department, title, notes
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r
      (id uuid, email text, name text, name_key text, surname_key text, department text, title text, notes text)
    on conflict (organization_id, email) where archived_at is null do update set
      name = excluded.name, name_key = excluded.name_key, surname_key = excluded.surname_key,
      department = coalesce(nullif(excluded.department, ''), c.department),
      title = coalesce(nullif(excluded.title, ''), c.title), notes = coalesce(nullif(excluded.notes, ''), c.notes),
      version = c.version + 1, updated_at = ${at}
    returning version = 1 as added`.execute(db)
  const added = put.filter((row) => row.added).length
  return { added, changed: put.length - added }
}
