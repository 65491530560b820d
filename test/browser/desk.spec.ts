import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, givenTask, originOf, passwordOf, profileNamed, technician, test } from './fixtures.ts'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze()
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`),
  ).toEqual([])
}

test('every number of the dashboard opens a list of that many tasks', async ({ page }) => {
  await page.goto('/')
  const tiles = page.getByRole('list', { name: 'Numbers' }).getByRole('link')
  await expect(tiles).toHaveCount(6)
  for (const label of ['Unassigned', 'Overdue', 'Waiting', 'Open']) {
    await page.goto('/')
    const tile = tiles.filter({ hasText: label }).last()
    const count = Number.parseInt((await tile.innerText()).replace(/\D/g, ''), 10)
    await tile.click()
    await expect(page).toHaveURL(/\/tasks\?/)
    const found = page.getByText(count === 0 ? 'No task fits' : `${count} ${count === 1 ? 'task' : 'tasks'}`, { exact: true })
    if (count <= 50) await expect(found.first()).toBeVisible()
  }
})

test('pictures have their numbers as tables one key away, and bars are links', async ({ page }) => {
  await page.goto('/')
  const ageing = page.getByRole('region', { name: 'Open by age' })
  await expect(ageing.getByRole('link').first()).toBeVisible()
  const bars = await ageing.getByRole('link').allInnerTexts()
  await page.getByRole('main').focus()
  await page.keyboard.press('t')
  const rows = ageing.getByRole('row').filter({ has: page.getByRole('link') })
  await expect(rows).toHaveCount(bars.length)
  const figures = (words: string) => words.replace(/\s+/g, ' ').trim()
  expect((await rows.allInnerTexts()).map(figures)).toEqual(bars.map(figures))
  await expectAccessible(page)
  await page.keyboard.press('t')
  await ageing.getByRole('link').first().click()
  await expect(page).toHaveURL(/createdAfter=/)
})

test('the palette finds a ticket by number and words, and runs actions, with the keyboard alone', async ({ page }) => {
  const title = `Projector in room ${Date.now()}`
  const task = await givenTask(page, { title, category: 'IT' })
  await page.goto('/')
  await page.getByRole('main').waitFor()
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Search tasks' })
  await expect(field).toBeFocused()
  await page.keyboard.type(task.key)
  await expect(page.getByRole('option', { name: title })).toHaveAttribute('aria-selected', 'true')
  await expectAccessible(page)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: title })).toBeVisible()

  await page.keyboard.press('Control+k')
  await expect(page.getByRole('group', { name: 'Looked at lately' }).getByRole('option').first()).toContainText(task.key)
  await page.keyboard.type(title.slice(-13))
  await expect(page.getByRole('option', { name: new RegExp(`${task.key} `) })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: title })).toBeVisible()

  await page.keyboard.press('Control+k')
  await page.keyboard.type('create')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('option', { name: 'Create a task' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
})

test.describe('board', () => {
  async function givenCard(page: Page) {
    const profileId = await profileNamed(page, 'ITIL Service Request')
    const title = `Board card ${Date.now()}`
    const requesterEmail = 'julia.brandt@contoso.example'
    const task = await givenTask(page, { title, category: 'IT', priority: 'Normal', requesterEmail, profileId })
    return { ...task, profileId, title }
  }
  const column = (page: Page, name: string) => page.locator(`[data-column="${name}"]`)

  test('a card is dragged where its process allows, and says why not elsewhere', async ({ page }) => {
    const task = await givenCard(page)
    // Wide enough for all columns; at an edge the board scrolls under the card.
    await page.setViewportSize({ width: 2600, height: 900 })
    await page.goto(`/tasks?view=board&profileId=${task.profileId}&sort=-number`)
    const card = column(page, 'New').getByRole('listitem').filter({ hasText: task.title })
    await expect(card).toBeVisible()
    await expectAccessible(page)

    const drag = async (name: string, drop: boolean) => {
      const [from, to] = [(await card.boundingBox())!, (await column(page, name).boundingBox())!]
      await page.mouse.move(from.x + 40, from.y + 30)
      await page.mouse.down()
      await page.mouse.move(from.x + 60, from.y + 40, { steps: 3 })
      await page.mouse.move(to.x + 60, to.y + 200, { steps: 6 })
      await expect(column(page, name)).toHaveAttribute('data-standing', /open|shut/)
      if (drop) await page.mouse.up()
    }
    await drag('Fulfilled', false)
    await expect(column(page, 'Fulfilled')).toContainText(/cannot go straight to Fulfilled/)
    await page.mouse.up()
    await expect(page.getByText(/cannot go straight to Fulfilled/).first()).toBeVisible()
    await expect(card).toBeVisible()

    await drag('Assigned', true)
    const dialog = page.getByRole('dialog', { name: 'Move to Assigned' })
    const moved = column(page, 'Assigned').getByRole('listitem').filter({ hasText: task.title })
    await expect(dialog.or(moved).first()).toBeVisible()
    if (await dialog.isVisible()) {
      await dialog
        .getByRole('combobox', { name: /Assigned to/ })
        .or(dialog.getByRole('textbox').first())
        .first()
        .fill(technician)
      await page.keyboard.press('Escape')
      await dialog.getByRole('button', { name: 'Move to Assigned' }).click()
    }
    await expect(moved).toBeVisible()
  })

  test('a card is moved with the keyboard', async ({ page }) => {
    const title = `Keyboard card ${Date.now()}`
    const task = await givenTask(page, { title, category: 'IT' })
    await page.goto('/tasks?view=board&profileId=none&sort=-number')
    const card = column(page, 'Open').getByRole('link', { name: title })
    await card.focus()
    await page.keyboard.press(' ')
    await expect(
      page
        .getByText(`${task.key} lifted`)
        .or(page.getByText(/It is here already/))
        .first(),
    ).toBeAttached()
    await expect(column(page, 'InProgress')).toHaveAttribute('data-standing', 'open')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await expect(column(page, 'InProgress').getByRole('link', { name: title })).toBeVisible()
  })
})

test.describe('two people at once', () => {
  async function secondPage(page: Page) {
    const context = await page
      .context()
      .browser()!
      .newContext({ baseURL: originOf(), storageState: { cookies: [], origins: [] } })
    const answer = await context.request.post('/api/auth/sign-in/email', {
      data: { email: technician, password: passwordOf(technician) },
      headers: { origin: originOf() },
    })
    expect(answer.ok()).toBe(true)
    const { organization } = (await (await page.request.get('/api/me')).json()) as { organization: { id: string } }
    const switched = await context.request.post('/api/me/organization', {
      data: { organizationId: organization.id },
      headers: { origin: originOf() },
    })
    expect(switched.ok()).toBe(true)
    return context.newPage()
  }

  test('comments and edits of the other appear, what is being typed stays', async ({ page }) => {
    const task = await givenTask(page, { title: `Seen by two ${Date.now()}`, category: 'IT' })
    const other = await secondPage(page)
    await Promise.all([page.goto(`/tasks/${task.key}`), other.goto(`/tasks/${task.key}`)])
    await expect(other.getByRole('textbox', { name: 'Public reply' })).toBeVisible()
    await expect(page.getByRole('list', { name: 'Also here' })).toContainText('Tom Becker viewing')

    await page.getByRole('textbox', { name: 'Public reply' }).fill('Half a sentence')
    await expect(other.getByRole('list', { name: 'Also here' })).toContainText('typing')
    await other.getByRole('textbox', { name: 'Public reply' }).fill('Said by the other')
    await other.getByRole('textbox', { name: 'Public reply' }).press('Control+Enter')
    await expect(page.getByRole('article', { name: /Public reply, Tom Becker/ })).toContainText('Said by the other')

    await other.getByRole('button', { name: 'Edit title' }).click()
    await other.getByRole('textbox', { name: 'Title' }).fill('A title by the other')
    await other.getByRole('textbox', { name: 'Title' }).press('Enter')
    await expect(page.getByRole('heading', { name: 'A title by the other' })).toBeVisible()
    await expect(page.getByText(/Tom Becker changed this task just now/)).toBeVisible()
    await expect(page.getByRole('textbox', { name: 'Public reply' })).toHaveValue('Half a sentence')
    await other.context().close()
    await expect(page.getByRole('list', { name: 'Also here' })).not.toContainText('Tom Becker')
  })

  test('rows change where they stand, and wait to be ordered anew', async ({ page }) => {
    const tag = `live${Date.now()}`
    const tasks = []
    for (const title of ['First of two', 'Second of two'])
      tasks.push(await givenTask(page, { title, category: 'IT', tags: [tag] }))
    await page.goto(`/tasks?tag=${tag}`)
    const rows = page.getByRole('grid', { name: 'Tasks' }).locator('[data-index]')
    await expect(rows).toHaveCount(2)
    await expect(rows.nth(1)).toContainText('First of two')
    await page.request.patch(`/api/tasker/tasks/${tasks[0]!.id}`, {
      data: { title: 'Changed elsewhere' },
      headers: { origin: originOf() },
    })
    await expect(rows.nth(1)).toContainText('Changed elsewhere')
    await page.getByRole('button', { name: '1 update – refresh' }).click()
    await expect(rows.nth(0)).toContainText('Changed elsewhere')
  })
})

test('what the columns show is kept for the person', async ({ page }) => {
  await page.goto('/tasks')
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('checkbox', { name: 'Category' }).check()
  await page.getByRole('checkbox', { name: 'Requester' }).uncheck()
  await page.reload()
  await expect(page.getByRole('columnheader', { name: 'Category' })).toBeVisible()
  await expect(page.getByRole('columnheader', { name: 'Requester' })).toBeHidden()
  const edge = page.getByRole('separator', { name: 'Width of State' })
  const before = Number(await edge.getAttribute('aria-valuenow'))
  await edge.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(edge).toHaveAttribute('aria-valuenow', String(before + 10))
})

test('a new task names open ones that may be the same', async ({ page }) => {
  const word = `Fluxkompensator${Date.now()}`
  const task = await givenTask(page, { title: `${word} hums`, category: 'IT' })
  await page.goto('/tasks/new')
  await page.getByLabel('Title').fill(`The ${word} is loud`)
  const link = page.getByRole('link', { name: new RegExp(task.key) })
  await expect(link).toHaveAttribute('target', '_blank')
})

test.describe('settings', () => {
  test('a category brings its priority and its questions to the form', async ({ page }) => {
    const name = `Travel ${Date.now()}`
    await page.goto('/settings')
    await page.getByRole('button', { name: 'Add category' }).click()
    const dialog = page.getByRole('dialog', { name: 'New category' })
    await dialog.getByLabel('Name').fill(name)
    await dialog.getByRole('combobox', { name: 'Default priority' }).click()
    await page.getByRole('option', { name: 'High' }).click()
    await dialog.getByRole('button', { name: 'Add field' }).click()
    await dialog.getByLabel('Label').fill('Cost centre')
    await expect(dialog.getByLabel('Key')).toHaveValue('costCentre')
    await dialog.getByRole('checkbox', { name: 'Required' }).check()
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Save category' }).click()
    await expect(dialog).toBeHidden()
    await page.getByRole('button', { name: `Add below ${name}` }).click()
    await page.getByRole('dialog').getByLabel('Name').fill(`${name} rail`)
    await page.getByRole('dialog').getByRole('button', { name: 'Save category' }).click()
    await expect(page.getByText(`${name} rail`, { exact: true })).toBeVisible()

    await page.goto('/tasks/new')
    await page.getByLabel('Title').fill('A trip to Vienna')
    await page.getByRole('combobox', { name: 'Category' }).click()
    await page.getByRole('option', { name, exact: true }).click()
    await expect(page.getByRole('combobox', { name: 'Priority' })).toHaveValue('High')
    await page.getByRole('button', { name: 'Create task' }).click()
    await expect(page.getByRole('alert')).toContainText('Cost centre')
    await page.getByRole('textbox', { name: /Cost centre/ }).fill('4711')
    await page.getByRole('button', { name: 'Create task' }).click()
    await expect(page.getByRole('heading', { name: 'A trip to Vienna' })).toBeVisible()
  })

  test('a category of the standard list is changed in its place', async ({ page }) => {
    await page.goto('/settings')
    await page.getByRole('button', { name: 'Edit Booking' }).click()
    const dialog = page.getByRole('dialog', { name: 'Category Booking' })
    await dialog.getByLabel('Icon').fill('✈')
    await dialog.getByRole('button', { name: 'Save category' }).click()
    await expect(dialog).toBeHidden()
    await expect(page.getByRole('listitem').filter({ hasText: 'Booking' }).first()).toContainText('✈')
  })

  test('an accent that is too pale is not saved; a darker one colours the frame', async ({ page }) => {
    await page.goto('/settings?tab=branding')
    await page.getByLabel('Accent colour', { exact: true }).fill('#3b9ddd')
    await expect(page.getByText(/too little/)).toBeVisible()
    await expect(page.getByRole('button', { name: 'Save branding' })).toBeDisabled()
    await page.getByRole('button', { name: /^Use #/ }).click()
    await page.getByRole('button', { name: 'Save branding' }).click()
    await expect(page.locator('html')).toHaveAttribute('data-branded', '')
    await expectAccessible(page)
    await page.getByLabel('Accent colour', { exact: true }).fill('')
    await page.getByRole('button', { name: 'Save branding' }).click()
    await expect(page.locator('html')).not.toHaveAttribute('data-branded', '')
  })

  test('priorities are ordered with the keyboard and teams have members', async ({ page }) => {
    await page.goto('/settings?tab=priorities')
    const name = `Some day ${Date.now()}`
    await page.getByRole('textbox', { name: 'Name of the new priority' }).fill(name)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: `Move ${name} up` }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await expectAccessible(page)
    await page.getByRole('button', { name: `Remove ${name}` }).click()
    await expect(page.getByRole('button', { name: 'Save priorities' })).toBeDisabled()

    await page.getByRole('tab', { name: 'Teams' }).click()
    const team = `Night shift ${Date.now()}`
    await page.getByRole('button', { name: 'Add team' }).click()
    const dialog = page.getByRole('dialog', { name: 'New team' })
    await dialog.getByLabel('Name').fill(team)
    await dialog.getByLabel('Members').fill('Ana')
    await page.getByRole('option', { name: /Ana Ruiz/ }).click()
    await dialog.getByLabel('Name').click()
    await dialog.getByRole('button', { name: 'Save team' }).click()
    await expect(page.getByRole('row', { name: new RegExp(team) })).toContainText('1 member')
    await expectAccessible(page)
  })
})
