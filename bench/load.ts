/**
 * The client of the bench, in a process of its own so that its CPU time is nobody else's: takes a plan by IPC, sends
 * the requests over kept-alive connections, answers with latencies.
 */
import autocannon from 'autocannon'
import { fanOut } from './fan-out.ts'

/** What to send and for how long. `requests` are drawn at random, so that caches see what a working day shows them. */
export type Plan = {
  urls: string[]
  clients: number
  seconds: number
  requests: { method: 'GET' | 'POST' | 'PATCH'; path: string; key: string; body?: string }[]
  /** Sends the requests in order, each once, and stops at the end of the list. */
  once?: boolean
}
export type Outcome = {
  requests: number
  failed: number
  firstFailure: string
  p50: number
  p95: number
  p99: number
  rps: number
}

type Task = { kind: 'load'; plan: Plan } | { kind: 'fan-out'; plan: Parameters<typeof fanOut>[0] }

process.on('message', async (task: Task) => {
  try {
    process.send!({ outcome: task.kind === 'load' ? await run(task.plan) : await fanOut(task.plan) })
  } catch (error) {
    process.send!({ error: (error as Error).message })
  }
})

/** MCP asks for both forms of an answer. */
const accepting = (path: string) => ({
  'content-type': 'application/json',
  ...(path === '/mcp' && { accept: 'application/json, text/event-stream' }),
})

async function run({ urls, clients, seconds, requests, once }: Plan): Promise<Outcome> {
  const times: number[] = []
  let failed = 0
  let firstFailure = ''
  let position = 0
  const draw = () => requests[once ? position++ % requests.length : Math.floor(Math.random() * requests.length)]!
  const used = clients < urls.length ? urls.slice(0, clients) : urls
  const started = performance.now()
  await Promise.all(
    used.map(
      (url) =>
        new Promise<void>((resolve, reject) => {
          const instance = autocannon(
            {
              url,
              connections: Math.max(1, Math.round(clients / used.length)),
              ...(once ? { amount: Math.ceil(requests.length / used.length) } : { duration: seconds }),
              timeout: 60,
              requests: [
                {
                  setupRequest: (request) => {
                    const { method, path, key, body } = draw()
                    const headers = { 'x-api-key': key, ...(body !== undefined && accepting(path)) }
                    return { ...request, method, path, headers, ...(body !== undefined && { body }) }
                  },
                  onResponse: (status, body) => {
                    if (status >= 200 && status < 300) return
                    failed += 1
                    firstFailure ||= `${status} ${body.slice(0, 300)}`
                  },
                },
              ],
            },
            (error) => (error ? reject(error) : resolve()),
          )
          instance.on('response', (_client, _status, _bytes, time) => times.push(time))
        }),
    ),
  )
  const elapsed = (performance.now() - started) / 1000
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) * 100) / 100
  return { requests: times.length, failed, firstFailure, p50: at(0.5), p95: at(0.95), p99: at(0.99), rps: times.length / elapsed }
}
