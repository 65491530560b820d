/** How many statements each operation sends: few, and no more of them when there is more to read. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allOperations } from '../modules/index.ts'
import { statements } from '../platform/database.ts'
import type { AnyOperation } from '../platform/operation.ts'
import { type Furnished, furnish } from './fixture.ts'
import { inputNaming } from './inputs.ts'
import { type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let few: Furnished
let many: Furnished

beforeAll(async () => {
  product = await testProduct()
  few = await furnish(product, 'sparrow', { count: 2 })
  many = await furnish(product, 'starling', { count: 2 })
  const { id } = many.organization
  // Twenty times the tickets and what hangs on them, without twenty times the wait.
  await product.asOwner(
    `with copies as (
       insert into tasks select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'number', t.number + 1000 * n))).*
       from tasks t, generate_series(1, 20) n where organization_id = $1 returning organization_id, id)
     insert into task_search select organization_id, id, to_tsvector('simple', 'starling') from copies`,
    [id],
  )
  for (const table of ['comments', 'events'])
    await product.asOwner(
      `insert into ${table} select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()))).*
       from ${table} t, generate_series(1, 20) n where organization_id = $1`,
      [id],
    )
}, 120_000)
afterAll(() => product?.stop())

/** Sent for one answer; the least of three, because what is kept in memory is read the first time, and others may ask meanwhile. */
async function sentFor(op: AnyOperation, of: Furnished): Promise<{ status: number; sent: number }> {
  let sent = Number.POSITIVE_INFINITY
  let status = 0
  for (let n = 0; n < 3; n += 1) {
    const before = statements.sent
    status = (await product.call(op, inputNaming(op, of), { 'x-api-key': of.organization.keys.OrgAdmin })).status
    sent = Math.min(sent, statements.sent - before)
  }
  return { status, sent }
}

const queries = allOperations.filter(({ kind, byDoor }) => kind === 'query' && !byDoor)

/** More than this at once is a page that should be thought about again. */
const most = 4

describe('a query operation', () => {
  let answered = 0

  test.each(queries)('$name sends as many statements for much as for little', async (op) => {
    const little = await sentFor(op, few)
    const much = await sentFor(op, many)
    expect(much).toEqual(little)
    expect(little.sent).toBeLessThanOrEqual(most)
    if (little.status === 200 && little.sent > 0) answered += 1
  })

  test('is asked with success, most of the time', () => {
    expect(answered).toBeGreaterThan(queries.length / 2)
  })
})
