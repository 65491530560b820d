/** The running server, as the commands reach it. */
import { exits, Failure, usage } from './command.ts'

export type Server = { url: string; key: string; send(method: string, path: string, body?: object): Promise<unknown> }

/** Where the server is and with which key, from the options or the environment. */
export function serverOf(given: { url?: string | undefined; key?: string | undefined }, command: string): Server {
  const url = (given.url ?? process.env.TATER_URL ?? 'http://localhost:4800').replace(/\/+$/, '')
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw usage(`"${url}" is not the address of a server; write it like http://localhost:4800.`, command)
  const key = given.key ?? process.env.TATER_API_KEY
  if (!key) throw usage('An API key is needed: set TATER_API_KEY. Settings, API keys makes one.', command)
  return { url, key, send: (method, path, body) => send(url, key, method, path, body) }
}

async function send(url: string, key: string, method: string, path: string, body?: object): Promise<unknown> {
  const form = body instanceof FormData
  const headers = { 'x-api-key': key, 'user-agent': 'tater-cli', ...(body && !form && { 'content-type': 'application/json' }) }
  const init = { method, headers, ...(body && { body: form ? body : JSON.stringify(body) }) }
  const response = await fetch(url + path, init).catch((error: Error) => {
    throw unreachable(url, error)
  })
  const answer = (await response.json().catch(() => null)) as { message?: string } | null
  if (response.ok) return answer
  throw new Failure(answer?.message ?? `${url} answered ${response.status} without a reason. Is a TATER Ops server there?`)
}

export const unreachable = (url: string, error: Error) =>
  new Failure(
    `No server answers at ${url} (${(error.cause as NodeJS.ErrnoException | undefined)?.code ?? error.message}). Start it, or say where it is with TATER_URL.`,
    exits.unreachable,
  )
