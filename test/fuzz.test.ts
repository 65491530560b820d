/** Whatever arrives, nothing breaks: no 5xx, and every refusal is a problem that says what was wrong. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allOperations } from '../modules/index.ts'
import { routeOf } from '../platform/operation.ts'
import { snake } from '../platform/schemas.ts'
import { type Furnished, furnish } from './fixture.ts'
import { malformed, type Place, placeOf, type Request, spoiled } from './malformed.ts'
import { type TestProduct, testProduct } from './product.ts'
import { randomFrom } from './random.ts'

/** FUZZ_SEED=… repeats a run that failed; FUZZ_REQUESTS=… sends more. */
const seed = Number(process.env.FUZZ_SEED ?? 20261120)
const perRoute = Number(process.env.FUZZ_REQUESTS ?? 500)

let product: TestProduct
let one: Furnished

beforeAll(async () => {
  product = await testProduct({ setupToken: 'the-link' })
  one = await furnish(product, 'zebra', { signedIn: true })
})
afterAll(() => product?.stop())

const door = (method: string, path: string, fields: string[] = [], input: () => Record<string, unknown> = () => ({})): Place => ({
  name: `${method} ${path}`,
  method,
  path,
  parameters: [...path.matchAll(/:(\w+)/g)].map((match) => match[1]!),
  input,
  fields,
})

/** What is not an operation's own route. */
const doors: Place[] = [
  door('GET', '/api/tasker/tasks/export.csv', ['q', 'status', 'updatedAfter', 'createdBefore', 'deleted', 'after', 'priority']),
  door('GET', '/api/security/records/export.csv', ['q', 'type', 'status', 'severity', 'archived', 'after']),
  door('GET', '/api/tasker/tasks/export.ndjson', ['q', 'status', 'updatedAfter', 'limit', 'sort']),
  door('POST', '/api/auth/sign-in/email', ['email', 'password', 'rememberMe', 'callbackURL'], () => ({
    email: 'a@example.com',
    password: 'x',
  })),
  door('POST', '/api/auth/sign-out', ['x']),
  door('POST', '/api/auth/change-password', ['newPassword', 'currentPassword', 'revokeOtherSessions']),
  door('GET', '/api/auth/get-session', ['disableCookieCache', 'x']),
  door('GET', '/api/setup', ['x']),
  door('POST', '/api/setup', ['token', 'name', 'email', 'password', 'organizationName'], () => ({
    token: 'the-lin\u00e9',
    name: 'x',
    email: 'x@example.com',
    password: 'x'.repeat(12),
    organizationName: 'x',
  })),
  door('POST', '/mcp', ['jsonrpc', 'id', 'method', 'params'], () => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'list_tasker_tasks', arguments: { priority: [''] } },
  })),
  door('GET', '/mcp'),
  door('DELETE', '/mcp'),
  door('GET', '/docs/errors/:code', [], () => ({ code: 'NOT_FOUND' })),
  door('GET', '/openapi.json'),
  door('GET', '/docs'),
  door('GET', '/docs/assets/:file', [], () => ({ file: 'swagger-ui.css' })),
  door('GET', '/health/live'),
  door('GET', '/health/ready'),
  door('GET', '/api/:anything', [], () => ({ anything: 'nothing' })),
  door('POST', '/:anything', ['x'], () => ({ anything: 'nothing' })),
]

async function send(request: Request, place: Place, n: number) {
  const answer = await product.app.inject({
    method: request.method as 'GET',
    url: request.url,
    headers: request.headers,
    ...(request.payload !== undefined && { payload: request.payload }),
  })
  const told = {
    seed,
    n,
    place: place.name,
    url: request.url.slice(0, 300),
    headers: request.headers,
    payload: String(request.payload ?? '').slice(0, 600),
    answer: answer.body.slice(0, 600),
  }
  if (answer.statusCode >= 500) throw new Error(`Answered ${answer.statusCode} ${JSON.stringify(told)}`)
  if (answer.statusCode < 400 || request.method === 'HEAD') return answer.statusCode
  const type = String(answer.headers['content-type'])
  const body = parsed(answer.body)
  const isProblem =
    type.startsWith('application/problem+json') &&
    body?.status === answer.statusCode &&
    [body.error, body.message, body.title, body.type].every((each) => typeof each === 'string' && each !== '')
  const isRpcError =
    request.url.startsWith('/mcp') &&
    type.startsWith('application/json') &&
    body?.jsonrpc === '2.0' &&
    typeof body.error === 'object'
  if (!isProblem && !isRpcError)
    throw new Error(`Refused, but not with a problem: ${answer.statusCode} ${type} ${JSON.stringify(told)}`)
  return answer.statusCode
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return null
  }
}

/** Eight at a time, as in life; each request depends only on the seed, the route and its number. */
async function sendAll(place: Place, headers: Record<string, string>) {
  const random = randomFrom(seed ^ hashOf(place.name))
  const requests = Array.from({ length: perRoute }, () => malformed(place, random, headers))
  const statuses: Record<string, number> = {}
  let next = 0
  const lane = async () => {
    while (next < requests.length) {
      const n = next++
      const status = await send(requests[n]!, place, n)
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: 8 }, lane))
  return statuses
}

const hashOf = (text: string) =>
  [...text].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619), 2166136261) >>> 0

describe(`${perRoute} malformed requests each (seed ${seed})`, () => {
  // A stream that is let in stays open.
  test.each(allOperations.filter((op) => op.name !== 'tasks.live'))('$route', { timeout: 120_000 }, async (op) => {
    const statuses = await sendAll(placeOf(op, one), { 'x-api-key': one.organization.keys.OrgAdmin })
    const refused = Object.entries(statuses)
      .filter(([status]) => Number(status) >= 400)
      .reduce((sum, [, count]) => sum + count, 0)
    expect(refused).toBeGreaterThan(perRoute / 20)
    expect(routeOf(op).path).toMatch(/^\//)
  })

  test.each(doors)('$name', { timeout: 120_000 }, async (place) => {
    const key = place.path.startsWith('/api/tasker') || place.path === '/mcp'
    await sendAll(
      place,
      key
        ? {
            'x-api-key': one.organization.keys.OrgAdmin,
            ...(place.path === '/mcp' && { accept: 'application/json, text/event-stream' }),
          }
        : {},
    )
  })

  test.each(allOperations.filter((op) => op.mcp))('the tool $mcp.tool', { timeout: 120_000 }, async (op) => {
    const random = randomFrom(seed ^ hashOf(op.mcp!.tool))
    const place = placeOf(op, one)
    const headers = { 'x-api-key': one.organization.keys.OrgAdmin, accept: 'application/json, text/event-stream' }
    for (let n = 0; n < perRoute; n += 1) {
      const named = Object.entries(spoiled(place.input(), place.fields, random)).map(([name, value]) => [snake(name), value])
      const call = {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: op.mcp!.tool, arguments: Object.fromEntries(named) },
      }
      const answer = await product.request('POST', '/mcp', headers, call)
      const told = { seed, n, call, answer: answer.text.slice(0, 600) }
      if (answer.status >= 500 || /"error\\*":\\*"internal/.test(answer.text)) throw new Error(`Broke ${JSON.stringify(told)}`)
    }
  })

  test('the product still works afterwards', async () => {
    const headers = { 'x-api-key': one.organization.keys.OrgAdmin }
    const made = await product.request('POST', '/api/tasker/tasks', headers, { title: 'After the storm', category: 'IT' })
    expect(made.status).toBe(201)
    expect((await product.request('GET', `/api/tasker/tasks/${made.body.id}`, headers)).body).toMatchObject({
      title: 'After the storm',
    })
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
