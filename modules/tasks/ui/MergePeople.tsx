import { Button, Modal, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange, useRead } from '../../../platform/react.tsx'
import { text } from './text.ts'

const words = text.mergePeople
type MergePeopleProps = { person: { id: string; name: string; email: string }; onClose: () => void }

/** Chooses whom a person is merged into, and says how many tickets came along. */
export function MergePeople({ person, onClose }: MergePeopleProps) {
  const [typed, setTyped] = useState('')
  const [into, setInto] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [q] = useDebouncedValue(typed.trim(), 150)
  const found = useRead('people.list', { q: q.slice(0, 254), limit: 30 }, { keepPrevious: true })
  const change = useChange()
  const others = found.data?.items.filter(({ id }) => id !== person.id) ?? []
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!into) return
    try {
      const { tasks } = await change('tasks.merge-people', { contactId: person.id, intoContactId: into })
      notifications.show({ message: words.done(tasks) })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.title({ name: person.name })}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <p>{words.lead({ email: person.email })}</p>
        <ProblemNotice error={problem ?? found.error} />
        <Select
          label={words.into}
          data-autofocus
          searchable
          filter={({ options }) => options}
          data={others.map(({ id, name, email }) => ({ value: id, label: `${name} · ${email}` }))}
          value={into}
          onChange={setInto}
          onSearchChange={setTyped}
          nothingFoundMessage={words.nobody}
        />
        <Button type="submit" disabled={!into}>
          {words.submit}
        </Button>
      </form>
    </Modal>
  )
}
