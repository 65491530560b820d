import { ActionIcon, Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { DataTable, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useChange, useMay, useRead } from '../../../platform/react.tsx'
import { ConnectionForm, TenantForm } from './ConnectionForms.tsx'
import { leaveForProvider } from './doors.ts'
import { ScimSection } from './ScimSection.tsx'
import { Section } from './SecurityPage.tsx'
import css from './security.module.css'
import { signInText } from './sign-in-text.ts'
import { useSignInOptions } from './use-sign-in-options.ts'

const words = signInText.manage
export type Connection = Output<'identity.list-connections'>['items'][number]

/** Through whom the people of an organization sign in. */
export default function ConnectionsPage() {
  const connections = useRead('identity.list-connections', {})
  const options = useSignInOptions()
  const change = useChange()
  const may = useMay()
  const [editing, setEditing] = useState<Connection | 'new' | 'tenant' | null>(null)
  const [removing, setRemoving] = useState<Connection | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const items = connections.data?.items
  const close = () => setEditing(null)
  const claim = () => leaveForProvider({ with: 'microsoft', purpose: 'claim', return: '/manage/sign-in' }).catch(setProblem)
  const remove = async (connection: Connection) => {
    const { sessions } = await change('identity.remove-connection', { connectionId: connection.id })
    notifications.show({ message: words.form.removed(sessions) })
  }
  const table = (kind: Connection['kind']) => {
    const rows = items?.filter((connection) => connection.kind === kind) ?? []
    const none = kind === 'entra' ? words.microsoft.none : words.oidc.none
    return rows.length === 0 ? (
      <p data-muted>{none}</p>
    ) : (
      <Connections
        label={words[kind === 'entra' ? 'microsoft' : 'oidc'].title}
        rows={rows}
        onEdit={setEditing}
        onRemove={setRemoving}
      />
    )
  }
  return (
    <Page title={words.title} lead={words.lead}>
      <ProblemNotice error={connections.error ?? problem} />
      {connections.isPending && !connections.error && <Waiting />}
      {items && (
        <>
          <Section
            title={words.microsoft.title}
            lead={options?.microsoft === false ? words.microsoft.off : `${words.microsoft.lead} ${words.microsoft.claimHelp}`}
            action={
              <>
                {may('tenants.map') && (
                  <Button variant="default" onClick={() => setEditing('tenant')}>
                    {words.microsoft.map}
                  </Button>
                )}
                {options?.microsoft && (
                  <Button variant="default" onClick={claim}>
                    {words.microsoft.claim}
                  </Button>
                )}
              </>
            }
          >
            {table('entra')}
          </Section>
          <Section
            title={words.oidc.title}
            lead={words.oidc.lead}
            action={
              <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
                {words.oidc.add}
              </Button>
            }
          >
            {table('oidc')}
          </Section>
          <ScimSection />
        </>
      )}
      {editing === 'tenant' && <TenantForm onClose={close} />}
      {editing !== null && editing !== 'tenant' && (
        <ConnectionForm connection={editing === 'new' ? null : editing} onClose={close} />
      )}
      {removing && (
        <ConfirmDialog
          title={words.form.removeTitle({ name: removing.name })}
          lead={words.form.removeLead}
          action={words.form.removeAction}
          cancel={words.cancel}
          onConfirm={() => remove(removing)}
          onClose={() => setRemoving(null)}
        />
      )}
    </Page>
  )
}

type ConnectionsProps = {
  label: string
  rows: Connection[]
  onEdit: (connection: Connection) => void
  onRemove: (connection: Connection) => void
}

const Connections = ({ label, rows, onEdit, onRemove }: ConnectionsProps) => (
  <DataTable cards label={label} head={[...Object.values(words.head), '']}>
    {rows.map((row) => (
      <tr key={row.id}>
        <td>
          {row.name}
          {row.domains.length > 0 && <div className={css.facts}>{row.domains.join(', ')}</div>}
        </td>
        <td>
          <span className={css.facts}>{row.tenantId ?? row.issuer}</span>
        </td>
        <td>{row.provision ? words.becomes({ role: row.defaultRole }) : words.stayOut}</td>
        <td>{row.lastUsedAt ? <Time at={row.lastUsedAt} /> : words.never}</td>
        <td>
          <span className={css.actions}>
            <ActionIcon onClick={() => onEdit(row)} aria-label={words.form.edit({ name: row.name })}>
              <IconPencil size={16} />
            </ActionIcon>
            <ActionIcon onClick={() => onRemove(row)} aria-label={words.form.remove({ name: row.name })}>
              <IconTrash size={16} />
            </ActionIcon>
          </span>
        </td>
      </tr>
    ))}
  </DataTable>
)
