/** Connecting a program, and deciding what agents may do, as a person does it. */
import { createHash, randomBytes } from 'node:crypto'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, originOf, test } from './fixtures.ts'

const callback = 'http://127.0.0.1:33418/callback'

/** What a program does before it opens the browser. */
async function program(page: Page, name: string) {
  const made = await page.request.post('/api/oauth/register', { data: { client_name: name, redirect_uris: [callback] } })
  const { client_id } = (await made.json()) as { client_id: string }
  await page.route(`${callback}**`, (route) => route.fulfill({ body: 'Back in the program.' }))
  const verifier = randomBytes(32).toString('base64url')
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri: callback,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: 'the-state',
    resource: `${originOf()}/mcp`,
  })
  const tokens = async (code: string) => {
    const form = { grant_type: 'authorization_code', code, code_verifier: verifier, client_id }
    return (await (await page.request.post('/api/oauth/token', { form })).json()) as { access_token: string; scope: string }
  }
  return { address: `/api/oauth/authorize?${asked}`, tokens }
}

const axe = async (page: Page) =>
  (await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`,
  )

test('a program is connected by a click, works, and is ended by another', async ({ page }) => {
  const { address, tokens } = await program(page, 'Browser test program')
  await page.goto(address)
  await expect(page.getByRole('heading', { name: 'Connect Browser test program?' })).toBeVisible()
  await expect(page.getByText('this computer', { exact: true })).toBeVisible()
  expect(await axe(page)).toEqual([])
  await page.getByLabel('Read', { exact: true }).check()
  await page.getByLabel('Only those I choose').check()
  await page.getByRole('checkbox', { name: 'Who am I, in which organization, and what may I do' }).uncheck()
  const answered = page.waitForRequest((request) => request.url().startsWith(callback))
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  const answer = new URL((await answered).url()).searchParams
  expect(answer.get('state')).toBe('the-state')
  const { access_token, scope } = await tokens(answer.get('code')!)
  expect(scope).toBe('mcp:read')
  const list = async () =>
    page.request.post('/mcp', {
      headers: { authorization: `Bearer ${access_token}`, accept: 'application/json, text/event-stream', cookie: '' },
      data: { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} },
    })
  const offered = await (await list()).text()
  expect(offered).toContain('list_tasker_tasks')
  expect(offered).not.toMatch(/create_tasker_task|whoami/)

  await page.goto('/settings/apps')
  await expect(page.getByRole('cell', { name: 'Browser test program this computer' })).toBeVisible()
  expect(await axe(page)).toEqual([])
  await page.getByRole('button', { name: 'End the connection of Browser test program' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End' }).click()
  await expect(page.getByRole('cell', { name: 'Browser test program this computer' })).toBeHidden()
  expect((await list()).status()).toBe(401)
})

test('a program that is told no learns it, and one that is not registered gets nothing', async ({ page }) => {
  const { address } = await program(page, 'Unwanted program')
  await page.goto(address)
  const answered = page.waitForRequest((request) => request.url().startsWith(callback))
  await page.getByRole('button', { name: 'Do not connect' }).click()
  expect(new URL((await answered).url()).searchParams.get('error')).toBe('access_denied')
  await page.goto(address.replace(encodeURIComponent(callback), encodeURIComponent('https://evil.example/')))
  await expect(page.getByRole('heading', { name: 'This program cannot be connected' })).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme })
    test('what agents may do is decided, and its effect seen before it is saved', async ({ page }) => {
      await page.goto('/manage/tools')
      const effect = page.getByText(/^Auditor sees (\d+) of (\d+) tools\.$/)
      const [, before] = /sees (\d+)/.exec((await effect.textContent())!)!
      await page.getByRole('switch', { name: 'create_tasker_task for Auditor' }).uncheck({ force: true })
      await expect(page.getByText(`Auditor sees ${Number(before) - 1} of`)).toBeVisible()
      expect(await axe(page)).toEqual([])
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Not saved yet.')).toBeHidden()
      await page.getByRole('switch', { name: 'create_tasker_task for Auditor' }).check({ force: true })
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText(`Auditor sees ${before} of`)).toBeVisible()
    })
  })
}

test('a key is limited where its use is seen', async ({ page }) => {
  const made = await page.request.post('/api/keys', {
    data: { name: 'Night shift', role: 'Auditor' },
    headers: { origin: originOf() },
  })
  const { apiKey } = (await made.json()) as { apiKey: { id: string } }
  await page.goto('/manage/apps')
  await page.getByRole('button', { name: 'Limits of Night shift' }).first().click()
  await page.getByLabel('Writes a day').fill('20')
  expect(await axe(page)).toEqual([])
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('cell', { name: '0 of 20' })).toBeVisible()
  await page.request.delete(`/api/keys/${apiKey.id}`, { headers: { origin: originOf() } })
})

test('old addresses lead to the new ones', async ({ page }) => {
  for (const [from, to] of [
    ['/settings/keys', '/manage/keys'],
    ['/settings/members', '/manage/members'],
    ['/activity?channel=api', '/manage/activity?channel=api'],
  ] as const) {
    await page.goto(from)
    await expect(page).toHaveURL(new RegExp(`${to.replace('?', '\\?')}$`))
  }
})
