/** `/mcp`: Streamable HTTP for agents, the current protocol revision and the ones before it. */
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from '../platform/context.ts'
import type { Execute } from '../platform/execute.ts'
import { mcpServer } from '../platform/mcp.ts'
import type { AnyOperation } from '../platform/operation.ts'
import { conformance, conformanceFixtures, suite } from './mcp-conformance.ts'

type Parts = {
  operations: readonly AnyOperation[]
  execute: Execute
  identify(request: FastifyRequest): Promise<Caller>
  /** Origins of browsers that may call; the product's own. Others are refused (DNS rebinding). */
  origins: ReadonlySet<string>
  version: string
}

export function serveMcp(app: FastifyInstance, { operations, execute, identify, origins, version }: Parts) {
  const handler = toNodeHandler(
    createMcpHandler((context) => {
      const caller = context.authInfo?.extra?.caller as Caller
      const server = mcpServer(caller.actor.email === suite('').actor.email ? [] : operations, caller, execute, version)
      if (conformance()) conformanceFixtures(server)
      return server
    }),
  )
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp',
    handler: async (request, reply) => {
      const obstacle = foreign(request, origins)
      if (obstacle) return reply.code(403).send({ jsonrpc: '2.0', error: { code: -32000, message: obstacle }, id: null })
      const caller = conformance() && isSuite(request) ? suite(request.id) : await identify(request)
      const raw = Object.assign(request.raw, { auth: { token: '', clientId: caller.actor.email, scopes: [], extra: { caller } } })
      reply.hijack()
      await handler(raw, reply.raw, request.body)
    },
  })
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
