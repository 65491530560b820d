/** The doors of sign-in; not operations, so not in the typed client. */

import { answerOf, ProblemResponse } from '../platform/client.ts'
import { text } from './text.ts'

async function post(path: string, body: object): Promise<unknown> {
  const response = await fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new ProblemResponse({
      error: 'UNREACHABLE',
      status: 0,
      message: text.unreachable,
    })
  })
  return answerOf(response)
}

export const signIn = (email: string, password: string) => post('/api/auth/sign-in/email', { email, password })
export const signOut = () => post('/api/auth/sign-out', {})
export const setUp = (input: { token: string; name: string; email: string; password: string; organizationName: string }) =>
  post('/api/setup', input)

/** Whether the installation has its administrator, so that a set-up link no longer serves. */
export async function isSetUp(): Promise<boolean> {
  const response = await fetch('/api/setup')
  return ((await answerOf(response)) as { open: boolean }).open === false
}
