/**
 * Statements as they go over the wire. PostgreSQL takes what a client sends up to one Sync message as one unit and answers
 * it with one packet: what is known together travels together, from `begin` and the settings of the organization to `commit`.
 * A read needs no `begin` and no `commit` at all. Statements are prepared once for each connection, and what their columns
 * are is asked once: describing sixty columns costs both sides more than reading a row.
 */
import pg from 'pg'
import { type Column, type RowReader, rowReader, toWire, type WireValue } from './values.ts'

export type Answer = { rows: Record<string, unknown>[]; rowCount: number | null; command: string }

/** A statement and who waits for its answer. */
export type Statement = {
  text: string
  /** Under which it is prepared; never, where names are not kept. */
  name: string | undefined
  values: readonly WireValue[]
  resolve(answer: Answer): void
  reject(error: unknown): void
}

const nobody = () => {}

/** @throws when a value is none that PostgreSQL could be told */
export const statementOf = (
  text: string,
  name: string | undefined,
  values: readonly unknown[],
  { resolve, reject }: Pick<Statement, 'resolve' | 'reject'> = { resolve: nobody, reject: nobody },
): Statement => ({ text, name, values: values.map(toWire), resolve, reject })

/** What opens a unit: `read` makes it a read-only transaction on its own, `begin` opens one for it and those that follow. */
export type Opening = 'read' | 'begin'

const settings = `set_config('app.organization_id', $1, true), set_config('app.user_id', $2, true)`

/** The statements that go ahead. @param scope the ids of the organization and the person, or empty texts */
export function opening(how: Opening, scope: readonly [string, string], named: boolean): Statement[] {
  if (how === 'read')
    return [
      statementOf(
        `select set_config('transaction_read_only', 'on', true), ${settings}`,
        named ? 'tater_read_scope' : undefined,
        scope,
      ),
    ]
  return [
    statementOf('begin', named ? 'tater_begin' : undefined, []),
    statementOf(`select ${settings}`, named ? 'tater_scope' : undefined, scope),
  ]
}

export type Ending = 'commit' | 'rollback'

export const ending = (how: Ending, named: boolean, waiting: Pick<Statement, 'resolve' | 'reject'>): Statement =>
  statementOf(how, named ? `tater_${how}` : undefined, [], waiting)

/** What pg keeps of a connection, as far as this file has to do with it. */
type Connection = {
  stream: { writable: boolean; write(bytes: Uint8Array): boolean }
  parsedStatements: Record<string, string>
  submittedNamedStatements: Record<string, string>
}
type Client = { connection: Connection; query(unit: Unit): void }

/**
 * How rows of a connection's statements are read, by name; null: they answer none. They keep their columns for as long as the
 * connection lives.
 */
const readers = new WeakMap<Connection, Map<string, RowReader | null>>()

function readersOf(connection: Connection): Map<string, RowReader | null> {
  let known = readers.get(connection)
  if (!known) {
    known = new Map()
    readers.set(connection, known)
  }
  return known
}

/** Told of each statement that is sent (tracing); answers who is told of its end. */
export type Observer = (text: string) => (error: unknown) => void
const observers = new WeakMap<object, Observer>()

/** Watches what is sent on a connection. */
export const observe = (client: pg.PoolClient, observer: Observer) => observers.set(client, observer)

/**
 * Sends statements as one unit. When one fails, PostgreSQL skips those behind it, and all of them are rejected with what went
 * wrong.
 */
export function sendUnit(client: pg.PoolClient, statements: readonly Statement[]): void {
  const observer = observers.get(client)
  const sender = client as unknown as Client
  sender.query(new Unit(sender.connection, observer ? statements.map((each) => observed(each, observer)) : statements))
}

function observed(statement: Statement, observer: Observer): Statement {
  const ended = observer(statement.text)
  return {
    ...statement,
    resolve: (answer) => {
      ended(null)
      statement.resolve(answer)
    },
    reject: (error) => {
      ended(error)
      statement.reject(error)
    },
  }
}

/** What pg takes for a query: it has it write itself, and hands it what PostgreSQL answers. */
class Unit {
  readonly #connection: Connection
  readonly #statements: readonly Statement[]
  readonly #readers: Map<string, RowReader | null>
  /** Which statement is being answered. */
  #at = 0
  #reader: RowReader | null
  #rows: Record<string, unknown>[] = []

  constructor(connection: Connection, statements: readonly Statement[]) {
    this.#connection = connection
    this.#statements = statements
    this.#readers = readersOf(connection)
    this.#reader = this.#known(statements[0])
  }

  /** pg calls whoever waits for a query; here each statement has its own. */
  callback() {}

  /** Under this name pg notes that the statement being answered has been prepared. */
  get name() {
    return this.#statements[this.#at]?.name
  }
  get text() {
    return this.#statements[this.#at]?.text
  }

  submit(connection: Connection): null {
    for (const { text, name, values } of this.#statements) {
      if (name === undefined) message.parse(text, '')
      else if (connection.parsedStatements[name] === undefined && connection.submittedNamedStatements[name] === undefined) {
        message.parse(text, name)
        connection.submittedNamedStatements[name] = text
      }
      message.bind(name ?? '', values)
      if (name === undefined || !this.#readers.has(name)) message.describe()
      message.execute()
    }
    message.sync()
    const bytes = message.take()
    if (connection.stream.writable) connection.stream.write(bytes)
    return null
  }

  handleRowDescription({ fields }: { fields: Column[] }) {
    this.#reader = rowReader(fields)
  }

  handleDataRow({ fields }: { fields: (string | null)[] }) {
    this.#rows.push(this.#reader!(fields))
  }

  handleCommandComplete({ text }: { text: string }) {
    const statement = this.#statements[this.#at]!
    if (statement.name !== undefined && !this.#readers.has(statement.name)) this.#readers.set(statement.name, this.#reader)
    const answer = { rows: this.#rows, ...commandOf(text) }
    this.#at += 1
    this.#rows = []
    this.#reader = this.#known(this.#statements[this.#at])
    statement.resolve(answer)
  }

  handleError(error: unknown) {
    // What was not reached was not prepared either.
    for (const { name } of this.#statements.slice(this.#at))
      if (name !== undefined) delete this.#connection.submittedNamedStatements[name]
    for (const statement of this.#statements.slice(this.#at)) statement.reject(error)
    this.#at = this.#statements.length
  }

  handleReadyForQuery() {}
  handleEmptyQuery() {}
  handlePortalSuspended() {}

  #known(statement: Statement | undefined) {
    return (statement?.name !== undefined && this.#readers.get(statement.name)) || null
  }
}
// In a pipeline pg takes its own class of queries only; this is one in everything it asks of them.
Object.setPrototypeOf(Unit.prototype, pg.Query.prototype)

/** `INSERT 0 1`, `UPDATE 3`, `COMMIT`. */
function commandOf(tag: string): { command: string; rowCount: number | null } {
  const space = tag.lastIndexOf(' ')
  if (space < 0) return { command: tag, rowCount: null }
  return { command: tag.slice(0, tag.indexOf(' ')), rowCount: Number(tag.slice(space + 1)) }
}

/** Messages of the protocol (https://www.postgresql.org/docs/18/protocol-message-formats.html), one after the other. */
class Messages {
  #bytes = Buffer.allocUnsafe(64 * 1024)
  #length = 0

  parse(text: string, name: string) {
    const start = this.#begin(0x50)
    this.#terminated(name)
    this.#terminated(text)
    this.#short(0)
    this.#end(start)
  }

  bind(name: string, values: readonly WireValue[]) {
    const start = this.#begin(0x42)
    this.#byte(0) // the unnamed portal
    this.#terminated(name)
    if (values.some((value) => value !== null && typeof value !== 'string')) {
      this.#short(values.length)
      for (const value of values) this.#short(value === null || typeof value === 'string' ? 0 : 1)
    } else this.#short(0)
    this.#short(values.length)
    for (const value of values) {
      if (value === null) this.#long(-1)
      else if (typeof value === 'string') this.#counted(value)
      else this.#countedBytes(value)
    }
    this.#short(0)
    this.#end(start)
  }

  describe() {
    const start = this.#begin(0x44)
    this.#byte(0x50)
    this.#byte(0)
    this.#end(start)
  }

  execute() {
    const start = this.#begin(0x45)
    this.#byte(0)
    this.#long(0)
    this.#end(start)
  }

  sync() {
    this.#end(this.#begin(0x53))
  }

  /** What was written since the last time. */
  take(): Uint8Array {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length))
    this.#length = 0
    if (this.#bytes.length > mostKept) this.#bytes = Buffer.allocUnsafe(64 * 1024)
    return taken
  }

  #begin(code: number): number {
    this.#byte(code)
    const start = this.#length
    this.#long(0)
    return start
  }

  #end(start: number) {
    this.#longAt(start, this.#length - start)
  }

  #room(bytes: number) {
    if (this.#length + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + bytes))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }

  #byte(value: number) {
    this.#room(1)
    this.#bytes[this.#length++] = value
  }

  #short(value: number) {
    this.#room(2)
    this.#bytes[this.#length++] = value >> 8
    this.#bytes[this.#length++] = value
  }

  #long(value: number) {
    this.#room(4)
    this.#longAt(this.#length, value)
    this.#length += 4
  }

  #longAt(at: number, value: number) {
    this.#bytes[at] = value >> 24
    this.#bytes[at + 1] = value >> 16
    this.#bytes[at + 2] = value >> 8
    this.#bytes[at + 3] = value
  }

  #counted(text: string) {
    const at = this.#length
    this.#long(0)
    this.#text(text)
    this.#longAt(at, this.#length - at - 4)
  }

  #countedBytes(bytes: Uint8Array) {
    this.#long(bytes.length)
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #terminated(text: string) {
    this.#text(text)
    this.#byte(0)
  }

  #text(text: string) {
    this.#room(3 * text.length) // as long as UTF-8 can get
    this.#length += this.#bytes.write(text, this.#length)
  }
}

/** A text as long as the largest attachment's words must not keep its memory. */
const mostKept = 1024 * 1024

const message = new Messages()
