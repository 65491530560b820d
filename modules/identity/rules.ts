/** What the business says about identities. Pure. */
import { createHash, randomBytes } from 'node:crypto'
import { problem } from '../../platform/problem.ts'

export const UnknownRole = problem('UNKNOWN_ROLE', 422, 'There is no such role')
export const LastAdmin = problem('LAST_ADMIN', 409, 'An organization needs an OrgAdmin')
export const AlreadySetUp = problem('ALREADY_SET_UP', 409, 'This installation is set up')
export const ExpiryPassed = problem('EXPIRY_PASSED', 422, 'The key would have expired already')
export const AlreadyMember = problem('ALREADY_MEMBER', 409, 'This person is a member already')

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
