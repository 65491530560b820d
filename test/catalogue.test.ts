/** What every operation, problem and event keeps to, read off the catalogue itself. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as comments from '../modules/comments/operations.ts'
import { allOperations } from '../modules/index.ts'
import { allPermissions, permissionsOf } from '../modules/roles.ts'
import { taskSorts } from '../modules/tasks/contract.ts'
import { listTasks } from '../modules/tasks/list.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { statements } from '../platform/database.ts'
import type { AnyOperation } from '../platform/operation.ts'
import { routeOf } from '../platform/operation.ts'
import { codes } from '../platform/problem.ts'
import { inputSchema, type JsonSchema, snake } from '../platform/schemas.ts'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let organization: TestOrganization
const root = join(import.meta.dirname, '..')

beforeAll(async () => {
  product = await testProduct()
  organization = await product.given.organization()
})
afterAll(() => product?.stop())

test('every address of openapi.json is one the server answers to', async () => {
  const { body } = await product.request('GET', '/openapi.json')
  const paths = body.paths as Record<string, Record<string, { parameters: { name: string; in: string; schema: JsonSchema }[] }>>
  const asked = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters }]) => {
      const filled = parameters
        .filter((each) => each.in === 'path')
        .map(({ name, schema }) => [name, (schema.enum as string[] | undefined)?.[0] ?? 'x'])
      return [
        method.toUpperCase(),
        `/api${path.replace(/\{(\w+)\}/g, (_all, name) => Object.fromEntries(filled)[name])}`,
      ] as const
    }),
  )
  expect(asked.length).toBeGreaterThan(100)
  const answers = await Promise.all(asked.map(([method, url]) => product.request(method, url)))
  const nothing = asked.filter((_, n) => String(answers[n]!.body.message).startsWith('There is nothing at'))
  expect(nothing).toEqual([])
  expect((await product.request('GET', '/api/activity/export')).body.message).toContain('There is nothing at')
})

const repeated = (values: readonly string[]) => values.filter((value, n) => values.indexOf(value) !== n)

describe('every operation', () => {
  test('is told from the others by name, route and tool', () => {
    expect(allOperations.length).toBeGreaterThan(50)
    expect(repeated(allOperations.map((op) => op.name))).toEqual([])
    expect(repeated(allOperations.map((op) => op.route.replaceAll(/:\w+/g, ':')))).toEqual([])
    expect(repeated(allOperations.flatMap((op) => op.mcp?.tool ?? []))).toEqual([])
  })

  test.each(allOperations)('$name says in one line what it does', (op) => {
    expect(op.summary).toMatch(/^[A-Z].{5,118}[^.]$/)
    expect(op.name).toMatch(/^[a-z-]+\.[a-z-]+$/)
    expect(op.permission === null || op.permission in allPermissions).toBe(true)
    if (op.mcp) expect(op.mcp.tool).toMatch(/^[a-z]+(_[a-z]+)*$/)
    const { method, parameters } = routeOf(op)
    expect(op.kind === 'query' ? ['GET', 'POST'] : ['POST', 'PUT', 'PATCH', 'DELETE', ...(op.byDoor ? ['GET'] : [])]).toContain(
      method,
    )
    expect(parameters.filter((name) => !(name in (inputSchema(op).properties ?? {})))).toEqual([])
  })

  test.each(allOperations)('$name refuses what it does not know, by name', async (op) => {
    const result = op.input.safeParse({ fnord: 1 })
    expect(result.success).toBe(false)
    expect(JSON.stringify(result.error!.issues)).toContain('"fnord"')
    expect(inputSchema(op).additionalProperties).toBe(false)
  })

  test.each(allOperations)('$name bounds every text and list it takes', (op) => {
    expect(unbounded(inputSchema(op), op.name)).toEqual([])
  })

  test.each(allOperations)('$name has names that survive snake_case', (op) => {
    const names = Object.keys(inputSchema(op).properties ?? {})
    expect(repeated(names.map(snake))).toEqual([])
    for (const name of names)
      expect(snake(name).replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())).toBe(name)
  })
})

/** Free documents, judged by a validator of their own (profiles) or by their own limits. */
const judgedElsewhere =
  /\.(profile|statusFlow|fieldRules|slaDefaults|customFields|name|description|standardSource|isSystem|seedKey|createdAt|updatedAt|updatedBy)$/

/** What a door read from a file it stored: no request can send it. */
const readFromFile = new Set(['imports.upload.columns', 'imports.upload.columns[]', 'imports.upload.sample'])

/** Texts without a length and lists without a number of entries, by where they stand. */
function unbounded(schema: JsonSchema, path: string): string[] {
  const here = (what: string) =>
    (path.startsWith('profiles.') && judgedElsewhere.test(path)) || readFromFile.has(path) ? [] : [`${path}: ${what}`]
  const fixed =
    schema.enum !== undefined || schema.const !== undefined || schema.format === 'uuid' || schema.format === 'date-time'
  return [
    ...(schema.type === 'string' && schema.maxLength === undefined && !fixed ? here('text') : []),
    ...(schema.type === 'array' && schema.maxItems === undefined ? here('list') : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => unbounded(property, `${path}.${name}`)),
    ...(schema.items ? unbounded(schema.items, `${path}[]`) : []),
    ...(schema.anyOf ?? []).flatMap((each) => unbounded(each, path)),
  ]
}

describe('every problem', () => {
  /** Codes that are not declared by `problem(…)`. */
  const also = ['SIGN_IN_REFUSED']

  test.each([...codes, ...also])('%s has a page that says how to go on', async (code) => {
    const file = join(root, 'docs', 'errors', `${code}.md`)
    expect(existsSync(file), `docs/errors/${code}.md`).toBe(true)
    const text = readFileSync(file, 'utf8')
    for (const part of [
      '# ',
      `\`${code}\``,
      '## What happened',
      '## How to go on',
      '**People.**',
      '**Programs and agents.**',
      '## Example',
    ])
      expect(text).toContain(part)
    const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)![1]!) as Record<string, unknown>
    expect(example).toMatchObject({ error: code, type: `/docs/errors/${code}` })
    const answer = await product.request('GET', `/docs/errors/${code}`)
    expect([answer.status, answer.text]).toEqual([200, text])
  })

  test('has a page of its own only while it exists', () => {
    const pages = readdirSync(join(root, 'docs', 'errors')).map((name) => name.replace(/\.md$/, ''))
    expect(pages.filter((page) => !codes.has(page) && !also.includes(page))).toEqual([])
    expect(codes.size).toBeGreaterThan(25)
  })

  test('has a code written in one way, and no page outside its folder', async () => {
    expect([...codes].filter((code) => code !== 'internal' && !/^[A-Z]+(_[A-Z]+)*$/.test(code))).toEqual([])
    for (const code of ['..%2f..%2fpackage', 'NO_SUCH_PAGE', '%2e%2e', 'a.b'])
      expect((await product.request('GET', `/docs/errors/${code}`)).status).toBe(404)
  })
})

describe('every event', () => {
  const sources = readdirSync(join(root, 'modules'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.includes('.test.') && !/[\\/]ui[\\/]/.test(name),
  )
  const textOf = (name: string) => readFileSync(join(root, 'modules', name), 'utf8')
  const contracts = sources.filter((name) => /(contract|events)\.ts$/.test(name))
  const vocabulary = contracts.flatMap((name) =>
    [...textOf(name).matchAll(/Events = \{([\s\S]*?)\n\}/g)].flatMap(([, body]) =>
      [...body!.matchAll(/^ {2}'([a-z-]+\.[a-z-]+)':/gm)].map((match) => match[1]!),
    ),
  )
  const code = [
    ...sources.filter((name) => !contracts.includes(name)).map(textOf),
    readFileSync(join(root, 'platform', 'execute.ts'), 'utf8'),
  ].join('\n')

  test('in the vocabulary is recorded somewhere', () => {
    expect(vocabulary.length).toBeGreaterThan(25)
    expect(repeated(vocabulary)).toEqual([])
    expect(vocabulary.filter((event) => !code.includes(`'${event}'`))).toEqual([])
  })
})

describe('the number of statements', () => {
  async function count(work: () => Promise<unknown>) {
    await work() // the first time reads what is kept afterwards (a compiled profile)
    const before = statements.sent
    await work()
    return statements.sent - before
  }
  const caller = () => organization.caller('OrgAdmin')
  const run = <Op extends AnyOperation>(op: Op, input: unknown) => count(() => product.execute(op, caller(), input))

  test('of the operations used all day is small and fixed', async () => {
    await product.given.seeds(organization)
    const task = await product.given.task(organization)
    const input = { title: 'x', category: 'IT', priority: 'High', profileId: `profile-basic-${organization.id}` }
    let tier = 0
    const found = {
      create: await run(tasks.create, input),
      get: await run(tasks.get, { taskId: task.id }),
      list: await run(tasks.list, { limit: 50 }),
      search: await run(tasks.list, { q: 'printer' }),
      update: await count(() => product.execute(tasks.update, caller(), { taskId: task.id, tier: (tier++ % 4) + 1 })),
      comment: await run(comments.add, { taskId: task.id, body: 'x' }),
      conversation: await run(comments.conversation, { taskId: task.id }),
    }
    // A statement more than here is a round trip more for everybody: change these numbers only knowingly.
    expect(found).toEqual(expected)
  })

  test('does not grow with the rows', async () => {
    const inside = await product.given.organization()
    const list = () => product.execute(tasks.list, inside.caller(), { limit: 200 })
    const few = await count(list)
    for (let n = 0; n < 5; n += 1)
      await Promise.all(
        Array.from({ length: 20 }, () => product.given.task(inside, { tags: ['x'], watchers: ['a@example.com'] })),
      )
    const [task] = (await list()).items
    expect(await count(list)).toBe(few)
    const read = () => product.execute(comments.conversation, inside.caller(), { taskId: task!.id })
    const before = await count(read)
    for (let n = 0; n < 20; n += 1) await product.given.comment(inside, task!.id)
    expect(await count(read)).toBe(before)
  })

  // A search that does not fill its page asks whether the list goes on behind what it has walked.
  const expected = { create: 2, get: 1, list: 1, search: 2, update: 3, comment: 5, conversation: 3 }
})

describe('lists of a large organization', () => {
  let large: TestOrganization
  let client: pg.Client

  beforeAll(async () => {
    large = await product.given.organization()
    const others = await Promise.all(Array.from({ length: 5 }, () => product.given.organization()))
    for (const [each, rows] of [[large, 20_000], ...others.map((other) => [other, 4_000] as const)] as const) {
      await product.asOwner(
        `insert into tasks (organization_id, id, number, title, category, source, priority, priority_rank, status, status_category, requester_email, assigned_to_email, resolution_due_at, created_at, created_by, updated_at, updated_by)
         select $1, gen_random_uuid(), 1000 + n, 'Task ' || n, 'IT', 'API', 'Normal', 1 + n % 4, 'Open', (array['new', 'active', 'waiting', 'closed'])[1 + n % 4], 'r' || n % 500 || '@example.com',
                'a' || n % 50 || '@example.com', case when n % 3 = 0 then now() + n * interval '1 minute' end, now() - n * interval '1 minute', 'x', now() - n * interval '1 minute', 'x'
         from generate_series(1, $2::int) n`,
        [each.id, rows],
      )
      await product.asOwner(
        "insert into task_search (organization_id, task_id, document) select organization_id, id, to_tsvector('simple', title) from tasks where organization_id = $1",
        [each.id],
      )
    }
    await product.asOwner('analyze tasks, task_search')
    client = new pg.Client({ connectionString: product.urls.appUrl })
    await client.connect()
    await client.query("select set_config('app.organization_id', $1, false)", [large.id])
  }, 120_000)
  afterAll(() => client?.end())

  /** The list's own statement, caught on its way to a database that is not there. */
  async function statementOf(query: Record<string, unknown>) {
    const sent: { sql: string; parameters: readonly unknown[] }[] = []
    const db = new Kysely<never>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (it) => new PostgresIntrospector(it),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
      log: ({ query: { sql, parameters } }) => {
        sent.push({ sql, parameters })
      },
    })
    await listTasks(
      db as never,
      { sort: '-updatedAt', limit: 50, ...query } as never,
      { email: 'a1@example.com', permissions: permissionsOf('Viewer'), teams: [] },
      new Date(),
    )
    return sent.at(-1)!
  }

  async function planOf(query: Record<string, unknown>): Promise<string> {
    const { sql, parameters } = await statementOf(query)
    const { rows } = await client.query(`explain ${sql}`, [...parameters])
    return rows.map((row) => row['QUERY PLAN'] as string).join('\n')
  }

  test.each(taskSorts.map((sort) => ({ sort })))(
    'in the order $sort are read along an index, and not all of them',
    async ({ sort }) => {
      const plan = await planOf({ sort })
      expect(plan).toMatch(/Index (Only )?Scan/)
      expect(plan).not.toMatch(/Seq Scan on tasks/)
      expect(plan).not.toMatch(/->\s+Sort\s/) // an incremental sort of rows in order already stops after a page
    },
  )

  test.each([
    { assignedTo: 'a1@example.com' },
    { requester: 'r1@example.com' },
    { statusCategory: ['new'] },
    { open: true },
    { q: 'task 1234' },
    { profileId: 'none', assignedTo: 'me' },
  ])('with %o use an index', async (query) => {
    const plan = await planOf(query)
    expect(plan).toMatch(/Index (Only )?Scan/)
    expect(plan).not.toMatch(/Seq Scan on tasks/)
  })

  test('the words are found along their index, past the policy that would forbid it', async () => {
    const rows = await product.asOwner<{ 'QUERY PLAN': string }>(
      `explain select task_id from task_search where organization_id = '${large.id}' and document @@ to_tsquery('simple', '1234:*')`,
    )
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('task_search_words')
  })

  test('a plan without an index would be noticed', async () => {
    const { rows } = await client.query("explain select id from tasks where title = 'Task 7'")
    expect(rows.map((row) => row['QUERY PLAN'] as string).join('\n')).toMatch(/Seq Scan|Filter: .*title/)
  })
})
