/** What an organization decides about agents holds from the next call on, in the list of tools and in each call. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as agents from '../modules/agents/operations.ts'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let organization: TestOrganization
let url: string
let key: { id: string; secret: string }

beforeAll(async () => {
  product = await testProduct()
  url = await product.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => product?.stop())
beforeEach(async () => {
  organization = await product.given.organization()
  const made = await product.given.key(organization.id, 'Auditor')
  key = { id: made.apiKey.id, secret: made.key }
})

async function agent() {
  const client = new Client({ name: 'limits-test', version: '1' })
  const headers = { authorization: `Bearer ${key.secret}` }
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } }))
  return client
}

const decide = async (policy: Record<string, unknown>) => {
  const { version } = await product.execute(agents.getPolicy, organization.caller(), {})
  return product.execute(agents.savePolicy, organization.caller(), { ...policy, ifVersion: version } as never)
}
const limit = (limits: Record<string, unknown>) =>
  product.execute(agents.setLimits, organization.caller(), { tokenId: key.id, ...limits } as never)
const create = { name: 'create_tasker_task', arguments: { title: 'By an agent', category: 'IT' } }
const saidBy = (answer: { content?: unknown }) =>
  JSON.parse((answer.content as { text: string }[])[0]!.text) as Record<string, unknown>
const offeredTo = async (client: Client) => (await client.listTools()).tools.map((tool) => tool.name)

describe('the organization', () => {
  test('hides a tool from the next list on, and refuses it by name with the rule; the refusal is in the log', async () => {
    const client = await agent()
    const before = await offeredTo(client)
    expect(before).toContain('create_tasker_task')
    const { effects } = await decide({ roles: [{ role: 'Auditor', disabled: ['create_tasker_task'] }] })
    expect(effects.find((effect) => effect.role === 'Auditor')).toMatchObject({ offered: before.length - 1, of: before.length })
    expect(await offeredTo(client)).toEqual(before.filter((name) => name !== 'create_tasker_task'))
    const refused = await client.callTool(create)
    expect(refused.isError).toBe(true)
    expect(saidBy(refused)).toMatchObject({ error: 'TOOL_REFUSED', rule: 'role', status: 403 })
    const [event] = await product.asOwner(
      "select operation from events where organization_id = $1 and action = 'access.refused' order by id desc limit 1",
      [organization.id],
    )
    expect(event).toEqual({ operation: 'tasks.create' })
    await decide({})
    expect((await client.callTool(create)).isError ?? false).toBe(false)
    await client.close()
  })

  test('stops every agent at once, and no program that is none', async () => {
    const client = await agent()
    await decide({ agents: 'read-only' })
    expect(saidBy(await client.callTool(create))).toMatchObject({ rule: 'agents-read-only' })
    expect((await client.callTool({ name: 'whoami', arguments: {} })).isError ?? false).toBe(false)
    await decide({ agents: 'off' })
    expect(await offeredTo(client)).toEqual([])
    expect(saidBy(await client.callTool({ name: 'whoami', arguments: {} }))).toMatchObject({ rule: 'agents-off' })
    expect((await product.request('GET', '/api/tasker/tasks', { 'x-api-key': key.secret })).status).toBe(200)
    await client.close()
  })

  test('is told when two change the policy at once', async () => {
    await decide({ agents: 'read-only' })
    const save = () => product.execute(agents.savePolicy, organization.caller(), { agents: 'on', ifVersion: 1 } as never)
    const outcomes = await Promise.allSettled([save(), save()])
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('one key', () => {
  test('with a list of tools does nothing else, by REST neither', async () => {
    await limit({ tools: ['list_tasker_tasks'] })
    const client = await agent()
    expect(await offeredTo(client)).toEqual(['list_tasker_tasks'])
    const rest = async (method: string, path: string, body?: object) =>
      (await product.request(method, path, { 'x-api-key': key.secret }, body)).status
    expect(await rest('GET', '/api/tasker/tasks')).toBe(200)
    expect(await rest('POST', '/api/tasker/tasks', create.arguments)).toBe(403)
    expect(await rest('GET', '/api/members')).toBe(403)
    await client.close()
  })

  test('paused is refused everywhere, and goes on when it is not', async () => {
    await limit({ paused: true })
    const status = async () => (await product.request('GET', '/api/tasker/tasks', { 'x-api-key': key.secret })).status
    expect(await status()).toBe(403)
    await limit({ paused: false })
    expect(await status()).toBe(200)
  })

  test('writes as often as its budget says, however many come at once; what fails is not counted', async () => {
    await limit({ dailyWrites: 3 })
    const write = async (body: object) => product.request('POST', '/api/tasker/tasks', { 'x-api-key': key.secret }, body)
    expect((await write({ title: '', category: 'IT' })).status).toBe(422)
    const statuses = (await Promise.all(Array.from({ length: 8 }, () => write(create.arguments)))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(3)
    expect(statuses.filter((status) => status === 429)).toHaveLength(5)
    expect((await write(create.arguments)).body).toMatchObject({ error: 'WRITE_BUDGET_SPENT' })
    const { items } = await product.execute(agents.keyUse, organization.caller(), { keyIds: [key.id] })
    expect(items).toMatchObject([{ writesToday: 3, limits: { dailyWrites: 3 } }])
    await limit({ dailyWrites: 4 })
    expect((await write(create.arguments)).status).toBe(201)
  })

  test('calls as often in a minute as it may, then is told how long to wait', async () => {
    await limit({ callsPerMinute: 5 })
    const answers = []
    for (let n = 0; n < 12; n += 1) answers.push(await product.request('GET', '/api/tasker/tasks', { 'x-api-key': key.secret }))
    const refused = answers.filter(({ status }) => status === 429)
    // Twelve calls may fall into two minutes, never into three.
    expect(refused.length).toBeGreaterThanOrEqual(2)
    expect(refused[0]!.body).toMatchObject({ error: 'TOO_MANY_CALLS', retryAfter: expect.any(Number) })
  })

  test('cannot be limited from another organization', async () => {
    const other = await product.given.organization()
    await expect(product.execute(agents.setLimits, other.caller(), { tokenId: key.id, paused: true } as never)).rejects.toThrow(
      /no such key/,
    )
  })
})
