/**
 * People who look at live pages: each keeps a stream open and opens it again when it breaks, as a browser does. What
 * changed while a stream was open has to be heard on it; what changed while it was not is read again when it opens.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { BenchOrganization } from '../bench/seed.ts'
import type { Entry } from './journal.ts'
import type { Managed } from './processes.ts'

export type Reader = ReturnType<typeof reader>

export function reader(server: Managed, organization: BenchOrganization) {
  /** When each ticket was last heard of. */
  const heard = new Map<string, number>()
  let openedAt = Number.POSITIVE_INFINITY
  let stopped = false
  let opened = 0
  const stopping = new AbortController()

  async function follow() {
    while (!stopped) {
      try {
        const response = await fetch(`${server.url}/api/live`, {
          headers: { 'x-api-key': organization.key },
          signal: stopping.signal,
        })
        if (response.status === 200) await listen(response.body!)
      } catch {
        // the stream broke
      }
      openedAt = Number.POSITIVE_INFINITY
      if (!stopped) await wait(250)
    }
  }

  async function listen(body: ReadableStream<Uint8Array>) {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of body) {
      if (openedAt === Number.POSITIVE_INFINITY) {
        openedAt = Date.now()
        opened += 1
      }
      text += decoder.decode(chunk, { stream: true })
      const messages = text.split('\n\n')
      text = messages.pop()!
      for (const message of messages) {
        if (message.startsWith('data: ')) note(message.slice(6))
        // Told that something may have been missed, a page reads again.
        if (message.startsWith('event: missed')) openedAt = Date.now()
      }
    }
  }

  function note(data: string) {
    const { subjectId } = JSON.parse(data) as { subjectId: string | null }
    if (subjectId) heard.set(subjectId, Date.now())
  }

  const following = follow()
  return {
    name: `a reader at ${server.name}`,
    isOpen: () => openedAt !== Number.POSITIVE_INFINITY,
    timesOpened: () => opened,
    /** Whether this page shows the change by now: heard of, or read again, since it was sent. */
    shows: ({ organizationId, taskId, sentAt }: Entry) =>
      organizationId !== organization.id || taskId === undefined || openedAt >= sentAt || (heard.get(taskId) ?? 0) >= sentAt,
    async stop() {
      stopped = true
      stopping.abort()
      await following
    },
  }
}
