/**
 * What each role may do: the one table (decisions §2). Code asks for a permission, never for a role.
 */
import { CommentPermissions } from './comments/contract.ts'
import { IdentityPermissions, type Role } from './identity/contract.ts'
import { ImportPermissions } from './imports/contract.ts'
import { ProfilePermissions } from './profiles/contract.ts'
import { SecurityPermissions } from './security/contract.ts'
import { SettingsPermissions } from './settings/contract.ts'
import { TaskPermissions } from './tasks/contract.ts'
import type { Permission } from './vocabulary.ts'

/** Every permission with the sentence the roles page shows. */
export const allPermissions: Record<Permission, string> = {
  ...IdentityPermissions,
  ...SettingsPermissions,
  ...ProfilePermissions,
  ...TaskPermissions,
  ...CommentPermissions,
  ...ImportPermissions,
  ...SecurityPermissions,
}

const viewer: Permission[] = [
  'organization.read',
  'settings.read',
  'tasks.read',
  'profiles.read',
  'tasks.export',
  'security.read',
]
const auditor: Permission[] = [...viewer, 'tasks.write', 'comments.write', 'activity.read', 'security.write']
const orgAdmin: Permission[] = [
  ...auditor,
  'members.manage',
  'keys.manage',
  'sign-in.manage',
  'settings.manage',
  'profiles.manage',
  'tasks.delete',
  'views.share',
  'comments.moderate',
  'imports.run',
  'security.manage',
  'scans.import',
]

const permissionsOfRole: Record<Role, ReadonlySet<Permission>> = {
  Requester: new Set(),
  Viewer: new Set(viewer),
  Auditor: new Set(auditor),
  OrgAdmin: new Set(orgAdmin),
  // Across client organizations a provider acts by the tier of the relation; in the own organization as its member.
  ServiceProvider: new Set(auditor),
  SuperAdmin: new Set(Object.keys(allPermissions) as Permission[]),
}

const nothing: ReadonlySet<Permission> = new Set()

/** The permissions of a role; none for a role nobody knows. */
export const permissionsOf = (role: string | null): ReadonlySet<Permission> =>
  (role && Object.hasOwn(permissionsOfRole, role) && permissionsOfRole[role as Role]) || nothing

/** A role as people may write it: `Admin` means OrgAdmin; null when it is none. */
export function roleNamed(text: string): Exclude<Role, 'SuperAdmin'> | null {
  const name = text === 'Admin' ? 'OrgAdmin' : text
  return name !== 'SuperAdmin' && Object.hasOwn(permissionsOfRole, name) ? (name as Exclude<Role, 'SuperAdmin'>) : null
}
