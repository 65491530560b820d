/**
 * Whether an agent may use a tool now. Pure: a policy, the limits of the token, the tool and who asks; the first rule
 * that says no is the answer. Every rule can only take away, so the most restrictive wins whatever their order.
 */
import type { TokenLimits, ToolPolicy } from './contract.ts'

/** Who asks. `agent`: through the MCP door, whatever they showed there. */
export type Asker = {
  agent: boolean
  role: string | null
  superAdmin: boolean
  email: string
  organizationName: string | null
  /** What the person agreed to when the program was connected. */
  consent: { mayWrite: boolean; tools: readonly string[] | null }
}

/** What is asked for; an operation without a tool has a null name, and only keys reach it. */
export type Asked = { tool: string | null; writes: boolean }

export type Rule = 'paused' | 'agents-off' | 'agents-read-only' | 'consent' | 'token' | 'default' | 'global' | 'role' | 'group'
export type Obstacle = { rule: Rule; message: string }

/** The rule that stands in the way, with the sentence for the agent; null when none does. */
export function obstacle(policy: ToolPolicy, limits: TokenLimits, asked: Asked, asker: Asker): Obstacle | null {
  const ofToken = tokenObstacle(limits, asked, asker)
  if (ofToken || !asker.agent) return ofToken
  return switchObstacle(policy, asked, asker) ?? (asked.tool === null ? null : layerObstacle(policy, asked.tool, asker))
}

const where = ({ organizationName }: Asker) => (organizationName ? ` in ${organizationName}` : '')
const byAdministrator = 'An OrgAdmin can change this under Manage, MCP tools.'
const byTokenPage = 'An OrgAdmin can change this under Manage, API keys or Connected apps.'

function tokenObstacle(limits: TokenLimits, { tool, writes }: Asked, { consent }: Asker): Obstacle | null {
  const name = tool ?? 'This'
  if (limits.paused) return { rule: 'paused', message: `This key or connection is paused. ${byTokenPage}` }
  if ((writes && !consent.mayWrite) || (consent.tools && !(tool !== null && consent.tools.includes(tool))))
    return {
      rule: 'consent',
      message: `${name} was not allowed when this program was connected. The person who connected it can connect it again and allow more.`,
    }
  if (limits.tools && !(tool !== null && limits.tools.includes(tool)))
    return { rule: 'token', message: `${name} is not among the tools of this key or connection. ${byTokenPage}` }
  return null
}

function switchObstacle(policy: ToolPolicy, { writes }: Asked, asker: Asker): Obstacle | null {
  if (policy.agents === 'off')
    return { rule: 'agents-off', message: `Agents are switched off${where(asker)}. ${byAdministrator}` }
  if (policy.agents === 'read-only' && writes)
    return { rule: 'agents-read-only', message: `Agents may only read${where(asker)} at the moment. ${byAdministrator}` }
  return null
}

function layerObstacle(policy: ToolPolicy, tool: string, asker: Asker): Obstacle | null {
  const say = (rule: Rule, whom: string) => ({
    rule,
    message: `${tool} is switched off for ${whom}${where(asker)}. ${byAdministrator}`,
  })
  // Layers one and two; a SuperAdmin passes them, because somebody must be able to look (reference §19.3).
  if (!asker.superAdmin) {
    if (policy.newTools === 'Disabled' && !policy.globallyEnabled.includes(tool)) return say('default', 'everybody')
    if (policy.newTools === 'Enabled' && policy.globallyDisabled.includes(tool)) return say('global', 'everybody')
  }
  const off = ({ disabled, allowed }: { disabled: string[]; allowed: string[] | null }) =>
    disabled.includes(tool) || (allowed !== null && !allowed.includes(tool))
  if (policy.roles.some((each) => each.role === asker.role && off(each))) return say('role', `the role ${asker.role}`)
  const group = policy.groups.find((each) => each.members.some((member) => sameAddress(member, asker.email)) && off(each))
  return group ? say('group', `the group ${group.name}`) : null
}

const sameAddress = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
