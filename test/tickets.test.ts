import { afterAll, beforeAll, expect, test } from 'vitest'
import * as comments from '../modules/comments/operations.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let acme: TestOrganization

beforeAll(async () => {
  product = await testProduct()
  acme = await product.given.organization()
})
afterAll(() => product.stop())

test('a linked problem is another task of the organization, kept by its number', async () => {
  const own = await product.given.organization()
  const task = await product.given.task(own)
  const problem = await product.given.task(own, { title: 'The spooler loses its queue' })
  const patch = (linkedProblemId: unknown) =>
    product.request('PATCH', `/api/tasker/tasks/${task.id}`, { 'x-api-key': own.keys.OrgAdmin }, { linkedProblemId })
  for (const ref of [problem.id, problem.key, problem.key.toLowerCase(), ` ${problem.number} `])
    expect((await patch(ref)).body.linkedProblemId, ref).toBe(problem.key)
  const stranger = await product.given.task(acme)
  for (const ref of ['PRB0001', '99999999', stranger.id, task.key]) {
    const { status, body } = await patch(ref)
    expect({ status, errors: body.errors }, ref).toEqual({
      status: 422,
      errors: [{ pointer: '#/linkedProblemId', detail: expect.stringMatching(/number/) }],
    })
  }
  // What an import brought stays until somebody changes it.
  await product.asOwner('update tasks set linked_problem_id = $1 where id = $2', ['PRB0001', task.id])
  expect((await patch('PRB0001')).status).toBe(200)
  expect((await patch(null)).body.linkedProblemId).toBeNull()
})

test('whoever is named by address alone is not called by the name of another', async () => {
  const own = await product.given.organization()
  const { email } = await product.given.member(own, 'OrgAdmin')
  const cookie = await product.given.session(email)
  const create = async (input: object) =>
    (await product.request('POST', '/api/tasker/tasks', { cookie }, { title: 'x', category: 'IT', ...input })).body
  expect(await create({})).toMatchObject({ requesterEmail: email, requesterName: 'A Member' })
  const asked = { requesterEmail: 'julia@example.com' }
  expect(await create(asked)).toMatchObject({ ...asked, requesterName: null })
  expect(await create({ ...asked, requesterName: 'Julia' })).toMatchObject({ ...asked, requesterName: 'Julia' })

  const assigned = { assignedToEmail: 'sara@example.com', assignedToName: 'Sara' }
  const task = await product.given.task(own, { ...assigned, requesterEmail: email, requesterName: 'A Member' })
  const patch = async (change: object) =>
    (await product.request('PATCH', `/api/tasker/tasks/${task.id}`, { cookie }, change)).body
  expect(await patch({ assignedToEmail: 'sara@example.com', tier: 2 })).toMatchObject(assigned)
  expect(await patch({ ...asked, assignedToEmail: 'tom@example.com' })).toMatchObject({
    ...{ ...asked, requesterName: null },
    ...{ assignedToEmail: 'tom@example.com', assignedToName: null },
  })
  expect(await patch({ requesterEmail: 'ann@example.com', requesterName: 'Ann' })).toMatchObject({ requesterName: 'Ann' })
})

test('a change that changes nothing leaves nothing in the activity', async () => {
  const own = await product.given.organization()
  const task = await product.given.task(own)
  const events = () => product.asOwner('select id from events where organization_id = $1', [own.id])
  const before = await events()
  await product.execute(tasks.update, own.caller(), { taskId: task.id, title: task.title })
  expect(await events()).toEqual(before)
  await product.execute(tasks.update, own.caller(), { taskId: task.id, title: 'Another' })
  expect(await events()).toHaveLength(before.length + 1)
})

test('comments are read from either end, page by page', async () => {
  const own = await product.given.organization()
  const task = await product.given.task(own)
  for (const body of ['one', 'two', 'three', 'four', 'five'])
    await product.execute(comments.add, own.caller(), { taskId: task.id, body, visibility: 'internal' })
  const walked = async (order: 'oldest' | 'newest') => {
    const said: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await product.execute(comments.list, own.caller(), {
        taskId: task.id,
        order,
        limit: 2,
        ...(after && { after }),
      })
      said.push(...page.items.map(({ body }) => body))
      if (!page.next) return said
      after = page.next
    }
  }
  expect(await walked('oldest')).toEqual(['one', 'two', 'three', 'four', 'five'])
  expect(await walked('newest')).toEqual(['five', 'four', 'three', 'two', 'one'])
})
