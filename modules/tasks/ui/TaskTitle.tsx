import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { type FormEvent, useRef, useState } from 'react'
import { messageOf } from '../../../platform/react/page.tsx'
import type { Task } from '../contract.ts'
import css from './task.module.css'
import { text } from './text.ts'
import type { TaskEdit } from './use-task-edit.tsx'

/** The page's heading, edited in its place. */
export function TaskTitle({ task, edit, mayWrite }: { task: Task; edit: TaskEdit; mayWrite: boolean }) {
  const [draft, setDraft] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const start = useRef(task)
  const stop = () => {
    setDraft(null)
    setProblem(null)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      if (draft !== null && draft.trim() !== start.current.title) await edit.save({ title: draft.trim() }, start.current)
      stop()
    } catch (error) {
      setProblem(error)
    }
  }
  if (draft === null) {
    return (
      <div className={css.titleRow}>
        <h1 dir="auto">{task.title}</h1>
        {mayWrite && (
          <ActionIcon
            onClick={() => {
              start.current = task
              setDraft(task.title)
            }}
            aria-label={text.task.edit({ label: text.list.columns.title })}
          >
            <IconPencil size={16} />
          </ActionIcon>
        )}
      </div>
    )
  }
  return (
    <form onSubmit={submit} className={css.editor}>
      <TextInput
        aria-label={text.list.columns.title}
        size="md"
        autoFocus
        value={draft}
        maxLength={300}
        dir="auto"
        error={problem ? messageOf(problem) : undefined}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && stop()}
      />
      <div className={css.editorActions}>
        <Button type="submit" size="compact-sm">
          {text.task.save}
        </Button>
        <Button size="compact-sm" variant="default" onClick={stop}>
          {text.task.cancel}
        </Button>
      </div>
    </form>
  )
}
