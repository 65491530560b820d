/** The doors of sign-in; not operations, so not in the typed client. */

import { post } from '../modules/identity/ui/send.ts'
import { answerOf } from '../platform/client.ts'

export const signOut = () => post('/api/auth/sign-out', {})
export const setUp = (input: { token: string; name: string; email: string; password: string; organizationName: string }) =>
  post('/api/setup', input)

/** Whether the installation has its administrator, so that a set-up link no longer serves. */
export async function isSetUp(): Promise<boolean> {
  const response = await fetch('/api/setup')
  return ((await answerOf(response)) as { open: boolean }).open === false
}
