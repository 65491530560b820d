/** One organization with one of everything, every text of which holds its own word. */
import { randomUUID } from 'node:crypto'
import * as comments from '../modules/comments/operations.ts'
import * as identity from '../modules/identity/operations.ts'
import * as people from '../modules/people/operations.ts'
import * as security from '../modules/security/operations.ts'
import * as settings from '../modules/settings/operations.ts'
import * as tasks from '../modules/tasks/operations.ts'
import type { Fixture } from './inputs.ts'
import { fileForm, type TestOrganization, type TestProduct } from './product.ts'

export type Furnished = Fixture & { organization: TestOrganization; word: string }

/** @param signedIn whether its member has a session (signing in is slow, and throttled) */
export async function furnish(product: TestProduct, word: string, { count = 3, signedIn = false } = {}): Promise<Furnished> {
  const { given, execute, asOwner } = product
  const organization = await given.organization(
    `${word} Limited`,
    word
      .replaceAll(/[^a-z]/g, '')
      .slice(0, 10)
      .toUpperCase(),
  )
  const caller = organization.caller('OrgAdmin')
  await given.seeds(organization)
  const profile = await given.profile(organization, {
    id: `profile-${word}`,
    name: `${word} process`,
    statusFlow: [
      { status: 'New', allowedTransitions: ['Closed'], isInitial: true },
      { status: 'Closed', allowedTransitions: [], isTerminal: true, setClosedAt: true },
    ],
  })
  const made = []
  for (let n = 0; n < count; n += 1) {
    const words = {
      title: `${word} title ${n}`,
      description: `${word} description`,
      tags: [`${word}-tag`],
      requesterEmail: `ann@${word}.example`,
    }
    made.push(
      await given.task(organization, {
        ...words,
        watchers: [`eve@${word}.example`],
        ...(n === 0 && { profileId: profile.id as string }),
      }),
    )
  }
  const [task, other] = made as [(typeof made)[0], (typeof made)[0]]
  const comment = await given.comment(organization, task.id, `${word} comment`)
  await execute(comments.edit, caller, { commentId: comment.id, body: `${word} comment, edited` })
  await execute(tasks.link, caller, { taskId: task.id, type: 'blocks', target: other.id })
  const form = fileForm(`${word}.txt`, `${word} file`)
  const upload = await product.request(
    'POST',
    `/api/tasker/tasks/${task.id}/attachments`,
    { 'x-api-key': organization.keys.OrgAdmin, ...form.headers },
    form.payload,
  )
  if (upload.status !== 201) throw new Error(upload.text)
  const table = fileForm(`${word}.csv`, `Title,Category\n${word} from elsewhere,IT\n`, { kind: 'csv' })
  const imported = await product.request(
    'POST',
    '/api/imports',
    { 'x-api-key': organization.keys.OrgAdmin, ...table.headers },
    table.payload,
  )
  if (imported.status !== 201) throw new Error(imported.text)
  const record = await execute(security.create, caller, {
    type: 'risk',
    title: `${word} risk`,
    description: `${word} description`,
    ownerEmail: `eve@${word}.example`,
    likelihood: 3,
    impact: 4,
  })
  const scan = await product.request(
    'POST',
    `/api/security/scans?source=${word}`,
    { 'x-api-key': organization.keys.OrgAdmin, 'content-type': 'text/csv' },
    `Control ID,Title,Severity,Result,Resource\n1.1,${word} control,High,Fail,${word}-host\n1.2,${word} other,Low,Pass,${word}-host\n`,
  )
  if (scan.status !== 201) throw new Error(scan.text)
  const view = await execute(tasks.saveView, caller, { name: `${word} view`, scope: 'organization', query: {} })
  const contact = (name: string) =>
    execute(people.saveContact, caller, { name: `${word} ${name}`, email: `${name}@${word}.example`, notes: `${word} notes` })
  const [someone, somebodyElse] = [await contact('someone'), await contact('other')]
  const category = await execute(settings.saveCategory, caller, { name: `${word} category` })
  const team = await execute(settings.saveTeam, caller, {
    id: `${word}-team`,
    name: `${word} team`,
    members: [`eve@${word}.example`],
  })
  const email = `member@${organization.id.slice(-12)}.${word}.example`
  const member = await given.member(organization, 'Auditor', email)
  if (signedIn) await given.session(email)
  const [elevationId, provider] = signedIn
    ? await withProvider(product, organization, word)
    : [randomUUID(), { id: randomUUID() }]
  const { apiKey } = await given.key(organization.id, 'Viewer', `key@${word}.example`)
  const connection = await execute(identity.addConnection, caller, {
    name: `${word} login`,
    issuer: `https://login.${word}.example`,
    clientId: `${word}-client`,
    clientSecret: `${word} client secret`,
    domains: [`${word}.example`],
  })
  const { scimToken } = await execute(identity.createScimToken, caller, {})
  const identityId = randomUUID()
  const passkeyId = randomUUID()
  await asOwner(
    `with account as (insert into auth."account" ("id", "accountId", "providerId", "userId", "name", "updatedAt")
       values ($1, $1, 'oidc:https://login.example', $3, $4, now()))
     insert into auth."passkey" ("id", "name", "publicKey", "userId", "credentialID", "counter", "deviceType", "backedUp")
       values ($2, $4, 'key', $3, $2, 0, 'singleDevice', false)`,
    [identityId, passkeyId, member.id, `${word} of mine`],
  )
  const appId = randomUUID()
  await asOwner(
    `with client as (insert into agent_clients (id, name, redirect_uris, auth_method) values ($1::text, $2::text || ' program', '{http://127.0.0.1/callback}', 'none') returning id),
       policy as (insert into tool_policies (organization_id, policy, updated_by) values ($3::uuid, '{}', $2::text)),
       usage as (insert into agent_usage (organization_id, token_id, day) values ($3::uuid, $1::uuid, current_date)),
       limits as (insert into agent_limits (organization_id, token_id) values ($3::uuid, $1::uuid))
     insert into agent_connections (organization_id, id, user_id, client_id, client_name, redirect_host, may_write)
     select $3::uuid, $1::uuid, $4::uuid, id, $2::text || ' program', 'this computer', true from client`,
    [appId, word, organization.id, member.id],
  )
  await asOwner(
    "insert into agent_tokens (organization_id, id, connection_id, kind, hash, resource, expires_at) values ($1, gen_random_uuid(), $2::uuid, 'access', sha256($2::text::bytea), 'x', now() + interval '1 hour')",
    [organization.id, appId],
  )
  const [session] = await asOwner<{ id: string }>('select id from auth."session" where "userId" = $1', [member.id])
  const [event] = await asOwner<{ id: string }>('select id from events where organization_id = $1 order by id desc limit 1', [
    organization.id,
  ])
  return {
    organization,
    word,
    taskId: task.id,
    otherTaskId: other.id,
    commentId: comment.id,
    attachmentId: String(upload.body.id),
    profileId: String(profile.id),
    viewId: view.id,
    userId: member.id,
    keyId: apiKey.id,
    sessionId: session?.id ?? '',
    organizationId: organization.id,
    importId: String(imported.body.id),
    recordId: record.id,
    scanId: String(scan.body.id),
    contactId: someone.id,
    otherContactId: somebodyElse.id,
    categoryId: category.id,
    teamId: team.id,
    eventId: event!.id,
    elevationId,
    providerId: provider.id,
    appId,
    email,
    connectionId: connection.id,
    identityId,
    passkeyId,
    scimTokenId: scimToken.id,
  }
}

/** A provider that works in the organization, and one of its people who broke glass there. */
async function withProvider({ given, request }: TestProduct, organization: TestOrganization, word: string) {
  const provider = await given.provider(`${word} Provider`)
  await given.relation(provider.organization, organization, 'T2')
  const headers = { cookie: provider.cookie }
  await request('POST', '/api/me/organization', headers, { organizationId: organization.id })
  const elevated = await request('POST', '/api/access/elevation', headers, { reason: `${word} reason`, minutes: 60 })
  if (elevated.status !== 201) throw new Error(elevated.text)
  return [String(elevated.body.id), provider.organization] as const
}

/** Every table that holds an organization's data. */
export const organizationTables = async ({ asOwner }: Pick<TestProduct, 'asOwner'>) =>
  (
    await asOwner<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'organization_id' and not a.attisdropped order by 1`,
    )
  ).map(({ name }) => name)

/** A checksum over every row of an organization, its people and their sessions. */
export async function checksum(product: Pick<TestProduct, 'asOwner'>, organizationId: string): Promise<Record<string, string>> {
  const sums: Record<string, string> = {}
  const sum = async (name: string, where: string) => {
    const [row] = await product.asOwner<{ sum: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by t::text)), '') as sum from ${name} t where ${where}`,
      [organizationId],
    )
    sums[name] = row!.sum
  }
  for (const name of await organizationTables(product)) await sum(`public."${name}"`, 'organization_id = $1')
  await sum('public.organizations', 'id = $1')
  const people = 'select user_id::text from memberships where organization_id = $1'
  await sum('auth."user"', `id in (${people})`)
  await sum('auth."account"', `"userId" in (${people})`)
  await sum('auth."passkey"', `"userId" in (${people})`)
  await sum('auth."session"', `"userId" in (${people})`)
  return sums
}

/** Every id there is in an organization's rows. */
export async function idsOf(product: Pick<TestProduct, 'asOwner'>, organizationId: string): Promise<Set<string>> {
  const ids = new Set<string>()
  for (const name of await organizationTables(product)) {
    for (const { text } of await product.asOwner<{ text: string }>(
      `select to_jsonb(t)::text as text from public."${name}" t where organization_id = $1`,
      [organizationId],
    )) {
      for (const [id] of text.matchAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g)) ids.add(id)
    }
  }
  return ids
}
