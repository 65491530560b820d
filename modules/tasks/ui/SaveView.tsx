import { Button, Modal, SegmentedControl, Select, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange, useRead } from '../../../platform/react.tsx'
import type { TaskSearch } from './search.ts'
import { text } from './text.ts'

const words = text.views

/** Gives the search on screen a name, for oneself, a team or everybody. */
export function SaveView({ search, mayShare, onClose }: { search: TaskSearch; mayShare: boolean; onClose: () => void }) {
  const change = useChange()
  const [name, setName] = useState('')
  const [scope, setScope] = useState('private')
  const teams = useRead('settings.get', {}, { enabled: mayShare, staleTime: 60_000 }).data?.teams ?? []
  const [team, setTeam] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await change('tasks.save-view', { name: name.trim(), scope: scope as 'private', teamId: team, query: search })
      notifications.show({ message: words.saved({ name: name.trim() }) })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.saveTitle}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <ProblemNotice error={problem} />
        <TextInput
          label={words.name}
          required
          withAsterisk={false}
          data-autofocus
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {mayShare && (
          <SegmentedControl
            aria-label={words.scope}
            value={scope}
            onChange={setScope}
            data={[
              { value: 'private', label: words.private },
              ...(teams.length > 0 ? [{ value: 'team', label: words.team }] : []),
              { value: 'organization', label: words.organization },
            ]}
          />
        )}
        {scope === 'team' && (
          <Select
            label={words.whichTeam}
            data={teams.map(({ id, name: label }) => ({ value: id, label }))}
            value={team}
            onChange={setTeam}
            required
            withAsterisk={false}
          />
        )}
        <Button type="submit">{words.submit}</Button>
      </form>
    </Modal>
  )
}
