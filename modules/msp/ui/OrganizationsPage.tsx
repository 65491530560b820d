import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { number } from '../../../platform/react/i18n.ts'
import { DataTable, Empty, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { date } from '../../../platform/react/words.ts'
import { useChange, useMay, useRead } from '../../../platform/react.tsx'
import css from './msp.module.css'
import { OrganizationPanel } from './OrganizationPanel.tsx'
import { text } from './text.ts'

const words = text.organizations

/** Every organization of the installation, for SuperAdmins. */
export default function OrganizationsPage() {
  const [find, setFind] = useState('')
  const [withArchived, setWithArchived] = useState(false)
  const [creating, setCreating] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const mayManage = useMay()('organizations.manage')
  const organizations = useRead('msp.list-organizations', { q: find.trim() }, { keepPrevious: true })
  const items = (organizations.data?.items ?? []).filter(({ archivedAt }) => withArchived || !archivedAt)
  const open = organizations.data?.items.find(({ id }) => id === chosen)
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        mayManage && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
            {words.create}
          </Button>
        )
      }
    >
      <div className={css.filters}>
        <TextInput
          aria-label={words.search}
          placeholder={words.search}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
        />
        <Checkbox
          label={words.showArchived}
          checked={withArchived}
          onChange={(event) => setWithArchived(event.currentTarget.checked)}
        />
      </div>
      <ProblemNotice error={organizations.error} />
      {organizations.isPending && !organizations.error && <Waiting lines={8} />}
      {organizations.data && items.length === 0 && <Empty title={words.empty} />}
      {items.length > 0 && (
        <DataTable cards label={words.title} head={Object.values(words.head)}>
          {items.map((each) => (
            <tr key={each.id}>
              <td>
                <button
                  type="button"
                  className={css.title}
                  aria-label={words.open({ name: each.name })}
                  onClick={() => setChosen(each.id)}
                >
                  <bdi>{each.name}</bdi>
                </button>{' '}
                {each.archivedAt && <span data-muted>({words.archived})</span>}
              </td>
              <td>{each.isMsp ? <span className={css.badge}>{words.provider}</span> : words.client}</td>
              <td>{each.managedBy?.name ?? '–'}</td>
              <td>{number(each.users)}</td>
              <td>{each.isMsp ? number(each.clients) : ''}</td>
              <td>{date(each.createdAt)}</td>
            </tr>
          ))}
        </DataTable>
      )}
      {creating && <CreateOrganization onClose={() => setCreating(false)} onMade={setChosen} />}
      {open && <OrganizationPanel key={open.id} organization={open} onClose={() => setChosen(null)} />}
    </Page>
  )
}

/** The providers an organization can be given to. */
export function useProviders(except?: string) {
  const all = useRead('msp.list-organizations', {})
  return (all.data?.items ?? [])
    .filter(({ id, isMsp, archivedAt }) => isMsp && !archivedAt && id !== except)
    .map(({ id, name }) => ({ value: id, label: name }))
}

function CreateOrganization({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const change = useChange()
  const providers = useProviders()
  const [name, setName] = useState('')
  const [ticketPrefix, setPrefix] = useState('')
  const [kind, setKind] = useState<string | null>('client')
  const [managedBy, setManagedBy] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      const prefix = ticketPrefix.trim().toUpperCase()
      const made = await change('msp.create-organization', {
        name,
        isMsp: kind === 'msp',
        managedBy,
        ...(prefix && { ticketPrefix: prefix }),
      })
      notifications.show({ message: words.created({ name }) })
      onClose()
      onMade(made.id)
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.createTitle}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <ProblemNotice error={problem} />
        <TextInput
          label={words.name}
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label={words.prefix}
          description={words.prefixHelp}
          value={ticketPrefix}
          onChange={(event) => setPrefix(event.currentTarget.value)}
        />
        <Select
          label={words.kind}
          data={[
            { value: 'client', label: words.kinds.client },
            { value: 'msp', label: words.kinds.msp },
          ]}
          value={kind}
          allowDeselect={false}
          onChange={setKind}
        />
        <Select
          label={words.managedBy}
          description={words.managedByHelp}
          placeholder={words.nobody}
          data={providers}
          value={managedBy}
          clearable
          searchable
          onChange={setManagedBy}
        />
        <Button type="submit">{words.create}</Button>
      </form>
    </Modal>
  )
}
