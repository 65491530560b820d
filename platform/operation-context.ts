/** What an operation is given, and what it leaves behind. */
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Outside } from './access.ts'
import type { Actor, Caller, Channel, Context, Db, Provider, Subject } from './context.ts'
import type { Transaction } from './database.ts'
import { v7 } from './ids.ts'
import type { Language } from './messages.ts'
import type { AnyOperation } from './operation.ts'
import { type Outbound, outbound } from './outbound.ts'
import { type Secrets, secretsOf } from './sealed.ts'

export type EventRow = {
  id: string
  occurred_at: Date
  action: string
  subject_type: string
  subject_id: string | null
  data: string
  actor_id: string | null
  actor_kind: string
  actor_name: string
  channel: string
  operation: string
  request_id: string
  provider_id: string | null
  provider_name: string | null
  provider_tier: string | null
  signature: string | null
  signature_key: string | null
}

/** What an operation leaves behind. */
export class Effects {
  /** Whose activity it goes into. */
  organizationId: string | null
  /** As whose person the actor works in that organization. */
  provider: Provider | null
  /** Whether the actor comes to it from outside, and as what. */
  outside: Outside | null
  events: EventRow[] = []
  /** What goes into the activity of other organizations. */
  readonly elsewhere = new Map<string, EventRow[]>()
  /** Clients whose data the answer shows. */
  readonly readOf = new Set<string>()
  readonly sent: Promise<unknown>[] = []
  readonly afterCommit: (() => void)[] = []
  /** Of the change under way, in ms: ids made from here on are of it, each after the one before. */
  #instant: number | undefined
  #nth = 0

  constructor({ organizationId, provider }: Actor, outside: Outside | null) {
    this.organizationId = organizationId
    this.provider = provider
    this.outside = outside
  }

  /** An id after those that the operation made before, and after whatever it follows. */
  newId(): string {
    if (this.#instant === undefined) return v7()
    const nth = this.#nth
    this.#nth = nth + 1
    return v7(this.#instant + Math.floor(nth / 0x1000), nth % 0x1000)
  }

  /** Now, and later than `previous`. */
  following(now: Date, previous: string | null): Date {
    const least = previous === null ? now.getTime() : Math.max(now.getTime(), Date.parse(previous) + 1)
    if (least > (this.#instant ?? 0)) {
      this.#instant = least
      this.#nth = 0
    }
    return new Date(this.#instant!)
  }
}

/** What an operation's context needs of the process it runs in. */
export type Surroundings = {
  /** Puts a job into the queue inside the given transaction. */
  enqueue(db: Db, queue: string, data: Record<string, unknown>): Promise<void>
  /** TATER_SECRET: what is kept encrypted is encrypted with it. */
  secret: string
  /** How operations ask other servers; public addresses only when absent. */
  outbound?: Outbound
  /** PUBLIC_URL, without a slash at the end. */
  publicUrl: string
  /** Another clock, for demo data and tests that need a past. */
  now?: () => Date
}

const publicInternet = outbound()

/** Who asks, the transaction, and the ways to leave something behind; each may be handed on by itself. */
export class OperationContext implements Context {
  readonly actor: Actor
  readonly channel: Channel
  readonly requestId: string
  readonly token: Caller['token']
  readonly idempotencyKey?: string
  readonly language?: Language
  readonly sessionId: Caller['sessionId']
  readonly organizationId: string
  readonly db: Db
  readonly now: Date
  private readonly surroundings: Surroundings
  private readonly operation: string
  private readonly caller: Caller
  private readonly transaction: Transaction
  private readonly effects: Effects
  private readonly refuse: (op: AnyOperation, caller: Caller) => Error | null

  constructor(
    surroundings: Surroundings,
    operation: string,
    caller: Caller,
    transaction: Transaction,
    effects: Effects,
    refuse: (op: AnyOperation, caller: Caller) => Error | null,
    now: Date = surroundings.now?.() ?? new Date(),
  ) {
    this.actor = caller.actor
    this.channel = caller.channel
    this.requestId = caller.requestId
    this.token = caller.token
    if (caller.idempotencyKey !== undefined) this.idempotencyKey = caller.idempotencyKey
    if (caller.language !== undefined) this.language = caller.language
    this.sessionId = caller.sessionId
    this.organizationId = caller.actor.organizationId ?? ''
    this.db = transaction.db
    this.now = now
    this.surroundings = surroundings
    this.operation = operation
    this.caller = caller
    this.transaction = transaction
    this.effects = effects
    this.refuse = refuse
  }

  get publicUrl() {
    return this.surroundings.publicUrl
  }
  get secrets(): Secrets {
    return secretsOf(this.surroundings.secret)
  }
  get outbound(): Outbound {
    return this.surroundings.outbound ?? publicInternet
  }

  readonly record = (action: string, subject: Subject, data: object, at?: { time: Date; by: string }) => {
    const { effects, now } = this
    const when = at ?? (this.surroundings.now ? { time: now } : { id: effects.newId() })
    effects.events.push(eventRow(this.operation, this.caller, effects.provider, now, action, subject, data, when))
  }

  readonly recordIn = (organizationIds: readonly string[], action: string, subject: Subject, data: object, by?: 'system') => {
    const { effects, now, operation } = this
    const caller = by ? asSystem(this.caller) : this.caller
    for (const id of organizationIds) {
      const events = effects.elsewhere.get(id) ?? []
      events.push(eventRow(operation, caller, null, now, action, subject, data, this.surroundings.now && { time: now }))
      effects.elsewhere.set(id, events)
    }
  }

  readonly following = (previous: string | null): Date => {
    return this.surroundings.now ? this.now : this.effects.following(this.now, previous)
  }

  readonly newId = () => this.effects.newId()

  readonly noteReadsOf = (organizationIds: readonly string[]) => {
    for (const id of organizationIds) this.effects.readOf.add(id)
  }

  readonly call = async <Op extends AnyOperation>(op: Op, input: z.input<Op['input']>): Promise<z.output<Op['output']>> => {
    const parsed = op.input.parse(input)
    const refused = this.refuse(op, this.caller)
    if (refused) throw refused
    const { surroundings, caller, transaction, effects, refuse, now } = this
    return op.run(new OperationContext(surroundings, op.name, caller, transaction, effects, refuse, now), parsed)
  }

  readonly enter = async (organizationId: string, as?: Provider) => {
    this.effects.organizationId = organizationId
    this.effects.provider = as ?? null
    await this.transaction.enter(organizationId)
    this.effects.outside = as ?? ((await visits(this.db, this.caller)) ? 'installation' : null)
  }

  readonly send = (statement: Promise<unknown>) => {
    statement.catch(() => {}) // reported when the operation ends
    this.effects.sent.push(statement)
  }

  readonly afterCommit = (work: () => void) => {
    this.effects.afterCommit.push(work)
  }

  readonly enqueue = (queue: string, data: Record<string, unknown>) => this.surroundings.enqueue(this.db, queue, data)
}

/** The same context as seen from another organization that the transaction has entered. */
export const contextIn = (ctx: Context, organizationId: string): Context =>
  Object.assign(Object.create(Object.getPrototypeOf(ctx) as object), ctx, { organizationId })

/** Whether a SuperAdmin is a stranger in the organization the transaction is in now. */
async function visits(db: Db, { actor }: Caller): Promise<boolean> {
  if (!actor.superAdmin || actor.kind === 'system' || !actor.id) return false
  const own = await db
    .selectFrom('memberships')
    .select('user_id')
    .where('user_id', '=', actor.id)
    .where(sql<boolean>`organization_id = current_organization()`)
    .executeTakeFirst()
  return own === undefined
}

/** What nobody did, but a change brought about. */
const asSystem = (caller: Caller): Caller => ({
  ...caller,
  actor: { ...caller.actor, id: null, kind: 'system', name: 'TATER Ops' },
})

/** An entry of the activity, not signed yet. */
export function eventRow(
  operation: string,
  { actor, channel, requestId }: Caller,
  provider: Provider | null,
  now: Date,
  action: string,
  subject: { type: string; id: string } | null,
  data: object,
  at: { id?: string; time?: Date; by?: string } = {},
): EventRow {
  return {
    id: at.id ?? v7(at.time?.getTime()),
    occurred_at: at.time ?? now,
    action,
    subject_type: subject?.type ?? action.split('.')[0]!,
    subject_id: subject?.id ?? null,
    data: JSON.stringify(data),
    actor_id: actor.id,
    actor_kind: actor.kind,
    actor_name: at.by ?? (actor.name || actor.email),
    channel,
    operation,
    request_id: requestId,
    provider_id: provider?.organizationId ?? null,
    provider_name: provider?.name ?? null,
    provider_tier: provider?.tier ?? null,
    signature: null,
    signature_key: null,
  }
}
