import { Button, Modal, NumberInput, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPencil } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { number } from '../../../platform/react/i18n.ts'
import { DataTable, Empty, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { useChange, useMay, useRead } from '../../../platform/react.tsx'
import { type Client, licenseTypes, seatStateOf } from '../contract.ts'
import css from './msp.module.css'
import { NotAProvider, useIsProvider } from './NotAProvider.tsx'
import { text } from './text.ts'
import { ClientMark, TierMark } from './tier.tsx'

const words = text.licensing

/** Seats used and allowed, by client. */
export default function LicensingPage() {
  const isProvider = useIsProvider()
  const clients = useRead('msp.list-clients', {}, { enabled: isProvider })
  const mayManage = useMay()('clients.manage')
  const [editing, setEditing] = useState<Client | null>(null)
  const items = clients.data?.items ?? []
  return (
    <Page title={words.title} lead={words.lead}>
      {!isProvider && <NotAProvider />}
      <ProblemNotice error={clients.error} />
      {isProvider && clients.isPending && !clients.error && <Waiting lines={8} />}
      {clients.data && items.length === 0 && <Empty title={text.clients.empty}>{text.clients.emptyBody}</Empty>}
      {items.length > 0 && (
        <>
          <Kpis items={items} />
          <DataTable cards label={words.title} head={[...Object.values(words.head), ...(mayManage ? [''] : [])]}>
            {items.map((client) => (
              <Row key={client.organization.id} client={client} onEdit={mayManage ? () => setEditing(client) : undefined} />
            ))}
          </DataTable>
        </>
      )}
      {editing && <EditLicense client={editing} onClose={() => setEditing(null)} />}
    </Page>
  )
}

function Kpis({ items }: { items: Client[] }) {
  const over = items.filter(({ users, seatLimit }) => seatStateOf(users, seatLimit) === 'Over Limit').length
  const kpis = [
    { label: words.kpis.clients, value: items.length },
    { label: words.kpis.users, value: items.reduce((total, { users }) => total + users, 0) },
    { label: words.kpis.capacity, value: items.reduce((total, { seatLimit }) => total + seatLimit, 0), help: words.capacityHelp },
    { label: words.kpis.over, value: over, bad: over > 0 },
  ]
  return (
    <ul className={css.totals}>
      {kpis.map(({ label, value, help, bad }) => (
        <li key={label}>
          <div className={css.total} title={help}>
            <span className={css.figure} data-bad={bad || undefined}>
              {number(value)}
            </span>
            <span className={css.figureLabel}>{label}</span>
          </div>
        </li>
      ))}
    </ul>
  )
}

function Row({ client, onEdit }: { client: Client; onEdit: (() => void) | undefined }) {
  const { organization, users, seatLimit, licenseType, tier } = client
  const state = seatStateOf(users, seatLimit)
  const share = seatLimit === 0 ? 0 : Math.min(1, users / seatLimit)
  return (
    <tr data-over={state === 'Over Limit' || undefined} className={css.license}>
      <td>
        <ClientMark id={organization.id} name={organization.name} />
      </td>
      <td>
        <TierMark tier={tier} />
      </td>
      <td>
        <span className={css.badge}>{words.types[licenseType]}</span>
      </td>
      <td>{words.usersOf({ users, limit: seatLimit === 0 ? words.unlimited : number(seatLimit) })}</td>
      <td>
        {seatLimit > 0 && (
          <span
            className={css.bar}
            role="img"
            data-over={state === 'Over Limit' || undefined}
            aria-label={words.usage({ client: organization.name, users, limit: seatLimit })}
          >
            <span style={{ inlineSize: `${share * 100}%` }} />
          </span>
        )}
      </td>
      <td>
        <span className={css.seatState} data-state={state}>
          {words.states[state]}
        </span>
      </td>
      {onEdit && (
        <td>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPencil size={14} />}
            aria-label={words.editOf({ client: organization.name })}
            onClick={onEdit}
          >
            {words.edit}
          </Button>
        </td>
      )}
    </tr>
  )
}

function EditLicense({ client, onClose }: { client: Client; onClose: () => void }) {
  const change = useChange()
  const [licenseType, setLicenseType] = useState(client.licenseType)
  const [seatLimit, setSeatLimit] = useState(client.seatLimit)
  const [problem, setProblem] = useState<unknown>(null)
  const { id, name } = client.organization
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await change('msp.save-license', { organizationId: id, licenseType, seatLimit })
      notifications.show({ message: words.saved({ client: name }) })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.editTitle({ client: name })}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <ProblemNotice error={problem} />
        <Select
          label={words.type}
          description={words.typeHelp}
          data={licenseTypes.map((value) => ({ value, label: words.types[value] }))}
          value={licenseType}
          allowDeselect={false}
          onChange={(value) => value && setLicenseType(value as Client['licenseType'])}
        />
        <NumberInput
          label={words.limit}
          description={words.limitHelp}
          min={0}
          max={1_000_000}
          allowDecimal={false}
          value={seatLimit}
          onChange={(value) => setSeatLimit(Number(value) || 0)}
          data-autofocus
        />
        <Button type="submit">{text.save}</Button>
      </form>
    </Modal>
  )
}
