import { Button, Modal, PasswordInput, Select, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { tellEnded } from '../../../platform/react/ended.ts'
import { DataTable, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { wordOf } from '../../../platform/react/vocabulary.ts'
import { useChange, useMay, useMe, useRead } from '../../../platform/react.tsx'
import { text } from './text.ts'

const words = text.members
const roleNames = Object.keys(text.roles)
const roleChoices = Object.entries(text.roles).map(([value, label]) => ({ value, label }))
type Member = Output<'identity.list-members'>['items'][number]

/** Who belongs to the organization, and in which role. */
export default function MembersPage() {
  const members = useRead('identity.list-members', {})
  const me = useMe()
  const may = useMay()
  const change = useChange()
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Member | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const mayManage = may('members.manage')
  const setRole = (userId: string, role: string | null) =>
    role &&
    change('identity.change-member', { userId, role })
      .then(tellEnded)
      .then(() => setProblem(null))
      .catch(setProblem)
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        mayManage && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
            {words.add}
          </Button>
        )
      }
    >
      <ProblemNotice error={members.error ?? problem} />
      {members.isPending && !members.error && <Waiting />}
      {members.data && (
        <DataTable cards label={words.title} head={[...Object.values(words.head), '']}>
          {members.data.items.map((member) => (
            <tr key={member.id}>
              <td>
                <bdi>{member.name}</bdi> {member.id === me?.id && <span data-muted>({words.you})</span>}
              </td>
              <td>{member.email}</td>
              <td>
                {mayManage ? (
                  <Select
                    size="xs"
                    w={150}
                    aria-label={words.roleOf({ name: member.name || member.email })}
                    data={(roleNames.includes(member.role) ? roleNames : [member.role, ...roleNames]).map((value) => ({
                      value,
                      label: wordOf(value),
                    }))}
                    value={member.role}
                    allowDeselect={false}
                    onChange={(role) => setRole(member.id, role)}
                  />
                ) : (
                  wordOf(member.role)
                )}
              </td>
              <td>
                {mayManage && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => setRemoving(member)}
                    aria-label={`${words.remove} ${member.name || member.email}`}
                  >
                    {words.remove}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      {adding && <AddMember onClose={() => setAdding(false)} />}
      {removing && (
        <ConfirmDialog
          title={words.removeTitle({ name: removing.name || removing.email })}
          lead={words.removeLead}
          action={words.remove}
          cancel={text.cancel}
          onConfirm={() => change('identity.remove-member', { userId: removing.id }).then(tellEnded)}
          onClose={() => setRemoving(null)}
        />
      )}
    </Page>
  )
}

function AddMember({ onClose }: { onClose: () => void }) {
  const change = useChange()
  const [values, setValues] = useState({ email: '', name: '', role: 'Auditor', password: '' })
  const [problem, setProblem] = useState<unknown>(null)
  const set = (key: keyof typeof values) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget
    setValues((before) => ({ ...before, [key]: value }))
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const { password, ...rest } = values
    try {
      await change('identity.add-member', { ...rest, ...(password && { password }) })
      notifications.show({ message: words.added({ email: values.email }) })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.addTitle}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <ProblemNotice error={problem} />
        <TextInput
          label={words.email}
          type="email"
          required
          withAsterisk={false}
          data-autofocus
          value={values.email}
          onChange={set('email')}
        />
        <TextInput label={words.name} required withAsterisk={false} value={values.name} onChange={set('name')} />
        <Select
          label={words.role}
          data={roleChoices}
          value={values.role}
          allowDeselect={false}
          onChange={(role) => setValues((before) => ({ ...before, role: role ?? before.role }))}
        />
        <PasswordInput
          label={words.password}
          description={words.passwordHelp}
          autoComplete="new-password"
          value={values.password}
          onChange={set('password')}
        />
        <Button type="submit">{words.submit}</Button>
      </form>
    </Modal>
  )
}
