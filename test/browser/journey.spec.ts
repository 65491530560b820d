import { expect, passwordOf, technician, test } from './fixtures.ts'

test.describe('from sign-in to a closed task', () => {
  test.use({ storageState: { cookies: [], origins: [] } })

  test('signs in, creates, moves, comments and closes', async ({ page }) => {
    await page.goto('/tasks?open=true')
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
    await page.getByLabel('E-mail address').fill(technician)
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByRole('alert')).toContainText('not right')
    await page.getByLabel('Password', { exact: true }).fill(passwordOf(technician))
    await page.getByRole('button', { name: 'Sign in' }).click()

    // Back on the page that asked.
    await expect(page).toHaveURL(/\/tasks\?open=true/)
    await page.getByRole('link', { name: 'Create' }).click()
    await page.getByLabel('Title').fill('The lamp over desk 12 flickers')
    await page.getByRole('combobox', { name: 'Category' }).click()
    await page.getByRole('option', { name: 'IT', exact: true }).click()
    await page.getByLabel('Title').press('Control+Enter')

    await expect(page.getByRole('heading', { name: 'The lamp over desk 12 flickers' })).toBeVisible()
    const moves = page.getByRole('group', { name: 'Next state' })
    await moves.getByRole('button', { name: 'In Progress' }).click()
    await expect(page.getByRole('article').first()).toContainText('In Progress')
    await expect(moves.getByRole('button', { name: 'Closed' })).toBeVisible()

    await page.getByRole('textbox', { name: 'Public reply' }).fill('Replaced the **starter**. Please look again.')
    await page.getByRole('textbox', { name: 'Public reply' }).press('Control+Enter')
    await expect(page.getByRole('article', { name: /Public reply, Tom Becker/ })).toContainText('Replaced the starter.')

    await moves.getByRole('button', { name: 'Closed' }).click()
    await expect(moves.getByRole('button', { name: 'Open' })).toBeVisible()
    await page.getByRole('tab', { name: 'Activity' }).click()
    await expect(page.getByText('moved it from In Progress to Closed')).toBeVisible()
    await expect(page.getByText(/replied: “Replaced the/)).toBeVisible()
  })
})
