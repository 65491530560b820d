/** What a client sees of its providers: who may come in, who read or changed what, who broke glass; and how to end it. */
import { z } from 'zod'
import { Id, next, paging } from '../../../platform/fields.ts'
import { type Language, summaryOf } from '../../../platform/messages.ts'
import { command, declared, query } from '../../../platform/operation.ts'
import { NotFound } from '../../../platform/problem.ts'
import { Ended } from '../../identity/contract.ts'
import { endedWith, forgetIdentities, tellEnded } from '../../identity/operations.ts'
import { AccessEntry, accessFilter, Elevation, ProviderOfClient } from '../contract.ts'
import * as queries from '../queries.ts'
import { say } from '../rules.ts'
import { presentElevation } from './elevation.ts'

export const getAccess = query({
  name: 'msp.access',
  summary: 'Which providers have access to this organization, and who is elevated now',
  route: 'GET /access',
  permission: 'access.read',
  input: z.strictObject({}),
  output: z.object({ providers: z.array(ProviderOfClient), elevations: z.array(Elevation) }),
  async run({ db }) {
    const [providers, elevations] = await Promise.all([queries.listProviders(db), queries.listRunningElevations(db)])
    return { providers, elevations: elevations.map(presentElevation) }
  },
})

export const listAccess = query({
  name: 'msp.list-access',
  replica: true,
  summary: 'Who from outside (a provider, or SuperAdmins of the installation) read or changed what here',
  route: 'GET /access/log',
  permission: 'access.read',
  input: z.strictObject({ ...accessFilter, after: Id.optional().describe('`next` of the page before'), limit: paging.limit }),
  output: z.object({ items: z.array(AccessEntry), next }),
  async run({ db, language = 'en' }, filter) {
    const rows = await queries.listAccess(db, filter)
    return { items: rows.map((row) => present(row, language)), next: rows.length === filter.limit ? rows.at(-1)!.id : null }
  },
})

export const recordAccessExport = command({
  name: 'msp.export-access',
  summary: 'Export the access log as CSV',
  route: 'GET /access/export.csv',
  byDoor: 'download',
  permission: 'access.read',
  input: z.strictObject(accessFilter),
  output: z.object({}),
  async run({ record, organizationId }, filter) {
    record('access.exported', { type: 'organization', id: organizationId }, { filter })
    return {}
  },
})

export const endAccess = command({
  name: 'msp.end-access',
  summary: "End a provider's access to our organization; it holds from their next request on",
  route: 'DELETE /access/providers/:providerId',
  permission: 'access.manage',
  destructive: true,
  input: z.strictObject({ providerId: Id }),
  output: z.object({ id: z.string(), ended: Ended }),
  async run(ctx, { providerId }) {
    const { db, actor, now, record, organizationId, afterCommit } = ctx
    const provider = (await queries.listProviders(db)).find((each) => each.id === providerId)
    if (!provider) throw NotFound(say.noProviderHere)
    await queries.deleteRelation(db, providerId, now, actor.email)
    await queries.withdrawFrom(db, providerId)
    const ended = await tellEnded(ctx, 'relation')
    const gone = { provider: provider.name, tier: provider.tier, byClient: true, ...endedWith(ended) }
    record('client.removed', { type: 'organization', id: organizationId }, gone)
    afterCommit(forgetIdentities)
    return { id: providerId, ended }
  },
})

type Row = Awaited<ReturnType<typeof queries.listAccess>>[number]

/** What an operation does, for the person who reads the log; one that is gone keeps its name. */
function inWords(operation: string, language: Language): string {
  const known = declared.get(operation)
  return known ? summaryOf(known).in(language) : operation
}

const present = (row: Row, language: Language): AccessEntry => ({
  id: row.id,
  occurredAt: row.occurred_at,
  kind: row.kind as AccessEntry['kind'],
  operation: row.operation,
  what: inWords(row.operation, language),
  subject: row.subject_type && row.subject_id ? { type: row.subject_type, id: row.subject_id } : null,
  channel: row.channel,
  person: { id: row.actor_id, kind: row.actor_kind, name: row.actor_name, email: row.actor_email },
  provider: row.provider_id === null ? null : { id: row.provider_id, name: row.provider_name ?? '' },
  tier: row.tier as AccessEntry['tier'],
  elevated: row.elevation_id !== null,
  requestId: row.request_id,
})
