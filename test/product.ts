/** The product on a database of its own, and factories that make things the way people do: through operations. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { z } from 'zod'
import { type ProductOptions, startProduct } from '../doors/product.ts'
import * as comments from '../modules/comments/operations.ts'
import type { Role } from '../modules/identity/contract.ts'
import * as identity from '../modules/identity/operations.ts'
import * as msp from '../modules/msp/operations.ts'
import * as profiles from '../modules/profiles/operations.ts'
import { permissionsOf } from '../modules/roles.ts'
import * as tasks from '../modules/tasks/operations.ts'
import type { Caller } from '../platform/context.ts'
import { type AnyOperation, routeOf } from '../platform/operation.ts'
import { testDatabase } from './database.ts'

/** Roles an API key can have; ServiceProvider and SuperAdmin are people with a session. */
export const keyRoles = ['Requester', 'Viewer', 'Auditor', 'OrgAdmin'] as const
export type KeyRole = (typeof keyRoles)[number]

export type TestOrganization = {
  id: string
  name: string
  /** An API key of each role. */
  keys: Record<KeyRole, string>
  /** Whoever calls with this role, for `execute`. */
  caller(role?: Role, more?: Partial<Caller>): Caller
}

export type Answer = { status: number; headers: Record<string, unknown>; text: string; body: Record<string, unknown> }
export type Headers = Record<string, string>
export type TestProduct = Awaited<ReturnType<typeof testProduct>>

export const secret = 'a secret of the tests, long enough for a signature'
export const password = 'correct horse battery staple'

type NewTask = z.input<typeof tasks.create.input>

/** Starts it; call `stop` in afterAll. */
export async function testProduct(options: Partial<ProductOptions> = {}) {
  const database = await testDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'tater-test-'))
  const product = await startProduct({
    ownerUrl: database.ownerUrl,
    attachmentsFolder: join(folder, 'attachments'),
    publicUrl: 'http://localhost',
    secret,
    version: '0.0.0-test',
    checkOutput: true,
    logLevel: 'silent',
    ...options,
  })
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 })
  owner.on('error', () => {})
  const { app, execute } = product

  /** One request, without a socket. */
  async function request(method: string, url: string, headers: Headers = {}, payload?: unknown): Promise<Answer> {
    const answer = await app.inject({
      method: method as 'GET',
      url,
      headers,
      ...(payload !== undefined && { payload: payload as object }),
    })
    const text = answer.body
    return { status: answer.statusCode, headers: answer.headers, text, body: readJson(text) }
  }

  /** An operation by its route, as any program would call it. */
  function call(op: AnyOperation, input: Record<string, unknown>, headers: Headers = {}): Promise<Answer> {
    const { method, url, payload } = requestFor(op, input)
    return request(method, url, headers, payload)
  }

  const system = (organizationId: string | null) => identity.systemCaller(organizationId)

  const given = {
    async organization(
      name = `Organization ${randomBytes(4).toString('hex')}`,
      ticketPrefix = 'TATER',
    ): Promise<TestOrganization> {
      const { id } = await execute(identity.createOrganization, system(null), { name, ticketPrefix })
      const keys = {} as Record<KeyRole, string>
      for (const role of keyRoles) keys[role] = (await given.key(id, role)).key
      const caller = (role: Role = 'OrgAdmin', more: Partial<Caller> = {}) => callerOf(id, name, role, more)
      return { id, name, keys, caller }
    },
    key: (
      organizationId: string,
      role: KeyRole = 'OrgAdmin',
      email = `${role.toLowerCase()}@${organizationId.slice(-6)}.example.com`,
    ) => execute(identity.createKey, system(organizationId), { name: `${role} key`, role, email }),
    seeds: (organization: TestOrganization) => execute(profiles.seedDefaults, organization.caller(), {}),
    profile: (organization: TestOrganization, document: Record<string, unknown>) =>
      execute(profiles.save, organization.caller(), document as never),
    task: (organization: TestOrganization, input: Partial<NewTask> = {}, caller = organization.caller()) =>
      execute(tasks.create, caller, { title: 'A printer is on fire', category: 'IT', ...input } as NewTask),
    comment: (
      organization: TestOrganization,
      taskId: string,
      body = 'We are looking into it.',
      visibility: 'public' | 'internal' = 'internal',
    ) => execute(comments.add, organization.caller(), { taskId, body, visibility }),
    /** A managed service provider, with one of its people in a session. */
    async provider(name?: string, role: 'ServiceProvider' | 'OrgAdmin' = 'OrgAdmin') {
      const organization = await given.organization(name)
      await owner.query('update organizations set is_msp = true where id = $1', [organization.id])
      const person = await given.member(organization, role)
      return { organization, person, cookie: await given.session(person.email) }
    },
    /** A relation as the provider's OrgAdmin makes it, of an organization that a SuperAdmin gave to the provider. */
    async relation(provider: TestOrganization, client: TestOrganization, tier: 'T1' | 'T2' | 'T3') {
      await owner.query('update organizations set managed_by = $1 where id = $2', [provider.id, client.id])
      await execute(msp.addClient, callerOf(provider.id, provider.name, 'OrgAdmin', {}, true), {
        organizationId: client.id,
        tier,
      })
    },
    member: (organization: TestOrganization, role: string, email = `${randomBytes(4).toString('hex')}@example.com`) =>
      execute(identity.addMember, system(organization.id), { email, name: 'A Member', role, password }),
    /** The first administrator; needs `setupToken` among the options. Answers with the cookie of a session. */
    async superAdmin(email = 'root@example.com') {
      const answer = await request(
        'POST',
        '/api/setup',
        {},
        {
          token: options.setupToken,
          name: 'Root',
          email,
          password,
          organizationName: 'Head office',
        },
      )
      if (answer.status !== 201) throw new Error(`The set-up was refused: ${answer.text}`)
      return { organizationId: String(answer.body.organizationId), cookie: await given.session(email) }
    },
    /** Signs in and gives the cookie to send along. */
    async session(email: string): Promise<string> {
      const answer = await request('POST', '/api/auth/sign-in/email', {}, { email, password })
      if (answer.status !== 200) throw new Error(`The sign-in was refused: ${answer.text}`)
      return cookieOf(answer)
    },
  }

  return {
    ...product,
    given,
    request,
    call,
    urls: database,
    /** Past every policy, to see what no operation shows. */
    asOwner: async <T extends Record<string, unknown>>(sql: string, values: unknown[] = []) =>
      (await owner.query(sql, values)).rows as T[],
    async stop() {
      await product.stop()
      await owner.end()
      await database.drop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
    },
  }
}

/** Method, address and body of an operation's request. */
export function requestFor(op: AnyOperation, input: Record<string, unknown>) {
  const { method, path, parameters } = routeOf(op)
  const url = path.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(input[name])))
  const rest = Object.entries(input).filter(([name, value]) => !parameters.includes(name) && value !== undefined)
  if (method !== 'GET' && method !== 'DELETE') return { method, url: `/api${url}`, payload: Object.fromEntries(rest) }
  const query = new URLSearchParams(rest.flatMap(([name, value]) => [value].flat().map((each) => [name, String(each)])))
  return { method, url: `/api${url}${query.size > 0 ? `?${query}` : ''}`, payload: undefined }
}

/** A caller of this role, as identification would make one. */
export function callerOf(
  organizationId: string | null,
  organizationName: string | null,
  role: Role,
  more: Partial<Caller> = {},
  isMsp = false,
): Caller {
  const actor: Caller['actor'] = {
    id: null,
    kind: 'user',
    email: `${role.toLowerCase()}@example.com`,
    name: `${role} of the tests`,
    organizationId,
    organizationName,
    role,
    superAdmin: role === 'SuperAdmin',
    provider: null,
    permissions: permissionsOf(role, isMsp),
  }
  return { actor, channel: 'api', requestId: randomUUID(), ...more }
}

export const cookieOf = (answer: Answer) =>
  [answer.headers['set-cookie']]
    .flat()
    .map((cookie) => String(cookie).split(';')[0])
    .join('; ')

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** A form with one file, as a browser sends it. */
export function fileForm(name: string, content: string | Buffer, fields: Record<string, string> = {}) {
  const boundary = '----tater-test-boundary'
  const head = Object.entries(fields).map(
    ([field, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  )
  const disposition = `form-data; name="file"; filename="${name.replaceAll('"', '%22')}"`
  const payload = Buffer.concat([
    Buffer.from(
      `${head.join('')}--${boundary}\r\nContent-Disposition: ${disposition}\r\nContent-Type: application/octet-stream\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  return { payload, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}
