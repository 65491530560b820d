/**
 * The only way to PostgreSQL: a transaction of one organization. `begin`, the organization's setting and the first
 * statement travel in one round trip, and the commit with the last, because statements are sent without waiting
 * for the ones before them (pg's pipeline mode).
 */
import {
  type CompiledQuery,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresDialect,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import pg from 'pg'
import type { Tables } from '../generated/tables.ts'
import { isUuid } from './ids.ts'
import { cut } from './listen.ts'
import { preparedQuery, prepareScope } from './prepared-query.ts'
import { isConnectionGone } from './problem.ts'

export type Db = Kysely<Tables>

/** Whose data a transaction sees: the organization, and the person for the few tables that follow a person. */
export type Scope = { organizationId: string | null; userId: string | null }

export type Transaction = {
  db: Db
  /** Goes on in another organization; the caller has made sure that this is allowed. */
  enter(organizationId: string | null): Promise<void>
  /** Sends the commit; resolves when PostgreSQL has it on disk, throws when it rolled back instead. */
  commit(): Promise<void>
  rollback(): Promise<void>
}

export type Database = ReturnType<typeof openDatabase>

export type DatabaseOptions = {
  /** The application's login, which owns nothing and cannot bypass row security. */
  url: string
  max?: number
  /** Prepared statements by name; off behind a proxy that cannot keep them (PG_NAMED=0). */
  named?: boolean
  /** How long to wait for a connection, in milliseconds: longer than any queue of a healthy server, for then it is better to say that it is busy. */
  patienceMs?: number
}

// Timestamps stay text, in the form the wire needs; the session's time zone is UTC. 64-bit integers fit a number here.
// Written as JavaScript writes them, so that what was just made reads the same as when it is read again.
const toIso = (text: string) => {
  const time = text.slice(11, -3)
  return `${text.slice(0, 10)}T${time.length === 8 ? `${time}.000` : time.padEnd(12, '0')}Z`
}
const parsers: Record<number, (text: string) => unknown> = { 1184: toIso, 20: Number }
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers[oid]) || pg.types.getTypeParser(oid, format as 'text'),
}

/**
 * A connection lost with a restarting database must not end the program: its next query says what is wrong. The pool
 * listens to idle connections only, so those that are lent out need a listener of their own.
 */
export function surviveLostConnections(pool: pg.Pool) {
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
}

/**
 * Opens the pool. Time zone and time limits are those of the login (database-roles.ts): nothing is said at the start of a
 * connection that a pooler would refuse, and nothing is kept in a session that it would hand to somebody else.
 */
export function openDatabase({ url, max = 16, named = true, patienceMs = 15_000 }: DatabaseOptions) {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    pipeline: true,
    types,
    application_name: 'tater',
    connectionTimeoutMillis: patienceMs,
  } as pg.PoolConfig)
  surviveLostConnections(pool)
  if (named) pool.on('connect', prepareScope)
  const clients = new Set<pg.PoolClient>()
  pool.on('connect', (client) => clients.add(client))
  pool.on('remove', (client) => clients.delete(client))

  async function begin(scope: Scope, access: 'read only' | 'read write'): Promise<Transaction> {
    if (access === 'read only') transactions.read += 1
    else transactions.written += 1
    const client = await pool.connect()
    const connection =
      named && access === 'read only'
        ? new ReadingConnection(client, scope)
        : new PipelinedConnection(client, scope, access, named)
    return {
      db: kyselyOn(connection),
      enter: (organizationId) => connection.enter(organizationId),
      commit: () => connection.end('commit'),
      rollback: () => connection.end('rollback'),
    }
  }

  /** Runs `work` in one transaction; commits when it returns, rolls back when it throws. */
  async function inTransaction<T>(scope: Scope, access: 'read only' | 'read write', work: (db: Db) => Promise<T>): Promise<T> {
    const transaction = await begin(scope, access)
    try {
      const result = await work(transaction.db)
      await transaction.commit()
      return result
    } catch (error) {
      await transaction.rollback().catch(() => {})
      throw error
    }
  }

  /** A statement of the program itself, outside every organization, prepared under the given name where names are kept. */
  const ask = async (name: string, text: string, values: unknown[]) =>
    (await pool.query({ text, values, ...(named && { name }) })).rows

  /** Cuts every connection: whoever waits for an answer hears at once that none will come. */
  const abandon = () => {
    for (const client of clients) cut(client)
  }

  return { begin, inTransaction, ask, pool, abandon, close: () => pool.end() }
}

const openingText = ({ scope, access }: { scope: Scope; access: string }) => {
  const [organization, user] = scopeValues(scope)
  return `begin ${access}; select set_config('app.organization_id', '${organization}', true), set_config('app.user_id', '${user}', true)`
}

const scopeValues = ({ organizationId, userId }: Scope): [string, string] => [
  uuidOrNothing(organizationId),
  uuidOrNothing(userId),
]

const answered = <R>({ rows, rowCount }: { rows: unknown[]; rowCount: number | null }): QueryResult<R> => ({
  rows: rows as R[],
  ...(rowCount !== null && { numAffectedRows: BigInt(rowCount) }),
})

const uuidOrNothing = (id: string | null) => (id && isUuid(id) ? id : '')

const statementNames = new Map<string, string>()

/** At most this many texts get a name; a text that varies with its input (it should not) then stays unnamed. */
const mostNames = 1000

/** The name of a statement, in the form a query takes it. */
function named(text: string): { name?: string } {
  let name = statementNames.get(text)
  if (!name && statementNames.size < mostNames) {
    name = `t${statementNames.size}`
    statementNames.set(text, name)
  }
  return name ? { name } : {}
}

/** Transactions begun by this process. */
export const transactions = { read: 0, written: 0 }

/** Counts statements for the tests that hold each operation to its number of them. */
export const statements = { sent: 0 }

type Wire = { cork(): void; uncork(): void }
const gathering = new WeakSet<Wire>()

/**
 * Statements sent in the same turn of the event loop leave in one packet: each of its own would cost a system call here
 * and wake the server's process once more.
 */
function gather(client: pg.PoolClient) {
  const wire = (client as unknown as { connection: { stream: Wire } }).connection.stream
  if (gathering.has(wire)) return
  gathering.add(wire)
  wire.cork()
  process.nextTick(() => {
    gathering.delete(wire)
    wire.uncork()
  })
}

class PipelinedConnection implements DatabaseConnection {
  #client: pg.PoolClient
  #opening: { scope: Scope; access: 'read only' | 'read write' } | null
  #named: boolean
  #ended = false
  /** What went wrong first: after it PostgreSQL only says that the transaction is aborted. */
  #failure: unknown

  constructor(client: pg.PoolClient, scope: Scope, access: 'read only' | 'read write', named: boolean) {
    this.#client = client
    this.#opening = { scope, access }
    this.#named = named
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#ended) throw new Error('A statement was sent after its transaction had ended')
    gather(this.#client)
    statements.sent += 1
    const opening = this.#opening
    this.#opening = null
    const values = parameters as unknown[]
    try {
      if (this.#named) {
        const lead = opening && { kind: 'begin' as const, scope: scopeValues(opening.scope) }
        return answered(await preparedQuery(this.#client, { text: sql, values, ...named(sql) }, lead))
      }
      if (opening) this.#client.query(openingText(opening)).catch(() => {}) // the statement behind it fails too, and is awaited
      return answered(await this.#client.query({ text: sql, values }))
    } catch (error) {
      this.#failure ??= error
      throw (error as { code?: unknown }).code === '25P02' ? this.#failure : error
    }
  }

  async enter(organizationId: string | null) {
    const parameters = [uuidOrNothing(organizationId)]
    await this.executeQuery({ sql: `select set_config('app.organization_id', $1, true)`, parameters } as unknown as CompiledQuery)
  }

  /** A commit after a failed statement is answered with ROLLBACK: that must not pass for success. */
  async end(how: 'commit' | 'rollback') {
    if (this.#ended) return
    this.#ended = true
    let broken: Error | undefined
    try {
      if (!this.#opening) {
        gather(this.#client)
        const { command } = await this.#client.query(how)
        if (how === 'commit' && command !== 'COMMIT') throw new Error('The transaction was rolled back instead of committed')
      }
    } catch (error) {
      // A connection that cannot even roll back, or whose end has only not come through yet, is not used again.
      if (how === 'rollback' || isConnectionGone(error)) broken = error as Error
      throw error
    } finally {
      this.#client.release(broken)
    }
  }

  streamQuery = noCursors
}

/** For reads: each statement is a transaction of the organization on its own (prepared-query.ts); nothing is begun or committed. */
class ReadingConnection implements DatabaseConnection {
  #client: pg.PoolClient
  #scope: [string, string]
  #underWay = new Set<Promise<unknown>>()
  #ended = false
  #gone: Error | undefined

  constructor(client: pg.PoolClient, scope: Scope) {
    this.#client = client
    this.#scope = scopeValues(scope)
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#ended) throw new Error('A statement was sent after its transaction had ended')
    gather(this.#client)
    statements.sent += 1
    const config = { text: sql, values: parameters as unknown[], ...named(sql) }
    const asked = preparedQuery(this.#client, config, { kind: 'read', scope: this.#scope })
    this.#underWay.add(asked)
    try {
      return answered(await asked)
    } catch (error) {
      if (isConnectionGone(error)) this.#gone = error as Error
      throw error
    } finally {
      this.#underWay.delete(asked)
    }
  }

  async enter(organizationId: string | null) {
    this.#scope = [uuidOrNothing(organizationId), this.#scope[1]]
  }

  /** The connection goes back when it has answered everything, also what nobody waits for any more. */
  async end(_how: 'commit' | 'rollback') {
    if (this.#ended) return
    this.#ended = true
    await Promise.allSettled(this.#underWay)
    this.#client.release(this.#gone)
  }

  streamQuery = noCursors
}

// biome-ignore lint/correctness/useYield: streaming reads whole pages by keyset instead
async function* noCursors(): AsyncIterableIterator<never> {
  throw new Error('Cursors cannot share a pipelined connection; read pages by key')
}

const compiler = new PostgresQueryCompiler()
const adapter = new PostgresAdapter()
const dialect = new PostgresDialect({ pool: async () => Promise.reject(new Error('no pool here')) })
const driver = dialect.createDriver() as Driver

/** Kysely on one connection, without the queue that would make each statement wait for the one before. */
function kyselyOn(connection: DatabaseConnection): Db {
  const executor = new DefaultQueryExecutor(compiler, adapter, { provideConnection: (consumer) => consumer(connection) })
  return new Kysely<Tables>({ config: { dialect }, driver, dialect, executor })
}
