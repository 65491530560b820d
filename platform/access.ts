/** What people of a managed service provider read and change in a client organization, noted there for the client to see. */
import { sql } from 'kysely'
import type { Caller, Db, Provider } from './context.ts'
import { v7 } from './ids.ts'
import { type AnyOperation, routeOf } from './operation.ts'

/** Writes one line of the client's access log into the transaction of the client. */
export const noteAccess = (db: Db, op: AnyOperation, caller: Caller, provider: Provider, input: unknown) =>
  db
    .insertInto('provider_access')
    .values(accessRow(op, caller, provider, input))
    .execute()

/** The same for an answer that shows several clients; the database leaves out whom the asker has no relation to. */
export const noteReadsOf = (db: Db, op: AnyOperation, { actor, channel, requestId }: Caller, clients: readonly string[]) =>
  sql`select note_reads_of_clients(${clients.map(() => v7())}::uuid[], ${clients}::uuid[], ${op.name}, ${channel}, ${actor.kind},
    ${actor.name || actor.email}, ${actor.email}, ${actor.organizationName ?? ''}, ${requestId})`.execute(db)

function accessRow(op: AnyOperation, { actor, channel, requestId }: Caller, provider: Provider, input: unknown) {
  return {
    id: v7(),
    kind: op.kind === 'query' ? 'read' : 'change',
    operation: op.name,
    ...subjectOf(op, input as Record<string, unknown>),
    channel,
    actor_id: actor.id,
    actor_kind: actor.kind,
    actor_name: actor.name || actor.email,
    actor_email: actor.email,
    provider_id: provider.organizationId,
    provider_name: provider.name,
    tier: provider.tier,
    elevation_id: provider.elevation?.id ?? null,
    request_id: requestId,
  }
}

/** The thing an operation's address names first: `taskId` names a task. */
function subjectOf(op: AnyOperation, input: Record<string, unknown>) {
  const name = routeOf(op).parameters[0]
  return name === undefined
    ? { subject_type: null, subject_id: null }
    : { subject_type: name.replace(/Id$/, ''), subject_id: String(input[name]).slice(0, 200) }
}
