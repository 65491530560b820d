/**
 * The one path. Every request and tool call goes: permit, parse, open the organization's transaction, run, write the
 * events, commit, answer. Jobs come the same way, as the system.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { z } from 'zod'
import { noteAccess, noteReadsOf, outsideOf } from './access.ts'
import type { Caller, Context, Db } from './context.ts'
import type { Database, Transaction } from './database.ts'
import type { Occurrence, Subscriber } from './events.ts'
import type { Happening } from './live.ts'
import { messages, params, type Sayable, summaryOf } from './messages.ts'
import type { AnyOperation } from './operation.ts'
import { Effects, type EventRow, eventRow, OperationContext, type Surroundings } from './operation-context.ts'
import { asProblem, Conflict, commitFailed, Forbidden, KeyReused, NoOrganization, PersonRequired, Problem } from './problem.ts'
import type { Replica } from './replica.ts'
import { keyIdOf, type SignedFields, signatureOf } from './signature.ts'
import { rowStatement } from './statement.ts'
import { term } from './terms.ts'

/** What `execute` needs of the process it runs in. */
export type Runtime = Surroundings & {
  database: Database
  /** Where operations that say so are read. */
  replica?: Replica
  /** Signs the entries of the activity; they are not signed without. */
  auditKey?: string
  /** Checks answers against their schema; on in tests, so that a drift between code and contract fails there. */
  checkOutput?: boolean
  /** Who reacts, in the same transaction, to what an operation recorded. */
  subscribers?: readonly Subscriber[]
  gate?: Pick<Gate, 'admit'>
  /** Told what happened once it is on disk, for live pages. */
  published?(happenings: Happening[]): void
}

/** Beside permissions: what limits agents and keys (modules/agents/gate.ts). */
export type Gate = {
  /** Refuses by throwing a problem; answers with what to do inside the transaction of a write, or null. */
  admit(op: AnyOperation, caller: Caller): Promise<((db: Db) => Promise<void>) | null>
  /** Those of the operations that would be let in. */
  offered(operations: readonly AnyOperation[], caller: Caller): Promise<readonly AnyOperation[]>
}

export type Execute = <Op extends AnyOperation>(op: Op, caller: Caller, raw: unknown) => Promise<z.output<Op['output']>>

/** Makes the path for one process. */
export function executor(runtime: Runtime): Execute {
  return async (op, caller, raw) => {
    if (!caller.actor.organizationId && !op.withoutOrganization) {
      throw NoOrganization(say.noOrganization)
    }
    const refused = refusal(op, caller)
    if (refused) {
      await noteRefusal(runtime, op, caller, refused.extra.permission ?? null)
      throw refused
    }
    const admitted = await runtime.gate?.admit(op, caller).catch(async (error: unknown) => {
      if (error instanceof Problem && error.status === 403) await noteRefusal(runtime, op, caller, null)
      throw error
    })
    const input = op.input.parse(raw)
    const scope = { organizationId: caller.actor.organizationId, userId: caller.actor.id }
    // An organization can prove who from outside read what: on disk before the answer leaves, whatever becomes of the read.
    const outside = outsideOf(caller.actor)
    const noted =
      op.kind === 'query' && outside && !op.withoutOrganization
        ? runtime.database.inTransaction(scope, 'read write', (db) => noteAccess(db, op, caller, outside, input))
        : undefined
    noted?.catch(() => {}) // awaited below
    const runIn = async (transaction: Transaction) => {
      try {
        if (admitted) await admitted(transaction.db)
        const output = await inside(runtime, transaction, op, caller, input)
        await noted
        return output
      } catch (error) {
        await transaction.rollback().catch(() => {})
        if (error instanceof Problem && error.status === 403)
          await noteRefusal(runtime, op, caller, error.extra.permission ?? null)
        throw error
      }
    }
    const { database, replica } = runtime
    if (op.kind !== 'query') return runIn(await database.begin(scope, 'read write'))
    const there = op.replica ? await replica?.begin(scope) : null
    if (!there) return runIn(await database.begin(scope, 'read only'))
    return runIn(there).catch(async (error: unknown) => {
      // Gone in the middle, or replaying has removed what it was reading: a read may be done again.
      if (asProblem(error).status !== 503) throw error
      replica?.rest()
      return runIn(await database.begin(scope, 'read only'))
    })
  }
}

async function inside(runtime: Runtime, transaction: Transaction, op: AnyOperation, caller: Caller, input: unknown) {
  const { db } = transaction
  const { organizationId } = caller.actor
  const effects = new Effects(caller.actor, outsideOf(caller.actor))
  const once =
    op.kind === 'command' && caller.idempotencyKey && caller.actor.organizationId ? await claim(db, op, caller, input) : null
  if (once && 'response' in once) {
    await transaction.rollback()
    return once.response
  }
  const context = new OperationContext(runtime, op.name, caller, transaction, effects, refusal)
  const output = await op.run(context, input).catch((error: unknown) => rethrowFirst(effects.sent, error))
  if (runtime.subscribers) await react(runtime.subscribers, context, effects.events.slice())
  if (runtime.checkOutput) op.output.parse(JSON.parse(JSON.stringify(output)))
  if (op.kind === 'query') {
    // The answer is already complete; the connection goes back to the pool by itself.
    transaction.commit().catch(() => {})
    const entered = effects.organizationId !== organizationId && effects.outside
    if (entered) {
      const there = { organizationId: effects.organizationId, userId: caller.actor.id }
      await runtime.database.inTransaction(there, 'read write', (write) => noteAccess(write, op, caller, entered, input))
    }
    if (effects.readOf.size > 0) {
      const scope = { organizationId, userId: caller.actor.id }
      await runtime.database.inTransaction(scope, 'read write', (write) => noteReadsOf(write, op, caller, [...effects.readOf]))
    }
    return output
  }
  const last: Promise<unknown>[] = [...effects.sent]
  // A secret is shown once and kept nowhere: the row without an answer says only that it was done.
  if (once && !op.secret) {
    // The claim stands in the organization the request came from, wherever the operation went on.
    if (effects.organizationId === caller.actor.organizationId) last.push(once.settle(output))
    else last.push(transaction.enter(caller.actor.organizationId), once.settle(output), transaction.enter(effects.organizationId))
  }
  if (effects.organizationId) {
    if (effects.events.length === 0 && effects.elsewhere.size === 0 && !op.quiet)
      effects.events.push(eventRow(op.name, caller, effects.provider, new Date(), op.name, null, {}))
    if (effects.events.length > 0) last.push(saveEvents(db, signed(runtime, effects.organizationId, effects.events)))
    if (effects.outside) last.push(noteAccess(db, op, caller, effects.outside, input))
  }
  for (const [elsewhere, events] of effects.elsewhere)
    last.push(transaction.enter(elsewhere), saveEvents(db, signed(runtime, elsewhere, events)))
  // Sent together; a failure of any turns the commit into a rollback, which commit() reports.
  const outcomes = await Promise.allSettled([...last, transaction.commit()])
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw commitFailed(outcome.reason)
  for (const work of effects.afterCommit) work()
  if (runtime.published && effects.organizationId) runtime.published(happeningsOf(effects.organizationId, effects.events))
  for (const [elsewhere, events] of effects.elsewhere) runtime.published?.(happeningsOf(elsewhere, events))
  return output
}

/** After a failed statement all later ones fail as well; the first says what was wrong. */
async function rethrowFirst(sent: readonly Promise<unknown>[], error: unknown): Promise<never> {
  const failed = (await Promise.allSettled(sent)).find((outcome) => outcome.status === 'rejected')
  throw failed ? failed.reason : error
}

/** Lets subscribers react; what they record in turn is not reacted to again, so there are no circles. */
async function react(subscribers: readonly Subscriber[], context: Context, events: readonly EventRow[]) {
  for (const { action, subject_id: subjectId, data } of events) {
    for (const subscriber of subscribers) {
      if (subscriber.action === action)
        await subscriber.handle(context, { action, subjectId, data: JSON.parse(data) } as Occurrence<never>)
    }
  }
}

/** More than this at once is told as one happening for each kind of thing: whoever looks reads the list again anyway. */
const mostTold = 50

function happeningsOf(organizationId: string, events: EventRow[]): Happening[] {
  const told =
    events.length > mostTold
      ? [...new Map(events.map((event) => [event.subject_type, { ...event, subject_id: null }])).values()]
      : events
  return told.map(
    ({ action, subject_type: subjectType, subject_id: subjectId, actor_name: actorName, request_id: requestId }) => ({
      organizationId,
      action,
      subjectType,
      subjectId,
      actorName,
      requestId,
    }),
  )
}

const permitted = (op: AnyOperation, { actor }: Caller) => op.permission === null || actor.permissions.has(op.permission)

const say = messages('platform/execute', {
  noOrganization: 'You belong to no organization here, or have not chosen one. Choose one in the switcher, or use a key of one.',
  tier: params('tier {tier} of {provider}'),
  yourAccount: 'your account',
  forbidden: params(
    '"{operation}" needs the permission {permission}, which {who} does not have. Ask an administrator of the organization.',
  ),
  forbiddenIn: params(
    '"{operation}" needs the permission {permission}, which {who} does not have in {organization}. Ask an administrator of the organization.',
  ),
  personOnly: params(
    '"{operation}" gives access or makes a secret, which neither a key nor an agent may. Sign in yourself, or ask somebody who may.',
  ),
  keyReused: 'This Idempotency-Key was already used for another request. Use a new key for a new request.',
  secretShown: 'This was done already, and its answer held a secret that is shown only once. Use a new key to do it again.',
})

const whoIs = ({ provider, role }: Caller['actor']): Sayable => {
  if (provider) return say.tier({ tier: provider.tier, provider: provider.name })
  return role === null ? say.yourAccount : term(role)
}

/** Why this caller may not, or null. */
function refusal(op: AnyOperation, caller: Caller): Problem | null {
  if (!permitted(op, caller)) return lacking(op, caller)
  if (!op.personOnly || caller.actor.kind === 'user' || caller.actor.kind === 'system') return null
  return PersonRequired(say.personOnly({ operation: summaryOf(op) }))
}

function lacking(op: AnyOperation, { actor }: Caller) {
  const { permission } = op
  const values = { operation: summaryOf(op), permission: String(permission), who: whoIs(actor) }
  const organization = actor.organizationName
  return Forbidden(organization ? say.forbiddenIn({ ...values, organization }) : say.forbidden(values), { permission })
}

/** A refusal is worth remembering, and must survive the rollback of what it refused. */
async function noteRefusal(runtime: Runtime, op: AnyOperation, caller: Caller, permission: unknown) {
  if (!caller.actor.organizationId) return
  const scope = { organizationId: caller.actor.organizationId, userId: caller.actor.id }
  const event = eventRow(op.name, caller, caller.actor.provider, new Date(), 'access.refused', null, { permission })
  await runtime.database.inTransaction(scope, 'read write', (db) =>
    saveEvents(db, signed(runtime, caller.actor.organizationId!, [event])),
  )
}

const insertEvent = rowStatement((db, row) => db.insertInto('events').values(row as never))

/** Entries with their signatures, when there is a key to sign with. */
function signed({ auditKey }: Runtime, organizationId: string, events: EventRow[]): EventRow[] {
  if (!auditKey) return events
  const keyId = keyIdOf(auditKey)
  return events.map((event) => {
    const entry: SignedFields = {
      organizationId,
      id: event.id,
      occurredAt: event.occurred_at.toISOString(),
      action: event.action,
      subjectType: event.subject_type,
      subjectId: event.subject_id,
      data: JSON.parse(event.data),
      actorId: event.actor_id,
      actorKind: event.actor_kind,
      actorName: event.actor_name,
      channel: event.channel,
      operation: event.operation,
      requestId: event.request_id,
      providerId: event.provider_id,
      providerName: event.provider_name,
      providerTier: event.provider_tier,
    }
    return { ...event, signature: signatureOf(entry, auditKey), signature_key: keyId }
  })
}

/** Writes events; many at once as one JSON value, so that the statement stays the same text whatever their number. */
async function saveEvents(db: Db, events: EventRow[]) {
  if (events.length <= 2) {
    await Promise.all(events.map((event) => insertEvent(db, event)))
    return
  }
  await sql`insert into events (id, occurred_at, action, subject_type, subject_id, data, actor_id, actor_kind, actor_name, channel, operation, request_id,
      provider_id, provider_name, provider_tier, signature, signature_key)
    select id, occurred_at, action, subject_type, subject_id, data::jsonb, actor_id, actor_kind, actor_name, channel, operation, request_id,
      provider_id, provider_name, provider_tier, signature, signature_key
    from json_to_recordset(${JSON.stringify(events)}::json) as event(id uuid, occurred_at timestamptz, action text, subject_type text, subject_id text,
      data text, actor_id uuid, actor_kind text, actor_name text, channel text, operation text, request_id text, provider_id uuid, provider_name text, provider_tier text, signature text, signature_key text)`.execute(
    db,
  )
}

/** How long a repeated request gets its first answer. */
const keptFor = 7 * 24 * 3_600_000

/** Takes an Idempotency-Key for this command, or finds the answer it got the first time. */
async function claim(db: Db, op: AnyOperation, caller: Caller, input: unknown) {
  const actor = caller.actor.id ?? caller.actor.email
  const key = caller.idempotencyKey!
  const inputHash = createHash('sha256').update(JSON.stringify(input)).digest('hex')
  const row = { actor, key, operation: op.name, input_hash: inputHash }
  if (Math.random() < 0.01)
    await db
      .deleteFrom('executions')
      .where('created_at', '<', new Date(Date.now() - keptFor).toISOString())
      .execute()
  // A second request at the same moment waits here until the first has committed or rolled back.
  const taken = await db
    .insertInto('executions')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  const mine = db.updateTable('executions').where('actor', '=', actor).where('key', '=', key)
  if (taken.numInsertedOrUpdatedRows === 1n)
    return { settle: (output: unknown) => mine.set({ response: JSON.stringify(output) }).execute() }
  const earlier = await db
    .selectFrom('executions')
    .selectAll()
    .where('actor', '=', actor)
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  if (earlier.operation !== op.name || earlier.input_hash !== inputHash) {
    throw KeyReused(say.keyReused)
  }
  if (earlier.response === null) throw Conflict(say.secretShown)
  return { response: JSON.parse(earlier.response) }
}
