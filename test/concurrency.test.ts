/** Many at once, and the same thing twice. */

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as comments from '../modules/comments/operations.ts'
import * as identity from '../modules/identity/operations.ts'
import * as profiles from '../modules/profiles/operations.ts'
import type { Task } from '../modules/tasks/contract.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { type Headers, type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let organization: TestOrganization
let headers: Headers

beforeAll(async () => {
  product = await testProduct({ setupToken: 'the-link' })
})
afterAll(() => product?.stop())

const fresh = async () => {
  organization = await product.given.organization()
  headers = { 'x-api-key': organization.keys.OrgAdmin }
}
const post = (url: string, payload: unknown, more: Headers = {}) => product.request('POST', url, { ...headers, ...more }, payload)
const patch = (id: string, payload: unknown, more: Headers = {}) =>
  product.request('PATCH', `/api/tasker/tasks/${id}`, { ...headers, ...more }, payload)
const get = (id: string) => product.request('GET', `/api/tasker/tasks/${id}`, headers)
const count = async (table: string) =>
  (
    await product.asOwner<{ n: number }>(`select count(*)::int as n from ${table} where organization_id = $1`, [organization.id])
  )[0]!.n

describe('the same request twice', () => {
  beforeAll(fresh)
  const body = { title: 'Once', category: 'IT' }

  test('one after the other makes one task and gives the same answer', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const first = await post('/api/tasker/tasks', body, key)
    const second = await post('/api/tasker/tasks', body, key)
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body).toEqual(first.body)
    expect(await count('tasks')).toBe(1)
  })

  test('ten at once make one task', async () => {
    const before = await count('tasks')
    const key = { 'idempotency-key': randomUUID() }
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('/api/tasker/tasks', body, key)))
    expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(201))
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
    expect(await count('tasks')).toBe(before + 1)
  })

  test('a key is bound to its request, its caller and its organization', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const first = await post('/api/tasker/tasks', body, key)
    const other = await post('/api/tasker/tasks', { ...body, title: 'Other' }, key)
    expect([other.status, other.body.error]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
    const elsewhere = await post(`/api/tasker/tasks/${first.body.id}/comments`, { body: 'x' }, key)
    expect([elsewhere.status, elsewhere.body.error]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
    const neighbour = await product.given.organization()
    const theirs = await product.request('POST', '/api/tasker/tasks', { 'x-api-key': neighbour.keys.OrgAdmin, ...key }, body)
    expect(theirs.status).toBe(201)
    expect(theirs.body.id).not.toBe(first.body.id)
    const colleague = await product.request('POST', '/api/tasker/tasks', { 'x-api-key': organization.keys.Auditor, ...key }, body)
    expect(colleague.status).toBe(201)
    expect(colleague.body.id).not.toBe(first.body.id)
  })

  test('what was refused may be tried again under the same key', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const task = await product.given.task(organization)
    const input = { into: task.id }
    const other = await product.given.task(organization)
    await product.execute(tasks.remove, organization.caller(), { taskId: other.id })
    expect((await post(`/api/tasker/tasks/${other.id}/merge`, input, key)).status).toBe(409)
    await product.execute(tasks.restore, organization.caller(), { taskId: other.id })
    expect((await post(`/api/tasker/tasks/${other.id}/merge`, input, key)).status).toBe(200)
  })

  test('a secret is shown once and kept nowhere', async () => {
    const person = await product.given.member(organization, 'OrgAdmin')
    const asPerson = { 'idempotency-key': randomUUID(), cookie: await product.given.session(person.email) }
    const make = () => product.request('POST', '/api/keys', asPerson, { name: 'x', role: 'Viewer' })
    const first = await make()
    expect(first.status).toBe(201)
    const second = await make()
    expect([second.status, second.body.error]).toEqual([409, 'CONFLICT'])
    const tables = ['executions', 'events', 'api_keys']
    for (const table of tables) {
      const rows = await product.asOwner<{ text: string }>(`select t::text as text from ${table} t where organization_id = $1`, [
        organization.id,
      ])
      expect(rows.map((row) => row.text).join()).not.toContain(String(first.body.key).slice(12))
    }
  })

  test('a key must be printable', async () => {
    for (const bad of ['', ' ', 'ä', 'x'.repeat(201)]) {
      const answer = await post('/api/tasker/tasks', body, { 'idempotency-key': bad })
      expect([bad, answer.status, answer.body.error]).toEqual([bad, 400, 'BAD_REQUEST'])
    }
  })
})

describe('two edits based on the same version', () => {
  beforeAll(fresh)

  test('exactly one is saved, and the other is shown both values', async () => {
    for (let round = 0; round < 10; round += 1) {
      const task = await product.given.task(organization)
      const match = { 'if-match': '"1"' }
      const answers = await Promise.all([patch(task.id, { title: 'One' }, match), patch(task.id, { title: 'Two' }, match)])
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
      const won = answers.find((answer) => answer.status === 200)!
      const lost = answers.find((answer) => answer.status === 409)!
      expect(won.headers.etag).toBe('"2"')
      const [mine, theirs] = [won.body.title === 'One' ? 'Two' : 'One', won.body.title]
      expect(lost.body).toMatchObject({ error: 'STALE', version: 2, current: { title: theirs }, yours: { title: mine } })
      expect((await get(task.id)).body).toMatchObject({ title: theirs, version: 2 })
    }
  })

  test('without a version the later one wins, and neither loses what it did not touch', async () => {
    const task = await product.given.task(organization)
    const answers = await Promise.all([
      patch(task.id, { title: 'A title' }),
      patch(task.id, { tier: 3 }),
      patch(task.id, { tags: ['x'] }),
    ])
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200])
    expect((await get(task.id)).body).toMatchObject({ title: 'A title', tier: 3, tags: ['x'], version: 4 })
  })

  test('two moves at once: the second is judged by the state the first left', async () => {
    await product.given.seeds(organization)
    const profile = `profile-basic-${organization.id}`
    const task = await product.given.task(organization, { profileId: profile, priority: 'High' })
    const answers = await Promise.all([
      patch(task.id, { status: 'Cancelled' }),
      patch(task.id, { status: 'Cancelled', tier: 2 }),
      patch(task.id, { status: 'In Progress' }),
    ])
    const moved = await product.asOwner<{ data: { from: string; to: string } }>(
      "select data from events where subject_id = $1 and action = 'task.moved' order by id",
      [task.id],
    )
    expect(['In Progress', 'Cancelled']).toContain(moved[0]!.data.to)
    const legal = new Set(['Open>In Progress', 'Open>Cancelled', 'In Progress>Cancelled'])
    expect(moved.map(({ data }) => `${data.from}>${data.to}`).filter((move) => !legal.has(move))).toEqual([])
    expect(answers.some((answer) => answer.status === 200)).toBe(true)
    expect((await get(task.id)).body.status).toBe('Cancelled')
  })

  test('an If-Match that is no version is refused', async () => {
    const task = await product.given.task(organization)
    for (const bad of ['x', '"x"', '"1.5"', '-1', ''])
      expect([bad, (await patch(task.id, { tier: 2 }, { 'if-match': bad })).status]).toEqual([bad, 400])
    expect((await patch(task.id, { tier: 2 }, { 'if-match': '*' })).status).toBe(200)
  })
})

describe('numbers', () => {
  beforeAll(fresh)

  test('fifty created at once are numbered without gap or repeat', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_each, n) => post('/api/tasker/tasks', { title: `Task ${n}`, category: 'IT' })),
    )
    const numbers = answers.map((answer) => Number(answer.body.number)).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 50 }, (_each, n) => 1001 + n))
  })

  test('a refused one takes no number', async () => {
    expect((await post('/api/tasker/tasks', { title: 'x', category: 'IT', profileId: 'nobody' })).status).toBe(404)
    expect((await post('/api/tasker/tasks', { title: 'x', category: 'IT', status: 'Closed' })).status).toBe(409)
    expect((await post('/api/tasker/tasks', { title: 'x', category: 'IT' })).body.number).toBe(1051)
  })
})

describe('merging and linking', () => {
  beforeAll(fresh)
  const three = async (): Promise<[Task, Task, Task]> => [await someTask('A'), await someTask('B'), await someTask('C')]
  const someTask = (title: string) => product.given.task(organization, { title })

  test('a chain A into B into C: what is said to A lands on C, and A answers with C', async () => {
    const [a, b, c] = await three()
    expect((await post(`/api/tasker/tasks/${a.id}/merge`, { into: b.id })).status).toBe(200)
    expect((await post(`/api/tasker/tasks/${b.id}/merge`, { into: c.id })).status).toBe(200)
    const comment = await post(`/api/tasker/tasks/${a.id}/comments`, { body: 'To the first' })
    expect(comment.body).toMatchObject({ taskId: c.id })
    expect((await get(a.id)).body).toMatchObject({ mergedInto: { id: c.id, key: c.key } })
    expect(await patch(a.id, { tier: 2 })).toMatchObject({
      status: 409,
      body: { error: 'TASK_MERGED', mergedInto: { id: c.id } },
    })
    expect((await post(`/api/tasker/tasks/${c.id}/merge`, { into: a.id })).body.error).toBe('MERGE_REFUSED')
    const listed = await product.request('GET', '/api/tasker/tasks', headers)
    expect((listed.body.items as { id: string }[]).map((row) => row.id)).toEqual([c.id])
  })

  test('two tasks merged into each other at once: one merge, and no circle', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = await three()
      const answers = await Promise.all([
        post(`/api/tasker/tasks/${a.id}/merge`, { into: b.id }),
        post(`/api/tasker/tasks/${b.id}/merge`, { into: a.id }),
      ])
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
    }
  })

  test('merging into one that is being merged away ends at its end', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [a, b, c] = await three()
      const answers = await Promise.all([
        post(`/api/tasker/tasks/${a.id}/merge`, { into: b.id }),
        post(`/api/tasker/tasks/${b.id}/merge`, { into: c.id }),
      ])
      expect(answers[1].status).toBe(200)
      expect(answers[0].status).toBeOneOf([200, 409])
      const merged = (await get(a.id)).body.mergedInto as { id: string } | null
      if (answers[0].status === 200) expect(merged?.id).toBe(c.id)
      else expect(answers[0].body.error).toBe('TASK_MERGED')
    }
  })

  test('links close no circle, not even when all its sides are drawn at once', async () => {
    const [a, b, c] = await three()
    const link = (from: { id: string }, to: { id: string }, type = 'parent') =>
      post(`/api/tasker/tasks/${from.id}/links`, { type, target: to.id })
    expect((await link(a, a)).body.error).toBe('LINK_REFUSED')
    expect((await link(a, b)).status).toBe(201)
    expect((await link(b, c)).status).toBe(201)
    expect((await link(c, a)).body.error).toBe('LINK_REFUSED')
    expect((await link(c, a, 'blocks')).status).toBe(201)
    for (let round = 0; round < 8; round += 1) {
      const four = await Promise.all(['1', '2', '3', '4'].map((title) => product.given.task(organization, { title })))
      const answers = await Promise.all(four.map((task, n) => link(task, four[(n + 1) % 4]!)))
      expect(answers.filter((answer) => answer.status === 201).length).toBe(3)
    }
  })

  test('drawing the same link twice at once draws it once', async () => {
    const [a, b] = await three()
    const answers = await Promise.all(
      [1, 2, 3].map(() => post(`/api/tasker/tasks/${a.id}/links`, { type: 'related', target: b.id })),
    )
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201])
    expect((await get(a.id)).body.links).toHaveLength(1)
    const events = await product.asOwner("select 1 from events where subject_id = $1 and action = 'task.linked'", [a.id])
    expect(events).toHaveLength(1)
  })
})

describe('many at once', () => {
  beforeAll(fresh)

  test('bulk: a thousand rows in one request, each answered, each judged by its own process', async () => {
    const ids: string[] = []
    for (let n = 0; n < 25; n += 1)
      ids.push(...(await Promise.all(Array.from({ length: 40 }, () => product.given.task(organization)))).map((task) => task.id))
    await product.execute(tasks.update, organization.caller(), { taskId: ids[0]!, status: 'Cancelled' })
    await product.execute(tasks.remove, organization.caller(), { taskId: ids[1]! })
    const answer = await post('/api/tasker/tasks/bulk', { taskIds: ids, change: { status: 'InProgress', tier: 2 } })
    expect(answer.body).toMatchObject({ changed: 998, refused: 2 })
    const results = answer.body.results as { taskId: string; ok: boolean; error: string | null }[]
    expect(results.map((row) => row.taskId)).toEqual(ids)
    expect(results.slice(0, 2).map((row) => row.error)).toEqual(['TERMINAL_STATUS', 'NO_SUCH_TASK'])
    const moved = await product.asOwner(
      "select 1 from events where organization_id = $1 and operation = 'tasks.bulk' and action = 'task.moved'",
      [organization.id],
    )
    expect(moved).toHaveLength(998)
    const too = await post('/api/tasker/tasks/bulk', { taskIds: [...ids, randomUUID()], change: { tier: 1 } })
    expect([too.status, too.body.error]).toEqual([422, 'INVALID'])
  }, 60_000)

  test('two bulk changes of the same tasks in opposite order do not wait for each other for ever', async () => {
    const ids = (await Promise.all(Array.from({ length: 30 }, () => product.given.task(organization)))).map((task) => task.id)
    const answers = await Promise.all([
      post('/api/tasker/tasks/bulk', { taskIds: ids, change: { tier: 2 } }),
      post('/api/tasker/tasks/bulk', { taskIds: ids.toReversed(), change: { tier: 3 } }),
    ])
    expect(answers.map((answer) => [answer.status, answer.body.changed])).toEqual([
      [200, 30],
      [200, 30],
    ])
  })

  test('comments while the task is edited: all are there, and the edit is not stale', async () => {
    const task = await product.given.task(organization)
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, (_each, n) =>
        post(`/api/tasker/tasks/${task.id}/comments`, { body: `Comment ${n}`, visibility: 'public' }),
      ),
      patch(task.id, { title: 'Edited' }, { 'if-match': '"1"' }),
    ])
    expect(answers.map((answer) => answer.status)).toEqual([...Array(10).fill(201), 200])
    const { items } = await product.execute(comments.list, organization.caller(), { taskId: task.id })
    expect(items).toHaveLength(10)
  })
})

describe('set up and seeded twice at once', () => {
  test('the standard profiles are there once', async () => {
    await fresh()
    const answers = await Promise.all([1, 2, 3, 4].map(() => post('/api/tasker/profiles/seed-defaults', {})))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200])
    expect(answers.flatMap((answer) => answer.body.created)).toHaveLength(5)
    const { items } = await product.execute(profiles.list, organization.caller(), {})
    expect(items).toHaveLength(5)
  })

  test('the set-up link makes one administrator', async () => {
    const setUp = (n: number) =>
      product.request(
        'POST',
        '/api/setup',
        {},
        {
          token: 'the-link',
          name: 'Root',
          email: `root${n}@example.com`,
          password: 'x'.repeat(12),
          organizationName: 'Head office',
        },
      )
    expect((await product.request('GET', '/api/setup')).body).toEqual({ open: true })
    const answers = await Promise.all([1, 2, 3].map(setUp))
    expect(answers.map((answer) => answer.status).sort()).toEqual([
      201,
      expect.toBeOneOf([403, 409]),
      expect.toBeOneOf([403, 409]),
    ])
    expect(await product.asOwner('select 1 from auth."user" where "superAdmin"')).toHaveLength(1)
    expect(await product.asOwner("select 1 from organizations where name = 'Head office'")).toHaveLength(1)
    expect((await setUp(4)).status).toBe(403)
    expect((await product.request('GET', '/api/setup')).body).toEqual({ open: false })
  })

  test('a second administrator demoted at the same moment leaves one', async () => {
    await fresh()
    const people = await Promise.all([
      product.given.member(organization, 'OrgAdmin'),
      product.given.member(organization, 'OrgAdmin'),
    ])
    const answers = await Promise.allSettled(
      people.map(({ id: userId }) => product.execute(identity.changeMember, organization.caller(), { userId, role: 'Viewer' })),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(answers.find((answer) => answer.status === 'rejected')!.reason).toMatchObject({ code: 'LAST_ADMIN' })
  })
})
