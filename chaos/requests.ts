/** Requests as a careful program sends them: with a deadline, again while nobody answered, each into the journal. */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { BenchOrganization } from '../bench/seed.ts'
import type { Random } from '../test/random.ts'
import type { Entry, Journal, Kind } from './journal.ts'
import type { Managed } from './processes.ts'

export type Answer = { status: number; body: Record<string, unknown> }

export type Sent = {
  organization: Pick<BenchOrganization, 'id' | 'key'>
  method: 'GET' | 'POST' | 'PATCH'
  path: string
  /** JSON, or a form as it is. */
  body?: object | FormData
  key?: string | null
}

/** A server that says nothing for so long is asked no more. */
const patienceMs = 20_000

/** One request to one server; null when no answer came. */
export async function ask(url: string, { organization, method, path, body, key }: Sent): Promise<Answer | null> {
  const isForm = body instanceof FormData
  try {
    const response = await fetch(`${url}/api${path}`, {
      method,
      headers: {
        'x-api-key': organization.key,
        ...(body && !isForm && { 'content-type': 'application/json' }),
        ...(key && { 'idempotency-key': key }),
      },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  } catch {
    return null
  }
}

/** What an answer says of the request: whether it was done. Only a 4xx promises that nothing was. */
export const outcomeOf = (answer: Answer | null): Entry['outcome'] =>
  answer === null || answer.status >= 500 ? 'unknown' : answer.status < 300 ? 'done' : 'refused'

export type Sending = {
  servers: readonly Managed[]
  journal: Journal
  random: Random
  /** Answers that no fault excuses. */
  wrong: (what: string) => void
  /** No more requests are begun; those under way are sent until they are answered. */
  ending: () => boolean
}

/** Longer than anything here may last; a request not answered by then is a finding. */
const longestMs = 150_000

/**
 * Sends a change and writes down what became of it. With an Idempotency-Key it is sent until it is answered, to one server
 * or another, and now and then once more after that: the answer must be the same.
 */
export async function send(
  { servers, journal, random, wrong }: Sending,
  kind: Kind,
  mark: string,
  request: Sent,
  read: (answer: Answer) => Partial<Entry>,
): Promise<Answer | null> {
  const sentAt = Date.now()
  let attempts = 0
  let answer: Answer | null = null
  do {
    if (attempts > 0) await wait(100 + random.below(300))
    attempts += 1
    answer = await ask(random.pick(servers).url, request)
    if (answer && answer.status >= 500 && answer.status !== 503 && answer.status !== 507)
      wrong(`${request.method} ${request.path} (${mark}) was answered with ${answer.status}: ${JSON.stringify(answer.body)}`)
  } while (request.key && outcomeOf(answer) === 'unknown' && Date.now() - sentAt < longestMs)
  const outcome = outcomeOf(answer)
  if (request.key && outcome === 'unknown') wrong(`${mark} was sent for ${longestMs / 1000} s and never answered`)
  const { id: organizationId } = request.organization
  journal.write({
    ...{ kind, mark, organizationId, key: request.key ?? null, outcome, sentAt, answeredAt: Date.now(), attempts },
    ...(outcome === 'done' && read(answer!)),
  })
  if (outcome === 'done' && request.key && random.chance(0.1)) await sendAgain(random.pick(servers).url, request, answer!, wrong)
  return answer
}

/** The same request with the same key, to whichever server: the same answer, and nothing is done. */
async function sendAgain(url: string, request: Sent, first: Answer, wrong: Sending['wrong']) {
  const again = await ask(url, request)
  if (again === null || again.status >= 500) return
  if (JSON.stringify(again.body) !== JSON.stringify(first.body))
    wrong(`${request.key}, sent again, was answered with ${again.status} ${JSON.stringify(again.body).slice(0, 300)}`)
}

export const newKey = () => randomUUID()
