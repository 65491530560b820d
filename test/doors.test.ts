/** One law behind every door: the same moves, the same refusals, the same traces, whichever way a request came. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allOperations } from '../modules/index.ts'
import { defaultLifecycle, seeds, type TaskerProfile } from '../modules/profiles/contract.ts'
import { permissionsOf } from '../modules/roles.ts'
import type { Task } from '../modules/tasks/contract.ts'
import { furnish } from './fixture.ts'
import { inputNaming } from './inputs.ts'
import { type Headers, type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let organization: TestOrganization
let headers: Headers
let url: string
let agent: Client

beforeAll(async () => {
  product = await testProduct()
  url = await product.app.listen({ port: 0, host: '127.0.0.1' })
})
beforeEach(async () => {
  organization = await product.given.organization()
  await product.given.seeds(organization)
  headers = { 'x-api-key': organization.keys.OrgAdmin }
  agent = await agentCalled('a-client/1.0')
})
afterAll(() => product?.stop())

async function agentCalled(userAgent: string): Promise<Client> {
  const client = new Client({ name: 'doors', version: '1' })
  const requestInit = { headers: { ...headers, 'user-agent': userAgent } }
  await client.connect(new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit }))
  return client
}

type Outcome = {
  ok: boolean
  error?: unknown
  message?: unknown
  allowedTransitions?: unknown
  missingFields?: unknown
  status?: unknown
}
type Change = Record<string, unknown>

const outcomeOf = (body: Record<string, unknown>, ok: boolean): Outcome =>
  ok
    ? { ok }
    : {
        ok,
        error: body.error,
        message: body.message,
        allowedTransitions: body.allowedTransitions,
        missingFields: body.missingFields,
      }

async function tool(name: string, args: Record<string, unknown>, client = agent) {
  const answer = await client.callTool({ name, arguments: args })
  const text = (answer.content as { text: string }[])[0]!.text
  const said = JSON.parse(text) as Record<string, unknown>
  return { ok: answer.isError !== true, body: (answer.isError ? said : said.data) as Record<string, unknown>, text }
}

const snakeKeys = (change: Change) =>
  Object.fromEntries(Object.entries(change).map(([name, value]) => [name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), value]))

/** The ways to change a task. */
const changing: Record<string, (task: Task, change: Change) => Promise<Outcome>> = {
  rest: async (task, change) => {
    const { status, body } = await product.request('PATCH', `/api/tasker/tasks/${task.id}`, headers, change)
    return outcomeOf(body, status === 200)
  },
  'rest by number': async (task, change) => {
    const { status, body } = await product.request('PATCH', `/api/tasker/tasks/${task.key}`, headers, change)
    return outcomeOf(body, status === 200)
  },
  mcp: async (task, change) => {
    const { ok, body } = await tool('update_tasker_task', { task_id: task.id, ...snakeKeys(change) })
    return outcomeOf(body, ok)
  },
  bulk: async (task, change) => {
    const { body } = await product.request('POST', '/api/tasker/tasks/bulk', headers, { taskIds: [task.id], change })
    const row = (body.results as { ok: boolean; error: string; message: string }[] | undefined)?.[0]
    return row ? outcomeOf(row, row.ok) : outcomeOf(body, false)
  },
}

const incident = (): Change => ({
  profileId: `profile-itil-incident-${organization.id}`,
  description: 'It stopped',
  impact: 'High',
  urgency: 'High',
  priority: 'High',
  source: 'Phone',
  assignedToEmail: 'ann@example.com',
})

describe('the same changes', () => {
  const cases: { name: string; change: Change; error?: string }[] = [
    { name: 'a legal move', change: { status: 'Assigned' } },
    { name: 'a legal move in other spelling', change: { status: 'aSSigned' } },
    { name: 'a move that is not allowed', change: { status: 'Resolved' }, error: 'TRANSITION_NOT_ALLOWED' },
    { name: 'a status nobody knows', change: { status: 'Fnord' }, error: 'UNKNOWN_STATUS' },
    { name: 'a choice nobody offers', change: { impact: 'Cosmic' }, error: 'CHOICE_NOT_ALLOWED' },
    { name: 'a required field cleared', change: { impact: null }, error: 'FIELD_REQUIRED' },
    { name: 'a field the profile does not have', change: { customFields: { fnord: 1 } }, error: 'CUSTOM_FIELD_UNKNOWN' },
    { name: 'an alias of a field', change: { assignmentGroup: 'desk', majorIncident: true } },
    {
      name: 'a change that is refused for two reasons',
      change: { status: 'Closed', impact: 'Cosmic' },
      error: 'TRANSITION_NOT_ALLOWED',
    },
  ]

  test.each(cases)('$name', async ({ change, error }) => {
    const outcomes: Record<string, Outcome> = {}
    const after: Record<string, unknown> = {}
    for (const [door, apply] of Object.entries(changing)) {
      const task = await product.given.task(organization, incident() as never)
      outcomes[door] = await apply(task, change)
      const { status, teamId, isMajorIncident, impact, priority } = (
        await product.request('GET', `/api/tasker/tasks/${task.id}`, headers)
      ).body
      after[door] = { status, teamId, isMajorIncident, impact, priority }
    }
    for (const door of Object.keys(changing)) {
      expect([door, outcomes[door]!.ok, outcomes[door]!.error]).toEqual([door, !error, error])
      expect([door, after[door]]).toEqual([door, after.rest])
      expect([door, withoutKey(outcomes[door]!.message)]).toEqual([door, withoutKey(outcomes.rest!.message)])
      // A row of a bulk change says what stands in the way in its message; the lists are the single change's.
      if (door !== 'bulk') expect([door, outcomes[door]]).toEqual([door, { ...outcomes.rest, message: outcomes[door]!.message }])
    }
  })

  test('a refusal says where to go instead', async () => {
    const task = await product.given.task(organization, incident() as never)
    const { body } = await product.request('PATCH', `/api/tasker/tasks/${task.id}`, headers, { status: 'Resolved' })
    expect(body).toMatchObject({
      status: 409,
      error: 'TRANSITION_NOT_ALLOWED',
      currentStatus: 'New',
      allowedTransitions: ['Assigned', 'Cancelled'],
      task: task.key,
    })
    expect(body.message).toContain('Assigned')
    await product.request('PATCH', `/api/tasker/tasks/${task.id}`, headers, { status: 'Assigned' })
    await product.request('PATCH', `/api/tasker/tasks/${task.id}`, headers, { status: 'In Progress' })
    const missing = await product.request('PATCH', `/api/tasker/tasks/${task.id}`, headers, { status: 'Resolved' })
    expect(missing.body).toMatchObject({
      error: 'FIELDS_REQUIRED_TO_ENTER',
      missingFields: [{ field: 'resolutionCode' }, { field: 'resolutionNotes' }],
    })
    const told = await tool('update_tasker_task', { task_id: task.key, status: 'Resolved' })
    expect(told.body).toMatchObject({
      error: 'FIELDS_REQUIRED_TO_ENTER',
      missingFields: missing.body.missingFields,
      allowedTransitions: missing.body.allowedTransitions,
    })
  })

  test('making a task: the same refusals by REST, MCP and split', async () => {
    const origin = await product.given.task(organization)
    for (const more of [
      { impact: 'Cosmic' },
      { impact: undefined },
      { status: 'Closed' },
      { profileId: 'nobody' },
      { customFields: { x: 1 } },
    ]) {
      const input = { title: 'New', category: 'IT', ...incident(), ...more }
      const rest = await product.request('POST', '/api/tasker/tasks', headers, input)
      const mcp = await tool('create_tasker_task', snakeKeys(input))
      const split = await product.request('POST', `/api/tasker/tasks/${origin.id}/split`, headers, input)
      expect(rest.status).toBeGreaterThanOrEqual(400)
      expect(outcomeOf(mcp.body, mcp.ok)).toEqual(outcomeOf(rest.body, false))
      expect(outcomeOf(split.body, false)).toEqual(outcomeOf(rest.body, false))
    }
  })

  test('describe_process tells what update then does', async () => {
    const task = await product.given.task(organization, incident() as never)
    const told = (await tool('describe_process', { task_id: task.key })).body as {
      moves: { to: string; allowed: boolean }[]
      otherStates: { to: string }[]
    }
    expect(told.moves.map((move) => [move.to, move.allowed])).toEqual([
      ['Assigned', true],
      ['Cancelled', true],
    ])
    for (const { to } of told.otherStates)
      expect((await tool('update_tasker_task', { task_id: task.key, status: to })).ok).toBe(false)
    expect((await tool('update_tasker_task', { task_id: task.key, status: told.moves[0]!.to })).ok).toBe(true)
  })
})

const withoutKey = (message: unknown) => String(message).replaceAll(/TATER-\d+/g, 'TATER-…')

describe('no sequence through any door leaves the process', () => {
  /** A process with a field of its own, one to enter a state with, a way back and a field nobody sees. */
  const own: TaskerProfile = {
    name: 'Own',
    fieldRules: { title: { required: true }, severity: { visible: false }, cause: { required: true }, tier: { visible: true } },
    customFields: [{ key: 'cause', label: 'Cause', type: 'choice', choices: ['Human', 'Machine'] }],
    statusFlow: [
      { status: 'Draft', allowedTransitions: ['Review', 'Dropped'], isInitial: true },
      { status: 'Review', allowedTransitions: ['Draft', 'Done'], setSlaResponded: true },
      {
        status: 'Done',
        allowedTransitions: ['Review'],
        isTerminal: true,
        setSlaResolved: true,
        setClosedAt: true,
        requiredFields: ['resolutionNotes'],
      },
      { status: 'Dropped', allowedTransitions: [], isTerminal: true, setClosedAt: true },
    ],
    slaDefaults: [{ priority: 'Normal', responseMinutes: 60, resolutionMinutes: 240 }],
  }
  const documents: Record<string, TaskerProfile> = {
    default: defaultLifecycle,
    own,
    ...Object.fromEntries(seeds.map(({ key, document }) => [key, document])),
  }
  const keyOf = (status: string) => status.toLowerCase().replaceAll(/[\s\-_]/g, '')
  const allStates = [...new Set(Object.values(documents).flatMap((document) => document.statusFlow.map((state) => state.status)))]

  const change = fc.record(
    {
      status: fc.constantFrom(...allStates, 'Fnord', 'in_progress', ''),
      title: fc.constantFrom('Another title', '', '  '),
      priority: fc.constantFrom('High', 'Medium', 'low', 'Fnord'),
      impact: fc.constantFrom('High', null, 'Fnord'),
      severity: fc.constantFrom('Low', null),
      resolutionCode: fc.constantFrom('Fixed', 'Solved', null),
      resolutionNotes: fc.constantFrom('Turned it off and on', null, ''),
      assignedToEmail: fc.constantFrom('bob@example.com', null),
      customFields: fc.constantFrom({ cause: 'Human' }, { cause: null }, { fnord: 1 }),
    },
    { requiredKeys: [] },
  )
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('change'),
        door: fc.constantFrom(...Object.keys(changing)),
        task: fc.nat(5),
        change,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('move'),
        door: fc.constantFrom(...Object.keys(changing)),
        task: fc.nat(5),
        to: fc.nat(9),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constantFrom('comment', 'merge', 'split', 'delete', 'restore', 'create'),
        task: fc.nat(5),
        other: fc.nat(5),
        change,
      }),
    },
  )
  type Step = { do: string; task: number; door?: string; other?: number; to?: number; change?: Change }

  async function take(step: Step, made: Task[]) {
    const task = made[step.task % made.length]!
    const path = `/api/tasker/tasks/${task.id}`
    switch (step.do) {
      case 'change':
        return changing[step.door!]!(task, step.change!)
      case 'move': {
        // One of the moves the ticket itself offers, with whatever it asks for.
        const { moves = [] } = (await product.request('GET', `${path}/process`, headers)).body as {
          moves?: { to: string; missingFields: { field: string; choices?: string[] }[] }[]
        }
        const move = moves[step.to! % Math.max(1, moves.length)]
        if (!move) return
        const fields = Object.fromEntries(move.missingFields.map(({ field, choices }) => [field, choices?.[0] ?? 'Filled in']))
        return changing[step.door!]!(task, { status: move.to, ...fields })
      }
      case 'comment':
        return product.request('POST', `${path}/comments`, headers, { body: 'Hello', visibility: 'public' })
      case 'merge':
        return product.request('POST', `${path}/merge`, headers, { into: made[step.other! % made.length]!.id })
      case 'split':
        return product.request('POST', `${path}/split`, headers, { title: 'Part', category: 'IT', ...incident(), ...step.change })
      case 'create':
        return tool('create_tasker_task', snakeKeys({ title: 'Part', category: 'IT', ...incident(), ...step.change }))
      case 'delete':
        return product.request('DELETE', path, headers)
      default:
        return product.request('POST', `${path}/restore`, headers)
    }
  }

  type Row = Record<string, unknown> & {
    id: string
    status: string
    profile_id: string | null
    custom_fields: Record<string, unknown>
  }
  type Event = { subject_id: string; action: string; data: { from: string; to: string; after?: Record<string, unknown> } }

  async function checkTheLaw() {
    const rows = await product.asOwner<Row>('select * from tasks where organization_id = $1', [organization.id])
    const events = await product.asOwner<Event>(
      "select subject_id, action, data from events where organization_id = $1 and action in ('task.created', 'task.moved', 'task.updated') order by id",
      [organization.id],
    )
    for (const row of rows) {
      const document = documentOf(row.profile_id)
      const stateOf = (status: string) => document.statusFlow.find((state) => keyOf(state.status) === keyOf(status))
      let status = document.statusFlow.find((state) => state.isInitial)!.status
      const mine = events.filter((event) => event.subject_id === row.id)
      expect(mine[0]!.action).toBe('task.created')
      for (const { action, data } of mine.slice(1)) {
        if (action !== 'task.moved') {
          expect(Object.keys(data.after ?? {})).not.toContain('status')
          continue
        }
        expect([data.from, stateOf(status)!.allowedTransitions.map(keyOf)]).toEqual([
          status,
          expect.arrayContaining([keyOf(data.to)]),
        ])
        status = data.to
      }
      expect(row.status).toBe(status)
      const state = stateOf(status)!
      expect(state.status).toBe(status)
      const required = Object.entries(document.fieldRules ?? {}).filter(([, rule]) => rule.required && rule.visible !== false)
      for (const name of [...required.map(([field]) => field), ...(state.requiredFields ?? [])])
        expect([row.status, name, isEmpty(fieldOf(row, name))]).toEqual([row.status, name, false])
      if (state.setClosedAt) expect(row.closed_at).not.toBeNull()
      if (state.setSlaResponded) expect(row.first_response_at).not.toBeNull()
      if (state.setSlaResolved || state.isTerminal) expect(row.resolved_at).not.toBeNull()
      if (['new', 'active', 'waiting'].includes(String(row.status_category)))
        expect([row.status, row.closed_at]).toEqual([row.status, null])
      const hidden = Object.entries(document.fieldRules ?? {}).filter(
        ([name, rule]) => rule.visible === false && rule.default === undefined && name === 'severity',
      )
      for (const [name] of hidden) expect([name, isEmpty(fieldOf(row, name))]).toEqual([name, true])
    }
    return rows.length
  }

  const documentOf = (profileId: string | null) =>
    profileId === null
      ? documents.default!
      : documents[
          Object.keys(documents).find(
            (key) => profileId === `profile-${key}-${organization.id}` || profileId === `profile-${key}`,
          )!
        ]!
  const columnOf = (name: string) =>
    ({ assignmentGroup: 'team_id', majorIncident: 'is_major_incident' })[name] ??
    name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)
  const fieldOf = (row: Row, name: string) => (columnOf(name) in row ? row[columnOf(name)] : row.custom_fields[name])
  const isEmpty = (value: unknown) =>
    value === null ||
    value === undefined ||
    (typeof value === 'string' && value.trim() === '') ||
    (Array.isArray(value) && value.length === 0)

  test('random walks', { timeout: 120_000 }, async () => {
    let moves = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step as fc.Arbitrary<Step>, { minLength: 12, maxLength: 30 }), async (steps) => {
        organization = await product.given.organization()
        headers = { 'x-api-key': organization.keys.OrgAdmin }
        await agent.close()
        agent = await agentCalled('walker')
        await product.given.seeds(organization)
        await product.given.profile(organization, { id: 'profile-own', ...own })
        const wanted = [
          {},
          { profileId: 'profile-own', customFields: { cause: 'Machine' } },
          incident(),
          ...seeds.map(({ key }) => ({
            ...incident(),
            profileId: `profile-${key}-${organization.id}`,
          })),
        ]
        const made: Task[] = []
        for (const input of wanted) made.push(await someTask(input))
        for (const each of steps) await take(each, made)
        await checkTheLaw()
        const [row] = await product.asOwner<{ n: number }>(
          "select count(*)::int as n from events where organization_id = $1 and action = 'task.moved'",
          [organization.id],
        )
        moves += row!.n
      }),
      { numRuns: Number(process.env.WALKS ?? 25), seed: 20261120 },
    )
    // Walks that go nowhere would prove nothing.
    expect(moves).toBeGreaterThan(50)
  })

  /** A task of this profile: what it lacks is filled in as its refusals say. */
  async function someTask(input: Change): Promise<Task> {
    let wanted: Change = { title: 'A ticket', category: 'IT', ...input }
    for (let n = 0; n < 4; n += 1) {
      const { status, body } = await product.request('POST', '/api/tasker/tasks', headers, wanted)
      if (status === 201) return body as unknown as Task
      const problems = (body.problems ?? []) as { field: string; code: string }[]
      const hidden = problems.filter((each) => each.code === 'field-hidden').map((each) => each.field)
      const missing = (body.missingFields ?? []) as { field: string; choices?: string[] }[]
      wanted = {
        ...Object.fromEntries(Object.entries(wanted).filter(([name]) => !hidden.includes(name))),
        ...Object.fromEntries(
          missing.map(({ field, choices }) => [field, choices?.[0] ?? (/Email/.test(field) ? 'ann@example.com' : 'Filled in')]),
        ),
      }
    }
    throw new Error(`No task could be made of ${JSON.stringify(wanted)}`)
  }
})

describe('the activity', () => {
  const eventsOf = (requestId: unknown) =>
    product.asOwner<Record<string, unknown>>(
      'select action, actor_kind, actor_name, channel, operation, subject_id, data from events where organization_id = $1 and request_id = $2 order by id',
      [organization.id, requestId],
    )

  test('every command leaves exactly its own records, under its request id', async () => {
    const furnished = await furnish(product, 'activity')
    organization = furnished.organization
    headers = { 'x-api-key': organization.keys.OrgAdmin }
    /** Records made by one command when it does not make exactly one. */
    const more: Record<string, number> = {
      'tasks.link': 2,
      'tasks.unlink': 2,
      'tasks.merge': 2,
      'tasks.split': 2,
      'tasks.bulk': 2,
      // What the member had connected ends with the membership, which the system says.
      'identity.remove-member': 2,
    }
    const commands = allOperations.filter((op) => op.kind === 'command' && !op.byDoor && !op.withoutOrganization)
    expect(commands.length).toBeGreaterThan(20)
    for (const op of commands) {
      const own = await furnish(product, `activity-${op.name.replaceAll('.', '-')}`)
      organization = own.organization
      const [by, asker] = op.personOnly
        ? ['web user', { cookie: await product.given.session((await product.given.member(organization, 'OrgAdmin')).email) }]
        : ['api key', { 'x-api-key': organization.keys.OrgAdmin }]
      const answer = await product.call(op, inputNaming(op, own), asker as Headers)
      const records = await eventsOf(answer.headers['x-request-id'])
      if (answer.status < 300) {
        expect([op.name, records.length]).toEqual([op.name, more[op.name] ?? 1])
        const done = records.filter(({ action }) => action !== 'credentials.ended')
        expect(new Set(done.map((record) => `${record.operation} ${record.channel} ${record.actor_kind}`))).toEqual(
          new Set([`${op.name} ${by}`]),
        )
      } else if (answer.status === 403 && !permissionsOf('OrgAdmin').has(op.permission!))
        expect([op.name, records.map(({ action }) => action)]).toEqual([op.name, ['access.refused']])
      else expect([op.name, answer.status, records]).toEqual([op.name, expect.any(Number), []])
    }
  }, 120_000)

  test('a change is recorded with what was before and after, and nothing else', async () => {
    const task = await product.given.task(organization, { title: 'Before', tags: ['a'] })
    const answer = await product.request('PATCH', `/api/tasker/tasks/${task.id}`, headers, {
      title: 'After',
      tags: ['a', 'b'],
      tier: 1,
    })
    const [record] = await eventsOf(answer.headers['x-request-id'])
    expect(record).toMatchObject({
      action: 'task.updated',
      subject_id: task.id,
      data: { key: task.key, before: { title: 'Before', tags: ['a'] }, after: { title: 'After', tags: ['a', 'b'] } },
    })
    expect(Object.keys((record!.data as { after: object }).after).sort()).toEqual(['tags', 'title'])
    const moved = await product.request('PATCH', `/api/tasker/tasks/${task.id}`, headers, { status: 'Closed' })
    expect((await eventsOf(moved.headers['x-request-id']))[0]).toMatchObject({
      action: 'task.moved',
      data: { from: 'Open', to: 'Closed', before: { status: 'Open' }, after: { status: 'Closed' } },
    })
    const nothing = await product.request('PATCH', `/api/tasker/tasks/${task.id}`, headers, { title: 'After' })
    expect(nothing.body.version).toBe(moved.body.version)
  })

  test('says through which door it came', async () => {
    const task = await product.given.task(organization)
    const person = await product.given.member(organization, 'Auditor')
    const cookie = await product.given.session(person.email)
    const channelOf = async (requestId: unknown) =>
      (await eventsOf(requestId)).map((record) => [record.channel, record.actor_kind])
    const comment = { body: 'Hello' }
    const web = await product.request('POST', `/api/tasker/tasks/${task.id}/comments`, { cookie }, comment)
    expect(await channelOf(web.headers['x-request-id'])).toEqual([['web', 'user']])
    const api = await product.request('POST', `/api/tasker/tasks/${task.id}/comments`, headers, comment)
    expect(await channelOf(api.headers['x-request-id'])).toEqual([['api', 'key']])
    for (const [userAgent, channel] of [
      ['Claude-User/1.0', 'claude'],
      ['claude-code/2', 'claude'],
      ['GitHubCopilotChat/0.3', 'copilot'],
      ['some-agent', 'mcp'],
    ] as const) {
      const client = await agentCalled(userAgent)
      const said = await tool('add_task_comment', { task_id: task.key, body: channel }, client)
      const [record] = await product.asOwner(
        "select channel, actor_kind from events where organization_id = $1 and data->>'commentId' = $2",
        [organization.id, said.body.id],
      )
      expect([userAgent, record]).toEqual([userAgent, { channel, actor_kind: 'agent' }])
      await client.close()
    }
  })

  test('reads leave nothing behind', async () => {
    const task = await product.given.task(organization)
    const count = async () =>
      (await product.asOwner('select count(*) as n from events where organization_id = $1', [organization.id]))[0]!.n
    const before = await count()
    for (const path of [
      '/api/tasker/tasks',
      `/api/tasker/tasks/${task.id}`,
      `/api/tasker/tasks/${task.id}/process`,
      '/api/activity',
      '/api/me',
    ])
      await product.request('GET', path, headers)
    await tool('list_tasker_tasks', {})
    expect(await count()).toBe(before)
    await product.request('GET', '/api/tasker/tasks/export.csv', headers)
    expect(Number(await count())).toBe(Number(before) + 1)
  })

  test('a command that fails leaves nothing but its refusal', async () => {
    const task = await product.given.task(organization)
    const refused = await product.request('PATCH', `/api/tasker/tasks/${task.id}`, headers, { status: 'Fnord', title: 'No' })
    expect([refused.status, await eventsOf(refused.headers['x-request-id'])]).toEqual([409, []])
    const forbidden = await product.request(
      'PATCH',
      `/api/tasker/tasks/${task.id}`,
      { 'x-api-key': organization.keys.Viewer },
      { title: 'No' },
    )
    expect(await eventsOf(forbidden.headers['x-request-id'])).toMatchObject([
      { action: 'access.refused', operation: 'tasks.update', data: { permission: 'tasks.write' } },
    ])
  })

  test('cannot be rewritten by the program', async () => {
    await product.given.task(organization)
    const client = new pg.Client({ connectionString: product.urls.appUrl })
    await client.connect()
    await client.query("select set_config('app.organization_id', $1, false)", [organization.id])
    expect((await client.query('select 1 from events')).rowCount).toBeGreaterThan(0)
    for (const sql of ["update events set action = 'x'", 'delete from events', 'truncate events', 'drop table events'])
      await expect(client.query(sql)).rejects.toThrow(/permission denied|must be owner/)
    await client.end()
  })
})
