/** Who a request is from, and how soon a change of that is felt. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProduct } from '../../doors/product.ts'
import {
  cookieOf,
  type Headers,
  password,
  secret,
  type TestOrganization,
  type TestProduct,
  testProduct,
} from '../../test/product.ts'
import { until } from '../../test/programs.ts'
import { identifier, sessionToken } from './identify.ts'
import * as identity from './operations.ts'

let product: TestProduct
let organization: TestOrganization

beforeAll(async () => {
  product = await testProduct({ setupToken: 'the-link' })
  organization = await product.given.organization()
})
afterAll(() => product?.stop())

const me = (headers: Headers) => product.request('GET', '/api/me', headers)
const statusOf = async (headers: Headers) => (await me(headers)).status
const system = () => identity.systemCaller(organization.id)

describe('cookies', () => {
  const signed = (token: string, by = secret) => `${token}.${createHmac('sha256', by).update(token).digest('base64')}`
  const cookie = (value: string) => `tater.session_token=${encodeURIComponent(value)}`

  test('are read only with our signature', () => {
    expect(sessionToken(cookie(signed('abc')), secret)).toBe('abc')
    expect(sessionToken(`x=1; ${cookie(signed('abc'))}; y=2`, secret)).toBe('abc')
    expect(sessionToken(`__Secure-${cookie(signed('abc'))}`, secret)).toBe('abc')
    const forged = [
      signed('abc', 'another secret'),
      'abc',
      'abc.',
      '.',
      '',
      signed('abc').replace('abc', 'abd'),
      signed('abc').slice(0, -2),
      `abc.${Buffer.alloc(32).toString('base64')}`,
      signed(''),
    ]
    for (const value of forged) expect([value, sessionToken(cookie(value), secret)]).toEqual([value, null])
    for (const header of [undefined, '', ';', 'tater.session_token', 'tater.session_token=%', 'other=1'])
      expect(sessionToken(header, secret)).toBeNull()
  })

  test('forged ones are nobody', async () => {
    const person = await product.given.member(organization, 'Viewer')
    const real = await product.given.session(person.email)
    expect(await statusOf({ cookie: real })).toBe(200)
    const value = decodeURIComponent(/session_token=([^;]+)/.exec(real)![1]!)
    const token = value.slice(0, value.lastIndexOf('.'))
    for (const forged of [
      token,
      signed(token, 'x'),
      `${token}x${value.slice(token.length)}`,
      signed('00000000000000000000000000000000'),
    ])
      expect(await statusOf({ cookie: cookie(forged) })).toBe(401)
  })
})

describe('keys', () => {
  test('by either header; nothing else is a key, and what is given wrong is refused, not ignored', async () => {
    const key = organization.keys.Viewer
    expect((await me({ 'x-api-key': key })).body).toMatchObject({
      kind: 'key',
      organization: { id: organization.id, role: 'Viewer' },
    })
    expect(await statusOf({ authorization: `Bearer ${key}` })).toBe(200)
    expect(await statusOf({ authorization: `bearer   ${key}` })).toBe(200)
    const person = await product.given.member(organization, 'Viewer')
    const cookie = await product.given.session(person.email)
    for (const wrong of [
      { 'x-api-key': 'x' },
      { 'x-api-key': '' },
      { authorization: 'Basic eDp4' },
      { authorization: 'Bearer' },
      { authorization: 'Bearer other' },
      { 'x-api-key': key.toUpperCase() },
      { 'x-api-key': `${key}0` },
      { 'x-api-key': ` or 1=1` },
    ])
      expect(await statusOf({ cookie, ...wrong } as unknown as Headers)).toBe(401)
  })

  test('are kept as a hash only', async () => {
    const { key } = await product.given.key(organization.id)
    const rows = await product.asOwner<{ text: string }>(
      'select to_jsonb(k)::text as text from api_keys k where organization_id = $1',
      [organization.id],
    )
    expect(rows.map((row) => row.text).join()).not.toContain(key.slice(12))
    expect(key).toMatch(/^tater_[0-9a-f]{32}$/)
  })
})

describe('a change takes effect on the next request', () => {
  test('a revoked key', async () => {
    const { key, apiKey } = await product.given.key(organization.id)
    for (let n = 0; n < 3; n += 1) expect(await statusOf({ 'x-api-key': key })).toBe(200)
    await product.execute(identity.revokeKey, system(), { keyId: apiKey.id })
    expect(await statusOf({ 'x-api-key': key })).toBe(401)
  })

  test('a changed role, a removed member', async () => {
    const person = await product.given.member(organization, 'Auditor')
    const cookie = await product.given.session(person.email)
    const create = () => product.request('POST', '/api/tasker/tasks', { cookie }, { title: 'x', category: 'IT' })
    expect((await create()).status).toBe(201)
    await product.execute(identity.changeMember, system(), { userId: person.id, role: 'Viewer' })
    expect((await create()).status).toBe(403)
    await product.execute(identity.removeMember, system(), { userId: person.id })
    expect((await create()).status).toBeOneOf([400, 403])
    expect((await me({ cookie })).body).toMatchObject({ organization: null, permissions: [] })
  })

  test('signing out, ending a session, signing out everywhere', async () => {
    const person = await product.given.member(organization, 'Viewer')
    const [one, two, three] = [
      await product.given.session(person.email),
      await product.given.session(person.email),
      await product.given.session(person.email),
    ]
    const sessions = (await product.request('GET', '/api/me/sessions', { cookie: one })).body.items as {
      id: string
      current: boolean
    }[]
    expect(sessions).toHaveLength(3)
    expect(sessions.filter((session) => session.current)).toHaveLength(1)
    const out = await product.request('POST', '/api/auth/sign-out', { cookie: one, origin: 'http://localhost' }, {})
    expect(out.status).toBe(200)
    expect([await statusOf({ cookie: one }), await statusOf({ cookie: two })]).toEqual([401, 200])
    const other = (await product.request('GET', '/api/me/sessions', { cookie: two })).body.items as {
      id: string
      current: boolean
    }[]
    await product.request('DELETE', `/api/me/sessions/${other.find((session) => !session.current)!.id}`, { cookie: two })
    expect([await statusOf({ cookie: three }), await statusOf({ cookie: two })]).toEqual([401, 200])
    expect((await product.request('DELETE', '/api/me/sessions', { cookie: two })).body).toEqual({ ended: 1 })
    expect(await statusOf({ cookie: two })).toBe(401)
  })

  test('another organization chosen in the switcher', async () => {
    const other = await product.given.organization()
    const person = await product.given.member(organization, 'Viewer')
    await product.execute(identity.addMember, identity.systemCaller(other.id), {
      email: person.email,
      name: 'x',
      role: 'OrgAdmin',
    })
    const cookie = await product.given.session(person.email)
    for (const [id, role] of [
      [other.id, 'OrgAdmin'],
      [organization.id, 'Viewer'],
      [other.id, 'OrgAdmin'],
    ] as const) {
      expect((await product.request('POST', '/api/me/organization', { cookie }, { organizationId: id })).status).toBe(200)
      expect((await me({ cookie })).body).toMatchObject({ organization: { id, role } })
    }
  })

  test('what was read while it changed serves that request and is not remembered', async () => {
    const { key, apiKey } = await product.given.key(organization.id)
    let answer = () => {}
    const held = new Promise<void>((resolve) => {
      answer = resolve
    })
    let asked = () => {}
    const reading = new Promise<void>((resolve) => {
      asked = resolve
    })
    /** The database, whose answers arrive late. */
    const ask: typeof product.database.ask = async (...given) => {
      const found = await product.database.ask(...given)
      asked()
      await held
      return found
    }
    const who = identifier({ database: { ask }, secret, resource: 'http://localhost/mcp' })
    who.listening(true)
    const first = who.identify({ apiKey: key })
    await reading
    await product.execute(identity.revokeKey, system(), { keyId: apiKey.id })
    answer()
    expect(await first).toMatchObject({ actor: { id: apiKey.id } })
    await expect(who.identify({ apiKey: key })).rejects.toMatchObject({ status: 401 })
  })

  test('also while nobody listens for changes, and after somebody listens again', async () => {
    const { key, apiKey } = await product.given.key(organization.id)
    expect(await statusOf({ 'x-api-key': key })).toBe(200)
    const listeners = () =>
      product.asOwner<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and application_name = 'tater listener'`,
      )
    const [before] = await listeners()
    await product.asOwner('select pg_terminate_backend($1)', [before!.pid])
    // Past every operation, so that only the database knows.
    await product.asOwner('update api_keys set revoked_at = now() where id = $1', [apiKey.id])
    await until(async () => (await statusOf({ 'x-api-key': key })) === 401)
    await until(async () => (await listeners()).some(({ pid }) => pid !== before!.pid))
    expect(await statusOf({ 'x-api-key': key })).toBe(401)
  })

  test('in another process as well, soon', async () => {
    const second = await startProduct({
      ownerUrl: product.urls.ownerUrl,
      attachmentsFolder: '/nonexistent',
      publicUrl: 'http://localhost',
      secret,
      version: 'x',
      logLevel: 'silent',
      services: ['server'],
    })
    try {
      const { key, apiKey } = await product.given.key(organization.id)
      const there = async () => (await second.app.inject({ url: '/api/me', headers: { 'x-api-key': key } })).statusCode
      await until(async () => (await there()) === 200)
      for (let n = 0; n < 5; n += 1) expect(await there()).toBe(200)
      await product.execute(identity.revokeKey, system(), { keyId: apiKey.id })
      await until(async () => (await there()) === 401)
    } finally {
      await second.stop()
    }
  })
})

describe('signing in', () => {
  const signIn = (email: string, given: string) =>
    product.request('POST', '/api/auth/sign-in/email', {}, { email, password: given })

  test('tells nothing about whether the account exists, and sets a cookie scripts cannot read', async () => {
    const person = await product.given.member(organization, 'Viewer')
    const wrong = await signIn(person.email, 'wrong password')
    const nobody = await signIn('nobody@example.com', 'wrong password')
    expect([wrong.status, wrong.body.message]).toEqual([401, nobody.body.message])
    const right = await signIn(person.email, password)
    expect(String(right.headers['set-cookie'])).toMatch(/HttpOnly/i)
    expect(String(right.headers['set-cookie'])).toMatch(/SameSite=Lax/i)
    expect(cookieOf(right)).toMatch(/^tater\.session_token=/)
    expect(right.text).not.toContain('password')
  })

  test('strangers make no accounts', async () => {
    for (const path of [
      '/api/auth/sign-up/email',
      '/api/auth/forget-password',
      '/api/auth/delete-user',
      '/api/auth/update-user',
      '/api/auth/list-sessions',
    ]) {
      expect([path, (await product.request('POST', path, {}, { email: 'x@example.com', password, name: 'x' })).status]).toEqual([
        path,
        404,
      ])
    }
  })

  test('a write that another site makes the browser send is refused', async () => {
    await product.asOwner('delete from auth."rateLimit"')
    const person = await product.given.member(organization, 'Auditor')
    const cookie = await product.given.session(person.email)
    const create = async (headers: Headers) =>
      (await product.request('POST', '/api/tasker/tasks', { cookie, ...headers }, { title: 'x', category: 'IT' })).status
    expect(await create({ origin: 'http://localhost', 'sec-fetch-site': 'same-origin' })).toBe(201)
    expect(await create({ origin: 'http://evil.example' })).toBe(403)
    expect(await create({ 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await create({ origin: 'null' })).toBe(403)
  })
})

test('the first administrator may work in any organization, and is recorded there', async () => {
  const root = await product.given.superAdmin()
  const headers = { cookie: root.cookie }
  const mine = (await product.request('GET', '/api/me/organizations', headers)).body.items as { organization: { id: string } }[]
  expect(mine.map((each) => each.organization.id)).toContain(organization.id)
  expect((await product.request('POST', '/api/me/organization', headers, { organizationId: organization.id })).status).toBe(200)
  expect((await me(headers)).body).toMatchObject({ superAdmin: true, organization: { id: organization.id, role: 'SuperAdmin' } })
  const made = await product.request('POST', '/api/tasker/tasks', headers, { title: 'By root', category: 'IT' })
  const activity = await product.request('GET', `/api/tasker/tasks/${made.body.id}/activity`, headers)
  expect(activity.body).toMatchObject({ items: [{ action: 'task.created', actor: { name: 'Root', kind: 'user' } }] })
})
