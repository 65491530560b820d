/** Hears PostgreSQL's NOTIFY on a connection of its own, and comes back by itself when that breaks. */
import pg from 'pg'

type Ears = {
  heard(channel: string, payload: string): void
  /** false while nobody listens: what was kept on the strength of hearing changes must not be trusted then. */
  listening(yes: boolean): void
}

/** @param url a direct connection; a transaction pooler cannot listen */
export function listen(url: string, channels: readonly string[], ears: Ears) {
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  let stopped = false

  const connect = async () => {
    const fresh = new pg.Client({ connectionString: url, application_name: 'tater listener', keepAlive: true })
    client = fresh
    fresh.on('notification', ({ channel, payload = '' }) => ears.heard(channel, payload))
    fresh.on('error', () => lost(fresh))
    fresh.on('end', () => lost(fresh))
    try {
      await fresh.connect()
      for (const channel of channels) await fresh.query(`listen ${channel}`)
      if (client === fresh) ears.listening(true)
    } catch {
      lost(fresh)
    }
  }
  const lost = (which: pg.Client) => {
    if (client !== which) return
    client = undefined
    ears.listening(false)
    which.end().catch(() => {})
    if (!stopped) retry = setTimeout(connect, 500)
  }

  void connect()
  return {
    async stop() {
      stopped = true
      clearTimeout(retry)
      const last = client
      client = undefined
      await last?.end().catch(() => {})
    },
  }
}
