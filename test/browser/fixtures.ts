/** Signed-in pages on the demo data. Each worker signs in once; the form itself has its own test. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type APIRequestContext, test as base, type Page } from '@playwright/test'

type Demo = {
  organizations: { id: string; name: string }[]
  users: { email: string; password: string; role: string; organization: string }[]
}
type State = Awaited<ReturnType<APIRequestContext['storageState']>>

export const administrator = 'ana.ruiz@northwind.example'
export const technician = 'tom.becker@northwind.example'

const demo = () => JSON.parse(readFileSync(join(process.env.TATER_TEST_DATA!, 'demo.json'), 'utf8')) as Demo

export const passwordOf = (email: string) => demo().users.find((user) => user.email === email)!.password
export const organizationNamed = (name: string) => demo().organizations.find((organization) => organization.name === name)!.id

export const test = base.extend<object, { signedIn: State }>({
  signedIn: [
    async ({ playwright }, use) => {
      const baseURL = `http://localhost:${process.env.TATER_TEST_PORT}`
      const request = await playwright.request.newContext({ baseURL, extraHTTPHeaders: { origin: baseURL } })
      const answer = await request.post('/api/auth/sign-in/email', {
        data: { email: administrator, password: passwordOf(administrator) },
      })
      if (!answer.ok()) throw new Error(`Signing in failed: ${answer.status()} ${await answer.text()}`)
      // The work of the demo is at the client; at home is the provider.
      const client = await request.post('/api/me/organization', {
        data: { organizationId: organizationNamed('Contoso Clinics') },
      })
      if (!client.ok()) throw new Error(`Switching failed: ${client.status()} ${await client.text()}`)
      const state = await request.storageState()
      await request.dispose()
      await use(state)
    },
    { scope: 'worker' },
  ],
  storageState: ({ signedIn }, use) => use(signedIn),
  /** A page that errors in its console has failed, whatever it shows; a refusal by the server is no such error. */
  page: async ({ page }, use) => {
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await use(page)
    if (errors.length > 0) throw new Error(`The page failed: ${errors.join('; ')}`)
  },
})

export { expect } from '@playwright/test'

/** Makes a task through the API, as the person of the page. */
export async function givenTask(page: Page, input: Record<string, unknown>) {
  const answer = await page.request.post('/api/tasker/tasks', { data: input, headers: { origin: originOf() } })
  if (!answer.ok()) throw new Error(await answer.text())
  return (await answer.json()) as { id: string; key: string; version: number; profileId: string | null }
}

export const originOf = () => `http://localhost:${process.env.TATER_TEST_PORT}`

/** The id of a seeded profile in the organization of the page. */
export async function profileNamed(page: Page, name: string) {
  const { items } = (await (await page.request.get('/api/tasker/profiles')).json()) as { items: { id: string; name: string }[] }
  return items.find((profile) => profile.name === name)!.id
}
