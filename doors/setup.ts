/** The first start: whoever holds the one-time link becomes SuperAdmin, with a first organization. */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { setUp, systemCaller } from '../modules/identity/operations.ts'
import { seedDefaults } from '../modules/profiles/operations.ts'
import type { Execute } from '../platform/execute.ts'
import { Email, named, text } from '../platform/fields.ts'
import { english } from '../platform/messages.ts'
import { Forbidden } from '../platform/problem.ts'
import { say } from './refusals.ts'

const Setup = z.strictObject({
  token: text(200),
  name: named(200),
  email: Email,
  password: text(200).min(12, english(say.password)),
  organizationName: named(200),
})

export function serveSetup(
  app: FastifyInstance,
  { execute, setupToken, setUpDone }: { execute: Execute; setupToken(): string | null; setUpDone(): void },
) {
  app.get('/api/setup', async () => ({ open: setupToken() !== null }))
  app.post('/api/setup', async (request, reply) => {
    const { token, ...input } = Setup.parse(request.body ?? {})
    const wanted = setupToken()
    if (wanted === null || !same(token, wanted)) throw Forbidden(say.setupLink)
    const { organizationId } = await execute(setUp, systemCaller(null, request.id), input)
    await execute(seedDefaults, systemCaller(organizationId, request.id), {})
    setUpDone()
    return reply.code(201).send({ organizationId })
  })
}

/** Compared as bytes: texts of one length may differ in theirs. */
function same(a: string, b: string) {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
