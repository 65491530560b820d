/** The consent of a person: which program asks, for what, and the code that tells it yes (RFC 6749 §4.1). */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { Id, text } from '../../../platform/fields.ts'
import { command, query, tools } from '../../../platform/operation.ts'
import { Forbidden, NotFound } from '../../../platform/problem.ts'
import { forgetIdentities, myOrganizations, vouchedBy } from '../../identity/operations.ts'
import { AuthorizationRequest, Tool } from '../contract.ts'
import * as queries from '../queries.ts'
import { ConsentRefused, hashOf, hostOf, isChallenge, isRegistered, newSecret, say, wantsToWrite } from '../rules.ts'
import { codeMs, isResource } from '../tokens.ts'

/** The MCP door's address under a public one: what tokens are made for. */
export const mcpAddress = (publicUrl: string) => `${publicUrl}/mcp`

type Asked = z.output<z.ZodObject<typeof AuthorizationRequest>>

/** The address a program is answered at, with the answer. */
function answerAt(redirect: string, answer: Record<string, string | undefined>): string {
  const url = new URL(redirect)
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}

/**
 * The client of a request and what is wrong with it. Nothing goes to an address that is not registered: such a request
 * ends before the person.
 */
async function check({ db, publicUrl }: Context, asked: Asked) {
  const client = await queries.findClient(db, asked.clientId)
  if (!client) throw ConsentRefused(say.notRegistered)
  if (!isRegistered(asked.redirectUri, client.redirectUris)) throw ConsentRefused(say.otherAddress({ program: client.name }))
  return { client, refusal: refusalOf(asked, publicUrl) }
}

/** What the program is told instead of asking the person. */
function refusalOf(asked: Asked, publicUrl: string): { error: string; error_description: string } | null {
  const tell = (error: string, error_description: string) => ({ error, error_description })
  if (asked.responseType !== 'code') return tell('unsupported_response_type', 'Only response_type=code is served.')
  if (asked.codeChallengeMethod !== 'S256' || !isChallenge(asked.codeChallenge))
    return tell('invalid_request', 'PKCE is required: send code_challenge with code_challenge_method=S256.')
  if (asked.resource !== undefined && !isResource(asked.resource, mcpAddress(publicUrl)))
    return tell('invalid_target', `Tokens are made for ${mcpAddress(publicUrl)} only.`)
  return null
}

/** Only a person at the screen can agree; neither a key nor a connected program can connect another. */
function personOf({ actor, sessionId }: Context): string {
  if (actor.kind !== 'user' || !actor.id || !sessionId) throw Forbidden(say.signInYourself)
  return actor.id
}

/** The organizations a person may connect a program to: where this very session may go (a provider of one opens only that). */
async function choicesOf(ctx: Context) {
  const { items } = await myOrganizations.run(ctx, {})
  const voucher = await vouchedBy(ctx.db, ctx.sessionId!)
  return voucher ? items.filter(({ organization }) => organization.id === voucher) : items
}

export const describeConsent = query({
  name: 'agents.describe-consent',
  summary: 'Which program asks to be connected, for what, and where to',
  route: 'GET /me/consent',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject({
    ...AuthorizationRequest,
    organizationId: Id.optional().describe('Where to look for an earlier consent'),
  }),
  output: z.object({
    client: z.object({ name: z.string(), uri: z.string().nullable(), registeredAt: z.string() }),
    redirectHost: z.string(),
    refusedAt: z.string().nullable().describe('Where to send the browser when there is nothing to decide'),
    asksToWrite: z.boolean(),
    organizations: z.array(z.object({ id: z.string(), name: z.string(), role: z.string() })),
    organizationId: z.string().nullable(),
    tools: z.array(Tool),
    remembered: z
      .object({ mayWrite: z.boolean(), tools: z.array(z.string()).nullable() })
      .nullable()
      .describe('What was agreed to before, to be confirmed'),
  }),
  async run(ctx, { organizationId, ...asked }) {
    const userId = personOf(ctx)
    const { client, refusal } = await check(ctx, asked)
    const choices = (await choicesOf(ctx)).map(({ organization, role }) => ({
      id: organization.id,
      name: organization.name,
      role,
    }))
    const chosen = choices.find((each) => each.id === (organizationId ?? ctx.actor.organizationId)) ?? choices[0]
    if (chosen) await ctx.enter(chosen.id)
    const before = chosen && (await queries.findConnection(ctx.db, userId, client.id))
    const asksToWrite = wantsToWrite(asked.scope)
    return {
      client: { name: client.name, uri: client.uri, registeredAt: client.createdAt },
      redirectHost: hostOf(asked.redirectUri),
      refusedAt: refusal && answerAt(asked.redirectUri, { ...refusal, state: asked.state, iss: ctx.publicUrl }),
      asksToWrite,
      organizations: choices,
      organizationId: chosen?.id ?? null,
      tools: toolList(),
      remembered: before && !before.revokedAt ? { mayWrite: before.mayWrite, tools: before.tools } : null,
    }
  },
})

/** Every tool there is, by name. */
export const toolList = () =>
  [...tools.values()]
    .map((op) => ({ name: op.mcp!.tool, summary: op.summary, writes: op.kind === 'command', permission: op.permission }))
    .sort((one, other) => one.name.localeCompare(other.name))

export const consent = command({
  name: 'agents.consent',
  summary: 'Connect a program, or refuse it',
  route: 'POST /me/consent',
  permission: null,
  personOnly: true,
  success: 200,
  secret: true,
  withoutOrganization: true,
  quiet: true,
  input: z.strictObject({
    ...AuthorizationRequest,
    allow: z.boolean(),
    organizationId: Id.optional().describe('One of yours, for which the program is connected'),
    mayWrite: z.boolean().default(true),
    tools: z.array(text(100)).max(500).nullable().default(null).describe('The only tools it may use; null: every tool'),
  }),
  output: z.object({ redirectTo: z.string().describe('Where the program waits for the answer') }),
  async run(ctx, { allow, organizationId, mayWrite, tools: chosenTools, ...asked }) {
    const userId = personOf(ctx)
    const { client, refusal } = await check(ctx, asked)
    const answer = (values: Record<string, string>) => ({
      redirectTo: answerAt(asked.redirectUri, { ...values, state: asked.state, iss: ctx.publicUrl }),
    })
    if (refusal) return answer(refusal)
    if (!allow) return answer({ error: 'access_denied', error_description: 'The person did not connect the program.' })
    const chosen = (await choicesOf(ctx)).find(({ organization }) => organization.id === organizationId)
    if (!chosen) throw NotFound(say.noOrganization)
    const { provider, tier } = chosen
    const as = provider && tier ? { organizationId: provider.id, name: provider.name, tier, elevation: null } : undefined
    await ctx.enter(chosen.organization.id, as)
    const connection = await queries.connect(ctx.db, {
      user_id: userId,
      client_id: client.id,
      vouched_by: await vouchedBy(ctx.db, ctx.sessionId!),
      client_name: client.name,
      redirect_host: hostOf(asked.redirectUri),
      may_write: mayWrite && wantsToWrite(asked.scope),
      tools: chosenTools,
    })
    const code = newSecret('code')
    await queries.insertTokens(ctx.db, [
      {
        connection_id: connection.id,
        kind: 'code',
        hash: hashOf(code),
        resource: mcpAddress(ctx.publicUrl),
        redirect_uri: asked.redirectUri,
        challenge: asked.codeChallenge!,
        expires_at: new Date(ctx.now.getTime() + codeMs),
      },
    ])
    const data = {
      client: client.name,
      redirectHost: hostOf(asked.redirectUri),
      mayWrite: connection.mayWrite,
      tools: chosenTools,
    }
    ctx.record('agent.connected', { type: 'connection', id: connection.id }, data)
    ctx.afterCommit(forgetIdentities)
    return answer({ code })
  },
})
