/** What a server says of itself: metrics, traces, log, readiness. */
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import type net from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import * as identity from '../modules/identity/operations.ts'
import { operations } from '../modules/index.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { counter, exposition, Histogram } from '../platform/metrics.ts'
import { outbound } from '../platform/outbound.ts'
import { tracing } from '../platform/tracing.ts'
import { testDatabase } from './database.ts'
import { type Headers, password, requestFor, type TestOrganization, type TestProduct, testProduct } from './product.ts'
import { until } from './programs.ts'
import { severable } from './severable.ts'

vi.setConfig({ testTimeout: 120_000 })

const keyOf = (whose: TestOrganization) => ({ 'x-api-key': whose.keys.OrgAdmin })

describe('metrics', () => {
  let product: TestProduct
  let organization: TestOrganization
  beforeAll(async () => {
    product = await testProduct()
    organization = await product.given.organization()
  })
  afterAll(() => product.stop())

  const metrics = async (headers: Headers = {}) => product.request('GET', '/metrics', headers)
  const value = async (line: string) => {
    const { text } = await metrics()
    return Number(
      text
        .split('\n')
        .find((each) => each.startsWith(`${line} `))
        ?.slice(line.length + 1) ?? 0,
    )
  }

  test('requests are counted by operation and status, with their time', async () => {
    const [made, refused] = [
      'tater_requests_total{operation="tasks.create",status="201"}',
      'tater_requests_total{operation="tasks.create",status="422"}',
    ]
    const took = 'tater_request_duration_seconds_count{operation="tasks.create"}'
    const before = [
      await value(made),
      await value(refused),
      await value(took),
      await value('tater_transactions_total{access="write"}'),
    ]
    await product.call(tasks.create, { title: 'Counted', category: 'IT' }, keyOf(organization))
    await product.call(tasks.create, { title: '' }, keyOf(organization))
    expect(await value(made)).toBe(before[0]! + 1)
    expect(await value(refused)).toBe(before[1]! + 1)
    expect(await value(took)).toBe(before[2]! + 2)
    expect(await value('tater_transactions_total{access="write"}')).toBeGreaterThan(before[3]!)
  })

  test('who asks is remembered, and that is counted', async () => {
    const hits = 'tater_identify_total{cache="hit"}'
    await until(async () => (await value('tater_listening')) === 1)
    await product.call(tasks.list, {}, keyOf(organization))
    const before = await value(hits)
    await product.call(tasks.list, {}, keyOf(organization))
    expect(await value(hits)).toBe(before + 1)
  })

  test('the page is what Prometheus reads, and names nobody', async () => {
    await product.request('GET', `/api/tasker/tasks/${organization.id}?token=hush`, keyOf(organization))
    await product.request('GET', '/nothing/here')
    const { status, text, headers } = await metrics()
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(
        /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z_]+="([^"\\\n]|\\.)*"(,[a-z_]+="([^"\\\n]|\\.)*")*\})? -?\d[\d.e+-]*)$/,
      )
    const names = text
      .split('\n')
      .filter((line) => line.startsWith('# TYPE'))
      .map((line) => line.split(' ')[2])
    expect(new Set(names).size).toBe(names.length)
    for (const name of [
      'tater_build_info',
      'tater_pool_connections',
      'tater_queue_jobs',
      'tater_queue_oldest_seconds',
      'tater_live_streams',
      'tater_event_loop_lag_seconds',
      'tater_database_up',
    ])
      expect(names).toContain(name)
    expect(text).toContain('tater_queue_jobs{queue="imports",state="waiting"}')
    expect(text).not.toContain(organization.id)
    expect(text).not.toContain(organization.name)
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|hush|nothing\/here|@/)
  })

  test('nobody elsewhere reads it, unless the token says so', async () => {
    expect((await metrics({ 'x-forwarded-for': '203.0.113.5' })).status).toBe(403)
    const far = await product.app.inject({ url: '/metrics', remoteAddress: '203.0.113.5' })
    expect(far.statusCode).toBe(403)
    const metricsToken = randomBytes(16).toString('hex')
    const guarded = await testProduct({ metricsToken })
    try {
      const ask = async (headers: Headers) =>
        (await guarded.app.inject({ url: '/metrics', remoteAddress: '203.0.113.5', headers })).statusCode
      expect(await ask({ authorization: `Bearer ${metricsToken}` })).toBe(200)
      expect(await ask({ authorization: 'Bearer another' })).toBe(403)
      expect((await guarded.request('GET', '/metrics')).status).toBe(403)
    } finally {
      await guarded.stop()
    }
  })

  test('a histogram counts upwards, and labels are escaped', () => {
    const times = new Histogram([0.1, 1])
    for (const each of [0.05, 0.1, 0.5, 7]) times.observe(each)
    expect([...times.counts]).toEqual([2, 1, 1])
    counter('test_total', 'A test.', { label: 'a "b" \\ c\nd' }).value += 2
    expect(exposition([])).toContain('test_total{label="a \\"b\\" \\\\ c\\nd"} 2')
  })
})

type SentSpan = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: { key: string; value: { stringValue?: string; intValue?: string } }[]
  status: { code?: number; message?: string }
}

/** A collector on loopback: takes OTLP over HTTP and decodes it. */
async function collector() {
  const spans: SentSpan[] = []
  const asked: http.IncomingHttpHeaders[] = []
  const server = http.createServer(async (request, answer) => {
    asked.push(request.headers)
    let body = ''
    for await (const piece of request) body += piece
    if (request.url === '/v1/traces')
      for (const { scopeSpans } of (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: SentSpan[] }[] }[] })
        .resourceSpans)
        for (const scope of scopeSpans) spans.push(...scope.spans)
    answer.setHeader('content-type', 'application/json').end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  return { spans, asked, url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

describe('traces', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const parent = '00f067aa0ba902b7'
  const waiting = { OTEL_EXPORTER_OTLP_HEADERS: 'x-team=desk%20one', OTEL_SERVICE_NAME: 'desk' }

  test('a request, its operation and its statements are one trace, below the caller, without values', async () => {
    const receiver = await collector()
    const product = await testProduct({ traces: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...waiting } })
    try {
      const organization = await product.given.organization()
      const title = 'A title nobody should trace'
      const traced = { ...keyOf(organization), traceparent: `00-${traceId}-${parent}-01` }
      expect((await product.call(tasks.create, { title, category: 'IT' }, traced)).status).toBe(201)
      expect((await product.call(tasks.get, { taskId: 'TATER-1' }, traced)).status).toBe(404)
      const unwanted = `00-${'a'.repeat(32)}-${parent}-00`
      await product.call(tasks.list, {}, { ...keyOf(organization), traceparent: unwanted })
      await product.stop()
      const ours = receiver.spans.filter((span) => span.traceId === traceId)
      const one = (name: string) => ours.find((span) => span.name === name)!
      const request = one('POST /api/tasker/tasks')
      expect(request).toMatchObject({ parentSpanId: parent, kind: 2 })
      expect(request.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: '201' } })
      const operation = one('tasks.create')
      expect(operation).toMatchObject({ parentSpanId: request.spanId, kind: 1, status: {} })
      const statements = ours.filter((span) => span.parentSpanId === operation.spanId)
      expect(statements.map(({ name }) => name)).toEqual(expect.arrayContaining(['insert', 'commit']))
      expect(one('tasks.get')).toMatchObject({ status: { code: 2, message: 'NO_SUCH_TASK' } })
      const read = ours.filter((span) => span.parentSpanId === one('tasks.get').spanId)
      expect(read.some(({ attributes }) => JSON.stringify(attributes).includes('from \\"tasks\\"'))).toBe(true)
      for (const span of ours) expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano))
      expect(JSON.stringify(receiver.spans)).not.toContain(title)
      expect(JSON.stringify(receiver.spans)).not.toContain(organization.keys.OrgAdmin)
      expect(receiver.spans.some((span) => span.traceId === 'a'.repeat(32))).toBe(false)
      expect(receiver.asked[0]).toMatchObject({ 'x-team': 'desk one', 'content-type': 'application/json' })
    } finally {
      receiver.close()
    }
  })

  test('what the server asks of others carries the trace along', async () => {
    const receiver = await collector()
    const traces = tracing({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, '0')
    try {
      const ask = traces.outbound(outbound(['127.0.0.1']))
      const context = { traceId, spanId: parent, sampled: true }
      await traces.run(context, () => ask(`${receiver.url}/elsewhere`))
      await traces.stop()
      const [span] = receiver.spans
      expect(span).toMatchObject({ traceId, parentSpanId: parent, kind: 3 })
      expect(receiver.asked[0]!.traceparent).toBe(`00-${traceId}-${span!.spanId}-01`)
    } finally {
      receiver.close()
    }
  })

  test('a collector that is away costs spans, never a request', async () => {
    const product = await testProduct({ traces: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } })
    const organization = await product.given.organization()
    expect((await product.call(tasks.list, {}, keyOf(organization))).status).toBe(200)
    await product.stop()
    expect(counter('tater_spans_lost_total', '').value).toBeGreaterThan(0)
  })
})

describe('the log, and readiness', () => {
  let product: TestProduct
  let organization: TestOrganization
  let database: Awaited<ReturnType<typeof testDatabase>>
  let link: Awaited<ReturnType<typeof severable>>
  const lines: string[] = []
  beforeAll(async () => {
    database = await testDatabase()
    link = await severable(database.ownerUrl)
    product = await testProduct({
      ownerUrl: link.url,
      logLevel: 'trace',
      logRequests: 'info',
      logTo: { write: (line) => void lines.push(line) },
    })
    organization = await product.given.organization()
  })
  afterAll(async () => {
    await product.stop()
    link.close()
    await database.drop()
  })

  const ready = async () => (await product.request('GET', '/health/ready')).status

  test('each request has one line: who, what, how long, and how it ended', async () => {
    const answer = await product.call(tasks.create, { title: 'Logged', category: 'IT' }, keyOf(organization))
    const own = lines.map((line) => JSON.parse(line)).filter((line) => line.reqId === answer.headers['x-request-id'])
    expect(own).toHaveLength(1)
    expect(own[0]).toMatchObject({
      level: 30,
      msg: 'request',
      operation: 'tasks.create',
      status: 201,
      organization: organization.id,
      actor: 'key',
      channel: 'api',
    })
    expect(own[0].ms).toBeGreaterThan(0)
  })

  const marks: string[] = []
  const mark = () => {
    const made = `hush${randomBytes(12).toString('hex')}`
    marks.push(made)
    return made
  }
  const secretFields = [
    'password',
    'newPassword',
    'currentPassword',
    'token',
    'secret',
    'clientSecret',
    'client_secret',
    'code',
    'code_verifier',
    'refresh_token',
    'apiKey',
    'webhookUrl',
    'totp',
  ]
  const doors = [
    ['POST', '/api/setup'],
    ['POST', '/api/auth/sign-in/email'],
    ['POST', '/api/auth/two-factor/verify-totp'],
    ['POST', '/api/auth/change-password'],
    ['GET', '/api/auth/get-session'],
    ['POST', '/api/sign-in/start'],
    ['POST', '/api/sign-in/check'],
    ['GET', '/api/sign-in/options'],
    ['GET', '/api/sign-in/callback/microsoft'],
    ['GET', '/api/auth/reset-password'],
    ['POST', '/api/oauth/token'],
    ['POST', '/api/oauth/revoke'],
    ['POST', '/api/oauth/register'],
    ['GET', '/api/oauth/authorize'],
    ['GET', '/api/scim/v2/nowhere/Users'],
    ['POST', '/api/scim/v2/nowhere/Users'],
    ['POST', '/mcp'],
    ['GET', '/setup'],
    ['GET', '/health/ready'],
    ['GET', '/metrics'],
    ['GET', '/api/live'],
  ] as const

  /** Every operation and door, with a secret in each place where somebody could send one. */
  async function sendSecretsEverywhere() {
    const routes = [
      ...doors,
      ...operations.map((op) => [requestFor(op, {}).method, requestFor(op, {}).url.split('?')[0]!] as const),
    ]
    for (const [method, path] of routes) {
      const query = new URLSearchParams(['token', 'key', 'code', 'state', 'api_key'].map((name) => [name, mark()]))
      const headers = {
        authorization: `Bearer tater_${mark()}`,
        'x-api-key': `tater_${randomBytes(16).toString('hex')}`,
        cookie: `tater.session_token=${mark()}.${mark()}; other=${mark()}`,
        'x-secret': mark(),
      }
      marks.push(headers['x-api-key'])
      const body = Object.fromEntries(secretFields.map((field) => [field, mark()]))
      const basic = `Basic ${Buffer.from(`client:${mark()}`).toString('base64')}`
      for (const sent of [
        headers,
        { authorization: headers.authorization },
        { authorization: basic },
        { cookie: headers.cookie },
        keyOf(organization),
      ])
        await product.request(
          method,
          `${path}?${query}`,
          sent as Headers,
          method === 'GET' || method === 'DELETE' ? undefined : body,
        )
    }
  }

  /** Passwords, keys, cookies and tokens that are right. */
  async function useRealSecrets() {
    const member = await product.given.member(organization, 'OrgAdmin')
    const cookie = await product.given.session(member.email)
    const answer = await product.call(identity.createKey, { name: 'A key', role: 'Viewer', email: 'a@example.com' }, { cookie })
    const key = String(answer.body.key)
    expect(key).toMatch(/^tater_/)
    await product.call(tasks.list, {}, { authorization: `Bearer ${key}` })
    await product.request('POST', '/api/auth/sign-in/email', {}, { email: member.email, password: `${password} but wrong` })
    marks.push(password, key, organization.keys.OrgAdmin, cookie.split('=')[1]!, decodeURIComponent(cookie.split('=')[1]!))
  }

  test('no password, key, token or cookie is ever in it, not even when everything fails', { timeout: 180_000 }, async () => {
    await useRealSecrets()
    await sendSecretsEverywhere()
    const well = lines.length
    link.cut()
    await sendSecretsEverywhere()
    link.mend()
    await until(async () => (await ready()) === 200)
    expect(
      lines.slice(well).some((line) => JSON.parse(line).level >= 50),
      'failures were logged',
    ).toBe(true)
    const log = lines.join('')
    expect(marks.length).toBeGreaterThan(1000)
    expect(marks.filter((secret) => log.includes(secret))).toEqual([])
    expect(log).not.toMatch(/authorization|set-cookie|x-api-key/i)
  })

  test('not ready while the database is gone or silent, alive all the same, and ready again by itself', {
    timeout: 180_000,
  }, async () => {
    expect(await ready()).toBe(200)
    for (const away of [link.cut, link.silence]) {
      away()
      await until(async () => (await ready()) === 503)
      // No connection is left by now that could break: a silent database is given up after a while.
      expect(await ready()).toBe(503)
      expect((await product.request('GET', '/health/live')).status).toBe(200)
      expect((await product.request('GET', '/metrics')).text).toContain('tater_database_up')
      link.mend()
      await until(async () => (await ready()) === 200)
      expect((await product.call(tasks.list, {}, keyOf(organization))).status).toBe(200)
    }
  })
})
