/**
 * What each role may do, and each tier of a provider: the two tables (decisions §2). Code asks for a permission, never for a role.
 */
import { AgentPermissions } from './agents/contract.ts'
import { CommentPermissions } from './comments/contract.ts'
import { IdentityPermissions, type Role, type Tier } from './identity/contract.ts'
import { ImportPermissions } from './imports/contract.ts'
import { MspPermissions } from './msp/contract.ts'
import { PeoplePermissions } from './people/contract.ts'
import { PortalPermissions } from './portal/contract.ts'
import { ProfilePermissions } from './profiles/contract.ts'
import { SecurityPermissions } from './security/contract.ts'
import { SettingsPermissions } from './settings/contract.ts'
import { TaskPermissions } from './tasks/contract.ts'
import type { Permission } from './vocabulary.ts'

/** Every permission with the sentence the roles page shows. */
export const allPermissions: Record<Permission, string> = {
  ...IdentityPermissions,
  ...AgentPermissions,
  ...PeoplePermissions,
  ...SettingsPermissions,
  ...ProfilePermissions,
  ...TaskPermissions,
  ...CommentPermissions,
  ...PortalPermissions,
  ...ImportPermissions,
  ...SecurityPermissions,
  ...MspPermissions,
}

/** Everybody, Requester included, may submit requests and act on own ones. */
const requester: Permission[] = ['requests.read', 'requests.write']
const viewer: Permission[] = [
  ...requester,
  'organization.read',
  'settings.read',
  'tasks.read',
  'views.save',
  'profiles.read',
  'tasks.export',
  'security.read',
]
const auditor: Permission[] = [...viewer, 'tasks.write', 'comments.write', 'activity.read', 'access.read', 'security.write']
const orgAdmin: Permission[] = [
  ...auditor,
  'people.manage',
  'members.manage',
  'activity.audit',
  'keys.manage',
  'sign-in.manage',
  'agents.manage',
  'settings.manage',
  'branding.manage',
  'profiles.manage',
  'tasks.delete',
  'views.share',
  'comments.moderate',
  'imports.run',
  'security.manage',
  'scans.import',
  'access.manage',
  'credentials.manage',
  'clients.read',
  'clients.manage',
]

const permissionsOfRole: Record<Role, ReadonlySet<Permission>> = {
  Requester: new Set(requester),
  Viewer: new Set(viewer),
  Auditor: new Set(auditor),
  OrgAdmin: new Set(orgAdmin),
  // Across client organizations a provider acts by the tier of the relation; in the own organization as its member.
  ServiceProvider: new Set([...auditor, 'clients.read']),
  SuperAdmin: new Set(Object.keys(allPermissions) as Permission[]),
}

/** What there is to be allowed only in an organization that is a managed service provider. */
const ofProviders: ReadonlySet<Permission> = new Set<Permission>(['clients.read', 'clients.manage'])

const nothing: ReadonlySet<Permission> = new Set()

/** The permissions of a role in an organization; none for a role nobody knows. */
export function permissionsOf(role: string | null, isMsp = false): ReadonlySet<Permission> {
  const whole = (role && Object.hasOwn(permissionsOfRole, role) && permissionsOfRole[role as Role]) || nothing
  return isMsp || role === 'SuperAdmin' ? whole : new Set([...whole].filter((permission) => !ofProviders.has(permission)))
}

/**
 * The second table: from which tier on the people of a provider have a permission in a client organization; null where it
 * stays with the organization itself. T1 only reads. A permission without an entry does not compile.
 */
const fromTier: Record<Permission, Tier | null> = {
  'organization.read': 'T1',
  'settings.read': 'T1',
  'tasks.read': 'T1',
  'requests.read': 'T1',
  'requests.write': 'T2',
  'tasks.export': 'T1',
  'profiles.read': 'T1',
  'activity.read': 'T1',
  'access.read': 'T1',
  'access.elevate': 'T1',
  'tasks.write': 'T2',
  'tasks.delete': 'T2',
  'people.manage': 'T2',
  'views.save': 'T2',
  'views.share': 'T2',
  'comments.write': 'T2',
  'comments.moderate': 'T2',
  'profiles.manage': 'T2',
  'imports.run': 'T2',
  'security.read': 'T1',
  'security.write': 'T2',
  'security.manage': 'T2',
  'scans.import': 'T2',
  'branding.manage': 'T3',
  'agents.manage': null,
  'activity.audit': 'T2',
  'keys.manage': 'T3',
  'credentials.manage': 'T3',
  'members.manage': null,
  'settings.manage': null,
  'access.manage': null,
  'clients.read': null,
  'clients.manage': null,
  'sign-in.manage': null,
  'users.manage': null,
  'tenants.map': null,
  'organizations.create': null,
  'organizations.manage': null,
}

const reaches = (tier: Tier): ReadonlySet<Permission> =>
  new Set((Object.keys(fromTier) as Permission[]).filter((permission) => fromTier[permission] && fromTier[permission] <= tier))

const permissionsOfTier: Record<Tier, ReadonlySet<Permission>> = { T1: reaches('T1'), T2: reaches('T2'), T3: reaches('T3') }

/** What the people of a provider may do in a client organization. */
export const permissionsInClient = (tier: Tier): ReadonlySet<Permission> => permissionsOfTier[tier]

/** The role a tier is shown as (MSP guide). */
export const roleOfTier = (tier: Tier): Role => (tier === 'T1' ? 'Auditor' : 'OrgAdmin')

/** A role as people may write it: `Admin` means OrgAdmin; null when it is none. */
export function roleNamed(text: string): Exclude<Role, 'SuperAdmin'> | null {
  const name = text === 'Admin' ? 'OrgAdmin' : text
  return name !== 'SuperAdmin' && Object.hasOwn(permissionsOfRole, name) ? (name as Exclude<Role, 'SuperAdmin'>) : null
}
