/** Signing in through Microsoft Entra and through organizations' own providers, against real OpenID Connect servers. */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import * as identity from '../modules/identity/operations.ts'
import {
  type Falsify,
  type IdentityProvider,
  providerClient,
  startIdentityProvider,
  throughProvider,
} from './identity-provider.ts'
import { type Answer, cookieOf, type TestOrganization, type TestProduct, testProduct } from './product.ts'

const origin = 'http://localhost'
const contoso = '11111111-2222-4333-8444-555555555555'
const fabrikam = '99999999-2222-4333-8444-555555555555'
const stranger = '77777777-2222-4333-8444-555555555555'

let entra: IdentityProvider
let keycloak: IdentityProvider
let product: TestProduct
let acme: TestOrganization
let globex: TestOrganization
let root: { cookie: string }
let connectionId: string

beforeAll(async () => {
  entra = await startIdentityProvider({
    entra: true,
    // The id of the connection is not known yet, and Entra compares addresses to the letter.
    redirects: [`${origin}/api/sign-in/callback/microsoft`],
    tenants: {
      [contoso]: ['ann', 'bob', 'cleo', 'twin'].map((name) => person(name, 'contoso.example')),
      [fabrikam]: [
        ...['fred', 'fay'].map((name) => person(name, 'fabrikam.example')),
        { ...person('mallory', 'fabrikam.example') },
      ],
      [stranger]: [person('sue', 'stranger.example')],
    },
  })
  product = await testProduct({
    setupToken: 'the-link',
    outboundHosts: ['127.0.0.1'],
    entra: { ...providerClient, authority: entra.base },
  })
  root = await product.given.superAdmin()
  acme = await product.given.organization('Acme')
  globex = await product.given.organization('Globex')
  for (const [organization, tenantId] of [
    [acme, contoso],
    [globex, fabrikam],
  ] as const)
    await product.execute(identity.mapTenant, organization.caller('SuperAdmin'), { tenantId, provision: true })
  const provisional = await product.execute(identity.addConnection, acme.caller(), {
    name: 'Acme login',
    issuer: 'http://127.0.0.1:1',
    clientId: providerClient.clientId,
    clientSecret: providerClient.clientSecret,
    domains: ['acme.example'],
    provision: true,
    defaultRole: 'Auditor',
  })
  connectionId = provisional.id
  keycloak = await startIdentityProvider({
    entra: false,
    redirects: [`${origin}/api/sign-in/callback/${connectionId}`],
    tenants: {
      '': [
        ...['kim', 'kay', 'keith', 'kit'].map((name) => person(name, 'acme.example')),
        person('outsider', 'elsewhere.example'),
        { ...person('thief', 'acme.example'), email: 'root@example.com' },
        { ...person('unsure', 'acme.example'), claims: { email_verified: false } },
      ],
    },
  })
  await product.execute(identity.changeConnection, acme.caller(), { connectionId, issuer: keycloak.base })
})
afterAll(async () => {
  await product?.stop()
  await entra?.stop()
  await keycloak?.stop()
})
afterEach(() => {
  entra.falsify(null)
  keycloak.falsify(null)
})

const person = (name: string, domain: string) => ({
  id: randomUUID(),
  name: `${name[0]!.toUpperCase()}${name.slice(1)} Example`,
  email: `${name}@${domain}`,
})

type Begin = { with?: string; purpose?: string; organization?: string; return?: string; hint?: string }

async function begin(input: Begin, cookie = '') {
  const answer = await product.request('POST', '/api/sign-in/start', { cookie, origin }, { with: 'microsoft', ...input })
  if (answer.status !== 200) throw new Error(answer.text)
  return { url: String(answer.body.url), cookie: [cookie, cookieOf(answer)].filter(Boolean).join('; ') }
}

/** The whole way: out to the provider and back; where it leads, and the cookie of the session. */
async function signIn(input: Begin, cookie = '') {
  const start = await begin(input, cookie)
  const back = await throughProvider(start.url, origin)
  return arrive(back, start.cookie)
}

async function arrive(back: string, cookie: string) {
  const answer = await product.request('GET', back.slice(origin.length), { cookie })
  const location = new URL(String(answer.headers.location), origin)
  // Words come from the server alone: the address says which refusal it was, and nothing else.
  const code = location.searchParams.get('code')
  if (location.pathname === '/sign-in/refused') expect([...location.searchParams.keys()]).toEqual(['code'])
  const refusal = await product.request('GET', '/api/sign-in/refusal', { cookie: cookieOf(answer) })
  return { answer, location, code, told: refusal.body, session: sessionIn(answer) }
}

const sessionIn = (answer: Answer) =>
  [answer.headers['set-cookie']]
    .flat()
    .map(String)
    .find((cookie) => cookie.startsWith('tater.session_token='))
    ?.split(';')[0] ?? ''

const me = async (cookie: string) =>
  (await product.request('GET', '/api/me', { cookie })).body as { id?: string } & Record<string, unknown>

const microsoft = (hint: string, more: Begin = {}) => signIn({ hint, ...more })
const own = (hint: string, more: Begin = {}) => signIn({ with: connectionId, hint, ...more })

describe('Microsoft', () => {
  test('somebody new of a connected tenant gets a membership with its role, and comes back as the same person', async () => {
    const first = await microsoft('ann@contoso.example', { return: '/tasks?open=true' })
    expect([first.answer.status, first.location.pathname + first.location.search]).toEqual([302, '/tasks?open=true'])
    expect(await me(first.session)).toMatchObject({
      email: 'ann@contoso.example',
      name: 'Ann Example',
      superAdmin: false,
      organization: { id: acme.id, role: 'Viewer' },
      channel: 'web',
    })
    const second = await microsoft('ann@contoso.example')
    expect((await me(second.session)).id).toEqual((await me(first.session)).id)
    expect(
      await product.asOwner(
        `select action, actor_name, channel from events where organization_id = $1 and action in ('person.signed-in', 'member.added')
        and data->>'email' = 'ann@contoso.example' order by id`,
        [acme.id],
      ),
    ).toEqual(
      ['member.added', 'person.signed-in', 'person.signed-in'].map((action) => ({
        action,
        actor_name: 'Ann Example',
        channel: 'web',
      })),
    )
  })

  test('people of an unknown tenant are told which tenant to name to whom', async () => {
    const { code, told, session, answer } = await microsoft('sue@stranger.example')
    expect([answer.status, code, session]).toEqual([302, 'UNKNOWN_TENANT', ''])
    expect([told.tenantId, told.email, told.reference]).toEqual([
      stranger,
      'sue@stranger.example',
      expect.stringMatching(/^[0-9a-f-]{36}$/),
    ])
    expect(await product.asOwner(`select 1 from auth."user" where email like '%stranger.example'`)).toEqual([])
  })

  test('without just-in-time membership only members come in', async () => {
    const { id } = (await product.execute(identity.listConnections, globex.caller(), {})).items[0]!
    await product.execute(identity.changeConnection, globex.caller(), { connectionId: id, provision: false })
    expect((await microsoft('fred@fabrikam.example')).code).toBe('NOT_INVITED')
    expect(await product.asOwner(`select 1 from auth."user" where email = 'fred@fabrikam.example'`)).toEqual([])
    await product.given.member(globex, 'Auditor', 'fay@fabrikam.example') // with a password of her own: hers to link
    expect((await microsoft('fay@fabrikam.example')).code).toBe('ACCOUNT_NOT_LINKED')
    await product.execute(identity.addMember, globex.caller(), { email: 'fred@fabrikam.example', name: 'Fred', role: 'Auditor' })
    const invited = await microsoft('fred@fabrikam.example')
    expect(await me(invited.session)).toMatchObject({ organization: { id: globex.id, role: 'Auditor' } })
    await product.execute(identity.changeConnection, globex.caller(), { connectionId: id, provision: true })
  })

  test('whom an organization removed stays out, though its tenant lets new people in', async () => {
    const bob = await microsoft('bob@contoso.example')
    const { id } = (await me(bob.session)) as { id: string }
    await product.execute(identity.removeMember, acme.caller(), { userId: id })
    expect(await me(bob.session)).toMatchObject({ organization: null })
    expect((await microsoft('bob@contoso.example')).code).toBe('NOT_INVITED')
  })

  test('an organization that is named is the only one that is tried', async () => {
    expect((await microsoft('cleo@contoso.example', { organization: 'globex-nobody' })).code).toBe('UNKNOWN_TENANT')
    const [row] = await product.asOwner<{ slug: string }>('select slug from organizations where id = $1', [acme.id])
    expect((await microsoft('cleo@contoso.example', { organization: row!.slug })).session).not.toBe('')
  })

  test('somebody new twice at the same moment becomes one person', async () => {
    const ways = await Promise.all([microsoft('twin@contoso.example'), microsoft('twin@contoso.example')])
    const people = await Promise.all(ways.map(({ session }) => me(session)))
    expect(people[0]).toMatchObject({ organization: { id: acme.id } })
    expect(people[1]!.id).toEqual(people[0]!.id)
  })

  test('an address another tenant writes into its token opens nobody’s account (nOAuth)', async () => {
    const { session } = await microsoft('ann@contoso.example')
    const ann = await me(session)
    for (const claim of ['email', 'preferred_username', 'upn', 'sub'] as const) {
      entra.falsify({ claims: (claims) => ({ ...claims, [claim]: claim === 'sub' ? String(ann.id) : 'ann@contoso.example' }) })
      const attack = await microsoft('mallory@fabrikam.example')
      if (attack.session) expect((await me(attack.session)).id).not.toEqual(ann.id)
      else expect(attack.code).toBe('ACCOUNT_NOT_LINKED')
    }
    entra.falsify({ claims: (claims) => ({ ...claims, preferred_username: 'root@example.com', email: 'root@example.com' }) })
    const [subject] = await product.asOwner(`delete from auth."account" where "accountId" like $1 returning 1`, [`${fabrikam}:%`])
    expect(subject).toBeDefined()
    expect((await microsoft('mallory@fabrikam.example')).code).toBe('ACCOUNT_NOT_LINKED')
  })

  const forgeries: [string, Falsify][] = [
    ['for another application', { claims: (claims) => ({ ...claims, aud: randomUUID() }) }],
    ['for this and an unknown application', { claims: (claims) => ({ ...claims, aud: [String(claims.aud), 'other'] }) }],
    ['by the issuer of another tenant', { claims: (claims) => ({ ...claims, iss: entra.issuer(fabrikam) }) }],
    ['that names another tenant', { claims: (claims) => ({ ...claims, tid: fabrikam }) }],
    [
      'of another tenant throughout, under this key',
      { claims: (claims) => ({ ...claims, tid: fabrikam, iss: entra.issuer(fabrikam) }) },
    ],
    ['by an issuer nobody asked', { claims: (claims) => ({ ...claims, iss: `https://evil.example/${contoso}/v2.0` }) }],
    ['without a tenant', { claims: ({ tid: _, ...claims }) => claims }],
    ['of a tenant that is no id', { claims: (claims) => ({ ...claims, tid: '../common' }) }],
    ['of personal accounts', { claims: (claims) => ({ ...claims, tid: '9188040d-6c67-4c5b-b112-36a304b66dad' }) }],
    ['without an object id', { claims: ({ oid: _, ...claims }) => claims }],
    [
      'that has expired',
      {
        claims: (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 3600, iat: Math.floor(Date.now() / 1000) - 7200 }),
      },
    ],
    ['that never expires', { claims: ({ exp: _, ...claims }) => claims }],
    ['not valid yet', { claims: (claims) => ({ ...claims, nbf: Math.floor(Date.now() / 1000) + 3600 }) }],
    ['with another nonce', { claims: (claims) => ({ ...claims, nonce: 'of another sign-in' }) }],
    ['without a nonce', { claims: ({ nonce: _, ...claims }) => claims }],
    ['without a signature', { algorithm: 'none' }],
    ['signed with the client secret', { algorithm: 'HS256' }],
    ['signed with a swapped key', { key: 'stranger' }],
    ['signed with the key of another tenant', { key: 'other tenant' }],
  ]
  test.each(forgeries)('a token %s is refused', async (_name, falsify) => {
    entra.falsify(falsify)
    const { code, session, answer } = await microsoft('ann@contoso.example')
    expect([answer.status, code, session]).toEqual([302, 'IDENTITY_REFUSED', ''])
    entra.falsify(null)
    expect((await microsoft('ann@contoso.example')).session).not.toBe('')
  })
})

describe('a provider of one organization', () => {
  test('lets its people in, found by the domain of their address', async () => {
    const options = await product.request('GET', '/api/sign-in/options?email=kim@acme.example')
    expect(options.body).toEqual({
      microsoft: true,
      choices: [{ id: connectionId, name: 'Acme login', kind: 'oidc', organization: 'Acme' }],
    })
    const { session } = await own('kim@acme.example')
    expect(await me(session)).toMatchObject({ email: 'kim@acme.example', organization: { id: acme.id, role: 'Auditor' } })
  })

  test('lets in new people of its domains only, and only with an address it stands by', async () => {
    expect((await own('outsider@elsewhere.example')).code).toBe('NOT_INVITED')
    expect((await own('unsure@acme.example')).code).toBe('IDENTITY_REFUSED')
  })

  test('cannot take over an account by naming its address', async () => {
    expect((await own('root@example.com')).code).toBe('ACCOUNT_NOT_LINKED')
  })

  test.each<[string, Falsify]>([
    ['for another client', { claims: (claims) => ({ ...claims, aud: 'another' }) }],
    ['of another issuer', { claims: (claims) => ({ ...claims, iss: 'https://evil.example' }) }],
    ['that has expired', { claims: (claims) => ({ ...claims, exp: 1_700_000_000, iat: 1_600_000_000 }) }],
    ['with another nonce', { claims: (claims) => ({ ...claims, nonce: 'other' }) }],
    ['without a signature', { algorithm: 'none' }],
    ['signed with the client secret', { algorithm: 'HS256' }],
    ['signed with a swapped key', { key: 'stranger' }],
  ])('a token %s is refused', async (_name, falsify) => {
    keycloak.falsify(falsify)
    const { code, session } = await own('kim@acme.example')
    expect([code, session]).toEqual(['IDENTITY_REFUSED', ''])
  })

  test('what it vouches for opens its organization only, whatever else the person belongs to', async () => {
    const { session } = await own('kay@acme.example')
    const kay = (await me(session)) as { id: string }
    await product.execute(identity.addMember, globex.caller(), { email: 'kay@acme.example', name: 'Kay', role: 'OrgAdmin' })
    const elsewhere = await product.request(
      'POST',
      '/api/me/organization',
      { cookie: session, origin },
      { organizationId: globex.id },
    )
    expect([elsewhere.status, elsewhere.body.error]).toEqual([403, 'VOUCHED_ONLY'])
    expect(await me(session)).toMatchObject({ id: kay.id, organization: { id: acme.id } })
    const shown = await product.request('GET', '/api/me/organizations', { cookie: session })
    expect((shown.body.items as { organization: { id: string } }[]).map(({ organization }) => organization.id)).toEqual([acme.id])
    // Whatever writes another organization into the session: the word counts only where it was given.
    await product.asOwner('update auth."session" set "organizationId" = $1 where "userId" = $2', [globex.id, kay.id])
    await expect.poll(() => me(session)).toMatchObject({ organization: null, permissions: [] })
    await product.asOwner('update auth."user" set "superAdmin" = true where id = $1', [kay.id])
    expect((await own('kay@acme.example')).code).toBe('ACCOUNT_NOT_LINKED')
    await product.asOwner('update auth."user" set "superAdmin" = false where id = $1', [kay.id])
  })

  test('a guest comes in through the provider of each organization, to each; nobody is first with an address that is not theirs', async () => {
    // Acme's administrators take the address of somebody at Globex, and let their own provider claim it.
    const email = 'cleo@contoso.example'
    await product.asOwner('delete from auth."user" where email = $1', [email])
    await product.asOwner('delete from memberships m where not exists (select from auth."user" u where u.id = m.user_id::text)')
    await product.execute(identity.addMember, globex.caller(), { email, name: 'Cleo', role: 'Viewer' })
    await product.execute(identity.mapTenant, globex.caller('SuperAdmin'), { tenantId: contoso })
    const [slug] = await product.asOwner<{ slug: string }>('select slug from organizations where id = $1', [globex.id])
    keycloak.falsify({ claims: (claims) => ({ ...claims, sub: 'squatter', email }) })
    await product.execute(identity.addMember, acme.caller(), { email, name: 'Cleo', role: 'Viewer' })
    const squatter = await own('kit@acme.example')
    expect(await me(squatter.session)).toMatchObject({ email, organization: { id: acme.id } })
    const cleo = await microsoft(email, { organization: slug!.slug })
    expect(await me(cleo.session)).toMatchObject({ email, organization: { id: globex.id } })
    expect(await me(squatter.session)).toMatchObject({ organization: { id: acme.id } })
    const ways = await product.request('GET', '/api/me/sign-in', { cookie: squatter.session })
    expect(ways.body.identities).toHaveLength(1)
    const second = { claims: (claims: object) => ({ ...claims, sub: 'another squatter', email }) }
    keycloak.falsify(second)
    expect((await own('kit@acme.example')).code).toBe('ACCOUNT_NOT_LINKED')
  })

  test('cannot plant a way in that would outlast it', async () => {
    const { session } = await own('kit@acme.example')
    const headers = { cookie: session, origin }
    const options = await product.request('GET', '/api/auth/passkey/generate-register-options', headers)
    expect([options.status, options.body.error]).toEqual([403, 'VOUCHED_ONLY'])
    const [identityId] = ((await product.request('GET', '/api/me/sign-in', headers)).body.identities as { id: string }[]).map(
      ({ id }) => id,
    )
    expect((await product.request('DELETE', `/api/me/identities/${identityId}`, headers)).body.error).toBe('VOUCHED_ONLY')
    expect((await signIn({ hint: 'ann@contoso.example', purpose: 'link' }, session)).code).toBe('VOUCHED_ONLY')
  })

  test('removed, it takes its sessions and their live streams with it within five seconds', async () => {
    const { session } = await own('keith@acme.example')
    await product.app.listen({ port: 0, host: '127.0.0.1' })
    const address = `http://127.0.0.1:${(product.app.server.address() as AddressInfo).port}`
    const stream = await fetch(`${address}/api/live`, { headers: { cookie: session } })
    expect(stream.status).toBe(200)
    const ended = (async () => {
      for await (const _ of stream.body!);
      return Date.now()
    })()
    const { id } = await product.execute(identity.addConnection, acme.caller(), {
      name: 'Another',
      issuer: keycloak.base,
      clientId: 'another',
    })
    await product.execute(identity.removeConnection, acme.caller(), { connectionId: id })
    expect((await product.request('GET', '/api/me', { cookie: session })).status).toBe(200)
    const at = Date.now()
    expect(await product.execute(identity.removeConnection, acme.caller(), { connectionId })).toMatchObject({ id: connectionId })
    expect((await product.request('GET', '/api/me', { cookie: session })).status).toBe(401)
    expect((await ended) - at).toBeLessThan(5_000)
    expect((await product.request('POST', '/api/sign-in/start', {}, { with: connectionId })).status).toBe(404)
  })
})

describe('the way there and back', () => {
  test('is finished only by the browser that set out, once, at the address it was meant for', async () => {
    const start = await begin({ hint: 'ann@contoso.example' })
    const back = await throughProvider(start.url, origin)
    expect((await arrive(back, '')).code).toBe('SIGN_IN_EXPIRED')
    const other = await begin({ hint: 'ann@contoso.example' })
    expect((await arrive(back, other.cookie)).code).toBe('SIGN_IN_EXPIRED')
    expect((await arrive(back.replace('callback/microsoft', `callback/${randomUUID()}`), start.cookie)).code).toBe(
      'SIGN_IN_EXPIRED',
    )
    expect((await arrive(back.replace(/code=[^&]+/, 'code=invented'), start.cookie)).code).toBe('PROVIDER_REFUSED')
    expect((await arrive(back, start.cookie)).session).not.toBe('')
    expect((await arrive(back, start.cookie)).code).toBe('PROVIDER_REFUSED')
  })

  test('says in its own words only what this browser was refused', async () => {
    const refused = await microsoft('sue@stranger.example')
    expect(refused.told).toMatchObject({ code: 'UNKNOWN_TENANT', purpose: 'sign-in' })
    const kept = cookieOf(refused.answer)
    const read = async (cookie: string, query = '') =>
      (await product.request('GET', `/api/sign-in/refusal${query}`, { cookie })).body
    expect(await read('', '?code=NOT_INVITED&message=Call%20this%20number')).toEqual({})
    expect(await read('tater.refusal=eyJtZXNzYWdlIjoiQ2FsbCB1cyJ9')).toEqual({})
    expect(await read(kept.replace(/=1\.(.)/, (_all, first) => `=1.${first === 'A' ? 'B' : 'A'}`))).toEqual({})
    expect(await read(kept)).toMatchObject({ code: 'UNKNOWN_TENANT' })
  })

  test('somebody who turns back is told so', async () => {
    const start = await begin({})
    const state = new URL(start.url).searchParams.get('state')
    const { code, told } = await arrive(
      `${origin}/api/sign-in/callback/microsoft?error=access_denied&error_description=No&state=${state}`,
      start.cookie,
    )
    expect([code, told.message]).toEqual(['PROVIDER_REFUSED', 'The provider answered: No'])
  })

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'never leads to %s',
    async (path) => {
      expect((await product.request('POST', '/api/sign-in/start', {}, { with: 'microsoft', return: path })).status).toBe(422)
    },
  )

  test('no other site can make a browser set out', async () => {
    const headers = { cookie: root.cookie, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const input = { with: 'microsoft', purpose: 'link' }
    expect((await product.request('POST', '/api/sign-in/start', headers, input)).status).toBe(403)
  })
})

describe('an account and its sign-ins', () => {
  test('its owner connects one, signs in with it everywhere, and removes it with its sessions', async () => {
    const email = 'owner@example.com'
    await product.given.member(acme, 'Viewer', email)
    await product.given.member(globex, 'Viewer', email)
    const cookie = await product.given.session(email)
    const linked = await signIn({ hint: 'fay@fabrikam.example', purpose: 'link', return: '/security' }, cookie)
    expect(linked.location.pathname).toBe('/security')
    const { session } = await microsoft('fay@fabrikam.example')
    expect(await me(session)).toMatchObject({ email, organization: { id: globex.id } })
    const elsewhere = await product.request(
      'POST',
      '/api/me/organization',
      { cookie: session, origin },
      { organizationId: acme.id },
    )
    expect(elsewhere.status).toBe(200)
    const ways = (await product.request('GET', '/api/me/sign-in', { cookie })).body
    expect(ways).toMatchObject({
      password: true,
      vouched: false,
      identities: [{ provider: 'Microsoft', name: 'fay@fabrikam.example' }],
    })
    const another = await product.given.member(acme, 'Viewer', 'another@example.com')
    expect(another.role).toBe('Viewer')
    expect(
      (await signIn({ hint: 'fay@fabrikam.example', purpose: 'link' }, await product.given.session('another@example.com'))).code,
    ).toBe('ACCOUNT_NOT_LINKED')
    const [{ id }] = ways.identities as [{ id: string }]
    expect((await product.request('DELETE', `/api/me/identities/${id}`, { cookie, origin })).status).toBe(200)
    expect((await product.request('GET', '/api/me', { cookie: session })).status).toBe(401)
    expect((await product.request('GET', '/api/me', { cookie })).status).toBe(200)
  })

  test('an administrator claims a tenant by signing in to it; one that is taken stays where it is', async () => {
    const initech = await product.given.organization('Initech')
    const { email } = await product.given.member(initech, 'OrgAdmin', 'admin@initech.example')
    const cookie = await product.given.session(email)
    expect((await signIn({ hint: 'ann@contoso.example', purpose: 'claim' }, cookie)).code).toBe('TENANT_TAKEN')
    const claimed = await signIn({ hint: 'sue@stranger.example', purpose: 'claim', return: '/manage/sign-in' }, cookie)
    expect(claimed.location.pathname).toBe('/manage/sign-in')
    expect((await product.execute(identity.listConnections, initech.caller(), {})).items).toMatchObject([
      { kind: 'entra', tenantId: stranger, provision: false, createdBy: email },
    ])
    expect((await microsoft('sue@stranger.example')).code).toBe('NOT_INVITED')
    const viewer = await product.given.member(initech, 'Viewer', 'viewer@initech.example')
    expect(
      (await signIn({ hint: 'sue@stranger.example', purpose: 'claim' }, await product.given.session(viewer.email))).code,
    ).toBe('FORBIDDEN')
  })
})

test('the client secret is encrypted at rest and never shown', async () => {
  const secret = 'a very particular secret'
  const admin = await product.given.member(acme, 'OrgAdmin')
  const added = await product.call(
    identity.addConnection,
    { name: 'Sealed', issuer: 'https://login.example.com', clientId: 'x', clientSecret: secret },
    { cookie: await product.given.session(admin.email) },
  )
  expect(added.body).toMatchObject({ hasSecret: true })
  const listed = await product.call(identity.listConnections, {}, { 'x-api-key': acme.keys.OrgAdmin })
  const rows = await product.asOwner(`select row_to_json(c)::text as row from sign_in_connections c`)
  const events = await product.asOwner(`select data::text from events where organization_id = $1`, [acme.id])
  expect(JSON.stringify([added.body, listed.body, rows, events])).not.toContain(secret)
})
