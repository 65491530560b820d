import { Button, CopyButton, Modal, Select, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { DataTable, Empty, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { wordOf } from '../../../platform/react/vocabulary.ts'
import { useChange, useRead } from '../../../platform/react.tsx'
import { text } from './text.ts'

const words = text.keys
type Key = Output<'identity.list-keys'>['items'][number]

/** Keys for programs and agents: made, shown once, revoked. */
export default function KeysPage() {
  const keys = useRead('identity.list-keys', {})
  const change = useChange()
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<Key | null>(null)
  const make = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {words.create}
    </Button>
  )
  const items = keys.data?.items
  return (
    <Page title={words.title} lead={words.lead} actions={items?.length ? make : undefined}>
      <ProblemNotice error={keys.error} />
      {keys.isPending && !keys.error && <Waiting />}
      {items?.length === 0 && (
        <Empty title={words.empty} actions={make}>
          {words.emptyBody}
        </Empty>
      )}
      {items && items.length > 0 && (
        <DataTable label={words.title} head={[...Object.values(words.head), '']}>
          {items.map((key) => (
            <tr key={key.id}>
              <td>{key.name}</td>
              <td>
                <code>{key.prefix}…</code>
              </td>
              <td>{wordOf(key.role)}</td>
              <td>{key.email}</td>
              <td>
                <Time at={key.createdAt} />
              </td>
              <td>
                {key.revokedAt ? (
                  <span data-muted>
                    {words.revoked} <Time at={key.revokedAt} />
                  </span>
                ) : (
                  words.active
                )}
              </td>
              <td>
                {!key.revokedAt && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => setRevoking(key)}
                    aria-label={`${words.revoke} ${key.name}`}
                  >
                    {words.revoke}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      {making && <NewKey onClose={() => setMaking(false)} />}
      {revoking && (
        <ConfirmDialog
          title={words.revokeTitle({ name: revoking.name })}
          lead={words.revokeLead}
          action={words.revoke}
          cancel={text.cancel}
          onConfirm={() => change('identity.revoke-key', { keyId: revoking.id })}
          onClose={() => setRevoking(null)}
        />
      )}
    </Page>
  )
}

function NewKey({ onClose }: { onClose: () => void }) {
  const change = useChange()
  const [name, setName] = useState('')
  const [role, setRole] = useState('Auditor')
  const [email, setEmail] = useState('')
  const [made, setMade] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      const { key } = await change('identity.create-key', {
        name: name.trim(),
        role,
        ...(email.trim() && { email: email.trim() }),
      })
      setMade(key)
    } catch (error) {
      setProblem(error)
    }
  }
  if (made !== null) {
    return (
      <Modal opened onClose={onClose} title={words.madeTitle} size="lg" closeOnClickOutside={false}>
        <div style={{ display: 'grid', gap: 14 }}>
          <p>{words.madeLead}</p>
          <TextInput
            readOnly
            value={made}
            aria-label={words.madeTitle}
            onFocus={(event) => event.currentTarget.select()}
            styles={{ input: { fontFamily: 'monospace' } }}
          />
          <div style={{ display: 'flex', gap: 8 }}>
            <CopyButton value={made}>
              {({ copied, copy }) => <Button onClick={copy}>{copied ? words.copied : words.copy}</Button>}
            </CopyButton>
            <Button variant="default" onClick={onClose}>
              {words.done}
            </Button>
          </div>
        </div>
      </Modal>
    )
  }
  return (
    <Modal opened onClose={onClose} title={words.createTitle}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <ProblemNotice error={problem} />
        <TextInput
          label={words.name}
          required
          withAsterisk={false}
          data-autofocus
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={words.role}
          data={roleChoices}
          value={role}
          allowDeselect={false}
          onChange={(next) => setRole(next ?? role)}
        />
        <TextInput
          label={words.email}
          description={words.emailHelp}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Button type="submit">{words.submit}</Button>
      </form>
    </Modal>
  )
}

const roleChoices = Object.entries(text.roles).map(([value, label]) => ({ value, label }))
