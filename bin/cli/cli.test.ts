import { spawn } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { incidentLog } from '../../modules/imports/log.fixture.ts'
import { seeds } from '../../modules/profiles/contract.ts'
import { type TestOrganization, type TestProduct, testProduct } from '../../test/product.ts'
import { temporaryFolder } from '../../test/programs.ts'

const folder = temporaryFolder()
const launcher = join(import.meta.dirname, '..', 'tater')

/** A file of this test. */
function file(name: string, content: string | object): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  return path
}

type Run = { code: number | null; out: string; err: string }

/** The command as people call it, from another folder. */
function tater(args: string[], environment: Record<string, string> = {}, input = '', program = launcher): Promise<Run> {
  const { TATER_API_KEY: _k, TATER_URL: _u, ...clean } = process.env
  const child = spawn(program, args, { cwd: folder, env: { ...clean, ...environment } })
  const run: Run = { code: null, out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (run.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (run.err += text))
  child.stdin.end(input)
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...run, code })))
}

const incident = seeds.find(({ key }) => key === 'itil-incident')!.document
const profile = file('p.json', incident)
const log = file('events.csv', incidentLog)

describe('tater', () => {
  test('starts through a link, as npx makes one, and under any Node.js', async () => {
    mkdirSync(join(folder, 'bin'))
    symlinkSync(launcher, join(folder, 'bin', 'tater'))
    const { code, out } = await tater(['help'], {}, '', join(folder, 'bin', 'tater'))
    expect(code).toBe(0)
    expect(out).toContain('tater profile replay')
  })

  test.each([
    [[], 2, 'tater import FILE'],
    [['nope'], 2, 'There is no command "nope"'],
    [['profile'], 2, 'replay and validate'],
    [['import'], 2, 'Which file?'],
    [['import', 'x.csv', '--kind', 'xml'], 2, '--kind servicenow or --kind csv'],
    [['import', 'x.csv', '--kind', 'csv'], 2, 'TATER_API_KEY'],
    [['import', 'x.csv', '--kind', 'csv', '--sideways'], 2, '--sideways'],
    [['import', 'x.csv', '--kind', 'csv', '--key', 'k'], 1, 'There is no file x.csv'],
    [
      ['import', 'events.csv', '--kind', 'csv', '--key', 'k', '--url', 'http://127.0.0.1:9'],
      69,
      'No server answers at http://127.0.0.1:9',
    ],
    [['mcp'], 2, 'TATER_API_KEY'],
  ])('%j ends with %i and says why', async (args, code, message) => {
    const run = await tater(args)
    expect(run.code).toBe(code)
    expect(run.out + run.err).toContain(message)
  })
})

describe('tater profile validate', () => {
  test('says that a profile is valid', async () => {
    expect(await tater(['profile', 'validate', profile])).toMatchObject({
      code: 0,
      out: expect.stringContaining('ITIL Incident is valid (8 statuses'),
    })
  })

  test('names the line of what is wrong', async () => {
    const broken = file(
      'broken.json',
      JSON.stringify({ ...incident, statusFlow: [{ status: 'New', allowedTransitions: ['Gone'], isInitial: true }] }, null, 2),
    )
    const { code, err } = await tater(['profile', 'validate', broken])
    expect(code).toBe(1)
    expect(err).toMatch(/broken\.json:\d+:\d+: error: .*Gone/)
    expect((await tater(['profile', 'validate', file('no.json', '{\n  "name": ,\n}')])).err).toMatch(/no\.json:2:\d+: error/)
  })
})

describe('tater profile replay', () => {
  test('prints the JSON that is promised', async () => {
    const { code, out } = await tater([
      'profile',
      'replay',
      '--profile',
      profile,
      '--log',
      log,
      '--preset',
      'servicenow',
      '--json',
    ])
    expect(code).toBe(0)
    const result = JSON.parse(out)
    expect(Object.keys(result).slice(0, 4)).toEqual(['accepted', 'refused', 'casesWhollyLegal', 'moves'])
    expect(result).toMatchObject({ accepted: 14, refused: 5, casesWhollyLegal: 6, cases: 10, unknownStates: ['-100'] })
    expect(result.moves[0]).toEqual({ from: 'In Progress', to: 'Resolved', count: 4, accepted: true })
  })

  test('prints a table for people, takes other columns and standard profiles', async () => {
    const events = file(
      'mine.csv',
      'ticket;when;to\n1;2026-01-01T00:00Z;New\n1;2026-01-01T01:00Z;Assigned\n2;2026-01-01T02:00Z;New\n2;2026-01-01T03:00Z;Closed\n',
    )
    const { code, out } = await tater([
      'profile',
      'replay',
      '--profile',
      'seed:itil-incident',
      '--log',
      events,
      '--case',
      'ticket',
      '--time',
      'when',
      '--status',
      'to',
    ])
    expect(code).toBe(0)
    expect(out).toMatch(/accepted\s+New → Assigned\s+1\n\s+refused\s+New → Closed\s+1/)
    expect(out).toContain('1 moves accepted, 1 refused (50.0 %)')
  })

  test.each([
    [['--log', 'events.csv'], 2, '--profile'],
    [['--profile', 'p.json'], 2, '--log'],
    [['--profile', 'p.json', '--log', 'events.csv'], 2, 'no column "case"'],
    [['--profile', 'p.json', '--log', 'events.csv', '--preset', 'jira'], 2, 'generic, servicenow'],
    [['--profile', 'p.json', '--log', 'gone.csv'], 1, 'There is no file gone.csv'],
    [['--profile', 'open.csv', '--log', 'events.csv'], 1, 'open.csv:1:1: error'],
    [['--profile', 'p.json', '--log', 'open.csv'], 1, 'open.csv: Line 2: a quoted value begins'],
  ])('%j is refused', async (args, code, message) => {
    file('open.csv', 'case,time,status\n1,"x')
    const run = await tater(['profile', 'replay', ...args])
    expect(run).toMatchObject({ code, err: expect.stringContaining(message) })
  })
})

describe('with a server', () => {
  let product: TestProduct
  let organization: TestOrganization
  let environment: { TATER_URL: string; TATER_API_KEY: string }

  beforeAll(async () => {
    product = await testProduct()
    organization = await product.given.organization()
    await product.given.seeds(organization)
    const url = await product.app.listen({ port: 0, host: '127.0.0.1' })
    environment = { TATER_URL: url, TATER_API_KEY: organization.keys.OrgAdmin }
  })
  afterAll(() => product.stop())

  test('tater import brings a log in, prints the counts, and ends with 1 because rows failed', async () => {
    const first = await tater(['import', log, '--kind', 'servicenow'], environment)
    expect(first).toMatchObject({ code: 1, out: expect.stringContaining('8 created') })
    expect(first.out).toContain('line 25: INC6 shows no state of the profile')
    const again = await tater(['import', log, '--kind', 'servicenow', '--json'], environment)
    expect(JSON.parse(again.out)).toMatchObject({ createdCount: 0, unchangedCount: 8, failedCount: 2 })
  })

  test('tater import matches the columns of a CSV, or takes a mapping', async () => {
    const csv = file('t.csv', 'Summary,Category,Wichtig\nA,Hardware,High\n')
    const refused = await tater(['import', csv, '--kind', 'csv'], environment)
    expect(refused).toMatchObject({
      code: 1,
      out: expect.stringContaining('Hardware'),
      err: expect.stringContaining('Wichtig → (left out)'),
    })
    const mapping = file('m.json', {
      mapping: { Summary: 'title', Category: 'category', Wichtig: 'priority' },
      values: { category: { Hardware: 'IT' } },
    })
    expect(await tater(['import', csv, '--kind', 'csv', '--mapping', mapping], environment)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 created'),
    })
    expect(await tater(['import', csv, '--kind', 'csv', '--key', organization.keys.Viewer], environment)).toMatchObject({
      code: 1,
      err: expect.stringContaining('imports.run'),
    })
  })

  /** An agent's client, over stdin and stdout. */
  async function agent(options: ConstructorParameters<typeof Client>[1]) {
    const client = new Client({ name: 'claude-of-the-tests', version: '1' }, options)
    await client.connect(
      new StdioClientTransport({
        command: launcher,
        args: ['mcp'],
        env: { ...process.env, ...environment } as Record<string, string>,
      }),
    )
    return client
  }

  test.each([
    ['the newest revision', { versionNegotiation: { mode: { pin: '2026-07-28' } } }, '2026-07-28'],
    ['2025-11-25', {}, '2025-11-25'],
  ] as const)('tater mcp serves %s the same tools and refusals', async (_name, options, version) => {
    const client = await agent(options as never)
    expect(client.getNegotiatedProtocolVersion()).toBe(version)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toContain('describe_process')
    const made = await client.callTool({ name: 'create_tasker_task', arguments: { title: 'By an agent', category: 'IT' } })
    const { data } = JSON.parse((made.content as { text: string }[])[0]!.text)
    const moved = await client.callTool({ name: 'update_tasker_task', arguments: { task_id: data.key, status: 'Nowhere' } })
    expect(moved.isError).toBe(true)
    expect((moved.content as { text: string }[])[0]!.text).toContain('UNKNOWN_STATUS')
    const [event] = await product.asOwner(`select channel from events where action = 'task.created' and data->>'key' = $1`, [
      data.key,
    ])
    expect(event).toEqual({ channel: 'claude' })
    await client.close()
  })

  test('tater mcp answers what is wrong instead of staying silent', async () => {
    const ask = '{"jsonrpc":"2.0","id":7,"method":"tools/list"}'
    const answers = async (more: Record<string, string>, input: string) => {
      const { code, out } = await tater(['mcp'], { ...environment, ...more }, input)
      expect(code).toBe(0)
      return out
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    }
    expect(await answers({ TATER_API_KEY: `tater_${'0'.repeat(32)}` }, ask)).toMatchObject([
      { id: 7, error: { message: expect.stringContaining('not valid any more') } },
    ])
    expect(await answers({ TATER_URL: 'http://127.0.0.1:9' }, ask)).toMatchObject([
      { id: 7, error: { message: expect.stringContaining('No server answers') } },
    ])
    expect(await answers({}, 'nonsense\n')).toMatchObject([{ id: null, error: { code: -32700 } }])
    expect(await answers({}, '{"jsonrpc":"2.0","method":"notifications/initialized"}\n')).toEqual([])
    const ping = (id: number) => ({ jsonrpc: '2.0', id, method: 'ping' })
    expect(await answers({}, JSON.stringify([ping(1), ping(2)]))).toEqual([
      [expect.objectContaining({ id: 1 }), expect.objectContaining({ id: 2 })],
    ])
  })
})
