/** Every kind of credential somebody can make, made as people make them, and whether each still works. */
import { createHash, randomBytes } from 'node:crypto'
import type { TestProduct } from './product.ts'

export const publicUrl = 'http://localhost'
const callback = 'http://127.0.0.1:33418/callback'

/** What a program that somebody connected holds. */
export type Connected = { id: string; clientId: string; access: string; refresh: string }

export function credentials(product: TestProduct) {
  const call = (method: string, path: string, headers: Record<string, string>, payload?: unknown) =>
    product.request(method, `/api${path}`, headers, payload)
  const post = (path: string, payload: Record<string, string>) =>
    product.request(
      'POST',
      `/api/oauth/${path}`,
      { 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams(payload).toString(),
    )

  const made = {
    /** A person of an organization, signed in there. */
    async person(organization: { id: string }, role: string, email?: string) {
      const member = await product.given.member(organization as never, role, email)
      return { ...member, headers: { cookie: await product.given.session(member.email) } }
    },
    async into(headers: Record<string, string>, organization: { id: string }) {
      const answer = await call('POST', '/me/organization', headers, { organizationId: organization.id })
      if (answer.status !== 200) throw new Error(answer.text)
    },
    async key(headers: Record<string, string>, body: object = {}) {
      const answer = await call('POST', '/keys', headers, { name: 'A key', role: 'OrgAdmin', ...body })
      if (answer.status !== 201) throw new Error(answer.text)
      return { 'x-api-key': String(answer.body.key) }
    },
    async scimToken(headers: Record<string, string>) {
      const answer = await call('POST', '/sign-in/scim-tokens', headers, {})
      if (answer.status !== 201) throw new Error(answer.text)
      return String(answer.body.token)
    },
    /** Connects a program, the same again when its id is given. */
    async program(headers: Record<string, string>, organization: { id: string }, known?: string): Promise<Connected> {
      const register = { client_name: 'A program', redirect_uris: [callback], token_endpoint_auth_method: 'none' }
      const clientId = known ?? String((await call('POST', '/oauth/register', {}, register)).body.client_id)
      const verifier = randomBytes(32).toString('base64url')
      const codeChallenge = createHash('sha256').update(verifier).digest('base64url')
      const asked = { responseType: 'code', clientId, redirectUri: callback, codeChallenge, codeChallengeMethod: 'S256' }
      const agreed = await call('POST', '/me/consent', headers, { ...asked, allow: true, organizationId: organization.id })
      const code = new URL(String(agreed.body.redirectTo)).searchParams.get('code')!
      const tokens = await post('token', {
        ...{ grant_type: 'authorization_code', code, client_id: clientId, code_verifier: verifier, redirect_uri: callback },
      })
      if (tokens.status !== 200) throw new Error(tokens.text)
      const [row] = await product.asOwner<{ id: string }>(
        'select id from agent_connections where organization_id = $1 and client_id = $2',
        [organization.id, clientId],
      )
      return { id: row!.id, clientId, access: String(tokens.body.access_token), refresh: String(tokens.body.refresh_token) }
    },
  }

  const works = {
    key: async (headers: Record<string, string>) => (await call('GET', '/me', headers)).status === 200,
    /** By its access token; the MCP door says 401 when it knows nobody by it. */
    async program({ access }: Connected) {
      const asked = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }
      const headers = { authorization: `Bearer ${access}`, accept: 'application/json, text/event-stream', host: 'localhost' }
      return (await product.request('POST', '/mcp', headers, asked)).status === 200
    },
    async refresh({ refresh, clientId }: Connected) {
      const answer = await post('token', { grant_type: 'refresh_token', refresh_token: refresh, client_id: clientId })
      return answer.status === 200
    },
    async scimToken(token: string, organization: { id: string }) {
      const headers = { authorization: `Bearer ${token}` }
      return (await product.request('GET', `/api/scim/v2/${organization.id}/Users`, headers)).status === 200
    },
  }

  /** What the activity of an organization says ended, the newest first. */
  const ended = (organization: { id: string }) =>
    product.asOwner<{ data: { because: string; keys: string[]; connections: string[]; scimTokens: string[] }; actor: string }>(
      `select data, actor_name as actor from events where organization_id = $1 and action = 'credentials.ended' order by id desc`,
      [organization.id],
    )

  return { call, made, works, ended }
}
