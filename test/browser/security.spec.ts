import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { nativeScan } from '../scanning.ts'
import { expect, test } from './fixtures.ts'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function pick(page: Page, label: string, option: string) {
  await page.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

test('a record is added, gets a task, counts it, and the task goes back to it', async ({ page }) => {
  const title = `Flood in the cellar ${Date.now()}`
  await page.goto('/security/records?type=risk')
  await page.getByRole('button', { name: 'New record' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Owner').waitFor()
  await form.getByRole('button', { name: 'Create' }).click()
  await expect(form.getByText('Must not be empty.', { exact: true })).toBeVisible()
  await form.getByLabel('Title').fill(title)
  await form.getByLabel('Likelihood').fill('2')
  await form.getByLabel('Impact').fill('4')
  await form.getByRole('button', { name: 'Create' }).click()

  const panel = page.getByRole('complementary', { name: /^Record RISK-/ })
  await expect(panel.getByRole('heading', { name: title })).toBeFocused()
  await expect(panel.getByText('8', { exact: true })).toBeVisible()
  await expect(panel.getByRole('link', { name: '0 open tasks' })).toBeVisible()

  await panel.getByRole('link', { name: 'Task in Ops' }).click()
  await expect(page.getByText(/Will be linked to RISK-\d+/)).toBeVisible()
  await expect(page.getByLabel('Title')).toHaveValue(title)
  await page.getByRole('combobox', { name: 'Category' }).fill('IT')
  await page.getByRole('option', { name: 'IT', exact: true }).click()
  await page.getByRole('button', { name: 'Create task' }).click()
  const linked = page.getByRole('region', { name: 'Linked record' })
  await linked.getByRole('link', { name: title }).click()
  await expect(panel.getByRole('link', { name: '1 open task' })).toBeVisible()
  await panel.getByRole('link', { name: '1 open task' }).click()
  await expect(page.getByRole('link', { name: title }).first()).toBeVisible()
})

test('a scan is imported with progress; the same again and a broken one say so', async ({ page }) => {
  const source = `Own baseline ${Date.now()}`
  const file = (text: string, name = 'scan.json') => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
  const scan = nativeScan(
    [
      { id: 'OWN-1', result: 'fail', severity: 'Critical' },
      { id: 'OWN-2', result: 'pass', severity: 'Low' },
    ],
    { source },
  )
  await page.goto('/security/scans')
  const input = page.locator('input[type=file]')
  await input.setInputFiles(file('{"source":"x","results":[\n{"controlId":"1","result":"maybe"},\n{"result":"pass"}]}'))
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('maybe')
  await expect(page.getByRole('group', { name: 'What is wrong with it' }).getByRole('row')).toHaveCount(3)

  await input.setInputFiles(file(scan))
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('heading', { name: `Scan of ${source}` })).toBeVisible()
  await expect(page.getByText('50%')).toBeVisible()
  await page.getByRole('link', { name: /^CTL-/ }).click()
  await expect(page.getByRole('complementary', { name: /^Record CTL-/ }).getByText('Control OWN-1')).toBeVisible()

  await page.goto('/security/scans')
  await input.setInputFiles(file(scan))
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByText(/is a scan that is here already/)).toBeVisible()
})

test('filters narrow the list, stay in the address, and can be cleared', async ({ page }) => {
  await page.goto('/security/records?type=control')
  await pick(page, 'Every result', 'Fail')
  await expect(page).toHaveURL(/result=fail/)
  await page.getByRole('textbox', { name: 'Search the register' }).fill('zzzz')
  await expect(page.getByText('No record fits')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(page.getByRole('textbox', { name: 'Search the register' })).toHaveValue('')
  await expect(page.getByRole('row').nth(1)).toBeVisible()
  await page.getByRole('row').nth(1).getByRole('button').press('Enter')
  const panel = page.getByRole('complementary', { name: /^Record CTL-/ })
  await expect(panel).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
})

const pages = [
  '/security',
  '/security/records?type=control&record=CTL-1',
  '/security/records?type=risk&record=RISK-1',
  '/security/scans',
]
for (const scheme of ['light', 'dark'] as const) {
  test.describe(`${scheme} security pages`, () => {
    test.use({ colorScheme: scheme })
    for (const path of pages)
      test(`${path} has no accessibility violations and fits a telephone`, async ({ page }) => {
        await page.goto(path)
        await expect(page.getByRole('heading').first()).toBeVisible()
        await page.waitForLoadState('networkidle')
        const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze()
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`),
        ).toEqual([])
        await page.setViewportSize({ width: 390, height: 844 })
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
      })
  })
}
