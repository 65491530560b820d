/** How long a change takes to reach everybody who looks: 1,000 open live streams over the servers, then changes one by one. */

import http from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

export type FanOut = {
  streams: number
  changes: number
  firstMs: number
  p50: number
  p95: number
  lastMs: number
  missed: number
}

/** Runs in the load process. Each change is a comment, whose happening every stream of the organization is told. */
export async function fanOut({
  urls,
  key,
  taskId,
  streams,
  changes,
}: {
  urls: string[]
  key: string
  taskId: string
  streams: number
  changes: number
}): Promise<FanOut> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  const arrived: number[][] = []
  let round = -1
  const open = (url: string) =>
    new Promise<http.ClientRequest>((resolve, reject) => {
      const request = http.get(`${url}/api/live`, { agent, headers: { 'x-api-key': key } }, (response) => {
        if (response.statusCode !== 200) return reject(new Error(`The live stream answered ${response.statusCode}`))
        response.setEncoding('utf8')
        let seen = -1
        response.on('data', (text: string) => {
          if (text.includes('"comment.added"') && seen !== round) {
            seen = round
            arrived[round]?.push(performance.now())
          }
        })
        response.on('error', () => {})
        resolve(request)
      })
      request.on('error', reject)
    })
  const opened: http.ClientRequest[] = []
  for (let from = 0; from < streams; from += 50)
    opened.push(
      ...(await Promise.all(Array.from({ length: Math.min(50, streams - from) }, (_, n) => open(urls[n % urls.length]!)))),
    )
  const delays: number[] = []
  let missed = 0
  for (let change = 0; change < changes; change += 1) {
    arrived[change] = []
    round = change
    const started = performance.now()
    const answer = await fetch(`${urls[0]}/api/tasker/tasks/${taskId}/comments`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({ body: `Fan-out ${change}`, visibility: 'internal' }),
    })
    if (!answer.ok) throw new Error(await answer.text())
    const deadline = Date.now() + 5_000
    while (arrived[change]!.length < streams && Date.now() < deadline) await wait(5)
    missed += streams - arrived[change]!.length
    delays.push(...arrived[change]!.map((at) => at - started))
  }
  for (const request of opened) request.on('error', () => {}).destroy()
  delays.sort((a, b) => a - b)
  const at = (share: number) =>
    Math.round((delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? 0) * 10) / 10
  return { streams, changes, firstMs: at(0), p50: at(0.5), p95: at(0.95), lastMs: at(1), missed }
}
