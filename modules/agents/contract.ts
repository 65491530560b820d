/** Programs that people connect, and what an organization lets agents do. Safe to import in the browser. */
import { z } from 'zod'
import { named, text } from '../../platform/fields.ts'

/** The least and most an agent may do in the organization, whatever else is set: the kill switch. */
export const agentModes = ['on', 'read-only', 'off'] as const

const ToolName = text(100)
const Tools = z.array(ToolName).max(500)
/** Tools switched off, and the only ones left on; null leaves the rest on, an empty list leaves nothing. */
const Layer = { disabled: Tools.default([]), allowed: Tools.nullable().default(null) }

/** Whom a layer may be about: members by their role, people of a provider also by the tier they come at. */
export const policyRoles = ['Requester', 'Viewer', 'Auditor', 'OrgAdmin', 'ServiceProvider', 'T1', 'T2', 'T3'] as const

/** The four layers (reference §19.3): default, global, role, group. The most restrictive wins. */
export const ToolPolicy = z.strictObject({
  agents: z.enum(agentModes).default('on').describe('off: no agent may do anything; read-only: none may change anything'),
  newTools: z.enum(['Enabled', 'Disabled']).default('Enabled').describe('Whether a tool nobody decided about is on'),
  globallyDisabled: Tools.default([]).describe('Off for everybody but a SuperAdmin, where tools are on unless said otherwise'),
  globallyEnabled: Tools.default([]).describe('On, where tools are off unless said otherwise'),
  roles: z
    .array(z.strictObject({ role: z.enum(policyRoles), ...Layer }))
    .max(policyRoles.length)
    .default([]),
  groups: z
    .array(z.strictObject({ name: named(100), members: z.array(text(254)).max(500).describe('E-mail addresses'), ...Layer }))
    .max(50)
    .default([]),
})
export type ToolPolicy = z.output<typeof ToolPolicy>

export const everythingOn: ToolPolicy = ToolPolicy.parse({})

/** What one API key or connection may use at most; null: no limit of its own. */
export const TokenLimits = z.object({
  tools: Tools.nullable().default(null),
  dailyWrites: z.number().int().min(0).max(1_000_000).nullable().default(null),
  callsPerMinute: z.number().int().min(1).max(100_000).nullable().default(null),
  paused: z.boolean().default(false),
})
export type TokenLimits = z.output<typeof TokenLimits>

export const noLimits: TokenLimits = { tools: null, dailyWrites: null, callsPerMinute: null, paused: false }

/** A tool as the pages about policies show it. */
export const Tool = z.object({
  name: z.string(),
  summary: z.string(),
  writes: z.boolean(),
  permission: z.string().nullable(),
})

/** What a role sees of the tools, and why not the rest. */
export const Effect = z.object({
  role: z.string(),
  offered: z.number().int(),
  of: z.number().int().describe('Tools the role has the permissions for'),
  refused: z.array(z.object({ tool: z.string(), rule: z.string(), message: z.string() })),
})

/** A program that a person connected to the organization. */
export const Connection = z.object({
  id: z.string(),
  clientName: z.string(),
  redirectHost: z.string(),
  organization: z.object({ id: z.string(), name: z.string() }),
  person: z.object({ id: z.string(), email: z.string(), name: z.string() }),
  mayWrite: z.boolean(),
  tools: z.array(z.string()).nullable().describe('What the person agreed to; null: every tool'),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
  writesToday: z.number().int(),
  limits: TokenLimits,
})

/** What stands in the address of the consent page: the authorization request (RFC 6749 §4.1.1, RFC 7636, RFC 8707). */
export const AuthorizationRequest = {
  responseType: text(50).optional(),
  clientId: text(500),
  redirectUri: text(2000),
  codeChallenge: text(200).optional(),
  codeChallengeMethod: text(20).optional(),
  scope: text(1000).optional(),
  state: text(2000).optional(),
  resource: text(2000).optional(),
}

export const AgentPermissions = {
  'agents.manage': 'Decide what agents and connected programs may do, and end connections',
}

type Ended = 'person' | 'administrator' | 'reused-token'

export type AgentEvents = {
  'agent.connected': { client: string; redirectHost: string; mayWrite: boolean; tools: string[] | null }
  'agent.disconnected': { client: string; reason: Ended }
  'agent.limited': { name: string; before: Record<string, unknown>; after: Record<string, unknown> }
  'tools.changed': { before: Record<string, unknown>; after: Record<string, unknown> }
}
