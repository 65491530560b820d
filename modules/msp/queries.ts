/** All SQL about providers, their clients, elevations and the access log. */
import { sql } from 'kysely'
import type { Db } from '../../platform/context.ts'

type ClientRow = {
  id: string
  name: string
  slug: string
  tier: 'T1' | 'T2' | 'T3'
  createdAt: string
  createdBy: string
  licenseType: 'per-user-all-features' | 'custom'
  licenseLimit: number
  members: number
}

const clients = sql`select id, name, slug, tier, created_at as "createdAt", created_by as "createdBy",
  license_type as "licenseType", license_limit as "licenseLimit", members from provider_clients()`

/** The clients of the running organization. */
export const listClients = async (db: Db) => (await sql<ClientRow>`${clients}`.execute(db)).rows

export const findClient = async (db: Db, id: string) => (await sql<ClientRow>`${clients} where id = ${id}`.execute(db)).rows[0]

export const listCandidates = async (db: Db) =>
  (await sql<{ id: string; name: string }>`select id, name from organizations_to_manage() limit 5000`.execute(db)).rows

export const findCandidate = async (db: Db, id: string) =>
  (await sql<{ id: string; name: string }>`select id, name from organizations_to_manage() where id = ${id}`.execute(db)).rows[0]

export const insertRelation = (db: Db, row: { provider_id: string; tier: string; created_by: string }) =>
  db.insertInto('provider_relations').values(row).execute()

export const updateTier = (db: Db, providerId: string, tier: string) =>
  db.updateTable('provider_relations').set({ tier }).where('provider_id', '=', providerId).execute()

/** Inside the client: ends the relation, and whatever elevations it carried. */
export async function deleteRelation(db: Db, providerId: string, at: Date, by: string) {
  const gone = await db
    .deleteFrom('provider_relations')
    .where('provider_id', '=', providerId)
    .returning('tier')
    .executeTakeFirst()
  await endElevations(db, at, by, { providerId })
  return gone
}

/** The provider may not come back by itself. */
export const withdrawFrom = (db: Db, providerId: string) =>
  db
    .updateTable('organizations')
    .set({ managed_by: null })
    .where(sql<boolean>`id = current_organization()`)
    .where('managed_by', '=', providerId)
    .execute()

type ProviderRow = { id: string; name: string; tier: 'T1' | 'T2' | 'T3'; since: string; addedBy: string }
export const listProviders = async (db: Db) =>
  (
    await sql<ProviderRow>`select id, name, tier, created_at as since, created_by as "addedBy"
      from providers_of_organization()`.execute(db)
  ).rows

type OverviewRow = Omit<ClientRow, 'createdAt' | 'createdBy'> & { open: number; breaching: number; major: number }
export const listOverview = async (db: Db) =>
  (
    await sql<OverviewRow>`select id, name, slug, tier, license_type as "licenseType", license_limit as "licenseLimit",
      members, open, breaching, major from provider_overview()`.execute(db)
  ).rows

export type QueueFilter = {
  clients?: string[] | undefined
  categories?: string[] | undefined
  priorities?: string[] | undefined
  /** An address; empty for nobody. */
  assignee?: string | undefined
  breaching: boolean
  major: boolean
  byUpdate: boolean
  after: { key: string; id: string } | null
  limit: number
}
type QueueRow = {
  organizationId: string
  organizationName: string
  prefix: string
  tier: 'T1' | 'T2' | 'T3'
  id: string
  number: number
  title: string
  status: string
  statusCategory: string
  priority: string
  isMajorIncident: boolean
  assignedToEmail: string | null
  assignedToName: string | null
  requesterName: string | null
  dueAt: string | null
  updatedAt: string
  sortKey: string
}
const firstByDue = { key: '-infinity', id: '00000000-0000-0000-0000-000000000000' }
const firstByUpdate = { key: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }

/** Open tickets of the clients of the running organization, in pages; whom the asker may not see is not among them. */
export const listQueue = async (db: Db, { after, ...filter }: QueueFilter) => {
  const from = after ?? (filter.byUpdate ? firstByUpdate : firstByDue)
  return (
    await sql<QueueRow>`select organization_id as "organizationId", organization_name as "organizationName", prefix, tier, id,
      number, title, status, status_category as "statusCategory", priority, is_major_incident as "isMajorIncident",
      assigned_to_email as "assignedToEmail", assigned_to_name as "assignedToName", requester_name as "requesterName",
      due_at as "dueAt", updated_at as "updatedAt", sort_key::text as "sortKey"
      from provider_queue(${filter.clients ?? null}::uuid[], ${filter.categories ?? null}::text[], ${filter.priorities ?? null}::text[],
        ${filter.assignee ?? null}::text, ${filter.breaching}, ${filter.major}, ${filter.byUpdate}, ${from.key}::timestamptz, ${from.id}::uuid, ${filter.limit})`.execute(
      db,
    )
  ).rows
}

export const findScanning = (db: Db) =>
  db
    .selectFrom('scanning')
    .select(['webhook_host as webhookHost', 'enabled', 'updated_at as updatedAt', 'updated_by as updatedBy'])
    .executeTakeFirst()

type ScanningRow = { webhook: string; webhook_host: string; enabled: boolean; updated_at: Date; updated_by: string }
export const saveScanning = (db: Db, row: ScanningRow) =>
  db
    .insertInto('scanning')
    .values(row)
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(row))
    .execute()

export const updateScanning = (db: Db, row: Pick<ScanningRow, 'enabled' | 'updated_at' | 'updated_by'>) =>
  db.updateTable('scanning').set(row).executeTakeFirst()

export const deleteScanning = (db: Db) => db.deleteFrom('scanning').execute()

const elevationColumns = [
  'id',
  'name',
  'provider_id as providerId',
  'provider_name as providerName',
  'user_id as userId',
  'from_tier as fromTier',
  'reason',
  'started_at as startedAt',
  'expires_at as expiresAt',
  'ended_at as endedAt',
] as const

export const listRunningElevations = (db: Db) =>
  db
    .selectFrom('provider_elevations')
    .select(elevationColumns)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .orderBy('expires_at')
    .limit(200)
    .execute()

type ElevationRow = {
  id: string
  provider_id: string
  provider_name: string
  user_id: string
  name: string
  from_tier: string
  reason: string
  started_at: Date
  expires_at: Date
}
export const insertElevation = (db: Db, row: ElevationRow) =>
  db.insertInto('provider_elevations').values(row).returning(elevationColumns).executeTakeFirstOrThrow()

/** Ends those that still run: one by id, all of a person, or all of a provider. */
export const endElevations = (
  db: Db,
  at: Date,
  by: string,
  which: { id?: string; userId?: string | null; providerId?: string },
) =>
  db
    .updateTable('provider_elevations')
    .set({ ended_at: at, ended_by: by })
    .where('ended_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .$if(which.id !== undefined, (rows) => rows.where('id', '=', which.id!))
    .$if(which.userId !== undefined, (rows) => rows.where('user_id', '=', which.userId!))
    .$if(which.providerId !== undefined, (rows) => rows.where('provider_id', '=', which.providerId!))
    .returning(['id', 'name', 'expires_at as expiresAt'])
    .execute()

export type AccessFilter = {
  from?: 'provider' | 'installation' | undefined
  kind?: string | undefined
  provider?: string | undefined
  person?: string | undefined
  operation?: string | undefined
  subject?: string | undefined
  after?: string | undefined
  limit: number
}

export const listAccess = (db: Db, filter: AccessFilter) =>
  db
    .selectFrom('provider_access')
    .selectAll()
    .$if(filter.kind !== undefined, (rows) => rows.where('kind', '=', filter.kind!))
    .$if(filter.from !== undefined, (rows) => rows.where('provider_id', filter.from === 'provider' ? 'is not' : 'is', null))
    .$if(filter.provider !== undefined, (rows) => rows.where('provider_name', '=', filter.provider!))
    .$if(filter.person !== undefined, (rows) =>
      rows.where((eb) => eb.or([eb('actor_name', '=', filter.person!), eb('actor_email', '=', filter.person!.toLowerCase())])),
    )
    .$if(filter.operation !== undefined, (rows) => rows.where('operation', '=', filter.operation!))
    .$if(filter.subject !== undefined, (rows) => rows.where('subject_id', '=', filter.subject!))
    .$if(filter.after !== undefined, (rows) => rows.where('id', '<', filter.after!))
    .orderBy('id', 'desc')
    .limit(filter.limit)
    .execute()

export type OrganizationRow = {
  id: string
  name: string
  slug: string
  isMsp: boolean
  managedBy: string | null
  managedByName: string | null
  licenseType: 'per-user-all-features' | 'custom'
  licenseLimit: number
  members: number
  clients: number
  createdAt: string
  archivedAt: string | null
}

const overview = sql`select id, name, slug, is_msp as "isMsp", managed_by as "managedBy", managed_by_name as "managedByName",
  license_type as "licenseType", license_limit as "licenseLimit", members, clients,
  created_at as "createdAt", archived_at as "archivedAt" from organizations_overview()`

/** Every organization, for a SuperAdmin; for anybody else the database answers nothing. */
export const listOrganizations = async (db: Db, { words = '', limit }: { words?: string; limit: number }) =>
  (
    await sql<OrganizationRow>`${overview}
      where position(lower(${words}) in lower(name)) > 0 limit ${limit}`.execute(db)
  ).rows

export const findManagedOrganization = async (db: Db, id: string) =>
  (await sql<OrganizationRow>`${overview} where id = ${id}`.execute(db)).rows[0]

export type OrganizationChange = {
  name?: string
  is_msp?: boolean
  managed_by?: string | null
  license_type?: string
  license_limit?: number
  archived_at?: Date | null
}
/** The running organization itself. */
export const updateOrganization = (db: Db, change: OrganizationChange) =>
  db
    .updateTable('organizations')
    .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
    .where(sql<boolean>`id = current_organization()`)
    .execute()

export const findOwn = (db: Db) =>
  db
    .selectFrom('organizations')
    .select(['id', 'name', 'is_msp as isMsp', 'license_type as licenseType', 'license_limit as licenseLimit'])
    .where(sql<boolean>`id = current_organization()`)
    .executeTakeFirstOrThrow()
