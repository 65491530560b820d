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
      const origin = request.headers.origin
      if (origin !== undefined && !origins.has(origin)) {
        return reply
          .code(403)
          .send({ jsonrpc: '2.0', error: { code: -32000, message: 'This origin may not call the MCP endpoint.' }, id: null })
      }
      const caller = await identify(request)
      const raw = Object.assign(request.raw, { auth: { token: '', clientId: caller.actor.email, scopes: [], extra: { caller } } })
      reply.hijack()
      await handler(raw, reply.raw, request.body)
    },
  })
}
