/** What somebody could do by a key ends with the standing it was made from, and does not come back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestProduct, testProduct } from './product.ts'

let product: TestProduct

beforeAll(async () => {
  product = await testProduct()
})
afterAll(() => product?.stop())

const request = (method: string, path: string, headers: Record<string, string>, payload?: unknown) =>
  product.request(method, `/api${path}`, headers, payload)

/** An OrgAdmin with a key of each role made in the browser, and one made by such a key. */
async function administrator() {
  const organization = await product.given.organization()
  await product.given.member(organization, 'OrgAdmin') // the one who stays
  const member = await product.given.member(organization, 'OrgAdmin')
  const cookie = await product.given.session(member.email)
  const key = async (headers: Record<string, string>, body: object) => {
    const made = await request('POST', '/keys', headers, { name: 'k', ...body })
    expect(made.status).toBe(201)
    return { 'x-api-key': made.body.key as string }
  }
  const admin = await key({ cookie }, { role: 'OrgAdmin' })
  const viewer = await key({ cookie }, { role: 'Viewer' })
  const second = await key(admin, { role: 'OrgAdmin', email: 'somebody@else.example' })
  const root = { 'x-api-key': organization.keys.OrgAdmin }
  return { organization, member, admin, viewer, second, root }
}

const status = async (headers: Record<string, string>) => (await request('GET', '/me', headers)).status

test('a member who is removed keeps no key, nor one made by it', async () => {
  const { member, admin, viewer, second, root } = await administrator()
  expect(await Promise.all([admin, viewer, second, root].map(status))).toEqual([200, 200, 200, 200])
  expect((await request('DELETE', `/members/${member.id}`, root)).status).toBe(200)
  expect(await Promise.all([admin, viewer, second, root].map(status))).toEqual([401, 401, 401, 200])
})

test('a member who is set lower keeps the keys that reach no higher', async () => {
  const { member, admin, viewer, second, root } = await administrator()
  expect((await request('PATCH', `/members/${member.id}`, root, { role: 'Auditor' })).status).toBe(200)
  expect(await Promise.all([admin, viewer, second].map(status))).toEqual([401, 200, 401])
})

test('a provider makes keys in its own name, and they do not come back with a later relation', async () => {
  const provider = await product.given.provider('Provider')
  const client = await product.given.organization()
  await product.given.relation(provider.organization, client, 'T3')
  const cookie = { cookie: provider.cookie }
  await request('POST', '/me/organization', cookie, { organizationId: client.id })
  const stranger = await request('POST', '/keys', cookie, { name: 'x', role: 'OrgAdmin', email: 'olga@client.example' })
  expect([stranger.status, stranger.body.error]).toEqual([403, 'FORBIDDEN'])
  const made = await request('POST', '/keys', cookie, { name: 'x', role: 'OrgAdmin' })
  const key = { 'x-api-key': made.body.key as string }
  expect(await status(key)).toBe(200)
  await request('POST', '/me/organization', cookie, { organizationId: provider.organization.id })
  expect((await request('DELETE', `/msp/clients/${client.id}`, cookie)).status).toBe(200)
  expect(await status(key)).toBe(401)
  await product.given.relation(provider.organization, client, 'T3')
  expect(await status(key)).toBe(401)
})

test('nobody changes the limits of the key they call with, and no organization learns where its people go', async () => {
  const { organization, root } = await administrator()
  const { items } = (await request('GET', '/keys', root)).body as { items: { id: string; prefix: string }[] }
  const own = items.find(({ prefix }) => organization.keys.OrgAdmin.startsWith(prefix))!
  const limits = { tools: null, dailyWrites: null, callsPerMinute: null, paused: false }
  expect((await request('PUT', `/agents/tokens/${own.id}/limits`, root, limits)).status).toBe(403)
  const other = await product.given.organization('A name to keep')
  const member = await product.given.member(organization, 'Viewer', 'both@example.com')
  await product.given.member(other, 'Viewer', 'both@example.com')
  const cookie = { cookie: await product.given.session(member.email) }
  await request('POST', '/me/organization', cookie, { organizationId: organization.id })
  await request('POST', '/me/organization', cookie, { organizationId: other.id })
  const activity = await request('GET', '/activity', root)
  expect(JSON.stringify(activity.body)).toContain('organization.switched')
  expect(JSON.stringify(activity.body)).not.toContain('A name to keep')
})
