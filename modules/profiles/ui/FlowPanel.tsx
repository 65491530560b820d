import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { stateName } from '../../../platform/react/marks.tsx'
import { DraftInput } from './DraftInput.tsx'
import { type Mark, placeKey, type Selection } from './findings.ts'
import { type CompiledProfile, rulesOfMove } from './move-rules.ts'
import css from './profile.module.css'
import { setText } from './profile-edits.ts'
import { StatePanel } from './StatePanel.tsx'
import { text } from './text.ts'
import type { Draft } from './use-draft.ts'

export type PanelProps = {
  profile: CompiledProfile
  draft: Draft
  mayEdit: boolean
  onSelect: (selection: Selection) => void
  onRemove: (selection: NonNullable<Selection>) => void
  marks: ReadonlyMap<string, readonly Mark[]>
}

/** What is selected in the flow, to change: a state, a move, or with nothing selected the profile itself. */
export function FlowPanel({ selection, ...rest }: PanelProps & { selection: Selection }) {
  if (selection?.kind === 'state') return <StatePanel key={selection.index} index={selection.index} {...rest} />
  if (selection?.kind === 'move') return <MovePanel from={selection.from} to={selection.to} {...rest} />
  return <ProfilePanel {...rest} />
}

function ProfilePanel({ profile, draft, mayEdit, onSelect }: PanelProps) {
  const { document } = profile
  const set = (key: 'name' | 'description' | 'standardSource') => (value: string) => draft.edit(setText(key, value))
  return (
    <div className={css.panel}>
      <h2>{text.panel.profile}</h2>
      <DraftInput
        label={text.name}
        value={document.name}
        judge={(value) => (value === '' ? text.panel.nameMissing : undefined)}
        onCommit={set('name')}
        readOnly={!mayEdit}
        maxLength={200}
      />
      <DraftInput
        label={text.panel.description}
        value={document.description ?? ''}
        onCommit={set('description')}
        readOnly={!mayEdit}
        maxLength={5000}
      />
      <DraftInput
        label={text.panel.standard}
        description={text.panel.standardHelp}
        value={document.standardSource ?? ''}
        onCommit={set('standardSource')}
        readOnly={!mayEdit}
        maxLength={200}
      />
      <div>
        <h3>{text.panel.states(profile.states.length)}</h3>
        <ul className={css.plain}>
          {profile.states.map((state, index) => (
            <li key={`${state.key} ${profile.states.indexOf(state)}`}>
              <button type="button" className={css.link} onClick={() => onSelect({ kind: 'state', index })}>
                {stateName(state.status)}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

/** What the validator says about the selected place. */
export const Marks = ({ marks }: { marks: readonly Mark[] | undefined }) =>
  marks?.map(({ kind, message }) => (
    <p key={message} className={css.mark} data-kind={kind}>
      {message}
    </p>
  ))

function MovePanel({ from, to, profile, mayEdit, onSelect, onRemove, marks }: PanelProps & { from: number; to: number }) {
  const [source, target] = [profile.states[from]!, profile.states[to]!]
  const place = { kind: 'move', from, to } as const
  const isThere = source.next.includes(target)
  return (
    <div className={css.panel}>
      <h2>{text.panel.move({ from: stateName(source.status), to: stateName(target.status) })}</h2>
      <Marks marks={marks.get(placeKey(place))} />
      <ul className={css.rules}>
        {rulesOfMove(profile, source, target).map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
      <div className={css.bar}>
        <Button size="compact-sm" variant="default" onClick={() => onSelect({ kind: 'state', index: from })}>
          {text.panel.open({ name: stateName(source.status) })}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => onSelect({ kind: 'state', index: to })}>
          {text.panel.open({ name: stateName(target.status) })}
        </Button>
        {mayEdit && isThere && (
          <Button size="compact-sm" variant="default" leftSection={<IconTrash size={14} />} onClick={() => onRemove(place)}>
            {text.panel.removeMove}
          </Button>
        )}
      </div>
    </div>
  )
}
