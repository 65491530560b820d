/** Hears PostgreSQL's NOTIFY on a connection of its own, and comes back by itself when that breaks. */
import pg from 'pg'

type Ears = {
  heard(channel: string, payload: string): void
  /** false while nobody listens: what was kept on the strength of hearing changes must not be trusted then. */
  listening(yes: boolean): void
  /** The database has not said a word for `patienceMs` (it is stopped, or the way to it is cut): waiting for it leads nowhere. */
  silent(): void
}

type Patience = {
  /** How long after an answer the database is asked again whether it is there. */
  askEveryMs?: number
  /** How long it may take to answer. */
  patienceMs?: number
}

/** @param url a direct connection; a transaction pooler cannot listen */
export function listen(
  url: string,
  channels: readonly string[],
  ears: Ears,
  { askEveryMs = 5_000, patienceMs = 10_000 }: Patience = {},
) {
  let client: pg.Client | undefined
  let next: NodeJS.Timeout | undefined
  let stopped = false
  let hears = false

  const connect = async () => {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'tater listener',
      keepAlive: true,
      connectionTimeoutMillis: patienceMs,
    })
    client = fresh
    fresh.on('notification', ({ channel, payload = '' }) => ears.heard(channel, payload))
    fresh.on('error', () => lost(fresh))
    fresh.on('end', () => lost(fresh))
    try {
      await fresh.connect()
      for (const channel of channels) await fresh.query(`listen ${channel}`)
      if (client !== fresh) return
      hears = true
      ears.listening(true)
      next = setTimeout(ask, askEveryMs, fresh)
    } catch {
      lost(fresh)
    }
  }
  /** A connection whose other end is gone without a word looks like one on which nothing happens; so it is asked. */
  const ask = async (which: pg.Client) => {
    if (client !== which) return
    let answered = false
    const late = setTimeout(() => {
      // After a pause of this process its answer may have come and not have been read yet.
      setTimeout(() => {
        if (answered || client !== which) return
        ears.silent()
        cut(which)
        lost(which)
      }, 200)
    }, patienceMs)
    await which.query('select').catch(() => {}) // a connection that broke says so by itself
    answered = true
    clearTimeout(late)
    if (client === which) next = setTimeout(ask, askEveryMs, which)
  }
  const lost = (which: pg.Client) => {
    if (client !== which) return
    client = undefined
    clearTimeout(next)
    hears = false
    ears.listening(false)
    which.end().catch(() => {})
    if (!stopped) next = setTimeout(connect, 500)
  }

  void connect()
  return {
    /** Whether it hears right now. */
    isListening: () => hears,
    async stop() {
      stopped = true
      clearTimeout(next)
      const last = client
      client = undefined
      await last?.end().catch(() => {})
    },
  }
}

type Cuttable = { connection: { stream: { destroy(): void } } }

/** Ends a connection without a word, for the other side says none either. What waits on it fails at once. */
export const cut = (client: pg.ClientBase) => (client as unknown as Cuttable).connection.stream.destroy()
