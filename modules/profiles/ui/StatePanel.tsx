import { Button, Checkbox, MultiSelect, Select, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { StateMark, stateName } from '../../../platform/react/marks.tsx'
import { listed } from '../../../platform/react/words.ts'
import {
  type CompiledState,
  canonicalField,
  compileProfile,
  type ProfileState,
  type StateCategory,
  type StateRole,
  stateCategories,
  stateRoles,
  statusKey,
} from '../contract.ts'
import { DraftInput } from './DraftInput.tsx'
import { Marks, type PanelProps } from './FlowPanel.tsx'
import panelCss from './panel.module.css'
import css from './profile.module.css'
import { renameState, setMove, setState } from './profile-edits.ts'
import { text } from './text.ts'

const words = text.panel
const flags = ['isInitial', 'isTerminal', 'pausesSla', 'setSlaResponded', 'setSlaResolved', 'setClosedAt'] as const

/** A state with everything about it; the list of next states does what drawing arrows does. */
export function StatePanel({ index, profile, draft, mayEdit, onSelect, onRemove, marks }: PanelProps & { index: number }) {
  const state = profile.states[index]!
  const { source } = state
  const set = <K extends Parameters<typeof setState>[1]>(key: K, value: ProfileState[K]) =>
    draft.edit(setState(index, key, value))
  const judge = (name: string) => {
    if (statusKey(name) === '') return words.stateNameMissing
    const twin = profile.states.find((other, n) => n !== index && other.key === statusKey(name))
    return twin ? words.stateNameTaken({ name: twin.status }) : undefined
  }
  const before = profile.states.filter((other) => other.next.includes(state))
  return (
    <div className={css.panel}>
      <div className={css.sectionHead}>
        <h2>
          <StateMark status={state.status} category={state.category} />
        </h2>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onSelect(null)}>
          {words.done}
        </Button>
      </div>
      <Marks marks={marks.get(`${index}`)} />
      <DraftInput
        label={words.stateName}
        description={words.stateNameHelp}
        value={state.status}
        judge={judge}
        onCommit={(name) => draft.edit(renameState(index, name))}
        readOnly={!mayEdit}
        maxLength={60}
      />
      <div className={panelCss.pair}>
        <Select
          label={words.category}
          data={[
            { value: '', label: words.automatic({ what: text.categories[inferred(state).category] }) },
            ...stateCategories.map((value) => ({ value, label: text.categories[value] })),
          ]}
          value={source.category ?? ''}
          allowDeselect={false}
          onChange={(next) => set('category', (next || undefined) as StateCategory | undefined)}
          readOnly={!mayEdit}
        />
        <Select
          label={words.role}
          data={[
            { value: '', label: state.role && !source.role ? words.automatic({ what: text.roles[state.role] }) : words.noRole },
            ...stateRoles.map((value) => ({ value, label: text.roles[value] })),
          ]}
          value={source.role ?? ''}
          allowDeselect={false}
          onChange={(next) => set('role', (next || undefined) as StateRole | undefined)}
          readOnly={!mayEdit}
        />
      </div>
      <fieldset className={panelCss.boxes} disabled={!mayEdit}>
        <legend>{words.flags}</legend>
        {flags.map((flag) => (
          <Checkbox
            key={flag}
            size="xs"
            label={words.flagNames[flag]}
            checked={state[flag]}
            disabled={flag === 'isInitial' && state.isInitial && source.isInitial}
            onChange={(event) => set(flag, flagValue(flag, event.currentTarget.checked, state))}
          />
        ))}
      </fieldset>
      <NextStates index={index} state={state} profile={profile} draft={draft} mayEdit={mayEdit} />
      <p className={css.small} data-muted>
        {before.length > 0
          ? words.comesFrom({ names: listed(before.map(({ status }) => stateName(status))) })
          : words.comesFromNowhere}
      </p>
      <MultiSelect
        label={words.required}
        description={words.requiredHelp}
        data={profile.fields.map(({ key, label }) => ({ value: key, label }))}
        value={(source.requiredFields ?? []).map(canonicalField)}
        onChange={(next) => set('requiredFields', keepNames(source.requiredFields ?? [], next))}
        searchable
        readOnly={!mayEdit}
        hidePickedOptions
        comboboxProps={{ shadow: 'md' }}
      />
      {mayEdit && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconTrash size={14} />}
          disabled={profile.states.length === 1}
          onClick={() => onRemove({ kind: 'state', index })}
          style={{ justifySelf: 'start' }}
        >
          {words.removeState({ name: stateName(state.status) })}
        </Button>
      )}
    </div>
  )
}

/** Every other state, ticked where this one may go. */
function NextStates({
  index,
  state,
  profile,
  draft,
  mayEdit,
}: Pick<PanelProps, 'profile' | 'draft' | 'mayEdit'> & { index: number; state: CompiledState }) {
  const [filter, setFilter] = useState('')
  const others = profile.states.filter((other, n) => n !== index && other.status.toLowerCase().includes(filter.toLowerCase()))
  return (
    <fieldset className={panelCss.boxes} disabled={!mayEdit}>
      <legend>{words.next({ count: state.next.length })}</legend>
      {profile.states.length > 12 && (
        <TextInput
          size="xs"
          aria-label={words.filterStates}
          placeholder={words.filterStates}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          className={panelCss.across}
        />
      )}
      <div className={panelCss.choices}>
        {others.map((other) => (
          <Checkbox
            key={`${other.key} ${profile.states.indexOf(other)}`}
            size="xs"
            label={stateName(other.status)}
            checked={state.next.includes(other)}
            onChange={(event) => draft.edit(setMove(state.status, other.status, event.currentTarget.checked))}
          />
        ))}
      </div>
    </fieldset>
  )
}

/** What the state would be without a word of its own about its category. */
function inferred({ source }: CompiledState): CompiledState {
  const { category: _, ...bare } = source
  return compileProfile({ name: '-', statusFlow: [bare] }).states[0]!
}

/** A pause that the category suggests anyway is not written down. */
function flagValue(flag: (typeof flags)[number], value: boolean, state: CompiledState): boolean | undefined {
  if (flag !== 'pausesSla') return value
  return value === (state.category === 'waiting') ? undefined : value
}

/** The author's own names of the fields that stay. */
const keepNames = (before: readonly string[], after: readonly string[]) =>
  after.map((key) => before.find((name) => canonicalField(name) === key) ?? key)
