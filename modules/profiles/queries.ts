/** All SQL about process profiles and their versions. */
import { sql } from 'kysely'
import type { Db } from '../../platform/context.ts'

const columns = [
  'profiles.id',
  'profiles.name',
  'profiles.standard_source as standardSource',
  'profiles.seed_key as seedKey',
  'profiles.is_system as isSystem',
  'profiles.version',
  'profiles.created_at as createdAt',
  'profiles.updated_at as updatedAt',
  'profiles.updated_by as updatedBy',
] as const

const withDocument = (db: Db) =>
  db
    .selectFrom('profiles')
    .innerJoin('profile_versions', (join) =>
      join
        .onRef('profile_versions.organization_id', '=', 'profiles.organization_id')
        .onRef('profile_versions.profile_id', '=', 'profiles.id')
        .onRef('profile_versions.version', '=', 'profiles.version'),
    )
    .select(columns)
    .select('profile_versions.document')

export const listProfiles = (db: Db) =>
  withDocument(db).where('deleted_at', 'is', null).orderBy('profiles.name').limit(500).execute()

export const findProfile = (db: Db, id: string) =>
  withDocument(db).where('profiles.id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()

/** Also a deleted one: its id is taken, and its versions still serve the tasks that follow it. */
export const lockProfile = (db: Db, id: string) =>
  db.selectFrom('profiles').select(columns).select('deleted_at as deletedAt').where('id', '=', id).forUpdate().executeTakeFirst()

export const currentVersion = (db: Db, id: string) =>
  db.selectFrom('profiles').select('version').where('id', '=', id).where('deleted_at', 'is', null).executeTakeFirst()

export const findVersion = (db: Db, id: string, version: number) =>
  db
    .selectFrom('profile_versions')
    .select('document')
    .where('profile_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()

export const listVersions = (db: Db, id: string) =>
  db
    .selectFrom('profile_versions')
    .select(['version', 'created_at as createdAt', 'created_by as createdBy', 'document'])
    .where('profile_id', '=', id)
    .orderBy('version', 'desc')
    .limit(200)
    .execute()

export type ProfileRow = {
  id: string
  name: string
  standard_source: string
  version: number
  updated_at: Date
  updated_by: string
}

export const insertProfile = (db: Db, row: ProfileRow & { seed_key: string | null; is_system: boolean }) =>
  db.insertInto('profiles').values(row).execute()

export const updateProfile = (db: Db, { id, ...row }: ProfileRow) =>
  db
    .updateTable('profiles')
    .set({ ...row, deleted_at: null })
    .where('id', '=', id)
    .execute()

export const insertVersion = (db: Db, row: { profile_id: string; version: number; document: string; created_by: string }) =>
  db.insertInto('profile_versions').values(row).execute()

export const deleteProfile = (db: Db, id: string, at: Date) =>
  db.updateTable('profiles').set({ deleted_at: at }).where('id', '=', id).execute()

/** Two who seed at once: the second waits, and finds the profiles there. */
export const lockSeeding = (db: Db) =>
  sql`select pg_advisory_xact_lock(hashtextextended('tater:seeds ' || current_organization(), 0))`.execute(db)

/** What seeding has to know: which seeds are there under their own name, and which ids are taken. */
export const listSeeded = (db: Db) =>
  db.selectFrom('profiles').select(['id', 'name', 'seed_key as seedKey', 'deleted_at as deletedAt']).execute()
