import { Button, Modal, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { MarkdownInput } from '../../../platform/react/markdown-input.tsx'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange } from '../../../platform/react.tsx'
import type { NewTask, Task } from '../contract.ts'
import { FieldInput } from './FieldInput.tsx'
import { useDirectory } from './names.ts'
import { fieldErrors, nested } from './refusal.ts'
import { text } from './text.ts'

const words = text.task

type SplitDialogProps = { task: Task; description?: string; onClose: () => void }

/** Part of a task becomes one of its own; what its profile requires beyond the title is asked when the server says so. */
export function SplitDialog({ task, description: given = '', onClose }: SplitDialogProps) {
  const change = useChange()
  const navigate = useNavigate()
  const directory = useDirectory()
  const [title, setTitle] = useState('')
  const [description, setDescription] = useState(given)
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const errors = fieldErrors(problem)
  const [asked, setAsked] = useState<{ field: string; label: string; type: string; choices?: readonly string[] }[]>([])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const extra = nested(values) as Partial<NewTask>
      const made = await change('tasks.split', {
        taskId: task.id,
        ...extra,
        title: title.trim(),
        ...(description && { description }),
      })
      notifications.show({ message: words.splitDone({ key: made.key }) })
      onClose()
      navigate({ to: '/tasks/$ref', params: { ref: made.key }, search: {} })
    } catch (error) {
      setProblem(error)
      const missing = (error as { body?: { missingFields?: typeof asked } }).body?.missingFields ?? []
      const own = ['title', 'description']
      setAsked((before) => [
        ...before,
        ...missing.filter((each) => !own.includes(each.field) && !before.some(({ field }) => field === each.field)),
      ])
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.splitTitle} size="lg">
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }} noValidate>
        <p data-muted>{words.splitLead}</p>
        <ProblemNotice error={problem} brief />
        <TextInput
          label={words.splitName}
          data-autofocus
          value={title}
          maxLength={300}
          error={errors.get('title')}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <MarkdownInput
          label={words.splitDescription}
          value={description}
          onChange={setDescription}
          error={errors.get('description')}
        />
        {asked.map((field) => (
          <FieldInput
            key={field.field}
            field={{ ...field, required: true }}
            value={values[field.field]}
            onChange={(value) => setValues((before) => ({ ...before, [field.field]: value }))}
            people={directory.people}
            error={errors.get(field.field)}
          />
        ))}
        <Button type="submit" loading={busy} disabled={title.trim() === ''}>
          {words.splitSubmit}
        </Button>
      </form>
    </Modal>
  )
}
