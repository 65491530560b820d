/** The onboarding of the MSP guide, by the people who do it. */

import AxeBuilder from '@axe-core/playwright'
import type { Browser } from '@playwright/test'
import { administrator, expect, originOf, passwordOf, test } from './fixtures.ts'

/** A page of its own for somebody, signed in. */
async function as(browser: Browser, email: string, password = passwordOf(email)) {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const page = await context.newPage()
  const headers = { origin: originOf() }
  const answer = await page.request.post('/api/auth/sign-in/email', { data: { email, password }, headers })
  expect(answer.ok(), await answer.text()).toBe(true)
  return page
}

test('a client is created, taken on, branded, scanned and seen on the dashboard; it reads who did it', async ({ browser }) => {
  const root = await as(browser, 'admin@tater.example')
  await root.goto('/msp/organizations')
  await root.getByRole('button', { name: 'Create organization' }).click()
  const dialog = root.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Wingtip Toys')
  await dialog.getByLabel('Ticket prefix').fill('WING')
  await dialog.getByRole('combobox', { name: 'Managed by' }).click()
  await root.getByRole('option', { name: 'Northwind MSP' }).click()
  await dialog.getByRole('button', { name: 'Create organization' }).click()
  const panel = root.getByRole('dialog', { name: 'Wingtip Toys' })
  await panel.getByLabel('E-mail address').fill('wanda@wingtip.example')
  await panel.getByLabel('Name').last().fill('Wanda Wing')
  await panel.getByLabel('First password').fill('a password of Wanda')
  await panel.getByRole('button', { name: 'Add member' }).click()
  await expect(panel.getByRole('cell', { name: 'wanda@wingtip.example' })).toBeVisible()

  const ana = await as(browser, administrator)
  const { items } = (await (await ana.request.get('/api/me/organizations')).json()) as {
    items: { organization: { id: string; name: string } }[]
  }
  const northwind = items.find(({ organization }) => organization.name === 'Northwind MSP')!.organization
  const headers = { origin: originOf() }
  await ana.request.post('/api/me/organization', { data: { organizationId: northwind.id }, headers })
  await ana.goto('/msp/clients')
  await ana.getByRole('button', { name: 'Add Client' }).click()
  await ana.getByRole('combobox', { name: 'Client organization' }).click()
  await ana.getByRole('option', { name: 'Wingtip Toys' }).click()
  await ana.getByRole('radio', { name: /T3 Manage/ }).check()
  await ana.getByRole('button', { name: 'Save' }).click()
  await ana.getByRole('button', { name: 'Verify access to Wingtip Toys' }).click()
  const band = ana.getByText('You are working in Wingtip Toys for Northwind MSP, at T3.')
  await expect(band).toBeVisible()

  await ana.getByRole('link', { name: 'Settings' }).click()
  await ana.getByRole('tab', { name: 'Branding' }).click()
  await ana.getByRole('textbox', { name: 'Accent colour', exact: true }).fill('#1f6f54')
  await ana.getByRole('button', { name: 'Save branding' }).click()
  await expect(ana.getByText('Branding saved.')).toBeVisible()

  await ana.getByRole('tab', { name: 'Cloud Scanning' }).click()
  const webhook = 'https://wingtip.webhook.we.azure-automation.net/webhooks?token=s3cret-of-wingtip'
  await ana.getByLabel('Webhook address').fill(webhook)
  await ana.getByRole('button', { name: 'Save webhook' }).click()
  await expect(ana.getByText('The webhook at wingtip.webhook.we.azure-automation.net is set.')).toBeVisible()
  await expect(ana.getByLabel('Webhook address')).toHaveValue('')
  await ana.reload()
  await expect(ana.getByText('The webhook at wingtip.webhook.we.azure-automation.net is set.')).toBeVisible()
  expect(await ana.content()).not.toContain('s3cret-of-wingtip')

  await ana.getByRole('link', { name: 'Scans' }).click()
  await ana.locator('input[type="file"]').setInputFiles({
    name: 'baseline.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Control,Result,Severity\nCIS 1.1,pass,High\nCIS 1.2,fail,Critical\n'),
  })
  await ana.getByLabel('Source').fill('CIS')
  await ana.getByRole('button', { name: 'Import' }).click()
  await expect(ana).toHaveURL(/\/security\/scans\/.+/)
  await expect(ana.getByText('CIS 1.2').first()).toBeVisible()
  await ana.getByRole('button', { name: 'Back to Northwind MSP' }).click()

  const card = ana.getByRole('listitem').filter({ has: ana.getByRole('button', { name: 'Work in Wingtip Toys' }) })
  await expect(card).toContainText('50%')
  await expect(card).toContainText('1 Critical failing')
  const { violations } = await new AxeBuilder({ page: ana }).analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  await ana.getByRole('link', { name: /Critical and High failing/ }).click()
  await expect(ana.getByText(/with Critical or High failing controls, worst first/)).toBeVisible()
  await ana.getByRole('button', { name: 'Critical, Wingtip Toys: 1' }).click()
  await expect(ana).toHaveURL(/\/security\/records\?.*critical/)
  await expect(ana.getByText('CIS 1.2').first()).toBeVisible()
  await ana.getByRole('button', { name: 'Back to Northwind MSP' }).click()
  await ana.getByRole('link', { name: /^\d+\s*Major incidents/ }).click()
  await expect(ana.getByRole('checkbox', { name: 'Major incidents only' })).toBeChecked()
  await ana.goBack()
  await card.getByRole('button', { name: /^Major incidents, Wingtip Toys/ }).click()
  await expect(ana).toHaveURL(/\/tasks\?.*majorIncident=true/)
  await expect(ana.getByRole('button', { name: 'Remove filter: major incidents' })).toBeVisible()
  await expect(band).toBeVisible()

  const wanda = await as(browser, 'wanda@wingtip.example', 'a password of Wanda')
  await wanda.goto('/access')
  await expect(wanda.getByRole('cell', { name: /Ana Ruiz.*Northwind MSP/ }).first()).toBeVisible()
  await expect(wanda.getByRole('cell', { name: /accent colour and logo/ })).toBeVisible()
  await wanda.getByRole('button', { name: 'End the access of Northwind MSP' }).click()
  await wanda.getByRole('dialog').getByRole('button', { name: 'End access' }).click()
  await expect(wanda.getByText('No provider has access')).toBeVisible()
  await ana.reload()
  await expect(ana.getByText('You are working in Wingtip Toys')).toHaveCount(0)
})
