/**
 * `tater mcp`: MCP over stdin and stdout for clients that start a program. A bridge to the running server's /mcp, so that the
 * tools, the permissions and the refusals are the same. Only messages go to stdout; what people should read goes to stderr.
 */
import { createInterface } from 'node:readline'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { exits, readArguments } from './command.ts'
import { serverOf, unreachable } from './server.ts'

type Id = string | number
type Message = {
  jsonrpc: '2.0'
  id?: Id
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: object
}

const versionKey = 'io.modelcontextprotocol/protocolVersion'
const clientKey = 'io.modelcontextprotocol/clientInfo'

export async function mcp(args: string[]): Promise<number> {
  readArguments('tater mcp', args, {}, 0)
  const { url, key } = serverOf({}, 'tater mcp')
  const bridge = new Bridge(url, key)
  await bridge.open()
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity })
  for await (const line of lines) if (line.trim() !== '') bridge.take(line)
  await bridge.close()
  return exits.done
}

class Bridge {
  private url: string
  private http: StreamableHTTPClientTransport
  private client = 'unknown client'
  /** Requests that wait for their answer; what each answer is good for is known here. */
  private waiting = new Map<Id, { method: string; abort: AbortController; answered(message: Message): void }>()
  private underWay = new Set<Promise<void>>()

  constructor(url: string, key: string) {
    this.url = url
    this.http = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${key}` } },
      // The server records which agent wrote; here its own name stands where HTTP clients have their User-Agent.
      fetch: (input, init) => fetch(input, { ...init, headers: named(init?.headers, this.client) }),
    })
  }

  async open() {
    this.http.onmessage = (message) => this.answer(message as Message)
    this.http.onerror = () => {} // send() reports what goes wrong, to the request it went wrong for
    await this.http.start()
  }

  /** One line of stdin: a message, or several in brackets as clients of 2025-03-26 may send them. */
  take(line: string) {
    let read: unknown
    try {
      read = JSON.parse(line)
    } catch {
      write({
        jsonrpc: '2.0',
        id: null,
        error: { code: -32700, message: 'This line is not JSON. Each message is one line of JSON.' },
      })
      return
    }
    const work = Array.isArray(read) ? this.batch(read as Message[]) : this.forward(read as Message, write)
    this.underWay.add(work)
    void work.finally(() => this.underWay.delete(work))
  }

  /** What was asked before stdin ended is still answered. */
  async close() {
    await Promise.all(this.underWay)
    await this.http.close()
  }

  private async batch(messages: Message[]) {
    const answers: object[] = []
    await Promise.all(messages.map((message) => this.forward(message, (answer) => answers.push(answer))))
    if (answers.length > 0) write(answers)
  }

  private async forward(message: Message, answer: (message: object) => void) {
    if (typeof message !== 'object' || message === null) {
      answer({ jsonrpc: '2.0', id: null, error: { code: -32600, message: 'A message is a JSON object.' } })
      return
    }
    this.learn(message)
    const { id, method } = message
    if (method === 'notifications/cancelled' && this.cancel(message.params?.requestId as Id)) return
    if (id === undefined || method === undefined) {
      await this.http.send(message as never).catch((error: Error) => console.error(this.explained(error).message))
      return
    }
    const abort = new AbortController()
    const answered = new Promise<void>((resolve) => {
      this.waiting.set(id, {
        method,
        abort,
        answered: (reply) => {
          if (reply.id !== undefined) answer(reply)
          resolve()
        },
      })
    })
    try {
      await this.http.send(message as never, { requestSignal: abort.signal, onRequestStreamEnd: () => this.end(id) })
    } catch (error) {
      if (!abort.signal.aborted) this.answer({ jsonrpc: '2.0', id, error: this.explained(error as Error) })
    }
    await answered
  }

  /** A client of the newest revision cancels by closing the request's stream; the older ones by the message itself. */
  private cancel(id: Id): boolean {
    const waiting = this.waiting.get(id)
    if (!waiting) return false
    this.waiting.delete(id)
    waiting.abort.abort()
    waiting.answered({ jsonrpc: '2.0' })
    return true
  }

  private answer(message: Message) {
    const waiting = message.method === undefined && message.id !== undefined ? this.waiting.get(message.id) : undefined
    if (!waiting) {
      write(message)
      return
    }
    this.waiting.delete(message.id!)
    const version = waiting.method === 'initialize' && message.result?.protocolVersion
    if (typeof version === 'string') this.http.setProtocolVersion(version)
    waiting.answered(message)
  }

  /** The server closed the stream without an answer. */
  private end(id: Id) {
    if (this.waiting.has(id))
      this.answer({
        jsonrpc: '2.0',
        id,
        error: { code: -32000, message: `${this.url} ended the connection without an answer. Try again.` },
      })
  }

  private learn({ method, params }: Message) {
    const meta = params?._meta as Record<string, unknown> | undefined
    const info = (method === 'initialize' ? params?.clientInfo : meta?.[clientKey]) as
      | { name?: string; version?: string }
      | undefined
    if (info?.name) this.client = `${info.name}/${info.version ?? '0'}`
    if (method !== undefined && typeof meta?.[versionKey] === 'string') this.http.setProtocolVersion(meta[versionKey] as string)
  }

  private explained(error: Error & { data?: { status?: number; text?: string } }) {
    const { status, text } = error.data ?? {}
    if (status === undefined) return { code: -32000, message: error.cause ? unreachable(this.url, error).message : error.message }
    const problem = parsed(text)
    return {
      code: problem?.error?.code ?? -32000,
      message: problem?.message ?? problem?.error?.message ?? `${this.url} answered ${status}.`,
    }
  }
}

function named(headers: HeadersInit | undefined, client: string): Headers {
  const all = new Headers(headers)
  all.set('user-agent', `${client.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)} tater-mcp`)
  return all
}

function parsed(text: string | undefined): { message?: string; error?: { code?: number; message?: string } } | null {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return null
  }
}

const write = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`)
