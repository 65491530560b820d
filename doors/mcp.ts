/** `/mcp`: Streamable HTTP for agents, the current protocol revision and the ones before it. */
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from '../platform/context.ts'
import type { Execute } from '../platform/execute.ts'
import { mcpServer } from '../platform/mcp.ts'
import type { AnyOperation } from '../platform/operation.ts'
import { conformanceFixtures } from './mcp-conformance.ts'

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
      const server = mcpServer(operations, context.authInfo?.extra?.caller as Caller, execute, version)
      if (process.env.MCP_CONFORMANCE === '1') conformanceFixtures(server)
      return server
    }),
  )
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp',
    handler: async (request, reply) => {
      const obstacle = foreign(request, origins)
      if (obstacle) return reply.code(403).send({ jsonrpc: '2.0', error: { code: -32000, message: obstacle }, id: null })
      const caller = await identify(request)
      const raw = Object.assign(request.raw, { auth: { token: '', clientId: caller.actor.email, scopes: [], extra: { caller } } })
      reply.hijack()
      await handler(raw, reply.raw, request.body)
    },
  })
}

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * A page of another site that reaches a server on its reader's own machine by a name made to point there (DNS
 * rebinding) shows in Origin, or in the name it asks for.
 */
function foreign({ headers: { origin, host }, socket }: FastifyRequest, origins: ReadonlySet<string>): string | null {
  if (origin !== undefined && !origins.has(origin)) return 'This origin may not call the MCP endpoint.'
  const name = URL.parse(`http://${host ?? ''}`)?.hostname
  if (!name) return 'The Host header names no host.'
  const here = socket.localAddress === undefined || /^(127\.|::1$|::ffff:127\.)/.test(socket.localAddress)
  const own = loopback.test(name) || [...origins].some((each) => new URL(each).hostname === name)
  return here && !own ? `This server is not called ${name}. PUBLIC_URL says how it is called.` : null
}
