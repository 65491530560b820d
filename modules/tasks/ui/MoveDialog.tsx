import { Button, Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { stateName } from '../../../platform/react/marks.tsx'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import type { Task, TaskChange } from '../contract.ts'
import { FieldInput, type FieldShape } from './FieldInput.tsx'
import type { Directory } from './names.ts'
import { fieldErrors, nested } from './refusal.ts'
import { text } from './text.ts'
import type { TaskEdit } from './use-task-edit.tsx'

const words = text.task

type MoveDialogProps = {
  task: Task
  move: { to: string; missingFields: FieldShape[]; slaEffect: string }
  edit: TaskEdit
  people: Directory['people']
  onClose: () => void
}

/** Asks for exactly the fields a state needs, then moves. */
export function MoveDialog({ task, move, edit, people, onClose }: MoveDialogProps) {
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const errors = fieldErrors(problem)
  const name = stateName(move.to)

  const submit = async (event?: FormEvent) => {
    event?.preventDefault()
    setBusy(true)
    try {
      if (await edit.save({ ...nested(values), status: move.to } as TaskChange))
        notifications.show({ message: `${task.key}: ${name}. ${move.slaEffect}`.trim() })
      onClose()
    } catch (refusal) {
      setProblem(refusal)
      setBusy(false)
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
  }
  return (
    <Modal opened onClose={onClose} title={words.moveTitle({ status: name })} size="lg">
      <form onSubmit={submit} onKeyDown={onKeyDown} style={{ display: 'grid', gap: 14 }} noValidate>
        <p data-muted>{words.moveLead({ status: name })}</p>
        <ProblemNotice error={problem} brief />
        {move.missingFields.map((field, at) => (
          <FieldInput
            key={field.field}
            field={{ ...field, required: true }}
            value={values[field.field]}
            onChange={(value) => setValues((before) => ({ ...before, [field.field]: value }))}
            people={people}
            error={errors.get(field.field)}
            autoFocus={at === 0}
          />
        ))}
        <div style={{ display: 'flex', gap: 8 }}>
          <Button type="submit" loading={busy}>
            {words.moveSubmit({ status: name })}
          </Button>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
