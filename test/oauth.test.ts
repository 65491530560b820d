/** Connecting a program to MCP as a client nobody here wrote does it: discovery, registration, consent, tokens, the end. */
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import net from 'node:net'
import { join } from 'node:path'
import {
  Client,
  type OAuthClientInformationFull,
  type OAuthClientProvider,
  type OAuthTokens,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as identity from '../modules/identity/operations.ts'
import { type Answer, type TestOrganization, type TestProduct, testProduct } from './product.ts'
import { until } from './programs.ts'

let product: TestProduct
let organization: TestOrganization
let url: string
let person: { id: string; email: string; cookie: string }

/** A port nobody listens on: the address must be known before the product starts, for tokens are made for it. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  product = await testProduct({ publicUrl: url })
  await product.app.listen({ port, host: '127.0.0.1' })
  organization = await product.given.organization()
  await product.given.seeds(organization)
})
afterAll(() => product?.stop())

beforeEach(async () => {
  const member = await product.given.member(organization, 'OrgAdmin')
  person = { ...member, cookie: await product.given.session(member.email) }
})

const callback = 'http://127.0.0.1:33418/callback'

/** What a program keeps, and the browser it opens: here the person says yes by the form of the consent page. */
function program(choices: Record<string, unknown> = {}, redirect = callback) {
  const kept: {
    client?: OAuthClientInformationFull
    tokens?: OAuthTokens
    verifier?: string
    asked?: URL
    answer?: URLSearchParams
  } = {}
  const provider: OAuthClientProvider = {
    redirectUrl: redirect,
    clientMetadata: { client_name: 'Test program', redirect_uris: [redirect], token_endpoint_auth_method: 'none' },
    clientInformation: () => kept.client,
    saveClientInformation: (client) => {
      kept.client = client as OAuthClientInformationFull
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens) => {
      kept.tokens = tokens
    },
    codeVerifier: () => kept.verifier!,
    saveCodeVerifier: (verifier) => {
      kept.verifier = verifier
    },
    state: () => 'the-state',
    redirectToAuthorization: async (asked) => {
      kept.asked = asked
      kept.answer = await agree(asked, choices)
    },
  }
  const open = () => new StreamableHTTPClientTransport(new URL('/mcp', url), { authProvider: provider })
  return {
    kept,
    async connect() {
      const client = new Client({ name: 'oauth-test', version: '1' })
      const transport = open()
      const error = await client.connect(transport).catch((thrown: Error) => thrown)
      if (!error) return client
      if (!(error instanceof UnauthorizedError)) throw error
      await transport.finishAuth(kept.answer!)
      const again = new Client({ name: 'oauth-test', version: '1' })
      await again.connect(open())
      return again
    },
  }
}

/** What the browser does: the authorization address leads to the consent page, whose form says yes. */
async function agree(asked: URL, choices: Record<string, unknown> = {}, cookie = person.cookie): Promise<URLSearchParams> {
  const page = await product.request('GET', asked.pathname + asked.search, { cookie })
  expect([page.status, String(page.headers.location).split('?')[0]]).toEqual([302, '/connect'])
  const request = Object.fromEntries(new URLSearchParams(String(page.headers.location).split('?')[1]))
  const answer = await consent(request, choices, cookie)
  expect(answer.status, answer.text).toBe(200)
  return new URL(String(answer.body.redirectTo)).searchParams
}

/** The consent page reads the program's parameters, and speaks of them as everywhere else. */
const inOurWords = (request: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(request).map(([name, value]) => [
      name.replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase()),
      value,
    ]),
  )

const consent = (
  request: Record<string, string>,
  choices: Record<string, unknown> = {},
  cookie = person.cookie,
): Promise<Answer> =>
  product.request(
    'POST',
    '/api/me/consent',
    { cookie },
    { ...inOurWords(request), allow: true, organizationId: organization.id, ...choices },
  )

const whoami = async (client: Client) => {
  const answer = await client.callTool({ name: 'whoami', arguments: {} })
  return (JSON.parse((answer.content as { text: string }[])[0]!.text) as { data: Record<string, unknown> }).data
}

const form = (path: string, fields: Record<string, string>) =>
  fetch(`${url}/api/oauth/${path}`, { method: 'POST', body: new URLSearchParams(fields) })

const mcp = (token: string) =>
  fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  })

const refreshed = (kept: { client?: OAuthClientInformationFull; tokens?: OAuthTokens }, token = kept.tokens!.refresh_token!) =>
  form('token', { grant_type: 'refresh_token', refresh_token: token, client_id: kept.client!.client_id })

describe('the official client', () => {
  test('discovers, registers, asks, calls, refreshes; revoked, it is refused at its next call', async () => {
    const made = program()
    const client = await made.connect()
    expect(made.kept.asked!.searchParams.get('resource')).toBe(`${url}/mcp`)
    expect(made.kept.answer!.get('iss')).toBe(url)
    expect(await whoami(client)).toMatchObject({
      email: person.email,
      kind: 'agent',
      channel: 'mcp',
      organization: { id: organization.id, role: 'OrgAdmin' },
    })
    const created = await client.callTool({ name: 'create_tasker_task', arguments: { title: 'By a program', category: 'IT' } })
    expect(created.isError ?? false).toBe(false)

    const answer = await refreshed(made.kept)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const tokens = (await answer.json()) as OAuthTokens
    expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'mcp:read mcp:write' })
    expect((await mcp(tokens.access_token)).status).toBe(200)

    expect((await form('revoke', { token: tokens.refresh_token!, client_id: made.kept.client!.client_id })).status).toBe(200)
    expect((await mcp(tokens.access_token)).status).toBe(401)
    expect((await mcp(made.kept.tokens!.access_token)).status).toBe(401)
    expect((await (await refreshed(made.kept, tokens.refresh_token)).json()) as object).toMatchObject({ error: 'invalid_grant' })
    await client.close()
  })

  test('keeps nothing readable: only hashes are stored, and no log entry holds a token', async () => {
    const { kept, connect } = program()
    await (await connect()).close()
    const stored = JSON.stringify([
      await product.asOwner('select * from agent_tokens'),
      await product.asOwner('select * from agent_clients'),
      await product.asOwner('select * from events where organization_id = $1', [organization.id]),
      await product.asOwner('select * from executions'),
    ])
    for (const secret of [kept.tokens!.access_token, kept.tokens!.refresh_token!, kept.answer!.get('code')!])
      expect(stored.includes(secret) || stored.includes(Buffer.from(secret).toString('hex'))).toBe(false)
    const [event] = await product.asOwner("select data from events where action = 'agent.connected' and actor_id = $1", [
      person.id,
    ])
    expect(event!.data).toEqual({ client: 'Test program', redirectHost: 'this computer', mayWrite: true, tools: null })
  })

  test('what the person did not agree to is neither shown nor done', async () => {
    const reader = await program({ mayWrite: false, tools: ['whoami', 'list_tasker_tasks'] }).connect()
    expect((await reader.listTools()).tools.map((tool) => tool.name).sort()).toEqual(['list_tasker_tasks', 'whoami'])
    for (const [name, args] of [
      ['create_tasker_task', { title: 'x', category: 'IT' }],
      ['list_profiles', {}],
    ] as const) {
      const refused = await reader.callTool({ name, arguments: args })
      expect(refused.isError).toBe(true)
      expect((refused.content as { text: string }[])[0]!.text).toMatch(/TOOL_REFUSED.*connect it again and allow more/)
    }
    await reader.close()
  })

  test('may never do more than the person may at this moment', async () => {
    const client = await program().connect()
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('create_tasker_task')
    await product.given.member(organization, 'OrgAdmin')
    const system = identity.systemCaller(organization.id)
    await product.execute(identity.changeMember, system, { userId: person.id, role: 'Viewer' })
    expect((await client.listTools()).tools.map((tool) => tool.name)).not.toContain('create_tasker_task')
    await product.execute(identity.removeMember, system, { userId: person.id })
    await expect(client.listTools()).rejects.toThrow()
  })

  test('an open stream ends within 5 seconds of the revocation', async () => {
    const made = program()
    const client = await made.connect()
    const stream = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${made.kept.tokens!.access_token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'subscriptions/listen',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 7,
        method: 'subscriptions/listen',
        params: {
          notifications: { toolsListChanged: true },
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    })
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/event-stream')])
    let ended = 0
    const reading = (async () => {
      const reader = stream.body!.getReader()
      while (!(await reader.read()).done);
    })()
      .catch(() => {})
      .then(() => {
        ended = Date.now()
      })
    const { items } = (await product.request('GET', '/api/me/connections', { cookie: person.cookie })).body as {
      items: { id: string; clientName: string }[]
    }
    expect(await whoami(client)).toMatchObject({ email: person.email })
    expect(ended).toBe(0)
    const revoked = Date.now()
    expect((await product.request('DELETE', `/api/me/connections/${items[0]!.id}`, { cookie: person.cookie })).status).toBe(200)
    expect((await mcp(made.kept.tokens!.access_token)).status).toBe(401)
    await until(() => ended > 0)
    expect(ended - revoked).toBeLessThan(5_000)
    await reading
    await client.close()
  })
})

test('passes the official conformance suite for authorization servers', { timeout: 60_000 }, async () => {
  const port = await freePort()
  const redirect = `http://127.0.0.1:${port}/callback`
  const made = await fetch(`${url}/api/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Conformance suite', redirect_uris: [redirect] }),
  })
  const { client_id } = (await made.json()) as { client_id: string }
  const suite = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '..', 'node_modules', '.bin', 'conformance'),
      'authorization',
      ...['--url', url, '--client-id', client_id, '--resource', `${url}/mcp`, '--port', String(port)],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  let opened = false
  // It prints the address for a browser to open; the person says yes, and the browser follows the answer.
  const read = (text: string) => {
    output += text
    const address = /https?:\S+\/api\/oauth\/authorize\?\S+/.exec(output)?.[0]
    if (!address || opened) return
    opened = true
    void agree(new URL(address)).then((answer) => fetch(`${redirect}?${answer}`))
  }
  for (const stream of [suite.stdout, suite.stderr]) stream.setEncoding('utf8').on('data', read)
  const code = await new Promise((resolve) => suite.once('close', resolve))
  expect(code, output).toBe(0)
  expect(opened).toBe(true)
  expect(output).not.toMatch(/✗|FAILURE/)
})

describe('who asks wrongly', () => {
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const register = async (more: Record<string, unknown> = {}) =>
    (await (
      await fetch(`${url}/api/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ client_name: 'x', redirect_uris: [callback], ...more }),
      })
    ).json()) as Record<string, string>
  const request = async (more: Record<string, string> = {}) => ({
    response_type: 'code',
    client_id: (await register()).client_id!,
    redirect_uri: callback,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 's',
    ...more,
  })
  const answerOf = async (asked: Record<string, string>, choices = {}) =>
    new URL(String((await consent(asked, choices)).body.redirectTo)).searchParams
  const exchange = async (fields: Record<string, string>) => {
    const answer = await form('token', { grant_type: 'authorization_code', code_verifier: verifier, ...fields })
    const said = (await answer.json()) as Record<string, string>
    return { ...said, status: answer.status, access_token: said.access_token ?? '' }
  }

  test('is told at 401 where to ask', async () => {
    const answer = await mcp('tater_00000000000000000000000000000000')
    expect(answer.status).toBe(401)
    const metadata = /resource_metadata="([^"]+)"/.exec(answer.headers.get('www-authenticate')!)![1]!
    const resource = (await (await fetch(metadata)).json()) as Record<string, string[]>
    expect(resource).toMatchObject({ resource: `${url}/mcp`, authorization_servers: [url] })
    const server = await fetch(`${resource.authorization_servers![0]}/.well-known/oauth-authorization-server`)
    expect(server.headers.get('access-control-allow-origin')).toBe('*')
    expect(await server.json()).toMatchObject({ issuer: url, code_challenge_methods_supported: ['S256'] })
    expect((await fetch(`${url}/.well-known/openid-configuration`)).status).toBe(404)
  })

  test.each([
    ['http://evil.example/cb', 'invalid_redirect_uri'],
    ['javascript:alert(1)', 'invalid_redirect_uri'],
    ['data:text/html,x', 'invalid_redirect_uri'],
    ['https://good.example/cb#x', 'invalid_redirect_uri'],
    ['https://user:pw@good.example/cb', 'invalid_redirect_uri'],
    ['nonsense', 'invalid_redirect_uri'],
  ])('a program at %s cannot register', async (redirect, error) => {
    expect(await register({ redirect_uris: [redirect] })).toMatchObject({ error })
  })

  test('programs of the own machine, of a scheme and of the web can', async () => {
    for (const redirect of [
      'http://localhost:1/cb',
      'http://[::1]/cb',
      'cursor://anysphere.cursor-retrieval/cb',
      'https://claude.ai/api/mcp/auth_callback',
    ])
      expect(await register({ redirect_uris: [redirect] })).toMatchObject({
        redirect_uris: [redirect],
        token_endpoint_auth_method: 'none',
      })
    expect(await register({ grant_types: ['client_credentials'] })).toMatchObject({ error: 'invalid_client_metadata' })
    expect(await register({ token_endpoint_auth_method: 'private_key_jwt' })).toMatchObject({ error: 'invalid_client_metadata' })
  })

  test('nothing is sent to an address that is not registered; on this machine the port is free', async () => {
    const asked = await request()
    for (const redirect_uri of ['https://evil.example/cb', 'http://127.0.0.1:33418/other', 'http://localhost:33418/callback']) {
      const answer = await consent({ ...asked, redirect_uri })
      expect([redirect_uri, answer.status, answer.body.error]).toEqual([redirect_uri, 422, 'CONSENT_REFUSED'])
    }
    expect((await answerOf({ ...asked, redirect_uri: 'http://127.0.0.1:4/callback' })).get('code')).toMatch(/^tcode_[\w-]{43}$/)
    expect((await consent({ ...asked, client_id: 'nobody' })).body.error).toBe('CONSENT_REFUSED')
  })

  test('PKCE by S256 is not optional, and tokens are made for this resource only', async () => {
    const asked = await request()
    const { code_challenge: _, ...without } = asked
    expect((await answerOf(without)).get('error')).toBe('invalid_request')
    expect((await answerOf({ ...asked, code_challenge_method: 'plain' })).get('error')).toBe('invalid_request')
    expect((await answerOf({ ...asked, response_type: 'token' })).get('error')).toBe('unsupported_response_type')
    expect((await answerOf({ ...asked, resource: 'https://elsewhere.example/mcp' })).get('error')).toBe('invalid_target')
    const denied = await answerOf(asked, { allow: false })
    expect([denied.get('error'), denied.get('state'), denied.get('iss')]).toEqual(['access_denied', 's', url])
  })

  test('a code works once, with its verifier, client and address; used twice it ends the connection', async () => {
    const asked = await request()
    const { client_id } = asked
    const code = async () => (await answerOf(asked)).get('code')!
    expect(await exchange({ client_id, code: await code(), code_verifier: 'x'.repeat(43) })).toMatchObject({
      status: 400,
      error: 'invalid_grant',
    })
    expect(await exchange({ client_id, code: await code(), redirect_uri: 'http://127.0.0.1:1/callback' })).toMatchObject({
      error: 'invalid_grant',
    })
    expect(await exchange({ client_id: (await register()).client_id!, code: await code() })).toMatchObject({
      error: 'invalid_grant',
    })
    expect(await exchange({ client_id: 'nobody', code: await code() })).toMatchObject({ status: 401, error: 'invalid_client' })
    expect(await exchange({ client_id, code: await code(), resource: 'https://elsewhere.example' })).toMatchObject({
      error: 'invalid_target',
    })
    const good = await code()
    const tokens = await exchange({ client_id, code: good, redirect_uri: callback, resource: `${url}/mcp` })
    expect(tokens.status).toBe(200)
    expect((await mcp(tokens.access_token)).status).toBe(200)
    expect(await exchange({ client_id, code: good })).toMatchObject({ error: 'invalid_grant' })
    expect((await mcp(tokens.access_token)).status).toBe(401)
  })

  test('a refresh token used twice ends everything it led to, also when both come at once', async () => {
    const made = program()
    await (await made.connect()).close()
    const answers = await Promise.all([refreshed(made.kept), refreshed(made.kept)])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400])
    const won = (await answers.find((answer) => answer.status === 200)!.json()) as OAuthTokens
    expect((await mcp(won.access_token)).status).toBe(401)
    expect((await refreshed(made.kept, won.refresh_token)).status).toBe(400)
    const [event] = await product.asOwner(
      "select data, actor_kind from events where action = 'agent.disconnected' and organization_id = $1 order by id desc limit 1",
      [organization.id],
    )
    expect(event).toMatchObject({ data: { client: 'Test program', reason: 'reused-token' }, actor_kind: 'system' })
  })

  test('an access token is taken at the MCP address only, and not for another one', async () => {
    const made = program()
    await (await made.connect()).close()
    const headers = { authorization: `Bearer ${made.kept.tokens!.access_token}` }
    expect((await product.request('GET', '/api/me', headers)).status).toBe(401)
    expect((await product.request('GET', '/api/live', headers)).status).toBe(401)
    await product.asOwner("update agent_tokens set resource = 'https://elsewhere.example/mcp' where kind = 'access'")
    await product.asOwner('update memberships set role = role')
    await until(async () => (await mcp(made.kept.tokens!.access_token)).status === 401)
  })

  test('neither a key nor a connected program can connect another; nobody connects to an organization of others', async () => {
    const asked = await request()
    const byKey = await product.request(
      'POST',
      '/api/me/consent',
      { 'x-api-key': organization.keys.OrgAdmin },
      { ...inOurWords(asked), allow: true, organizationId: organization.id },
    )
    expect(byKey.status).toBe(403)
    const other = await product.given.organization()
    expect((await consent(asked, { organizationId: other.id })).status).toBe(404)
    const foreign = await product.request(
      'POST',
      '/api/me/consent',
      { cookie: person.cookie, 'sec-fetch-site': 'cross-site' },
      { ...inOurWords(asked), allow: true, organizationId: organization.id },
    )
    expect(foreign.status).toBe(403)
  })

  test('a client with a secret needs it', async () => {
    const client = await register({ token_endpoint_auth_method: 'client_secret_basic' })
    const asked = { ...(await request()), client_id: client.client_id! }
    const code = (await answerOf(asked)).get('code')!
    expect(await exchange({ client_id: client.client_id!, code })).toMatchObject({ status: 401, error: 'invalid_client' })
    const answer = await fetch(`${url}/api/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'authorization_code', code, code_verifier: verifier }),
    })
    expect(answer.status).toBe(200)
  })
})
