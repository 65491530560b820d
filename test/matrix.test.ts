/**
 * Every operation and every tool for everybody: let in, or refused as the tables of roles and tiers say, and the refusal
 * remembered; and no answer to anybody outside holds a row, a name or a count of the organization.
 */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { roles, tiers } from '../modules/identity/contract.ts'
import { allOperations } from '../modules/index.ts'
import { allPermissions, permissionsInClient, permissionsOf } from '../modules/roles.ts'
import { standardCategories } from '../modules/settings/contract.ts'
import type { Permission } from '../modules/vocabulary.ts'
import type { AnyOperation } from '../platform/operation.ts'
import { snake } from '../platform/schemas.ts'
import { type Furnished, furnish, idsOf } from './fixture.ts'
import { type Fixture, inputNaming, nobodys } from './inputs.ts'
import {
  type Answer,
  fileForm,
  type Headers,
  keyRoles,
  requestFor,
  type TestOrganization,
  type TestProduct,
  testProduct,
} from './product.ts'

let product: TestProduct
/** The organization asked about, with words and ids that nobody outside may ever read. */
let zebra: Furnished
let organization: TestOrganization
let idsInside: Set<string>
/** Another organization, whose words nobody of zebra may read, its providers included. */
let badger: Furnished
let idsElsewhere: Set<string>
let url: string
const headersOf: Record<string, Headers> = { nobody: {} }

beforeAll(async () => {
  product = await testProduct({ setupToken: 'the-link' })
  url = await product.app.listen({ port: 0, host: '127.0.0.1' })
  const root = await product.given.superAdmin()
  zebra = await furnish(product, 'zebra', { signedIn: true })
  organization = zebra.organization
  // The product's own categories have the same ids everywhere.
  idsInside = await idsOf(product, organization.id)
  badger = await furnish(product, 'badger')
  idsElsewhere = await idsOf(product, badger.organization.id)
  for (const { id } of standardCategories) for (const ids of [idsInside, idsElsewhere]) ids.delete(id)
  for (const role of keyRoles) headersOf[`${role} key`] = { 'x-api-key': organization.keys[role] }
  for (const role of roles) {
    if (role === 'SuperAdmin') continue
    const { email } = await product.given.member(organization, role)
    headersOf[role] = { cookie: await product.given.session(email) }
  }
  headersOf.SuperAdmin = { cookie: root.cookie }
  const inside = await product.request('POST', '/api/me/organization', headersOf.SuperAdmin, { organizationId: organization.id })
  expect(inside.status).toBe(200)
  for (const tier of tiers) {
    const { organization: msp, cookie } = await product.given.provider()
    await product.given.relation(msp, organization, tier)
    headersOf[tier] = { cookie, origin: 'http://localhost' }
    await product.request('POST', '/api/me/organization', headersOf[tier], { organizationId: organization.id })
  }
  headersOf['T3 key'] = await keyOf(headersOf.T3!)
  // Inside when the relation ended.
  const former = await product.given.provider()
  await product.given.relation(former.organization, organization, 'T3')
  headersOf.former = { cookie: former.cookie }
  await product.request('POST', '/api/me/organization', headersOf.former, { organizationId: organization.id })
  headersOf['former key'] = await keyOf(headersOf.former)
  await product.request('DELETE', `/api/access/providers/${former.organization.id}`, { 'x-api-key': organization.keys.OrgAdmin })
  headersOf['Viewer elsewhere'] = { 'x-api-key': badger.organization.keys.Viewer }
  headersOf['OrgAdmin elsewhere'] = { 'x-api-key': badger.organization.keys.OrgAdmin }
})
afterAll(() => product?.stop())

async function keyOf(headers: Headers): Promise<Headers> {
  const { body, status, text } = await product.request('POST', '/api/keys', headers, { name: 'x', role: 'OrgAdmin' })
  expect(status, text).toBe(201)
  return { 'x-api-key': String(body.key) }
}

/** People in a session, and programs with a key of theirs. */
const inside = ['nobody', ...roles, ...tiers, ...keyRoles.map((role) => `${role} key` as const), 'T3 key'] as const
const outside = ['former', 'former key', 'Viewer elsewhere', 'OrgAdmin elsewhere'] as const
type Who = (typeof inside)[number]
type Outsider = (typeof outside)[number]

const isKey = (who: Who) => who.endsWith(' key')

/** What each may do inside, by the two tables; a key of a provider what both allow. */
const mayInside = (who: Who): ReadonlySet<Permission> => {
  const name = who.replace(/ key$/, '')
  if (who === 'T3 key') return new Set([...permissionsInClient('T3')].filter((each) => permissionsOf('OrgAdmin').has(each)))
  return (tiers as readonly string[]).includes(name) ? permissionsInClient(name as 'T1') : permissionsOf(name)
}

/** What each may do where they are at home; nothing is left to those whose relation ended. */
const mayElsewhere = (who: Outsider) => permissionsOf(who.endsWith(' elsewhere') ? who.replace(' elsewhere', '') : null)

/** 403 for another reason than a permission: what the person may do at all is not the question there. */
const refusedOtherwise: Record<string, (who: Who) => boolean> = {
  // A key belongs to one organization; only a session can switch.
  'identity.switch-organization': isKey,
  // A program cannot connect another program; only a person at the screen can.
  'agents.describe-consent': isKey,
  // The example names somebody; a provider makes keys in its own name only.
  'identity.create-key': (who) => who === 'T3',
  // Whoever shows the one-time link may set up; nobody else may, whatever their role.
  'identity.set-up': () => true,
}

/** Operations that bring or fetch bytes, by their doors. */
const byDoor: Record<string, (headers: Headers, of: Fixture) => Promise<Answer>> = {
  'comments.attach': (headers, { taskId }) => {
    const form = fileForm('x.txt', 'x')
    return product.request('POST', `/api/tasker/tasks/${taskId}/attachments`, { ...headers, ...form.headers }, form.payload)
  },
  'imports.upload': (headers) => {
    const form = fileForm('x.csv', 'Title\nx', { kind: 'csv' })
    return product.request('POST', '/api/imports', { ...headers, ...form.headers }, form.payload)
  },
  'scans.upload': (headers) =>
    product.request(
      'POST',
      '/api/security/scans?source=x',
      { ...headers, 'content-type': 'text/csv' },
      'Control,Result\n1,pass\n',
    ),
  'security.export': (headers) => product.request('GET', '/api/security/records/export.csv', headers),
  'security.export-page': (headers) => product.request('GET', '/api/security/records/export.csv', headers),
  'activity.export': (headers) => product.request('GET', '/api/activity/export.csv', headers),
  'activity.export-page': (headers) => product.request('GET', '/api/activity/export.ndjson', headers),
  'comments.get-attachment': (headers, { attachmentId }) =>
    product.request('GET', `/api/tasker/attachments/${attachmentId}`, headers),
  'tasks.export': (headers) => product.request('GET', '/api/tasker/tasks/export.csv', headers),
  'tasks.export-page': (headers) => product.request('GET', '/api/tasker/tasks/export.ndjson', headers),
  'people.export': (headers) => product.request('GET', '/api/contacts/export.csv', headers),
  'msp.export-access': (headers) => product.request('GET', '/api/access/export.csv', headers),
  'tasks.live': async (headers) => {
    const abort = new AbortController()
    const answer = await fetch(`${url}/api/live`, { headers, signal: abort.signal })
    const text = answer.status === 200 ? '' : await answer.text()
    abort.abort()
    return { status: answer.status, headers: {}, text, body: text ? (JSON.parse(text) as Record<string, unknown>) : {} }
  },
  'identity.set-up': (headers) =>
    product.request('POST', '/api/setup', headers, {
      token: 'wrong',
      name: 'x',
      email: 'x@example.com',
      password: 'x'.repeat(12),
      organizationName: 'x',
    }),
}

/** With well-formed ids that belong to nobody whoever is let in learns that there is no such thing. */
function call(op: AnyOperation, headers: Headers, of: Fixture = nobodys()): Promise<Answer> {
  if (!op.byDoor) return product.call(op, inputNaming(op, of), headers)
  const knock = byDoor[op.name]
  if (!knock) throw new Error(`Say in byDoor how ${op.name} is called`)
  return knock(headers, of)
}

/** An export is asked for once, before its first page. */
const recordedAs: Record<string, string> = {
  'activity.export-page': 'activity.export',
  'tasks.export-page': 'tasks.export',
  'security.export-page': 'security.export',
}

/** Refusals of an operation that stand in the organization's activity. */
const refusals = async (operation: string) =>
  (
    await product.asOwner<{ n: number }>(
      `select count(*)::int as n from events where organization_id = $1 and action = 'access.refused' and operation = $2`,
      [organization.id, recordedAs[operation] ?? operation],
    )
  )[0]!.n

/** What changes who one is comes last: an elevation, and signing out everywhere. */
const lasts = ['msp.elevate', 'identity.revoke-sessions']
const inOrder = [...allOperations].sort((a, b) => lasts.indexOf(a.name) - lasts.indexOf(b.name))
const matrix = inOrder.flatMap((op) => inside.map((who) => ({ name: op.name, who, op })))
const foreign = inOrder.flatMap((op) => outside.map((who) => ({ name: op.name, who, op })))

/** What an answer holds of badger beside what was sent. */
const leaksOfBadger = (answer: string, sent: string) => {
  const ids = [...idsElsewhere].filter((id) => answer.includes(id) && !sent.includes(id))
  const rest = (sent.match(/[\w@.-]*badger[\w@.-]*/gi) ?? []).reduce((text, words) => text.replaceAll(words, ''), answer)
  const at = rest.search(/badger/i)
  return at < 0 ? ids : [...ids, rest.slice(Math.max(0, at - 60), at + 60)]
}

/** Words and ids of the organization that outsiders sent themselves: to hear them again is no leak. */
const told = new Set<string>()
const wordsIn = (text: string) => text.match(/[\w@.-]*zebra[\w@.-]*/gi) ?? []

function leaks(answer: string): string[] {
  const rest = [...told].sort((a, b) => b.length - a.length).reduce((text, words) => text.replaceAll(words, ''), answer)
  const at = rest.search(/zebra/i)
  const ids = [...idsInside].filter((id) => answer.includes(id) && !told.has(id))
  return at < 0 ? ids : [...ids, rest.slice(Math.max(0, at - 60), at + 60)]
}

// First of all, because the operations below sign people out. Before the tools: whoever names a foreign id finds that id again in the log of what was asked.
describe('streams, files and exports', () => {
  const files = () => [
    `/api/tasker/attachments/${zebra.attachmentId}`,
    ...['tasker/tasks/export.csv', 'tasker/tasks/export.ndjson', 'security/records/export.csv', 'activity/export.csv'].map(
      (path) => `/api/${path}`,
    ),
    '/api/activity/export.ndjson',
    '/api/access/export.csv',
  ]

  test("hold a T1's client and nothing of anybody else", async () => {
    for (const address of files()) {
      const { status, text } = await product.request('GET', address, headersOf.T1)
      // The whole activity is a file for those who audit it, which no T1 does.
      const allowed = !address.startsWith('/api/activity') || mayInside('T1').has('activity.audit')
      expect([address, status, leaksOfBadger(text, '')]).toEqual([address, allowed ? 200 : 403, []])
    }
    const { status, text } = await product.request('GET', `/api/tasker/attachments/${badger.attachmentId}`, headersOf.T1)
    expect([status, leaksOfBadger(text, badger.attachmentId)]).toEqual([404, []])
  })

  test('hold nothing once the relation is removed', async () => {
    for (const address of [...files(), '/api/live']) {
      const answer = await fetch(`${url}${address}`, { headers: headersOf.former! })
      expect([address, answer.status, leaks(await answer.text())]).toEqual([address, 400, []])
    }
  })

  test("tell a T1 of the client's changes only", async () => {
    const abort = new AbortController()
    const stream = await fetch(`${url}/api/live`, { headers: headersOf.T1!, signal: abort.signal })
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
    let heard = (await reader.read()).value ?? ''
    const elsewhere = await product.given.task(badger.organization)
    const here = await product.given.task(organization)
    while (!heard.includes(here.id)) heard += (await reader.read()).value ?? ''
    abort.abort()
    expect([heard.includes(elsewhere.id), leaksOfBadger(heard, '')]).toEqual([false, []])
  })
})

describe('every tool of agents', () => {
  const tools = allOperations.filter((op) => op.mcp)
  const clients = new Map<string, Promise<Client | string>>()
  afterAll(async () => {
    for (const client of await Promise.all(clients.values())) if (typeof client !== 'string') await client.close()
  })

  /** One client for each caller; one that cannot even be opened is an answer too. */
  function clientOf(who: string): Promise<Client | string> {
    const connect = async () => {
      const client = new Client({ name: 'matrix', version: '1' })
      const headers = { origin: 'http://localhost', ...headersOf[who] }
      const transport = new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } })
      return client.connect(transport).then(() => client, String)
    }
    const known = clients.get(who) ?? connect()
    clients.set(who, known)
    return known
  }

  /** Calls a tool with the ids of an organization. `met`: whether the door knew who calls. */
  async function use(op: AnyOperation, who: string, of: Fixture): Promise<{ answer: string; sent: string; met: boolean }> {
    const client = await clientOf(who)
    if (typeof client === 'string') return { answer: client, sent: '', met: false }
    const args = Object.fromEntries(Object.entries(inputNaming(op, of)).map(([name, value]) => [snake(name), value]))
    const answer = await client
      .callTool({ name: op.mcp!.tool, arguments: args })
      .catch((error: Error) => ({ isError: true, content: error.message }))
    return { answer: JSON.stringify(answer), sent: JSON.stringify(args), met: true }
  }

  /** How an answer says that the caller may not. */
  function refusalIn(op: AnyOperation, { answer, met }: { answer: string; met: boolean }): string | null {
    if (!met) return 'unknown'
    return answer.includes('FORBIDDEN') || answer.includes(`Tool ${op.mcp!.tool} not found`) ? 'refused' : null
  }

  const toolsInside = tools.flatMap((op) => inside.map((who) => ({ tool: op.mcp!.tool, who, op })))
  const toolsOutside = tools.flatMap((op) => outside.map((who) => ({ tool: op.mcp!.tool, who, op })))

  test.each(toolsOutside)('$tool tells $who nothing of the organization', async ({ op, who }) => {
    const said = await use(op, who, zebra)
    const { answer, sent } = said
    for (const word of [...wordsIn(sent), ...[...idsInside].filter((id) => sent.includes(id))]) told.add(word)
    expect(leaks(answer)).toEqual([])
    const allowed = op.permission === null || mayElsewhere(who).has(op.permission)
    const expected = who === 'former key' ? 'unknown' : allowed ? null : 'refused'
    expect([refusalIn(op, said), answer.slice(0, 300)]).toEqual([expected, answer.slice(0, 300)])
  })

  test.each(toolsInside)('$tool does for $who what they may, and tells nothing of another organization', async ({ op, who }) => {
    if (who !== 'SuperAdmin') {
      const { answer, sent } = await use(op, who, badger)
      expect(leaksOfBadger(answer, sent)).toEqual([])
    }
    const said = await use(op, who, nobodys())
    const { answer } = said
    const allowed = op.permission === null || mayInside(who).has(op.permission)
    const expected = who === 'nobody' ? 'unknown' : allowed ? null : 'refused'
    expect([refusalIn(op, said), answer.slice(0, 300)]).toEqual([expected, answer.slice(0, 300)])
  })

  test('none of them gives access or makes a secret', () => {
    expect(tools.filter((op) => op.personOnly).map((op) => op.name)).toEqual([])
  })

  test('the search would find a leak', () => {
    expect(leaksOfBadger(`so ${badger.organization.name} has it`, '')).toHaveLength(1)
    expect(leaksOfBadger(`so ${badger.taskId} it is`, '')).toEqual([badger.taskId])
  })
})

describe(`${foreign.length} answers to outsiders`, () => {
  test.each(foreign)('$name by $who', async ({ op, who }) => {
    const sent = op.byDoor ? `${zebra.taskId} ${zebra.attachmentId}` : JSON.stringify(requestFor(op, inputNaming(op, zebra)))
    for (const word of [...wordsIn(sent), ...[...idsInside].filter((id) => sent.includes(id))]) told.add(word)
    const { status, text, body } = await call(op, headersOf[who]!, zebra)
    expect([status < 500, leaks(text)]).toEqual([true, []])
    if (op.byDoor === 'public') return
    if (who === 'former key') expect([status, body.error]).toEqual([401, 'UNAUTHORIZED'])
    else if (who === 'former' && !op.withoutOrganization) expect([status, body.error]).toEqual([400, 'AMBIGUOUS_ORG'])
    else if (op.permission !== null && !mayElsewhere(who).has(op.permission))
      expect([status, body.error, body.permission]).toEqual([403, 'FORBIDDEN', op.permission])
    else if (op.personOnly && who !== 'former') expect([status, body.error]).toEqual([403, 'PERSON_REQUIRED'])
    else if (!refusedOtherwise[op.name]?.('OrgAdmin key')) expect(status).not.toBeOneOf([401, 403])
  })

  test('the search would find a leak', () => {
    expect(leaks(`so ${organization.name} has it`)).toHaveLength(1)
    expect(leaks('{"name":"zebra title 0"}')).toHaveLength(1)
  })
})

describe(`${matrix.length} combinations of operations with roles, tiers and keys`, () => {
  /** Refusals in the activity so far, by operation. */
  const noted = new Map<string, number>()
  test.each(matrix)('$name by $who', async ({ op, who }) => {
    const name = recordedAs[op.name] ?? op.name
    const before = noted.get(name) ?? (await refusals(op.name))
    const { status, body } = await call(op, headersOf[who]!)
    const open = op.byDoor === 'public'
    const allowed = op.permission === null || (who !== 'nobody' && mayInside(who).has(op.permission))
    const after = await refusals(op.name)
    noted.set(name, after)
    if (who === 'nobody' && !open) {
      expect([status, body.error]).toEqual([401, 'UNAUTHORIZED'])
    } else if (allowed && op.personOnly && isKey(who)) {
      expect([status, body.error, after]).toEqual([403, 'PERSON_REQUIRED', before + 1])
    } else if (refusedOtherwise[op.name]?.(who)) {
      expect([status, body.error]).toEqual([403, 'FORBIDDEN'])
    } else if (!allowed) {
      expect([status, body.error, body.permission]).toEqual([403, 'FORBIDDEN', op.permission])
      expect(body.message).toContain(op.permission)
      expect(after).toBe(before + 1)
    } else {
      expect(status).not.toBeOneOf([401, 403])
      expect(status).toBeLessThan(500)
      expect(after).toBe(before)
    }
  })
})

describe('roles', () => {
  test('every operation asks for a permission that exists, or says why for none', () => {
    const unknown = allOperations
      .filter((op) => op.permission !== null && !(op.permission in allPermissions))
      .map((op) => op.name)
    expect(unknown).toEqual([])
    // What everybody signed in may do shows only the asker (operations/me.ts).
    expect(
      allOperations
        .filter((op) => op.permission === null)
        .map((op) => op.name)
        .sort(),
    ).toEqual([
      'agents.consent',
      'agents.describe-consent',
      'agents.my-connections',
      'agents.revoke-my-connection',
      'identity.list-sessions',
      'identity.my-organizations',
      'identity.remove-passkey',
      'identity.revoke-session',
      'identity.revoke-sessions',
      'identity.switch-organization',
      'identity.unlink',
      'identity.ways-in',
      'identity.whoami',
    ])
  })

  test('are as decided: each may what the one below may, and nobody but SuperAdmin makes organizations', () => {
    const ladder = ['Requester', 'Viewer', 'Auditor', 'OrgAdmin', 'SuperAdmin'] as const
    for (let n = 1; n < ladder.length; n += 1) {
      expect([
        ladder[n],
        [...permissionsOf(ladder[n - 1]!)].filter((permission) => !permissionsOf(ladder[n]!).has(permission)),
      ]).toEqual([ladder[n], []])
    }
    // Own requests and nothing of the desk.
    expect([...permissionsOf('Requester')].filter((permission) => !permission.startsWith('requests.'))).toEqual([])
    expect(
      [...permissionsOf('Viewer')].filter(
        (permission) => permission !== 'requests.write' && /write|manage|delete|create|run|moderate|share/.test(permission),
      ),
    ).toEqual([])
    expect([...permissionsOf('Auditor')]).toEqual(expect.arrayContaining(['tasks.write', 'comments.write']))
    expect(permissionsOf('Auditor').has('profiles.manage') || permissionsOf('Auditor').has('tasks.delete')).toBe(false)
    expect(roles.filter((role) => permissionsOf(role).has('organizations.create'))).toEqual(['SuperAdmin'])
    expect([...permissionsOf('SuperAdmin')].sort()).toEqual(Object.keys(allPermissions).sort())
    for (const unknown of ['', 'superadmin', 'constructor', '__proto__', 'Owner', null])
      expect([...permissionsOf(unknown)]).toEqual([])
  })

  test('every permission is asked for somewhere', async () => {
    const asked = new Set(allOperations.map((op) => op.permission))
    // These stand beside an operation's own permission, in its rules.
    const inside = ['views.share', 'comments.moderate', 'imports.run']
    expect(
      Object.keys(allPermissions).filter((permission) => !asked.has(permission as 'tasks.read') && !inside.includes(permission)),
    ).toEqual([])
  })
})

describe('beside the table', () => {
  const refusedAs = async (headers: Headers, method: string, url: string, payload?: unknown) => {
    const { status, body } = await product.request(method, url, headers, payload)
    return [status, body.error]
  }

  test('deleted tasks show only to those who may delete, and asking is remembered', async () => {
    const task = await product.given.task(organization)
    const key = { 'x-api-key': (await product.given.key(organization.id, 'OrgAdmin')).key }
    const auditor = { 'x-api-key': (await product.given.key(organization.id, 'Auditor')).key }
    expect(await refusedAs(key, 'DELETE', `/api/tasker/tasks/${task.id}`)).toEqual([200, undefined])
    expect(await refusedAs(auditor, 'GET', `/api/tasker/tasks/${task.id}`)).toEqual([404, 'NO_SUCH_TASK'])
    expect(await refusedAs(auditor, 'GET', `/api/tasker/tasks/${task.id}/comments`)).toEqual([404, 'NO_SUCH_TASK'])
    expect(await refusedAs(key, 'GET', `/api/tasker/tasks/${task.id}`)).toEqual([200, undefined])
    const before = await refusals('tasks.list')
    expect(await refusedAs(auditor, 'GET', '/api/tasker/tasks?deleted=true')).toEqual([403, 'FORBIDDEN'])
    expect(await refusals('tasks.list')).toBe(before + 1)
    expect(await refusedAs(auditor, 'GET', '/api/tasker/tasks/export.csv?deleted=true')).toEqual([403, 'FORBIDDEN'])
    expect(await refusedAs(key, 'GET', '/api/tasker/tasks?deleted=true')).toEqual([200, undefined])
  })

  test('comments and views of others are theirs, unless one moderates or shares', async () => {
    const task = await product.given.task(organization)
    const comment = await product.given.comment(organization, task.id)
    const auditor = { 'x-api-key': (await product.given.key(organization.id, 'Auditor', 'one@example.com')).key }
    const other = { 'x-api-key': (await product.given.key(organization.id, 'Auditor', 'two@example.com')).key }
    const admin = { 'x-api-key': (await product.given.key(organization.id, 'OrgAdmin')).key }
    expect(await refusedAs(auditor, 'PATCH', `/api/tasker/comments/${comment.id}`, { body: 'mine now' })).toEqual([
      403,
      'NOT_YOURS',
    ])
    expect(await refusedAs(auditor, 'DELETE', `/api/tasker/comments/${comment.id}`)).toEqual([403, 'NOT_YOURS'])
    expect(await refusedAs(admin, 'DELETE', `/api/tasker/comments/${comment.id}`)).toEqual([200, undefined])
    expect(await refusedAs(auditor, 'POST', '/api/tasker/views', { name: 'x', scope: 'organization', query: {} })).toEqual([
      403,
      'FORBIDDEN',
    ])
    const own = await product.request('POST', '/api/tasker/views', auditor, { name: 'Mine alone', query: { q: 'x' } })
    expect(own.status).toBe(201)
    expect(await refusedAs(other, 'DELETE', `/api/tasker/views/${own.body.id}`)).toEqual([404, 'NO_SUCH_VIEW'])
    expect(await refusedAs(other, 'POST', '/api/tasker/views', { id: own.body.id, name: 'y', query: {} })).toEqual([
      404,
      'NO_SUCH_VIEW',
    ])
    expect((await product.request('GET', '/api/tasker/views', other)).text).not.toContain('Mine alone')
  })

  test('nobody gives a role that does not exist or that a key cannot have', async () => {
    const person = await product.given.member(organization, 'OrgAdmin')
    const admin = { cookie: await product.given.session(person.email) }
    for (const role of ['SuperAdmin', 'Owner', 'constructor', '__proto__', 'viewer']) {
      expect(await refusedAs(admin, 'POST', '/api/keys', { name: 'x', role })).toEqual([422, 'UNKNOWN_ROLE'])
      expect(await refusedAs(admin, 'POST', '/api/members', { name: 'x', email: 'x@example.com', role })).toEqual([
        422,
        'UNKNOWN_ROLE',
      ])
    }
    expect(await refusedAs(admin, 'POST', '/api/keys', { name: 'x', role: 'ServiceProvider' })).toEqual([422, 'UNKNOWN_ROLE'])
    expect((await product.request('POST', '/api/keys', admin, { name: 'x', role: 'Admin' })).body).toMatchObject({
      apiKey: { role: 'OrgAdmin' },
    })
  })

  test('an agent is offered exactly the tools it may use', async () => {
    for (const role of keyRoles) {
      const { key } = await product.given.key(organization.id, role)
      const client = new Client({ name: 'permissions', version: '1' })
      await client.connect(
        new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers: { 'x-api-key': key } } }),
      )
      const { tools } = await client.listTools()
      const wanted = allOperations.filter((op) => op.mcp && (op.permission === null || permissionsOf(role).has(op.permission)))
      expect([role, tools.map((tool) => tool.name).sort()]).toEqual([role, wanted.map((op) => op.mcp!.tool).sort()])
      await client.close()
    }
  })
})
