import { catalogue, count, params } from '../../../platform/react/i18n.ts'
import type { Sentences } from '../../../platform/react/sentences.ts'
import type { IdentityEvents } from '../contract.ts'

const words = catalogue('identity/sentences', {
  refused: 'was refused',
  refusedFor: params('was refused: the permission {permission} is missing'),
  organizationCreated: params('created the organization “{name}”'),
  switched: params('switched to {organization}'),
  memberAdded: params('added {email} as {role}'),
  memberChanged: params('changed the role of {email}'),
  memberRemoved: params('removed {email} from the organization'),
  keyCreated: params('made the API key “{name}” ({prefix}…) with the role {role}'),
  keyRevoked: params('revoked the API key “{name}” ({prefix}…)'),
  signedOut: count({ one: 'signed out {count} session', other: 'signed out {count} sessions' }),
})

export const identitySentences: Sentences<IdentityEvents> = {
  'access.refused': ({ permission }) => (permission ? words.refusedFor({ permission }) : words.refused),
  'organization.created': words.organizationCreated,
  'organization.switched': words.switched,
  'member.added': words.memberAdded,
  'member.changed': words.memberChanged,
  'member.removed': words.memberRemoved,
  'key.created': words.keyCreated,
  'key.revoked': words.keyRevoked,
  'session.revoked': ({ sessions }) => words.signedOut(sessions),
}
