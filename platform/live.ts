/**
 * What just happened, to whoever is looking: inside this process at once, to the other server processes by one NOTIFY
 * per moment. It only says that something changed; what it is now is read again under the reader's own rights. What could
 * not be told (the database was away, a process was killed) is made good by telling everybody to read again.
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
type Pulse = {
  /** Each process says so often that it is there … */
  aliveEveryMs?: number
  /** … and one that was not heard for so long without a farewell died, perhaps with something to tell. */
  silenceMs?: number
}

export type Live = ReturnType<typeof liveBus>

type Message = { from: string; happenings: Happening[]; missed?: true; leaving?: true }

export function liveBus(pool: pg.Pool, { aliveEveryMs = 3_000, silenceMs = 10_000 }: Pulse = {}) {
  const me = randomUUID()
  const listeners = new Map<string, Set<(happening: Happening) => void>>()
  const missers = new Set<() => void>()
  /** The other processes, and when each was last heard. */
  const peers = new Map<string, number>()
  let waiting: Happening[] = []
  let timer: NodeJS.Timeout | undefined
  let wasListening = false
  /** Something could not be told to the others: they hear that they missed it. */
  let owing = false

  const tell = (happening: Happening) => {
    for (const listener of listeners.get(happening.organizationId) ?? []) listener(happening)
  }

  const missed = () => {
    for (const misser of missers) misser()
  }

  const notify = async (payload: string) => {
    try {
      await pool.query('select pg_notify($1, $2)', [liveChannel, payload])
      return true
    } catch {
      return false
    }
  }

  async function flush() {
    timer = undefined
    const batch = waiting
    waiting = []
    for (const payload of payloads(me, batch)) if (!(await notify(payload))) owing = true
  }

  async function sayAlive() {
    const owed = owing
    owing = false
    if (!(await notify(JSON.stringify({ from: me, happenings: [], ...(owed && { missed: true }) })))) owing ||= owed
  }

  const round = setInterval(() => {
    void sayAlive()
    const gone = [...peers].filter(([, heardAt]) => performance.now() - heardAt > silenceMs)
    for (const [peer] of gone) peers.delete(peer)
    if (gone.length > 0) missed()
  }, aliveEveryMs)
  round.unref()

  return {
    /** Tells everybody who listens in the organization; never waits and never fails. */
    publish(happenings: readonly Happening[]) {
      for (const happening of happenings) tell(happening)
      waiting.push(...happenings)
      timer ??= setTimeout(flush, momentMs)
    },
    /** What another process said; messages of this one come back too and are passed over. */
    heard(payload: string) {
      const { from, happenings, ...said } = JSON.parse(payload) as Message
      if (from === me) return
      for (const happening of happenings) tell(happening)
      if (said.missed) missed()
      if (said.leaving) peers.delete(from)
      else peers.set(from, performance.now())
    },
    /** Whether the messages of the others come in; after a while in which they did not, something was missed. */
    listening(yes: boolean) {
      peers.clear()
      if (yes && wasListening) missed()
      wasListening ||= yes
    },
    /**
     * @param misser told when something may have happened that nobody said: whoever shows things reads them again
     * @returns how to stop listening
     */
    listen(organizationId: string, listener: (happening: Happening) => void, misser?: () => void): () => void {
      const set = listeners.get(organizationId) ?? new Set()
      listeners.set(organizationId, set.add(listener))
      if (misser) missers.add(misser)
      return () => {
        if (misser) missers.delete(misser)
        set.delete(listener)
        if (set.size === 0) listeners.delete(organizationId)
      }
    },
    /** Those who listen right now. */
    listeners() {
      let count = 0
      for (const set of listeners.values()) count += set.size
      return count
    },
    /** Tells what is still to be told, and that this process goes. */
    async stop() {
      clearTimeout(timer)
      clearInterval(round)
      await flush()
      await notify(JSON.stringify({ from: me, happenings: [], leaving: true }))
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
