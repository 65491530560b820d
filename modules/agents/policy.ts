/**
 * Whether an agent may use a tool now. Pure: a policy, the limits of the token, the tool and who asks; the first rule
 * that says no is the answer. Every rule can only take away, so the most restrictive wins whatever their order.
 */
import { inTurn, type Message, messages, params, type Sayable } from '../../platform/messages.ts'
import { term } from '../../platform/terms.ts'
import type { TokenLimits, ToolPolicy } from './contract.ts'

/** Who asks. `agent`: through the MCP door, whatever they showed there. */
export type Asker = {
  agent: boolean
  role: string | null
  /** Of somebody who comes from a provider; they pass the layers of their role and of their tier. */
  tier: string | null
  superAdmin: boolean
  email: string
  organizationName: string | null
  /** What the person agreed to when the program was connected. */
  consent: { mayWrite: boolean; tools: readonly string[] | null }
}

/** What is asked for; an operation without a tool has a null name, and only keys reach it. */
export type Asked = { tool: string | null; writes: boolean }

export type Rule = 'paused' | 'agents-off' | 'agents-read-only' | 'consent' | 'token' | 'default' | 'global' | 'role' | 'group'
export type Obstacle = { rule: Rule; message: Message }

/** The rule that stands in the way, with the sentence for the agent; null when none does. */
export function obstacle(policy: ToolPolicy, limits: TokenLimits, asked: Asked, asker: Asker): Obstacle | null {
  const ofToken = tokenObstacle(limits, asked, asker)
  if (ofToken || !asker.agent) return ofToken
  return switchObstacle(policy, asked, asker) ?? (asked.tool === null ? null : layerObstacle(policy, asked.tool, asker))
}

const say = messages('agents/policy', {
  byAdministrator: 'An OrgAdmin can change this under Manage, MCP tools.',
  byTokenPage: 'An OrgAdmin can change this under Manage, API keys or Connected apps.',
  this: 'This',
  paused: 'This key or connection is paused.',
  consent: params(
    '{tool} was not allowed when this program was connected. The person who connected it can connect it again and allow more.',
  ),
  token: params('{tool} is not among the tools of this key or connection.'),
  off: params('Agents are switched off in {organization}.'),
  readOnly: params('Agents may only read in {organization} at the moment.'),
  tool: params('{tool} is switched off for {whom} in {organization}.'),
  everybody: 'everybody',
  role: params('the role {role}'),
  tier: params('the tier {tier}'),
  group: params('the group {group}'),
  here: 'this organization',
})

const where = ({ organizationName }: Asker): Sayable => organizationName ?? say.here

function tokenObstacle(limits: TokenLimits, { tool, writes }: Asked, { consent }: Asker): Obstacle | null {
  const name = tool ?? say.this
  if (limits.paused) return { rule: 'paused', message: inTurn(say.paused, say.byTokenPage) }
  if ((writes && !consent.mayWrite) || (consent.tools && !(tool !== null && consent.tools.includes(tool))))
    return { rule: 'consent', message: say.consent({ tool: name }) }
  if (limits.tools && !(tool !== null && limits.tools.includes(tool)))
    return { rule: 'token', message: inTurn(say.token({ tool: name }), say.byTokenPage) }
  return null
}

function switchObstacle(policy: ToolPolicy, { writes }: Asked, asker: Asker): Obstacle | null {
  if (policy.agents === 'off')
    return { rule: 'agents-off', message: inTurn(say.off({ organization: where(asker) }), say.byAdministrator) }
  if (policy.agents === 'read-only' && writes)
    return { rule: 'agents-read-only', message: inTurn(say.readOnly({ organization: where(asker) }), say.byAdministrator) }
  return null
}

function layerObstacle(policy: ToolPolicy, tool: string, asker: Asker): Obstacle | null {
  const off = (rule: Rule, whom: Sayable) => ({
    rule,
    message: inTurn(say.tool({ tool, whom, organization: where(asker) }), say.byAdministrator),
  })
  // Layers one and two; a SuperAdmin passes them, because somebody must be able to look (reference §19.3).
  if (!asker.superAdmin) {
    if (policy.newTools === 'Disabled' && !policy.globallyEnabled.includes(tool)) return off('default', say.everybody)
    if (policy.newTools === 'Enabled' && policy.globallyDisabled.includes(tool)) return off('global', say.everybody)
  }
  const isOff = ({ disabled, allowed }: { disabled: string[]; allowed: string[] | null }) =>
    disabled.includes(tool) || (allowed !== null && !allowed.includes(tool))
  const standing = [asker.role, asker.tier]
  const layer = policy.roles.find((each) => standing.includes(each.role) && isOff(each))
  if (layer) return off('role', layer.role === asker.tier ? say.tier({ tier: layer.role }) : say.role({ role: term(layer.role) }))
  const group = policy.groups.find((each) => each.members.some((member) => sameAddress(member, asker.email)) && isOff(each))
  return group ? off('group', say.group({ group: group.name })) : null
}

const sameAddress = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
