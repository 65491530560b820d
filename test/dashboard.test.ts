import { afterAll, beforeAll, expect, test } from 'vitest'
import * as settings from '../modules/settings/operations.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let acme: TestOrganization

beforeAll(async () => {
  product = await testProduct()
  acme = await product.given.organization()
  const me = acme.caller('OrgAdmin').actor.email
  for (const n of Array.from({ length: 12 }, (_, index) => index)) {
    const task = await product.given.task(acme, {
      title: `Printer ${n} is out of paper`,
      priority: n % 2 ? 'High' : 'Low',
      category: n % 3 ? 'IT' : 'Sales',
      ...(n % 4 === 0 && { assignedToEmail: me }),
      ...(n % 5 === 0 && { dueDate: new Date(Date.now() + (n - 6) * 3_600_000).toISOString() }),
    })
    if (n < 3) await product.execute(tasks.update, acme.caller(), { taskId: task.id, status: n === 0 ? 'OnHold' : 'InProgress' })
    if (n === 11) await product.execute(tasks.update, acme.caller(), { taskId: task.id, status: 'Cancelled' })
  }
})
afterAll(() => product.stop())

test('every number is the length of the list behind it', async () => {
  const board = await product.execute(tasks.dashboard, acme.caller(), {})
  const slices = [board.numbers, board.ageing, board.byPriority, board.byCategory, board.byState].flat()
  expect(slices.length).toBeGreaterThan(12)
  for (const { name, count, filter } of slices) {
    const { items } = await product.execute(tasks.list, acme.caller(), { ...filter, limit: 200 })
    expect([name, items.length]).toEqual([name, count])
    const counted = await product.execute(tasks.count, acme.caller(), filter)
    expect([name, counted]).toEqual([name, { count, more: false }])
  }
  const open = board.numbers.find(({ name }) => name === 'open')!.count
  for (const group of [board.ageing, board.byPriority, board.byCategory, board.byState]) {
    expect(group.reduce((sum, slice) => sum + slice.count, 0)).toBe(open)
  }
  expect(board.numbers.find(({ name }) => name === 'mine')!.count).toBeGreaterThan(0)
  expect(board.numbers.find(({ name }) => name === 'overdue')!.count).toBeGreaterThan(0)
})

test("the queue of one's teams is there for whoever is in one", async () => {
  const { email } = acme.caller().actor
  const board = () => product.execute(tasks.dashboard, acme.caller(), {})
  expect((await board()).numbers.map(({ name }) => name)).not.toContain('team')
  await product.execute(settings.saveTeam, acme.caller(), { id: 'Network', name: 'Network', members: [email] })
  await product.execute(settings.saveTeam, acme.caller(), { id: 'Security', name: 'Security', leadEmail: email })
  await product.execute(settings.saveTeam, acme.caller(), { id: 'Sales', name: 'Sales', members: ['somebody@example.com'] })
  const made = []
  for (const teamId of ['Network', 'Security', 'Sales'])
    made.push(await product.given.task(acme, { title: `For ${teamId}`, teamId, category: 'IT' }))
  const queue = (await board()).numbers.find(({ name }) => name === 'team')!
  expect(queue).toEqual({ name: 'team', count: 2, filter: { open: true, teamId: 'mine' } })
  const { items } = await product.execute(tasks.list, acme.caller(), queue.filter)
  expect(items.map(({ teamId }) => teamId).sort()).toEqual(['Network', 'Security'])
  const elsewhere = await product.given.organization()
  expect((await product.execute(tasks.list, elsewhere.caller(), { teamId: 'mine' })).items).toEqual([])
  for (const { id } of made) await product.execute(tasks.remove, acme.caller(), { taskId: id })
})

test('a team is one of those the organization keeps, in tasks and in views', async () => {
  const own = await product.given.organization()
  const caller = own.caller()
  const free = await product.given.task(own, { teamId: 'Whoever has time' })
  expect(free.teamId).toBe('Whoever has time')
  await product.execute(settings.saveTeam, caller, { id: 'net', name: 'Network', members: [caller.actor.email] })
  expect((await product.given.task(own, { teamId: 'NETWORK' })).teamId).toBe('net')
  const answer = await product.request(
    'PATCH',
    `/api/tasker/tasks/${free.id}`,
    { 'x-api-key': own.keys.OrgAdmin },
    { teamId: 'Sales' },
  )
  expect(answer.status).toBe(422)
  expect(answer.body.errors).toEqual([expect.objectContaining({ pointer: '#/teamId', detail: expect.stringContaining('net') })])
  // What it carries already stays, retired or never known.
  await product.execute(tasks.update, caller, { taskId: free.id, teamId: 'Whoever has time', title: 'Another title' })

  const query = { open: true, teamId: 'mine' }
  const view = await product.execute(tasks.saveView, caller, { name: 'Ours', scope: 'team', teamId: 'Network', query })
  expect(view.teamId).toBe('net')
  const seenBy = async (role: 'OrgAdmin' | 'Viewer') =>
    (await product.execute(tasks.listViews, own.caller(role), {})).items.map(({ name }) => name)
  expect(await seenBy('OrgAdmin')).toEqual(['Ours'])
  expect(await seenBy('Viewer')).toEqual([])
  await expect(product.execute(tasks.saveView, caller, { name: 'Whose', scope: 'team', query })).rejects.toThrow(/teamId/)
})

test('thirty days and today, with what was made and closed', async () => {
  const { days } = await product.execute(tasks.dashboard, acme.caller(), {})
  expect(days).toHaveLength(31)
  expect(days.at(-1)).toEqual({ day: new Date().toISOString().slice(0, 10), created: 12, closed: 1 })
})

test('a title being typed finds open tasks that share its words, of this organization only', async () => {
  const found = await product.execute(tasks.similar, acme.caller('Viewer'), { title: 'the PRINTER has no paper!' })
  expect(found.items.length).toBe(5)
  const stranger = await product.given.organization()
  expect((await product.execute(tasks.similar, stranger.caller(), { title: 'printer paper' })).items).toEqual([])
  expect((await product.execute(tasks.similar, acme.caller(), { title: '& | ! :* ()' })).items).toEqual([])
})

test('deleted tasks are shown to those who may delete, by no list and no export to anybody else', async () => {
  for (const address of ['tasks', 'tasks/count', 'tasks/export.csv', 'tasks/export.ndjson']) {
    const ask = async (role: 'Viewer' | 'OrgAdmin') =>
      (await product.request('GET', `/api/tasker/${address}?deleted=true`, { 'x-api-key': acme.keys[role] })).status
    expect([address, await ask('Viewer'), await ask('OrgAdmin')]).toEqual([address, 403, 200])
  }
})
