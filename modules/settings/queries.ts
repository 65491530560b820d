/** All SQL about an organization's own lists. */
import { sql } from 'kysely'
import type { Db } from '../../platform/context.ts'

const categoryColumns = [
  'id',
  'parent_id as parentId',
  'name',
  'icon',
  'color',
  'default_priority as defaultPriority',
  'response_minutes as responseMinutes',
  'resolution_minutes as resolutionMinutes',
  'fields',
  'sort',
  'version',
] as const

export const listCategories = (db: Db) =>
  db
    .selectFrom('categories')
    .select(categoryColumns)
    .where('archived_at', 'is', null)
    .orderBy('sort')
    .orderBy('name')
    .limit(2000)
    .execute()

export const listPriorities = (db: Db) =>
  db.selectFrom('priorities').select(['name', 'label', 'color', 'rank']).orderBy('rank').limit(100).execute()

export const listTeams = (db: Db) =>
  db
    .selectFrom('teams')
    .select(['id', 'name', 'lead_email as leadEmail', 'members'])
    .where('archived_at', 'is', null)
    .orderBy('name')
    .limit(1000)
    .execute()

export const findOrganization = (db: Db) =>
  db
    .selectFrom('organizations')
    .select(['ticket_prefix as ticketPrefix', 'settings'])
    .where(sql<boolean>`id = current_organization()`)
    .executeTakeFirstOrThrow()

/** One change of the lists at a time in an organization, so that rules over a whole list hold. */
export const lockSettings = (db: Db) =>
  sql`select pg_advisory_xact_lock(hashtextextended('settings:' || current_organization()::text, 0))`.execute(db)

export type CategoryRow = {
  id: string
  parent_id: string | null
  name: string
  icon: string
  color: string
  default_priority: string | null
  response_minutes: number | null
  resolution_minutes: number | null
  fields: string
  sort: number
}
/** A standard category that was retired before comes back as the same. */
export const insertCategories = (db: Db, rows: CategoryRow[]) =>
  db
    .insertInto('categories')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['organization_id', 'id']).doUpdateSet({ archived_at: null }))
    .execute()

export const updateCategory = (db: Db, { id, ...row }: CategoryRow & { version: number }) =>
  db.updateTable('categories').set(row).where('id', '=', id).execute()

export const archiveCategory = (db: Db, id: string, at: Date) =>
  db.updateTable('categories').set({ archived_at: at }).where('id', '=', id).execute()

export const replacePriorities = async (db: Db, rows: { name: string; label: string; color: string; rank: number }[]) => {
  await db.deleteFrom('priorities').execute()
  await db.insertInto('priorities').values(rows).execute()
}

export const saveTeam = (db: Db, row: { id: string; name: string; lead_email: string | null; members: string[] }) =>
  db
    .insertInto('teams')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'id'])
        .doUpdateSet({ name: row.name, lead_email: row.lead_email, members: row.members, archived_at: null }),
    )
    .execute()

export const archiveTeam = (db: Db, id: string, at: Date) =>
  db
    .updateTable('teams')
    .set({ archived_at: at })
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('name')
    .executeTakeFirst()

export const saveBranding = (db: Db, branding: { accent: string; logo: string }) =>
  db
    .updateTable('organizations')
    .set({ settings: sql<string>`settings || jsonb_build_object('branding', ${JSON.stringify(branding)}::jsonb)` as never })
    .where(sql<boolean>`id = current_organization()`)
    .execute()
