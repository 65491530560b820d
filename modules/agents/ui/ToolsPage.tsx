import { Button, MultiSelect, SegmentedControl, Switch, TagsInput, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Input, Output } from '../../../platform/client.ts'
import { number } from '../../../platform/react/i18n.ts'
import { DataTable, Notice, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { wordOf } from '../../../platform/react/vocabulary.ts'
import { useChange, useRead } from '../../../platform/react.tsx'
import { policyRoles } from '../contract.ts'
import css from './agents.module.css'
import { text } from './text.ts'

const words = text.policy
type Shown = Output<'agents.get-policy'>
type Policy = Shown['policy']
type RoleName = Policy['roles'][number]['role']
const roles = policyRoles

/** What agents may do in the organization, and what each role comes to see. */
export default function ToolsPage() {
  const known = useRead('agents.get-policy', {})
  return (
    <Page title={words.title} lead={words.lead} wide>
      <ProblemNotice error={known.error} />
      {known.isPending && !known.error && <Waiting />}
      {known.data && <PolicyForm key={known.data.version} known={known.data} />}
    </Page>
  )
}

function PolicyForm({ known }: { known: Shown }) {
  const [policy, setPolicy] = useState(known.policy)
  const [problem, setProblem] = useState<unknown>(null)
  const change = useChange()
  const dirty = JSON.stringify(policy) !== JSON.stringify(known.policy)
  const trial = useTrial(policy, known, dirty)
  const set = (part: Partial<Policy>) => setPolicy((before) => ({ ...before, ...part }))
  const save = () =>
    change('agents.save-policy', { ...policy, ifVersion: known.version } as Input<'agents.save-policy'>)
      .then(() => notifications.show({ message: text.saved }))
      .catch(setProblem)
  return (
    <div className={css.form}>
      <ProblemNotice error={problem} />
      <Switches policy={policy} set={set} />
      <ul className={css.effects} aria-live="polite">
        {trial.map(({ role, offered, of }) => (
          <li key={role}>{words.sees({ role: wordOf(role), offered: number(offered), of: number(of) })}</li>
        ))}
      </ul>
      <Matrix known={known} policy={policy} set={set} />
      <Groups policy={policy} tools={known.tools.map((tool) => tool.name)} set={set} />
      {dirty && (
        <div className={css.bar} role="status">
          <span>{words.unsaved}</span>
          <Button variant="default" onClick={() => setPolicy(known.policy)}>
            {words.undo}
          </Button>
          <Button onClick={save}>{text.save}</Button>
        </div>
      )}
    </div>
  )
}

/** The effect of what is on screen, before it is saved. */
function useTrial(policy: Policy, known: Shown, dirty: boolean) {
  const change = useRead('agents.try-policy', policy as Input<'agents.try-policy'>, { enabled: dirty, keepPrevious: true })
  return dirty ? (change.data?.effects ?? known.effects) : known.effects
}

type PartProps = { policy: Policy; set: (part: Partial<Policy>) => void }

function Switches({ policy, set }: PartProps) {
  const help = { on: undefined, 'read-only': words.readOnlyHelp, off: words.offHelp }[policy.agents]
  return (
    <>
      <div className={css.switches}>
        <div>
          <div className={css.label} id="agents-mode">
            {words.agents}
          </div>
          <SegmentedControl
            aria-labelledby="agents-mode"
            value={policy.agents}
            onChange={(agents) => set({ agents: agents as Policy['agents'] })}
            data={[
              { value: 'on', label: words.on },
              { value: 'read-only', label: words.readOnly },
              { value: 'off', label: words.off },
            ]}
          />
        </div>
        <div>
          <div className={css.label} id="new-tools">
            {words.newTools}
          </div>
          <SegmentedControl
            aria-labelledby="new-tools"
            value={policy.newTools}
            onChange={(newTools) => set({ newTools: newTools as Policy['newTools'] })}
            data={[
              { value: 'Enabled', label: words.enabled },
              { value: 'Disabled', label: words.disabled },
            ]}
          />
        </div>
      </div>
      {help && <Notice kind="warning">{help}</Notice>}
    </>
  )
}

const toggled = (list: string[], name: string, on: boolean) =>
  on ? [...new Set([...list, name])] : list.filter((each) => each !== name)

/** A row for each tool: on for everybody, and on for each role. */
function Matrix({ known, policy, set }: PartProps & { known: Shown }) {
  const strict = policy.newTools === 'Disabled'
  const forAll = (name: string) => (strict ? policy.globallyEnabled.includes(name) : !policy.globallyDisabled.includes(name))
  const setForAll = (name: string, on: boolean) =>
    set(
      strict
        ? { globallyEnabled: toggled(policy.globallyEnabled, name, on) }
        : { globallyDisabled: toggled(policy.globallyDisabled, name, !on) },
    )
  const layerOf = (role: RoleName) => policy.roles.find((each) => each.role === role) ?? { role, disabled: [], allowed: null }
  const forRole = (role: RoleName, name: string) => {
    const { disabled, allowed } = layerOf(role)
    return !disabled.includes(name) && (allowed === null || allowed.includes(name))
  }
  const setForRole = (role: RoleName, name: string, on: boolean) => {
    const layer = layerOf(role)
    const next = {
      ...layer,
      disabled: toggled(layer.disabled, name, !on),
      allowed: layer.allowed && toggled(layer.allowed, name, on),
    }
    set({ roles: [...policy.roles.filter((each) => each.role !== role), next] })
  }
  return (
    <DataTable cards label={words.title} head={[words.tool, words.everybody, ...roles.map(wordOf)]}>
      {known.tools.map((tool) => (
        <tr key={tool.name}>
          <td>
            <code>{tool.name}</code>
            <div data-muted>{tool.summary}</div>
          </td>
          <td>
            <Switch
              aria-label={words.toolFor({ tool: tool.name, whom: words.everybody })}
              checked={forAll(tool.name)}
              onChange={(event) => setForAll(tool.name, event.currentTarget.checked)}
            />
          </td>
          {roles.map((role) => (
            <td key={role}>
              <Switch
                aria-label={words.toolFor({ tool: tool.name, whom: wordOf(role) })}
                checked={forRole(role, tool.name)}
                onChange={(event) => setForRole(role, tool.name, event.currentTarget.checked)}
              />
            </td>
          ))}
        </tr>
      ))}
    </DataTable>
  )
}

function Groups({ policy, tools, set }: PartProps & { tools: string[] }) {
  const put = (at: number, part: Partial<Policy['groups'][number]>) =>
    set({ groups: policy.groups.map((group, n) => (n === at ? { ...group, ...part } : group)) })
  return (
    <section className={css.groups}>
      <h2>{words.groups}</h2>
      <p data-muted>{words.groupsLead}</p>
      {policy.groups.map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a group has no other name than the one being typed
        <div key={at} className={css.group}>
          <TextInput
            label={words.groupName}
            value={group.name}
            onChange={(event) => put(at, { name: event.currentTarget.value })}
          />
          <TagsInput label={words.groupMembers} value={group.members} onChange={(members) => put(at, { members })} />
          <MultiSelect
            label={words.groupDisabled}
            data={tools}
            value={group.disabled}
            searchable
            onChange={(disabled) => put(at, { disabled })}
          />
          <Button
            variant="default"
            aria-label={words.removeGroup({ name: group.name })}
            onClick={() => set({ groups: policy.groups.filter((_, n) => n !== at) })}
          >
            {words.removeGroup({ name: group.name })}
          </Button>
        </div>
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={16} />}
        onClick={() => set({ groups: [...policy.groups, { name: '', members: [], disabled: [], allowed: null }] })}
      >
        {words.addGroup}
      </Button>
    </section>
  )
}
