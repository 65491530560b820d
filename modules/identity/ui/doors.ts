/** The doors of sign-in, as pages call them; not operations, so not in the typed client. */
import { startAuthentication, startRegistration } from '@simplewebauthn/browser'
import { get, post } from './send.ts'
import { signInText as text } from './sign-in-text.ts'

export type Choice = { id: string; name: string; kind: 'oidc' | 'entra'; organization: string }
export type Options = { microsoft: boolean; choices: Choice[] }

/** Ways in beside a password, for an address or for an organization's short name. */
export const readOptions = (by: { email?: string; organization?: string }) =>
  get(`/api/sign-in/options?${new URLSearchParams(by)}`) as Promise<Options>

export type Refusal = { code: string; message: string; reference: string; purpose: string; tenantId?: string; email?: string }

/** Why the last sign-in of this browser was refused; empty when none was of late. */
export const readRefusal = () => get('/api/sign-in/refusal') as Promise<Partial<Refusal>>

type Leave = { with: string; purpose?: 'sign-in' | 'link' | 'claim'; organization?: string; return?: string; hint?: string }

/** Goes to the provider; the page is left. */
export async function leaveForProvider(input: Leave) {
  const { url } = (await post('/api/sign-in/start', input)) as { url: string }
  location.assign(url)
}

/** Whether the second factor is still to be shown. */
export async function signInByPassword(email: string, password: string): Promise<'done' | 'code'> {
  const answer = (await post('/api/auth/sign-in/email', { email, password })) as { twoFactorRedirect?: boolean }
  return answer.twoFactorRedirect ? 'code' : 'done'
}

/** A code of the authenticator app, or one of the recovery codes. */
export const confirmByCode = (code: string, kind: 'totp' | 'recovery') =>
  post(`/api/auth/two-factor/verify-${kind === 'totp' ? 'totp' : 'backup-code'}`, { code })

export async function signInByPasskey() {
  const optionsJSON = (await get('/api/auth/passkey/generate-authenticate-options')) as never
  const response = await startAuthentication({ optionsJSON }).catch(explain)
  await post('/api/auth/passkey/verify-authentication', { response })
}

export async function addPasskey(name: string) {
  const optionsJSON = (await get(`/api/auth/passkey/generate-register-options?${new URLSearchParams({ name })}`)) as never
  const response = await startRegistration({ optionsJSON }).catch(explain)
  await post('/api/auth/passkey/verify-registration', { response, name })
}

export const beginTwoFactor = (password: string) =>
  post('/api/auth/two-factor/enable', { password }) as Promise<{ totpURI: string; backupCodes: string[] }>
export const endTwoFactor = (password: string) => post('/api/auth/two-factor/disable', { password })
export const newRecoveryCodes = (password: string) =>
  post('/api/auth/two-factor/generate-backup-codes', { password }) as Promise<{ backupCodes: string[] }>
export const changePassword = (currentPassword: string, newPassword: string) =>
  post('/api/auth/change-password', { currentPassword, newPassword, revokeOtherSessions: true })

/** What a browser says about passkeys, in words that help. */
function explain(error: unknown): never {
  const { name, message } = error as Error
  if (name === 'NotAllowedError' || name === 'AbortError') throw new Error(text.passkeyCancelled)
  if (name === 'InvalidStateError') throw new Error(text.passkeyKnown)
  throw new Error(text.passkeyFailed({ reason: message }))
}
