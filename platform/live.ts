/**
 * What just happened, to whoever is looking: inside this process at once, to the other server processes by one NOTIFY
 * per moment. It only says that something changed; what it is now is read again under the reader's own rights. A lost
 * message costs freshness, never truth.
 */
import { randomUUID } from 'node:crypto'
import type pg from 'pg'

export type Happening = {
  organizationId: string
  /** `task.moved`, `comment.added` …, or `presence`. */
  action: string
  subjectType: string
  subjectId: string | null
  actorName: string
  /** Who must not see it as news: the request that caused it. */
  requestId: string
  /** Only with `presence`. */
  presence?: { email: string; name: string; kind: string; state: 'viewing' | 'typing' | 'left' }
}

export const liveChannel = 'tater_live'

/** PostgreSQL refuses payloads of 8,000 bytes. */
const mostBytes = 7_500
const momentMs = 40

export type Live = ReturnType<typeof liveBus>

export function liveBus(pool: pg.Pool) {
  const me = randomUUID()
  const listeners = new Map<string, Set<(happening: Happening) => void>>()
  let waiting: Happening[] = []
  let timer: NodeJS.Timeout | undefined

  const tell = (happening: Happening) => {
    for (const listener of listeners.get(happening.organizationId) ?? []) listener(happening)
  }

  async function flush() {
    timer = undefined
    const batch = waiting
    waiting = []
    for (const payload of payloads(me, batch))
      await pool.query('select pg_notify($1, $2)', [liveChannel, payload]).catch(() => {})
  }

  return {
    /** Tells everybody who listens in the organization; never waits and never fails. */
    publish(happenings: readonly Happening[]) {
      for (const happening of happenings) tell(happening)
      waiting.push(...happenings)
      timer ??= setTimeout(flush, momentMs)
    },
    /** What another process said; messages of this one come back too and are passed over. */
    heard(payload: string) {
      const { from, happenings } = JSON.parse(payload) as { from: string; happenings: Happening[] }
      if (from !== me) for (const happening of happenings) tell(happening)
    },
    /** @returns how to stop listening */
    listen(organizationId: string, listener: (happening: Happening) => void): () => void {
      const set = listeners.get(organizationId) ?? new Set()
      listeners.set(organizationId, set.add(listener))
      return () => {
        set.delete(listener)
        if (set.size === 0) listeners.delete(organizationId)
      }
    },
    stop() {
      clearTimeout(timer)
    },
  }
}

/** As few messages as fit. */
function* payloads(from: string, happenings: readonly Happening[]) {
  let batch: Happening[] = []
  let bytes = 0
  for (const happening of happenings) {
    const size = Buffer.byteLength(JSON.stringify(happening)) + 1
    if (bytes + size > mostBytes && batch.length > 0) {
      yield JSON.stringify({ from, happenings: batch })
      batch = []
      bytes = 0
    }
    batch.push(happening)
    bytes += size
  }
  if (batch.length > 0) yield JSON.stringify({ from, happenings: batch })
}
