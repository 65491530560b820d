/** The pages of whoever only asks for things, and what is said when an access has ended. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { administrator, expect, organizationNamed, originOf, passwordOf, test } from './fixtures.ts'

const requester = 'julia.brandt@contoso.example'

async function signIn(page: Page, email: string) {
  await page.context().clearCookies()
  const answer = await page.request.post('/api/auth/sign-in/email', {
    data: { email, password: passwordOf(email) },
    headers: { origin: originOf() },
  })
  expect(answer.ok()).toBe(true)
}

test('a Requester comes to their requests, submits one and answers on it, with what works in the navigation', async ({
  page,
}) => {
  await signIn(page, requester)
  await page.goto('/')
  await expect(page).toHaveURL(/\/portal$/)
  await expect(page.getByRole('heading', { level: 1, name: 'My requests' })).toBeVisible()
  await expect(page.getByRole('navigation').getByRole('link')).toHaveText(['TATER Ops', 'My requests', 'New request'])

  await page.keyboard.press('c')
  await expect(page).toHaveURL(/\/portal\/new$/)
  await page.getByRole('button', { name: 'Submit' }).click()
  await expect(page.getByText('Fill this in.').first()).toBeVisible()
  const title = `The scanner hums ${Date.now()}`
  await page.getByLabel('What is it about?').fill(title)
  await page.getByRole('combobox', { name: 'Category' }).click()
  await page.getByRole('option').first().click()
  await page.getByLabel('Details').fill('Since this morning.')
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.keyboard.press('Control+Enter')

  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
  await page.getByLabel('Your answer').fill('Now it is quiet.')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: 'Now it is quiet.' })).toContainText('You')
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])

  await page.getByRole('link', { name: 'My requests' }).first().click()
  await expect(page.getByRole('link', { name: title })).toBeVisible()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
})

test('a link to a ticket of the desk leads a Requester to the same request', async ({ page }) => {
  await signIn(page, requester)
  const { items } = await (await page.request.get('/api/portal/requests?limit=1')).json()
  await page.goto(`/tasks/${items[0].key}`)
  await expect(page).toHaveURL(new RegExp(`/portal/${items[0].key}$`))
  await expect(page.getByRole('heading', { level: 1, name: items[0].title })).toBeVisible()
})

test('who loses the membership is told what happened and where to go; so is who loses the session', async ({
  page,
  playwright,
}) => {
  const admin = await playwright.request.newContext({ baseURL: originOf(), extraHTTPHeaders: { origin: originOf() } })
  await admin.post('/api/auth/sign-in/email', { data: { email: administrator, password: passwordOf(administrator) } })
  const organizationId = organizationNamed('Contoso Clinics')
  expect((await admin.post('/api/me/organization', { data: { organizationId } })).ok()).toBe(true)
  const email = `leaving-${Date.now()}@contoso.example`
  const password = 'a good long password'
  const member = await admin.post('/api/members', { data: { email, name: 'Lea Leaving', role: 'Viewer', password } })
  expect(member.ok()).toBe(true)
  const { id } = await member.json()

  await page.context().clearCookies()
  await page.request.post('/api/auth/sign-in/email', { data: { email, password }, headers: { origin: originOf() } })
  await page.goto('/tasks')
  await expect(page.getByRole('grid')).toBeVisible()
  expect((await admin.delete(`/api/members/${id}`)).ok()).toBe(true)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Your access to Contoso Clinics has ended' })).toBeVisible()
  await expect(page.getByText(/no longer a member, or the organization was archived/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()

  await signIn(page, requester)
  await page.goto('/portal')
  await expect(page.getByRole('heading', { level: 1, name: 'My requests' })).toBeVisible()
  await page.request.post('/api/auth/sign-out', { data: {}, headers: { origin: originOf() } })
  await page.getByText('Done', { exact: true }).click()
  await expect(page.getByText('Your session has ended')).toBeVisible()
  await admin.dispose()
})
