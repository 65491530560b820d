/** Organizations, members and keys, as the outside sees them. Safe to import in the browser. */
import { z } from 'zod'

/** Seeds, MSP guide: role levels; `Admin` is accepted as an alias of OrgAdmin (decisions §2). */
export const roles = ['Requester', 'Viewer', 'Auditor', 'OrgAdmin', 'ServiceProvider', 'SuperAdmin'] as const
export type Role = (typeof roles)[number]

/** How far a managed service provider may go in a client organization (decisions §2). */
export const tiers = ['T1', 'T2', 'T3'] as const
export type Tier = (typeof tiers)[number]

/** What an organization starts with; it may have its own lists (decisions §3). */
export const priorities = ['Critical', 'High', 'Normal', 'Low'] as const
export const defaultCategories = ['IT', 'Sales', 'Engagement', 'Proposal', 'Booking', 'Lead', 'DocumentReview', 'Other'] as const

export const Organization = z.object({ id: z.string(), name: z.string(), slug: z.string() })

const ProviderRef = z.object({ id: z.string(), name: z.string() })

export const Me = z.object({
  id: z.string().nullable(),
  email: z.string(),
  name: z.string(),
  kind: z.string().describe('user, agent, key or system'),
  superAdmin: z.boolean(),
  organization: z
    .object({
      id: z.string(),
      name: z.string(),
      role: z.string(),
      ticketPrefix: z.string(),
      isMsp: z.boolean().describe('A managed service provider, which may have clients'),
      categories: z.array(z.string()),
      priorities: z.array(z.string()),
    })
    .nullable(),
  provider: z
    .object({
      id: z.string(),
      name: z.string(),
      tier: z.enum(tiers),
      elevatedUntil: z.string().nullable().describe('Until when the person is at T3 by breaking glass'),
    })
    .nullable()
    .describe('Through which provider the asker works in this client organization; null in the own ones'),
  permissions: z.array(z.string()),
  channel: z.string(),
})

export const Membership = z.object({
  organization: Organization,
  role: z.string(),
  member: z.boolean().describe('Whether I belong to it; others are reached as SuperAdmin or through a provider'),
  provider: ProviderRef.nullable().describe('Of whose client organization it is; null for own memberships'),
  tier: z.enum(tiers).nullable(),
})
/** What ended for good because the standing it was made from did (docs/people-and-keys.md). */
export const Ended = z.object({
  keys: z.number().int().describe('API keys'),
  connections: z.number().int().describe('Connected programs'),
  scimTokens: z.number().int().describe("Directories' tokens"),
})
export type Ended = z.output<typeof Ended>

export const Person = z.object({ id: z.string(), email: z.string(), name: z.string(), role: z.string() })
export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string().describe('The readable beginning; the rest is not kept'),
  role: z.string(),
  email: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().nullable().describe('From then on it is refused; null: never'),
  revokedAt: z.string().nullable(),
})
export const Session = z.object({
  id: z.string(),
  current: z.boolean(),
  ipAddress: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAt: z.string(),
  expiresAt: z.string(),
})

/** Roles that somebody may get without an administrator naming them. */
export const arrivalRoles = ['Requester', 'Viewer', 'Auditor'] as const

/** A way in that an organization vouches for: its own OpenID Connect provider, or its Microsoft Entra tenant. */
export const Connection = z.object({
  id: z.string(),
  kind: z.enum(['oidc', 'entra']),
  name: z.string().describe('What the button on the sign-in page says'),
  issuer: z.string(),
  tenantId: z.string().nullable(),
  clientId: z.string(),
  hasSecret: z.boolean().describe('The secret itself is never shown'),
  domains: z.array(z.string()),
  provision: z.boolean().describe('Whether somebody new gets a membership at the first sign-in'),
  defaultRole: z.string(),
  version: z.number().int(),
  createdBy: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
})

export const ScimToken = z.object({
  id: z.string(),
  prefix: z.string().describe('The readable beginning; the rest is not kept'),
  defaultRole: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
})

/** All the ways one person can sign in. */
export const WaysIn = z.object({
  password: z.boolean(),
  twoFactor: z.boolean(),
  passkeys: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      createdAt: z.string().nullable(),
      backedUp: z.boolean().describe('Synchronized'),
    }),
  ),
  identities: z.array(z.object({ id: z.string(), provider: z.string(), name: z.string(), createdAt: z.string() })),
  vouched: z.boolean().describe("Signed in through an organization's provider; security settings then stay as they are"),
})

/** An account of the installation, wherever it belongs; for SuperAdmins. */
export const User = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  superAdmin: z.boolean(),
  disabledAt: z.string().nullable(),
  lastSeenAt: z.string().nullable().describe('To the minute'),
  createdAt: z.string(),
  organizations: z.array(z.object({ id: z.string(), name: z.string(), role: z.string() })),
})

/** One entry of the activity: who did what to which thing, through which door. */
export const Activity = z.object({
  id: z.string(),
  occurredAt: z.string(),
  action: z.string(),
  subjectType: z.string(),
  subjectId: z.string().nullable(),
  data: z.record(z.string(), z.unknown()).describe('What is worth reading; before and after where something changed'),
  actor: z.object({
    id: z.string().nullable(),
    kind: z.string(),
    name: z.string(),
    provider: z
      .object({ id: z.string(), name: z.string(), tier: z.string() })
      .nullable()
      .describe('Of which provider, and at which tier'),
  }),
  channel: z.string(),
  operation: z.string(),
  requestId: z.string(),
})

export const IdentityPermissions = {
  'organization.read': 'See the organization, its members and settings',
  'members.manage': 'Add and remove members and set their roles',
  'keys.manage': 'Make and revoke API keys',
  'activity.audit': 'Filter the activity log by person, and export it',
  'activity.read': 'Read the activity log of the organization',
  'organizations.create': 'Create organizations',
  'sign-in.manage': 'Set up how people of the organization sign in, and SCIM',
  'users.manage': 'See every account, disable it, and make SuperAdmins',
  'tenants.map': 'Give a Microsoft tenant to an organization',
}

/** How somebody signed in, or tried to; a code comes after the password, a provider vouches by itself. */
export const signInWays = ['password', 'code', 'recovery-code', 'passkey', 'provider'] as const
export type SignInWay = (typeof signInWays)[number]

/** Why credentials ended: what took the standing of their maker. `found`: nobody said so at the time (the first start after an update). */
export const reasonsToEnd = ['member', 'account', 'relation', 'organization', 'found'] as const
export type Because = (typeof reasonsToEnd)[number]

export type IdentityEvents = {
  'activity.exported': { format: string; filter: Record<string, unknown> }
  'access.refused': { permission: string | null }
  'organization.created': { name: string; slug: string }
  'organization.switched': { organization: string | null }
  'member.added': { email: string; role: string }
  'member.changed': { email: string; before: Record<string, unknown>; after: Record<string, unknown>; ended?: Ended }
  'member.removed': { email: string; ended?: Ended }
  'credentials.ended': { because: Because; keys: string[]; connections: string[]; scimTokens: string[] }
  'key.created': { name: string; prefix: string; role: string; expiresAt: string | null }
  'key.revoked': { name: string; prefix: string }
  'user.changed': { email: string; before: Record<string, unknown>; after: Record<string, unknown>; ended?: Ended }
  'session.revoked': { sessions: number }
  'person.signed-in': {
    email: string
    /** Through which connection of the organization; null when by the person's own means. */
    connection: string | null
    way: SignInWay
    address: string | null
    first: boolean
  }
  'sign-in.failed': { email: string; way: SignInWay; address: string | null }
  'password.changed': { email: string }
  'second-factor.enabled': { email: string }
  'second-factor.disabled': { email: string }
  'recovery-codes.renewed': { email: string }
  'passkey.added': { email: string; name: string }
  'identity.linked': { email: string; provider: string }
  'identity.unlinked': { provider: string }
  'passkey.removed': { name: string }
  'connection.saved': { name: string; before: Record<string, unknown> | null; after: Record<string, unknown> }
  'connection.removed': { name: string; sessions: number }
  'scim-token.created': { prefix: string; role: string }
  'scim-token.revoked': { prefix: string }
  'member.announced': { email: string }
  'person.renamed': { email: string; before: Record<string, unknown>; after: Record<string, unknown> }
}
