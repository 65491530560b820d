import { afterAll, beforeAll, expect, test } from 'vitest'
import * as comments from '../modules/comments/operations.ts'
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
