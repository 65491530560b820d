/** The product with an import's ways: upload as a program does, run by hand so that a test can stop it where it likes. */

import { systemCaller } from '../modules/identity/operations.ts'
import type { Import, ImportPreview } from '../modules/imports/contract.ts'
import { runImport } from '../modules/imports/worker.ts'
import type { TestOrganization, TestProduct } from './product.ts'
import { fileForm } from './product.ts'

export function importing(product: TestProduct) {
  const call = async (
    organization: TestOrganization,
    method: string,
    path: string,
    payload?: unknown,
    role: 'OrgAdmin' | 'Auditor' = 'OrgAdmin',
  ) => product.request(method, `/api${path}`, { 'x-api-key': organization.keys[role] }, payload)

  const upload = async (
    organization: TestOrganization,
    kind: string,
    content: string | Buffer,
    name = 'tickets.csv',
    role: 'OrgAdmin' | 'Auditor' = 'OrgAdmin',
  ) => {
    const form = fileForm(name, content, { kind })
    return product.request('POST', '/api/imports', { ...form.headers, 'x-api-key': organization.keys[role] }, form.payload)
  }

  return {
    call,
    upload,
    async uploaded(organization: TestOrganization, kind: string, content: string | Buffer): Promise<string> {
      const answer = await upload(organization, kind, content)
      if (answer.status !== 201) throw new Error(answer.text)
      return String(answer.body.id)
    },
    get: async (organization: TestOrganization, id: string) => (await call(organization, 'GET', `/imports/${id}`)).body as Import,
    preview: async (
      organization: TestOrganization,
      id: string,
      given: { mapping?: object; values?: object; profileId?: string } = {},
    ) => {
      const { profileId, ...json } = given
      const query = new URLSearchParams(Object.entries(json).map(([name, value]) => [name, JSON.stringify(value)]))
      if (profileId) query.set('profileId', profileId)
      return (await call(organization, 'GET', `/imports/${id}/preview?${query}`)).body as ImportPreview
    },
    start: (organization: TestOrganization, id: string, body: object = {}) =>
      call(organization, 'POST', `/imports/${id}/start`, body),
    errors: async (organization: TestOrganization, id: string) =>
      (await call(organization, 'GET', `/imports/${id}/errors`)).body.items as {
        line: number
        message: string
        notice: boolean
      }[],
    tasks: async (organization: TestOrganization) => {
      const { body } = await call(organization, 'GET', '/tasker/tasks?limit=200&sort=number')
      return body.items as Record<string, unknown>[]
    },
    activity: async (organization: TestOrganization, key: string) =>
      (
        (await call(organization, 'GET', `/tasker/tasks/${key}/activity?limit=100`)).body.items as Record<string, never>[]
      ).reverse(),
    /** What the worker does; `steps` lets so many steps through and then dies like a process does. */
    run: (organization: TestOrganization, id: string, steps = Infinity, signal = new AbortController().signal) => {
      let left = steps
      const execute = ((...call: Parameters<typeof product.execute>) => {
        if (left-- <= 0) throw Object.assign(new Error('killed'), { code: '57P01', severity: 'FATAL' })
        return product.execute(...call)
      }) as typeof product.execute
      return runImport(
        { execute, storage: product.storage, system: systemCaller },
        { organizationId: organization.id, importId: id },
        signal,
      )
    },
  }
}
