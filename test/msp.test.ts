/** Providers in their clients: who gets in, at which tier, what is noted, and how soon it ends. */
import { Client as McpClient, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as identity from '../modules/identity/operations.ts'
import { type Headers, type TestOrganization, type TestProduct, testProduct } from './product.ts'
import { until } from './programs.ts'

let product: TestProduct
let other: TestProduct
let northwind: { organization: TestOrganization; person: { id: string; email: string; name: string }; cookie: string }
let root: { cookie: string; organizationId: string }
let url: string

beforeAll(async () => {
  product = await testProduct({ setupToken: 'the-link' })
  root = await product.given.superAdmin()
  northwind = await product.given.provider('Northwind MSP')
  other = await testProduct({ ownerUrl: product.urls.ownerUrl })
  url = await product.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(async () => {
  await other?.stop()
  await product?.stop()
})

const home = (cookie = northwind.cookie) => enter(northwind.organization.id, cookie)
beforeEach(() => home())

const enter = (organizationId: string, cookie = northwind.cookie) =>
  product.request('POST', '/api/me/organization', { cookie }, { organizationId })
const ana = (method: string, path: string, payload?: unknown) =>
  product.request(method, `/api${path}`, { cookie: northwind.cookie }, payload)
const me = async (headers: Headers = { cookie: northwind.cookie }, of = product) =>
  (await of.request('GET', '/api/me', headers)).body as {
    organization: { id: string; role: string } | null
    provider: { tier: string; elevatedUntil: string | null } | null
    permissions: string[]
  }

async function client(tier: 'T1' | 'T2' | 'T3') {
  const organization = await product.given.organization()
  await product.given.relation(northwind.organization, organization, tier)
  return organization
}

const logOf = async (organization: TestOrganization, query = '') =>
  (await product.request('GET', `/api/access/log${query}`, { 'x-api-key': organization.keys.OrgAdmin })).body.items as Record<
    string,
    unknown
  >[]

describe('a relation', () => {
  test('is made in the provider, and its people switch without another login', async () => {
    const contoso = await product.given.organization('Contoso')
    const stranger = await product.given.organization('Stranger')
    expect((await ana('GET', '/msp/candidates')).body).toEqual({ items: [] })
    await product.asOwner('update organizations set managed_by = $1 where id = $2', [northwind.organization.id, contoso.id])
    expect((await ana('GET', '/msp/candidates')).body).toEqual({ items: [{ id: contoso.id, name: 'Contoso' }] })
    // Nobody takes on an organization that was not given to them, whatever its id.
    expect((await ana('POST', '/msp/clients', { organizationId: stranger.id, tier: 'T3' })).body.error).toBe(
      'NO_SUCH_ORGANIZATION',
    )
    expect((await ana('POST', '/msp/clients', { organizationId: northwind.organization.id, tier: 'T3' })).status).toBe(404)
    const added = await ana('POST', '/msp/clients', { organizationId: contoso.id, tier: 'T1' })
    expect([added.status, added.body]).toMatchObject([201, { organization: { name: 'Contoso' }, tier: 'T1', seatLimit: 0 }])
    expect((await ana('POST', '/msp/clients', { organizationId: contoso.id, tier: 'T1' })).status).toBe(404)
    expect((await ana('GET', '/me/organizations')).body.items).toContainEqual({
      organization: { id: contoso.id, name: 'Contoso', slug: expect.any(String) },
      member: false,
      role: 'Auditor',
      provider: { id: northwind.organization.id, name: 'Northwind MSP' },
      tier: 'T1',
    })
    expect((await enter(contoso.id)).status).toBe(200)
    expect(await me()).toMatchObject({ organization: { id: contoso.id, role: 'Auditor' }, provider: { tier: 'T1' } })
    expect((await enter(stranger.id)).status).toBe(404)
  })

  test('two at once make one', async () => {
    const organization = await product.given.organization()
    await product.asOwner('update organizations set managed_by = $1 where id = $2', [northwind.organization.id, organization.id])
    const add = () => ana('POST', '/msp/clients', { organizationId: organization.id, tier: 'T2' })
    expect((await Promise.all([add(), add(), add()])).map(({ status }) => status).sort()).toEqual([
      201,
      expect.toBeOneOf([404, 409]),
      expect.toBeOneOf([404, 409]),
    ])
  })

  test('carries ServiceProviders and OrgAdmins of the provider, and nobody else of it', async () => {
    const organization = await client('T2')
    for (const [role, gets] of [
      ['ServiceProvider', 200],
      ['OrgAdmin', 200],
      ['Auditor', 404],
      ['Viewer', 404],
    ] as const) {
      const person = await product.given.member(northwind.organization, role)
      const cookie = await product.given.session(person.email)
      expect([role, (await enter(organization.id, cookie)).status]).toEqual([role, gets])
    }
  })

  test('yields to a membership: the two are not summed', async () => {
    const organization = await client('T3')
    await product.execute(identity.addMember, identity.systemCaller(organization.id), {
      email: northwind.person.email,
      name: 'x',
      role: 'Viewer',
    })
    await enter(organization.id)
    expect(await me()).toMatchObject({ organization: { role: 'Viewer' }, provider: null })
    expect((await ana('POST', '/tasker/tasks', { title: 'x', category: 'IT' })).status).toBe(403)
  })

  test('works only while the provider is one, and while neither is archived', async () => {
    const provider = await product.given.provider()
    const organization = await product.given.organization()
    await product.given.relation(provider.organization, organization, 'T2')
    await enter(organization.id, provider.cookie)
    const inside = async () => (await me({ cookie: provider.cookie })).organization?.id
    const superAdmin = (method: string, path: string, payload?: unknown) =>
      product.request(method, `/api/msp/organizations/${path}`, { cookie: root.cookie }, payload)
    expect(await inside()).toBe(organization.id)
    expect((await superAdmin('PATCH', provider.organization.id, { isMsp: false })).status).toBe(200)
    expect(await inside()).toBeUndefined()
    await superAdmin('PATCH', provider.organization.id, { isMsp: true })
    expect(await inside()).toBe(organization.id)
    await superAdmin('POST', `${organization.id}/archive`)
    expect(await inside()).toBeUndefined()
    await superAdmin('POST', `${organization.id}/restore`)
    expect(await inside()).toBe(organization.id)
    await superAdmin('POST', `${provider.organization.id}/archive`)
    expect(await inside()).toBeUndefined()
  })
})

describe('a tier', () => {
  const tries = {
    read: ['GET', '/tasker/tasks'],
    log: ['GET', '/access/log'],
    view: ['POST', '/tasker/views', { name: 'x', query: {} }],
    task: ['POST', '/tasker/tasks', { title: 'x', category: 'IT' }],
    process: ['POST', '/tasker/profiles/seed-defaults', {}],
    branding: ['PUT', '/settings/branding', { accent: '#123456' }],
    key: ['POST', '/keys', { name: 'x', role: 'OrgAdmin' }],
    members: ['POST', '/members', { name: 'x', email: 'x@example.com', role: 'OrgAdmin' }],
    settings: ['POST', '/settings/categories', { name: 'Mine' }],
    end: ['DELETE', `/access/providers/00000000-0000-7000-8000-000000000000`],
  } as const
  const may = {
    T1: ['read', 'log'],
    T2: ['read', 'log', 'view', 'task', 'process'],
    T3: ['read', 'log', 'view', 'task', 'process', 'branding', 'key'],
  } as const

  test.each(['T1', 'T2', 'T3'] as const)('%s may what the guide says, and no more', async (tier) => {
    await enter((await client(tier)).id)
    for (const [name, [method, path, payload]] of Object.entries(tries)) {
      const { status, body } = await ana(method, path, payload)
      if ((may[tier] as readonly string[]).includes(name))
        expect([name, status < 300, body.error]).toEqual([name, true, undefined])
      else
        expect([name, status, String(body.message)]).toEqual([
          name,
          403,
          expect.stringContaining(`tier ${tier} of Northwind MSP`),
        ])
    }
  })

  test('changed or ended takes effect on the next request, in another process as well, and closes the stream', async () => {
    const organization = await client('T2')
    const { cookie } = northwind
    const second = await product.given.session(northwind.person.email)
    await enter(organization.id, second)
    const write = async (of = product) =>
      (await of.request('POST', '/api/tasker/tasks', { cookie: second }, { title: 'x', category: 'IT' })).status
    expect([await write(), await write(other)]).toEqual([201, 201])
    expect((await product.request('PATCH', `/api/msp/clients/${organization.id}`, { cookie }, { tier: 'T1' })).status).toBe(200)
    expect(await write()).toBe(403)
    await until(async () => (await write(other)) === 403)

    const abort = new AbortController()
    const stream = await fetch(`${url}/api/live`, { headers: { cookie: second }, signal: abort.signal })
    expect(stream.status).toBe(200)
    const ended = (async () => {
      for await (const _ of stream.body!) void _
      return true
    })()
    expect((await ana('DELETE', `/msp/clients/${organization.id}`)).status).toBe(200)
    const since = Date.now()
    expect((await product.request('GET', '/api/tasker/tasks', { cookie: second })).status).toBe(400)
    await until(async () => (await other.request('GET', '/api/tasker/tasks', { cookie: second })).status === 400)
    expect(await ended).toBe(true)
    expect(Date.now() - since).toBeLessThan(5_000)
    abort.abort()
  })
})

describe('both identities', () => {
  test('stand in the activity, and every read in the access log, also by an agent', async () => {
    const organization = await client('T2')
    await enter(organization.id)
    const task = (await ana('POST', '/tasker/tasks', { title: 'Seen by both', category: 'IT' })).body as {
      id: string
      key: string
    }
    const activity = (await ana('GET', `/tasker/tasks/${task.id}/activity`)).body.items as { actor: unknown }[]
    expect(activity[0]!.actor).toMatchObject({
      name: 'A Member',
      provider: { id: northwind.organization.id, name: 'Northwind MSP', tier: 'T2' },
    })
    await ana('GET', `/tasker/tasks/${task.key}`)
    await ana('GET', '/tasker/tasks/export.csv')
    await ana('GET', '/tasker/tasks/count')
    const mcp = new McpClient({ name: 'claude', version: '1' })
    const requestInit = { headers: { cookie: northwind.cookie, 'user-agent': 'Claude-User', origin: 'http://localhost' } }
    await mcp.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit }))
    await mcp.callTool({ name: 'list_tasker_tasks', arguments: {} })
    await mcp.close()
    const log = await logOf(organization)
    expect(log.map(({ kind, operation, channel }) => `${kind} ${operation} ${channel}`).reverse()).toEqual([
      'change msp.add-client api', // the relation itself
      'change tasks.create web',
      'read tasks.activity web',
      'read tasks.get web',
      'read tasks.export web',
      'read tasks.export-page web',
      'read tasks.count web',
      'read tasks.list claude',
    ])
    expect(log.find(({ operation }) => operation === 'tasks.get')).toMatchObject({
      subject: { type: 'task', id: task.key },
      person: { name: 'A Member', email: northwind.person.email },
      provider: { name: 'Northwind MSP' },
      tier: 'T2',
      elevated: false,
    })
    expect(await logOf(organization, `?kind=read&operation=tasks.get`)).toHaveLength(1)
    expect(await logOf(organization, `?person=${northwind.person.email}&subject=${task.key}`)).toHaveLength(1)
    const file = await product.request('GET', '/api/access/export.csv?kind=read', { 'x-api-key': organization.keys.Auditor })
    expect(file.text.trim().split('\r\n')).toHaveLength(7)
    expect(file.text).toContain('Northwind MSP,T2,false,read,tasks.get,task,')
  })

  test('members leave no line there, and nobody can rewrite one', async () => {
    const organization = await client('T1')
    const before = await logOf(organization)
    await product.request('GET', '/api/tasker/tasks', { 'x-api-key': organization.keys.Viewer })
    expect(await logOf(organization)).toEqual(before)
  })

  test('a client learns nothing of the others its provider goes on to', async () => {
    const [first, second] = [await client('T1'), await product.given.organization('Secret Clinic')]
    await product.given.relation(northwind.organization, second, 'T1')
    await enter(first.id)
    await enter(second.id)
    const rows = await product.asOwner<{ row: string }>(
      'select to_jsonb(e)::text as row from events e where organization_id = $1',
      [first.id],
    )
    expect(rows.map(({ row }) => row).join()).not.toMatch(new RegExp(`Secret Clinic|${second.id}`))
  })
})

describe('a key that a provider made', () => {
  test('reaches no further than the tier, says whose it is, and ends with the relation', async () => {
    const organization = await client('T3')
    await enter(organization.id)
    const { key } = (await ana('POST', '/keys', { name: 'x', role: 'OrgAdmin' })).body as { key: string }
    const headers = { 'x-api-key': key }
    const low = { 'x-api-key': String((await ana('POST', '/keys', { name: 'x', role: 'Viewer' })).body.key) }
    expect(await me(headers)).toMatchObject({ provider: { tier: 'T3' } })
    expect(
      (await product.request('POST', '/api/members', headers, { name: 'x', email: 'x@example.com', role: 'OrgAdmin' })).status,
    ).toBe(403)
    expect((await product.request('POST', '/api/access/elevation', headers, { reason: 'x', minutes: 5 })).status).toBe(403)
    await product.request('GET', '/api/tasker/tasks', headers)
    expect((await logOf(organization))[0]).toMatchObject({ operation: 'tasks.list', person: { kind: 'key' }, channel: 'api' })
    await home()
    await ana('PATCH', `/msp/clients/${organization.id}`, { tier: 'T1' })
    expect((await product.request('POST', '/api/tasker/tasks', low, { title: 'x', category: 'IT' })).status).toBe(403)
    expect((await product.request('GET', '/api/tasker/tasks', low)).status).toBe(200)
    expect((await product.request('GET', '/api/tasker/tasks', headers)).status).toBe(401)
    await ana('DELETE', `/msp/clients/${organization.id}`)
    expect((await product.request('GET', '/api/tasker/tasks', low)).status).toBe(401)
  })
})

describe('breaking glass', () => {
  const brand = () => ana('PUT', '/settings/branding', { accent: '#123456' })

  test('lifts one person to T3 in one client, visibly, until they or the client end it', async () => {
    const [organization, elsewhere] = [await client('T1'), await client('T1')]
    const admin = { 'x-api-key': organization.keys.OrgAdmin }
    await enter(organization.id)
    expect((await ana('POST', '/access/elevation', { reason: ' ', minutes: 60 })).status).toBe(422)
    expect((await ana('POST', '/access/elevation', { reason: 'x', minutes: 241 })).status).toBe(422)
    const made = await ana('POST', '/access/elevation', { reason: 'The clinic is down', minutes: 30 })
    expect(made.status).toBe(201)
    expect((await me()).provider).toMatchObject({ tier: 'T3', elevatedUntil: made.body.expiresAt })
    expect((await ana('POST', '/access/elevation', { reason: 'x', minutes: 5 })).body.error).toBe('ELEVATION_REFUSED')
    expect((await brand()).status).toBe(200)
    expect((await logOf(organization))[0]).toMatchObject({ operation: 'settings.save-branding', tier: 'T3', elevated: true })
    expect((await product.request('GET', '/api/access', admin)).body).toMatchObject({
      providers: [{ name: 'Northwind MSP', tier: 'T1' }],
      elevations: [{ reason: 'The clinic is down', fromTier: 'T1', name: 'A Member' }],
    })
    await enter(elsewhere.id)
    expect((await brand()).status).toBe(403)
    await enter(organization.id)
    expect((await ana('DELETE', '/access/elevation')).body).toEqual({ ended: 1 })
    expect((await brand()).status).toBe(403)
    const again = await ana('POST', '/access/elevation', { reason: 'Again', minutes: 5 })
    expect((await product.request('DELETE', `/api/access/elevations/${again.body.id}`, admin)).status).toBe(200)
    expect((await brand()).status).toBe(403)
    expect((await product.request('GET', '/api/access', admin)).body.elevations).toEqual([])
  })

  test('ends by itself on time, although identities are remembered', async () => {
    const organization = await client('T2')
    await enter(organization.id)
    const { body } = await ana('POST', '/access/elevation', { reason: 'Soon over', minutes: 5 })
    // As if it had been made almost five minutes ago.
    const ends = Date.now() + 1_200
    await product.asOwner(
      "update provider_elevations set started_at = $2::timestamptz - interval '5 minutes', expires_at = $2 where id = $1",
      [body.id, new Date(ends).toISOString()],
    )
    await until(async () => (await me()).provider?.elevatedUntil === new Date(ends).toISOString())
    const tiers: [number, string | undefined][] = []
    while (Date.now() < ends + 300) tiers.push([Date.now(), (await me()).provider?.tier])
    expect(new Set(tiers.filter(([at]) => at > ends + 20).map(([, tier]) => tier))).toEqual(new Set(['T2']))
    expect(tiers[0]![1]).toBe('T3')
  })

  test('is nothing for those who are at home, and an elevation does not outlive its relation', async () => {
    const organization = await client('T2')
    const member = await product.given.member(organization, 'OrgAdmin')
    const cookie = await product.given.session(member.email)
    expect((await product.request('POST', '/api/access/elevation', { cookie }, { reason: 'x', minutes: 5 })).status).toBe(403)
    await enter(organization.id)
    await ana('POST', '/access/elevation', { reason: 'x', minutes: 60 })
    await home()
    await ana('DELETE', `/msp/clients/${organization.id}`)
    await ana('POST', '/msp/clients', { organizationId: organization.id, tier: 'T1' })
    await enter(organization.id)
    expect((await me()).provider).toMatchObject({ tier: 'T1', elevatedUntil: null })
  })
})

test('a client ends the access, and the provider cannot come back by itself', async () => {
  const organization = await client('T3')
  await enter(organization.id)
  const admin = { 'x-api-key': organization.keys.OrgAdmin }
  expect((await product.request('DELETE', `/api/access/providers/${northwind.organization.id}`, admin)).status).toBe(200)
  expect((await me()).organization).toBeNull()
  await home()
  expect((await ana('POST', '/msp/clients', { organizationId: organization.id, tier: 'T1' })).status).toBe(404)
  const events = await product.request('GET', '/api/activity?action=client.removed', admin)
  expect(events.body).toMatchObject({ items: [{ data: { provider: 'Northwind MSP', byClient: true } }] })
})

test('only an organization that is a provider has clients, a SuperAdmin included', async () => {
  const plain = await product.given.organization()
  expect((await product.request('GET', '/api/msp/clients', { 'x-api-key': plain.keys.OrgAdmin })).status).toBe(403)
  await enter(plain.id, root.cookie)
  const asked = await product.request(
    'POST',
    '/api/msp/clients',
    { cookie: root.cookie },
    { organizationId: plain.id, tier: 'T1' },
  )
  expect(asked.body.error).toBe('NOT_A_PROVIDER')
})

describe('one queue over all clients', () => {
  type Row = { key: string; title: string; organization: { id: string }; tier: string }
  const queue = async (query = '', cookie = northwind.cookie) => {
    const answer = await product.request('GET', `/api/msp/queue?limit=200${query}`, { cookie })
    expect([answer.status, answer.body.message]).toEqual([200, undefined])
    return answer.body.items as Row[]
  }

  test('shows the open tickets of own clients in order, page by page, and each client learns of it', async () => {
    const provider = await product.given.provider('Queue MSP', 'ServiceProvider')
    const [first, second, foreign] = [
      await product.given.organization(),
      await product.given.organization(),
      await product.given.organization(),
    ]
    await product.given.relation(provider.organization, first, 'T1')
    await product.given.relation(provider.organization, second, 'T2')
    await product.given.relation(northwind.organization, foreign, 'T3')
    const made = []
    for (let n = 0; n < 7; n += 1) made.push((await product.given.task(n % 2 ? first : second, { title: `Open ${n}` })).id)
    await product.given.task(provider.organization, { title: "The provider's own" })
    await product.given.task(foreign, { title: "Another provider's" })
    await product.asOwner(`update tasks set status_category = 'closed' where id = $1`, [made[0]])
    await product.asOwner(`update tasks set resolution_due_at = now() - interval '1 hour', priority = 'Critical' where id = $1`, [
      made[3],
    ])
    const all = await queue('', provider.cookie)
    expect(all.map(({ title }) => title)).toEqual(['Open 3', 'Open 1', 'Open 2', 'Open 4', 'Open 5', 'Open 6'])
    expect((await queue('&sort=updated', provider.cookie)).map(({ title }) => title)).toEqual([
      'Open 6',
      'Open 5',
      'Open 4',
      'Open 3',
      'Open 2',
      'Open 1',
    ])
    expect(await queue('&overdue=true&priority=Critical&assignedTo=none&statusCategory=new', provider.cookie)).toMatchObject([
      { title: 'Open 3', tier: 'T1' },
    ])
    await product.asOwner('update tasks set is_major_incident = true where id = any ($1)', [[made[0], made[2]]])
    for (const sort of ['due', 'updated'])
      expect((await queue(`&majorIncident=true&sort=${sort}`, provider.cookie)).map(({ title }) => title)).toEqual(['Open 2'])
    expect(new Set((await queue(`&clients=${second.id}`, provider.cookie)).map(({ organization }) => organization.id))).toEqual(
      new Set([second.id]),
    )
    expect(await queue(`&clients=${foreign.id}`, provider.cookie)).toEqual([])
    for (const sort of ['due', 'updated']) {
      const titles: string[] = []
      let after = ''
      do {
        const page = await product.request('GET', `/api/msp/queue?limit=2&sort=${sort}${after && `&after=${after}`}`, {
          cookie: provider.cookie,
        })
        titles.push(...(page.body.items as Row[]).map(({ title }) => title))
        after = String(page.body.next ?? '')
      } while (after)
      expect(titles).toEqual((await queue(`&sort=${sort}`, provider.cookie)).map(({ title }) => title))
    }
    expect((await logOf(first))[0]).toMatchObject({
      operation: 'msp.queue',
      kind: 'read',
      tier: 'T1',
      provider: { name: 'Queue MSP' },
    })
    expect(JSON.stringify(await logOf(foreign))).not.toContain('Queue MSP')
    const board = await product.request('GET', '/api/msp/dashboard', { cookie: provider.cookie })
    expect(
      (board.body.items as { open: number; breaching: number }[]).map(({ open, breaching }) => [open, breaching]).sort(),
    ).toEqual([
      [3, 0],
      [3, 1],
    ])
    expect((await logOf(second))[0]).toMatchObject({ operation: 'msp.dashboard' })
  })

  test('shows nothing to those of the provider who do not work for clients, whatever they are let ask', async () => {
    const organization = await client('T3')
    await product.given.task(organization, {})
    const viewer = await product.given.member(northwind.organization, 'Viewer')
    const { listQueue, listOverview } = await import('../modules/msp/queries.ts')
    const ask = (userId: string) =>
      product.database.inTransaction({ organizationId: northwind.organization.id, userId }, 'read only', async (db) => {
        const all = { breaching: false, major: false, byUpdate: false, after: null, limit: 200 }
        return [(await listQueue(db, all)).length > 0, (await listOverview(db)).length > 0]
      })
    expect(await ask(northwind.person.id)).toEqual([true, true])
    expect(await ask(viewer.id)).toEqual([false, false])
  })
})

test('the scan webhook goes in, is kept sealed and never comes out', async () => {
  const organization = await client('T3')
  await enter(organization.id)
  const webhookUrl = 'https://abc.webhook.we.azure-automation.net/webhooks?token=s3cret-of-azure'
  const saved = await ana('PUT', '/scanning', { webhookUrl })
  expect([saved.status, saved.body]).toMatchObject([200, { webhookHost: 'abc.webhook.we.azure-automation.net', enabled: true }])
  expect((await ana('GET', '/scanning')).text).not.toContain('s3cret')
  const [row] = await product.asOwner<{ text: string }>(
    'select to_jsonb(s)::text as text from scanning s where organization_id = $1',
    [organization.id],
  )
  expect(row!.text).not.toContain('s3cret')
  for (const refused of [
    'http://abc.example.com/x',
    'https://localhost/x',
    'https://10.0.0.1/x',
    'https://[::1]/x',
    'https://user:x@abc.example.com/',
    'nonsense',
  ])
    expect([refused, (await ana('PUT', '/scanning', { webhookUrl: refused })).body.error]).toEqual([refused, 'WEBHOOK_REFUSED'])
})

describe('organizations', () => {
  const superAdmin = (method: string, path: string, payload?: unknown) =>
    product.request(method, `/api/msp/organizations${path}`, { cookie: root.cookie }, payload)

  test('are made with the standard processes, for a provider, with members', async () => {
    const made = await superAdmin('POST', '', { name: 'New Clinic', managedBy: northwind.organization.id, seatLimit: 1 })
    expect(made.status).toBe(201)
    const id = String(made.body.id)
    for (const email of ['one@clinic.example', 'two@clinic.example'])
      expect(
        (await superAdmin('POST', `/${id}/members`, { email, name: 'One', role: 'OrgAdmin', password: 'a good long password' }))
          .status,
      ).toBe(201)
    expect((await superAdmin('GET', `/${id}/members`)).body.items).toHaveLength(2)
    const cookie = await (async () => {
      const answer = await product.request(
        'POST',
        '/api/auth/sign-in/email',
        {},
        { email: 'one@clinic.example', password: 'a good long password' },
      )
      return String(answer.headers['set-cookie']).split(';')[0]!
    })()
    expect(((await product.request('GET', '/api/tasker/profiles', { cookie })).body.items as unknown[]).length).toBe(5)
    expect((await ana('POST', '/msp/clients', { organizationId: id, tier: 'T2' })).body).toMatchObject({ users: 2, seatLimit: 1 })
    expect((await ana('PUT', `/msp/clients/${id}/license`, { licenseType: 'custom', seatLimit: 10 })).body).toMatchObject({
      licenseType: 'custom',
      seatLimit: 10,
    })
    const log = await product.request('GET', '/api/activity?action=license.changed', { cookie })
    expect(log.body).toMatchObject({ items: [{ actor: { provider: { name: 'Northwind MSP', tier: 'T2' } } }] })
    const list = (await superAdmin('GET', '?q=New%20Clinic')).body.items
    expect(list).toMatchObject([{ id, users: 2, managedBy: { name: 'Northwind MSP' }, archivedAt: null }])
  })

  test('are shown by the database to a SuperAdmin only', async () => {
    await expect(
      product.execute((await import('../modules/msp/operations.ts')).listOrganizations, identity.systemCaller(null), { q: '' }),
    ).rejects.toMatchObject({ code: 'AMBIGUOUS_ORG' })
    expect((await ana('GET', '/msp/organizations')).status).toBe(403)
  })
})

test('everybody is told which organizations they belong to and which they only reach', async () => {
  const contoso = await client('T2')
  await home()
  const reach = async (cookie: string) =>
    (await product.request('GET', '/api/me/organizations', { cookie })).body.items as {
      organization: { id: string }
      member: boolean
    }[]
  const isMember = (items: Awaited<ReturnType<typeof reach>>, id: string) =>
    items.find(({ organization }) => organization.id === id)?.member
  const ofPerson = await reach(northwind.cookie)
  expect([isMember(ofPerson, northwind.organization.id), isMember(ofPerson, contoso.id)]).toEqual([true, false])
  const ofRoot = await reach(root.cookie)
  expect([ofRoot[0]!.member, isMember(ofRoot, contoso.id)]).toEqual([true, false])
})

test('a client reads what SuperAdmins who are no members read, exported, listened to and changed, and that they are such', async () => {
  const client = await product.given.organization()
  const task = await product.given.task(client)
  const members = await product.request('GET', `/api/msp/organizations/${client.id}/members`, { cookie: root.cookie })
  expect(members.status, members.text).toBe(200)
  const headers = { cookie: root.cookie, origin: 'http://localhost' }
  expect((await enter(client.id, root.cookie)).status).toBe(200)
  await product.request('GET', `/api/tasker/tasks/${task.key}`, headers)
  await product.request('PATCH', `/api/tasker/tasks/${task.key}`, headers, { title: 'Put out' })
  expect((await product.request('GET', '/api/tasker/tasks/export.csv', headers)).text).toContain('Put out')
  const abort = new AbortController()
  const stream = await fetch(`${url}/api/live`, { headers: { cookie: root.cookie }, signal: abort.signal })
  expect(stream.status).toBe(200)
  abort.abort()

  const asAuditor = { 'x-api-key': client.keys.Auditor }
  const log = async (query = '') =>
    (await product.request('GET', `/api/access/log?${query}`, asAuditor)).body.items as {
      kind: string
      operation: string
      provider: unknown
      tier: unknown
      person: { name: string }
    }[]
  const noted = await log('from=installation')
  expect(noted.map(({ kind, operation }) => `${kind} ${operation}`).reverse()).toEqual([
    'read msp.list-members',
    'read tasks.get',
    'change tasks.update',
    'read tasks.export',
    'read tasks.export-page',
    'read tasks.live',
  ])
  expect(noted[0]).toMatchObject({ provider: null, tier: null, person: { name: 'Root' } })
  expect(await log('from=provider')).toEqual([])
  const file = await product.request('GET', '/api/access/export.csv?kind=read', asAuditor)
  expect(file.text).toContain('SuperAdmin of the installation')

  // As a member a SuperAdmin is one of their own.
  const me = (await product.request('GET', '/api/me', headers)).body
  await product.execute(identity.addMember, client.caller(), { email: String(me.email), name: 'Root', role: 'Viewer' })
  await product.request('GET', `/api/tasker/tasks/${task.key}`, headers)
  expect(await log('from=installation')).toHaveLength(noted.length)
  expect((await enter(root.organizationId, root.cookie)).status).toBe(200)
})
