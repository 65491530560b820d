/** No organization sees or touches another's: the tables, and every operation through every door. */

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allOperations } from '../modules/index.ts'
import { standardCategories } from '../modules/settings/contract.ts'
import { type AnyOperation, routeOf } from '../platform/operation.ts'
import { inputSchema, snake } from '../platform/schemas.ts'
import { checksum, type Furnished, furnish, idsOf, organizationTables } from './fixture.ts'
import { inputNaming, isKnownParameter, namesSomething, parametersOf } from './inputs.ts'
import { fileForm, type KeyRole, requestFor, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let a: Furnished
let b: Furnished
let idsOfA: Set<string>
let url: string

beforeAll(async () => {
  product = await testProduct()
  a = await furnish(product, 'zebra', { count: 5, signedIn: true })
  idsOfA = await idsOf(product, a.organization.id)
  url = await product.app.listen({ port: 0, host: '127.0.0.1' })
})
// What one operation made of B must not be what the next one shows of it.
beforeEach(async () => {
  b = await furnish(product, 'badger')
})
afterAll(() => product?.stop())

describe('the tables', () => {
  /** Tables of no organization, each with why; grows only on purpose. */
  const shared: Record<string, string> = {
    agent_clients: 'programs register before anybody has signed in; who connected them is in agent_connections',
    organizations: 'the organizations themselves: a policy on their own id',
    platform_migrations: 'what was done to the schema; the program has no rights on it',
  }

  test('every table of an organization forces row security', async () => {
    const names = await organizationTables(product)
    const rows = await product.asOwner(
      `select relname as name, relrowsecurity as enabled, relforcerowsecurity as forced,
              (select count(*)::int from pg_policy p where p.polrelid = c.oid and p.polcmd = '*'
               and pg_get_expr(p.polqual, p.polrelid) = '(organization_id = ( SELECT current_organization() AS current_organization))') as policies
       from pg_class c where relnamespace = 'public'::regnamespace and relname = any($1) order by 1`,
      [names],
    )
    expect(names.length).toBeGreaterThan(15)
    expect(rows).toEqual(names.map((name) => ({ name, enabled: true, forced: true, policies: 1 })))
  })

  test('policies beside that one are on a list', async () => {
    const rows = await product.asOwner(
      `select tablename || '.' || policyname || ' ' || cmd as policy from pg_policies where schemaname = 'public' and not (policyname = 'organization' and cmd = 'ALL') order by 1`,
    )
    // The switcher needs a person's own memberships elsewhere, and the names of those organizations; everybody sees the own connections.
    expect(rows.map((row) => row.policy)).toEqual([
      'agent_connections.own SELECT',
      'memberships.own SELECT',
      'organizations.own SELECT',
    ])
  })

  test('every table without an organization is on the list with its reason', async () => {
    const rows = await product.asOwner<{ name: string }>(
      `select relname as name from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not exists (
         select from pg_attribute where attrelid = c.oid and attname = 'organization_id' and not attisdropped) order by 1`,
    )
    expect(rows.map((row) => row.name)).toEqual(Object.keys(shared).sort())
  })

  test('no view and no materialized view sees past the policies', async () => {
    expect(
      await product.asOwner(`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')`),
    ).toEqual([])
  })

  test('the program may do with each table what the migrations say, and no more', async () => {
    const rows = await product.asOwner<{ name: string; rights: string }>(
      `select c.relname as name, coalesce((select string_agg(lower(left(privilege_type, 1)), '' order by privilege_type)
         from aclexplode(c.relacl) where grantee = 'tater_app'::regrole), '') as rights
       from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
    )
    const rights = Object.fromEntries(rows.map(({ name, rights: letters }) => [name, letters]))
    // d delete, i insert, s select, u update. What must not be undone cannot be deleted; what must not be rewritten, not updated.
    const less: Record<string, string> = {
      events: 'is',
      profile_versions: 'is',
      comment_versions: 'is',
      provider_access: 'is',
      provider_elevations: 'isu',
      tasks: 'isu',
      comments: 'isu',
      attachments: 'isu',
      profiles: 'isu',
      security_records: 'isu',
      organizations: 'isu',
      platform_migrations: '',
    }
    expect(rights).toEqual(Object.fromEntries(rows.map(({ name }) => [name, less[name] ?? 'disu'])))
  })

  test('nothing is granted to everybody', async () => {
    const rows = await product.asOwner(
      `select relname from pg_class c, aclexplode(c.relacl) g where g.grantee = 0 and relnamespace in ('public'::regnamespace, 'auth'::regnamespace)`,
    )
    expect(rows).toEqual([])
  })

  test('the login cannot bypass a policy, owns nothing, and is a member of tater_app only', async () => {
    const login = decodeURIComponent(new URL(product.urls.appUrl).username)
    const [role] = await product.asOwner(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
              (select json_agg(roleid::regrole::text) from pg_auth_members where member = r.oid) as groups,
              (select count(*)::int from pg_shdepend where refobjid = r.oid and deptype = 'o') as owns
       from pg_roles r where rolname = $1`,
      [login],
    )
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      groups: ['tater_app'],
      owns: 0,
    })
  })

  test('functions that see past the policies are on a list', async () => {
    const rows = await product.asOwner<{ name: string; owner: string; path: string; everybody: boolean }>(
      `select p.proname as name, p.proowner::regrole::text as owner, (select setting from unnest(p.proconfig) as setting where setting like 'search_path=%') as path, has_function_privilege('public', p.oid, 'execute') as everybody
       from pg_proc p where p.prosecdef and p.pronamespace in ('public'::regnamespace, 'auth'::regnamespace) order by 1`,
    )
    const listed = [
      'all_organizations',
      'all_users',
      'belongs_only_here',
      'clients_of_asker',
      'clients_of_person',
      'common_words',
      'compliance_of_organizations',
      'connections_of_tenant',
      'end_credentials',
      'end_credentials_of_account',
      'end_credentials_of_member',
      'end_credentials_of_organization',
      'end_credentials_of_relation',
      'forget_idle_agent_clients',
      'identify_agent_token',
      'identify_api_key',
      'identify_scim_token',
      'identify_session',
      'is_unclaimed',
      'match_task_ids',
      'note_reads_of_clients',
      'organization_of_agent_token',
      'organizations_overview',
      'organizations_to_manage',
      'people_of_organization',
      'people_to_assign',
      'provider_clients',
      'provider_overview',
      'provider_queue',
      'providers_of_organization',
      'require_standing',
      'search_task_ids',
      'sign_in_choices',
    ]
    expect(rows).toEqual(listed.map((name) => ({ name, owner: 'tater_lookup', path: 'search_path=public', everybody: false })))
  })

  test('without an organization nothing shows and nothing can be put anywhere; inside one, nothing of another', async () => {
    const client = new pg.Client({ connectionString: product.urls.appUrl })
    await client.connect()
    const count = async (name: string) => Number((await client.query(`select count(*) as n from public."${name}"`)).rows[0].n)
    try {
      for (const name of await organizationTables(product)) expect([name, await count(name)]).toEqual([name, 0])
      await expect(client.query("insert into counters (name, value) values ('task', 1)")).rejects.toThrow(
        /null value|row-level security/,
      )
      await client.query("select set_config('app.organization_id', $1, false)", [b.organization.id])
      await expect(
        client.query("insert into counters (organization_id, name, value) values ($1, 'other', 1)", [a.organization.id]),
      ).rejects.toThrow(/row-level security/)
      await expect(client.query('update tasks set organization_id = $1', [a.organization.id])).rejects.toThrow(
        /row-level security/,
      )
      const link = "insert into task_links (task_id, type, target_id, created_by) values ($1, 'related', $2, 'x')"
      await expect(client.query(link, [b.taskId, a.taskId])).rejects.toThrow(/foreign key/)
      for (const name of await organizationTables(product)) {
        const other = await client.query(`select from public."${name}" where organization_id <> $1`, [b.organization.id])
        expect([name, other.rowCount]).toEqual([name, 0])
      }
      await expect(client.query('delete from events')).rejects.toThrow(/permission denied/)
      await expect(client.query("update events set action = 'x'")).rejects.toThrow(/permission denied/)
      await expect(client.query('truncate tasks')).rejects.toThrow(/permission denied/)
      await expect(client.query('alter table tasks disable row level security')).rejects.toThrow(/must be owner/)
      await expect(client.query('set role tater_lookup')).rejects.toThrow(/permission denied/)
    } finally {
      await client.end()
    }
  })
})

/** The product's own categories have the same ids everywhere. */
const everybodys = new Set(standardCategories.map(({ id }) => id))

/** What an answer says about A, apart from what the request itself said. */
function leaks(answer: string, sent: string): string[] {
  const found = [...idsOfA].filter((id) => answer.includes(id) && !sent.includes(id) && !everybodys.has(id))
  const told = sent.match(/[\w@.-]*zebra[\w@.-]*/gi) ?? []
  const rest = told.reduce((text, words) => text.replaceAll(words, ''), answer)
  return /zebra/i.test(rest) ? [...found, rest.slice(Math.max(0, rest.search(/zebra/i) - 80), 200)] : found
}

const byOperation = allOperations.filter((op) => !op.byDoor)
const callers: KeyRole[] = ['OrgAdmin', 'Viewer']

describe('every operation', () => {
  test('has only parameters that somebody has thought about (test/inputs.ts)', () => {
    const unknown = allOperations.flatMap((op) =>
      parametersOf(op)
        .filter((name) => !isKnownParameter(name))
        .map((name) => `${op.name}: ${name}`),
    )
    expect(unknown).toEqual([])
  })

  test('has a way to be called here', () => {
    const covered = new Set([...byOperation.map((op) => op.name), ...Object.keys(byDoor)])
    expect(allOperations.map((op) => op.name).filter((name) => !covered.has(name))).toEqual([])
  })

  test.each(byOperation)('$name refuses what belongs to another organization', async (op) => {
    const before = await checksum(product, a.organization.id)
    const { parameters } = routeOf(op)
    let told = '' // what B itself wrote into its own things, B may read there again
    for (const role of callers) {
      const headers = { 'x-api-key': b.organization.keys[role] }
      for (const input of variants(op)) {
        const answer = await product.call(op, input, headers)
        const sent = JSON.stringify(requestFor(op, input))
        expect([role, answer.status < 500, leaks(answer.text, told + sent)]).toEqual([role, true, []])
        if (answer.status < 300) told += sent
        const foreignPath = parameters.some((name) => name !== 'type' && input[name] === inputNaming(op, a)[name])
        if (foreignPath) expect([answer.status, op.name]).toEqual([expect.toBeOneOf([403, 404]), op.name])
      }
    }
    expect(await checksum(product, a.organization.id)).toEqual(before)
  })

  test("bodies that name another organization's things are refused, each in its way", async () => {
    const headers = { 'x-api-key': b.organization.keys.OrgAdmin }
    const say = async (name: string, input: Record<string, unknown>) => {
      const { status, body } = await product.call(allOperations.find((op) => op.name === name)!, input, headers)
      return [status, body.error ?? body]
    }
    expect(await say('tasks.link', { taskId: b.taskId, type: 'related', target: a.taskId })).toEqual([404, 'NO_SUCH_TASK'])
    expect(await say('tasks.unlink', { taskId: b.taskId, type: 'related', targetId: a.taskId })).toEqual([404, 'NO_SUCH_TASK'])
    expect(await say('tasks.merge', { taskId: b.taskId, into: a.taskId })).toEqual([404, 'NO_SUCH_TASK'])
    expect(await say('tasks.split', { taskId: b.taskId, title: 'x', profileId: a.profileId })).toEqual([404, 'NO_SUCH_PROFILE'])
    expect(await say('tasks.create', { title: 'x', profileId: a.profileId })).toEqual([404, 'NO_SUCH_PROFILE'])
    expect(await say('tasks.save-view', { id: a.viewId, name: 'x', query: {} })).toEqual([404, 'NO_SUCH_VIEW'])
    expect(await say('profiles.replay', { profileId: a.profileId, events: [] })).toEqual([404, 'NO_SUCH_PROFILE'])
    expect(await say('identity.switch-organization', { organizationId: a.organization.id })).toEqual([403, 'FORBIDDEN'])
    expect(await say('activity.list', { subjectId: a.taskId })).toEqual([200, { items: [], next: null }])
    expect(await say('tasks.list', { profileId: a.profileId })).toEqual([200, { items: [], next: null }])
    expect(await say('tasks.list', { q: 'zebra' })).toEqual([200, { items: [], next: null }])
    expect(await say('tasks.bulk', { taskIds: [a.taskId, a.otherTaskId], change: { tier: 3 } })).toMatchObject([
      200,
      { changed: 0, refused: 2 },
    ])
  })

  test('a person cannot switch into an organization they do not belong to, nor end sessions of others', async () => {
    const cookie = await product.given.session(b.email)
    const headers = { cookie, origin: 'http://localhost' }
    const before = await checksum(product, a.organization.id)
    expect(await product.request('POST', '/api/me/organization', headers, { organizationId: a.organization.id })).toMatchObject({
      status: 404,
    })
    expect(await product.request('DELETE', `/api/me/sessions/${a.sessionId}`, headers)).toMatchObject({ status: 404 })
    const mine = await product.request('GET', '/api/me/organizations', headers)
    expect(mine.body).toMatchObject({ items: [{ organization: { id: b.organization.id } }] })
    expect(leaks(mine.text, '')).toEqual([])
    expect(await checksum(product, a.organization.id)).toEqual(before)
  })
})

/** All of A's ids; A's ids inside a body under B's own path; A's numbers. */
function variants(op: AnyOperation): Record<string, unknown>[] {
  const { parameters } = routeOf(op)
  const all = inputNaming(op, a)
  const mixed = parameters.some((name) => Object.hasOwn(all, name)) ? [inputNaming(op, a, parameters, b)] : []
  const required = new Set(inputSchema(op).required)
  const least = Object.fromEntries(Object.entries(all).filter(([name]) => required.has(name) || parameters.includes(name)))
  const byNumber = 'taskId' in least ? [{ ...least, taskId: 'ZEBRA-1005' }] : []
  // One thing of A's at a time, so that no refusal of the first hides another's welcome.
  const single = Object.keys(all)
    .filter((name) => namesSomething(name) && !required.has(name) && !parameters.includes(name))
    .map((name) => ({ ...least, ...inputNaming(op, b, Object.keys(least), b), [name]: all[name] }))
  return [
    all,
    least,
    ...mixed,
    ...byNumber,
    ...single.map((input) =>
      pick(input, [...Object.keys(least), ...Object.keys(input).filter((key) => input[key] === all[key])]),
    ),
  ]
}

const pick = (input: Record<string, unknown>, names: string[]) =>
  Object.fromEntries(Object.entries(input).filter(([name]) => names.includes(name)))

/** Operations whose bytes come by a door of their own, and how to knock there with A's ids. */
const byDoor: Record<string, (headers: Record<string, string>) => Promise<void>> = {
  'comments.attach': async (headers) => {
    for (const [taskId, fields] of [
      [a.taskId, {}],
      [b.taskId, { commentId: a.commentId }],
    ] as const) {
      const form = fileForm('x.txt', 'x', fields)
      const answer = await product.request(
        'POST',
        `/api/tasker/tasks/${taskId}/attachments`,
        { ...headers, ...form.headers },
        form.payload,
      )
      expect(answer.status).toBeOneOf([403, 404])
      expect(leaks(answer.text, taskId + JSON.stringify(fields))).toEqual([])
    }
  },
  // Takes no ids of anybody: what comes in belongs to who sends it.
  'imports.upload': async (headers) => {
    const form = fileForm('x.csv', 'Title\nx', { kind: 'csv' })
    const answer = await product.request('POST', '/api/imports', { ...headers, ...form.headers }, form.payload)
    expect(answer.status).toBeOneOf([201, 403])
    expect(leaks(answer.text, 'x.csv')).toEqual([])
  },
  // What comes in belongs to who sends it.
  'scans.upload': async (headers) => {
    const answer = await product.request(
      'POST',
      '/api/security/scans?source=zebra&scannedAt=2026-01-01T00:00:00Z',
      { ...headers, 'content-type': 'text/csv' },
      'Control,Result\n1.1,pass\n',
    )
    expect(answer.status).toBeOneOf([200, 201, 403])
    expect(leaks(answer.text, 'zebra')).toEqual([])
  },
  'security.export': async (headers) => {
    for (const query of ['', 'q=zebra', 'archived=true', 'owner=eve@zebra.example']) {
      const answer = await product.request('GET', `/api/security/records/export.csv?${query}`, headers)
      expect(answer.status).toBeOneOf([200, 403])
      expect(leaks(answer.text, query)).toEqual([])
    }
  },
  'security.export-page': (headers) => byDoor['security.export']!(headers),
  'comments.get-attachment': async (headers) => {
    const answer = await product.request('GET', `/api/tasker/attachments/${a.attachmentId}`, headers)
    expect(answer.status).toBe(404)
    expect(leaks(answer.text, a.attachmentId)).toEqual([])
  },
  'activity.export': async (headers) => {
    // B's log remembers which filters B exported by, so what B asked before is no news.
    const queries = ['', 'q=zebra', `subjectId=${a.taskId}`, `after=${a.eventId}`]
    for (const format of ['csv', 'ndjson']) {
      for (const query of queries) {
        const answer = await product.request('GET', `/api/activity/export.${format}?${query}`, headers)
        expect(answer.status).toBeOneOf([200, 403, 422])
        expect(leaks(answer.text, queries.join(' '))).toEqual([])
      }
    }
  },
  'activity.export-page': (headers) => byDoor['activity.export']!(headers),
  'tasks.export': async (headers) => {
    for (const format of ['csv', 'ndjson']) {
      for (const query of ['', `profileId=${a.profileId}`, 'q=zebra', 'deleted=true', `assignedTo=ann@zebra.example`]) {
        const answer = await product.request('GET', `/api/tasker/tasks/export.${format}?${query}`, headers)
        expect(answer.status).toBeOneOf([200, 403])
        expect(leaks(answer.text, query)).toEqual([])
      }
    }
  },
  // Says only what happens in the organization of who listens (test/live.test.ts).
  'tasks.live': async (headers) => {
    const answer = await product.request('GET', '/api/live?organizationId=x', { ...headers, 'x-api-key': '' })
    expect(answer.status).toBe(401)
  },
  'msp.export-access': async (headers) => {
    const answer = await product.request('GET', '/api/access/export.csv', headers)
    expect(answer.status).toBeOneOf([200, 403])
    expect(leaks(answer.text, '')).toEqual([])
  },
  'people.export': async (headers) => {
    for (const query of ['', 'q=zebra']) {
      const answer = await product.request('GET', `/api/contacts/export.csv?${query}`, headers)
      expect(answer.status).toBeOneOf([200, 403])
      expect(leaks(answer.text, query)).toEqual([])
    }
  },
  'tasks.export-page': (headers) => byDoor['tasks.export']!(headers),
  // Works once, in an installation without organizations; afterwards the door is shut for everybody.
  'identity.set-up': async (headers) => {
    const input = { token: 'x', name: 'x', email: 'x@example.com', password, organizationName: 'x' }
    expect(await product.request('POST', '/api/setup', headers, input)).toMatchObject({ status: 403 })
  },
}
const password = 'long enough to be one'

describe('every door', () => {
  test.each(allOperations.filter((op) => op.byDoor))('$name by its own door', async (op) => {
    const knock = byDoor[op.name]
    if (!knock) throw new Error(`Say in byDoor how ${op.name} is called with another organization's ids`)
    const before = await checksum(product, a.organization.id)
    for (const role of callers) await knock({ 'x-api-key': b.organization.keys[role] })
    expect(await checksum(product, a.organization.id)).toEqual(before)
  })

  test.each(allOperations.filter((op) => op.byDoor && op.byDoor !== 'public'))('$name called past its door', async (op) => {
    const input = inputNaming(op, a)
    const before = await checksum(product, a.organization.id)
    const said = await product.execute(op, b.organization.caller('OrgAdmin'), input).then(
      (output) => JSON.stringify(output),
      (error: Error) => error.message,
    )
    expect(leaks(said, JSON.stringify(input))).toEqual([])
    expect(await checksum(product, a.organization.id)).toEqual(before)
  })

  test("every MCP tool, with A's ids", async () => {
    const before = await checksum(product, a.organization.id)
    for (const op of allOperations.filter((each) => each.mcp)) {
      b = await furnish(product, 'badger')
      for (const role of callers) {
        const client = new Client({ name: 'isolation', version: '1' })
        const requestInit = { headers: { 'x-api-key': b.organization.keys[role] } }
        await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit }))
        for (const input of variants(op)) {
          const args = Object.fromEntries(Object.entries(input).map(([name, value]) => [snake(name), value]))
          const answer = await client
            .callTool({ name: op.mcp!.tool, arguments: args })
            .catch((error: Error) => ({ isError: true, content: error.message }))
          expect([op.name, leaks(JSON.stringify(answer), JSON.stringify(args))]).toEqual([op.name, []])
          if (input.taskId === a.taskId) expect([op.name, answer.isError]).toEqual([op.name, true])
        }
        await client.close()
      }
    }
    expect(await checksum(product, a.organization.id)).toEqual(before)
  })

  test('the checksum would notice', async () => {
    const before = await checksum(product, a.organization.id)
    await product.given.comment(a.organization, a.otherTaskId)
    expect(await checksum(product, a.organization.id)).not.toEqual(before)
    expect(leaks(`so ${a.organization.name} has it`, '')).toHaveLength(1)
    expect(leaks(`so ${a.viewId} it is`, '')).toEqual([a.viewId])
  })
})
