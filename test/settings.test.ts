import { afterAll, beforeAll, expect, test } from 'vitest'
import * as settings from '../modules/settings/operations.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let acme: TestOrganization

beforeAll(async () => {
  product = await testProduct()
  acme = await product.given.organization()
})
afterAll(() => product.stop())

const get = (organization = acme) => product.execute(settings.get, organization.caller('Viewer'), {})

test('the standard lists apply until the first change, and are the organization’s own from then on', async () => {
  const fresh = await product.given.organization()
  expect((await get(fresh)).categories.map(({ name }) => name)).toContain('Engagement')
  await product.execute(settings.saveCategory, fresh.caller(), { name: 'Facilities' })
  const names = (await get(fresh)).categories.map(({ name }) => name)
  expect(names).toContain('Facilities')
  expect(names).toContain('Engagement')
  expect((await get()).categories.map(({ name }) => name)).not.toContain('Facilities')
})

test('a category has its path, and an edit based on an older version is refused with both', async () => {
  const parent = await product.execute(settings.saveCategory, acme.caller(), { name: 'Infrastructure' })
  const child = await product.execute(settings.saveCategory, acme.caller(), {
    name: 'Network',
    parentId: parent.id,
    color: '#B4532A',
  })
  expect(child).toMatchObject({ path: ['Infrastructure', 'Network'], color: '#b4532a', version: 1 })
  await product.execute(settings.saveCategory, acme.caller(), { ...bare(child), icon: '🛜' })
  await expect(product.execute(settings.saveCategory, acme.caller(), { ...bare(child), icon: 'x' })).rejects.toMatchObject({
    code: 'STALE',
    status: 409,
  })
})

test('retiring a category retires what is below it', async () => {
  const top = await product.execute(settings.saveCategory, acme.caller(), { name: 'Old branch' })
  await product.execute(settings.saveCategory, acme.caller(), { name: 'Old leaf', parentId: top.id })
  await product.execute(settings.archiveCategory, acme.caller(), { categoryId: top.id })
  const names = (await get()).categories.map(({ name }) => name)
  expect(names).not.toContain('Old branch')
  expect(names).not.toContain('Old leaf')
})

test('two changes at once leave no two categories of one name', async () => {
  const twice = await Promise.allSettled(
    [1, 2].map(() => product.execute(settings.saveCategory, acme.caller(), { name: 'Twin' })),
  )
  expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('priorities keep their order, teams their members, branding its picture', async () => {
  const list = ['Critical', 'Emergency', 'High', 'Normal', 'Low'].map((name) => ({
    name,
    label: name === 'Critical' ? 'P1' : name,
  }))
  await product.execute(settings.savePriorities, acme.caller(), { priorities: list })
  await product.execute(settings.saveTeam, acme.caller(), {
    id: 'Service desk',
    name: 'Service desk',
    members: ['ann@example.com', 'Ann@example.com'],
  })
  await product.execute(settings.saveBranding, acme.caller(), { accent: '#123456', logo: 'data:image/png;base64,AAAA' })
  const now = await get()
  expect(now.priorities.map(({ name, label, rank }) => [name, label, rank])[1]).toEqual(['Emergency', 'Emergency', 2])
  expect(now.teams).toEqual([{ id: 'Service desk', name: 'Service desk', leadEmail: null, members: ['ann@example.com'] }])
  expect(now.branding).toEqual({ accent: '#123456', logo: 'data:image/png;base64,AAAA' })
  await product.execute(settings.archiveTeam, acme.caller(), { teamId: 'Service desk' })
  expect((await get()).teams).toEqual([])
})

test('a category’s own targets outrank the profile, and its request fields join the form', async () => {
  const org = await product.given.organization()
  await product.given.seeds(org)
  const fields = [{ key: 'costCenter', label: 'Cost center', type: 'text' as const, required: true }]
  await product.execute(settings.saveCategory, org.caller(), { name: 'Purchases', responseMinutes: 10, fields })
  const profileId = `profile-basic-${org.id}`
  const input = { title: 'A chair', priority: 'Low', profileId }
  await expect(product.given.task(org, { ...input, category: 'Purchases' })).rejects.toMatchObject({
    code: 'FIELD_REQUIRED',
    message: expect.stringContaining('Cost center'),
  })
  const task = await product.given.task(org, { ...input, category: 'purchases', customFields: { costCenter: '4711' } })
  expect(task).toMatchObject({ category: 'Purchases', customFields: { costCenter: '4711' }, resolutionDueAt: null })
  expect(Date.parse(task.responseDueAt!) - Date.parse(task.createdAt)).toBe(10 * 60_000)
  await expect(product.given.task(org, { ...input, category: 'IT', customFields: { costCenter: '4711' } })).rejects.toMatchObject(
    { code: 'CUSTOM_FIELD_UNKNOWN' },
  )
  const ordinary = await product.given.task(org, { ...input, category: 'IT' })
  expect(Date.parse(ordinary.responseDueAt!) - Date.parse(ordinary.createdAt)).toBe(2 * 1440 * 60_000)
})

test('a retired category is refused for new tasks and stays on those that carry it', async () => {
  const org = await product.given.organization()
  const category = await product.execute(settings.saveCategory, org.caller(), { name: 'Fax' })
  const task = await product.given.task(org, { category: 'Fax' })
  await product.execute(settings.archiveCategory, org.caller(), { categoryId: category.id })
  await expect(product.given.task(org, { category: 'Fax' })).rejects.toMatchObject({ code: 'CHOICE_NOT_ALLOWED' })
  await expect(product.execute(tasks.update, org.caller(), { taskId: task.id, title: 'Still here' })).resolves.toMatchObject({
    category: 'Fax',
  })
})

test('tasks follow a renamed category', async () => {
  const org = await product.given.organization()
  const category = await product.execute(settings.saveCategory, org.caller(), { name: 'Telephones' })
  const task = await product.given.task(org, { category: 'Telephones' })
  await product.execute(settings.saveCategory, org.caller(), { ...bare(category), name: 'Telephony' })
  const now = await product.execute(tasks.get, org.caller(), { taskId: task.id })
  expect(now).toMatchObject({ category: 'Telephony', version: 1 })
})

test('an added priority is accepted, ordered where it stands, and may have targets', async () => {
  const org = await product.given.organization()
  await expect(product.given.task(org, { priority: 'Emergency' })).rejects.toMatchObject({ code: 'CHOICE_NOT_ALLOWED' })
  const names = ['Critical', 'Emergency', 'High', 'Normal', 'Low']
  await product.execute(settings.savePriorities, org.caller(), { priorities: names.map((name) => ({ name, label: name })) })
  for (const priority of ['Low', 'emergency', 'Critical', 'medium', 'High']) await product.given.task(org, { priority })
  const { items } = await product.execute(tasks.list, org.caller(), { sort: 'priority' })
  expect(items.map(({ priority }) => priority)).toEqual(names)
  const pages: string[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page: { items: { priority: string }[]; next: string | null } = await product.execute(tasks.list, org.caller(), {
      sort: '-priority',
      limit: 2,
      ...(after && { after }),
    })
    pages.push(...page.items.map(({ priority }) => priority))
    after = page.next
  }
  expect(pages).toEqual(names.toReversed())
  const other = ['Low', ...names.filter((name) => name !== 'Low')]
  await product.execute(settings.savePriorities, org.caller(), { priorities: other.map((name) => ({ name, label: name })) })
  const reordered = await product.execute(tasks.list, org.caller(), { sort: 'priority' })
  expect(reordered.items.map(({ priority }) => priority)).toEqual(other)
})

test('a change is seen by another server process too', async () => {
  const other = await testProduct({ ownerUrl: product.urls.ownerUrl })
  try {
    const fresh = await product.given.organization()
    await other.execute(settings.get, fresh.caller(), {})
    await product.execute(settings.saveCategory, fresh.caller(), { name: 'Heard of' })
    await expect
      .poll(
        async () => (await other.execute(settings.get, fresh.caller(), {})).categories.some(({ name }) => name === 'Heard of'),
        { timeout: 5_000 },
      )
      .toBe(true)
  } finally {
    await other.stop()
  }
})

const bare = ({ path: _, ...category }: Awaited<ReturnType<typeof get>>['categories'][number]) => category
