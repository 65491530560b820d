/** What an organization shapes, as the people who work with it see it. In an organization that no other test looks at. */
import type { Page } from '@playwright/test'
import { expect, givenTask, originOf, passwordOf, test } from './fixtures.ts'

const headers = () => ({ origin: originOf() })

async function signInAs(page: Page, email: string) {
  await page.context().clearCookies()
  const answer = await page.request.post('/api/auth/sign-in/email', {
    headers: headers(),
    data: { email, password: passwordOf(email) },
  })
  expect(answer.ok(), await answer.text()).toBe(true)
}

async function send(page: Page, method: 'PUT' | 'POST', path: string, data: object) {
  const answer = await page.request.fetch(`/api${path}`, { method, headers: headers(), data })
  expect(answer.ok(), await answer.text()).toBe(true)
}

const grace = 'grace.oneill@litware.example'
const ben = 'ben.adler@litware.example'

test('the list is narrowed to a team, and a view of a team is shown to its members', async ({ page }) => {
  await signInAs(page, grace)
  await send(page, 'POST', '/settings/teams', { id: 'Contracts', name: 'Contracts and deeds', members: [ben] })
  await send(page, 'POST', '/settings/teams', { id: 'Courts', name: 'Courts', members: [grace] })
  await givenTask(page, { title: 'For the contracts team', category: 'IT', teamId: 'Contracts' })
  await givenTask(page, { title: 'For the courts team', category: 'IT', teamId: 'Courts' })

  await page.goto('/tasks')
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Assignment group' }).click()
  const editor = page.getByRole('dialog', { name: 'Assignment group' })
  await expect(
    editor.getByRole('combobox', { name: 'Assignment group' }).or(editor.getByRole('textbox', { name: 'Assignment group' })),
  ).toBeFocused()
  await page.keyboard.type('deeds')
  await page.getByRole('option', { name: 'Contracts and deeds' }).click()
  await expect(page.getByRole('region', { name: 'Filters' })).toContainText('of group Contracts and deeds')
  await expect(page.getByRole('link', { name: 'For the contracts team' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'For the courts team' })).toBeHidden()

  const name = `Deeds ${Date.now()}`
  await page.getByRole('button', { name: 'Save this view' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save this view' })
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByText('A team').click()
  await dialog
    .getByRole('combobox', { name: 'Which team' })
    .or(dialog.getByRole('textbox', { name: 'Which team' }))
    .click()
  await page.getByRole('option', { name: 'Contracts and deeds' }).click()
  await dialog.getByRole('button', { name: 'Save view' }).click()
  await expect(page.getByText(`View “${name}” saved.`)).toBeVisible()

  await signInAs(page, ben)
  await page.goto('/tasks?teamId=mine')
  await expect(page.getByRole('link', { name: 'For the contracts team' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'For the courts team' })).toBeHidden()
  await page.getByRole('button', { name: /^Views:/ }).click()
  await expect(page.getByRole('menuitem', { name })).toBeVisible()
})

test('priorities are called as the organization calls them, categories carry its signs', async ({ page }) => {
  await signInAs(page, grace)
  const { priorities, categories } = (await (await page.request.get('/api/settings')).json()) as {
    priorities: { name: string; label: string; color: string }[]
    categories: { id: string; name: string; parentId: string | null; version: number }[]
  }
  await send(page, 'PUT', '/settings/priorities', {
    priorities: priorities.map(({ name, label, color }) => ({ name, label: name === 'Critical' ? 'Court date' : label, color })),
  })
  const category = `Deeds ${Date.now()}`
  await send(page, 'POST', '/settings/categories', { name: category, icon: '📜', color: '#8a5a00' })
  expect(categories.some(({ name }) => name === category)).toBe(false)
  const task = await givenTask(page, { title: 'Deed to be signed', category, priority: 'Critical' })

  await page.goto(`/tasks?priority=Critical&category=${encodeURIComponent(category)}`)
  await expect(page.getByRole('region', { name: 'Filters' })).toContainText('of priority Court date')
  await page.getByRole('button', { name: 'of priority Court date', exact: true }).click()
  await expect(page.getByRole('checkbox', { name: 'Court date' })).toBeChecked()
  await page.keyboard.press('Escape')
  await page.goto(`/tasks?view=board&category=${encodeURIComponent(category)}`)
  const card = page.getByRole('article').filter({ hasText: 'Deed to be signed' })
  await expect(card).toContainText('📜')
  await expect(card).toContainText('Court date')
  await page.goto(`/tasks/${task.key}`)
  await expect(page.getByRole('article', { name: task.key })).toContainText(category)
  await expect(page.getByText('Court date').first()).toBeVisible()
  await page.goto('/tasks/new')
  await page
    .getByRole('combobox', { name: 'Priority' })
    .or(page.getByRole('textbox', { name: 'Priority' }))
    .first()
    .click()
  await expect(page.getByRole('option', { name: 'Court date' })).toBeVisible()
})

test('whoever runs the installation sees whose data it is, and goes back', async ({ page }) => {
  await signInAs(page, 'admin@tater.example')
  await page.goto('/')
  const band = page.getByRole('complementary', { name: 'Organization' })
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
  await expect(band).toBeHidden()
  await page.getByRole('button', { name: /^Organization:/ }).click()
  await page.getByRole('menuitem', { name: /Litware Legal/ }).click()
  await expect(band).toContainText('You are working in Litware Legal.')
  await band.getByRole('button', { name: 'Back to Northwind MSP' }).click()
  await expect(band).toBeHidden()
})

test('a key is made, shown once, works, and is revoked', async ({ page, playwright }) => {
  await signInAs(page, grace)
  await page.goto('/manage/keys')
  await page.getByRole('button', { name: 'New key' }).click()
  const name = `Nightly export ${Date.now()}`
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('What it is for').fill(name)
  await dialog.getByRole('button', { name: 'Make key' }).click()
  const key = await page.getByRole('textbox', { name: 'The key is made' }).inputValue()
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText(key)).toBeHidden()
  const program = await playwright.request.newContext({ baseURL: originOf(), extraHTTPHeaders: { 'x-api-key': key } })
  const asked = async () => (await program.get('/api/tasker/tasks?limit=1')).status()
  expect(await asked()).toBe(200)
  await page.getByRole('button', { name: `Revoke ${name}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('revoked')
  await expect.poll(asked).toBe(401)
  await program.dispose()
})
