/** Asks the doors of sign-in, which are no operations and so not in the typed client. */
import { answerOf, ProblemResponse } from '../../../platform/client.ts'
import { text } from '../../../platform/react/text.ts'

async function send(path: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(path, { credentials: 'same-origin', ...init }).catch(() => {
    throw new ProblemResponse({ error: 'UNREACHABLE', status: 0, message: text.unreachable })
  })
  return answerOf(response)
}

export const get = (path: string) => send(path)
export const post = (path: string, body: object) =>
  send(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
