/** Keys that expire, people without a login, accounts of the installation: as administrators use them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as identity from '../modules/identity/operations.ts'
import * as people from '../modules/people/operations.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
beforeAll(async () => {
  product = await testProduct({ setupToken: 'the-token-of-the-set-up' })
})
afterAll(() => product?.stop())

describe('an API key with an end', () => {
  test('works until then and not after, remembered or not', async () => {
    const organization = await product.given.organization()
    const expiresAt = new Date(Date.now() + 2_000).toISOString()
    const { key, apiKey } = await product.execute(identity.createKey, organization.caller(), {
      name: 'Nightly export',
      role: 'Viewer',
      expiresAt,
    })
    expect(apiKey.expiresAt).toBe(expiresAt)
    const status = async () => (await product.call(identity.whoami, {}, { 'x-api-key': key })).status
    expect(await status()).toBe(200)
    await expect.poll(status, { timeout: 5_000 }).toBe(401)
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt))
    const { items } = await product.execute(identity.listKeys, organization.caller(), { limit: 50 })
    expect(items.find(({ id }) => id === apiKey.id)).toMatchObject({ expiresAt, revokedAt: null })
  })

  test('cannot be made when that is past', async () => {
    const organization = await product.given.organization()
    const input = { name: 'Too late', role: 'Viewer', expiresAt: '2020-01-01T00:00:00Z' }
    const making = product.execute(identity.createKey, organization.caller(), input)
    await expect(making).rejects.toMatchObject({ status: 422, code: 'EXPIRY_PASSED' })
  })
})

describe('people', () => {
  const add = (organization: TestOrganization, name: string, email: string, more = {}) =>
    product.execute(people.saveContact, organization.caller(), { name, email, ...more })
  const found = async (organization: TestOrganization, q: string, more = {}) =>
    (await product.execute(people.listContacts, organization.caller('Viewer'), { q, limit: 50, ...more })).items.map(
      ({ name }) => name,
    )

  test('who were archived are listed, and brought back unless somebody has their address or they were merged', async () => {
    const organization = await product.given.organization()
    const as = { 'x-api-key': organization.keys.OrgAdmin }
    const archived = async (q = '') => found(organization, q, { archived: true })
    const ada = await add(organization, 'Ada Lovelace', 'ada@example.com', { title: 'Analyst' })
    await product.call(people.archiveContact, { contactId: ada.id }, as)
    expect([await found(organization, ''), await archived(), await archived('love')]).toEqual([
      [],
      ['Ada Lovelace'],
      ['Ada Lovelace'],
    ])
    expect(
      (await product.call(people.restoreContact, { contactId: ada.id }, { 'x-api-key': organization.keys.Viewer })).status,
    ).toBe(403)
    const back = await product.call(people.restoreContact, { contactId: ada.id }, as)
    expect(back).toMatchObject({ status: 200, body: { name: 'Ada Lovelace', title: 'Analyst', version: 2 } })
    expect([await found(organization, ''), await archived()]).toEqual([['Ada Lovelace'], []])
    expect((await product.call(people.restoreContact, { contactId: ada.id }, as)).status).toBe(404)
    const [event] = await product.asOwner<{ data: object }>(
      `select data from events where action = 'contact.restored' and subject_id = $1`,
      [ada.id],
    )
    expect(event!.data).toEqual({ name: 'Ada Lovelace', email: 'ada@example.com' })

    await product.call(people.archiveContact, { contactId: ada.id }, as)
    const second = await add(organization, 'Another Ada', 'ada@example.com')
    const taken = await product.call(people.restoreContact, { contactId: ada.id }, as)
    expect([taken.status, taken.body.message]).toEqual([409, expect.stringContaining('Another Ada')])
    const into = await add(organization, 'Charles Babbage', 'charles@example.com')
    await product.execute(tasks.mergePeople, organization.caller(), { contactId: second.id, intoContactId: into.id })
    const merged = await product.call(people.restoreContact, { contactId: second.id }, as)
    expect([merged.status, merged.body.message]).toEqual([409, expect.stringContaining('Charles Babbage')])
    expect(await archived()).toEqual(['Ada Lovelace'])
    const other = await product.given.organization()
    expect((await product.call(people.restoreContact, { contactId: ada.id }, { 'x-api-key': other.keys.OrgAdmin })).status).toBe(
      404,
    )
  })

  test('are found by how name, last name or address begin, without case and accents', async () => {
    const organization = await product.given.organization()
    await add(organization, 'Änne Müller', 'am@example.com')
    await add(organization, 'Bob Ross', 'painter@example.com')
    expect(await found(organization, '')).toEqual(['Änne Müller', 'Bob Ross'])
    expect(await found(organization, 'ANNE')).toEqual(['Änne Müller'])
    expect(await found(organization, 'mul')).toEqual(['Änne Müller'])
    expect(await found(organization, 'Paint')).toEqual(['Bob Ross'])
    expect(await found(organization, 'ob')).toEqual([])
    expect(await found(await product.given.organization(), '')).toEqual([])
  })

  test('have one address each, are linked to the member with it, and free it when archived', async () => {
    const organization = await product.given.organization()
    const member = await product.given.member(organization, 'Viewer')
    const person = await add(organization, 'A Member', member.email.toUpperCase())
    expect(person.userId).toBe(member.id)
    await expect(add(organization, 'Another', member.email)).rejects.toMatchObject({ code: 'CONFLICT' })
    const twice = ['one@example.com', 'one@example.com'].map((email) => add(organization, 'At once', email))
    expect((await Promise.allSettled(twice)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const stale = { contactId: person.id, version: 7, name: 'Me', email: person.email }
    await expect(product.execute(people.saveContact, organization.caller(), stale)).rejects.toMatchObject({ code: 'STALE' })
    await product.execute(people.archiveContact, organization.caller(), { contactId: person.id })
    expect((await add(organization, 'Another', member.email)).id).not.toBe(person.id)
  })

  test('who stand twice are merged: their tickets follow, in the same breath', async () => {
    const organization = await product.given.organization()
    const from = await add(organization, 'Ann Old', 'ann@old.example')
    const into = await add(organization, 'Ann New', 'ann@new.example')
    const asked = await product.given.task(organization, { requesterEmail: from.email })
    const contacted = await product.given.task(organization, { requesterEmail: 'bob@example.com', contactEmail: from.email })
    await product.given.task(organization, { requesterEmail: 'bob@example.com' })
    const elsewhere = await product.given.organization()
    const theirs = await product.given.task(elsewhere, { requesterEmail: from.email })

    const merged = await product.execute(tasks.mergePeople, organization.caller(), {
      contactId: from.id,
      intoContactId: into.id,
    })
    expect(merged).toEqual({ id: into.id, tasks: 2 })
    const read = (where: TestOrganization, taskId: string) => product.execute(tasks.get, where.caller(), { taskId })
    expect(await read(organization, asked.id)).toMatchObject({
      requesterEmail: into.email,
      requesterName: 'Ann New',
      version: asked.version + 1,
    })
    expect(await read(organization, contacted.id)).toMatchObject({
      requesterEmail: 'bob@example.com',
      contactEmail: into.email,
    })
    expect(await read(elsewhere, theirs.id)).toMatchObject({ requesterEmail: from.email })
    expect(await found(organization, '')).toEqual(['Ann New'])
    const again = product.execute(tasks.mergePeople, organization.caller(), { contactId: from.id, intoContactId: into.id })
    await expect(again).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('come from a CSV file whole or not at all, and leave as one', async () => {
    const organization = await product.given.organization()
    const load = (csv: string) => product.execute(people.importContacts, organization.caller(), { csv })
    expect(await load('name,email,department\r\nAnn Arbor,ANN@example.com,IT\r\n"Ross, Bob",bob@example.com,\r\n')).toEqual({
      added: 2,
      changed: 0,
    })
    expect(await load('\ufeffemail;name;notes\nann@example.com;Ann Harbor;=1+1\n')).toEqual({ added: 0, changed: 1 })
    const wrong = load('name,email\nEve,eve@example.com\nNobody,\nEve again,EVE@example.com\n"open')
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID' })
    const lines = await load('name,email\nEve,eve@example.com\nNobody,\nEve again,EVE@example.com\n').catch((error) => error)
    expect(lines.extra.problems.map(({ field }: { field: string }) => field)).toEqual(['line 3', 'line 4'])
    for (const csv of ['', 'name\nAnn', 'name,email,shoe size\n', 'name,email\na,b@c.de,d\n'])
      await expect(load(csv)).rejects.toMatchObject({ code: 'INVALID' })
    expect(await found(organization, '')).toEqual(['Ann Harbor', 'Ross, Bob'])
    const file = await product.request('GET', '/api/contacts/export.csv?q=', { 'x-api-key': organization.keys.Viewer })
    expect(file.text).toBe(
      '\ufeffname,email,department,title,notes\r\nAnn Harbor,ann@example.com,IT,,\'=1+1\r\n"Ross, Bob",bob@example.com,,,\r\n',
    )
    expect(await load(file.text)).toEqual({ added: 0, changed: 2 })
  })

  test('a hundred thousand of them are searched and paged by the indexes', async () => {
    const organization = await product.given.organization()
    await product.asOwner(
      `insert into contacts (organization_id, id, email, name, name_key, surname_key)
       select $1, gen_random_uuid(), 'p' || n || '@example.com', 'Person Number' || n, 'person number' || n, 'number' || n
       from generate_series(1, 100000) n`,
      [organization.id],
    )
    await product.asOwner('analyze contacts')
    const times: number[] = []
    for (const q of ['', 'person', 'number77', 'p99999@', 'nobody']) {
      const begun = performance.now()
      await found(organization, q)
      times.push(performance.now() - begun)
    }
    expect(Math.max(...times)).toBeLessThan(500)
    const first = await product.execute(people.listContacts, organization.caller(), { q: 'number', limit: 200 })
    const second = await product.execute(people.listContacts, organization.caller(), {
      q: 'number',
      limit: 200,
      after: first.next!,
    })
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(400)
  })
})

describe('accounts', () => {
  let root: { cookie: string; organizationId: string }
  const list = (q: string, headers: Record<string, string>) => product.call(identity.listUsers, { q }, headers)
  const found = async (email: string) => ((await list(email, { cookie: root.cookie })).body.items as { id: string }[])[0]!
  const change = (input: Record<string, unknown>, cookie = root.cookie) => product.call(identity.changeUser, input, { cookie })

  beforeAll(async () => {
    root = await product.given.superAdmin('root@example.com')
  })

  test('are seen by a SuperAdmin with organizations, roles and when they were last here; by nobody else', async () => {
    const organization = await product.given.organization('Seen Limited')
    const member = await product.given.member(organization, 'OrgAdmin')
    const cookie = await product.given.session(member.email)
    expect((await list('', { cookie })).body).toMatchObject({ status: 403, permission: 'users.manage' })
    expect((await list('', { 'x-api-key': organization.keys.OrgAdmin })).status).toBe(403)
    expect((await change({ userId: member.id, superAdmin: true }, cookie)).status).toBe(403)
    await expect
      .poll(() => found(member.email))
      .toMatchObject({
        superAdmin: false,
        disabledAt: null,
        lastSeenAt: expect.any(String),
        organizations: [{ id: organization.id, name: 'Seen Limited', role: 'OrgAdmin' }],
      })
  })

  test('one that is disabled is out at once: session, stream, key and sign-in; enabled, it comes back without what ended', async () => {
    const organization = await product.given.organization()
    const member = await product.given.member(organization, 'OrgAdmin')
    const cookie = await product.given.session(member.email)
    const { key } = await product.given.key(organization.id, 'Viewer', member.email)
    const whoami = (headers: Record<string, string>) => product.call(identity.whoami, {}, headers).then(({ status }) => status)
    expect([await whoami({ cookie }), await whoami({ 'x-api-key': key })]).toEqual([200, 200])
    const url = await product.app.listen({ port: 0, host: '127.0.0.1' })
    const stream = await fetch(`${url}/api/live`, { headers: { cookie } })
    expect(stream.status).toBe(200)
    const ended = (async () => {
      for await (const _ of stream.body!);
      return Date.now()
    })()

    expect((await change({ userId: member.id, disabled: true })).body).toMatchObject({ disabledAt: expect.any(String) })
    const begun = Date.now()
    expect([await whoami({ cookie }), await whoami({ 'x-api-key': key })]).toEqual([401, 401])
    expect((await ended) - begun).toBeLessThan(5_000)
    await expect(product.given.session(member.email)).rejects.toThrow(/ACCOUNT_DISABLED/)

    await change({ userId: member.id, disabled: false })
    expect(await whoami({ 'x-api-key': key })).toBe(401)
    expect(await whoami({ cookie })).toBe(401)
    expect(await whoami({ cookie: await product.given.session(member.email) })).toBe(200)
  }, 20_000)

  test('the last SuperAdmin stays one, also when two take the role from each other at once', async () => {
    const me = await found('root@example.com')
    expect((await change({ userId: me.id, superAdmin: false })).body).toMatchObject({ error: 'LAST_SUPER_ADMIN' })
    expect((await change({ userId: me.id, disabled: true })).body).toMatchObject({ error: 'CONFLICT' })
    const organization = await product.given.organization()
    const other = await product.given.member(organization, 'Viewer')
    await change({ userId: other.id, superAdmin: true })
    const cookie = await product.given.session(other.email)
    const both = await Promise.all([
      change({ userId: other.id, superAdmin: false }),
      change({ userId: me.id, superAdmin: false }, cookie),
    ])
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
    const [rulers] = await product.asOwner<{ n: number }>('select count(*)::int as n from auth."user" where "superAdmin"')
    expect(rulers!.n).toBe(1)
  })
})
