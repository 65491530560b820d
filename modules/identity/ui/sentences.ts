import type { Sentences } from '../../../platform/react/sentences.ts'
import { counted } from '../../../platform/react/words.ts'
import type { IdentityEvents } from '../contract.ts'

export const identitySentences: Sentences<IdentityEvents> = {
  'access.refused': ({ permission }) => `was refused${permission ? `: the permission ${permission} is missing` : ''}`,
  'organization.created': ({ name }) => `created the organization “${name}”`,
  'organization.switched': ({ organization }) => `switched to ${organization}`,
  'member.added': ({ email, role }) => `added ${email} as ${role}`,
  'member.changed': ({ email }) => `changed the role of ${email}`,
  'member.removed': ({ email }) => `removed ${email} from the organization`,
  'key.created': ({ name, prefix, role }) => `made the API key “${name}” (${prefix}…) with the role ${role}`,
  'key.revoked': ({ name, prefix }) => `revoked the API key “${name}” (${prefix}…)`,
  'session.revoked': ({ sessions }) => `signed out ${counted(sessions, 'session')}`,
}
