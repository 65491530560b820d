/** Credentials from before it was kept who made them (migration worth_of_credentials): the activity knows, and the first start judges them. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startProduct } from '../doors/product.ts'
import { prepareDatabase } from '../platform/database-owner.ts'
import { readMigrations } from '../platform/migrations.ts'
import { asAdmin, clusterUrl } from './database.ts'
import { secret } from './product.ts'

const name = `upgrade_${process.pid}_${randomBytes(3).toString('hex')}`
let owner: pg.Client
let product: Awaited<ReturnType<typeof startProduct>>

const organization = randomUUID()
const people: Record<string, string> = {}
const keys: Record<string, { id: string; key: string }> = {}
const connections: Record<string, string> = {}

async function person(email: string, role: string | null) {
  const id = randomUUID()
  people[email] = id
  await owner.query(`insert into auth."user" ("id", "name", "email", "emailVerified") values ($1, $2, $2, true)`, [id, email])
  if (role)
    await owner.query('insert into memberships (organization_id, user_id, role) values ($1, $2, $3)', [organization, id, role])
}

type Maker = { kind: string; id: string | null } | null

/** @param maker whom the activity names; nobody when null */
async function key(name: string, role: string, createdBy: string, maker: Maker) {
  const key = `tater_${randomBytes(16).toString('hex')}`
  const id = randomUUID()
  keys[name] = { id, key }
  await owner.query(
    `insert into api_keys (organization_id, id, name, prefix, hash, role, email, created_by) values ($1, $2, $3, $4, $5, $6, $7, $7)`,
    [organization, id, name, key.slice(0, 12), createHash('sha256').update(key).digest(), role, createdBy],
  )
  if (!maker) return
  await owner.query(
    `insert into events (organization_id, id, occurred_at, action, subject_type, subject_id, actor_id, actor_kind, actor_name, channel, operation, request_id)
     values ($1, gen_random_uuid(), now(), 'key.created', 'key', $2, $3, $4, 'x', 'web', 'identity.create-key', 'x')`,
    [organization, id, maker.id, maker.kind],
  )
}

async function connection(email: string) {
  const id = randomUUID()
  connections[email] = id
  await owner.query(
    `with client as (insert into agent_clients (id, name, redirect_uris, auth_method) values ($1::text, $4::text, '{http://127.0.0.1/x}', 'none') returning id)
     insert into agent_connections (organization_id, id, user_id, client_id, client_name, redirect_host, may_write)
     select $2, $1::uuid, $3, id, $4, 'this computer', true from client`,
    [id, organization, people[email], `Program of ${email}`],
  )
}

beforeAll(async () => {
  await asAdmin(`create database ${name}`)
  const ownerUrl = clusterUrl(name)
  const migrations = readMigrations()
  await prepareDatabase(
    ownerUrl,
    migrations.slice(
      0,
      migrations.findIndex((each) => each.name.endsWith('worth_of_credentials')),
    ),
  )
  owner = new pg.Client(ownerUrl)
  await owner.connect()
  await owner.query(`insert into organizations (id, name, slug) values ($1, 'From before', 'from-before')`, [organization])
  await person('stays@example.com', 'OrgAdmin')
  await person('lowered@example.com', 'Viewer')
  await person('gone@example.com', null)
  const by = (email: string) => ({ kind: 'user', id: people[email]! })
  const byKey = (name: string) => ({ kind: 'key', id: keys[name]!.id })
  await key('of one who stays', 'OrgAdmin', 'stays@example.com', by('stays@example.com'))
  await key('of one set lower', 'OrgAdmin', 'lowered@example.com', by('lowered@example.com'))
  await key('of one set lower, but low', 'Viewer', 'lowered@example.com', by('lowered@example.com'))
  await key('of one gone, in the name of one who stays', 'Viewer', 'stays@example.com', by('gone@example.com'))
  await key('made by a key of one set lower', 'OrgAdmin', 'stays@example.com', byKey('of one set lower'))
  await key('made by a key made by a key', 'OrgAdmin', 'system@tater.invalid', byKey('made by a key of one set lower'))
  await key('of the installation', 'OrgAdmin', 'system@tater.invalid', { kind: 'system', id: null })
  await key('made by a key of the installation', 'OrgAdmin', 'x@example.com', byKey('of the installation'))
  await key('without a trace, by one who stays', 'OrgAdmin', 'stays@example.com', null)
  await key('without a trace', 'Viewer', 'nobody@example.com', null)
  await connection('stays@example.com')
  await connection('gone@example.com')
  product = await startProduct({
    ...{ ownerUrl, attachmentsFolder: '/nonexistent', publicUrl: 'http://localhost', secret, version: 'x', logLevel: 'silent' },
    services: ['server'],
  })
})
afterAll(async () => {
  await product?.stop()
  await owner?.end()
  await asAdmin(`drop database if exists ${name} with (force)`, `drop role if exists ${name}_app`)
})

test('those whose maker has the standing work; the others have ended', async () => {
  const works = async ({ key }: { key: string }) =>
    (await product.app.inject({ url: '/api/me', headers: { 'x-api-key': key } })).statusCode === 200
  const working = await Promise.all(Object.entries(keys).map(async ([name, made]) => ((await works(made)) ? [name] : [])))
  expect(working.flat()).toEqual([
    'of one who stays',
    'of one set lower, but low',
    'of the installation',
    'made by a key of the installation',
    'without a trace, by one who stays',
  ])
  const { rows } = await owner.query('select id from agent_connections where revoked_at is null')
  expect(rows).toEqual([{ id: connections['stays@example.com'] }])
})

test('the activity says which, once, and that nobody had said so before', async () => {
  const { rows } = await owner.query(`select data, actor_name from events where action = 'credentials.ended'`)
  const prefixed = (name: string) => `${name} (${keys[name]!.key.slice(0, 12)}…)`
  expect(rows).toEqual([
    {
      actor_name: 'TATER Ops',
      data: {
        because: 'found',
        keys: [
          'made by a key made by a key',
          'made by a key of one set lower',
          'of one gone, in the name of one who stays',
          'of one set lower',
          'without a trace',
        ].map(prefixed),
        connections: ['Program of gone@example.com'],
        scimTokens: [],
      },
    },
  ])
})
