import { expect, test } from './fixtures.ts'

test('a half-written ticket survives a reload, and is gone once created or cancelled', async ({ page }) => {
  await page.goto('/tasks/new')
  const title = page.getByRole('textbox', { name: 'Title' })
  await title.fill('The gate does not open')
  await page.getByRole('combobox', { name: 'Profile' }).click()
  await page.getByRole('option', { name: 'ITIL Problem' }).click()
  await page.reload()
  await expect(title).toHaveValue('The gate does not open')
  await expect(page.getByRole('combobox', { name: 'Profile' })).toHaveValue('ITIL Problem')

  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.goto('/tasks/new')
  await expect(title).toHaveValue('')
})
