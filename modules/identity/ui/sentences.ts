import { credentialsInWords } from '../../../platform/react/ended.ts'
import { catalogue, count, params } from '../../../platform/react/i18n.ts'
import type { Sentences } from '../../../platform/react/sentences.ts'
import { wordOf } from '../../../platform/react/vocabulary.ts'
import { listed } from '../../../platform/react/words.ts'
import type { IdentityEvents } from '../contract.ts'

const words = catalogue('identity/sentences', {
  exported: params('exported the activity log as {format}'),
  refused: 'was refused',
  refusedFor: params('was refused: the permission {permission} is missing'),
  organizationCreated: params('created the organization “{name}”'),
  switchedAway: 'switched to another organization',
  switched: params('switched to {organization}'),
  memberAdded: params('added {email} as {role}'),
  memberChanged: params('changed the role of {email}'),
  memberRemoved: params('removed {email} from the organization'),
  keyCreated: params('made the API key “{name}” ({prefix}…) with the role {role}'),
  keyRevoked: params('revoked the API key “{name}” ({prefix}…)'),
  memberChangedEnding: params('changed the role of {email}, which ended {credentials}'),
  memberRemovedEnding: params('removed {email} from the organization, which ended {credentials}'),
  userUnmadeEnding: params('took the role SuperAdmin from {email}, which ended {credentials}'),
  userDisabledEnding: params('disabled the account {email}, which ended {credentials}'),
  endedWith: {
    member: params('ended {names}: a membership they were made from was taken or lowered'),
    account: params('ended {names}: an account they were made from was disabled or lowered'),
    relation: params("ended {names}: a provider's access they were made from was ended or lowered"),
    organization: params('ended {names}: an organization they were made from was archived or is no provider any more'),
    found: params('ended {names}: whoever made them has no standing for it any more'),
  },
  scimTokenMade: params('made the SCIM token {prefix}… for people with the role {role}'),
  scimTokenRevoked: params('revoked the SCIM token {prefix}…'),
  announced: params('announced {email}, who is not active yet'),
  renamed: params('changed the name of {email}'),
  signedInThrough: params('signed in through “{connection}”'),
  firstThrough: params('signed in for the first time, through “{connection}”'),
  signedIn: {
    password: 'signed in by password',
    code: 'signed in by password and code',
    'recovery-code': 'signed in by password and recovery code',
    passkey: 'signed in by passkey',
    provider: 'signed in',
  },
  firstSignedIn: {
    password: 'signed in for the first time, by password',
    code: 'signed in for the first time, by password and code',
    'recovery-code': 'signed in for the first time, by password and recovery code',
    passkey: 'signed in for the first time, by passkey',
    provider: 'signed in for the first time',
  },
  wrongPassword: params('refused a wrong password for {email}, from {address}'),
  wrongCode: params('refused a wrong code for {email}, whose password was right, from {address}'),
  somewhere: 'an unknown address',
  passwordChanged: 'changed the password of their account',
  secondFactorOn: 'turned on the second factor of their account',
  secondFactorOff: 'turned off the second factor of their account',
  recoveryCodes: 'made new recovery codes',
  passkeyAdded: params('added the passkey “{name}”'),
  linked: params('connected {email} with {provider}'),
  unlinked: params('removed the sign-in with {provider}'),
  passkeyRemoved: params('removed the passkey “{name}”'),
  connectionAdded: params('set up the sign-in “{name}”'),
  connectionChanged: params('changed the sign-in “{name}”'),
  connectionRemoved: params('removed the sign-in “{name}”'),
  userMadeSuperAdmin: params('made {email} SuperAdmin'),
  userUnmadeSuperAdmin: params('took the role SuperAdmin from {email}'),
  userDisabled: params('disabled the account {email}'),
  userEnabled: params('enabled the account {email}'),
  signedOut: count({ one: 'signed out {count} session', other: 'signed out {count} sessions' }),
})

export const identitySentences: Sentences<IdentityEvents> = {
  'activity.exported': ({ format }) => words.exported({ format: format.toUpperCase() }),
  'access.refused': ({ permission }) => (permission ? words.refusedFor({ permission }) : words.refused),
  'organization.created': words.organizationCreated,
  'organization.switched': ({ organization }) => (organization === null ? words.switchedAway : words.switched({ organization })),
  'member.added': ({ email, role }) => words.memberAdded({ email, role: wordOf(role) }),
  'member.changed': ({ email, ended }) => {
    const credentials = ended && credentialsInWords(ended)
    return credentials ? words.memberChangedEnding({ email, credentials }) : words.memberChanged({ email })
  },
  'member.removed': ({ email, ended }) => {
    const credentials = ended && credentialsInWords(ended)
    return credentials ? words.memberRemovedEnding({ email, credentials }) : words.memberRemoved({ email })
  },
  'credentials.ended': ({ because, keys, connections, scimTokens }) =>
    words.endedWith[because]({ names: listed([...keys, ...connections, ...scimTokens]) }),
  'key.created': ({ name, prefix, role }) => words.keyCreated({ name, prefix, role: wordOf(role) }),
  'key.revoked': words.keyRevoked,
  'person.signed-in': ({ connection, way, first }) => {
    if (connection !== null) return first ? words.firstThrough({ connection }) : words.signedInThrough({ connection })
    return first ? words.firstSignedIn[way] : words.signedIn[way]
  },
  'sign-in.failed': ({ email, way, address }) =>
    (way === 'password' ? words.wrongPassword : words.wrongCode)({ email, address: address ?? words.somewhere }),
  'password.changed': () => words.passwordChanged,
  'second-factor.enabled': () => words.secondFactorOn,
  'second-factor.disabled': () => words.secondFactorOff,
  'recovery-codes.renewed': () => words.recoveryCodes,
  'passkey.added': words.passkeyAdded,
  'identity.linked': words.linked,
  'identity.unlinked': words.unlinked,
  'passkey.removed': words.passkeyRemoved,
  'connection.saved': ({ name, before }) => (before ? words.connectionChanged({ name }) : words.connectionAdded({ name })),
  'connection.removed': words.connectionRemoved,
  'scim-token.created': ({ prefix, role }) => words.scimTokenMade({ prefix, role: wordOf(role) }),
  'scim-token.revoked': words.scimTokenRevoked,
  'member.announced': words.announced,
  'person.renamed': words.renamed,
  'user.changed': ({ email, before, after, ended }) => {
    const credentials = ended && credentialsInWords(ended)
    if (before.disabled !== after.disabled) {
      if (!after.disabled) return words.userEnabled({ email })
      return credentials ? words.userDisabledEnding({ email, credentials }) : words.userDisabled({ email })
    }
    if (after.superAdmin) return words.userMadeSuperAdmin({ email })
    return credentials ? words.userUnmadeEnding({ email, credentials }) : words.userUnmadeSuperAdmin({ email })
  },
  'session.revoked': ({ sessions }) => words.signedOut(sessions),
}
