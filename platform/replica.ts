/**
 * Reads at a streaming replica that are never older than what anybody was told: before a read goes there, the primary is asked
 * how far its log is on disk, and the read begins when the replica has come up to there. So whoever wrote sees the
 * write, at whichever server they ask, and whoever heard of a change sees the change; no client has to carry anything along.
 * The question is asked once for all reads that wait at that moment, and costs the primary less than any list.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { type Database, openDatabase, type Scope, type Transaction } from './database.ts'

export type Replica = {
  /** A transaction to read in; null when the replica is late, away or resting, and the primary has to answer. */
  begin(scope: Scope): Promise<Transaction | null>
  /** A read failed there: leave it alone for a while. */
  rest(): void
  close(): Promise<void>
}

/** A read waits no longer than this for the replica; the primary would have answered by then. */
const patienceMs = 100
/** Who says nothing for so long is away. */
const silenceMs = 1_000
/** A replica that was late or away is asked again after this. */
const restMs = 2_000

/**
 * @param primary where writes go
 * @param options the replica's address under the application's login; whether statements are prepared by name there
 */
export function openReplica(primary: Pick<Database, 'ask'>, options: { url: string; named: boolean }): Replica {
  const database = openDatabase({ ...options, patienceMs: 1_000 })
  const written = inTurn(() => position(primary, 'pg_current_wal_flush_lsn()'))
  let replayed = 0n
  const look = inTurn(async () => {
    const now = await position(database, 'pg_last_wal_replay_lsn()')
    if (now > replayed) replayed = now
  })
  let restUntil = 0
  const rest = () => {
    restUntil = Date.now() + restMs
  }

  async function catchUp(signal: AbortSignal): Promise<boolean> {
    const wanted = await written()
    for (let pause = 1; replayed < wanted; pause = Math.min(2 * pause, 10)) {
      await look()
      if (replayed < wanted) await wait(pause, undefined, { signal })
    }
    return true
  }

  return {
    async begin(scope) {
      if (Date.now() < restUntil) return null
      const late = new AbortController()
      const patience = wait(patienceMs, false, { signal: late.signal }).catch(() => false)
      try {
        const there = await Promise.race([catchUp(late.signal), patience])
        if (there) return await database.begin(scope, 'read only')
      } catch {
        // Away, or the primary is: its own read will say so.
      } finally {
        late.abort()
      }
      rest()
      return null
    },
    rest,
    close: database.close,
  }
}

/** Where a server stands in the write-ahead log, as a number of bytes; 0 when it replays none. Silence is no answer either. */
async function position({ ask }: Pick<Database, 'ask'>, expression: string): Promise<bigint> {
  const [row] = await within(silenceMs, ask(`position ${expression}`, `select ${expression}::text as lsn`, []))
  const [high, low] = String(row?.lsn ?? '0/0').split('/')
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}

async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const { promise: silence, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`No answer within ${ms} ms`)), ms)
  try {
    return await Promise.race([answer, silence])
  } finally {
    clearTimeout(timer)
  }
}

/** One question at a time. Who comes while one is under way gets the answer of the next: it must not be older than they are. */
function inTurn<T>(ask: () => Promise<T>): () => Promise<T> {
  let current: Promise<unknown> = Promise.resolve()
  let next: Promise<T> | undefined
  return () => {
    next ??= current
      .catch(() => {})
      .then(() => {
        next = undefined
        const asked = ask()
        current = asked
        return asked
      })
    return next
  }
}
