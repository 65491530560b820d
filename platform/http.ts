/** The REST door: one route per operation, and problems for every failure. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from './context.ts'
import type { Execute } from './execute.ts'
import { languageAsked, messages, params } from './messages.ts'
import { type AnyOperation, routeOf } from './operation.ts'
import { BadRequest, Invalid, invalidField, NotFound, toProblem } from './problem.ts'
import { fromQueryString, inputSchema, type JsonSchema } from './schemas.ts'
import { serialize } from './serialize.ts'

const say = messages('platform/requests', {
  tooDeep: params('The body is nested deeper than {limit} levels.'),
  key: 'Idempotency-Key takes 1 to 200 visible ASCII characters, such as a UUID.',
  unknown: 'There is no such field or parameter here.',
  inAddress: 'Stands in the address already.',
  parameter: params('{name}: There is no such parameter here.'),
  notObject: 'The body must be a JSON object.',
  twice: params('{name} stands in the address; leave it out of the body.'),
  ifMatch: 'If-Match takes the ETag of the task, such as "7".',
  nothing: params('There is nothing at {address}. /docs lists what there is.'),
})

/** No contract of ours is this deep; deeper ones are made to exhaust the stack of whoever reads them. */
const deepest = 64

/** Reads JSON bodies: as Fastify does, and only so deep. */
export function readJsonBodies(app: FastifyInstance) {
  app.removeContentTypeParser('application/json')
  readBodiesAs(app, 'application/json')
}

/** Reads bodies of one more type as JSON; its parameters (`; charset=utf-8`) and case do not matter (RFC 9110 §8.3.1). */
export function readBodiesAs(app: FastifyInstance, type: string) {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser(type, { parseAs: 'string' }, (request, body, done) => {
    // Some clients name a type for the body that a DELETE does not have.
    if (body === '' && request.method === 'DELETE') return done(null, undefined)
    if (depthOf(String(body)) > deepest) return done(BadRequest(say.tooDeep({ limit: deepest })))
    return parse(request, String(body), done)
  })
}

/** How deep brackets stand inside each other; those inside texts do not count. */
function depthOf(json: string): number {
  let depth = 0
  let most = 0
  let inText = false
  for (let at = 0; at < json.length; at += 1) {
    const letter = json.charCodeAt(at)
    if (inText) {
      if (letter === 0x5c) at += 1
      else if (letter === 0x22) inText = false
    } else if (letter === 0x22) inText = true
    else if (letter === 0x7b || letter === 0x5b) most = Math.max(most, ++depth)
    else if (letter === 0x7d || letter === 0x5d) depth -= 1
  }
  return most
}

export type Identify = (request: FastifyRequest) => Promise<Caller>

/** Serves every operation that has no door of its own under `/api`. */
export function serveOperations(app: FastifyInstance, operations: readonly AnyOperation[], execute: Execute, identify: Identify) {
  for (const op of operations.filter((each) => !each.byDoor)) {
    const { method, path, parameters, success } = routeOf(op)
    const schema = inputSchema(op)
    const versioned = 'ifVersion' in (schema.properties ?? {})
    const inUrl = method === 'GET' || method === 'DELETE'
    app.route({
      method,
      url: `/api${path}`,
      config: { operation: op.name },
      handler: async (request, reply) => {
        const caller = await identify(request)
        const key = request.headers['idempotency-key']
        if (key !== undefined && op.kind === 'command') caller.idempotencyKey = checkedKey(String(key))
        const given = inUrl ? queryOf(request, schema, parameters) : bodyOf(request, parameters)
        const input = { ...given, ...(request.params as object), ...(versioned && ifMatch(request)) }
        const output = await execute(op, caller, input)
        const version = (output as { version?: unknown } | null)?.version
        if (typeof version === 'number') reply.header('etag', `"${version}"`)
        return reply.code(success).type('application/json; charset=utf-8').send(serialize(op, output))
      },
    })
  }
}

function checkedKey(key: string): string {
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw BadRequest(say.key)
  return key
}

/** A query string cannot name what the path already says, nor something every object has. */
function queryOf(request: FastifyRequest, schema: JsonSchema, parameters: string[]): Record<string, unknown> {
  const query = request.query as Record<string, unknown>
  const twice = Object.keys(query).find((name) => parameters.includes(name) || name === '__proto__')
  if (twice === undefined) return fromQueryString(query, schema)
  throw invalidField([twice], twice === '__proto__' ? say.unknown : say.inAddress)
}

/** A body is an object or absent; it cannot name what the path already says, nor add parameters to the address. */
function bodyOf(request: FastifyRequest, parameters: string[]): Record<string, unknown> {
  const extra = Object.keys(request.query as object)[0]
  if (extra !== undefined)
    throw Invalid(say.parameter({ name: extra }), { errors: [{ pointer: `#/${extra}`, detail: say.unknown }] })
  const body = request.body ?? {}
  if (typeof body !== 'object' || Array.isArray(body)) throw BadRequest(say.notObject)
  const twice = parameters.find((name) => name in body)
  if (twice) throw Invalid(say.twice({ name: twice }), { errors: [{ pointer: `#/${twice}`, detail: say.inAddress }] })
  return body as Record<string, unknown>
}

function ifMatch(request: FastifyRequest): { ifVersion?: number } {
  const header = request.headers['if-match']
  if (header === undefined || header === '*') return {}
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header)?.[1]
  if (!version) throw BadRequest(say.ifMatch)
  return { ifVersion: Number(version) }
}

/** Every failure leaves as a problem in the language asked for; those that are our fault go to the log whole, in English. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const language = languageAsked(request.headers['accept-language'])
  const details = toProblem(error, request.id, language)
  if (details.status >= 500) request.log.error({ err: error }, details.error)
  if (details.status === 401) reply.header('www-authenticate', 'Bearer realm="tater"')
  if (details.status === 503) reply.header('retry-after', '2')
  reply.header('content-language', language).header('vary', 'accept-language')
  return reply.code(details.status).type('application/problem+json').send(details)
}

export function answerProblems(app: FastifyInstance) {
  app.setErrorHandler(answerProblem)
  app.setNotFoundHandler((request, reply) => {
    const address = `${request.method} ${request.url.split('?')[0]!.slice(0, 200)}`
    return answerProblem(NotFound(say.nothing({ address })), request, reply)
  })
}
