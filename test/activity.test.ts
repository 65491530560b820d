/** The activity log: found again, taken out, and shown to be as it was written. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as identity from '../modules/identity/operations.ts'
import { canonical, keyIdOf } from '../platform/signature.ts'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'
import { temporaryFolder } from './programs.ts'

const signingKey = 'a key of the tests that is long enough to sign the log with'
const olderKey = 'the key before that one which signs no more but checks'
const folder = temporaryFolder()
let product: TestProduct
let organization: TestOrganization

beforeAll(async () => {
  product = await testProduct({ auditSigningKey: `${signingKey}, ${olderKey}` })
  organization = await product.given.organization()
  await product.given.seeds(organization)
  for (let n = 0; n < 5; n += 1) await product.given.task(organization, { title: `Zebra ${n} {"é": "😀"}`, tags: ['b', 'a'] })
})
afterAll(() => product?.stop())

const list = (filter: Record<string, unknown>) =>
  product.execute(identity.listActivity, organization.caller(), filter as never) as Promise<{ items: Record<string, unknown>[] }>

const exported = async () => {
  const answer = await product.request('GET', '/api/activity/export.ndjson', { 'x-api-key': organization.keys.OrgAdmin })
  expect(answer.status).toBe(200)
  return answer.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

const verify = (name: string, entries: Record<string, unknown>[], keys = signingKey) =>
  verifyText(
    name,
    entries.map((entry) => JSON.stringify(entry)),
    keys,
  )

function verifyText(name: string, lines: string[], keys = signingKey) {
  const file = join(folder, name)
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  const child = spawn(join(import.meta.dirname, '..', 'bin', 'tater'), ['activity', 'verify', file], {
    env: { ...process.env, AUDIT_SIGNING_KEY: keys },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  return new Promise<{ code: number | null; said: string }>((resolve) => child.once('close', (code) => resolve({ code, said })))
}

describe('filters', () => {
  test('by action, kind, words and time find what they name', async () => {
    const { items } = await list({ action: 'task.created' })
    expect(items).toHaveLength(5)
    expect((await list({ subjectType: 'task' })).items.every((item) => item.subjectType === 'task')).toBe(true)
    expect((await list({ q: 'ZEBRA 3' })).items).toHaveLength(1)
    const oldest = String(items.at(-1)!.occurredAt)
    expect((await list({ action: 'task.created', until: oldest })).items).toHaveLength(0)
    expect((await list({ action: 'task.created', since: oldest })).items).toHaveLength(5)
  })

  test('by who did it: name, address or id, in the list and in the export', async () => {
    const ann = await product.given.member(organization, 'Auditor', 'ann.adams@example.com')
    const cookie = await product.given.session(ann.email)
    const view = await product.request('POST', '/api/tasker/tasks', { cookie }, { title: 'Of Ann', category: 'IT' })
    expect(view.status, view.text).toBe(201)
    const { key } = await product.given.key(organization.id, 'Auditor', ann.email)
    await product.request('POST', '/api/tasker/tasks', { 'x-api-key': key }, { title: 'Of her key', category: 'IT' })
    const by = async (actor: string) =>
      (await list({ actor, action: 'task.created' })).items.map(({ data }) => (data as { title: string }).title)
    expect(await by('ann.adams@example.com')).toEqual(['Of her key', 'Of Ann'])
    expect(await by(' Ann.Adams@Example.com ')).toEqual(['Of her key', 'Of Ann'])
    expect(await by('a member')).toEqual(['Of Ann'])
    expect(await by(ann.id)).toEqual(['Of Ann'])
    expect(await by(ann.id.toUpperCase())).toEqual(['Of Ann'])
    expect(await by('nobody@example.com')).toEqual([])
    const query = new URLSearchParams({ actor: ann.email, action: 'task.created' })
    for (const format of ['csv', 'ndjson']) {
      const file = await product.request('GET', `/api/activity/export.${format}?${query}`, {
        'x-api-key': organization.keys.OrgAdmin,
      })
      expect([file.text.includes('Of Ann'), file.text.includes('Of her key'), file.text.includes('Zebra')]).toEqual([
        true,
        true,
        false,
      ])
    }
    const asAuditor = { 'x-api-key': organization.keys.Auditor }
    for (const filter of [{ q: ann.email }, { subjectId: ann.id }] as Record<string, string>[]) {
      expect((await list({ ...filter, action: 'member.added' })).items).toHaveLength(1)
      const found = await product.request('GET', `/api/activity?${new URLSearchParams(filter)}`, asAuditor)
      expect([
        found.status,
        (found.body.items as { subjectType: string }[]).filter((each) => each.subjectType === 'user'),
      ]).toEqual([200, []])
    }
    for (const actor of [ann.email, ann.id]) {
      const refused = await product.request('GET', `/api/activity?${new URLSearchParams({ actor })}`, asAuditor)
      expect([refused.status, refused.body.permission]).toEqual([403, 'activity.audit'])
    }
  })

  test('an Auditor reads the log, and may neither follow one person nor take it out', async () => {
    const as = { 'x-api-key': organization.keys.Auditor }
    expect((await product.request('GET', '/api/activity', as)).status).toBe(200)
    expect((await product.request('GET', '/api/activity?actor=Ann', as)).body).toMatchObject({
      error: 'FORBIDDEN',
      permission: 'activity.audit',
    })
    const [named] = (await list({})).items.filter(
      (item) => !JSON.stringify(item.data).includes((item.actor as { name: string }).name),
    )
    const name = (named!.actor as { name: string }).name
    expect((await list({ q: name })).items.map(({ id }) => id)).toContain(named!.id)
    const found = await product.request('GET', `/api/activity?q=${encodeURIComponent(name)}`, as)
    expect((found.body.items as { id: string }[]).map(({ id }) => id)).not.toContain(named!.id)
    for (const format of ['csv', 'ndjson'])
      expect((await product.request('GET', `/api/activity/export.${format}`, as)).status).toBe(403)
  })
})

describe('signatures', () => {
  test('every entry of an export fits, whichever order the keys are given in', async () => {
    const entries = await exported()
    expect(entries.length).toBeGreaterThan(8)
    expect(new Set(entries.map((entry) => entry.signatureKey))).toEqual(new Set([keyIdOf(signingKey)]))
    expect(await verify('whole.ndjson', entries)).toMatchObject({
      code: 0,
      said: expect.stringContaining(`${entries.length} signed entries fit`),
    })
    expect(await verify('rotated.ndjson', entries, `${olderKey},${signingKey}`)).toMatchObject({ code: 0 })
    expect(await verify('other-key.ndjson', entries, olderKey)).toMatchObject({
      code: 1,
      said: expect.stringContaining('a key that'),
    })
  })

  test.each([
    ['actorName', 'Somebody else'],
    ['occurredAt', '2020-01-01T00:00:00.000Z'],
    ['data', { title: 'Another' }],
    ['organizationId', '00000000-0000-7000-8000-000000000000'],
    ['signature', '00'],
  ])('an entry whose %s was changed is named, with its line', async (field, value) => {
    const entries = await exported()
    entries[2] = { ...entries[2], [field]: value }
    const { code, said } = await verify(`altered-${field}.ndjson`, entries)
    expect([code, said]).toEqual([1, expect.stringContaining(`altered-${field}.ndjson:3: the first entry that does not fit`)])
  })

  test('what no signature covers is named and fails, in a signed entry, in an unsigned one, and as a second of a field', async () => {
    const entries = await exported()
    const lines = entries.map((entry) => JSON.stringify(entry))
    const added = await verify('added.ndjson', [entries[0]!, { ...entries[1], approvedBy: 'Ann' }, ...entries.slice(2)])
    expect([added.code, added.said]).toEqual([1, expect.stringContaining('added.ndjson:2: the first entry that does not fit')])
    expect(added.said).toContain('no signature covers what was added to it: approvedBy')
    const old = { ...entries.at(-1)!, signature: null, signatureKey: null, note: 'x' }
    expect((await verify('old-added.ndjson', [...entries.slice(0, -1), old])).code).toBe(1)
    const twice = lines[2]!.replace('{', '{"actorName":"Somebody else",')
    const said = await verifyText('twice.ndjson', [...lines.slice(0, 2), twice, ...lines.slice(3)])
    expect([said.code, said.said]).toEqual([1, expect.stringContaining('twice.ndjson:3: ')])
    expect(said.said).toContain('a field that stands there twice')
    const respaced = lines.map((line) => JSON.stringify(JSON.parse(line), null, 1).replaceAll('\n', ' '))
    expect(await verifyText('respaced.ndjson', respaced)).toMatchObject({ code: 0 })
  })

  test('an entry without a signature fits only before the first with one', async () => {
    const entries = await exported()
    const bare = (entry: Record<string, unknown>) => ({ ...entry, signature: null, signatureKey: null })
    expect(await verify('new.ndjson', [bare(entries[0]!), ...entries.slice(1)])).toMatchObject({ code: 1 })
    expect(await verify('bare.ndjson', entries.map(bare))).toMatchObject({
      code: 1,
      said: expect.stringContaining('no entry is signed'),
    })
    expect(await verify('empty.ndjson', [])).toMatchObject({ code: 1 })
    expect(await verify('old.ndjson', [...entries.slice(0, -1), bare(entries.at(-1)!)])).toMatchObject({
      code: 0,
      said: expect.stringContaining('1 are from before signing'),
    })
  })

  test('the canonical form does not depend on the order of keys', () => {
    const [one, other] = [{ data: { b: 1, a: { 2: 'x', 10: [null] } } }, { data: { a: { 10: [null], 2: 'x' }, b: 1 } }]
    expect(canonical(one as never)).toBe(canonical(other as never))
    expect(canonical({ data: { a: 1 } } as never)).not.toBe(canonical({ data: [['a', 1]] } as never))
  })
})
