import { expect, givenTask, originOf, profileNamed, test } from './fixtures.ts'

test('a refused move says what is missing, then takes it', async ({ page }) => {
  const profileId = await profileNamed(page, 'ITIL Service Request')
  const task = await givenTask(page, {
    title: 'A second screen',
    category: 'IT',
    priority: 'Normal',
    requesterEmail: 'julia.brandt@contoso.example',
    profileId,
  })
  for (const status of ['Assigned', 'In Progress']) {
    await page.request.patch(`/api/tasker/tasks/${task.id}`, {
      data: { status, assignedToEmail: 'tom.becker@northwind.example' },
      headers: { origin: originOf() },
    })
  }
  await page.goto(`/tasks/${task.key}`)

  await page.getByRole('button', { name: 'Other states' }).click()
  await expect(page.getByText(/cannot go straight to Closed/)).toContainText('Fulfilled')
  await page.keyboard.press('Escape')

  await page
    .getByRole('group', { name: 'Next state' })
    .getByRole('button', { name: /Fulfilled/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Move to Fulfilled' })
  await dialog.getByRole('button', { name: 'Move to Fulfilled' }).click()
  await expect(dialog.getByRole('alert')).toContainText('fill in Resolution code and Resolution notes')
  await dialog.getByLabel('Resolution code').fill('Delivered')
  await dialog.getByLabel('Resolution notes').fill('Stands on the desk.')
  await dialog.getByLabel('Resolution notes').press('Control+Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('group', { name: 'Next state' }).getByRole('button', { name: 'Closed' })).toBeVisible()
})

test('a task made elsewhere in the meantime is not overwritten unseen', async ({ page }) => {
  const task = await givenTask(page, { title: 'Two people at once', category: 'IT' })
  await page.goto(`/tasks/${task.key}`)
  await page.getByRole('button', { name: 'Edit title' }).click()
  await page.getByRole('textbox', { name: 'Title' }).fill('My title')
  await page.request.patch(`/api/tasker/tasks/${task.id}`, { data: { title: 'Their title' }, headers: { origin: originOf() } })
  await page.getByRole('textbox', { name: 'Title' }).press('Enter')

  const dialog = page.getByRole('dialog', { name: 'Somebody changed this in the meantime' })
  await expect(dialog).toContainText('Their title')
  await expect(dialog).toContainText('My title')
  await dialog.getByRole('button', { name: 'Save mine' }).click()
  await expect(page.getByRole('heading', { name: 'My title' })).toBeVisible()
})

test('the form takes the shape of the profile and keeps what was typed', async ({ page }) => {
  await page.goto('/tasks/new?title=Mail+does+not+arrive')
  await expect(page.getByLabel('Title')).toHaveValue('Mail does not arrive')
  await page.getByRole('combobox', { name: 'Profile' }).click()
  await page.getByRole('option', { name: 'ITIL Incident' }).click()
  await expect(page.getByLabel('Title')).toHaveValue('Mail does not arrive')
  await page.getByRole('combobox', { name: 'Impact' }).click()
  await page.getByRole('option', { name: 'High' }).click()
  await page.getByRole('combobox', { name: 'Urgency' }).click()
  await page.getByRole('option', { name: 'High' }).click()
  await page.getByRole('button', { name: 'Use Critical' }).click()
  await expect(page.getByRole('combobox', { name: 'Priority' })).toHaveValue('Critical')

  await page.getByRole('button', { name: 'Create task' }).click()
  const summary = page.getByRole('alert')
  await expect(summary).toContainText('3 things stand in the way')
  await summary.getByRole('link', { name: 'Assigned to' }).click()
  await expect(
    page.getByRole('combobox', { name: 'Assigned to' }).or(page.getByRole('textbox', { name: 'Assigned to' })),
  ).toBeFocused()
  await expect(page.getByLabel('Title')).toHaveValue('Mail does not arrive')
})

test('a profile that is wrong shows its problem at the line', async ({ page }) => {
  await page.goto('/profiles')
  await page.getByRole('button', { name: 'Custom Profile' }).click()
  const dialog = page.getByRole('dialog', { name: 'Custom profile' })
  const name = `Procurement ${Date.now()}`
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Create and edit' }).click()
  await expect(page.getByRole('heading', { name })).toBeVisible()

  const editor = page.getByRole('textbox', { name: 'Profile document' })
  await editor.click()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.keyboard.insertText('"colour": "red",')
  const problem = page.getByRole('button', { name: /Line 2.*colour/ })
  await expect(problem).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save new version' })).toBeDisabled()

  await problem.click()
  await expect(editor).toBeFocused()
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+End')
  await expect(problem).toBeHidden()
})
