import { Button, Menu, Modal, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconChevronUp } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { usePriorityName } from '../../../platform/react/marks.tsx'
import { messageOf, useSlow } from '../../../platform/react/page.tsx'
import { tellUndoable } from '../../../platform/react/undo.tsx'
import { wordOf } from '../../../platform/react/vocabulary.ts'
import { useChange, useMe } from '../../../platform/react.tsx'
import type { TaskChange, TaskRow } from '../contract.ts'
import css from './list.module.css'
import type { Directory } from './names.ts'
import { text } from './text.ts'

const words = text.bulk

type BulkBarProps = {
  items: readonly TaskRow[]
  selected: ReadonlySet<string>
  onSelect: (selected: ReadonlySet<string>) => void
  directory: Directory
}

/** Changes what is selected, all alike; afterwards each task that was refused says why. */
export function BulkBar({ items, selected, onSelect, directory }: BulkBarProps) {
  const change = useChange()
  const me = useMe()
  const priorityName = usePriorityName()
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<Output<'tasks.bulk'> | null>(null)
  const slow = useSlow(busy)

  const apply = async (wanted: TaskChange) => {
    setBusy(true)
    try {
      const before = items.filter(({ id }) => selected.has(id))
      const output = await change('tasks.bulk', { taskIds: [...selected], change: wanted })
      const changed = new Set(output.results.filter(({ ok }) => ok).map(({ taskId }) => taskId))
      const back =
        wanted.status === undefined
          ? () =>
              takeBack(
                before.filter(({ id }) => changed.has(id)),
                wanted,
              )
          : undefined
      if (back) tellUndoable(words.changed(output.changed), back)
      else notifications.show({ message: words.changed(output.changed) })
      if (output.refused > 0) setAnswer(output)
      else onSelect(new Set())
    } catch (error) {
      notifications.show({ color: 'red', message: messageOf(error) })
    }
    setBusy(false)
  }
  /** Each gets the value again that it had; those that had the same go together. */
  const takeBack = async (rows: readonly TaskRow[], wanted: TaskChange) => {
    const fields = Object.keys(wanted) as (keyof TaskRow & keyof TaskChange)[]
    const valuesOf = (row: TaskRow) => JSON.stringify(Object.fromEntries(fields.map((field) => [field, row[field]])))
    for (const [values, alike] of Map.groupBy(rows, valuesOf))
      await change('tasks.bulk', { taskIds: alike.map(({ id }) => id), change: JSON.parse(values) as TaskChange })
  }
  const choose = (label: string, choices: readonly { value: string; label: string }[], pick: (value: string) => TaskChange) => (
    <BulkMenu label={label} choices={choices} disabled={busy} onPick={(value) => apply(pick(value))} />
  )
  const plain = (choices: readonly string[]) => choices.map((value) => ({ value, label: wordOf(value) }))
  const people = [
    { value: '', label: words.nobody },
    ...directory.people.map(({ email, name }) => ({ value: email, label: name || email })),
  ]

  const teams = [
    { value: '', label: text.list.edit.noTeam },
    ...directory.teams.map(({ id, name }) => ({ value: id, label: name })),
  ]

  return (
    <section className={css.bulk} aria-label={words.label}>
      <strong role="status">{slow ? words.working(selected.size) : words.selected({ count: selected.size })}</strong>
      {choose(words.move, plain(directory.states), (status) => ({ status }))}
      {choose(words.assign, people, (email) => ({ assignedToEmail: email || null }))}
      <Button size="compact-md" variant="default" disabled={busy} onClick={() => apply({ assignedToEmail: me?.email ?? null })}>
        {words.assignToMe}
      </Button>
      {choose(
        words.priority,
        directory.priorities.map((value) => ({ value, label: priorityName(value) })),
        (priority) => ({ priority }),
      )}
      {directory.teams.length > 0 && choose(words.team, teams, (team) => ({ teamId: team || null }))}
      {choose(
        words.category,
        directory.categories.map((value) => ({ value, label: value })),
        (category) => ({ category }),
      )}
      <Button size="compact-md" variant="subtle" color="gray" ms="auto" onClick={() => onSelect(new Set())}>
        {words.clear}
      </Button>
      {answer && (
        <BulkResults
          answer={answer}
          onClose={(keep) => {
            onSelect(new Set(keep ? answer.results.filter(({ ok }) => !ok).map(({ taskId }) => taskId) : []))
            setAnswer(null)
          }}
        />
      )}
    </section>
  )
}

type BulkMenuProps = {
  label: string
  choices: readonly { value: string; label: string }[]
  disabled: boolean
  onPick: (value: string) => void
}

/** A menu of one field's values; longer lists get a field to narrow them. */
function BulkMenu({ label, choices, disabled, onPick }: BulkMenuProps) {
  const [words, setWords] = useState('')
  const shown = choices.filter((choice) => choice.label.toLowerCase().includes(words.toLowerCase())).slice(0, 60)
  return (
    <Menu position="top-start" onClose={() => setWords('')} width={230}>
      <Menu.Target>
        <Button size="compact-md" variant="default" disabled={disabled} rightSection={<IconChevronUp size={14} />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={340} style={{ overflowY: 'auto' }}>
        {choices.length > 9 && (
          <TextInput
            m={4}
            size="xs"
            aria-label={label}
            placeholder={label}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
        )}
        {shown.map((choice) => (
          <Menu.Item key={choice.value} onClick={() => onPick(choice.value)}>
            {choice.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function BulkResults({ answer, onClose }: { answer: Output<'tasks.bulk'>; onClose: (keepRefused: boolean) => void }) {
  const refused = answer.results.filter(({ ok }) => !ok)
  return (
    <Modal
      opened
      onClose={() => onClose(false)}
      title={words.resultTitle({ changed: answer.changed, refused: answer.refused })}
      size="lg"
    >
      <ul className={css.results}>
        {refused.map((result) => (
          <li key={result.taskId}>
            <Link to="/tasks/$ref" params={{ ref: result.key ?? result.taskId }}>
              {result.key ?? result.taskId}
            </Link>{' '}
            {result.message}
          </li>
        ))}
      </ul>
      <div style={{ display: 'flex', gap: 8, marginTop: 16 }}>
        <Button onClick={() => onClose(true)}>{words.keepRefused}</Button>
        <Button variant="default" onClick={() => onClose(false)}>
          {words.close}
        </Button>
      </div>
    </Modal>
  )
}
