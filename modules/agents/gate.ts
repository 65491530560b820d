/**
 * Asked before every operation of an agent or a key, after its permission: may this token use this tool now? What the
 * organization decided is read once and kept with the token itself, which is forgotten the moment anything about
 * identities or policies changes (identify.ts); so a change holds from the next call on.
 */
import type { Caller, Db } from '../../platform/context.ts'
import type { Database } from '../../platform/database.ts'
import type { Gate } from '../../platform/execute.ts'
import type { AnyOperation } from '../../platform/operation.ts'
import { everythingOn, noLimits, type TokenLimits, ToolPolicy } from './contract.ts'
import { type Asker, obstacle } from './policy.ts'
import * as queries from './queries.ts'
import { BudgetSpent, say, ToolRefused, TooManyCalls } from './rules.ts'

type Settings = { policy: ToolPolicy; limits: TokenLimits }

/** A look at the page of keys needs no finer clock than this. */
const usedEveryMs = 60_000

/** @param database where the policies, limits and counters are */
export function agentGate(database: Pick<Database, 'inTransaction'>): Gate {
  const kept = new WeakMap<object, Promise<Settings>>()
  const lastUse = new Map<string, number>()

  function settingsOf(caller: Caller): Promise<Settings> {
    const keeper = caller.token ?? caller
    const known = kept.get(keeper)
    if (known) return known
    const read = database.inTransaction(scopeOf(caller), 'read only', (db) => readSettings(db, caller.token?.id ?? null))
    kept.set(keeper, read)
    read.catch(() => kept.delete(keeper))
    return read
  }

  /** When a key was last used, for the page of keys: at most once a minute, and never waited for. */
  function noteUse(caller: Caller, tokenId: string) {
    const now = Date.now()
    if (now - (lastUse.get(tokenId) ?? 0) < usedEveryMs) return
    if (lastUse.size > 10_000) lastUse.clear()
    lastUse.set(tokenId, now)
    database.inTransaction(scopeOf(caller), 'read write', (db) => queries.noteUse(db, tokenId, new Date(now))).catch(() => {})
  }

  return {
    async admit(op, caller) {
      const { token } = caller
      if (!concerns(caller)) return null
      const { policy, limits } = await settingsOf(caller)
      const found = obstacle(policy, limits, askedBy(op), askerOf(caller))
      if (found) throw ToolRefused(found.message, { rule: found.rule, permission: null })
      if (!token) return null
      if (limits.callsPerMinute !== null) await keepToRate(caller, token.id, limits.callsPerMinute)
      else noteUse(caller, token.id)
      if (op.kind === 'query' || (limits.dailyWrites === null && caller.actor.kind !== 'agent')) return null
      return async (db) => {
        if (await queries.countWrite(db, token.id, limits.dailyWrites, new Date())) return
        throw BudgetSpent(say.budget({ name: token.name, most: limits.dailyWrites ?? 0 }))
      }
    },
    async offered(operations, caller) {
      if (!concerns(caller)) return operations
      const { policy, limits } = await settingsOf(caller)
      return operations.filter((op) => obstacle(policy, limits, askedBy(op), askerOf(caller)) === null)
    },
  }

  async function keepToRate(caller: Caller, tokenId: string, most: number) {
    const now = new Date()
    const calls = await database.inTransaction(scopeOf(caller), 'read write', (db) => queries.countCall(db, tokenId, now))
    if (calls <= most) return
    const seconds = 60 - now.getUTCSeconds()
    throw TooManyCalls(say.rate({ most, seconds }), { retryAfter: seconds })
  }
}

/** Agents, and programs with a key; people at their screens are nobody's agents. */
const concerns = ({ actor, token }: Caller) => actor.organizationId !== null && (actor.kind === 'agent' || token?.kind === 'key')

const scopeOf = ({ actor }: Caller) => ({ organizationId: actor.organizationId, userId: actor.id })

const askedBy = (op: AnyOperation) => ({ tool: op.mcp?.tool ?? null, writes: op.kind === 'command' })

const askerOf = ({ actor, token }: Caller): Asker => ({
  agent: actor.kind === 'agent',
  role: actor.role,
  tier: actor.provider?.tier ?? null,
  superAdmin: actor.superAdmin,
  email: actor.email,
  organizationName: actor.organizationName,
  consent: { mayWrite: token?.mayWrite ?? true, tools: token?.tools ?? null },
})

async function readSettings(db: Db, tokenId: string | null): Promise<Settings> {
  const [policy, limits] = await Promise.all([queries.findPolicy(db), tokenId ? queries.findLimits(db, tokenId) : undefined])
  return {
    policy: policy ? ToolPolicy.parse(policy.policy) : everythingOn,
    limits: limits ? { ...limits, paused: limits.pausedAt !== null } : noLimits,
  }
}
