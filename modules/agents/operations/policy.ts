/** What agents may do in the organization: the policy, and what it comes to for each role. */
import { z } from 'zod'
import type { Language } from '../../../platform/messages.ts'
import { command, query } from '../../../platform/operation.ts'
import { Stale } from '../../../platform/problem.ts'
import { type Tier, tiers } from '../../identity/contract.ts'
import { forgetIdentities } from '../../identity/operations.ts'
import { permissionsInClient, permissionsOf, roleOfTier } from '../../roles.ts'
import { Effect, everythingOn, noLimits, policyRoles, Tool, ToolPolicy } from '../contract.ts'
import { obstacle } from '../policy.ts'
import * as queries from '../queries.ts'
import { say } from '../rules.ts'
import { toolList } from './connect.ts'

const Shown = z.object({
  policy: ToolPolicy,
  version: z.number().int().describe('0 while nobody has decided anything'),
  tools: z.array(Tool),
  effects: z.array(Effect),
})

const isTier = (name: string): name is Tier => (tiers as readonly string[]).includes(name)

/** What each role, and each tier of a provider, is offered of the tools it has the permissions for. */
function effectsOf(policy: ToolPolicy, organizationName: string | null, language: Language): z.output<typeof Effect>[] {
  return policyRoles.map((role) => {
    const tier = isTier(role) ? role : null
    const permissions = tier ? permissionsInClient(tier) : permissionsOf(role)
    const within = toolList().filter(({ permission }) => permission === null || permissions.has(permission as never))
    const asker = {
      agent: true,
      role: tier ? roleOfTier(tier) : role,
      tier,
      superAdmin: false,
      email: '',
      organizationName,
      consent: { mayWrite: true, tools: null },
    }
    const refused = within.flatMap(({ name, writes }) => {
      const found = obstacle(policy, noLimits, { tool: name, writes }, asker)
      return found ? [{ tool: name, rule: found.rule, message: found.message.in(language) }] : []
    })
    return { role, offered: within.length - refused.length, of: within.length, refused }
  })
}

export const getPolicy = query({
  name: 'agents.get-policy',
  summary: 'What agents may do in the organization, and what each role sees of the tools',
  route: 'GET /agents/policy',
  permission: 'agents.manage',
  input: z.strictObject({}),
  output: Shown,
  async run({ db, actor, language = 'en' }) {
    const known = await queries.findPolicy(db)
    const policy = known ? ToolPolicy.parse(known.policy) : everythingOn
    return {
      policy,
      version: known?.version ?? 0,
      tools: toolList(),
      effects: effectsOf(policy, actor.organizationName, language),
    }
  },
})

export const tryPolicy = query({
  name: 'agents.try-policy',
  summary: 'What each role would see of the tools under a policy that is not saved yet',
  route: 'POST /agents/policy/trial',
  success: 200,
  permission: 'agents.manage',
  input: ToolPolicy,
  output: z.object({ effects: z.array(Effect) }),
  run: async ({ actor, language = 'en' }, policy) => ({ effects: effectsOf(policy, actor.organizationName, language) }),
})

export const savePolicy = command({
  name: 'agents.save-policy',
  summary: 'Decide what agents may do in the organization; it holds from their next call on',
  route: 'PUT /agents/policy',
  permission: 'agents.manage',
  personOnly: true,
  input: ToolPolicy.extend({ ifVersion: z.number().int().min(0).max(1_000_000_000).describe('The version you looked at') }),
  output: Shown,
  async run({ db, actor, organizationId, record, afterCommit, language = 'en' }, { ifVersion, ...policy }) {
    const known = await queries.findPolicy(db)
    const saved = (known?.version ?? 0) === ifVersion && (await queries.savePolicy(db, policy, ifVersion, actor.email))
    if (!saved) throw Stale(say.policyStale)
    const before = known ? ToolPolicy.parse(known.policy) : everythingOn
    record('tools.changed', { type: 'tools', id: organizationId }, changed(before, policy))
    afterCommit(forgetIdentities)
    return { policy, version: ifVersion + 1, tools: toolList(), effects: effectsOf(policy, actor.organizationName, language) }
  },
})

/** The parts that differ. */
function changed(before: ToolPolicy, after: ToolPolicy) {
  const keys = (Object.keys(after) as (keyof ToolPolicy)[]).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  )
  const pick = (policy: ToolPolicy) => Object.fromEntries(keys.map((key) => [key, policy[key]]))
  return { before: pick(before), after: pick(after) }
}
