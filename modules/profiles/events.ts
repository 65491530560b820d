/** What can happen to profiles, and who may do it. */
export const ProfilePermissions = {
  'profiles.read': 'See process profiles and replay logs against them',
  'profiles.manage': 'Create, edit, seed and delete process profiles',
}

export type ProfileEvents = {
  'profile.saved': { name: string; version: number; before: Record<string, unknown> | null; after: Record<string, unknown> }
  'profile.seeded': { created: string[]; skipped: string[] }
  'profile.deleted': { name: string }
  'profile.migrated': { name: string; toVersion: number; tasks: number }
}
