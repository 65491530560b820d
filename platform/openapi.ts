/** OpenAPI 3.1 read off the same list that the routes come from. */
import { type AnyOperation, routeOf } from './operation.ts'
import { inputSchema, type JsonSchema, outputSchema } from './schemas.ts'

export function openApi(operations: readonly AnyOperation[], version: string) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const op of operations.filter((each) => each.byDoor !== 'page')) {
    const { method, path } = routeOf(op)
    const url = path.replace(/:(\w+)/g, '{$1}')
    paths[url] ??= {}
    paths[url][method.toLowerCase()] = describe(op)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'TATER Ops',
      version,
      description:
        'Every operation here is also what the web app and the MCP tools call. Send an API key as `X-API-Key: tater_…`. ' +
        'A refusal is a problem (RFC 9457) with `error` for programs and `message` for people; the pages under /docs/errors say how to go on.',
    },
    servers: [{ url: '/api' }],
    security: [{ apiKey: [] }, { session: [] }],
    paths,
    components: {
      schemas: { Problem },
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        session: { type: 'apiKey', in: 'cookie', name: 'tater.session_token' },
      },
    },
  }
}

function describe(op: AnyOperation) {
  const { method, parameters: inPath, success } = routeOf(op)
  const { properties = {}, required = [] } = inputSchema(op)
  const parameters = Object.keys(properties).filter((name) => inPath.includes(name) || method === 'GET' || method === 'DELETE')
  const body = Object.keys(properties).filter((name) => !parameters.includes(name) && name !== 'ifVersion')
  const bodyRequired = required.filter((name) => body.includes(name))
  const upload = op.byDoor === 'upload'
  return {
    operationId: op.name,
    summary: op.summary,
    tags: [op.name.split('.')[0]],
    ...(op.permission && { 'x-permission': op.permission }),
    ...(op.personOnly && { 'x-person-only': true }),
    ...(op.mcp && { 'x-mcp-tool': op.mcp.tool }),
    parameters: [
      ...parameters.map((name) =>
        parameter(name, inPath.includes(name) ? 'path' : 'query', required.includes(name), properties[name]!),
      ),
      ...(op.kind === 'command' && method === 'POST'
        ? [header('Idempotency-Key', 'Repeat a request safely: the second answer is the first')]
        : []),
      ...('ifVersion' in properties ? [header('If-Match', 'The version (ETag) this edit is based on')] : []),
    ],
    ...(body.length > 0 && {
      requestBody: upload
        ? form(pick(properties, (op.form ?? []) as string[]))
        : {
            required: bodyRequired.length > 0,
            ...json({ type: 'object', properties: pick(properties, body), required: bodyRequired, additionalProperties: false }),
          },
    }),
    responses: {
      [success]: op.byDoor === 'download' ? { description: 'The file' } : { description: 'Done', ...json(outputSchema(op)) },
      default: {
        description: 'Refused',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

const parameter = (name: string, where: 'path' | 'query', required: boolean, { description, ...schema }: JsonSchema) => ({
  name,
  in: where,
  required: where === 'path' || required,
  ...(description !== undefined && { description }),
  schema,
  // An object in the query is its fields, one by one: `?q=printer&status=Open`.
  ...((schema.type === 'array' || schema.type === 'object') && { style: 'form', explode: true }),
})
const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: false,
  description,
  schema: { type: 'string' },
})
const json = (schema: object) => ({ content: { 'application/json': { schema } } })
const pick = (from: Record<string, unknown>, names: string[]) => Object.fromEntries(names.map((name) => [name, from[name]]))

/** A file and the fields beside it, as a form. */
const form = (fields: Record<string, unknown>) => ({
  required: true,
  content: {
    'multipart/form-data': {
      schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' }, ...fields } },
    },
  },
})

const Problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'error', 'message'],
  properties: {
    type: { type: 'string', description: 'Address of the page that says how to go on' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'Request id' },
    error: { type: 'string', description: 'Machine code' },
    message: { type: 'string', description: 'What stands in the way and what to do next' },
    errors: { type: 'array', items: { type: 'object', properties: { pointer: { type: 'string' }, detail: { type: 'string' } } } },
  },
}
