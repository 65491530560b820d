/**
 * A statement that brings its organization along. PostgreSQL takes what a client sends up to one Sync message as one
 * transaction; so the settings of the transaction and a read travel together, and there is no `begin` to send and no
 * `commit` to wait for: one packet each way. Only reads: the same settings make the transaction read-only.
 */
import pg from 'pg'

const name = 'tater_scope'
const text = `select set_config('transaction_read_only', 'on', true), set_config('app.organization_id', $1, true), set_config('app.user_id', $2, true)`

/** Prepares the settings on a new connection, before anything else is sent there. */
export const prepareScope = (client: pg.PoolClient) => {
  client.query({ name, text, values: ['', ''] }).catch(() => {}) // a connection that cannot do this fails its next statement
}

type Wire = {
  bind(message: { portal: string; statement: string; values: string[] }): void
  execute(message: { portal: string; rows: number }): void
}

type Answered = (error: Error | null, result: pg.QueryResult) => void

/** What pg's own class offers to those that extend it; its published types leave it out. */
type Extensible = {
  prepare(connection: unknown): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, connection: unknown): void
}
const Query = pg.Query as unknown as new (config: pg.QueryConfig & { queryMode: string }, answered: Answered) => Extensible

class ScopedQuery extends Query {
  readonly scope: string[]
  #settled = false

  constructor(config: pg.QueryConfig, scope: string[], answered: Answered) {
    super({ ...config, queryMode: 'extended' }, answered)
    this.scope = scope
  }

  override prepare(connection: Wire) {
    connection.bind({ portal: '', statement: name, values: this.scope })
    connection.execute({ portal: '', rows: 0 })
    super.prepare(connection)
  }

  // The first row and the first completion are those of the settings.
  override handleDataRow(message: unknown) {
    if (this.#settled) super.handleDataRow(message)
  }

  override handleCommandComplete(message: unknown, connection: unknown) {
    if (this.#settled) super.handleCommandComplete(message, connection)
    this.#settled = true
  }
}

/**
 * Runs one read in a transaction of its own.
 * @param scope ids of the organization and the person, or empty texts
 */
export const scopedQuery = (client: pg.PoolClient, config: pg.QueryConfig, scope: string[]): Promise<pg.QueryResult> =>
  new Promise((resolve, reject) => {
    client.query(new ScopedQuery(config, scope, (error, result) => (error ? reject(error) : resolve(result))) as never)
  })
