import { afterAll, beforeAll, expect, test } from 'vitest'
import * as tasks from '../modules/tasks/operations.ts'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let acme: TestOrganization
/** More than the list looks up one by one (modules/tasks/list.ts). */
const copies = 5500

beforeAll(async () => {
  product = await testProduct()
  acme = await product.given.organization()
  const { id, number } = await product.given.task(acme, { title: 'The printer in the hall is out of paper' })
  await product.asOwner(
    `with made as (
       insert into tasks select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'number', $2::int + 100000 + n))).*
       from tasks t, generate_series(1, $3::int) n where id = $1 returning organization_id, id)
     insert into task_search select made.organization_id, made.id, s.document from made, task_search s where s.task_id = $1
     on conflict do nothing`,
    [id, number, copies],
  )
})
afterAll(() => product.stop())

test('a word that thousands of tasks have finds all of them, the newest first', async () => {
  const latest = await product.given.task(acme, {
    title: 'A new one',
    description: 'It is about the printer, far down in the text',
  })
  const { items } = await product.execute(tasks.list, acme.caller(), { q: 'printer', limit: 1 })
  expect(items[0]!.key).toBe(latest.key)
  expect(await product.execute(tasks.count, acme.caller(), { q: 'printer' })).toEqual({ count: copies + 2, more: false })
  const narrower = await product.execute(tasks.list, acme.caller(), {
    q: 'printer',
    sort: 'number',
    createdAfter: latest.createdAt,
  })
  expect(narrower.items).toEqual([])
  expect((await product.execute(tasks.list, acme.caller(), { q: 'printer far' })).items.map(({ key }) => key)).toEqual([
    latest.key,
  ])
})
