/** Managed service providers, their clients, and what clients can see of them. Safe to import in the browser. */
import { z } from 'zod'
import { text } from '../../platform/fields.ts'
import { type Ended, Organization, tiers } from '../identity/contract.ts'
import { Compliance } from '../security/contract.ts'

export const Tier = z.enum(tiers)

/** Seeds, MSP guide: "License Type". */
export const licenseTypes = ['per-user-all-features', 'custom'] as const

/** How a client stands to its seats; limits inform and never block. */
export const seatStates = ['OK', 'Over Limit', 'Unlimited'] as const
export const seatStateOf = (users: number, limit: number): (typeof seatStates)[number] =>
  limit === 0 ? 'Unlimited' : users > limit ? 'Over Limit' : 'OK'

export const Client = z.object({
  organization: Organization,
  tier: Tier,
  since: z.string(),
  addedBy: z.string(),
  users: z.number().int().describe('Members of the client organization'),
  licenseType: z.enum(licenseTypes),
  seatLimit: z.number().int().describe('0 is unlimited'),
})
export type Client = z.output<typeof Client>

/** How a client stands, on the Client Dashboard. */
export const ClientOverview = z.object({
  organization: Organization,
  tier: Tier,
  users: z.number().int(),
  licenseType: z.enum(licenseTypes),
  seatLimit: z.number().int(),
  open: z.number().int().describe('Open tickets'),
  breaching: z.number().int().describe('Of these, past a due time'),
  majorIncidents: z.number().int(),
  compliance: Compliance,
})
export type ClientOverview = z.output<typeof ClientOverview>

export const queueSorts = ['due', 'updated'] as const

/** A ticket of a client, as the queue over all clients shows it. */
export const QueuedTask = z.object({
  organization: z.object({ id: z.string(), name: z.string() }),
  tier: Tier,
  id: z.string(),
  key: z.string(),
  title: z.string(),
  status: z.string(),
  statusCategory: z.string(),
  priority: z.string(),
  isMajorIncident: z.boolean(),
  assignedToEmail: z.string().nullable(),
  assignedToName: z.string().nullable(),
  requesterName: z.string().nullable(),
  dueAt: z.string().nullable(),
  updatedAt: z.string(),
})
export type QueuedTask = z.output<typeof QueuedTask>

/** Where scans are started. The address is a secret: it goes in and never comes out. */
export const Scanning = z.object({
  webhookHost: z.string().nullable().describe('The host of the webhook; null where none is set'),
  enabled: z.boolean(),
  updatedAt: z.string().nullable(),
  updatedBy: z.string().nullable(),
})

export const ManagedOrganization = z.object({
  ...Organization.shape,
  isMsp: z.boolean(),
  managedBy: z.object({ id: z.string(), name: z.string() }).nullable().describe('The provider that may take it on as a client'),
  licenseType: z.enum(licenseTypes),
  seatLimit: z.number().int(),
  users: z.number().int(),
  clients: z.number().int().describe('How many client organizations it has'),
  createdAt: z.string(),
  archivedAt: z.string().nullable(),
})
export type ManagedOrganization = z.output<typeof ManagedOrganization>

/** Breaking glass lasts between these, in minutes. */
export const elevationMinutes = { least: 5, most: 240 } as const

export const Elevation = z.object({
  id: z.string(),
  name: z.string().describe('Who'),
  provider: z.object({ id: z.string(), name: z.string() }),
  fromTier: z.string(),
  reason: z.string(),
  startedAt: z.string(),
  expiresAt: z.string(),
  endedAt: z.string().nullable(),
})
export type Elevation = z.output<typeof Elevation>

export const ProviderOfClient = z.object({
  id: z.string(),
  name: z.string(),
  tier: Tier,
  since: z.string(),
  addedBy: z.string(),
})

export const accessKinds = ['read', 'change'] as const
export const AccessEntry = z.object({
  id: z.string(),
  occurredAt: z.string(),
  kind: z.enum(accessKinds),
  operation: z.string(),
  what: z.string().describe('What the operation does, in words'),
  subject: z.object({ type: z.string(), id: z.string() }).nullable(),
  channel: z.string(),
  person: z.object({ id: z.string().nullable(), kind: z.string(), name: z.string(), email: z.string() }),
  provider: z
    .object({ id: z.string(), name: z.string() })
    .nullable()
    .describe('Of which provider; null for a SuperAdmin of the installation'),
  tier: Tier.nullable(),
  elevated: z.boolean(),
  requestId: z.string(),
})
export type AccessEntry = z.output<typeof AccessEntry>

/** Who comes from outside: a provider of the organization, or whoever runs the installation. */
export const outsiders = ['provider', 'installation'] as const

export const accessFilter = {
  from: z.enum(outsiders).optional().describe('People of providers, or SuperAdmins of the installation'),
  kind: z.enum(accessKinds).optional(),
  provider: text(200).optional().describe('Name of the provider'),
  person: text(254).optional().describe('Name or e-mail address of who it was'),
  operation: text(80).optional().describe('Such as tasks.get'),
  subject: text(200).optional().describe('Id or number of what was looked at'),
}

export const MspPermissions = {
  'clients.read': 'See the clients of this provider and their open tickets',
  'clients.manage': 'Add, change and remove clients and set their seat limits',
  'organizations.manage': 'Manage all organizations of the installation',
  'access.read': 'See which providers have access, and what their people read and changed',
  'access.manage': "End a provider's access",
  'credentials.manage': 'Set the webhook and other credentials of the tenant',
  'access.elevate': 'Break glass: act at T3 for a limited time',
}

type Changes = { before: Record<string, unknown>; after: Record<string, unknown>; ended?: Ended }
export type MspEvents = {
  'client.added': { provider: string; tier: string }
  'client.changed': { provider: string } & Changes
  'client.removed': { provider: string; tier: string; byClient: boolean; ended?: Ended }
  'license.changed': Changes
  'access.elevated': { reason: string; minutes: number; until: string }
  'access.elevation-ended': { name: string; early: true }
  'access.exported': { filter: Record<string, unknown> }
  'scanning.saved': { host: string | null; enabled: boolean }
  'organization.changed': { name: string } & Changes
  'organization.archived': { name: string; ended?: Ended }
  'organization.restored': { name: string }
}
