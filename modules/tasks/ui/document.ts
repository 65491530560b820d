import type { TaskerProfile } from '../../profiles/contract.ts'

const kept = new Set(['id', 'isSystem', 'seedKey', 'version', 'createdAt', 'updatedAt', 'updatedBy', 'warnings'])

/** The document in what the server answers about a profile, without what is only known about it. */
export const documentOf = (profile: object) =>
  Object.fromEntries(Object.entries(profile).filter(([key]) => !kept.has(key))) as TaskerProfile
