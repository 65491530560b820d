import type { z } from 'zod'
import type { Tier } from '../modules/identity/contract.ts'
import type { EventMap, Permission } from '../modules/vocabulary.ts'
import type { Db } from './database.ts'
import type { Language } from './messages.ts'
import type { AnyOperation } from './operation.ts'
import type { Outbound } from './outbound.ts'
import type { Secrets } from './sealed.ts'

export type { Db } from './database.ts'

/** Through which door a request came (the seeds' `via`). */
export const channels = [
  'web',
  'api',
  'mcp',
  'copilot',
  'claude',
  'agent',
  'cron',
  'email',
  'ado-webhook',
  'public',
  'scim',
] as const
export type Channel = (typeof channels)[number]

/** The relation through which somebody of a managed service provider acts in a client organization. */
export type Provider = {
  /** The provider's own organization. */
  organizationId: string
  name: string
  /** What is allowed right now; T3 while an elevation lasts. */
  tier: Tier
  elevation: { id: string; until: string } | null
}

/** Who acts. A key acts under the e-mail address of who it was made for. */
export type Actor = {
  id: string | null
  kind: 'user' | 'agent' | 'key' | 'system'
  email: string
  name: string
  organizationId: string | null
  organizationName: string | null
  role: string | null
  superAdmin: boolean
  /** A SuperAdmin in an organization they are no member of: its access log says so. */
  visiting?: boolean
  /** Null in the own organizations: a membership outranks a relation. */
  provider: Provider | null
  permissions: ReadonlySet<Permission>
}

/** What a caller showed: an API key, or the access token of a connected program. The same object as long as it is remembered. */
export type Token = {
  /** Of the key or the connection. */
  id: string
  kind: 'key' | 'connection'
  name: string
  /** What the person agreed to when the program was connected; a key has its limits only (modules/agents). */
  mayWrite: boolean
  tools: readonly string[] | null
}

/** Who is asking, and through which door. Every door makes one of these and nothing else. */
export type Caller = {
  actor: Actor
  channel: Channel
  requestId: string
  token?: Token | null
  idempotencyKey?: string
  /** In which language to answer people; English when absent (MCP, jobs). */
  language?: Language
  /** The session of a signed-in person; null for keys and jobs. */
  sessionId?: string | null
}

/** What happened to what; `before` and `after` hold only the fields that changed. */
export type Subject = { type: string; id: string }

/** All an operation may touch. There is no other way to reach the database. */
export type Context = Caller & {
  /** The organization of this transaction; present in every operation that is not `withoutOrganization`. */
  organizationId: string
  db: Db
  now: Date
  /** Notes that something happened: feeds the activity, the audit log and subscribers. `at` only for imported history. */
  record<A extends keyof EventMap>(action: A, subject: Subject, data: EventMap[A], at?: { time: Date; by: string }): void
  /**
   * The same in the activity of other organizations, for what concerns them all; whoever calls this says why it may. What
   * the change merely brought about is said by the system: nobody's name goes there.
   */
  recordIn<A extends keyof EventMap>(
    organizationIds: readonly string[],
    action: A,
    subject: Subject,
    data: EventMap[A],
    by?: 'system',
  ): void
  /**
   * The instant of a change to something that was last changed at `previous`: now, and always later than that, even when the
   * change before was made by a server whose clock is ahead. What is recorded from here on stands after it in the activity.
   * @param previous ISO 8601; null for something new
   */
  following(previous: string | null): Date
  /** An id that sorts like what is recorded: after whatever `following` was told of. */
  newId(): string
  /** A query's answer shows data of these clients: their access logs get it before the answer leaves. */
  noteReadsOf(organizationIds: readonly string[]): void
  /** Runs another operation inside this transaction, as this actor. */
  call<Op extends AnyOperation>(op: Op, input: z.input<Op['input']>): Promise<z.output<Op['output']>>
  /** How people reach the product, such as `https://desk.example.com`: for addresses that leave it. */
  publicUrl: string
  /**
   * Goes on inside another organization (one just made, or a client): what is recorded from here on stands in its activity,
   * with the provider it was done `as`. Whoever calls this has made sure that the caller may.
   */
  enter(organizationId: string, as?: Provider): Promise<void>
  /** Lets a statement go whose answer nobody needs: it travels with the next ones, and its failure fails the operation. */
  send(statement: Promise<unknown>): void
  /** Does something once the transaction is on disk (a cache forgets, a job is woken); never when it rolled back. */
  afterCommit(work: () => void): void
  /** Closes and opens what is kept encrypted: credentials of other systems. */
  secrets: Secrets
  /** Asks an address somebody typed in; never one inside the server's own network. */
  outbound: Outbound
  /** Queues a background job in this transaction: there is the change and the job, or neither. */
  enqueue(queue: string, data: Record<string, unknown>): Promise<void>
}
