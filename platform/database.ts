/**
 * The only way to PostgreSQL: a transaction of one organization. `begin`, the organization's setting and the first
 * statement travel in one round trip, and the commit with the last, because statements are sent without waiting
 * for the ones before them (pg's pipeline mode).
 */
import {
  CompiledQuery,
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
import { type Answer, type Ending, ending, opening, type Statement, sendUnit, statementOf } from './prepared-query.ts'
import { isConnectionGone } from './problem.ts'
import { types } from './values.ts'

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
  const clients = new Set<pg.PoolClient>()
  pool.on('connect', (client) => clients.add(client))
  pool.on('remove', (client) => clients.delete(client))

  async function begin(scope: Scope, access: 'read only' | 'read write'): Promise<Transaction> {
    if (access === 'read only') transactions.read += 1
    else transactions.written += 1
    const client = await pool.connect()
    const connection =
      access === 'read only' ? new ReadingConnection(client, scope, named) : new WritingConnection(client, scope, named)
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

const scopeValues = ({ organizationId, userId }: Scope): [string, string] => [
  uuidOrNothing(organizationId),
  uuidOrNothing(userId),
]

const answered = <R>({ rows, rowCount }: Answer): QueryResult<R> => ({
  rows: rows as R[],
  ...(rowCount !== null && { numAffectedRows: BigInt(rowCount) }),
})

const uuidOrNothing = (id: string | null) => (id && isUuid(id) ? id : '')

const statementNames = new Map<string, string>()

/** At most this many texts get a name; a text that varies with its input (it should not) then stays unnamed. */
const mostNames = 1000

/** The name a statement is prepared under. */
function nameOf(text: string): string | undefined {
  let name = statementNames.get(text)
  if (!name && statementNames.size < mostNames) {
    name = `t${statementNames.size}`
    statementNames.set(text, name)
  }
  return name
}

/** Transactions begun by this process. */
export const transactions = { read: 0, written: 0 }

/** Counts statements for the tests that hold each operation to its number of them. */
export const statements = { sent: 0 }

/** A connection that belongs to one transaction for as long as it lasts. */
abstract class TransactionConnection implements DatabaseConnection {
  protected readonly client: pg.PoolClient
  protected readonly scope: [string, string]
  protected readonly named: boolean
  /** Statements that leave at the end of this turn of the event loop, so that what is known together travels together. */
  #gathered: Statement[] = []
  #ended = false

  constructor(client: pg.PoolClient, scope: Scope, named: boolean) {
    this.client = client
    this.scope = scopeValues(scope)
    this.named = named
  }

  /** Sends a statement with what else is sent in this turn. */
  ask(text: string, values: readonly unknown[]): Promise<Answer> {
    if (this.#ended) return Promise.reject(new Error('A statement was sent after its transaction had ended'))
    statements.sent += 1
    return new Promise((resolve, reject) => {
      this.gather(statementOf(text, this.named ? nameOf(text) : undefined, values, { resolve, reject }))
    })
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    return answered(await this.ask(sql, parameters))
  }

  /** Goes on in another organization. */
  abstract enter(organizationId: string | null): Promise<void>

  /** Ends the transaction and gives the connection back. */
  async end(how: Ending) {
    if (this.#ended) return
    this.#ended = true
    await this.finish(how)
  }

  protected abstract finish(how: Ending): Promise<void>
  protected abstract send(statements: readonly Statement[]): void

  protected gather(statement: Statement) {
    if (this.#gathered.push(statement) === 1) process.nextTick(() => this.flush())
  }

  protected get gathers() {
    return this.#gathered.length > 0
  }

  /** Sends what has been gathered. */
  protected flush() {
    if (this.#gathered.length === 0) return
    const statements = this.#gathered
    this.#gathered = []
    this.send(statements)
  }

  streamQuery = noCursors
}

class WritingConnection extends TransactionConnection {
  #begun = false
  /** What went wrong first: after it PostgreSQL only says that the transaction is aborted. */
  #failure: unknown
  /** A connection that cannot even roll back, or whose end has only not come through yet, is not used again. */
  #broken: Error | undefined

  override async ask(text: string, values: readonly unknown[]): Promise<Answer> {
    try {
      return await super.ask(text, values)
    } catch (error) {
      this.#failure ??= error
      throw (error as { code?: unknown }).code === '25P02' ? this.#failure : error
    }
  }

  async enter(organizationId: string | null) {
    await this.ask(`select set_config('app.organization_id', $1, true)`, [uuidOrNothing(organizationId)])
  }

  /** A commit after a failed statement must not pass for success. */
  protected async finish(how: Ending) {
    try {
      if (how === 'commit' && this.#failure === undefined) await this.#commit()
      else await this.#rollBack()
      if (how === 'commit' && this.#failure !== undefined) throw new Error(undone)
    } catch (error) {
      if (isConnectionGone(error)) this.#broken = error as Error
      throw error
    } finally {
      this.client.release(this.#broken)
    }
  }

  protected send(statements: readonly Statement[]) {
    const first = this.#begun ? [] : opening('begin', this.scope, this.named)
    this.#begun = true
    sendUnit(this.client, [...first, ...statements])
  }

  /** The commit travels with the last statements; when one of them fails, PostgreSQL skips it. */
  async #commit() {
    if (!this.#begun && !this.gathers) return
    try {
      const { command } = await this.#ending('commit')
      if (command !== 'COMMIT') throw new Error(undone)
    } catch (error) {
      if (isConnectionGone(error)) throw error
      await this.#rollBack()
      throw this.#failure === undefined ? error : new Error(undone)
    }
  }

  /** On its own: behind a statement that fails it would be skipped, too. */
  async #rollBack() {
    this.flush()
    if (!this.#begun) return
    try {
      await this.#ending('rollback')
    } catch (error) {
      this.#broken = error as Error
      throw error
    }
  }

  #ending(how: Ending): Promise<Answer> {
    return new Promise((resolve, reject) => this.gather(ending(how, this.named, { resolve, reject })))
  }
}

const undone = 'The transaction was rolled back instead of committed'

/** For reads: each statement is a transaction of the organization on its own (prepared-query.ts); nothing is begun or committed. */
class ReadingConnection extends TransactionConnection {
  #underWay = 0
  #gone: Error | undefined
  #answered: (() => void) | undefined

  override async ask(text: string, values: readonly unknown[]): Promise<Answer> {
    this.#underWay += 1
    try {
      return await super.ask(text, values)
    } catch (error) {
      if (isConnectionGone(error)) this.#gone = error as Error
      throw error
    } finally {
      this.#underWay -= 1
      if (this.#underWay === 0) this.#answered?.()
    }
  }

  async enter(organizationId: string | null) {
    this.flush()
    this.scope[0] = uuidOrNothing(organizationId)
  }

  /** The connection goes back when it has answered everything, also what nobody waits for any more. */
  protected async finish() {
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#answered = resolve))
    this.client.release(this.#gone)
  }

  protected send(statements: readonly Statement[]) {
    for (const statement of statements) sendUnit(this.client, [...opening('read', this.scope, this.named), statement])
  }
}

// biome-ignore lint/correctness/useYield: streaming reads whole pages by keyset instead
async function* noCursors(): AsyncIterableIterator<never> {
  throw new Error('Cursors cannot share a pipelined connection; read pages by key')
}

const compiler = new PostgresQueryCompiler()
const adapter = new PostgresAdapter()
const dialect = new PostgresDialect({ pool: async () => Promise.reject(new Error('no pool here')) })
const driver = dialect.createDriver() as Driver

const connections = new WeakMap<Db, TransactionConnection>()

/** Kysely on one connection, without the queue that would make each statement wait for the one before. */
function kyselyOn(connection: TransactionConnection): Db {
  const executor = new DefaultQueryExecutor(compiler, adapter, { provideConnection: (consumer) => consumer(connection) })
  const db = new Kysely<Tables>({ config: { dialect }, driver, dialect, executor })
  connections.set(db, connection)
  return db
}

/** Sends a statement whose text is known already, in the transaction of `db`; answers its rows. */
export async function askIn(db: Db, text: string, values: readonly unknown[]): Promise<unknown[]> {
  const connection = connections.get(db)
  // Another Kysely than ours (tests that look at statements) takes the long way.
  if (!connection) return (await db.executeQuery(CompiledQuery.raw(text, values as unknown[]))).rows
  return (await connection.ask(text, values)).rows
}
