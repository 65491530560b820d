import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
afterAll(() => product?.stop())

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

/** Shares of words in a large organization, as the way of a search depends on them: walked a little, walked far, by the index. */
describe('whatever share of the tasks has the words', () => {
  let large: TestOrganization
  let all: { id: string; number: number; words: string[] }[]
  const many = 6_000
  const shares = { everywhere: 1, half: 2, twentieth: 20, fiftieth: 50, hundredth: 100, thousandth: 1000 }

  beforeAll(async () => {
    large = await product.given.organization()
    await product.given.task(large, { title: 'The first' })
    await product.asOwner(
      `insert into tasks (organization_id, id, number, title, category, source, priority, status, status_category, assigned_to_email, created_at, created_by, updated_at, updated_by)
       select $1, gen_random_uuid(), 5000 + n, concat_ws(' ', ${Object.entries(shares)
         .map(([word, one]) => `case when hashint4(n) % ${one} = 0 then '${word}' end`)
         .join(
           ', ',
         )}, 'unique' || n), 'IT', 'API', 'Normal', 'Open', (array['new', 'closed'])[1 + n % 2], 'a' || n % 40 || '@example.com',
              now() - (n % 977) * interval '1 hour', 'x', now() - (n % 977) * interval '1 hour', 'x'
       from generate_series(1, $2::int) n`,
      [large.id, many],
    )
    await product.asOwner(
      `insert into task_search (organization_id, task_id, document)
       select organization_id, id, to_tsvector('simple', title) from tasks where organization_id = $1 and number > 5000`,
      [large.id],
    )
    await product.asOwner('analyze tasks, task_search')
    const rows = await product.asOwner<{ id: string; number: number; title: string }>(
      `select id, number, title from tasks where organization_id = $1 order by updated_at desc, id desc`,
      [large.id],
    )
    all = rows.map(({ id, number, title }) => ({ id, number, words: title.toLowerCase().split(' ') }))
  }, 60_000)

  async function found(query: Record<string, unknown>): Promise<string[]> {
    const ids: string[] = []
    let after: string | null = null
    do {
      const page: { items: { id: string }[]; next: string | null } = await product.execute(tasks.list, large.caller(), {
        limit: 200,
        ...query,
        ...(after && { after }),
      } as never)
      ids.push(...page.items.map(({ id }) => id))
      after = page.next
    } while (after && ids.length < 1000)
    return ids
  }
  /** The same by reading every task. */
  const wanted = (matches: (words: string[]) => boolean) =>
    all
      .filter(({ words }) => matches(words))
      .map(({ id }) => id)
      .slice(0, 1000)

  test.each(Object.keys(shares))('%s: exactly those, in the order of the list', async (word) => {
    expect(await found({ q: word })).toEqual(wanted((words) => words.includes(word)))
  })

  test.each([
    ['half twentieth', ['half', 'twentieth']],
    ['everywhere thousandth', ['everywhere', 'thousandth']],
    ['unique77 half', ['unique77', 'half']],
    ['nowhere half', ['nowhere', 'half']],
  ])('%s: all of the words', async (q, asked) => {
    expect(await found({ q })).toEqual(wanted((words) => asked.every((word) => words.includes(word))))
  })

  test.each(['uniq', 'unique5', 'unique599', 'hundred'])('%s: words that begin so', async (q) => {
    expect(await found({ q })).toEqual(wanted((words) => words.some((word) => word.startsWith(q))))
  })

  test('narrowed to few tasks, which are then all there is', async () => {
    const rows = await product.asOwner<{ id: string }>(
      `select id from tasks where organization_id = $1 and assigned_to_email = 'a7@example.com' and status_category = 'closed' and title like '%half%'
       order by updated_at desc, id desc`,
      [large.id],
    )
    expect(rows.length).toBeGreaterThan(10)
    const few = await found({ q: 'half', assignedTo: 'a7@example.com', statusCategory: ['closed'] })
    expect(few).toEqual(rows.map(({ id }) => id))
  })

  test('in another order', async () => {
    const byNumber = all.filter(({ words }) => words.includes('twentieth')).sort((a, b) => a.number - b.number)
    expect(await found({ q: 'twentieth', sort: 'number' })).toEqual(byNumber.map(({ id }) => id))
  })
})
