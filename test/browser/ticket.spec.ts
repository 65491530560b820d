/** What is done with a whole ticket: joined, split, its files and pictures, what it is called elsewhere, all that was ever said. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, givenTask, originOf, test } from './fixtures.ts'

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`)}`),
  ).toEqual([])
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name })

async function moreOf(page: Page, item: RegExp) {
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('a ticket is merged into another, and the old link leads there', async ({ page }) => {
  const stays = await givenTask(page, { title: 'Mail is slow since the update', category: 'IT' })
  const goes = await givenTask(page, { title: 'Outlook takes a minute', category: 'IT' })
  await page.goto(`/tasks/${goes.key}`)
  await moreOf(page, /^Merge into/)
  const dialog = page.getByRole('dialog', { name: `Merge ${goes.key} into another task` })
  await dialog.getByLabel('The task that stays').fill(goes.key)
  await dialog.getByRole('button', { name: /^Merge into/ }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  await dialog.getByLabel('The task that stays').fill(stays.key)
  await expectAccessible(page)
  await dialog.getByRole('button', { name: `Merge into ${stays.key}` }).click()
  await expect(heading(page, 'Mail is slow since the update')).toBeVisible()
  await expect(page.getByText(`${goes.key} was merged into this task.`)).toBeVisible()

  await page.goto(`/tasks/${goes.key}`)
  await expect(heading(page, 'Mail is slow since the update')).toBeVisible()
  await page.getByRole('link', { name: 'See it as it was' }).click()
  await expect(heading(page, 'Outlook takes a minute')).toBeVisible()
  await expect(page.getByText(`This task was merged into ${stays.key}.`)).toBeVisible()
})

test('part of a ticket becomes one of its own, linked to it', async ({ page }) => {
  const task = await givenTask(page, { title: 'New starter on Monday', category: 'IT' })
  await page.goto(`/tasks/${task.key}`)
  await moreOf(page, /^Split off/)
  const dialog = page.getByRole('dialog', { name: 'Split off a new task' })
  await dialog.getByLabel('Title of the new task').fill('Badge for the new starter')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Split off' }).click()
  await expect(heading(page, 'Badge for the new starter')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Links' }).getByRole('link', { name: new RegExp(task.key) })).toBeVisible()
})

/** One red dot. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  'base64',
)

test('files are attached and removed; pictures open over the page and are walked through with the arrow keys', async ({
  page,
}) => {
  const task = await givenTask(page, { title: 'Screen shows a red dot', category: 'IT' })
  await page.goto(`/tasks/${task.key}`)
  await page.locator('input[type="file"]').setInputFiles([
    { name: 'dot.png', mimeType: 'image/png', buffer: png },
    { name: 'other dot.png', mimeType: 'image/png', buffer: png },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('It is red.') },
  ])
  await page.getByRole('textbox', { name: 'Public reply' }).fill('As seen on my screen.')
  await page.getByRole('button', { name: /^(Send reply|Save note)$/ }).click()
  const picture = page.getByRole('img', { name: 'dot.png', exact: true })
  await expect(picture).toBeVisible()
  await expect(page.getByRole('link', { name: 'notes.txt' })).toBeVisible()

  await picture.click()
  const overlay = page.getByRole('dialog', { name: 'dot.png' })
  await expect(overlay.getByRole('img', { name: 'dot.png' })).toBeVisible()
  await expect(overlay).toContainText('1 of 2')
  await expectAccessible(page)
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('dialog', { name: 'other dot.png' })).toContainText('2 of 2')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()

  await page.getByRole('button', { name: 'Delete notes.txt' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete notes.txt' }).click()
  await expect(page.getByRole('link', { name: 'notes.txt' })).toBeHidden()
})

test('what it is called elsewhere and the problem behind it stand at the side', async ({ page }) => {
  const problem = await givenTask(page, { title: `Spooler loses its queue ${Date.now()}`, category: 'IT' })
  const task = await givenTask(page, {
    title: 'Nothing comes out of the printer',
    category: 'IT',
    externalRefs: [{ system: 'servicenow', id: 'INC0012345' }],
  })
  await page.goto(`/tasks/${task.key}`)
  const refs = page.getByRole('region', { name: 'In other systems' })
  await expect(refs).toContainText('INC0012345')
  await refs.getByRole('button', { name: 'Add reference' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add reference' })
  await dialog.getByLabel('System').fill('jira')
  await dialog.getByLabel('Number or name there').fill('OPS-7')
  await dialog.getByLabel('Address').fill('https://jira.example/browse/OPS-7')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: 'Add reference' }).click()
  await expect(refs.getByRole('link', { name: 'OPS-7' })).toHaveAttribute('href', 'https://jira.example/browse/OPS-7')
  await refs.getByRole('button', { name: 'Remove reference servicenow INC0012345' }).click()
  await expect(refs).not.toContainText('INC0012345')

  const empty = page.getByRole('button', { name: /empty fields?$/ })
  await empty.click()
  await page.getByRole('button', { name: /^Edit Linked problem/ }).click()
  const picker = page.getByRole('textbox', { name: 'Linked problem' }).or(page.getByRole('combobox', { name: 'Linked problem' }))
  await picker.fill('PRB0001')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText(/There is no task “PRB0001” in this organization/).first()).toBeVisible()
  await picker.fill(problem.key)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('link', { name: `Open ${problem.key}` }).click()
  await expect(page).toHaveURL(new RegExp(`/tasks/${problem.key}`))
})

test('a long conversation shows its end first and the rest when asked for', async ({ page }) => {
  test.setTimeout(120_000)
  const task = await givenTask(page, { title: 'A long story', category: 'IT' })
  const headers = { origin: originOf() }
  const say = async (body: string) => {
    const answer = await page.request.post(`/api/tasker/tasks/${task.id}/comments`, { headers, data: { body } })
    expect(answer.ok(), await answer.text()).toBe(true)
  }
  for (let n = 1; n <= 205; n++) await say(`Remark number ${n}.`)
  await page.goto(`/tasks/${task.key}`)
  await expect(page.getByText('Remark number 205.')).toBeVisible()
  await expect(page.getByText('Remark number 5.', { exact: true })).toBeHidden()
  await page.getByRole('button', { name: 'Load earlier comments' }).click()
  await expect(page.getByText('Remark number 1.', { exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Load earlier comments' })).toBeHidden()
  // What is said meanwhile leaves no gap where the earlier ones end.
  await say('Remark number 206.')
  await expect(page.getByText('Remark number 206.')).toBeVisible()
  for (const n of [5, 6, 7]) await expect(page.getByText(`Remark number ${n}.`, { exact: true })).toHaveCount(1)
})
