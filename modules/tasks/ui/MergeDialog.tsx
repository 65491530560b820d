import { Button, Modal } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange } from '../../../platform/react.tsx'
import type { Task } from '../contract.ts'
import { TaskPicker } from './TaskPicker.tsx'
import { text } from './text.ts'

const words = text.task

/** Names what is lost and what stays, then merges and goes to the task that stays. */
export function MergeDialog({ task, onClose }: { task: Task; onClose: () => void }) {
  const change = useChange()
  const navigate = useNavigate()
  const [into, setInto] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const target = await change('tasks.merge', { taskId: task.id, into: into.trim() })
      onClose()
      navigate({ to: '/tasks/$ref', params: { ref: target.key }, search: { mergedFrom: task.key } })
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.mergeTitle({ key: task.key })}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <p>{words.mergeLead}</p>
        <ProblemNotice error={problem} />
        <TaskPicker label={words.mergeTarget} help={words.linkTargetHelp} value={into} onChange={setInto} except={task.key} />
        <Button type="submit" loading={busy} disabled={into.trim() === ''}>
          {words.mergeSubmit({ target: into.trim() || '…' })}
        </Button>
      </form>
    </Modal>
  )
}
