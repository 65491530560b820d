import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as identity from '../modules/identity/operations.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let other: TestProduct
let acme: TestOrganization
let globex: TestOrganization

beforeAll(async () => {
  product = await testProduct()
  other = await testProduct({ ownerUrl: product.urls.ownerUrl })
  acme = await product.given.organization()
  globex = await product.given.organization()
  await Promise.all([product, other].map((each) => each.app.listen({ port: 0, host: '127.0.0.1' })))
})
afterAll(async () => {
  await other.stop()
  await product.stop()
})

const addressOf = (of: TestProduct) => `http://127.0.0.1:${(of.app.server.address() as AddressInfo).port}`

/** Opens the stream and gathers what comes. */
async function watch(of: TestProduct, key: string) {
  const abort = new AbortController()
  const response = await fetch(`${addressOf(of)}/api/live`, { headers: { 'x-api-key': key }, signal: abort.signal })
  const stream = { status: response.status, text: '', ended: false, close: () => abort.abort() }
  void (async () => {
    try {
      for await (const chunk of response.body!) stream.text += Buffer.from(chunk).toString()
    } catch {}
    stream.ended = true
  })()
  return stream
}

test('a change reaches those who look, in this process and in another, and nobody of another organization', async () => {
  const [near, far, foreign] = await Promise.all([
    watch(product, acme.keys.Viewer),
    watch(other, acme.keys.Viewer),
    watch(product, globex.keys.OrgAdmin),
  ])
  const task = await product.given.task(acme, { title: 'Seen live' })
  await expect.poll(() => near.text).toContain(task.id)
  await expect.poll(() => far.text).toContain(task.id)
  const own = await product.given.task(globex, {})
  await expect.poll(() => foreign.text).toContain(own.id)
  expect(foreign.text).not.toContain(task.id)
  expect(near.text).not.toContain('Seen live')
  for (const stream of [near, far, foreign]) stream.close()
})

test('what was refused or rolled back is not told', async () => {
  const stream = await watch(product, acme.keys.Viewer)
  const task = await product.given.task(acme)
  await expect(product.execute(tasks.update, acme.caller(), { taskId: task.id, status: 'Nowhere' })).rejects.toMatchObject({
    code: 'UNKNOWN_STATUS',
  })
  const last = await product.given.task(acme)
  await expect.poll(() => stream.text).toContain(last.id)
  expect(stream.text.split(task.id).length - 1).toBe(1)
  stream.close()
})

test('a change of many is told once', async () => {
  const made = await Promise.all(Array.from({ length: 60 }, () => product.given.task(acme)))
  const stream = await watch(product, acme.keys.Viewer)
  await product.execute(tasks.bulk, acme.caller(), { taskIds: made.map(({ id }) => id), change: { priority: 'High' } })
  const last = await product.given.task(acme)
  await expect.poll(() => stream.text).toContain(last.id)
  expect(stream.text.match(/"task.updated"/g)).toHaveLength(1)
  stream.close()
})

test('a revoked key loses its stream within five seconds', async () => {
  const { key, apiKey } = await product.given.key(acme.id, 'Viewer')
  const stream = await watch(product, key)
  expect(stream.status).toBe(200)
  await product.execute(identity.revokeKey, acme.caller(), { keyId: apiKey.id })
  await expect.poll(() => stream.ended, { timeout: 5_000 }).toBe(true)
})

test('without the permission there is no stream', async () => {
  expect((await watch(product, acme.keys.Requester)).status).toBe(403)
  expect((await fetch(`${addressOf(product)}/api/live`)).status).toBe(401)
})

test('people at the same task see each other, and leave', async () => {
  const task = await product.given.task(acme)
  const look = async (key: string, state: string) =>
    (await product.request('POST', '/api/live/presence', { 'x-api-key': key }, { taskId: task.id, state })).body as {
      people?: { kind: string; state: string }[]
    }
  await look(acme.keys.OrgAdmin, 'viewing')
  await look(acme.keys.OrgAdmin, 'typing')
  expect((await look(acme.keys.Viewer, 'viewing')).people).toMatchObject([{ kind: 'key', state: 'typing' }])
  await look(acme.keys.OrgAdmin, 'left')
  expect((await look(acme.keys.Viewer, 'viewing')).people).toEqual([])
  const foreign = await product.request(
    'POST',
    '/api/live/presence',
    { 'x-api-key': globex.keys.OrgAdmin },
    { taskId: task.id, state: 'viewing' },
  )
  expect(foreign.status).toBe(404)
})

test('after its connection to the database broke, a server tells those who look that they may have missed something', async () => {
  const stream = await watch(product, acme.keys.Viewer)
  await expect.poll(() => stream.text).toContain('retry')
  await product.asOwner(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tater listener' and datname = current_database()",
  )
  await expect.poll(() => stream.text, { timeout: 20_000 }).toContain('event: missed')
  const task = await other.given.task(acme)
  await expect.poll(() => stream.text, { timeout: 20_000 }).toContain(task.id)
  stream.close()
})
