/** SCIM 2.0 as directories speak it, Entra ID's dialects among them. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as identity from '../modules/identity/operations.ts'
import { type Answer, type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let acme: TestOrganization
let globex: TestOrganization
let token: string
let tokenId: string

beforeAll(async () => {
  product = await testProduct()
  acme = await product.given.organization('Acme')
  globex = await product.given.organization('Globex')
  const made = await product.execute(identity.createScimToken, acme.caller(), { defaultRole: 'Auditor' })
  token = made.token
  tokenId = made.scimToken.id
})
afterAll(() => product?.stop())

const address = (path: string, of = acme) => `/api/scim/v2/${of.id}${path}`

async function scim(method: string, path: string, body?: object, using = token, of = acme): Promise<Answer> {
  const headers = { authorization: `Bearer ${using}`, ...(body && { 'content-type': 'application/scim+json' }) }
  return product.request(method, address(path, of), headers, body && JSON.stringify(body))
}

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const patch = (...Operations: object[]) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations })
const newUser = (userName: string, more: object = {}) => ({
  schemas: [userSchema, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'],
  externalId: `ext-${userName}`,
  userName,
  active: true,
  displayName: 'Ann Adams',
  emails: [{ primary: true, type: 'work', value: userName }],
  meta: { resourceType: 'User' },
  name: { formatted: 'Ann Adams', familyName: 'Adams', givenName: 'Ann' },
  title: 'Engineer',
  ...more,
})

async function given(userName: string, more: object = {}) {
  const answer = await scim('POST', '/Users', newUser(userName, more))
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)])
  return String(answer.body.id)
}

const filtered = async (filter: string) =>
  (await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`)).body as {
    totalResults: number
    Resources: { id: string; userName: string; active: boolean }[]
  }

const roleOf = async (userId: string, of = acme) =>
  (
    await product.asOwner<{ role: string }>('select role from memberships where organization_id = $1 and user_id = $2', [
      of.id,
      userId,
    ])
  )[0]?.role

describe('the service', () => {
  test('says what it can do, in the media type of SCIM', async () => {
    const config = await product.request('GET', address('/ServiceProviderConfig'))
    expect(config).toMatchObject({
      status: 200,
      body: { patch: { supported: true }, bulk: { supported: false }, filter: { supported: true } },
    })
    expect(config.headers['content-type']).toContain('application/scim+json')
    expect((await product.request('GET', address('/ResourceTypes'))).body).toMatchObject({
      totalResults: 1,
      Resources: [{ endpoint: '/Users' }],
    })
    expect((await product.request('GET', address('/Schemas'))).body).toMatchObject({ Resources: [{ id: userSchema }] })
    expect((await product.request('GET', address(`/Schemas/${userSchema}`))).body).toMatchObject({ id: userSchema })
  })

  test.each([
    'application/scim+json',
    'application/scim+json; charset=utf-8',
    'Application/SCIM+JSON;charset=UTF-8',
    'application/json',
  ])('takes requests of the type %s, and removals of that type without a body', async (type) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type }
    const id = await given(`typed-${Buffer.from(type).toString('hex').slice(-8)}-${type.length}@acme.example`)
    const patched = JSON.stringify(patch({ op: 'replace', path: 'externalId', value: 'patched' }))
    expect(await product.request('PATCH', address(`/Users/${id}`), headers, patched)).toMatchObject({
      status: 200,
      body: { externalId: 'patched' },
    })
    const put = JSON.stringify(newUser('typed@acme.example', { externalId: 'put' }))
    expect(await product.request('PUT', address(`/Users/${id}`), headers, put)).toMatchObject({
      status: 200,
      body: { externalId: 'put' },
    })
    expect(await product.request('PATCH', address(`/Users/${id}`), headers, '')).toMatchObject({ status: 400 })
    expect(await product.request('DELETE', address(`/Users/${id}`), headers)).toMatchObject({ status: 204, text: '' })
  })

  test('opens to a token of exactly this organization, until it is revoked', async () => {
    const refused = { status: 401, body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '401' } }
    for (const authorization of [
      '',
      'Bearer x',
      `Bearer scim_${'0'.repeat(48)}`,
      `Basic ${token}`,
      `Bearer ${acme.keys.OrgAdmin}`,
    ])
      expect(await product.request('GET', address('/Users'), { authorization })).toMatchObject(refused)
    expect(await scim('GET', '/Users', undefined, token, globex)).toMatchObject(refused)
    const other = await product.execute(identity.createScimToken, acme.caller(), {})
    expect((await scim('GET', '/Users', undefined, other.token)).status).toBe(200)
    await product.execute(identity.revokeScimToken, acme.caller(), { scimTokenId: other.scimToken.id })
    expect(await scim('GET', '/Users', undefined, other.token)).toMatchObject(refused)
    expect((await product.request('GET', '/api/me', { authorization: `Bearer ${token}` })).status).toBe(401)
  })

  test('keeps only the hash of a token, and says when it was last used', async () => {
    const rows = await product.asOwner(
      'select row_to_json(t)::text as row from scim_tokens t union all select data::text from events',
    )
    expect(JSON.stringify(rows)).not.toContain(token.slice(5))
    expect(token).toMatch(/^scim_[0-9a-f]{48}$/)
    await given('used@acme.example')
    const { items } = await product.execute(identity.listScimTokens, acme.caller(), {})
    expect(items.find(({ id }) => id === tokenId)).toMatchObject({ defaultRole: 'Auditor', lastUsedAt: expect.any(String) })
  })

  test('answers what it does not know in its own form', async () => {
    expect(await scim('GET', '/Groups')).toMatchObject({ status: 404, body: { status: '404' } })
    expect(await scim('GET', `/Users/${randomUUID()}`)).toMatchObject({ status: 404, body: { status: '404' } })
    expect(await scim('GET', '/Users/not-an-id')).toMatchObject({ status: 404 })
    const broken = await product.request(
      'POST',
      address('/Users'),
      { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      '{',
    )
    expect(broken).toMatchObject({ status: 400, body: { scimType: 'invalidSyntax' } })
  })
})

describe('people', () => {
  test('are added as members with the default role of the token, and found again', async () => {
    const added = await scim('POST', '/Users', newUser('ann@acme.example'))
    expect(added).toMatchObject({
      status: 201,
      body: {
        schemas: [userSchema],
        userName: 'ann@acme.example',
        externalId: 'ext-ann@acme.example',
        displayName: 'Ann Adams',
        name: { formatted: 'Ann Adams', givenName: 'Ann', familyName: 'Adams' },
        emails: [{ value: 'ann@acme.example', primary: true }],
        active: true,
        meta: { resourceType: 'User', version: 'W/"1"' },
      },
    })
    const id = String(added.body.id)
    expect(added.headers.location).toBe(`http://localhost${address(`/Users/${id}`)}`)
    expect((await scim('GET', `/Users/${id}`)).body).toEqual(added.body)
    expect(await roleOf(id)).toBe('Auditor')
    for (const filter of [
      'userName eq "ANN@acme.example"',
      'username EQ "ann@acme.example"',
      'externalId eq "ext-ann@acme.example"',
      `id eq "${id}"`,
    ])
      expect(await filtered(filter)).toMatchObject({ totalResults: 1, Resources: [{ id }] })
    expect(await filtered('userName eq "nobody@acme.example"')).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    })
    expect(await scim('GET', '/Users?filter=userName%20sw%20%22a%22')).toMatchObject({
      status: 400,
      body: { scimType: 'invalidFilter' },
    })
    const events = await product.asOwner(
      `select channel, actor_kind from events where action = 'member.added' and data->>'email' = 'ann@acme.example'`,
    )
    expect(events).toEqual([{ channel: 'scim', actor_kind: 'key' }])
  })

  test('are not added twice', async () => {
    await given('twice@acme.example')
    expect(await scim('POST', '/Users', newUser('Twice@acme.example'))).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness' },
    })
    const at = await Promise.all([1, 2, 3].map(() => scim('POST', '/Users', newUser('race@acme.example'))))
    expect(at.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })

  test('who have an account get a membership; who are members are found, not added', async () => {
    const shared = await product.given.member(globex, 'OrgAdmin', 'shared@example.com')
    expect(await given('shared@example.com', { displayName: 'Another Name' })).toBe(shared.id)
    expect([await roleOf(shared.id), await roleOf(shared.id, globex)]).toEqual(['Auditor', 'OrgAdmin'])
    const member = await product.given.member(acme, 'Viewer', 'already@acme.example')
    expect(await filtered('userName eq "already@acme.example"')).toMatchObject({ Resources: [{ id: member.id, active: true }] })
    expect((await scim('POST', '/Users', newUser('already@acme.example'))).status).toBe(409)
  })

  test('keep the name their account has elsewhere', async () => {
    const shared = await product.given.member(globex, 'Viewer', 'two@example.com')
    await given('two@example.com')
    await scim('PATCH', `/Users/${shared.id}`, patch({ op: 'replace', path: 'displayName', value: 'Renamed' }))
    const own = await given('one@acme.example')
    await scim('PATCH', `/Users/${own}`, patch({ op: 'replace', path: 'displayName', value: 'Renamed' }))
    const rows = await product.asOwner('select id, name from auth."user" where id = any($1)', [[shared.id, own]])
    expect(Object.fromEntries(rows.map(({ id, name }) => [id, name]))).toEqual({ [shared.id]: 'A Member', [own]: 'Renamed' })
  })

  test('come in pages', async () => {
    for (let n = 0; n < 5; n += 1) await given(`page${n}@acme.example`)
    const { totalResults } = (await scim('GET', '/Users')).body as { totalResults: number }
    const ids = new Set<string>()
    for (let startIndex = 1; startIndex <= totalResults; startIndex += 3) {
      const { body } = await scim('GET', `/Users?startIndex=${startIndex}&count=3`)
      const { Resources, itemsPerPage } = body as { Resources: { id: string }[]; itemsPerPage: number }
      expect([body.totalResults, itemsPerPage, body.startIndex]).toEqual([totalResults, Resources.length, startIndex])
      for (const { id } of Resources) ids.add(id)
    }
    expect(ids.size).toBe(totalResults)
    expect((await scim('GET', '/Users?count=0')).body).toMatchObject({ totalResults, itemsPerPage: 0, Resources: [] })
    expect((await scim('GET', '/Users?startIndex=0&count=-1')).body).toMatchObject({ startIndex: 1, itemsPerPage: 0 })
  })

  const dialects: [string, object, object][] = [
    ['a path and a boolean', { op: 'replace', path: 'active', value: false }, { active: false }],
    ['Entra: a capital and a text', { op: 'Replace', path: 'active', value: 'False' }, { active: false }],
    ['a value without a path', { op: 'replace', value: { active: false } }, { active: false }],
    [
      'Entra: dotted keys in a value',
      { op: 'Add', value: { 'name.givenName': 'Bea', displayName: 'Bea B' } },
      { name: { givenName: 'Bea', formatted: 'Bea B', familyName: 'Adams' } },
    ],
    ['a name as an object', { op: 'replace', path: 'name', value: { familyName: 'Brown' } }, { name: { familyName: 'Brown' } }],
    [
      'a name with the schema before it',
      { op: 'add', path: `${userSchema}:displayName`, value: 'Long Way' },
      { displayName: 'Long Way' },
    ],
    [
      'another name of the person',
      { op: 'replace', path: 'userName', value: 'other@acme.example' },
      { userName: 'other@acme.example' },
    ],
    ['an external id', { op: 'add', path: 'externalId', value: 'new' }, { externalId: 'new' }],
    ['what nobody keeps here', { op: 'add', path: 'phoneNumbers[type eq "work"].value', value: '1' }, { active: true }],
    [
      'an address',
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'x@acme.example' },
      { emails: [{ value: expect.stringMatching(/^dialect/) }] },
    ],
  ]
  test.each(dialects)('are changed by %s', async (_name, operation, after) => {
    const id = await given(`dialect-${randomUUID().slice(0, 8)}@acme.example`)
    const answer = await scim('PATCH', `/Users/${id}`, patch(operation))
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ id })])
    expect((await scim('GET', `/Users/${id}`)).body).toMatchObject(after)
    await scim('DELETE', `/Users/${id}`)
  })

  test.each<[string, unknown, string]>([
    ['no operations', {}, 'invalidSyntax'],
    ['an unknown operation', patch({ op: 'move', path: 'active', value: true }), 'invalidSyntax'],
    ['a broken path', patch({ op: 'replace', path: 'emails[type eq', value: 'x' }), 'invalidPath'],
    ['a remove without a path', patch({ op: 'remove' }), 'noTarget'],
    ['a remove of what must stay', patch({ op: 'remove', path: 'userName' }), 'mutability'],
    ['active that is neither', patch({ op: 'replace', path: 'active', value: 'perhaps' }), 'invalidValue'],
    ['a name without text', patch({ op: 'replace', path: 'userName', value: ' ' }), 'invalidValue'],
  ])('are not changed by %s', async (_name, body, scimType) => {
    const { Resources } = await filtered('userName eq "ann@acme.example"')
    const before = await scim('GET', `/Users/${Resources[0]!.id}`)
    expect(await scim('PATCH', `/Users/${Resources[0]!.id}`, body as object)).toMatchObject({ status: 400, body: { scimType } })
    expect((await scim('GET', `/Users/${Resources[0]!.id}`)).body).toEqual(before.body)
  })

  test('are replaced as a whole by PUT', async () => {
    const id = await given('whole@acme.example')
    const answer = await scim('PUT', `/Users/${id}`, {
      schemas: [userSchema],
      userName: 'whole@acme.example',
      displayName: 'Whole',
    })
    expect(answer).toMatchObject({ status: 200, body: { displayName: 'Whole', name: { formatted: 'Whole' }, active: true } })
    expect(answer.body).not.toHaveProperty('externalId')
    expect(await scim('PUT', `/Users/${id}`, { schemas: [userSchema], userName: 'ann@acme.example' })).toMatchObject({
      status: 409,
      body: { scimType: 'uniqueness' },
    })
    expect((await scim('PUT', `/Users/${randomUUID()}`, newUser('x@acme.example'))).status).toBe(404)
  })

  test('who are deactivated lose this organization at their next request, live streams within five seconds; nothing else', async () => {
    const email = 'leaver@example.com'
    const member = await product.given.member(acme, 'Auditor', email)
    await product.given.member(globex, 'Viewer', email)
    const cookie = await product.given.session(email)
    const me = async () => (await product.request('GET', '/api/me', { cookie })).body
    expect(await me()).toMatchObject({ organization: { id: acme.id } })
    await product.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = product.app.server.address() as AddressInfo
    const stream = await fetch(`http://127.0.0.1:${port}/api/live`, { headers: { cookie } })
    const ended = (async () => {
      for await (const _ of stream.body!);
      return Date.now()
    })()
    const at = Date.now()
    expect(await scim('PATCH', `/Users/${member.id}`, patch({ op: 'Replace', path: 'active', value: 'False' }))).toMatchObject({
      status: 200,
      body: { active: false },
    })
    expect(await me()).not.toMatchObject({ organization: { id: acme.id } })
    expect((await ended) - at).toBeLessThan(5_000)
    expect([await roleOf(member.id), await roleOf(member.id, globex)]).toEqual([undefined, 'Viewer'])
    expect(await filtered(`userName eq "${email}"`)).toMatchObject({ Resources: [{ id: member.id, active: false }] })
    await scim('PATCH', `/Users/${member.id}`, patch({ op: 'Replace', path: 'active', value: 'True' }))
    expect(await roleOf(member.id)).toBe('Auditor')
  })

  test('who were administrators do not come back as such, and the last one stays', async () => {
    const first = await product.given.member(acme, 'OrgAdmin', 'first@acme.example')
    expect(await scim('DELETE', `/Users/${first.id}`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('only OrgAdmin') },
    })
    const second = await product.given.member(acme, 'OrgAdmin', 'second@acme.example')
    for (const value of [false, true]) await scim('PATCH', `/Users/${second.id}`, patch({ op: 'replace', path: 'active', value }))
    expect(await roleOf(second.id)).toBe('Auditor')
  })

  test('are removed by DELETE, once', async () => {
    const id = await given('gone@acme.example')
    expect(await scim('DELETE', `/Users/${id}`)).toMatchObject({ status: 204, text: '' })
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(404)
    expect(await roleOf(id)).toBeUndefined()
    expect(await given('gone@acme.example')).toBe(id)
  })

  test('of another organization are not there', async () => {
    const foreign = await product.given.member(globex, 'Viewer', 'foreign@globex.example')
    expect(await filtered('userName eq "foreign@globex.example"')).toMatchObject({ totalResults: 0 })
    for (const method of ['GET', 'DELETE']) expect((await scim(method, `/Users/${foreign.id}`)).status).toBe(404)
    expect((await scim('PATCH', `/Users/${foreign.id}`, patch({ op: 'replace', path: 'active', value: false }))).status).toBe(404)
    expect((await scim('PUT', `/Users/${foreign.id}`, newUser('foreign@globex.example'))).status).toBe(404)
    expect(await roleOf(foreign.id, globex)).toBe('Viewer')
    expect(JSON.stringify((await scim('GET', '/Users?count=200')).body)).not.toContain('globex.example')
  })
})
