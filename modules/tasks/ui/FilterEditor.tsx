import { Autocomplete, Button, Checkbox, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { usePriorityName } from '../../../platform/react/marks.tsx'
import type { Filter } from './filters.ts'
import type { Directory } from './names.ts'
import { text } from './text.ts'

type EditorProps = { filter: Filter; value: unknown; directory: Directory; onApply: (value: unknown) => void }

const categories = ['new', 'active', 'waiting', 'resolved', 'closed', 'cancelled']

const choicesOf = ({ key }: Filter, directory: Directory): readonly string[] => {
  if (key === 'status') return directory.states
  if (key === 'statusCategory') return categories
  return key === 'priority' ? directory.priorities : directory.categories
}

/** Asks for the value of one filter. */
export function FilterEditor({ filter, value, directory, onApply }: EditorProps) {
  const [draft, setDraft] = useState<unknown>(value)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onApply(draft === '' || (Array.isArray(draft) && draft.length === 0) ? undefined : draft)
  }
  return (
    <form onSubmit={submit} style={{ display: 'grid', gap: 10, width: 240 }}>
      <Body filter={filter} draft={draft} directory={directory} onDraft={setDraft} onApply={onApply} />
      {filter.kind !== 'one' && (
        <Button type="submit" size="xs">
          {text.filters.apply}
        </Button>
      )}
    </form>
  )
}

type BodyProps = {
  filter: Filter
  draft: unknown
  directory: Directory
  onDraft: (value: unknown) => void
  onApply: (value: unknown) => void
}

function Body({ filter, draft, directory, onDraft, onApply }: BodyProps) {
  const priorityName = usePriorityName()
  if (filter.kind === 'choices') {
    return (
      <Checkbox.Group label={filter.label} value={(draft as string[]) ?? []} onChange={onDraft}>
        <div style={{ display: 'grid', gap: 8, maxHeight: 280, overflowY: 'auto', padding: '6px 2px' }}>
          {choicesOf(filter, directory).map((choice) => (
            <Checkbox key={choice} value={choice} label={filter.key === 'priority' ? priorityName(choice) : choice} size="xs" />
          ))}
        </div>
      </Checkbox.Group>
    )
  }
  if (filter.kind === 'one') {
    const teams = [
      { value: 'mine', label: text.filters.myTeams },
      { value: 'none', label: text.list.edit.noTeam },
      ...directory.teams.map(({ id, name }) => ({ value: id, label: name })),
    ]
    const profiles = [
      { value: 'none', label: text.filters.noProfile },
      ...directory.profiles.map(({ id, name }) => ({ value: id, label: name })),
    ]
    return (
      <Select
        label={filter.label}
        data={filter.key === 'teamId' ? teams : profiles}
        searchable={filter.key === 'teamId'}
        value={(draft as string) ?? null}
        onChange={(next) => onApply(next ?? undefined)}
        comboboxProps={{ withinPortal: false }}
      />
    )
  }
  if (filter.kind === 'person') {
    const data = ['me', 'none', ...directory.people.map(({ email }) => email)]
    const labels: Record<string, string> = { me: text.filters.me, none: text.filters.nobody }
    return (
      <Autocomplete
        label={filter.label}
        description={text.filters.type}
        data={filter.key === 'requester' ? data.filter((each) => each !== 'none') : data}
        renderOption={({ option }) => labels[option.value] ?? directory.names.person(option.value)}
        value={(draft as string) ?? ''}
        onChange={onDraft}
        onOptionSubmit={onApply}
        limit={50}
        comboboxProps={{ withinPortal: false }}
      />
    )
  }
  if (filter.kind === 'date') {
    const day = typeof draft === 'string' ? draft.slice(0, 10) : ''
    const set = (next: string) => onDraft(next ? new Date(`${next}T00:00:00`).toISOString() : '')
    return <TextInput type="date" label={filter.label} value={day} onChange={(event) => set(event.currentTarget.value)} />
  }
  return (
    <TextInput label={filter.label} value={(draft as string) ?? ''} onChange={(event) => onDraft(event.currentTarget.value)} />
  )
}
