/**
 * Requests to addresses that people of an organization typed in. They go to public addresses only: the name is resolved
 * here and the connection made to just that address, so that a name cannot point inside between the check and the use
 * (OWASP, Server-Side Request Forgery). Redirects are not followed, answers are bounded in size and time.
 */
import { lookup as resolveName } from 'node:dns'
import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { messages, params, SpokenError } from './messages.ts'

export type Outbound = (url: string | URL, init?: OutboundInit) => Promise<Response>
export type OutboundInit = { method?: string; headers?: Record<string, string>; body?: string }

/** The address may not be asked; the sentence is for whoever typed it. */
export class OutboundRefused extends SpokenError {}

const say = messages('platform/outbound', {
  plain: params('{address} is not encrypted. Give an address that begins with https://.'),
  inside: params(
    '{host} is an address of this machine or of a private network, which the server does not ask. If it has to, whoever runs the server can allow it with OUTBOUND_HOSTS.',
  ),
  large: 'The answer is larger than 1 MB.',
})

/** IANA special-purpose registries: what is not the public internet. */
const inside = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 96], // unspecified, loopback and the old IPv4-compatible addresses
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, bits, 'ipv6')

/** Whether an IP address is of this machine, a private network or otherwise not of the public internet. */
export function isInside(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return inside.check(mapped, 'ipv4')
  // An IPv4 address in hexadecimal inside an IPv6 one: nobody writes that in earnest.
  if (/^::ffff:/i.test(address)) return true
  return inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

const longestMs = 10_000
const mostBytes = 2 ** 20

/**
 * Makes the way out.
 * @param trusted host names that may lie inside and may be asked without TLS (OUTBOUND_HOSTS)
 */
export function outbound(trusted: readonly string[] = []): Outbound {
  const mayBeInside = new Set(trusted.map((host) => host.toLowerCase()))
  return async (given, init = {}) => {
    const url = new URL(given)
    const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
    const free = mayBeInside.has(host)
    if (url.protocol !== 'https:' && !(free && url.protocol === 'http:'))
      throw new OutboundRefused(say.plain({ address: `${url.protocol}//${url.host}` }))
    if (!free && isIP(host) && isInside(host)) throw refused(host)
    return send(url, init, free ? undefined : publicOnly)
  }
}

const refused = (host: string) => new OutboundRefused(say.inside({ host }))

const publicOnly: LookupFunction = (host, options, done) =>
  resolveName(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, [])
    if (addresses.some(({ address }) => isInside(address))) return done(refused(host) as NodeJS.ErrnoException, [])
    const first = addresses[0]!
    return options.all ? done(null, addresses) : done(null, first.address, first.family)
  })

function send(url: URL, { method = 'GET', headers = {}, body }: OutboundInit, lookup: LookupFunction | undefined) {
  return new Promise<Response>((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(
      url,
      {
        method,
        headers: { ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) },
        signal: AbortSignal.timeout(longestMs),
        agent: false,
        ...(lookup && { lookup }),
      },
      (answer) => read(answer).then((bytes) => resolve(responseOf(answer, bytes)), reject),
    )
    request.on('error', reject)
    request.end(body)
  })
}

async function read(answer: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes) throw new OutboundRefused(say.large)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function responseOf({ statusCode = 502, headers }: IncomingMessage, bytes: Buffer<ArrayBuffer>): Response {
  const given = new Headers()
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') given.set(name, value)
  return new Response([204, 205, 304].includes(statusCode) ? null : bytes, { status: statusCode, headers: given })
}
