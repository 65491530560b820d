/** How people sign in, with real codes, a virtual authenticator and a real OpenID Connect server. */
import { randomBytes } from 'node:crypto'
import AxeBuilder from '@axe-core/playwright'
import { base32 } from '@better-auth/utils/base32'
import { createOTP } from '@better-auth/utils/otp'
import type { Page } from '@playwright/test'
import { providerClient, startIdentityProvider } from '../identity-provider.ts'
import { expect, originOf, test } from './fixtures.ts'

const password = 'correct horse battery staple'

/** A person of their own, so that nobody else's sign-in changes. */
async function givenMember(page: Page) {
  const email = `${randomBytes(5).toString('hex')}@northwind.example`
  const headers = { origin: originOf() }
  const answer = await page.request.post('/api/members', {
    headers,
    data: { email, name: 'Nora Neu', role: 'Auditor', password },
  })
  expect(answer.status(), await answer.text()).toBe(201)
  return email
}

async function signIn(page: Page, email: string) {
  await page.context().clearCookies()
  await page.goto('/sign-in')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').first().fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** A code counts once: who needs another within half a minute takes the next. */
const codeOf = (uri: string, ahead = 0) =>
  createOTP(new TextDecoder().decode(base32.decode(secretOf(uri)))).hotp(Math.floor(Date.now() / 30_000) + ahead)
const secretOf = (key: string) => key.replace(/\s/g, '')

test('a second factor is set up with the QR code, asked for at sign-in, and stood in for by a recovery code', async ({
  page,
}) => {
  const email = await givenMember(page)
  await signIn(page, email)
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
  await page.goto('/account/security')
  await page.getByRole('button', { name: 'Set up authenticator app' }).click()
  await page.getByLabel('Your password').first().fill('not my password')
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(page.getByText('The current password is not right.')).toBeVisible()
  await page.getByLabel('Your password').first().fill(password)
  await page.getByRole('button', { name: 'Next' }).click()
  await expect(page.getByRole('img', { name: 'QR code' })).toBeVisible()
  const key = await page.getByRole('dialog').locator('code').innerText()
  await page.getByLabel('Then enter the code').fill('000000')
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByText('This code is not right')).toBeVisible()
  await page.getByLabel('Then enter the code').fill(await codeOf(key))
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('heading', { name: 'Recovery codes' })).toBeVisible()
  const codes = await page.getByRole('dialog').locator('code').allInnerTexts()
  expect(codes.length).toBeGreaterThanOrEqual(8)
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await expect(page.getByText('On: after your password')).toBeVisible()

  await signIn(page, email)
  await expect(page.getByRole('heading', { name: 'Confirm it is you' })).toBeVisible()
  expect((await page.request.get('/api/me')).status()).toBe(401)
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.getByLabel('Six-digit code').fill('123456')
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByText('This code is not right')).toBeVisible()
  await page.getByLabel('Six-digit code').fill(await codeOf(key, 1))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()

  for (const works of [true, false]) {
    await signIn(page, email)
    await page.getByRole('button', { name: 'Use a recovery code' }).click()
    await page.getByLabel('Recovery code').fill(codes[0]!)
    await page.getByRole('button', { name: 'Confirm' }).click()
    if (works) await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
    else await expect(page.getByText('This code is not right')).toBeVisible()
  }
})

test('a passkey is added and signs in without a password; removed, it does not', async ({ page }) => {
  const email = await givenMember(page)
  await signIn(page, email)
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await page.goto('/account/security')
  await page.getByRole('button', { name: 'Add passkey' }).click()
  await page.getByLabel('What to call it').fill('Work laptop')
  await page.getByRole('button', { name: 'Create passkey' }).click()
  await expect(page.getByText('The passkey is ready.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Passkeys' })).toContainText('Work laptop')

  const withPasskey = async () => {
    await page.context().clearCookies()
    await page.goto('/sign-in')
    await page.getByRole('button', { name: 'Use a passkey' }).click()
  }
  await withPasskey()
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
  expect(await (await page.request.get('/api/me')).json()).toMatchObject({ email })

  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
  await withPasskey()
  await expect(page.getByRole('alert')).toBeVisible()
  expect((await page.request.get('/api/me')).status()).toBe(401)
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })

  await withPasskey()
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
  await page.goto('/account/security')
  await page.getByRole('button', { name: 'Remove Work laptop' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('No passkeys yet.')).toBeVisible()
  await withPasskey()
  await expect(page.getByRole('alert')).toBeVisible()
})

test('sessions are listed and ended, one by one and everywhere', async ({ page, browser }) => {
  const email = await givenMember(page)
  await signIn(page, email)
  await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
  const other = await browser.newPage({ storageState: { cookies: [], origins: [] } })
  await signIn(other, email)
  await expect(other.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
  await page.goto('/account/security')
  await page.getByRole('region', { name: 'Sessions' }).getByRole('button', { name: 'Sign out Chrome' }).click()
  await expect(page.getByText('Signed out.')).toBeVisible()
  expect((await other.request.get('/api/me')).status()).toBe(401)
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  await other.close()
})

test('an administrator connects a provider, and somebody new signs in through it', async ({ page }) => {
  const domain = `${randomBytes(4).toString('hex')}.example`
  const people = [{ id: 'lena', name: 'Lena Lang', email: `lena@${domain}` }]
  const provider = await startIdentityProvider({ entra: false, redirects: ['http://localhost/not-yet'], tenants: { '': people } })
  try {
    await page.goto('/manage/sign-in')
    await page.getByRole('button', { name: 'Add provider' }).first().click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Name on the button').fill('Test provider')
    await form.getByLabel('Issuer').fill('https://127.0.0.1:9')
    await form.getByRole('button', { name: 'Test' }).click()
    await expect(form.getByRole('alert')).toContainText('cannot be reached')
    await form.getByLabel('Issuer').fill(provider.base)
    await form.getByRole('button', { name: 'Test' }).click()
    await expect(form.getByRole('status')).toContainText(`${provider.base}/auth`)
    await form.getByLabel('Client id').fill(providerClient.clientId)
    await form.getByLabel('Client secret').first().fill(providerClient.clientSecret)
    await form.getByLabel('E-mail domains').fill(domain)
    await page.keyboard.press('Enter')
    await form.getByLabel('Let new people in').click({ force: true })
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('cell', { name: domain })).toBeVisible()
    await page.getByRole('button', { name: 'Change Test provider' }).click()
    const redirect = await page.getByLabel('Redirect address').inputValue()
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])

    provider.allow([redirect])
    await page.context().clearCookies()
    await page.goto('/sign-in')
    await page.getByLabel('E-mail address').fill(`lena@${domain}`)
    await page.getByRole('button', { name: 'Continue with Test provider' }).click()
    await expect(page.getByRole('heading', { name: 'Dashboard' })).toBeVisible()
    expect(await (await page.request.get('/api/me')).json()).toMatchObject({
      email: `lena@${domain}`,
      organization: { role: 'Viewer' },
    })
  } finally {
    await provider.stop()
  }
})

test('a SCIM token is shown once and revoked', async ({ page }) => {
  await page.goto('/manage/sign-in')
  const section = page.getByRole('region', { name: 'SCIM' })
  const address = await section.getByLabel('Address to enter').inputValue()
  await section.getByRole('button', { name: 'New token' }).click()
  await page.getByRole('button', { name: 'Make token' }).click()
  const token = await page.getByLabel('The token is made').last().inputValue()
  const people = () => page.request.get(`${address}/Users?count=0`, { headers: { authorization: `Bearer ${token}` } })
  expect((await people()).status()).toBe(200)
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.locator('body')).not.toContainText(token)
  await section.getByRole('button', { name: `Revoke ${token.slice(0, 11)}` }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(section).not.toContainText(token.slice(0, 11))
  expect((await people()).status()).toBe(401)
})

test('a refusal says what to send to whom, and nothing that only its address says', async ({ page }) => {
  const tenantId = '11111111-2222-4333-8444-555555555555'
  const kept = {
    code: 'UNKNOWN_TENANT',
    message: '',
    reference: 'abc',
    purpose: 'sign-in',
    tenantId,
    email: 'ann@contoso.example',
  }
  await page.route('**/api/sign-in/refusal', (route) => route.fulfill({ json: kept }))
  await page.goto('/sign-in/refused?code=UNKNOWN_TENANT')
  await expect(page.getByRole('heading', { name: 'Your Microsoft tenant is not known here' })).toBeVisible()
  await expect(page.getByText(`connect our Microsoft tenant ${tenantId}`)).toBeVisible()
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  await page.unroute('**/api/sign-in/refusal')

  const planted = new URLSearchParams({
    code: 'NOT_INVITED',
    message: 'Call 555-0100',
    email: 'call@555.example',
    tenantId: 'planted',
  })
  await page.goto(`/sign-in/refused?${planted}`)
  await expect(page.getByText('Nobody has added you to the organization.')).toBeVisible()
  await expect(page.locator('body')).not.toContainText(/555|planted/)
  await page.goto('/sign-in/refused?code=CALL%20US&message=Call%20555-0100')
  await expect(page.getByRole('heading', { name: 'You could not be signed in' })).toBeVisible()
  await expect(page.locator('body')).not.toContainText('555')
  await page.getByRole('link', { name: 'Back to sign-in' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})
