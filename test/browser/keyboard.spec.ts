import { expect, test } from './fixtures.ts'

test('the list is worked on without a pointer', async ({ page }) => {
  await page.goto('/tasks')
  const rows = page.getByRole('grid', { name: 'Tasks' }).locator('[data-index]')
  await expect(rows.first()).toBeVisible()

  await page.keyboard.press('j')
  await expect(rows.nth(0)).toBeFocused()
  await page.keyboard.press('j')
  await expect(rows.nth(1)).toBeFocused()
  await page.keyboard.press('x')
  await expect(rows.nth(1)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Shift+X')
  await expect(page.getByRole('region', { name: 'Change the selected tasks' })).toContainText('3 selected')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: 'Change the selected tasks' })).toBeHidden()

  await page.keyboard.press('k')
  const key = await rows.nth(2).locator('[role=gridcell]').nth(2).innerText()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/tasks/${key}$`))

  await page.keyboard.press('/')
  await expect(page.getByRole('combobox', { name: 'Search tasks' })).toBeFocused()
  await page.keyboard.type('backup')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/tasks\?q=backup/)
  await expect(page.getByRole('button', { name: 'about “backup”', exact: true })).toBeVisible()

  await page.getByRole('main').focus()
  await page.keyboard.press('c')
  await expect(page.getByRole('heading', { name: 'New task' })).toBeVisible()
})

test('the first stop is a way past the navigation', async ({ page }) => {
  await page.goto('/tasks')
  await expect(page.getByRole('grid')).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
})

test('filters live in the address and read as a sentence', async ({ page }) => {
  await page.goto('/tasks?open=true&assignedTo=none&priority=High&priority=Critical')
  const bar = page.getByRole('region', { name: 'Filters' })
  await expect(bar.getByRole('button', { name: 'of priority High or Critical', exact: true })).toBeVisible()
  await bar.getByRole('button', { name: /Remove filter: assigned to nobody/ }).click()
  await expect(page).not.toHaveURL(/assignedTo/)
  await page.goto('/tasks?q=zzzzzzzz&open=true')
  await expect(page.getByRole('heading', { name: 'No task fits' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear: about “zzzzzzzz”' }).click()
  await expect(page.getByRole('grid')).toBeVisible()
})
