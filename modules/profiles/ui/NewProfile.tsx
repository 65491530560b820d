import { Button, Modal, Select, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useContext, useState } from 'react'
import type { Input } from '../../../platform/client.ts'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { ApiContext, useChange } from '../../../platform/react.tsx'
import { defaultLifecycle, seeds, type TaskerProfile } from '../contract.ts'
import { documentOf } from './document.ts'
import { text } from './text.ts'

/** The least a profile can be: a start and an end. */
const minimal: TaskerProfile = {
  name: '',
  fieldRules: { title: { required: true } },
  statusFlow: [
    { status: 'Open', allowedTransitions: ['Closed'], isInitial: true },
    { status: 'Closed', allowedTransitions: [], isTerminal: true, setSlaResolved: true, setClosedAt: true },
  ],
}

/** A profile of one's own: a copy of the closest one under a new name. */
export function NewProfile({ existing, onClose }: { existing: { id: string; name: string }[]; onClose: () => void }) {
  const { call } = useContext(ApiContext)
  const change = useChange()
  const navigate = useNavigate()
  const names = new Set(existing.map(({ name }) => name))
  const choices = [
    ...existing.map(({ id, name }) => ({ value: id, label: name })),
    ...seeds
      .filter(({ document }) => !names.has(document.name))
      .map(({ key, document }) => ({ value: `seed:${key}`, label: document.name })),
    { value: 'default', label: text.defaultLifecycle },
    { value: 'minimal', label: text.minimal },
  ]
  const [name, setName] = useState('')
  const [origin, setOrigin] = useState(choices[0]!.value)
  const [problem, setProblem] = useState<unknown>(null)

  const copied = async (): Promise<TaskerProfile> => {
    if (origin === 'default') return defaultLifecycle
    if (origin === 'minimal') return minimal
    if (origin.startsWith('seed:')) return seeds.find(({ key }) => `seed:${key}` === origin)!.document
    return documentOf(await call('profiles.get', { profileId: origin }))
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      const made = await change('profiles.save', {
        ...(await copied()),
        name: name.trim(),
        standardSource: 'custom',
      } as Input<'profiles.save'>)
      navigate({ to: '/profiles/$id', params: { id: made.id } })
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={text.newTitle}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <p data-muted>{text.newLead}</p>
        <ProblemNotice error={problem} />
        <TextInput
          label={text.name}
          required
          withAsterisk={false}
          data-autofocus
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={text.copyOf}
          data={choices}
          value={origin}
          allowDeselect={false}
          onChange={(next) => setOrigin(next ?? origin)}
        />
        <Button type="submit">{text.create}</Button>
      </form>
    </Modal>
  )
}
