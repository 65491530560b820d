/** Organizations, members and keys, as the outside sees them. Safe to import in the browser. */
import { z } from 'zod'

/** Seeds, MSP guide: role levels; `Admin` is accepted as an alias of OrgAdmin (decisions §2). */
export const roles = ['Requester', 'Viewer', 'Auditor', 'OrgAdmin', 'ServiceProvider', 'SuperAdmin'] as const
export type Role = (typeof roles)[number]

/** What an organization starts with; it may have its own lists (decisions §3). */
export const priorities = ['Critical', 'High', 'Normal', 'Low'] as const
export const defaultCategories = ['IT', 'Sales', 'Engagement', 'Proposal', 'Booking', 'Lead', 'DocumentReview', 'Other'] as const

export const Organization = z.object({ id: z.string(), name: z.string(), slug: z.string() })

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
      categories: z.array(z.string()),
      priorities: z.array(z.string()),
    })
    .nullable(),
  permissions: z.array(z.string()),
  channel: z.string(),
})

export const Membership = z.object({ organization: Organization, role: z.string() })
export const Person = z.object({ id: z.string(), email: z.string(), name: z.string(), role: z.string() })
export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string().describe('The readable beginning; the rest is not kept'),
  role: z.string(),
  email: z.string(),
  createdBy: z.string(),
  createdAt: z.string(),
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

/** One entry of the activity: who did what to which thing, through which door. */
export const Activity = z.object({
  id: z.string(),
  occurredAt: z.string(),
  action: z.string(),
  subjectType: z.string(),
  subjectId: z.string().nullable(),
  data: z.record(z.string(), z.unknown()).describe('What is worth reading; before and after where something changed'),
  actor: z.object({ id: z.string().nullable(), kind: z.string(), name: z.string() }),
  channel: z.string(),
  operation: z.string(),
  requestId: z.string(),
})

export const IdentityPermissions = {
  'organization.read': 'See the organization, its members and settings',
  'members.manage': 'Add and remove members and set their roles',
  'keys.manage': 'Make and revoke API keys',
  'activity.read': 'Read the activity log of the organization',
  'organizations.create': 'Create organizations',
}

export type IdentityEvents = {
  'access.refused': { permission: string | null }
  'organization.created': { name: string; slug: string }
  'organization.switched': { organization: string }
  'member.added': { email: string; role: string }
  'member.changed': { email: string; before: Record<string, unknown>; after: Record<string, unknown> }
  'member.removed': { email: string }
  'key.created': { name: string; prefix: string; role: string }
  'key.revoked': { name: string; prefix: string }
  'session.revoked': { sessions: number }
}
