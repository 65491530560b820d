/** What the business says about identities. Pure. */

import { createHash, randomBytes } from 'node:crypto'
import { messages, params } from '../../platform/messages.ts'
import { problem } from '../../platform/problem.ts'

export const say = messages('identity/refusals', {
  member: 'The organization has no such member.',
  lastAdmin: 'This is the only OrgAdmin. Make somebody else OrgAdmin first.',
  keyRole: 'A key has the role Requester, Viewer, Auditor or OrgAdmin.',
  ownKeyOnly: 'As a provider you make keys in your own name only. Leave the address out, or ask the client to make the key.',
  noKeyElevated: 'An elevation is yours at the screen and ends by itself; a key would outlive it. Make keys at T3 without it.',
  namesakeLower: params(
    '{person} is {role} here, and a key in the name of a member reaches no further than that member. Choose a lower role or another address.',
  ),
  noRole: params('There is no role "{role}". Choose Requester, Viewer, Auditor or OrgAdmin.'),
  alreadyMember: params('{person} is a member already; change the role instead.'),
  expiryPassed: params('{instant} is past. Give an instant to come, or none for a key that does not expire.'),
  noKey: 'There is no such key, or it is revoked already.',
  alreadySetUp: 'This installation has an administrator already. Sign in.',
  keySwitches: 'An API key belongs to one organization and cannot switch. Use a key of the other organization.',
  oneOrganization:
    'You are signed in through the provider of one organization, which opens no other. Sign in to the other the way it asks for.',
  noOrganization: 'You belong to no such organization.',
  prefix: 'Two to ten capital letters and digits.',
  password: 'At least 12 characters.',
  userName: 'userName must not be empty.',
  domain: 'Give a domain, such as example.com.',
  issuer: "Give the provider's issuer, such as https://login.example.com or https://keycloak.example.com/realms/main.",
  bearerForm: 'The Authorization header must be of the form "Bearer tater_…".',
  nextOf: 'after: give `next` of the page before.',
  noScimToken: 'There is no such token, or it is revoked already.',
  onlyAdmin: params('{email} is the only OrgAdmin of this organization. Make somebody else OrgAdmin first.'),
  userNameTaken: params('There is a person with the userName {userName} here already.'),
  noResource: params('Resource {id} not found'),
  noUser: 'There is no such account.',
  disableSelf: 'You cannot disable your own account. Ask another SuperAdmin.',
  onlySuperAdmin: params('{email} is the only SuperAdmin. Make somebody else SuperAdmin first.'),
  noSession: 'You have no such session.',
  noAccount: 'You have no such connected account.',
  noPasskey: 'You have no such passkey.',
  lastWay: 'Without it you could not sign in any more. Add another way first.',
  keySignsIn: 'A key has no sign-ins of its own.',
  vouchedOnly: 'You are signed in through the provider of an organization. Sign in with your own password or passkey first.',
  signIn: 'Sign in, or send an API key in the header X-API-Key.',
  keyForm: 'This API key is not of the form tater_ followed by 32 hexadecimal digits.',
  tokenHere: 'An access token of a connected program is taken at the MCP address only. Use an API key here.',
  over: 'This session, key or token is not valid any more. Sign in again, or ask for a new one.',
  byPerson: 'Filtering the activity log by person needs the permission activity.audit.',
  connectionStale: 'Somebody changed this connection in the meantime. Look at it again.',
  noConnection: 'The organization has no such way to sign in. It may have been removed.',
})

export const UnknownRole = problem('UNKNOWN_ROLE', 422, 'There is no such role')
export const LastAdmin = problem('LAST_ADMIN', 409, 'An organization needs an OrgAdmin')
export const LastSuperAdmin = problem('LAST_SUPER_ADMIN', 409, 'The installation needs a SuperAdmin')
export const AlreadySetUp = problem('ALREADY_SET_UP', 409, 'This installation is set up')
export const ExpiryPassed = problem('EXPIRY_PASSED', 422, 'The key would have expired already')
export const AlreadyMember = problem('ALREADY_MEMBER', 409, 'This person is a member already')

/** The roles a key can have, each of which may what the ones before it may. */
const ladder = ['Requester', 'Viewer', 'Auditor', 'OrgAdmin']

/** Whether a key of this role would reach higher than a member's role; as reach() in the database has it. */
export const reachesHigher = (keyRole: string, memberRole: string) =>
  ladder.indexOf(keyRole) > ladder.indexOf(memberRole === 'ServiceProvider' ? 'Auditor' : memberRole)

/** A new key: `tater_` and 32 hexadecimal digits (16 random bytes); only its SHA-256 and first digits are kept. */
export function newApiKey() {
  const key = `tater_${randomBytes(16).toString('hex')}`
  return { key, prefix: key.slice(0, 12), hash: createHash('sha256').update(key).digest() }
}

/** `Acme GmbH & Co.` becomes `acme-gmbh-co`. */
export const slugOf = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50) || 'organization'
