/** Working in the list without leaving it: cells, keys, the panel beside it, and the way back. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, givenTask, test } from './fixtures.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`)}`),
  ).toEqual([])
}

/** Two tasks and the list of just these. */
async function givenList(page: Page) {
  const tag = `row${Date.now()}`
  const first = await givenTask(page, { title: 'First in the list', category: 'IT', tags: [tag], priority: 'Low' })
  const second = await givenTask(page, { title: 'Second in the list', category: 'IT', tags: [tag], priority: 'Low' })
  await page.goto(`/tasks?tag=${tag}&sort=number`)
  const rows = page.getByRole('grid', { name: 'Tasks' }).locator('[data-index]')
  await expect(rows).toHaveCount(2)
  return { first, second, rows, tag }
}

const stored = async (page: Page, id: string) =>
  (await (await page.request.get(`/api/tasker/tasks/${id}`)).json()) as Record<string, unknown>

test('a row is changed with keys: assignee, priority, state, title, due date, each told with a way back', async ({ page }) => {
  const { first, rows } = await givenList(page)
  await rows.first().focus()

  await page.keyboard.press('a')
  const people = page.getByRole('dialog', { name: `Assigned to of ${first.key}` })
  await expect(people.getByRole('textbox')).toBeFocused()
  await expectAccessible(page)
  await page.keyboard.type('priya')
  await page.keyboard.press('Enter')
  await expect(rows.first()).toContainText('Priya Nair')
  await expect(rows.first()).toBeFocused()
  await expect(page.getByText(`${first.key} assigned to Priya Nair.`)).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(page.getByText('Taken back.')).toBeVisible()
  await expect(rows.first()).not.toContainText('Priya Nair')

  await page.keyboard.press('p')
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
  await page.keyboard.type('crit')
  await page.keyboard.press('Enter')
  await expect(rows.first()).toContainText('Priority Critical')

  await page.keyboard.press('s')
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
  await page.keyboard.type('progress')
  await page.keyboard.press('Enter')
  await expect(rows.first()).toContainText('In Progress')

  await rows.first().focus()
  await page.keyboard.press('F2')
  const title = page.getByRole('textbox', { name: `Title of ${first.key}` })
  await title.fill('A better title')
  await title.press('Enter')
  await expect(rows.first()).toContainText('A better title')

  await page.keyboard.press('d')
  await page.locator(`input[aria-label="Due of ${first.key}"]`).fill('2031-05-06T10:00')
  await page.keyboard.press('Enter')
  await expect(page.getByText(`${first.key} has a new due date.`)).toBeVisible()

  await expect
    .poll(async () => {
      const { title: said, priority, status, assignedToEmail, dueDate } = await stored(page, first.id)
      return { said, priority, status, assignedToEmail, due: String(dueDate).slice(0, 7) }
    })
    .toEqual({ said: 'A better title', priority: 'Critical', status: 'InProgress', assignedToEmail: null, due: '2031-05' })
})

test('the menu of a row has everything for whoever uses no single keys; deleting can be undone', async ({ page }) => {
  const { second, rows } = await givenList(page)
  await rows.nth(1).focus()
  await page.keyboard.press('Shift+F10')
  const menu = page.getByRole('dialog', { name: `What to do with ${second.key}` })
  await expect(menu.getByRole('option', { name: /Assign to me/ })).toBeVisible()
  await page.keyboard.type('delete')
  await page.keyboard.press('Enter')
  await expect(page.getByText(`${second.key} deleted.`)).toBeVisible()
  await expect(rows).toHaveCount(1)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(rows).toHaveCount(2)
})

test('a cell is changed with the pointer, and what the server refuses is taken back', async ({ page }) => {
  const { first, rows } = await givenList(page)
  await rows.first().locator('[data-edit="assignee"]').click()
  await page.getByRole('option', { name: /Tom Becker/ }).click()
  await expect(rows.first()).toContainText('Tom Becker')

  await page.route('**/api/tasker/tasks/*', (route) =>
    route.request().method() === 'PATCH'
      ? route.fulfill({ status: 409, json: { error: 'STALE', message: 'Somebody was faster.', status: 409 } })
      : route.continue(),
  )
  await rows.first().hover()
  await page.getByRole('button', { name: `Assign ${first.key} to me` }).click()
  await expect(page.getByText('Somebody was faster.')).toBeVisible()
  await expect(rows.first()).toContainText('Tom Becker')
})

test('a press on a row shows it beside the list: its moves, its words, a reply; Escape goes back', async ({ page }) => {
  const { first, second, rows } = await givenList(page)
  await rows.first().getByText(first.key).click()
  const panel = page.getByRole('complementary', { name: `${first.key} beside the list` })
  await expect(panel.getByRole('heading', { name: 'First in the list' })).toBeVisible()
  await expectAccessible(page)

  await panel.getByRole('textbox', { name: 'Public reply' }).fill('Said beside the list')
  await panel.getByRole('textbox', { name: 'Public reply' }).press('Control+Enter')
  await expect(panel.getByRole('article')).toContainText('Said beside the list')
  await panel.getByRole('button', { name: 'In Progress' }).click()
  await expect(rows.first()).toContainText('In Progress')

  await rows.first().focus()
  await page.keyboard.press('j')
  await expect(page.getByRole('complementary', { name: `${second.key} beside the list` })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('complementary', { name: /beside the list/ })).toBeHidden()
  await expect(rows.nth(1)).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('complementary', { name: `${second.key} beside the list` })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/tasks/${second.key}$`))
})

test('a change of many is undone at once, each to what it had', async ({ page }) => {
  const { first, second, rows } = await givenList(page)
  await rows.first().focus()
  await page.keyboard.press('p')
  await expect(page.getByRole('dialog').getByRole('textbox')).toBeFocused()
  await page.keyboard.type('high')
  await page.keyboard.press('Enter')
  await expect(rows.first()).toContainText('Priority High')
  await rows.first().focus()
  await page.keyboard.press('x')
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  const bar = page.getByRole('region', { name: 'Change the selected tasks' })
  await bar.getByRole('button', { name: 'Priority' }).click()
  await page.getByRole('menuitem', { name: 'Critical' }).click()
  await expect(page.getByText('2 tasks changed.')).toBeVisible()
  await expect(rows.nth(1)).toContainText('Priority Critical')
  await page.keyboard.press('Control+z')
  await expect
    .poll(async () => [(await stored(page, first.id)).priority, (await stored(page, second.id)).priority])
    .toEqual(['High', 'Low'])
})

test('the first visit to the list loads no schemas: neither zod nor a contract that needs it', async ({ page }) => {
  /** What zod calls its types; the names survive the build. */
  const mark = '$ZodType'
  const scripts: Promise<string>[] = []
  page.on('response', (answer) => {
    if (new URL(answer.url()).pathname.endsWith('.js')) scripts.push(answer.text())
  })
  await page.goto('/tasks')
  await expect(page.getByRole('grid', { name: 'Tasks' }).locator('[data-index]').first()).toBeVisible()
  const first = await Promise.all(scripts.splice(0))
  expect(first.length).toBeGreaterThan(3)
  expect(first.filter((script) => script.includes(mark))).toHaveLength(0)
  // The mark is still what tells zod: a page that judges by the contracts has it.
  await page.goto('/tasks/new')
  await expect(page.getByLabel('Title')).toBeVisible()
  expect((await Promise.all(scripts)).some((script) => script.includes(mark))).toBe(true)
})
