/** What the business says about programs that ask to be connected. Pure. */
import { createHash, randomBytes } from 'node:crypto'
import { messages, params } from '../../platform/messages.ts'
import { problem } from '../../platform/problem.ts'

export const say = messages('agents/refusals', {
  budget: params(
    '{name} has used up its {most} writes of today. It may write again after midnight (UTC), or when an OrgAdmin raises the budget under Manage, API keys or Connected apps.',
  ),
  rate: params('This key or connection may make {most} calls a minute. Wait {seconds} seconds and try again.'),
  notRegistered: 'This program is not registered here (any more). Remove this server from the program and add it again.',
  otherAddress: params('{program} wants the answer at an address it did not register. Nothing was sent there.'),
  signInYourself: 'Sign in yourself to connect a program.',
  noOrganization: 'You belong to no such organization, or did not sign in the way it asks for.',
  noConnection: 'You have no such connection.',
  connectionOver: 'There is no such connection, or it is ended already.',
  ownLimits: 'A key cannot change its own limits. Somebody signed in, or another key, can.',
  noToken: 'There is no such key or connection, or it is ended.',
  policyStale: 'Somebody else changed the policy in the meantime. Look at it again, then make your change.',
})

export const ToolRefused = problem('TOOL_REFUSED', 403, 'This tool is switched off')
export const BudgetSpent = problem('WRITE_BUDGET_SPENT', 429, 'The writes of today are used up')
export const TooManyCalls = problem('TOO_MANY_CALLS', 429, 'Too many calls in this minute')
export const ConsentRefused = problem('CONSENT_REFUSED', 422, 'This program cannot be connected')

/** `taccess_…` and the like: 32 random bytes; only the SHA-256 is kept. The word in front lets scanners find a lost one. */
export const newSecret = (kind: 'code' | 'access' | 'refresh' | 'client') => `t${kind}_${randomBytes(32).toString('base64url')}`

export const hashOf = (secret: string) => createHash('sha256').update(secret).digest()

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/
/** Schemes by which a browser would run or read something itself. */
const dangerous = /^(javascript|data|blob|file|vbscript|about|view-source|ws|wss|ftp|filesystem):$/

/** Why a program may not be answered at this address, or null (RFC 8252 §7, OAuth 2.1 §2.3). */
export function redirectObstacle(address: string): string | null {
  const url = URL.parse(address)
  if (!url) return `${address.slice(0, 100)} is not an address.`
  if (address.includes('#')) return `${address.slice(0, 100)} has a fragment (#).`
  if (dangerous.test(url.protocol)) return `An answer cannot go to a ${url.protocol} address.`
  if (url.username || url.password) return 'The address holds a user name or password.'
  if (url.protocol === 'http:' && !loopback.test(url.hostname))
    return `${url.hostname} must be reached by https; only a program on the same machine may use http.`
  return null
}

/** Whether an address is one of the registered ones. On the own machine any port will do (RFC 8252 §7.3). */
export function isRegistered(address: string, registered: readonly string[]): boolean {
  if (registered.includes(address)) return true
  const url = URL.parse(address)
  if (url?.protocol !== 'http:' || !loopback.test(url.hostname)) return false
  return registered.some((each) => {
    const known = URL.parse(each)
    if (known?.protocol !== 'http:' || known.hostname !== url.hostname) return false
    known.port = url.port
    return known.href === url.href
  })
}

/** Whom the person lets in, as the consent page names it: a host, this machine, or a program's own scheme. */
export function hostOf(redirect: string): string {
  const url = new URL(redirect)
  if (loopback.test(url.hostname)) return 'this computer'
  return url.protocol === 'https:' ? url.host : `an app on this computer (${url.protocol}//)`
}

/** PKCE (RFC 7636): S256 only. */
export const verifies = (verifier: string, challenge: string) =>
  /^[\w.~-]{43,128}$/.test(verifier) && createHash('sha256').update(verifier).digest('base64url') === challenge

export const isChallenge = (text: string | undefined): text is string => text !== undefined && /^[\w-]{43}$/.test(text)

export const scopes = ['mcp:read', 'mcp:write'] as const

/** Whether a request wants to change things: unless it asks for less. */
export const wantsToWrite = (scope: string | undefined) => !scope || /(^| )mcp:write( |$)/.test(scope) || !/(^| )mcp:/.test(scope)
