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

  const branded = await ana.request.put('/api/settings/branding', { data: { accent: '#1f6f54' }, headers })
  expect(branded.ok(), await branded.text()).toBe(true)
  const scan = await ana.request.post('/api/security/scans?source=CIS', {
    data: 'Control,Result,Severity\nCIS 1.1,pass,High\nCIS 1.2,fail,Critical\n',
    headers: { ...headers, 'content-type': 'text/csv' },
  })
  expect(scan.ok(), await scan.text()).toBe(true)
  await ana.getByRole('button', { name: 'Back to Northwind MSP' }).click()

  const card = ana.getByRole('listitem').filter({ has: ana.getByRole('button', { name: 'Work in Wingtip Toys' }) })
  await expect(card).toContainText('50%')
  await expect(card).toContainText('1 Critical failing')
  const { violations } = await new AxeBuilder({ page: ana }).analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  await card.getByRole('button', { name: /^Open, Wingtip Toys/ }).click()
  await expect(ana).toHaveURL(/\/tasks\?.*open/)
  await expect(band).toBeVisible()

  const wanda = await as(browser, 'wanda@wingtip.example', 'a password of Wanda')
  await wanda.goto('/access')
  await expect(wanda.getByRole('cell', { name: /Ana Ruiz.*Northwind MSP/ }).first()).toBeVisible()
  await expect(wanda.getByRole('cell', { name: 'changed settings.save-branding' })).toBeVisible()
  await wanda.getByRole('button', { name: 'End the access of Northwind MSP' }).click()
  await wanda.getByRole('dialog').getByRole('button', { name: 'End access' }).click()
  await expect(wanda.getByText('No provider has access')).toBeVisible()
  await ana.reload()
  await expect(ana.getByText('You are working in Wingtip Toys')).toHaveCount(0)
})
