import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from '../platform/context.ts'
import type { Execute } from '../platform/execute.ts'
import type { Storage } from '../platform/storage.ts'

export function serveImports(
  _app: FastifyInstance,
  _parts: { execute: Execute; identify(request: FastifyRequest): Promise<Caller>; storage: Storage },
) {}
