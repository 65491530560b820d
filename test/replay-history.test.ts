import { afterAll, beforeAll, expect, test } from 'vitest'
import { seeds } from '../modules/profiles/contract.ts'
import * as profiles from '../modules/profiles/operations.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let acme: TestOrganization
let profileId: string

beforeAll(async () => {
  product = await testProduct()
  acme = await product.given.organization()
  const basic = seeds.find(({ document }) => document.name === 'Basic')!.document
  const saved = await product.execute(profiles.save, acme.caller('OrgAdmin'), { ...basic, name: 'Errands' })
  profileId = saved.id
})
afterAll(() => product.stop())

const walk = async (title: string, states: readonly string[], profile?: string) => {
  const task = await product.given.task(acme, { title, category: 'IT', priority: 'High', ...(profile && { profileId: profile }) })
  for (const status of states) await product.execute(tasks.update, acme.caller(), { taskId: task.id, status })
}

test('counts the moves of the tasks of one profile, and who made which together', async () => {
  expect(await product.execute(tasks.replayHistory, acme.caller(), { profileId, days: 90 })).toMatchObject({
    tasks: 0,
    moves: [],
    ways: [],
  })
  await walk('One', ['In Progress', 'Closed'], profileId)
  await walk('Two', ['In Progress', 'Closed'], profileId)
  await walk('Three', ['Cancelled'], profileId)
  await walk('Of no profile', ['InProgress'])
  const { moves, ways, tasks: moved } = await product.execute(tasks.replayHistory, acme.caller(), { profileId, days: 90 })
  expect(moved).toBe(3)
  expect(moves).toEqual([
    { from: 'In Progress', to: 'Closed', count: 2 },
    { from: 'Open', to: 'In Progress', count: 2 },
    { from: 'Open', to: 'Cancelled', count: 1 },
  ])
  expect(ways).toEqual([
    { moves: [0, 1], tasks: 2 },
    { moves: [2], tasks: 1 },
  ])
})

test('knows no profile of another organization', async () => {
  const other = await product.given.organization()
  await expect(product.execute(tasks.replayHistory, other.caller(), { profileId, days: 90 })).rejects.toMatchObject({
    code: 'NO_SUCH_PROFILE',
  })
})
