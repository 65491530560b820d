/**
 * What people from outside read and change in an organization, noted there for it to see: those of a managed service
 * provider in a client's, and SuperAdmins of the installation wherever they are no members.
 */
import { sql } from 'kysely'
import type { Actor, Caller, Db, Provider } from './context.ts'
import { v7 } from './ids.ts'
import { type AnyOperation, routeOf } from './operation.ts'

/** As what somebody comes from outside. */
export type Outside = Provider | 'installation'

export const outsideOf = ({ provider, visiting }: Actor): Outside | null => provider ?? (visiting ? 'installation' : null)

/** Writes one line of the organization's access log into a transaction of it. */
export const noteAccess = (db: Db, op: AnyOperation, caller: Caller, outside: Outside, input: unknown) =>
  db
    .insertInto('provider_access')
    .values(accessRow(op, caller, outside === 'installation' ? null : outside, input))
    .execute()

/** The same for an answer that shows several clients; the database leaves out whom the asker has no relation to. */
export const noteReadsOf = (db: Db, op: AnyOperation, { actor, channel, requestId }: Caller, clients: readonly string[]) =>
  sql`select note_reads_of_clients(${clients.map(() => v7())}::uuid[], ${clients}::uuid[], ${op.name}, ${channel}, ${actor.kind},
    ${actor.name || actor.email}, ${actor.email}, ${actor.organizationName ?? ''}, ${requestId})`.execute(db)

function accessRow(op: AnyOperation, { actor, channel, requestId }: Caller, provider: Provider | null, input: unknown) {
  return {
    id: v7(),
    // An export is recorded by a command, and takes what it reads along.
    kind: op.kind === 'query' || op.byDoor === 'download' ? 'read' : 'change',
    operation: op.name,
    ...subjectOf(op, input as Record<string, unknown>),
    channel,
    actor_id: actor.id,
    actor_kind: actor.kind,
    actor_name: actor.name || actor.email,
    actor_email: actor.email,
    provider_id: provider?.organizationId ?? null,
    provider_name: provider?.name ?? null,
    tier: provider?.tier ?? null,
    elevation_id: provider?.elevation?.id ?? null,
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
