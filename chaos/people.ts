/** Somebody who is signed in: sessions must hold while the clock of a server is wrong, and when it is right again. */
import type { BenchOrganization } from '../bench/seed.ts'
import * as identity from '../modules/identity/operations.ts'
import { openDatabase } from '../platform/database.ts'
import { prepareDatabase } from '../platform/database-owner.ts'
import { executor } from '../platform/execute.ts'
import type { Managed } from './processes.ts'

const password = 'correct horse battery staple'
const email = 'person@bench.example'

export type Person = ReturnType<typeof person>

export function person(servers: readonly Managed[], organization: BenchOrganization, wrong: (what: string) => void) {
  const cookies: { made: string; cookie: string }[] = []

  async function signIn(server: Managed, when: string) {
    const response = await fetch(`${server.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify({ email, password }),
    })
    if (response.status !== 200)
      return wrong(`nobody can sign in at ${server.name} ${when}: ${response.status} ${await response.text()}`)
    const cookie = response.headers.getSetCookie().map((each) => each.split(';')[0])
    cookies.push({ made: `${when} at ${server.name}`, cookie: cookie.join('; ') })
  }

  return {
    /** Makes the account, as the system: keys give nobody access. */
    async join(ownerUrl: string) {
      const { appUrl } = await prepareDatabase(ownerUrl)
      const database = openDatabase({ url: appUrl, max: 1 })
      const runtime = {
        database,
        secret: 'a run of faults keeps no secrets',
        publicUrl: 'http://localhost',
        enqueue: async () => {},
      }
      const member = { email, name: 'A Person', role: 'Auditor', password } as const
      await executor(runtime)(identity.addMember, identity.systemCaller(organization.id), member).finally(database.close)
    },
    signIn,
    /** Every session made so far is taken at every server. */
    async check(when: string) {
      for (const { made, cookie } of cookies.slice(-6))
        for (const { url, name } of servers) {
          const { status } = await fetch(`${url}/api/tasker/tasks?limit=1`, { headers: { cookie } })
          if (status !== 200) wrong(`a session made ${made} is not taken at ${name} ${when}: ${status}`)
        }
    },
  }
}
