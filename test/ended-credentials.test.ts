/** A credential is never worth more than its maker is today; what ended does not come back; and somebody is told. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startProduct } from '../doors/product.ts'
import { permissionsInClient, permissionsOf } from '../modules/roles.ts'
import { credentials } from './credentials.ts'
import { secret, type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let root: { cookie: string }
let use: ReturnType<typeof credentials>
let organization: TestOrganization

type Person = Awaited<ReturnType<typeof use.made.person>>

beforeAll(async () => {
  product = await testProduct({ setupToken: 'the-link' })
  use = credentials(product)
  const made = await product.given.superAdmin()
  root = { cookie: made.cookie }
})
afterAll(() => product?.stop())
beforeEach(async () => {
  organization = await product.given.organization()
  await product.given.member(organization, 'OrgAdmin') // the one who stays
  await product.asOwner('delete from auth."rateLimit"')
})

/** Somebody removed, set lower or made again what they were. */
const remove = (person: { id: string }, from = organization) =>
  use.call('DELETE', `/msp/organizations/${from.id}/members/${person.id}`, root)
const setRole = (person: { id: string }, role: string, of = organization) =>
  use.call('PATCH', `/msp/organizations/${of.id}/members/${person.id}`, root, { role })
const change = (person: { id: string }, what: object) => use.call('PATCH', `/users/${person.id}`, root, what)

/** One of each kind. */
async function everything(person: Person) {
  const { made, works } = use
  const key = await made.key(person.headers)
  const program = await made.program(person.headers, organization)
  const token = await made.scimToken(person.headers)
  const working = async () => [await works.key(key), await works.program(program), await works.scimToken(token, organization)]
  expect(await working()).toEqual([true, true, true])
  return { key, program, token, working }
}
const all = { keys: 1, connections: 1, scimTokens: 1 }
const none = { keys: 0, connections: 0, scimTokens: 0 }

describe('of a member', () => {
  test('everything ends with the membership, is counted, is named in the activity, and does not come back with it', async () => {
    const person = await use.made.person(organization, 'OrgAdmin')
    const { program, working } = await everything(person)
    const removed = await remove(person)
    expect(removed.body).toMatchObject({ id: person.id, ended: all })
    expect(await working()).toEqual([false, false, false])
    const [told] = await use.ended(organization)
    expect(told).toEqual({
      actor: 'TATER Ops',
      data: {
        because: 'member',
        keys: [expect.stringMatching(/^A key \(tater_/)],
        connections: ['A program'],
        scimTokens: [expect.any(String)],
      },
    })
    const [event] = await product.asOwner(
      `select data from events where organization_id = $1 and action = 'member.removed' order by id desc`,
      [organization.id],
    )
    expect(event!.data).toEqual({ email: person.email, ended: all })
    await product.given.member(organization, 'OrgAdmin', person.email)
    expect(await working()).toEqual([false, false, false])
    expect(await use.works.refresh(program)).toBe(false)
  })

  test('what reaches higher than the lowered role ends for good; a program is worth what its person is', async () => {
    const person = await use.made.person(organization, 'OrgAdmin')
    const { program, working } = await everything(person)
    const viewers = await use.made.key(person.headers, { role: 'Viewer' })
    expect((await setRole(person, 'Auditor')).body).toMatchObject({ ended: { keys: 1, connections: 0, scimTokens: 1 } })
    expect(await working()).toEqual([false, true, false])
    expect(await use.works.key(viewers)).toBe(true)
    expect((await setRole(person, 'OrgAdmin')).body).toMatchObject({ ended: none })
    expect(await working()).toEqual([false, true, false])
    expect(await use.works.refresh(program)).toBe(true)
  })

  test('a program connected again begins with new tokens only, and keeps its limits', async () => {
    const person = await use.made.person(organization, 'Auditor')
    const before = await use.made.program(person.headers, organization)
    const root = await use.made.person(organization, 'OrgAdmin')
    const limits = { tools: null, dailyWrites: 3, callsPerMinute: null, paused: false }
    expect((await use.call('PUT', `/agents/tokens/${before.id}/limits`, root.headers, limits)).status).toBe(200)
    await remove(person)
    await product.given.member(organization, 'Auditor', person.email)
    const after = await use.made.program(person.headers, organization, before.clientId)
    expect([await use.works.program(after), await use.works.program(before), await use.works.refresh(before)]).toEqual([
      ...[true, false, false],
    ])
    const connections = (await use.call('GET', '/agents/connections', root.headers)).body.items
    expect(connections).toMatchObject([{ id: before.id, limits: { dailyWrites: 3 } }])
  })

  test('made under another address it is still theirs: disabled, nothing of them works, enabled, none of it again', async () => {
    const person = await use.made.person(organization, 'OrgAdmin')
    const { program, working } = await everything(person)
    const other = await use.made.key(person.headers, { email: 'monitoring@elsewhere.example' })
    expect((await change(person, { disabled: true })).body).toMatchObject({ ended: { ...all, keys: 2 } })
    expect([...(await working()), await use.works.key(other)]).toEqual([false, false, false, false])
    await change(person, { disabled: false })
    expect([...(await working()), await use.works.key(other)]).toEqual([false, false, false, false])
    expect(await use.works.refresh(program)).toBe(false)
    expect((await use.ended(organization))[0]!.data).toMatchObject({ because: 'account', keys: { length: 2 } })
  })

  test('a key in the name of another member reaches no further than that one, and ends with either', async () => {
    const maker = await use.made.person(organization, 'OrgAdmin')
    const [first, second] = [
      await use.made.person(organization, 'Auditor'),
      await product.given.member(organization, 'Auditor', 'second@example.com'),
    ]
    const named = (email: string, role: string) => use.call('POST', '/keys', maker.headers, { name: 'x', role, email })
    expect((await named(first.email, 'OrgAdmin')).body).toMatchObject({ status: 422, error: 'UNKNOWN_ROLE' })
    const [one, two] = [
      await use.made.key(maker.headers, { role: 'Auditor', email: first.email }),
      await use.made.key(maker.headers, { role: 'Auditor', email: second.email }),
    ]
    expect((await setRole(first, 'Viewer')).body).toMatchObject({ ended: { keys: 1 } })
    expect([await use.works.key(one), await use.works.key(two)]).toEqual([false, true])
    await remove(maker)
    expect(await use.works.key(two)).toBe(false)
  })

  test('what the directory takes away takes along what its person made', async () => {
    const directory = await use.made.scimToken((await use.made.person(organization, 'OrgAdmin')).headers)
    const person = await use.made.person(organization, 'OrgAdmin')
    const { working } = await everything(person)
    const headers = { authorization: `Bearer ${directory}` }
    const gone = await product.request('DELETE', `/api/scim/v2/${organization.id}/Users/${person.id}`, headers)
    expect(gone.status).toBe(204)
    expect(await working()).toEqual([false, false, false])
  })
})

describe('of a SuperAdmin', () => {
  test('what was made where they are no member ends when they are SuperAdmin no more, there and only there', async () => {
    const person = await use.made.person(organization, 'OrgAdmin')
    const at = await everything(person)
    await change(person, { superAdmin: true })
    const elsewhere = await product.given.organization()
    await use.made.into(person.headers, elsewhere)
    const key = await use.made.key(person.headers)
    const program = await use.made.program(person.headers, elsewhere)
    expect((await change(person, { superAdmin: false })).body).toMatchObject({
      ended: { keys: 1, connections: 1, scimTokens: 0 },
    })
    expect([await use.works.key(key), await use.works.program(program)]).toEqual([false, false])
    expect(await at.working()).toEqual([true, true, true])
    await change(person, { superAdmin: true })
    expect([await use.works.key(key), await use.works.program(program)]).toEqual([false, false])
    expect([(await use.ended(elsewhere)).length, (await use.ended(organization)).length]).toEqual([1, 0])
    await change(person, { superAdmin: false })
  })
})

describe('of a provider', () => {
  type Provider = Awaited<ReturnType<typeof product.given.provider>>

  /** A person of the provider with a key and a program in the client. */
  async function guest(provider: Provider, client: TestOrganization) {
    const person = await use.made.person(provider.organization, 'ServiceProvider')
    await use.made.into(person.headers, client)
    const [key, program] = [await use.made.key(person.headers), await use.made.program(person.headers, client)]
    const working = async () => [await use.works.key(key), await use.works.program(program)]
    expect(await working()).toEqual([true, true])
    return { person, key, program, working }
  }
  const both = { keys: 1, connections: 1, scimTokens: 0 }
  const provide = async (client: TestOrganization, tier: 'T1' | 'T2' | 'T3' = 'T3') => {
    const provider = await product.given.provider()
    await product.given.relation(provider.organization, client, tier)
    return provider
  }

  test('a person removed from it leaves nothing alive in its clients, and the client is told without names', async () => {
    const provider = await provide(organization)
    const { person, working } = await guest(provider, organization)
    const other = await guest(provider, organization)
    expect((await remove(person, provider.organization)).body).toMatchObject({ ended: both })
    expect([await working(), await other.working()]).toEqual([
      [false, false],
      [true, true],
    ])
    expect((await use.ended(organization))[0]).toMatchObject({
      actor: 'TATER Ops',
      data: { because: 'member', connections: ['A program'] },
    })
    await product.given.member(provider.organization, 'ServiceProvider', person.email)
    expect(await working()).toEqual([false, false])
  })

  test('a role there that does not work for clients is as good as none', async () => {
    const provider = await provide(organization)
    const { person, working } = await guest(provider, organization)
    expect((await setRole(person, 'Auditor', provider.organization)).body).toMatchObject({ ended: both })
    await setRole(person, 'ServiceProvider', provider.organization)
    expect(await working()).toEqual([false, false])
  })

  test('the end of its relation ends what its people made there, and nothing of another provider or of members', async () => {
    const [first, second] = [await provide(organization), await provide(organization)]
    const [of1, of2] = [await guest(first, organization), await guest(second, organization)]
    const member = await everything(await use.made.person(organization, 'OrgAdmin'))
    const end = `/msp/clients/${organization.id}`
    expect((await use.call('DELETE', end, { cookie: first.cookie })).body).toEqual({ id: organization.id, ended: both })
    expect([await of1.working(), await of2.working(), await member.working()]).toEqual([
      [false, false],
      [true, true],
      [true, true, true],
    ])
    await product.given.relation(first.organization, organization, 'T3')
    expect(await of1.working()).toEqual([false, false])
    const admin = await use.made.person(organization, 'OrgAdmin')
    const byClient = await use.call('DELETE', `/access/providers/${second.organization.id}`, admin.headers)
    expect(byClient.body).toMatchObject({ ended: both })
    expect([await of2.working(), await member.working()]).toEqual([
      [false, false],
      [true, true, true],
    ])
  })

  test('whoever works for two providers keeps the key of the one that stays, and is worth that', async () => {
    const [first, second] = [await provide(organization, 'T2'), await provide(organization, 'T3')]
    const { person, key, program } = await guest(second, organization)
    await product.given.member(first.organization, 'ServiceProvider', person.email)
    expect((await use.call('DELETE', `/msp/clients/${organization.id}`, { cookie: second.cookie })).body).toMatchObject({
      ended: { keys: 1, connections: 0 },
    })
    // The person is still somebody here, through the other; what a program may is what its person may.
    expect([await use.works.key(key), await use.works.program(program)]).toEqual([false, true])
    await use.call('DELETE', `/msp/clients/${organization.id}`, { cookie: first.cookie })
    expect(await use.works.program(program)).toBe(false)
  })

  test('a lower tier ends the keys that reach higher, and they do not rise with it again', async () => {
    const provider = await provide(organization)
    const { person, working } = await guest(provider, organization)
    const low = await use.made.key(person.headers, { role: 'Viewer' })
    const tier = (to: string) => use.call('PATCH', `/msp/clients/${organization.id}`, { cookie: provider.cookie }, { tier: to })
    expect((await tier('T1')).body).toMatchObject({ tier: 'T1', ended: { keys: 1, connections: 0 } })
    expect([...(await working()), await use.works.key(low)]).toEqual([false, true, true])
    expect((await tier('T3')).body).toMatchObject({ ended: none })
    expect(await working()).toEqual([false, true])
  })

  test('archived, or no provider any more, it has nothing alive in its clients; nor has it in an archived client', async () => {
    const organizations = (id: string, what: string) => use.call('POST', `/msp/organizations/${id}/${what}`, root)
    const isMsp = (id: string, to: boolean) => use.call('PATCH', `/msp/organizations/${id}`, root, { isMsp: to })
    const provider = await provide(organization)
    const [one, two, three] = [
      await guest(provider, organization),
      await guest(provider, organization),
      await guest(provider, organization),
    ]
    const member = await everything(await use.made.person(organization, 'OrgAdmin'))
    await remove(two.person, provider.organization)
    await remove(three.person, provider.organization)
    expect((await isMsp(provider.organization.id, false)).body).toMatchObject({ ended: both })
    await isMsp(provider.organization.id, true)
    expect(await one.working()).toEqual([false, false])

    const again = await guest(provider, organization)
    expect((await organizations(provider.organization.id, 'archive')).body).toMatchObject({ ended: both })
    await organizations(provider.organization.id, 'restore')
    expect(await again.working()).toEqual([false, false])

    const last = await guest(provider, organization)
    expect((await organizations(organization.id, 'archive')).body).toMatchObject({ ended: both })
    expect([await last.working(), await member.working()]).toEqual([
      [false, false],
      [false, false, false],
    ])
    await organizations(organization.id, 'restore')
    // Its own people are what they were: what they made rested with it.
    expect([await last.working(), await member.working()]).toEqual([
      [false, false],
      [true, true, true],
    ])
  })

  test('a membership of the maker in the client that allows less counts for the key as for the maker', async () => {
    const provider = await provide(organization)
    const { person, key } = await guest(provider, organization)
    await product.given.member(organization, 'Viewer', person.email)
    expect(await use.works.key(key)).toBe(false)
  })

  test('keys are made in the own name, at T3 and not while elevated; an elevation ends with its person', async () => {
    const provider = await provide(organization, 'T2')
    const person = await use.made.person(provider.organization, 'ServiceProvider')
    await use.made.into(person.headers, organization)
    await use.call('POST', '/access/elevation', person.headers, { reason: 'x', minutes: 60 })
    const key = (body: object) => use.call('POST', '/keys', person.headers, { name: 'x', role: 'Viewer', ...body })
    expect((await key({})).body).toMatchObject({ status: 403, message: expect.stringMatching(/elevation/) })
    await use.call('PATCH', `/msp/clients/${organization.id}`, { cookie: provider.cookie }, { tier: 'T3' })
    await use.call('DELETE', '/access/elevation', person.headers)
    expect((await key({ email: 'olga@client.example' })).body).toMatchObject({ status: 403, error: 'FORBIDDEN' })
    expect((await key({})).status).toBe(201)
    await use.call('PATCH', `/msp/clients/${organization.id}`, { cookie: provider.cookie }, { tier: 'T1' })
    await use.call('POST', '/access/elevation', person.headers, { reason: 'x', minutes: 60 })
    await remove(person, provider.organization)
    await product.given.member(provider.organization, 'ServiceProvider', person.email)
    await use.made.into(person.headers, organization)
    expect((await use.call('GET', '/me', person.headers)).body).toMatchObject({ provider: { tier: 'T1', elevatedUntil: null } })
  })
})

describe('a key', () => {
  test('gives nobody access and makes no secret, whatever its role; it may take away', async () => {
    const admin = { 'x-api-key': organization.keys.OrgAdmin }
    const other = await product.given.member(organization, 'Viewer')
    const { apiKey } = await product.given.key(organization.id, 'Viewer')
    const noLimits = { tools: null, dailyWrites: null, callsPerMinute: null, paused: false }
    for (const [method, path, payload] of [
      ['POST', '/keys', { name: 'x', role: 'Viewer' }],
      ['POST', '/sign-in/scim-tokens', {}],
      ['POST', '/members', { name: 'x', email: 'x@example.com', role: 'OrgAdmin', password: 'long enough for one' }],
      ['PATCH', `/members/${other.id}`, { role: 'OrgAdmin' }],
      ['PUT', `/agents/tokens/${apiKey.id}/limits`, noLimits],
      ['PUT', '/agents/policy', { ifVersion: 0 }],
    ] as const)
      expect([path, (await use.call(method, path, admin, payload)).body]).toMatchObject([path, { error: 'PERSON_REQUIRED' }])
    expect((await use.call('DELETE', `/keys/${apiKey.id}`, admin)).status).toBe(200)
    expect((await use.call('DELETE', `/members/${other.id}`, admin)).body).toMatchObject({ ended: none })
  })

  test('is not made by somebody who is removed at the same moment', async () => {
    const person = await use.made.person(organization, 'OrgAdmin')
    const keys: Record<string, string>[] = []
    const making = Array.from({ length: 6 }, async () => {
      const made = await use.call('POST', '/keys', person.headers, { name: 'x', role: 'OrgAdmin' })
      expect(made.status).toBeOneOf([201, 400, 403])
      if (made.status === 201) keys.push({ 'x-api-key': String(made.body.key) })
    })
    await Promise.all([...making, remove(person)])
    await product.given.member(organization, 'OrgAdmin', person.email)
    for (const key of keys) expect(await use.works.key(key)).toBe(false)
    const alive = await product.asOwner('select id from api_keys where made_by = $1 and revoked_at is null', [person.id])
    expect(alive).toEqual([])
  })

  test('cannot be written by the program for somebody without the standing, whatever the operation forgot', async () => {
    const stranger = await product.given.member(await product.given.organization(), 'OrgAdmin')
    const insert = (madeBy: string) =>
      product.asOwner(
        `insert into api_keys (organization_id, id, name, prefix, hash, role, email, created_by, made_by)
         values ($1, gen_random_uuid(), 'x', 'x', sha256(gen_random_uuid()::text::bytea), 'Viewer', 'x', 'x', $2)`,
        [organization.id, madeBy],
      )
    await expect(insert(stranger.id)).rejects.toMatchObject({ code: 'TS001' })
    await insert((await product.given.member(organization, 'Viewer')).id)
  })
})

test('each role and tier may do what the one below may, as the database takes it (reach)', async () => {
  const reach = async (word: string) => (await product.asOwner<{ n: number }>('select reach($1) as n', [word]))[0]!.n
  const byRole = ['Requester', 'Viewer', 'Auditor', 'OrgAdmin', 'SuperAdmin'] as const
  for (const [at, role] of byRole.entries()) {
    expect([role, await reach(role)]).toEqual([role, at + 1])
    if (at > 0) expect([...permissionsOf(byRole[at - 1]!)].filter((each) => !permissionsOf(role).has(each))).toEqual([])
  }
  expect([...permissionsOf('Auditor')].filter((each) => !permissionsOf('ServiceProvider').has(each))).toEqual([])
  expect(await Promise.all(['ServiceProvider', 'T1', 'T2', 'T3', 'nobody'].map(reach))).toEqual([3, 2, 3, 4, 0])
  for (const [low, high] of [
    ['T1', 'T2'],
    ['T2', 'T3'],
  ] as const)
    expect([...permissionsInClient(low)].filter((each) => !permissionsInClient(high).has(each))).toEqual([])
})

test('the next start ends what lost its standing unseen, says so once, and leaves alone what the installation made', async () => {
  const person = await use.made.person(organization, 'OrgAdmin')
  const { working } = await everything(person)
  // As a database restored from before, or a key from before it was known who makes keys: no trigger saw it.
  await product.asOwner('alter table memberships disable trigger credentials_end')
  await product.asOwner('delete from memberships where user_id = $1', [person.id])
  await product.asOwner('alter table memberships enable trigger credentials_end')
  const start = async () =>
    (
      await startProduct({
        ...{ ownerUrl: product.urls.ownerUrl, attachmentsFolder: '/nonexistent', publicUrl: 'http://localhost', secret },
        ...{ version: 'x', logLevel: 'silent', services: ['server'] },
      })
    ).stop()
  await start()
  await start()
  expect((await use.ended(organization)).map(({ data }) => data)).toMatchObject([
    { because: 'found', keys: { length: 1 }, connections: ['A program'], scimTokens: { length: 1 } },
  ])
  await product.given.member(organization, 'OrgAdmin', person.email)
  expect(await working()).toEqual([false, false, false])
  expect(await use.works.key({ 'x-api-key': organization.keys.OrgAdmin })).toBe(true)
})

test('no organization learns where its people go', async () => {
  const other = await product.given.organization('A name to keep')
  const member = await use.made.person(organization, 'Viewer')
  await product.given.member(other, 'Viewer', member.email)
  await use.made.into(member.headers, organization)
  await use.made.into(member.headers, other)
  const activity = await use.call('GET', '/activity', { 'x-api-key': organization.keys.OrgAdmin })
  expect(JSON.stringify(activity.body)).toContain('organization.switched')
  expect(JSON.stringify(activity.body)).not.toContain('A name to keep')
})
