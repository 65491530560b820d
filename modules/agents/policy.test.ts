/** The policy as a pure rule: what is said no to stays no, whatever else is said. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { everythingOn, noLimits, type TokenLimits, type ToolPolicy } from './contract.ts'
import { type Asker, obstacle } from './policy.ts'

const names = ['whoami', 'list_tasker_tasks', 'create_tasker_task', 'later_tool']
const tool = fc.constantFrom(...names)
const some = fc.uniqueArray(tool)
const layer = { disabled: some, allowed: fc.option(some) }
const roleNames = ['Viewer', 'Auditor', 'OrgAdmin', 'ServiceProvider', 'T1', 'T2'] as const

const policies: fc.Arbitrary<ToolPolicy> = fc.record({
  agents: fc.constantFrom('on', 'read-only', 'off'),
  newTools: fc.constantFrom('Enabled', 'Disabled'),
  globallyDisabled: some,
  globallyEnabled: some,
  roles: fc.uniqueArray(fc.record({ role: fc.constantFrom(...roleNames), ...layer }), { selector: (each) => each.role }),
  groups: fc.array(
    fc.record({ name: fc.constant('Night shift'), members: fc.subarray(['ann@example.com', 'bob@example.com']), ...layer }),
    {
      maxLength: 3,
    },
  ),
})
const tokens: fc.Arbitrary<TokenLimits> = fc.record({
  tools: fc.option(some),
  dailyWrites: fc.constant(null),
  callsPerMinute: fc.constant(null),
  paused: fc.boolean(),
})
const askers: fc.Arbitrary<Asker> = fc.record({
  agent: fc.boolean(),
  role: fc.constantFrom(...roleNames, 'SuperAdmin'),
  tier: fc.constantFrom(null, 'T1', 'T2', 'T3'),
  superAdmin: fc.boolean(),
  email: fc.constantFrom('ann@example.com', 'ANN@example.com', 'eve@example.com'),
  organizationName: fc.constant('Acme'),
  consent: fc.record({ mayWrite: fc.boolean(), tools: fc.option(some) }),
})
const asked = fc.record({ tool: fc.option(tool), writes: fc.boolean() })

const plain: Asker = {
  agent: true,
  role: 'Auditor',
  tier: null,
  superAdmin: false,
  email: 'ann@example.com',
  organizationName: 'Acme',
  consent: { mayWrite: true, tools: null },
}

describe('a policy', () => {
  test('says the same as each of its layers alone, the most restrictive winning', () => {
    fc.assert(
      fc.property(policies, tokens, asked, askers, (policy, limits, what, asker) => {
        const alone = [
          obstacle(everythingOn, limits, what, asker),
          obstacle({ ...everythingOn, agents: policy.agents }, noLimits, what, asker),
          obstacle(
            {
              ...everythingOn,
              newTools: policy.newTools,
              globallyDisabled: policy.globallyDisabled,
              globallyEnabled: policy.globallyEnabled,
            },
            noLimits,
            what,
            asker,
          ),
          obstacle({ ...everythingOn, roles: policy.roles }, noLimits, what, asker),
          obstacle({ ...everythingOn, groups: policy.groups }, noLimits, what, asker),
        ]
        expect(obstacle(policy, limits, what, asker) === null).toBe(alone.every((each) => each === null))
      }),
    )
  })

  test('never lets more through when a layer takes something away', () => {
    fc.assert(
      fc.property(policies, tokens, asked, askers, tool, (policy, limits, what, asker, taken) => {
        if (obstacle(policy, limits, what, asker) === null) return
        const less: ToolPolicy = {
          ...policy,
          globallyDisabled: [...policy.globallyDisabled, taken],
          roles: policy.roles.map((each) => ({ ...each, disabled: [...each.disabled, taken] })),
        }
        expect(obstacle(less, limits, what, asker)).not.toBeNull()
      }),
    )
  })

  test('switched off stops every agent, SuperAdmins too; read-only stops every write', () => {
    fc.assert(
      fc.property(policies, tokens, asked, askers, (policy, limits, what, asker) => {
        const agent = { ...asker, agent: true }
        expect(obstacle({ ...policy, agents: 'off' }, limits, what, agent)).not.toBeNull()
        expect(obstacle({ ...policy, agents: 'read-only' }, limits, { ...what, writes: true }, agent)).not.toBeNull()
      }),
    )
  })

  test('says nothing about people and programs that are no agents; their key’s own limits hold', () => {
    fc.assert(
      fc.property(policies, asked, askers, (policy, what, asker) => {
        const program = { ...asker, agent: false, consent: { mayWrite: true, tools: null } }
        expect(obstacle(policy, noLimits, what, program)).toBeNull()
        expect(obstacle(policy, { ...noLimits, paused: true }, what, program)?.rule).toBe('paused')
        expect(obstacle(policy, { ...noLimits, tools: [] }, what, program)?.rule).toBe('token')
      }),
    )
  })

  test.each([
    [{ agents: 'off' }, 'agents-off'],
    [{ agents: 'read-only' }, 'agents-read-only'],
    [{ newTools: 'Disabled' }, 'default'],
    [{ globallyDisabled: ['create_tasker_task'] }, 'global'],
    [{ roles: [{ role: 'Auditor', disabled: ['create_tasker_task'], allowed: null }] }, 'role'],
    [{ roles: [{ role: 'Auditor', disabled: [], allowed: [] }] }, 'role'],
    [
      { groups: [{ name: 'Night shift', members: ['Ann@Example.com'], disabled: ['create_tasker_task'], allowed: null }] },
      'group',
    ],
  ] as [Partial<ToolPolicy>, string][])(
    '%j is refused by the rule %s, in a sentence that says who can change it',
    (part, rule) => {
      const found = obstacle({ ...everythingOn, ...part }, noLimits, { tool: 'create_tasker_task', writes: true }, plain)
      expect(found?.rule).toBe(rule)
      expect(String(found?.message)).toMatch(/in Acme.*An OrgAdmin can change this under Manage, MCP tools\.$/)
    },
  )

  test('a SuperAdmin passes the layers for everybody, not those of the role', () => {
    const strict = { ...everythingOn, newTools: 'Disabled' as const }
    expect(obstacle(strict, noLimits, { tool: 'whoami', writes: false }, { ...plain, superAdmin: true })).toBeNull()
  })
})
