/** PostgreSQL's COPY in both directions, in whole rows and without holding a table in memory. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import pg from 'pg'

/** What pg asks of something that is sent like a query; its published types leave it out. */
type Wire = {
  stream: Socket
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(why: string): void
}

/** Text of COPY is gathered to pieces of about this many bytes. */
const pieceBytes = 4 * 2 ** 20
/** So many pieces may wait before the server is told to wait. */
const mostWaiting = 3

/** One statement that copies; the promise settles when the server is ready for the next. */
class Copy {
  readonly done: Promise<void>
  protected readonly settle: { resolve(): void; reject(error: Error): void }
  protected readonly text: string
  protected failed: Error | undefined

  constructor(text: string) {
    this.text = text
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.done = promise
    this.settle = { resolve, reject }
  }

  submit(connection: Wire) {
    connection.query(this.text)
  }
  handleCommandComplete() {}
  handleReadyForQuery() {
    if (this.failed) this.settle.reject(this.failed)
    else this.settle.resolve()
  }
  handleError(error: Error) {
    this.settle.reject(this.failed ?? error)
  }
}

class CopyOut extends Copy {
  #pieces: Pieces
  constructor(text: string, pieces: Pieces) {
    super(text)
    this.#pieces = pieces
  }
  handleCopyData({ chunk }: { chunk: Buffer }, { stream }: Wire) {
    if (!this.#pieces.add(chunk)) return
    stream.pause()
    void this.#pieces.settled().then(() => stream.resume())
  }
}

/** Gathers rows and hands them on in pieces; `take` is called in order, one piece at a time. */
export class Pieces {
  rows = 0
  #buffer = Buffer.allocUnsafe(pieceBytes)
  #filled = 0
  #waiting = 0
  #chain: Promise<void> = Promise.resolve()
  #failure: Error | undefined
  #take: (piece: Buffer) => Promise<void>

  constructor(take: (piece: Buffer) => Promise<void>) {
    this.#take = take
  }

  /** Copies the row, because what holds it is used again. True: wait for `settled` before the next. */
  add(row: Buffer): boolean {
    this.rows += 1
    if (this.#filled + row.length > this.#buffer.length) {
      this.#pass()
      if (row.length > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(row.length)
    }
    row.copy(this.#buffer, this.#filled)
    this.#filled += row.length
    return this.#waiting >= mostWaiting
  }

  #pass() {
    const piece = this.#buffer.subarray(0, this.#filled)
    this.#buffer = Buffer.allocUnsafe(pieceBytes)
    this.#filled = 0
    this.#waiting += 1
    this.#chain = this.#chain
      .then(() => (this.#failure ? undefined : this.#take(piece)))
      .catch((error: Error) => {
        this.#failure ??= error
      })
      .finally(() => {
        this.#waiting -= 1
      })
  }

  /** When everything handed on so far was taken. */
  settled = () => this.#chain

  /** Hands on what is left; throws what `take` threw. */
  async end() {
    if (this.#filled > 0) this.#pass()
    await this.#chain
    if (this.#failure) throw this.#failure
  }
}

/** Runs `copy … to stdout`; its rows go into the pieces. */
export async function copyOut(client: pg.ClientBase, text: string, pieces: Pieces): Promise<void> {
  const copy = new CopyOut(text, pieces)
  client.query(copy as unknown as pg.Submittable)
  await copy.done
}

class CopyIn extends Copy {
  #source: AsyncIterable<Buffer>
  constructor(text: string, source: AsyncIterable<Buffer>) {
    super(text)
    this.#source = source
  }
  handleCopyInResponse(connection: Wire) {
    this.#send(connection).catch((error: Error) => {
      // The server answers with an error, which says less than this one.
      this.failed = error
      connection.sendCopyFail('the source failed')
    })
  }
  async #send(connection: Wire) {
    for await (const piece of this.#source) {
      connection.sendCopyFromChunk(piece)
      if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain')
    }
    connection.endCopyFrom()
  }
}

/** Runs `copy … from stdin` with this text. */
export async function copyIn(client: pg.ClientBase, text: string, source: AsyncIterable<Buffer>): Promise<void> {
  const copy = new CopyIn(text, source)
  client.query(copy as unknown as pg.Submittable)
  await copy.done
}

/** A name as SQL writes it: `schema.table`. */
export const quoted = (schema: string, table: string) => `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`
