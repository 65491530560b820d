import { Button, Modal, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange } from '../../../platform/react.tsx'
import { type Contact, type ContactFields, contactColumns } from '../contract.ts'
import { text as words } from './text.ts'

const labels = { ...words.head, notes: words.notes }

/** Adds a person, or changes one. */
export function PersonForm({ person, onClose }: { person: Contact | null; onClose: () => void }) {
  const [values, setValues] = useState<ContactFields>({
    ...{ name: person?.name ?? '', email: person?.email ?? '', department: person?.department ?? '' },
    ...{ title: person?.title ?? '', notes: person?.notes ?? '' },
  })
  const [problem, setProblem] = useState<unknown>(null)
  const change = useChange()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await change('people.save', { ...values, ...(person && { contactId: person.id, version: person.version }) })
      notifications.show({ message: words.saved({ name: values.name }) })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={person ? words.editOf({ name: person.name }) : words.add}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <ProblemNotice error={problem} />
        {contactColumns.map((column) => {
          const required = column === 'name' || column === 'email'
          const common = {
            label: labels[column],
            required,
            withAsterisk: false,
            value: values[column],
            onChange: (event: { currentTarget: { value: string } }) => {
              const { value } = event.currentTarget
              setValues((before) => ({ ...before, [column]: value }))
            },
          }
          return column === 'notes' ? (
            <Textarea key={column} {...common} autosize minRows={2} maxRows={8} maxLength={4000} />
          ) : (
            <TextInput
              key={column}
              {...common}
              type={column === 'email' ? 'email' : 'text'}
              maxLength={200}
              {...(column === 'name' && { 'data-autofocus': true })}
            />
          )
        })}
        <Button type="submit">{words.save}</Button>
      </form>
    </Modal>
  )
}
