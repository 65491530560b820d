import { ActionIcon, Button } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import Markdown from '../../../platform/react/markdown.tsx'
import { MarkdownInput } from '../../../platform/react/markdown-input.tsx'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import type { Task } from '../contract.ts'
import css from './task.module.css'
import { text } from './text.ts'
import type { TaskEdit } from './use-task-edit.tsx'

/** What the task is about, as it was written. */
export function Description({ task, edit, mayWrite }: { task: Task; edit: TaskEdit; mayWrite: boolean }) {
  const [draft, setDraft] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const start = useRef(task)
  const save = async () => {
    try {
      if (draft !== null && draft !== task.description) await edit.save({ description: draft }, start.current)
      setDraft(null)
      setProblem(null)
    } catch (error) {
      setProblem(error)
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save()
  }
  if (draft !== null) {
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: only listens for the save key of its field
      <div className={css.section} onKeyDown={onKeyDown}>
        <ProblemNotice error={problem} />
        <MarkdownInput label={text.task.description} value={draft} onChange={setDraft} maxLength={10_000} autoFocus minRows={6} />
        <div className={css.editorActions} style={{ marginTop: 8 }}>
          <Button size="compact-md" onClick={save}>
            {text.task.save}
          </Button>
          <Button size="compact-md" variant="default" onClick={() => setDraft(null)}>
            {text.task.cancel}
          </Button>
        </div>
      </div>
    )
  }
  if (!task.description && !mayWrite) return null
  return (
    <section className={css.description} aria-label={text.task.description}>
      {task.description ? <Markdown source={task.description} /> : <span data-muted>{text.task.noDescription}</span>}
      {mayWrite && (
        <ActionIcon
          className={css.editDescription}
          onClick={() => {
            start.current = task
            setDraft(task.description)
          }}
          aria-label={text.task.edit({ label: text.task.description })}
        >
          <IconPencil size={16} />
        </ActionIcon>
      )}
    </section>
  )
}
