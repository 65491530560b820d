import { Button, Modal, Radio, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconLogin2, IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { tellEnded } from '../../../platform/react/ended.ts'
import { number } from '../../../platform/react/i18n.ts'
import { DataTable, Empty, Notice, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { date } from '../../../platform/react/words.ts'
import { useChange, useMay, useRead } from '../../../platform/react.tsx'
import { type Tier, tiers } from '../../identity/contract.ts'
import type { Client } from '../contract.ts'
import { NotAProvider, useIsProvider } from './NotAProvider.tsx'
import { text } from './text.ts'
import { ClientMark, TierMark } from './tier.tsx'
import { useEnter } from './use-enter.ts'

const words = text.clients
const choices = tiers.map((tier) => ({ value: tier, label: text.tier({ tier, label: text.tiers[tier] }) }))

/** The client relations of this provider and their tiers. */
export default function ClientsPage() {
  const isProvider = useIsProvider()
  const clients = useRead('msp.list-clients', {}, { enabled: isProvider })
  const mayManage = useMay()('clients.manage')
  const change = useChange()
  const enter = useEnter()
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Client | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const items = clients.data?.items ?? []
  const setTier = (organizationId: string, tier: string | null) =>
    change('msp.change-tier', { organizationId, tier: tier as Tier })
      .then(tellEnded)
      .then(() => setProblem(null))
      .catch(setProblem)
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        isProvider &&
        mayManage && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
            {words.add}
          </Button>
        )
      }
    >
      {!isProvider && <NotAProvider />}
      <ProblemNotice error={clients.error ?? problem} />
      {isProvider && clients.isPending && !clients.error && <Waiting />}
      {clients.data && items.length === 0 && <Empty title={words.empty}>{words.emptyBody}</Empty>}
      {items.length > 0 && (
        <DataTable cards label={words.title} head={[...Object.values(words.head), '']}>
          {items.map((client) => {
            const { id, name } = client.organization
            return (
              <tr key={id}>
                <td>
                  <ClientMark id={id} name={name} />
                </td>
                <td>
                  {mayManage ? (
                    <Select
                      size="xs"
                      w={150}
                      aria-label={words.tierOf({ client: name })}
                      data={choices}
                      value={client.tier}
                      allowDeselect={false}
                      onChange={(tier) => setTier(id, tier)}
                    />
                  ) : (
                    <TierMark tier={client.tier} />
                  )}
                </td>
                <td>{date(client.since)}</td>
                <td>{client.addedBy}</td>
                <td>{number(client.users)}</td>
                <td>
                  <div style={{ display: 'flex', gap: 8, justifyContent: 'flex-end' }}>
                    <Button
                      size="compact-sm"
                      variant="default"
                      leftSection={<IconLogin2 size={14} />}
                      aria-label={words.verifyOf({ client: name })}
                      onClick={() => enter(id)}
                    >
                      {words.verify}
                    </Button>
                    {mayManage && (
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={words.removeOf({ client: name })}
                        onClick={() => setRemoving(client)}
                      >
                        {words.remove}
                      </Button>
                    )}
                  </div>
                </td>
              </tr>
            )
          })}
        </DataTable>
      )}
      {adding && <AddClient onClose={() => setAdding(false)} />}
      {removing && (
        <ConfirmDialog
          title={words.removeTitle({ client: removing.organization.name })}
          lead={words.removeLead}
          action={words.remove}
          cancel={text.cancel}
          onConfirm={() => change('msp.remove-client', { organizationId: removing.organization.id }).then(tellEnded)}
          onClose={() => setRemoving(null)}
        />
      )}
    </Page>
  )
}

function AddClient({ onClose }: { onClose: () => void }) {
  const candidates = useRead('msp.list-candidates', {})
  const change = useChange()
  const [organizationId, setOrganizationId] = useState<string | null>(null)
  const [tier, setTier] = useState<Tier>('T1')
  const [problem, setProblem] = useState<unknown>(null)
  const data = (candidates.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!organizationId) return
    try {
      const client = await change('msp.add-client', { organizationId, tier })
      notifications.show({ message: words.added({ client: client.organization.name, tier }) })
      onClose()
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.addTitle}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <ProblemNotice error={candidates.error ?? problem} />
        {candidates.data && data.length === 0 && <Notice>{words.noneLeft}</Notice>}
        <Select
          label={words.organization}
          description={words.organizationHelp}
          data={data}
          value={organizationId}
          onChange={setOrganizationId}
          searchable
          required
          withAsterisk={false}
          limit={200}
          data-autofocus
        />
        <Radio.Group label={words.tier} value={tier} onChange={(value) => setTier(value as Tier)}>
          <div style={{ display: 'grid', gap: 8, marginTop: 6 }}>
            {tiers.map((each) => (
              <Radio key={each} value={each} label={text.tier({ tier: each, label: words.about[each] })} />
            ))}
          </div>
        </Radio.Group>
        <Button type="submit" disabled={!organizationId}>
          {text.save}
        </Button>
      </form>
    </Modal>
  )
}
