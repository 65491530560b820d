/** `/mcp`: Streamable HTTP for agents, the current protocol revision and the ones before it. */
import type { ServerResponse } from 'node:http'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { onIdentityChange } from '../modules/identity/operations.ts'
import type { Caller } from '../platform/context.ts'
import type { Execute, Gate } from '../platform/execute.ts'
import { mcpServer } from '../platform/mcp.ts'
import type { AnyOperation } from '../platform/operation.ts'
import { conformance, conformanceFixtures, suite } from './mcp-conformance.ts'

type Parts = {
  operations: readonly AnyOperation[]
  execute: Execute
  gate: Gate
  identify(request: FastifyRequest): Promise<Caller>
  /** Origins of browsers that may call; the product's own. Others are refused (DNS rebinding). */
  origins: ReadonlySet<string>
  version: string
}

export function serveMcp(app: FastifyInstance, { operations, execute, gate, identify, origins, version }: Parts) {
  const agents = createMcpHandler(({ authInfo }) => {
    const { caller, offered } = authInfo!.extra as { caller: Caller; offered: readonly AnyOperation[] }
    const server = mcpServer(offered, caller, execute, version)
    if (conformance()) conformanceFixtures(server, () => agents.notify.toolsChanged())
    return server
  })
  const handler = toNodeHandler(agents)
  // Whoever listens asks again what there is; that nothing changed for this one is cheaper than to find out for each.
  const stopTelling = onIdentityChange(() => agents.notify.toolsChanged())
  app.addHook('preClose', async () => {
    stopTelling()
    await agents.close()
  })
  /** What is switched off is not listed; named all the same, it is refused with the rule that did it (gate.ts). */
  const offeredTo = (caller: Caller, body: unknown) =>
    (body as { method?: unknown } | null)?.method === 'tools/list' ? gate.offered(operations, caller) : operations
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp',
    handler: async (request, reply) => {
      const obstacle = foreign(request, origins)
      if (obstacle) return reply.code(403).send({ jsonrpc: '2.0', error: { code: -32000, message: obstacle }, id: null })
      const caller = conformance() && isSuite(request) ? suite(request.id) : await identify(request)
      const offered = isSuiteCaller(caller) ? [] : await offeredTo(caller, request.body)
      const extra = { caller, offered }
      const raw = Object.assign(request.raw, { auth: { token: '', clientId: caller.actor.email, scopes: [], extra } })
      const answer = reply.takeOver()
      if (!isSuiteCaller(caller)) endWithRights(request, caller, answer, identify)
      await handler(raw, answer, request.body)
    },
  })
}

const isSuiteCaller = ({ actor }: Caller) => actor.email === suite('').actor.email

/** A lost key, token, membership or relation ends an open stream within this time (decisions §2). */
const checkMs = 4_000

function endWithRights(request: FastifyRequest, { actor }: Caller, answer: ServerResponse, identify: Parts['identify']) {
  const check = setInterval(async () => {
    const now = await identify(request).catch(() => null)
    if (now?.actor.organizationId !== actor.organizationId) answer.destroy()
  }, checkMs)
  answer.once('close', () => clearInterval(check))
}

/** From this machine, and with nothing that says who it is. */
const isSuite = ({ headers, socket }: FastifyRequest) =>
  isHere(socket.remoteAddress) && !headers.authorization && !headers['x-api-key'] && !headers.cookie

const isHere = (address: string | undefined) => address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address)

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * A page of another site that reaches a server on its reader's own machine by a name made to point there (DNS
 * rebinding) shows in Origin, or in the name it asks for.
 */
function foreign({ headers: { origin, host }, socket }: FastifyRequest, origins: ReadonlySet<string>): string | null {
  const name = URL.parse(`http://${host ?? ''}`)?.hostname
  if (!name) return 'The Host header names no host.'
  const own = loopback.test(name) || [...origins].some((each) => new URL(each).hostname === name)
  const here = socket.localAddress === undefined || isHere(socket.localAddress)
  if (here && !own) return `This server is not called ${name}. PUBLIC_URL says how it is called.`
  const same = own && origin !== undefined && URL.parse(origin)?.host === host
  return origin === undefined || same || origins.has(origin) ? null : 'This origin may not call the MCP endpoint.'
}
