/** Every page of every order, every filter, and what the search finds. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestOrganization, type TestProduct, testProduct } from '../../test/product.ts'
import * as comments from '../comments/operations.ts'
import { type TaskRow, taskSorts } from './contract.ts'
import * as tasks from './operations.ts'

let product: TestProduct
let organization: TestOrganization
let made: string[]

beforeAll(async () => {
  product = await testProduct()
  organization = await product.given.organization()
  const priorities = ['Critical', 'High', 'Normal', 'Low']
  made = []
  for (let n = 0; n < 37; n += 1) {
    const due = n % 3 === 0 ? { resolutionDueAt: `2026-06-0${1 + (n % 5)}T12:00:00Z` } : {}
    const task = await product.given.task(organization, {
      title: `Task ${n}`,
      priority: priorities[n % 4]!,
      tags: [`t${n % 2}`],
      ...due,
    })
    made.push(task.id)
  }
  // Many of one instant: only the id tells them apart.
  await product.asOwner("update tasks set updated_at = date_trunc('hour', now()) where organization_id = $1 and number % 2 = 0", [
    organization.id,
  ])
})
afterAll(() => product?.stop())

const list = (input: Record<string, unknown> = {}, caller = organization.caller('OrgAdmin')) =>
  product.execute(tasks.list, caller, input as never)
async function pages(input: Record<string, unknown>): Promise<TaskRow[]> {
  const rows: TaskRow[] = []
  let after: string | null = null
  do {
    const page: { items: TaskRow[]; next: string | null } = await list({ ...input, ...(after && { after }) })
    expect(page.items.length).toBeLessThanOrEqual(input.limit as number)
    rows.push(...page.items)
    after = page.next
  } while (after)
  return rows
}

const rank: Record<string, number> = { Critical: 1, High: 2, Normal: 3, Low: 4 }
const keyOf: Record<string, (row: TaskRow) => string | number> = {
  updatedAt: (row) => row.updatedAt,
  number: (row) => row.number,
  priority: (row) => rank[row.priority]!,
  due: (row) => row.resolutionDueAt ?? 'zzz',
}

describe.each(taskSorts)('in the order %s', (sort) => {
  test.each([1, 5, 36, 37, 38, 200])('pages of %i show every row exactly once, in order', async (limit) => {
    const rows = await pages({ sort, limit })
    expect(rows.map((row) => row.id).sort()).toEqual([...made].sort())
    const keys = rows.map(keyOf[sort.replace('-', '')]!)
    const wanted = [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    expect(keys).toEqual(sort.startsWith('-') ? wanted.reverse() : wanted)
  })

  test('rows that come or change meanwhile never make another show twice', async () => {
    const first = await list({ sort, limit: 10 })
    const late = await product.given.task(organization, { title: 'Late', priority: 'High' })
    made.push(late.id)
    const rest: TaskRow[] = []
    let after = first.next
    while (after) {
      const page = await list({ sort, limit: 10, after })
      rest.push(...page.items)
      after = page.next
    }
    const ids = [...first.items, ...rest].map((row) => row.id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

test('a position of another order, or of nobody, is refused', async () => {
  const { next } = await list({ sort: 'number', limit: 1 })
  for (const [sort, after] of [
    ['-updatedAt', next],
    ['number', 'x'],
    ['number', btoa('["x","y"]')],
    ['due', btoa('["9999-99-99T00:00:00Z","00000000-0000-7000-8000-000000000000"]')],
  ]) {
    await expect(list({ sort, after })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  }
})

describe('filters', () => {
  let inside: TestOrganization
  const find = async (input: Record<string, unknown>) =>
    (await product.execute(tasks.list, inside.caller('OrgAdmin'), { limit: 200, ...input } as never)).items
      .map((row) => row.title)
      .sort()

  beforeAll(async () => {
    inside = await product.given.organization()
    const make = (title: string, more: Record<string, unknown> = {}) => product.given.task(inside, { title, ...more } as never)
    await make('plain')
    await make('mine', { assignedToEmail: 'orgadmin@example.com', priority: 'High', tags: ['Red'] })
    await make('major', { isMajorIncident: true })
    await make('hers', {
      assignedToEmail: 'ann@example.com',
      requesterEmail: 'req@example.com',
      category: 'Sales',
      teamId: 'desk',
    })
    await make('late', { resolutionDueAt: '2020-01-01T00:00:00Z', watchers: ['orgadmin@example.com'] })
    await make('linked', { linkedTaterEntityType: 'service-catalog', linkedTaterEntityId: 'R-1' })
    const done = await make('done', { dueDate: '2020-01-01T00:00:00Z' })
    await product.execute(tasks.update, inside.caller(), { taskId: done.id, status: 'Closed' })
    const gone = await make('gone')
    await product.execute(tasks.remove, inside.caller(), { taskId: gone.id })
    const merged = await make('merged')
    await product.execute(tasks.merge, inside.caller(), { taskId: merged.id, into: done.id })
  })

  const all = ['done', 'hers', 'late', 'linked', 'major', 'mine', 'plain']
  test.each<[Record<string, unknown>, string[]]>([
    [{}, all],
    [{ status: ['Closed'] }, ['done']],
    [{ statusCategory: ['closed', 'waiting'] }, ['done']],
    [{ open: true }, all.filter((title) => title !== 'done')],
    [{ open: false }, ['done']],
    [{ priority: ['high'] }, ['mine']],
    [{ priority: ['medium', 'LOW'] }, all.filter((title) => title !== 'mine')],
    [{ category: ['Sales'] }, ['hers']],
    [{ assignedTo: 'me' }, ['mine']],
    [{ assignedTo: 'ANN@example.com' }, ['hers']],
    [{ assignedTo: 'none' }, ['done', 'late', 'linked', 'major', 'plain']],
    [{ requester: 'req@example.com' }, ['hers']],
    [{ teamId: 'desk' }, ['hers']],
    [{ profileId: 'none' }, all],
    [{ profileId: 'nobody' }, []],
    [{ tag: 'Red' }, ['mine']],
    [{ watching: true }, ['late']],
    [{ overdue: true }, ['late']],
    [{ majorIncident: true, open: true }, ['major']],
    [{ majorIncident: false }, all.filter((title) => title !== 'major')],
    [{ linkedTaterEntityType: 'service-catalog', linkedTaterEntityId: 'R-1' }, ['linked']],
    [{ createdAfter: '2020-01-01T00:00:00Z' }, all],
    [{ createdBefore: '2020-01-01T00:00:00Z' }, []],
    [{ updatedAfter: '2999-01-01T00:00:00Z' }, []],
    [{ deleted: true }, ['gone']],
    [{ open: true, assignedTo: 'me', priority: ['High'], tag: 'Red' }, ['mine']],
  ])('%o', async (filter, wanted) => {
    expect(await find(filter)).toEqual(wanted)
  })
})

describe('search', () => {
  let inside: TestOrganization
  let first: string
  const find = async (q: string, caller = inside.caller('Viewer')) =>
    (await product.execute(tasks.list, caller, { q })).items.map((row) => row.title).sort()

  beforeAll(async () => {
    inside = await product.given.organization()
    const task = await product.given.task(inside, {
      title: 'Printer on fire',
      description: 'Smoke from the **paper tray** in Zürich',
    })
    first = task.id
    await product.given.task(inside, { title: 'Mail is down', description: 'Outlook shows printing errors' })
    await product.given.comment(inside, task.id, 'The extinguisher was used', 'public')
    await product.given.comment(inside, task.id, 'Internally: insurance informed', 'internal')
  })

  test.each<[string, string[]]>([
    ['printer', ['Printer on fire']],
    ['PRINTER', ['Printer on fire']],
    ['print', ['Mail is down', 'Printer on fire']],
    ['fire print', ['Printer on fire']],
    ['smoke', ['Printer on fire']],
    ['"paper tray"', ['Printer on fire']],
    ['"tray paper"', []],
    ['zürich', ['Printer on fire']],
    ['extinguisher', ['Printer on fire']],
    ['insurance', ['Printer on fire']],
    ['extingu', ['Printer on fire']],
    ['mail or printer', ['Mail is down', 'Printer on fire']],
    ['smoke -mail', ['Printer on fire']],
    ['printing -mail', []],
    ['nothing', []],
    ['"', []],
    ['   ', ['Mail is down', 'Printer on fire']],
  ])('%s', async (q, wanted) => {
    const found = await find(q)
    expect(found).toEqual(wanted)
  })

  test('another organization finds nothing of it', async () => {
    const other = await product.given.organization()
    for (const q of ['printer', 'smoke', 'insurance', 'print']) expect(await find(q, other.caller('OrgAdmin'))).toEqual([])
  })

  test('follows edits: of titles, of comments, and of comments deleted', async () => {
    const caller = inside.caller('OrgAdmin')
    const { items } = await product.execute(comments.list, caller, { taskId: first })
    await product.execute(comments.edit, caller, { commentId: items[0]!.id, body: 'The sprinkler was used' })
    expect([await find('extinguisher'), await find('sprinkler')]).toEqual([[], ['Printer on fire']])
    await product.execute(comments.remove, caller, { commentId: items[1]!.id })
    expect(await find('insurance')).toEqual([])
    await product.execute(tasks.update, caller, { taskId: first, title: 'Copier on fire' })
    expect([await find('printer'), await find('copier'), await find('sprinkler'), await find('smoke')]).toEqual([
      [],
      ['Copier on fire'],
      ['Copier on fire'],
      ['Copier on fire'],
    ])
  })

  test('a ticket with more words than an index entry can hold still takes comments, edits and searches', async () => {
    const task = await product.given.task(inside, { title: 'A long story' })
    const words = (n: number) =>
      Array.from({ length: 1500 }, (_each, at) => `w${(n * 1500 + at).toString(36)}x${at}`)
        .join(' ')
        .slice(0, 20_000)
    for (let n = 0; n < 70; n += 1) await product.given.comment(inside, task.id, words(n), n % 2 ? 'public' : 'internal')
    const { items } = await product.execute(comments.list, inside.caller(), { taskId: task.id, limit: 200 })
    expect(items).toHaveLength(70)
    await product.execute(comments.edit, inside.caller(), { commentId: items[0]!.id, body: 'Shorter now' })
    await product.execute(tasks.update, inside.caller(), { taskId: task.id, title: 'A long story, edited' })
    expect(await find('story edited')).toEqual(['A long story, edited'])
    expect(await find('shorter')).toEqual(['A long story, edited'])
  }, 60_000)
})
