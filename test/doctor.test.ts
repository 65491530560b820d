/** tater doctor: an installation that is well, and one thing after the other that is not. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { clockVerdict } from '../bin/doctor/database.ts'
import type { Finding } from '../bin/doctor/finding.ts'
import { certificateFinding } from '../bin/doctor/machine.ts'
import { asAdmin } from './database.ts'
import { fileForm, secret, type TestOrganization, type TestProduct, testProduct } from './product.ts'
import { temporaryFolder } from './programs.ts'

vi.setConfig({ testTimeout: 180_000 })

const folder = temporaryFolder()
const data = join(folder, 'data')
const launcher = join(import.meta.dirname, '..', 'bin', 'tater')

let product: TestProduct
let organization: TestOrganization
let file: string

beforeAll(async () => {
  mkdirSync(join(data, 'attachments'), { recursive: true })
  for (const path of [data, join(data, 'attachments')]) chmodSync(path, 0o700)
  product = await testProduct({ attachmentsFolder: join(data, 'attachments'), services: ['server'] })
  organization = await product.given.organization()
  const { id } = await product.given.task(organization)
  const { payload, headers } = fileForm('a.txt', 'some text')
  const key = { 'x-api-key': organization.keys.OrgAdmin }
  const sent = await product.request('POST', `/api/tasker/tasks/${id}/attachments`, { ...headers, ...key }, payload)
  expect(sent.status, sent.text).toBe(201)
  const [row] = await product.asOwner<{ id: string }>('select id from attachments')
  file = join(data, 'attachments', organization.id, row!.id)
})
afterAll(() => product.stop())

type Report = { healthy: boolean; findings: Finding[] }

async function doctor(
  environment: Record<string, string> = {},
): Promise<Report & { code: number | null; levels: Record<string, string> }> {
  const env = { ...process.env, DATABASE_URL: product.urls.ownerUrl, TATER_DATA: data, TATER_SECRET: secret, ...environment }
  const child = spawn(launcher, ['doctor', '--json'], { env })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const report = JSON.parse(out) as Report
  return { ...report, code, levels: Object.fromEntries(report.findings.map(({ check, level }) => [check, level])) }
}

test('nothing else is wrong with an installation that is well, and every finding says what, why and what to do', async () => {
  const { healthy, code, findings } = await doctor()
  // The cluster of the tests trades safety for speed, and the doctor notices.
  const problems = findings.filter(({ level }) => level === 'problem')
  expect(problems.map(({ what }) => what)).toEqual(['fsync, full_page_writes, synchronous_commit are off.'])
  expect({ healthy, code }).toEqual({ healthy: false, code: 1 })
  for (const { level, what, why, todo } of findings) {
    expect(what).not.toBe('')
    expect([why !== '', todo !== '']).toEqual(level === 'well' ? [false, false] : [true, true])
  }
})

test('what is wrong is found, all of it at once', async () => {
  const role = decodeURIComponent(new URL(product.urls.appUrl).username)
  const harm = [
    'alter table teams no force row level security',
    'grant update on events to tater_app',
    `update api_keys set expires_at = now() + interval '3 days' where name = 'Viewer key'`,
    `insert into pgboss.job (name, state, completed_on) values ('imports', 'failed', now())`,
    `insert into pgboss.job (name, state, created_on, start_after) values ('scans', 'created', now() - interval '1 hour', now() - interval '1 hour')`,
    `update counters set value = value + 1 where name = 'task'`,
  ]
  for (const statement of harm) await product.asOwner(statement)
  await asAdmin(`alter role ${role} createdb`)
  chmodSync(data, 0o755)
  rmSync(file)
  try {
    const { levels, code, findings } = await doctor({ TATER_LGO: 'debug', HOST: '0.0.0.0' })
    expect(levels).toMatchObject({
      'rights.row-security': 'problem',
      'rights.grants': 'problem',
      'rights.roles': 'problem',
      'keys.ending': 'warning',
      'queue.failed': 'problem',
      'queue.waiting': 'warning',
      'data.number.unused': 'problem',
      'folder.permissions': 'problem',
      'files.missing': 'problem',
      'settings.unknown': 'warning',
      'settings.public-url': 'problem',
    })
    expect(code).toBe(1)
    expect(findings.find(({ check }) => check === 'rights.row-security')?.todo).toContain(
      'alter table teams force row level security',
    )
  } finally {
    await asAdmin(`alter role ${role} nocreatedb`)
    await product.asOwner('revoke update on events from tater_app')
    chmodSync(data, 0o700)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, 'some text')
  }
})

test('malformed settings and a database that is away are findings as well', async () => {
  expect(await doctor({ PORT: 'many' })).toMatchObject({ code: 1, levels: { 'settings.malformed': 'problem' } })
  const away = await doctor({ DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' })
  expect(away).toMatchObject({ code: 1, levels: { 'database.answers': 'problem' } })
})

test('clocks and certificates are judged by how far they are off', () => {
  expect([0, 5_000, -60_000].map((ms) => clockVerdict(ms).level)).toEqual(['well', 'warning', 'problem'])
  const now = new Date('2026-01-01T00:00:00Z')
  const inDays = (days: number) => certificateFinding(new Date(now.getTime() + days * 86_400_000), now).level
  expect([90, 10, 1, -3].map(inDays)).toEqual(['well', 'warning', 'problem', 'problem'])
  expect(certificateFinding(null).level).toBe('warning')
})
