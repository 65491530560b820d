/** The pages of Manage as an administrator uses them, with the keyboard's and the screen reader's eyes. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, originOf, passwordOf, technician, test } from './fixtures.ts'

const axe = async (page: Page) =>
  (await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`,
  )

test('a key is made with its last day, and its limits are one press away', async ({ page }) => {
  await page.goto('/manage/keys')
  await page.getByRole('button', { name: 'New key' }).first().click()
  await page.getByLabel('What it is for').fill('Browser key')
  await page.getByLabel('Last day').fill(new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10))
  await page.getByRole('button', { name: 'Make key' }).click()
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText('expires within two weeks')).toBeVisible()
  await expect(page.getByRole('row', { name: /Browser key/ })).toContainText(/never.*expires in/)
  expect(await axe(page)).toEqual([])
  await page.getByRole('button', { name: 'Limits of Browser key' }).click()
  await expect(page.getByLabel('Writes a day')).toBeVisible()
})

test('people are added, found, offered as requester, merged and imported', async ({ page }) => {
  await page.goto('/manage/people')
  for (const [name, email] of [
    ['Wilma Twice', 'wilma@old.example'],
    ['Wilma Once', 'wilma@new.example'],
  ] as const) {
    await page.getByRole('button', { name: 'Add person' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel('E-mail address').fill(email)
    if (name === 'Wilma Twice') expect(await axe(page)).toEqual([])
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('cell', { name: email })).toBeVisible()
  }
  await page.getByLabel('Search people').fill('twice')
  await expect(page.getByRole('cell', { name: 'wilma@new.example' })).toBeHidden()
  await expect(page.getByRole('cell', { name: 'wilma@old.example' })).toBeVisible()
  expect(await axe(page)).toEqual([])

  await page.goto('/tasks/new')
  await page
    .getByRole('combobox', { name: /^Requester/ })
    .or(page.getByRole('textbox', { name: /^Requester/ }))
    .first()
    .fill('wilma t')
  await expect(page.getByRole('option', { name: /Wilma Twice/ })).toBeVisible()

  await page.goto('/manage/people')
  await page.getByRole('button', { name: 'Merge Wilma Twice into somebody' }).click()
  await page.getByLabel('Who stays').first().fill('wilma o')
  await page.getByRole('option', { name: /Wilma Once/ }).click()
  await page.getByRole('button', { name: 'Merge', exact: true }).last().click()
  await expect(page.getByText('Merged; 0 tasks were rewritten.')).toBeVisible()
  await expect(page.getByRole('cell', { name: 'wilma@old.example' })).toBeHidden()

  await page.getByRole('button', { name: 'Import' }).click()
  const file = (text: string) => ({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.locator('input[type=file]').setInputFiles(file('name,email\nZoe,\n'))
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Import' }).click()
  await expect(dialog.getByText(/^Line 2: email/)).toBeVisible()
  await page.locator('input[type=file]').setInputFiles(file('name,email\nZoe,zoe@example.com\n'))
  await dialog.getByRole('button', { name: 'Import' }).click()
  await expect(page.getByRole('cell', { name: 'zoe@example.com' })).toBeVisible()
})

test('a SuperAdmin finds an account, disables and enables it', async ({ page }) => {
  await page.goto('/manage/users')
  await expect(page.getByRole('alert')).toContainText('users.manage')
  const email = 'admin@tater.example'
  await page.request.post('/api/auth/sign-in/email', {
    data: { email, password: passwordOf(email) },
    headers: { origin: originOf() },
  })
  await page.goto('/manage/users')
  await page.getByLabel('Search users').fill(technician)
  await expect(page.getByRole('row')).toHaveCount(2)
  await page.getByRole('button', { name: /^Disable: / }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
  await expect(page.getByRole('row').nth(1)).toContainText('disabled')
  expect(await axe(page)).toEqual([])
  await page.getByRole('button', { name: /^Enable: / }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Enable' }).click()
  await expect(page.getByRole('row').nth(1)).toContainText('active')
})

for (const scheme of ['light', 'dark'] as const) {
  test(`${scheme}: the pages fit a telephone and have no accessibility violations`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme })
    await page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['/manage/people', '/manage/users', '/manage/keys']) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await page.waitForLoadState('networkidle')
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      expect(await axe(page)).toEqual([])
    }
  })
}
