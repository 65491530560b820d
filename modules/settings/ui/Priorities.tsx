import { ActionIcon, Button, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowDown, IconArrowUp, IconGripVertical, IconPlus, IconX } from '@tabler/icons-react'
import { type FormEvent, useEffect, useState } from 'react'
import { PriorityMark } from '../../../platform/react/marks.tsx'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange } from '../../../platform/react.tsx'
import { type Priority, priorityKey } from '../contract.ts'
import { ColorInput } from './ColorInput.tsx'
import { moved } from './order.ts'
import css from './settings.module.css'
import { text } from './text.ts'

const words = text.priorities
const standard = new Set(['critical', 'high', 'normal', 'low'])

type Draft = Pick<Priority, 'name' | 'label' | 'color'>
const draftOf = (priorities: Priority[]): Draft[] => priorities.map(({ name, label, color }) => ({ name, label, color }))

/** The priorities in their order: dragged by the handle or moved by the buttons, saved together. */
export function Priorities({ priorities, mayManage }: { priorities: Priority[]; mayManage: boolean }) {
  const change = useChange()
  const [draft, setDraft] = useState(() => draftOf(priorities))
  const [dragged, setDragged] = useState<number | null>(null)
  const [added, setAdded] = useState('')
  const [said, setSaid] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const saved = JSON.stringify(draftOf(priorities))
  const isChanged = JSON.stringify(draft) !== saved
  // What others save shows at once, unless one is changing it oneself.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is saved counts
  useEffect(() => setDraft(draftOf(priorities)), [saved])

  const set = (at: number, part: Partial<Draft>) =>
    setDraft((before) => before.map((each, index) => (index === at ? { ...each, ...part } : each)))
  const move = (from: number, to: number) => {
    if (to < 0 || to >= draft.length || from === to) return
    setDraft(moved(draft, from, to))
    setSaid(words.moved({ name: draft[from]!.name, place: to + 1, of: draft.length }))
  }
  const add = (event: FormEvent) => {
    event.preventDefault()
    const name = added.trim()
    if (name) setDraft([...draft, { name, label: name, color: '' }])
    setAdded('')
  }
  const save = async () => {
    try {
      await change('settings.save-priorities', { priorities: draft })
      notifications.show({ message: words.saved })
      setProblem(null)
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <>
      <p data-muted className={css.lead}>
        {words.lead}
      </p>
      <ProblemNotice error={problem} />
      <ol className={css.priorities}>
        {draft.map((priority, at) => (
          <li
            key={priority.name}
            className={css.priority}
            data-dragged={dragged === at || undefined}
            onDragOver={(event) => {
              if (dragged === null) return
              event.preventDefault()
              if (dragged !== at) {
                move(dragged, at)
                setDragged(at)
              }
            }}
            onDrop={(event) => event.preventDefault()}
          >
            {mayManage && (
              // biome-ignore lint/a11y/noStaticElementInteractions: for the pointer; the buttons beside do the same by keyboard
              <span
                className={css.grip}
                draggable
                title={words.handle({ name: priority.name })}
                onDragStart={(event) => {
                  event.dataTransfer.effectAllowed = 'move'
                  event.dataTransfer.setData('text/plain', priority.name)
                  setDragged(at)
                }}
                onDragEnd={() => setDragged(null)}
              >
                <IconGripVertical size={16} aria-hidden="true" />
              </span>
            )}
            <span className={css.priorityName}>
              <PriorityMark priority={priority.name} />
            </span>
            <TextInput
              size="xs"
              aria-label={words.label({ name: priority.name })}
              disabled={!mayManage}
              maxLength={60}
              value={priority.label}
              onChange={(event) => set(at, { label: event.currentTarget.value })}
            />
            <ColorInput
              bare
              size="xs"
              label={words.color({ name: priority.name })}
              disabled={!mayManage}
              value={priority.color}
              onChange={(color) => set(at, { color })}
            />
            {mayManage && (
              <span className={css.rowActions}>
                <ActionIcon disabled={at === 0} onClick={() => move(at, at - 1)} aria-label={words.up({ name: priority.name })}>
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon
                  disabled={at === draft.length - 1}
                  onClick={() => move(at, at + 1)}
                  aria-label={words.down({ name: priority.name })}
                >
                  <IconArrowDown size={16} />
                </ActionIcon>
                {!standard.has(priorityKey(priority.name)) && (
                  <ActionIcon
                    onClick={() => setDraft(draft.filter((_, each) => each !== at))}
                    aria-label={words.remove({ name: priority.name })}
                  >
                    <IconX size={16} />
                  </ActionIcon>
                )}
              </span>
            )}
          </li>
        ))}
      </ol>
      <div data-sr role="status">
        {said}
      </div>
      {mayManage && (
        <>
          <form onSubmit={add} className={css.addRow}>
            <TextInput
              size="xs"
              aria-label={words.newName}
              placeholder={words.newName}
              maxLength={60}
              value={added}
              onChange={(event) => setAdded(event.currentTarget.value)}
            />
            <Button type="submit" size="xs" variant="default" leftSection={<IconPlus size={14} />} disabled={!added.trim()}>
              {words.add}
            </Button>
          </form>
          <div className={css.actions}>
            <Button onClick={save} disabled={!isChanged}>
              {words.save}
            </Button>
            {isChanged && (
              <Button variant="default" onClick={() => setDraft(draftOf(priorities))}>
                {words.discard}
              </Button>
            )}
          </div>
        </>
      )}
    </>
  )
}
