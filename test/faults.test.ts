/** What a fault may not do, one at a time; `npm run chaos` does them all at once, to processes under load. */
import { existsSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { breaches } from '../bin/doctor/invariants.ts'
import * as comments from '../modules/comments/operations.ts'
import { systemCaller } from '../modules/identity/operations.ts'
import { runImport } from '../modules/imports/worker.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { importing } from './importing.ts'
import { fileForm, type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let acme: TestOrganization

beforeAll(async () => {
  product = await testProduct()
  acme = await product.given.organization()
})
afterAll(() => product.stop())
afterEach(() => {
  vi.useRealTimers()
})

const upload = async (taskId: string) => {
  const form = fileForm('photo.bin', 'bytes')
  const url = `/api/tasker/tasks/${taskId}/attachments`
  return product.request('POST', url, { ...form.headers, 'x-api-key': acme.keys.Auditor }, form.payload)
}
const filesOf = async (organization: TestOrganization) =>
  (await product.asOwner<{ id: string }>('select id from attachments where organization_id = $1', [organization.id])).map(
    ({ id }) => existsSync(product.storage.path(organization.id, id)),
  )

test('when the connection breaks at the commit, the answer says that nobody knows, and the file stays', async () => {
  const task = await product.given.task(acme)
  await product.asOwner(`create function break_off() returns trigger language plpgsql as
    $$ begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(0); return null; end $$`)
  await product.asOwner(`create constraint trigger break_off after insert on attachments deferrable initially deferred
    for each row execute function break_off()`)
  const put = vi.spyOn(product.storage, 'put')
  try {
    const answer = await upload(task.id)
    expect(answer).toMatchObject({
      status: 503,
      body: { error: 'BUSY', message: expect.stringContaining('may have been saved') },
    })
    const [organizationId, id] = put.mock.calls[0]!
    expect(existsSync(product.storage.path(organizationId, id))).toBe(true)
  } finally {
    await product.asOwner('drop function break_off() cascade')
  }
  expect((await upload(task.id)).status).toBe(201)
  expect(await filesOf(acme)).toEqual([true])
})

test('a refused upload leaves no file', async () => {
  const put = vi.spyOn(product.storage, 'put')
  put.mockClear()
  expect((await upload('TATER-999999')).status).toBe(404)
  const [organizationId, id] = put.mock.calls[0]!
  expect(existsSync(product.storage.path(organizationId, id))).toBe(false)
})

test('a worker that was taken over leaves the file of the import to the one that goes on', async () => {
  const organization = await product.given.organization()
  const it = importing(product)
  const rows = Array.from({ length: 600 }, (_, n) => `Row ${n},IT`)
  const id = await it.uploaded(organization, 'csv', `title,category\n${rows.join('\n')}\n`)
  // Another worker takes the import over while this one hangs, right after it began, and brings a part.
  let hung = false
  const execute = (async (...call: Parameters<typeof product.execute>) => {
    const answer = await product.execute(...call)
    if (call[0].name === 'imports.begin' && !hung) {
      hung = true
      await it.run(organization, id, 3).catch(() => {})
    }
    return answer
  }) as typeof product.execute
  await product.asOwner('delete from pgboss.job') // this test is the only worker
  const idle = await testProduct({ ownerUrl: product.urls.ownerUrl, services: ['server'] })
  await idle.stop()
  await product.asOwner(
    `update imports set status = 'queued', mapping = '{"title": "title", "category": "category"}', started_by = 'ann@example.com',
       started_by_name = 'Ann', channel = 'api' where id = $1`,
    [id],
  )
  const parts = { execute, storage: product.storage, system: systemCaller }
  const data = { organizationId: organization.id, importId: id }
  await runImport(parts, data, new AbortController().signal)
  expect(await it.get(organization, id)).toMatchObject({ status: 'running', doneRows: 250 })
  expect(existsSync(product.storage.path(organization.id, id))).toBe(true)
  await it.run(organization, id)
  expect(await it.get(organization, id)).toMatchObject({ status: 'finished', createdCount: 600, failedCount: 0 })
  expect(existsSync(product.storage.path(organization.id, id))).toBe(false)
})

test('changes stand in the order they were made, whatever the clocks of the servers say', async () => {
  const now = Date.now()
  const at = (ms: number) => vi.useFakeTimers({ toFake: ['Date'], now: now + ms })
  const change = (change: object) => product.execute(tasks.update, acme.caller(), { taskId, ...change } as never)
  const say = (body: string) => product.execute(comments.add, acme.caller(), { taskId, body, visibility: 'internal' })
  const { id: taskId } = await product.given.task(acme)
  at(3_600_000)
  await change({ status: 'InProgress' })
  await say('first')
  at(0)
  await change({ status: 'OnHold' })
  await say('second')
  at(-3_600_000)
  await change({ status: 'InProgress' })
  await say('third')
  await product.execute(tasks.remove, acme.caller(), { taskId })
  at(0)
  const task = await product.execute(tasks.restore, acme.caller(), { taskId })
  vi.useRealTimers()

  const events = await product.asOwner<{ action: string; to: string | null }>(
    `select action, data ->> 'to' as to from events where subject_id = $1 order by id`,
    [taskId],
  )
  expect(events.map(({ action, to }) => to ?? action)).toEqual([
    ...['task.created', 'InProgress', 'comment.added', 'OnHold', 'comment.added', 'InProgress', 'comment.added'],
    ...['task.deleted', 'task.restored'],
  ])
  const { items } = await product.execute(comments.list, acme.caller(), { taskId })
  expect(items.map(({ body }) => body)).toEqual(['first', 'second', 'third'])
  expect(task).toMatchObject({ status: 'InProgress', version: 6 })
  // It was last changed after the change before it, though by clocks that were behind it.
  expect(Date.parse(task.updatedAt)).toBeGreaterThan(now + 3_600_000)
  expect(await breaches(product.urls.ownerUrl)).toEqual([])
})

test('a clock that was wrong does not spread to other tickets', async () => {
  const [ahead, other] = [await product.given.task(acme), await product.given.task(acme)]
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 })
  await product.execute(tasks.update, acme.caller(), { taskId: ahead.id, title: 'From the future' })
  vi.useRealTimers()
  await product.execute(tasks.update, acme.caller(), { taskId: ahead.id, title: 'From the present' })
  const { updatedAt } = await product.execute(tasks.update, acme.caller(), { taskId: other.id, title: 'Somewhere else' })
  expect(Date.parse(updatedAt)).toBeLessThanOrEqual(Date.now())
})

test('a full disk is called by its name', async () => {
  const task = await product.given.task(acme)
  const full = (table: string) =>
    product.asOwner(`create function full_${table}() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
      create trigger full_disk before insert on ${table} for each row execute function full_${table}()`)
  // Statements that travel together fail together; the one that failed first is the one to tell of.
  for (const table of ['comments', 'events']) {
    await full(table)
    const comment = { body: 'No room for this', visibility: 'internal' }
    const answer = await product.request(
      'POST',
      `/api/tasker/tasks/${task.id}/comments`,
      { 'x-api-key': acme.keys.Auditor },
      comment,
    )
    expect(answer).toMatchObject({ status: 507, body: { error: 'STORAGE_FULL' } })
    await product.asOwner(`drop function full_${table}() cascade`)
  }
})
