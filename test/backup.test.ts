import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { breaches, breachLine } from '../bin/doctor/invariants.ts'
import { jobs } from '../doors/jobs.ts'
import { startProduct } from '../doors/product.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { type Archive, openArchive, verifyParts } from '../platform/backup/archive.ts'
import { backup } from '../platform/backup/backup.ts'
import { signatureOf } from '../platform/backup/manifest.ts'
import { migrationsOf, restore } from '../platform/backup/restore.ts'
import { endOfTar, headerOf, padding } from '../platform/backup/tar.ts'
import { prepareDatabase } from '../platform/database-owner.ts'
import type { StartFailure } from '../platform/start-failure.ts'
import { archiveForge } from './archives.ts'
import { asAdmin, clusterUrl } from './database.ts'
import { fileForm, secret, type TestOrganization, type TestProduct, testProduct } from './product.ts'
import { temporaryFolder, until } from './programs.ts'

// Whole databases are made and filled, on machines that do other things as well.
vi.setConfig({ testTimeout: 180_000 })

const folder = temporaryFolder()
const files = join(folder, 'files')
const good = join(folder, 'good.tar')
const { cut, file, forged, tampered } = archiveForge(folder, good)
const launcher = join(import.meta.dirname, '..', 'bin', 'tater')
const databases: string[] = []
const roles: string[] = []

let product: TestProduct
let organization: TestOrganization
let other: TestOrganization
let ticket: string

beforeAll(async () => {
  product = await testProduct({ attachmentsFolder: files, services: ['server'] })
  const { given } = product
  ;[organization, other] = [await given.organization('Northwind'), await given.organization('Contoso', 'CON')]
  await Promise.all([given.seeds(organization), given.seeds(other)])
  await given.member(organization, 'OrgAdmin', 'ann@example.com')
  const odd = 'A tab\there, a line\nthere, a \\ and \\N, „quotes“ and 🖨'
  ticket = (await given.task(organization, { title: 'The printer\\N of room 5', description: odd })).id
  await given.comment(organization, ticket, odd, 'public')
  for (let n = 0; n < 20; n += 1) await given.task(n % 2 ? other : organization, { title: `Ticket ${n}` })
  const { payload, headers } = fileForm('picture.txt', randomBytes(70_000).toString('base64'))
  const upload = await product.request(
    'POST',
    `/api/tasker/tasks/${ticket}/attachments`,
    { ...headers, ...keyOf(organization) },
    payload,
  )
  expect(upload.status, upload.text).toBe(201)
  await given.task(organization, { title: 'Waits for the queue' })
  const csv = fileForm('tickets.csv', 'Title,Category\nFrom the file,IT\n', { kind: 'csv' })
  const sent = await product.request('POST', '/api/imports', { ...csv.headers, ...keyOf(organization) }, csv.payload)
  expect(sent.status, sent.text).toBe(201)
  const started = await product.request('POST', `/api/imports/${sent.body.id}/start`, keyOf(organization), {
    mapping: { Title: 'title', Category: 'category' },
  })
  expect(started.status, started.text).toBeLessThan(300)
  await backup(good, optionsFor())
})
afterAll(async () => {
  await product.stop()
  await asAdmin(...databases.map((name) => `drop database if exists ${name} with (force)`))
  await asAdmin(...[...databases.map((name) => `${name}_app`), ...roles].map((name) => `drop role if exists ${name}`))
})

const optionsFor = (more: object = {}) => ({
  ownerUrl: product.urls.ownerUrl,
  attachments: files,
  secret,
  version: '0.0.0-test',
  ...more,
})

const keyOf = (whose: TestOrganization) => ({ 'x-api-key': whose.keys.OrgAdmin })

/** A database without anything, and a folder that is not there yet. */
async function nowhere(owner = 'postgres') {
  const name = `backup_test_${process.pid}_${databases.length}`
  databases.push(name)
  await asAdmin(`create database ${name} owner ${owner}`)
  return { ownerUrl: clusterUrl(name), attachments: join(folder, name), queues: jobs }
}

async function ask<T extends Record<string, unknown>>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<T>(sql)).rows
  } finally {
    await client.end()
  }
}

const tablesIn = async (url: string) =>
  (
    await ask<{ name: string }>(
      url,
      `select schemaname || '.' || tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    )
  ).map(({ name }) => name)

/** As `tater restore` does it. */
async function restoreFrom(path: string, where: Awaited<ReturnType<typeof nowhere>>): Promise<Archive> {
  const archive = await openArchive(path)
  await verifyParts(archive)
  await restore(archive, where)
  return archive
}

/** What the product answers to the same questions, with what belongs to the request itself taken out. */
async function answers(app: TestProduct['app']) {
  const questions = [
    '/api/tasker/tasks?limit=100',
    `/api/tasker/tasks/${ticket}`,
    `/api/tasker/tasks/${ticket}/comments`,
    '/api/tasker/tasks?q=printer',
    '/api/tasker/profiles',
    '/api/imports',
    '/api/members',
    '/api/activity?limit=100',
  ]
  const said: Record<string, unknown> = {}
  for (const whose of [organization, other])
    for (const url of questions) {
      const answer = await app.inject({ method: 'GET', url, headers: keyOf(whose) })
      said[`${whose.name} ${url}`] = [answer.statusCode, answer.body.replaceAll(/"(requestId|instance)":"[^"]+"/g, '')]
    }
  return said
}

const startRestored = (
  where: { ownerUrl: string; attachments: string },
  services: readonly ('server' | 'worker')[] = ['server'],
) =>
  startProduct({
    ...where,
    attachmentsFolder: where.attachments,
    publicUrl: 'http://localhost',
    secret,
    version: '0.0.0-test',
    logLevel: 'silent',
    services,
  })

test('a restored product answers as the one that was backed up, goes on with its jobs, and every invariant holds', async () => {
  const where = await nowhere()
  await restoreFrom(good, where)
  expect((await breaches(where.ownerUrl)).map(breachLine)).toEqual([])
  const before = await answers(product.app)
  expect(before[`Northwind /api/tasker/tasks/${ticket}`]).toMatchObject([200, expect.stringContaining('room 5')])
  const restored = await startRestored(where)
  try {
    expect(await answers(restored.app)).toEqual(before)
    const [row] = await ask<{ id: string }>(where.ownerUrl, 'select id from attachments')
    const bytes = await restored.app.inject({ url: `/api/tasker/attachments/${row!.id}`, headers: keyOf(organization) })
    expect(bytes.statusCode).toBe(200)
    expect(bytes.rawPayload.equals(readFileSync(join(files, organization.id, row!.id)))).toBe(true)
    const next = await restored.app.inject({
      method: 'POST',
      url: '/api/tasker/tasks',
      headers: keyOf(other),
      payload: { title: 'The next', category: 'IT' },
    })
    expect(next.json().number).toBe(1011)
  } finally {
    await restored.stop()
  }
  const working = await startRestored(where, ['server', 'worker'])
  try {
    await until(async () => (await ask(where.ownerUrl, `select from imports where status = 'finished'`)).length === 1)
    expect(await ask(where.ownerUrl, `select title from tasks where title = 'From the file'`)).toHaveLength(1)
  } finally {
    await working.stop()
  }
})

test('the restored schema is that of the migrations, policies and all', async () => {
  const where = await nowhere()
  await restoreFrom(good, where)
  const { schemaDump } = await import('../bin/generate/database.ts')
  const dumpOf = async (url: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return await schemaDump(client)
    } finally {
      await client.end()
    }
  }
  expect(await dumpOf(where.ownerUrl)).toBe(await dumpOf(product.urls.ownerUrl))
  expect(await ask(where.ownerUrl, `select tgname from pg_trigger where tgenabled <> 'O' and not tgisinternal`)).toEqual([])
})

test('a backup under load is of one instant: whole tickets, and everything acknowledged before it began', async () => {
  const path = join(folder, 'under-load.tar')
  const acknowledged: string[] = []
  let going = true
  const caller = organization.caller()
  const writer = async () => {
    while (going) {
      const { id } = await product.given.task(organization, { title: 'Under load' })
      await product.execute(tasks.update, caller, { taskId: id, title: 'Under more load' })
      await product.given.comment(organization, id)
      acknowledged.push(id)
    }
  }
  const writers = [writer(), writer(), writer()]
  await until(() => acknowledged.length >= 10)
  const before = acknowledged.slice()
  await backup(path, optionsFor())
  const during = acknowledged.length - before.length
  going = false
  await Promise.all(writers)
  expect(during, 'writers went on while the backup ran').toBeGreaterThan(0)
  const where = await nowhere()
  await restoreFrom(path, where)
  expect((await breaches(where.ownerUrl)).map(breachLine)).toEqual([])
  const kept = new Set((await ask<{ id: string }>(where.ownerUrl, 'select id from tasks')).map(({ id }) => id))
  expect(before.filter((id) => !kept.has(id))).toEqual([])
})

test('an owner that may not pass the policies backs up everything all the same, and restores it', async () => {
  const owner = `backup_owner_${process.pid}`
  roles.push(owner)
  await asAdmin(`create role ${owner} login password 'pw'`)
  const where = await nowhere(owner)
  const url = new URL(where.ownerUrl)
  Object.assign(url, { username: owner, password: 'pw' })
  const limited = { ...where, ownerUrl: url.href }
  // Roles are the administrator's to make; the refusal says which.
  const refusal = await prepareDatabase(limited.ownerUrl, []).then(
    () => '',
    ({ message }: StartFailure) => message,
  )
  await asAdmin(...refusal.split('\n').filter((line) => line.startsWith('  ')))
  await restoreFrom(good, limited)
  expect((await breaches(limited.ownerUrl)).map(breachLine)).toEqual([])
  const again = join(folder, 'limited.tar')
  await backup(again, optionsFor({ ownerUrl: limited.ownerUrl, attachments: limited.attachments }))
  const counts = async (path: string) => (await openArchive(path)).manifest.tables.map(({ name, rows }) => [name, rows])
  expect(await counts(again)).toEqual(await counts(good))
})

describe('an archive that is not right is refused, says what is wrong, and changes nothing', () => {
  const bad: [string, () => string, RegExp][] = [
    [
      'cut off in the middle',
      () => cut('half.tar', (length) => Math.floor(length / 2)),
      /is damaged: it is cut off in .+, after \d+ bytes/,
    ],
    ['cut off at the end', () => cut('end.tar', (length) => length - 1024), /is damaged: it is cut off after/],
    ['empty', () => cut('empty.tar', () => 0), /is damaged: it is cut off after 0 bytes/],
    ['something else', () => file('x.tar', Buffer.from('x'.repeat(4096))), /it is no tar file/],
    [
      'of another product',
      () => forged('foreign.tar', ({ manifest }) => Object.assign(manifest, { product: 'Other' })),
      /is a backup of Other/,
    ],
    [
      'without a manifest',
      () => file('plain.tar', Buffer.concat([headerOf('a.txt', 1, new Date()), Buffer.from('a'), padding(1), endOfTar()])),
      /is no backup of TATER Ops: manifest\.json is missing/,
    ],
    [
      'newer in its form',
      () => forged('form.tar', ({ manifest }) => Object.assign(manifest, { format: 99 })),
      /made by the newer version/,
    ],
    [
      'of a newer database',
      () => forged('newer.tar', ({ manifest }) => manifest.migrations.push({ number: 9000, name: '9000_later', sha256: '0' })),
      /is newer than this program.*9000_later/,
    ],
    [
      'of other migrations',
      () => forged('migrations.tar', ({ manifest }) => (manifest.migrations[3]!.sha256 = '0')),
      /another migration 0004_profiles/,
    ],
    [
      'short of a part',
      () => forged('short.tar', (_, parts) => parts.delete('tables/public.tasks/000001.zst')),
      /tables\/public\.tasks\/000001\.zst is missing/,
    ],
    [
      'with a part too many',
      () => forged('more.tar', (_, parts) => parts.set('tables/evil.zst', Buffer.from('x'))),
      /tables\/evil\.zst does not belong/,
    ],
    [
      'with another byte',
      () =>
        forged('byte.tar', (_, parts) => {
          const bytes = Buffer.from(parts.get('tables/public.tasks/000001.zst')!)
          bytes[bytes.length >> 1]! ^= 1
          parts.set('tables/public.tasks/000001.zst', bytes)
        }),
      /the bytes of tables\/public\.tasks\/000001\.zst are not those/,
    ],
    [
      'with fewer rows than it says',
      () =>
        forged('rows.tar', (signed, parts) => {
          signed.manifest.tables.find(({ name }) => name === 'tasks')!.rows += 1
          tampered(signed, 'queue.ndjson.zst', parts.get('queue.ndjson.zst')!, parts)
        }),
      /tasks has 22 rows in place of 23|tasks has \d+ rows in place of/,
    ],
    [
      'with rows that no database takes',
      () =>
        forged('rubbish.tar', (signed, parts) => {
          tampered(signed, 'tables/public.tasks/000001.zst', parts.get('tables/public.comments/000001.zst')!, parts)
        }),
      /missing data|invalid input|extra data/,
    ],
  ]
  test.each(bad)('%s', async (_, make, reason) => {
    const where = await nowhere()
    const path = make()
    await expect(
      (async () => {
        migrationsOf(await openArchive(path))
        await restoreFrom(path, where)
      })(),
    ).rejects.toThrow(reason)
    expect(await tablesIn(where.ownerUrl)).toEqual([])
    expect(existsSync(where.attachments)).toBe(false)
    expect(readdirSync(folder).filter((name) => name.includes('restoring'))).toEqual([])
  })

  test('after a refusal the right one still restores into the same place', async () => {
    const where = await nowhere()
    const path = forged('first.tar', (signed) => (signed.manifest.tables.find(({ name }) => name === 'tasks')!.rows += 1))
    await expect(restoreFrom(path, where)).rejects.toThrow(/in place of/)
    await restoreFrom(good, where)
    expect((await breaches(where.ownerUrl)).map(breachLine)).toEqual([])
  })

  test('a database or folder that holds something', async () => {
    const where = await nowhere()
    await ask(where.ownerUrl, 'create table mine (x int)')
    await expect(restoreFrom(good, where)).rejects.toThrow(/The database is not empty: it holds public\.mine/)
    expect(await tablesIn(where.ownerUrl)).toEqual(['public.mine'])
    const full = await nowhere()
    mkdirSync(full.attachments)
    writeFileSync(join(full.attachments, 'mine'), 'x')
    await expect(restoreFrom(good, full)).rejects.toThrow(/is not empty/)
    expect(await tablesIn(full.ownerUrl)).toEqual([])
    expect(readdirSync(full.attachments)).toEqual(['mine'])
  })
})

describe('tater backup and tater restore', () => {
  type Run = { code: number | null; out: string; err: string }
  const environment = (more: Record<string, string> = {}) => ({
    ...process.env,
    TATER_DATA: join(folder, 'data'),
    TATER_SECRET: secret,
    ...more,
  })
  function tater(args: string[], more: Record<string, string> = {}): Promise<Run> {
    const child = spawn(launcher, args, { cwd: folder, env: environment(more) })
    const run: Run = { code: null, out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (run.out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (run.err += text))
    return new Promise((resolve) => child.once('close', (code) => resolve({ ...run, code })))
  }
  beforeAll(() => {
    mkdirSync(join(folder, 'data'))
    copyFolder(files, join(folder, 'data', 'attachments'))
  })

  test('there and back, with the secret under a passphrase', async () => {
    const path = join(folder, 'cli.tar')
    const passphrase = { TATER_BACKUP_PASSPHRASE: 'a passphrase for the safe' }
    const made = await tater(['backup', path], { DATABASE_URL: product.urls.ownerUrl, ...passphrase })
    expect(made, made.err).toMatchObject({ code: 0, out: expect.stringMatching(/rows and \d+ files/) })
    expect(readFileSync(path).includes(secret)).toBe(false)
    expect(await tater(['backup', path], { DATABASE_URL: product.urls.ownerUrl })).toMatchObject({
      code: 2,
      err: expect.stringContaining('is there already'),
    })
    const verified = await tater(['backup', '--verify', path])
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('Signed by this installation.') })

    const where = await nowhere()
    const target = { DATABASE_URL: where.ownerUrl, TATER_DATA: join(folder, 'elsewhere') }
    const refused = await tater(['restore', path], { ...target, TATER_SECRET: 'another secret that is long enough, but wrong' })
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('another TATER_SECRET') })
    expect(await tater(['restore', path], { ...target, TATER_SECRET: '', TATER_BACKUP_PASSPHRASE: 'wrong' })).toMatchObject({
      code: 1,
      err: expect.stringContaining('does not open'),
    })
    expect(await tablesIn(where.ownerUrl)).toEqual([])
    const restored = await tater(['restore', path], { ...target, TATER_SECRET: '', ...passphrase })
    expect(restored, restored.err).toMatchObject({ code: 0, out: expect.stringContaining('every invariant holds') })
    expect(JSON.parse(readFileSync(join(folder, 'elsewhere', 'secrets.json'), 'utf8'))).toMatchObject({ secret })
  })

  test('a manifest that was rewritten by somebody without the secret is found out', async () => {
    const path = forged('rewritten.tar', ({ manifest }) => Object.assign(manifest, { version: '9.9.9' }))
    expect(await tater(['backup', '--verify', path])).toMatchObject({ code: 1, err: expect.stringContaining('was altered') })
    const where = await nowhere()
    const target = { DATABASE_URL: where.ownerUrl, TATER_DATA: join(folder, 'altered') }
    expect(await tater(['restore', path], target)).toMatchObject({ code: 1, err: expect.stringContaining('was altered') })
    expect(await tablesIn(where.ownerUrl)).toEqual([])
  })

  test.each(['SIGKILL', 'SIGTERM'] as const)('%s half-way leaves nothing that looks like a backup', async (signal) => {
    const path = join(folder, `killed-${signal}.tar`)
    const blocker = new pg.Client({ connectionString: product.urls.ownerUrl })
    await blocker.connect()
    await blocker.query('begin; lock table tasks in access exclusive mode')
    const child = spawn(launcher, ['backup', path], {
      env: environment({ DATABASE_URL: product.urls.ownerUrl }),
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => child.once('close', resolve))
    const unfinished = () => readdirSync(folder).filter((name) => name.startsWith(`${basename(path)}.unfinished`))
    await until(() => unfinished().length === 1)
    await until(
      async () =>
        (
          await ask(
            clusterUrl('postgres'),
            `select from pg_stat_activity where application_name = 'tater backup' and wait_event_type = 'Lock'`,
          )
        ).length > 0,
    )
    child.kill(signal)
    await ended
    await blocker.end()
    expect(existsSync(path)).toBe(false)
    if (signal === 'SIGTERM') expect(unfinished()).toEqual([])
    else {
      const left = join(folder, unfinished()[0]!)
      await expect(openArchive(left)).rejects.toThrow(/cut off|no backup/)
      rmSync(left)
    }
    await backup(path, optionsFor())
    await verifyParts(await openArchive(path))
  })

  test('a file that is missing or not what was uploaded is named, and the rest is kept', async () => {
    const path = join(folder, 'faults.tar')
    const damaged = join(folder, 'damaged')
    copyFolder(files, damaged)
    const [row] = await product.asOwner<{ id: string }>('select id from attachments')
    writeFileSync(join(damaged, organization.id, row!.id), 'something else')
    expect((await backup(path, optionsFor({ attachments: damaged }))).faults).toEqual([
      expect.stringContaining('its bytes have changed'),
    ])
    rmSync(join(damaged, organization.id, row!.id))
    const faults = (await backup(`${path}.2`, optionsFor({ attachments: damaged }))).faults
    expect(faults).toEqual([expect.stringContaining(`${organization.id}/${row!.id} is missing`)])
  })
})

test('the signature is over every word of the manifest', async () => {
  const { manifest, signature } = await openArchive(good)
  expect(signatureOf(manifest, secret)).toBe(signature)
  expect(signatureOf({ ...manifest, takenAt: 'another' }, secret)).not.toBe(signature)
})

function copyFolder(from: string, to: string) {
  for (const organization of readdirSync(from)) {
    mkdirSync(join(to, organization), { recursive: true })
    for (const name of readdirSync(join(from, organization)))
      copyFileSync(join(from, organization, name), join(to, organization, name))
  }
}
