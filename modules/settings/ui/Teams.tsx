import { ActionIcon, Autocomplete, Button, Modal, MultiSelect, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArchive, IconPencil, IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { DataTable, Empty, ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange, useMay, useRead } from '../../../platform/react.tsx'
import type { Team } from '../contract.ts'
import css from './settings.module.css'
import { text } from './text.ts'

const words = text.teams

/** The groups that tickets can be assigned to. */
export function Teams({ teams, mayManage }: { teams: Team[]; mayManage: boolean }) {
  const change = useChange()
  const may = useMay()
  const people = useRead('identity.list-people', {}, { enabled: may('organization.read'), staleTime: 60_000 }).data?.items ?? []
  const nameOf = (email: string) => people.find((person) => person.email === email)?.name || email
  const [editing, setEditing] = useState<Team | 'new' | null>(null)
  const [removing, setRemoving] = useState<Team | null>(null)
  return (
    <>
      <div className={css.sectionHead}>
        <p data-muted>{words.lead}</p>
        {mayManage && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
            {words.add}
          </Button>
        )}
      </div>
      {teams.length === 0 ? (
        <Empty title={words.none}>{words.noneBody}</Empty>
      ) : (
        <DataTable cards label={text.tabs.teams} head={[...Object.values(words.head), '']}>
          {teams.map((team) => (
            <tr key={team.id}>
              <td>{team.name}</td>
              <td>
                <code>{team.id}</code>
              </td>
              <td>{team.leadEmail && nameOf(team.leadEmail)}</td>
              <td title={team.members.map(nameOf).join(', ')}>{words.count(team.members.length)}</td>
              <td>
                {mayManage && (
                  <span className={css.rowActions}>
                    <ActionIcon onClick={() => setEditing(team)} aria-label={text.edit({ name: team.name })}>
                      <IconPencil size={16} />
                    </ActionIcon>
                    <ActionIcon onClick={() => setRemoving(team)} aria-label={words.remove({ name: team.name })}>
                      <IconArchive size={16} />
                    </ActionIcon>
                  </span>
                )}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      {editing && <TeamForm team={editing === 'new' ? undefined : editing} people={people} onClose={() => setEditing(null)} />}
      {removing && (
        <ConfirmDialog
          title={words.removeTitle({ name: removing.name })}
          lead={words.removeLead}
          action={words.removeAction}
          cancel={text.cancel}
          onConfirm={() => change('settings.archive-team', { teamId: removing.id })}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  )
}

type TeamFormProps = { team?: Team; people: { email: string; name: string }[]; onClose: () => void }

function TeamForm({ team, people, onClose }: TeamFormProps) {
  const change = useChange()
  const [values, setValues] = useState({
    id: team?.id ?? '',
    name: team?.name ?? '',
    leadEmail: team?.leadEmail ?? '',
    members: team?.members ?? [],
  })
  const [problem, setProblem] = useState<unknown>(null)
  const set = (part: Partial<typeof values>) => setValues((before) => ({ ...before, ...part }))
  const setName = (name: string) => {
    const isFollowing = !team && (values.id === '' || values.id === idFor(values.name))
    set({ name, ...(isFollowing && { id: idFor(name) }) })
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await change('settings.save-team', { ...values, leadEmail: values.leadEmail.trim() || null })
      notifications.show({ message: words.saved({ name: values.name }) })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  const known = people.map(({ email, name }) => ({ value: email, label: name ? `${name} (${email})` : email }))
  const gone = values.members.filter((email) => !people.some((person) => person.email === email))
  return (
    <Modal opened onClose={onClose} title={team ? words.editTitle({ name: team.name }) : words.newTitle} size="lg">
      <form onSubmit={submit} className={css.form}>
        <ProblemNotice error={problem} />
        <TextInput
          label={words.name}
          required
          withAsterisk={false}
          data-autofocus
          maxLength={100}
          value={values.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={words.id}
          description={words.idHelp}
          required
          withAsterisk={false}
          disabled={team !== undefined}
          maxLength={120}
          value={values.id}
          onChange={(event) => set({ id: event.currentTarget.value })}
        />
        <Autocomplete
          label={words.leader}
          type="email"
          data={people.map(({ email }) => email)}
          limit={30}
          value={values.leadEmail}
          onChange={(leadEmail) => set({ leadEmail })}
        />
        <MultiSelect
          label={words.members}
          description={words.membersHelp}
          data={[...known, ...gone.map((email) => ({ value: email, label: email }))]}
          searchable
          limit={50}
          value={values.members}
          onChange={(members) => set({ members })}
        />
        <div className={css.actions}>
          <Button type="submit">{words.save}</Button>
          <Button variant="default" onClick={onClose}>
            {text.cancel}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

/** `Service desk` → `service-desk` */
const idFor = (name: string) =>
  name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
