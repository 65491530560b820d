import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, originOf, profileNamed, test } from './fixtures.ts'

/** A profile of the test's own: a copy of ITIL Incident. */
async function givenProfile(page: Page, change: (document: Record<string, unknown>) => Record<string, unknown> = (each) => each) {
  const id = await profileNamed(page, 'ITIL Incident')
  const { description, standardSource, fieldRules, statusFlow, slaDefaults } = await (
    await page.request.get(`/api/tasker/profiles/${id}`)
  ).json()
  const copy = change({
    name: `Builder ${Date.now()} ${Math.random()}`,
    description,
    standardSource,
    fieldRules,
    statusFlow,
    slaDefaults,
  })
  const answer = await page.request.post('/api/tasker/profiles', { data: copy, headers: { origin: originOf() } })
  if (!answer.ok()) throw new Error(await answer.text())
  return (await answer.json()) as { id: string; name: string }
}

const state = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^${name} ?,`) })
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true })
const editor = (page: Page) => page.getByRole('textbox', { name: 'Profile document' })

test('the picture, the details and the JSON change one draft, and one history takes it back', async ({ page }) => {
  const profile = await givenProfile(page)
  // The editor only draws the lines in sight.
  await page.setViewportSize({ width: 1440, height: 3000 })
  await page.goto(`/profiles/${profile.id}`)
  await expect(editor(page)).toContainText('"In Progress"')
  await state(page, 'In Progress').click()
  await page.getByLabel('Name', { exact: true }).fill('Being worked on')
  await page.keyboard.press('Enter')
  await expect(state(page, 'Being worked on')).toBeVisible()
  await expect(state(page, 'Assigned')).toHaveAccessibleName(/may go to Being worked on/)
  await page.getByRole('checkbox', { name: 'Closed', exact: true }).check()
  await expect(state(page, 'Being worked on')).toHaveAccessibleName(/Closed/)

  await tab(page, 'JSON').click()
  await expect(editor(page)).toContainText('"Being worked on"')
  await expect(editor(page)).not.toContainText('"In Progress"')
  await editor(page).focus()
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect(editor(page)).toContainText('"In Progress"')
  await page.keyboard.press('Control+Shift+z')
  await tab(page, 'Flow').click()
  await expect(state(page, 'Being worked on')).toBeVisible()
})

test('an arrow is drawn with the mouse, and found wanting where it leads astray', async ({ page }) => {
  const profile = await givenProfile(page)
  await page.goto(`/profiles/${profile.id}`)
  await page.getByRole('button', { name: 'Add state' }).click()
  await expect(page.getByRole('alert').or(page.getByRole('status')).filter({ hasText: 'problem' })).toBeVisible()
  const finding = page.getByRole('button', { name: /Line \d+.*no way to a terminal state/ })
  await expect(finding).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save new version' })).toBeDisabled()
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await finding.click()
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('New state')

  const [from, to] = [await state(page, 'New state').boundingBox(), await state(page, 'Closed').boundingBox()]
  await page.mouse.move(from!.x + from!.width / 2, from!.y + from!.height - 2)
  await page.mouse.down()
  await page.mouse.move(to!.x + to!.width / 2, to!.y + to!.height / 2, { steps: 8 })
  await page.mouse.up()
  await expect(page.getByRole('heading', { name: 'New state → Closed' })).toBeVisible()
  await expect(finding).toBeHidden()
  await page.getByRole('button', { name: 'Delete arrow' }).click()
  await expect(finding).toBeVisible()
})

test('the flow is edited without a pointer', async ({ page }) => {
  const profile = await givenProfile(page)
  await page.goto(`/profiles/${profile.id}`)
  await state(page, 'Pending').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Pending' })).toBeVisible()
  await page.getByRole('checkbox', { name: 'Resolved', exact: true }).focus()
  await page.keyboard.press('Space')
  await expect(state(page, 'Pending')).toHaveAccessibleName(/Resolved/)
  await state(page, 'Pending').focus()
  await page.keyboard.press('Delete')
  await expect(state(page, 'Pending')).toBeHidden()
  await page.keyboard.press('Control+z')
  await expect(state(page, 'Pending')).toHaveAccessibleName(/Resolved/)
})

test('fields and targets are tables; saving says what changes', async ({ page }) => {
  const profile = await givenProfile(page)
  await page.goto(`/profiles/${profile.id}?view=fields`)
  await page.getByLabel('Find a field').fill('sever')
  await page.getByRole('checkbox', { name: 'Severity required' }).check()
  await page.getByRole('button', { name: 'Add custom field' }).click()
  await page.getByLabel('Label').fill('Cost center')
  await expect(page.getByLabel('Key', { exact: true })).toHaveValue('costCenter')
  await page.getByRole('button', { name: 'Save field' }).click()

  await tab(page, 'SLA targets').click()
  const high = page.getByRole('textbox', { name: 'First response for High' })
  await high.fill('soon')
  await expect(page.getByText('Write a time such as 15m')).toBeVisible()
  await high.fill('1h 30m')
  await high.press('Enter')
  await expect(page.getByText('90 min')).toBeVisible()

  await page.keyboard.press('Control+s')
  const dialog = page.getByRole('dialog', { name: 'Save as version 2' })
  await expect(dialog.getByRole('listitem')).toHaveText([
    /Severity · required: no → yes/,
    /added Cost center/,
    /High · first response: 1h → 1h 30m/,
  ])
  await dialog.getByRole('button', { name: 'Save version 2' }).click()
  await expect(page.getByText('Version 2 saved: 3 changes.')).toBeVisible()

  await tab(page, 'Versions').click()
  await expect(page.getByText('3 changes', { exact: true })).toBeVisible()
  await page.getByText('JSON side by side').click()
  await expect(page.getByRole('group', { name: 'JSON side by side' })).toContainText('costCenter')
})

test('a draft is not left by accident', async ({ page }) => {
  const profile = await givenProfile(page)
  await page.goto(`/profiles/${profile.id}?view=fields`)
  await page.getByRole('checkbox', { name: 'Severity required' }).check()
  await page.getByRole('link', { name: 'Process profiles' }).click()
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
  await dialog.getByRole('button', { name: 'Stay here' }).click()
  await expect(page.getByRole('checkbox', { name: 'Severity required' })).toBeChecked()
  await page.getByRole('link', { name: 'Process profiles' }).click()
  await dialog.getByRole('button', { name: 'Leave and lose them' }).click()
  await expect(page).toHaveURL(/\/profiles$/)
})

test('a ticket is tried out as each role, in its own time', async ({ page }) => {
  const profile = await givenProfile(page, (document) => ({
    ...document,
    fieldRules: { title: { required: true }, priority: { required: true, default: 'High' } },
  }))
  await page.goto(`/profiles/${profile.id}?view=simulate`)
  await page.getByRole('button', { name: 'Open the ticket' }).click()
  await expect(page.getByRole('alert')).toContainText('Title is required')
  await page.getByLabel('Title').fill('Mail is down')
  await page.getByRole('button', { name: 'Open the ticket' }).click()
  const moves = page.getByRole('group', { name: 'Next state' })
  await expect(page.getByText('First response is due')).toBeVisible()
  await page.getByRole('button', { name: '+ 1d' }).click()
  await expect(page.getByText(/First response is 23 ?h late/)).toBeVisible()

  await page.getByText('other states').click()
  await page.getByRole('button', { name: 'Closed', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('New cannot go straight to Closed')
  await moves.getByRole('button', { name: 'Assigned' }).click()
  await expect(page.getByText('New → Assigned')).toBeVisible()

  await page.getByRole('combobox', { name: 'As' }).click()
  await page.getByRole('option', { name: 'Viewer' }).click()
  await expect(page.getByText('Viewer does not have the permission tasks.write')).toBeVisible()
  await expect(moves.getByRole('button').first()).toBeDisabled()
})

test('a log is replayed; what the draft refuses is on the arrows and in the table', async ({ page }) => {
  const profile = await givenProfile(page)
  await page.goto(`/profiles/${profile.id}?view=replay`)
  await expect(page.getByRole('heading', { name: 'Nothing to replay' })).toBeVisible()
  await page.getByText('A log file', { exact: true }).click()
  const steps = (id: number, states: readonly string[]) => states.map((each) => `${id};2026-01-05T10:00Z;${each}`)
  const lines = ['case;time;status', ...steps(1, ['New', 'Assigned', 'In Progress']), ...steps(2, ['New', 'Resolved', 'Limbo'])]
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'log.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) })
  await page.getByRole('button', { name: 'Replay', exact: true }).click()
  await expect(page.getByText('Cases wholly legal').locator('..')).toContainText('1 50%')
  await page.getByRole('button', { name: 'New → Resolved' }).click()
  await expect(page.getByText('this draft would have refused it')).toBeVisible()
  await expect(page.getByText('New cannot go straight to Resolved')).toBeVisible()
  await page.getByRole('combobox', { name: 'Limbo' }).click()
  await page.getByRole('option', { name: 'Closed' }).click()
  await expect(page.getByRole('button', { name: 'Resolved → Closed' })).toBeVisible()
})

test('sixty states are still a picture, and a telephone has the list', async ({ page }) => {
  const profile = await givenProfile(page, (document) => ({
    ...document,
    statusFlow: Array.from({ length: 60 }, (_, n) => ({
      status: `Step ${n}`,
      allowedTransitions: [n + 1, n + 9].filter((to) => to < 60).map((to) => `Step ${to}`),
      ...(n === 0 && { isInitial: true }),
      ...(n === 59 && { isTerminal: true }),
    })),
  }))
  await page.goto(`/profiles/${profile.id}`)
  await expect(state(page, 'Step 0')).toBeInViewport()
  await page.setViewportSize({ width: 390, height: 844 })
  await expect(page.getByRole('heading', { name: '60 states' })).toBeVisible()
  await page.getByRole('button', { name: 'Step 31', exact: true }).click()
  await page.getByLabel('Find a state').fill('Step 5')
  await page.getByRole('checkbox', { name: 'Step 5', exact: true }).check()
  await expect(page.getByRole('group', { name: 'May go to (3)' })).toBeVisible()
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(wider).toBeLessThanOrEqual(0)
})

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const seen = {
  ...{ flow: 'In Progress', fields: 'Fields of every task', targets: 'Critical', json: 'Valid', compare: 'Versions' },
  ...{ simulate: 'New ticket', replay: 'Moves allowed' },
}
for (const scheme of ['light', 'dark'] as const) {
  test.describe(`${scheme} builder`, () => {
    test.use({ colorScheme: scheme })
    for (const [view, words] of Object.entries(seen)) {
      test(`${view} has no accessibility violations`, async ({ page }) => {
        const id = await profileNamed(page, 'ITIL Incident')
        await page.goto(`/profiles/${id}?view=${view}`)
        await expect(page.getByRole('main').getByText(words).first()).toBeVisible()
        if (view === 'flow') await state(page, 'In Progress').click()
        const { violations } = await new AxeBuilder({ page }).include('main').withTags(rules).analyze()
        expect(
          violations.map(
            ({ id: rule, nodes }) => `${rule}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`,
          ),
        ).toEqual([])
      })
    }
  })
}
