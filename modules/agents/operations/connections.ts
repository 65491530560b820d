/** The programs that people connected: those of the organization, and everybody's own. */
import { z } from 'zod'
import type { Context } from '../../../platform/context.ts'
import { Id, next, paging } from '../../../platform/fields.ts'
import { command, query } from '../../../platform/operation.ts'
import { NotFound } from '../../../platform/problem.ts'
import { forgetIdentities } from '../../identity/operations.ts'
import { Connection, TokenLimits as Limits, type TokenLimits } from '../contract.ts'
import * as queries from '../queries.ts'
import { say } from '../rules.ts'

const page = { after: Id.optional().describe('`next` of the page before'), limit: paging.limit }

export const listConnections = query({
  name: 'agents.list-connections',
  summary: 'Programs connected to the organization, by whom, and what they did today',
  route: 'GET /agents/connections',
  permission: 'agents.manage',
  input: z.strictObject(page),
  output: z.object({ items: z.array(Connection), next }),
  run: async ({ db }, given) => connectionsPage(await queries.listConnections(db, given), given.limit),
})

export const myConnections = query({
  name: 'agents.my-connections',
  summary: 'Programs I connected, in whichever organization',
  route: 'GET /me/connections',
  permission: null,
  withoutOrganization: true,
  input: z.strictObject(page),
  output: z.object({ items: z.array(Connection), next }),
  async run({ db, actor }, given) {
    // A key acts in somebody's name but is nobody: it has connected nothing.
    if (actor.kind === 'key' || !actor.id) return { items: [], next: null }
    return connectionsPage(await queries.listConnections(db, { userId: actor.id, ...given }), given.limit)
  },
})

type Row = Awaited<ReturnType<typeof queries.listConnections>>[number]

const connectionsPage = (rows: Row[], limit: number) => ({
  items: rows.map(({ organizationId, organizationName, userId, email, personName, ...row }) => ({
    id: row.id,
    clientName: row.clientName,
    redirectHost: row.redirectHost,
    organization: { id: organizationId, name: organizationName },
    person: { id: userId, email, name: personName },
    mayWrite: row.mayWrite,
    tools: row.tools,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
    writesToday: row.writesToday,
    limits: limitsIn(row),
  })),
  next: rows.length === limit ? rows.at(-1)!.id : null,
})

/** The limits among the columns of a row. */
export const limitsIn = (row: Pick<Row, 'limitTools' | 'dailyWrites' | 'callsPerMinute' | 'pausedAt'>): TokenLimits => ({
  tools: row.limitTools,
  dailyWrites: row.dailyWrites,
  callsPerMinute: row.callsPerMinute,
  paused: row.pausedAt !== null,
})

const Ended = z.object({ id: z.string() })

export const revokeConnection = command({
  name: 'agents.revoke-connection',
  summary: 'End the connection of a program; it is refused from its next call on',
  route: 'DELETE /agents/connections/:appId',
  permission: 'agents.manage',
  destructive: true,
  input: z.strictObject({ appId: Id }),
  output: Ended,
  async run(ctx, { appId }) {
    await end(ctx, appId, ctx.actor.kind === 'system' ? 'reused-token' : 'administrator')
    return { id: appId }
  },
})

export const revokeMyConnection = command({
  name: 'agents.revoke-my-connection',
  summary: 'End the connection of a program I connected',
  route: 'DELETE /me/connections/:appId',
  permission: null,
  destructive: true,
  withoutOrganization: true,
  input: z.strictObject({ appId: Id }),
  output: Ended,
  async run(ctx, { appId }) {
    const connection = ctx.actor.id ? await queries.connectionNamed(ctx.db, appId) : undefined
    if (!connection || ctx.actor.kind === 'key' || connection.userId !== ctx.actor.id) throw NotFound(say.noConnection)
    await ctx.enter(connection.organizationId)
    await end(ctx, appId, 'person')
    return { id: appId }
  },
})

async function end({ db, now, record, afterCommit }: Context, id: string, reason: 'person' | 'administrator' | 'reused-token') {
  const ended = await queries.disconnect(db, id, now)
  if (!ended) throw NotFound(say.connectionOver)
  record('agent.disconnected', { type: 'connection', id }, { client: ended.clientName, reason })
  afterCommit(forgetIdentities)
}

export const setLimits = command({
  name: 'agents.set-limits',
  summary: 'Limit what one API key or connection may use, or pause it',
  route: 'PUT /agents/tokens/:tokenId/limits',
  permission: 'agents.manage',
  personOnly: true,
  input: z.strictObject({ tokenId: Id.describe('Of the API key or the connection'), ...Limits.shape }),
  output: Limits,
  async run({ db, now, record, afterCommit }, { tokenId, ...limits }) {
    const name = await queries.tokenName(db, tokenId)
    if (name === undefined) throw NotFound(say.noToken)
    const before = await queries.findLimits(db, tokenId)
    await queries.saveLimits(db, tokenId, limits, now)
    const { pausedAt = null, ...rest } = before ?? { tools: null, dailyWrites: null, callsPerMinute: null }
    record(
      'agent.limited',
      { type: 'token', id: tokenId },
      { name, before: { ...rest, paused: pausedAt !== null }, after: limits },
    )
    afterCommit(forgetIdentities)
    return limits
  },
})

export const keyUse = query({
  name: 'agents.key-use',
  summary: 'Limits of API keys, when they were last used, and their writes of today',
  route: 'GET /agents/key-use',
  permission: 'keys.manage',
  input: z.strictObject({ keyIds: z.array(Id).min(1).max(200) }),
  output: z.object({
    items: z.array(
      z.object({ id: z.string(), lastUsedAt: z.string().nullable(), writesToday: z.number().int(), limits: Limits }),
    ),
  }),
  async run({ db }, { keyIds }) {
    const rows = await queries.listKeyUse(db, keyIds)
    return {
      items: rows.map((row) => ({ id: row.id, lastUsedAt: row.lastUsedAt, writesToday: row.writesToday, limits: limitsIn(row) })),
    }
  },
})
