/**
 * A prepared statement as it goes over the wire. PostgreSQL takes what a client sends up to one Sync message as one unit,
 * so what has to come first (the settings of the organization, `begin`) travels in the same packet as prepared statements
 * of their own; a read needs no `begin` and no `commit` at all. What the columns of a statement are is asked once for each
 * connection: the answer is the same every time, and describing sixty columns costs both sides more than reading a row.
 */
import pg from 'pg'

/** Statements that go ahead of others, prepared on each connection before anything else is sent there. */
const ahead = {
  begin: { name: 'tater_begin', text: 'begin' },
  write: {
    name: 'tater_scope',
    text: `select set_config('app.organization_id', $1, true), set_config('app.user_id', $2, true)`,
  },
  read: {
    name: 'tater_read_scope',
    text: `select set_config('transaction_read_only', 'on', true), set_config('app.organization_id', $1, true), set_config('app.user_id', $2, true)`,
  },
}

/** Prepares what goes ahead on a new connection. */
export const prepareScope = (client: pg.PoolClient) => {
  const scope = ['', '']
  for (const { name, text } of [ahead.read, ahead.write]) client.query({ name, text, values: scope }).catch(() => {}) // a connection that cannot do this fails its next statement
  client.query({ ...ahead.begin, values: [] }).catch(() => {})
  client.query('commit').catch(() => {})
}

/**
 * What a statement brings along: `read` makes it a read-only transaction of the organization on its own, `begin` opens one
 * for it and those that follow. `scope` holds the ids of the organization and the person, or empty texts.
 */
export type Lead = { kind: 'read' | 'begin'; scope: string[] }

type Wire = {
  bind(message: { portal: string; statement: string; values: string[] }): void
  describe(message: { type: 'P'; name: string }): void
  execute(message: { portal: string; rows: number }): void
}

type Field = { name: string; dataTypeID: number; format: 'text' | 'binary' }
type Answered = (error: Error | null, result: pg.QueryResult) => void

/** What pg's own class offers to those that extend it; its published types leave it out. */
type Extensible = {
  name: string | undefined
  values: unknown[]
  _result: { _types: { getTypeParser(oid: number, format: string): (text: string) => unknown } }
  prepare(connection: Wire): void
  handleCommandComplete(message: unknown, connection: unknown): void
}
const Query = pg.Query as unknown as new (text: string, values: undefined, answered: Answered) => Extensible

/** The columns of a statement and how each is read. */
type Shape = { names: string[]; parsers: ((text: string) => unknown)[]; blank: Record<string, null> }

/** What is known of each connection's statements; they keep their columns for as long as the connection lives. */
const shapes = new WeakMap<object, Map<string, Shape>>()

const completions = { read: 1, begin: 2 }

class PreparedQuery extends Query {
  readonly queryMode = 'extended'
  readonly #lead: Lead | null
  /** How many completions of what went ahead are still to come. */
  #before: number
  #shape: Shape | undefined
  #known: Map<string, Shape>
  readonly #rows: Record<string, unknown>[] = []

  constructor(client: object, { text, name, values }: pg.QueryConfig, lead: Lead | null, answered: Answered) {
    super(text, undefined, answered)
    this.name = name
    this.values = values ?? []
    this.#lead = lead
    this.#before = lead ? completions[lead.kind] : 0
    let known = shapes.get(client)
    if (!known) {
      known = new Map()
      shapes.set(client, known)
    }
    this.#known = known
    this.#shape = name ? known.get(name) : undefined
  }

  override prepare(connection: Wire) {
    if (this.#lead?.kind === 'begin') sendAhead(connection, ahead.begin.name, [])
    if (this.#lead) sendAhead(connection, this.#lead.kind === 'begin' ? ahead.write.name : ahead.read.name, this.#lead.scope)
    // pg asks for the columns of everything it runs; known ones are not asked for again.
    super.prepare(this.#shape ? withoutDescribe(connection) : connection)
  }

  handleRowDescription({ fields }: { fields: Field[] }) {
    const types = this._result._types
    this.#shape = {
      names: fields.map(({ name }) => name),
      parsers: fields.map(({ dataTypeID, format }) => types.getTypeParser(dataTypeID, format)),
      blank: Object.fromEntries(fields.map(({ name }) => [name, null])),
    }
    if (this.name) this.#known.set(this.name, this.#shape)
  }

  handleDataRow({ fields }: { fields: (string | null)[] }) {
    if (this.#before > 0) return // what set_config answers
    const { names, parsers, blank } = this.#shape!
    const row: Record<string, unknown> = { ...blank }
    for (let at = 0; at < fields.length; at += 1) {
      const text = fields[at]!
      if (text !== null) row[names[at]!] = parsers[at]!(text)
    }
    this.#rows.push(row)
  }

  override handleCommandComplete(message: unknown, connection: unknown) {
    if (this.#before > 0) {
      this.#before -= 1
      return
    }
    super.handleCommandComplete(message, connection)
  }

  get rowsRead() {
    return this.#rows
  }
}

function sendAhead(connection: Wire, statement: string, values: string[]) {
  connection.bind({ portal: '', statement, values })
  connection.execute({ portal: '', rows: 0 })
}

const quiet = new WeakMap<Wire, Wire>()

/** The connection, except that it describes nothing. */
function withoutDescribe(connection: Wire): Wire {
  let view = quiet.get(connection)
  if (!view) {
    view = Object.create(connection, { describe: { value: () => {} } }) as Wire
    quiet.set(connection, view)
  }
  return view
}

export type Answer = { rows: Record<string, unknown>[]; rowCount: number | null }

/**
 * Runs a statement.
 * @param lead what goes ahead of it in the same packet; null inside a transaction that is open
 */
export const preparedQuery = (client: pg.PoolClient, config: pg.QueryConfig, lead: Lead | null): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const query: PreparedQuery = new PreparedQuery(client, config, lead, (error, result) =>
      error ? reject(error) : resolve({ rows: query.rowsRead, rowCount: result.rowCount }),
    )
    client.query(query as never)
  })
