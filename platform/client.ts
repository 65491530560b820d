/**
 * Runs in the browser. `Operations` is imported as a type, so no server code is bundled; `generated/routes.ts`
 * (name to verb and path) is the one file of the server's that comes along.
 */
import type { z } from 'zod'
import type { Operations } from '../modules/index.ts'
import { messages, params } from './messages.ts'
import { spokenLanguage } from './react/i18n.ts'

const words = messages('platform/client', {
  noReason: params('The server answered {status} without a reason. Try again in a moment.'),
  unreachable: 'The server cannot be reached. Check the connection and try again; what you entered is still here.',
})

/** The language chosen on the screen, whatever the browser would ask for. */
const asking = { 'accept-language': spokenLanguage }

export type Name = Operations['name']
export type QueryName = Extract<Operations, { kind: 'query' }>['name']
export type CommandName = Extract<Operations, { kind: 'command' }>['name']
type Named<N extends Name> = Extract<Operations, { name: N }>
export type Input<N extends Name> = z.input<Named<N>['input']>
export type Output<N extends Name> = z.output<Named<N>['output']>

/** One field a refused move still needs. */
export type Missing = { field: string; label: string; type: string; choices?: readonly string[] }

/** The parts of a problem that pages read; a process refusal has the second half. */
export type ProblemBody = {
  error: string
  message: string
  status: number
  title?: string
  instance?: string
  errors?: { pointer: string; detail: string }[]
  rule?: string
  currentStatus?: string | null
  requestedStatus?: string
  allowedTransitions?: string[]
  missingFields?: Missing[]
  problems?: { field: string; code: string; message: string }[]
  current?: Record<string, unknown>
  yours?: Record<string, unknown>
  version?: number
}

/** The server's no, with its reason. */
export class ProblemResponse extends Error {
  readonly code: string
  readonly status: number
  readonly body: ProblemBody
  constructor(body: ProblemBody) {
    super(body.message)
    this.code = body.error
    this.status = body.status
    this.body = body
  }
}

export type Call = <N extends Name>(name: N, input: Input<N>) => Promise<Output<N>>

/** `a=1&status=New&status=Open`: lists repeat their name, absent values stay out. */
export function queryString(input: Record<string, unknown>): string {
  const pairs = Object.entries(input).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((each) => each !== undefined && each !== null && each !== '')
      .map((each) => [key, String(each)]),
  )
  return new URLSearchParams(pairs).toString()
}

/** Reads an answer, or throws what the server said stands in the way. */
export async function answerOf(response: Response): Promise<unknown> {
  const text = await response.text()
  const body = parsed(text)
  if (response.ok) return body
  const known = (body ?? {}) as Partial<ProblemBody> & { detail?: string; code?: string }
  throw new ProblemResponse({
    ...known,
    error: known.error ?? known.code ?? `HTTP_${response.status}`,
    message: known.message ?? known.detail ?? words.noReason({ status: response.status }).in(spokenLanguage),
    status: response.status,
  })
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return null
  }
}

const unreachable = () =>
  new ProblemResponse({
    error: 'UNREACHABLE',
    status: 0,
    message: words.unreachable.in(spokenLanguage),
  })

/** Requests of this tab that changed something; the live stream brings them back, and here they are no news. */
const ownRequests = new Set<string>()
export const isOwnRequest = (id: string) => ownRequests.has(id)

function remember(response: Response): Response {
  const id = response.headers.get('x-request-id')
  if (id) ownRequests.add(id)
  if (ownRequests.size > 500) ownRequests.delete(ownRequests.values().next().value!)
  return response
}

/** Makes the typed client. `onSignedOut` hears of every 401. */
export const client =
  (routes: Record<string, string>, send: typeof fetch, onSignedOut: () => void): Call =>
  async (name, input) => {
    const [method, path] = routes[name]!.split(' ') as [string, string]
    const rest: Record<string, unknown> = { ...(input as object) }
    const url = path.replace(/:(\w+)/g, (_, key: string) => {
      const value = String(rest[key])
      delete rest[key]
      return encodeURIComponent(value)
    })
    const query = method === 'GET' ? queryString(rest) : ''
    const init =
      method === 'GET'
        ? { headers: asking }
        : { method, headers: { ...asking, 'content-type': 'application/json' }, body: JSON.stringify(rest) }
    try {
      const response = await send(`/api${url}${query && `?${query}`}`, { credentials: 'same-origin', ...init }).catch(() => {
        throw unreachable()
      })
      if (method !== 'GET') remember(response)
      return (await answerOf(response)) as never
    } catch (error) {
      if (error instanceof ProblemResponse && error.status === 401) onSignedOut()
      throw error
    }
  }

/** Sends a form with files; for the doors that are not operations. */
export async function upload(path: string, fields: Record<string, string>, file: File): Promise<unknown> {
  const form = new FormData()
  // Fields go first: a server that streams the file wants to know them by then.
  for (const [key, value] of Object.entries(fields)) form.append(key, value)
  form.append('file', file, file.name)
  const response = await fetch(path, { method: 'POST', headers: asking, body: form, credentials: 'same-origin' }).catch(() => {
    throw unreachable()
  })
  return answerOf(remember(response))
}
