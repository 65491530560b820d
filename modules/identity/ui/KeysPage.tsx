import { Button, CopyButton, Modal, Select, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type ComponentType, type FormEvent, useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { DataTable, Empty, Notice, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time, useNow } from '../../../platform/react/time.tsx'
import { wordOf } from '../../../platform/react/vocabulary.ts'
import { date, timeInWords } from '../../../platform/react/words.ts'
import { useChange, useRead } from '../../../platform/react.tsx'
import { text } from './text.ts'

const words = text.keys
type Key = Output<'identity.list-keys'>['items'][number]

/** How a key is used, by those who count it: `among` are all working keys of the page. */
export type UseOfKey = { id: string; name: string; among: readonly string[] }
type KeysPageProps = { LastUse: ComponentType<UseOfKey>; Limits: ComponentType<UseOfKey> }

const day = 24 * 60 * 60 * 1000
const standingOf = ({ revokedAt, expiresAt }: Key, now: number) => {
  if (revokedAt) return 'revoked'
  if (!expiresAt) return 'active'
  const left = new Date(expiresAt).getTime() - now
  return left <= 0 ? 'expired' : left <= 14 * day ? 'soon' : 'active'
}

/** Keys for programs and agents: made, shown once, revoked, expired. */
export function KeysPage({ LastUse, Limits }: KeysPageProps) {
  const keys = useRead('identity.list-keys', { limit: 200 })
  const now = useNow()
  const change = useChange()
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<Key | null>(null)
  const make = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {words.create}
    </Button>
  )
  const items = keys.data?.items
  const working = items?.filter((key) => ['active', 'soon'].includes(standingOf(key, now))) ?? []
  const soon = working.filter((key) => standingOf(key, now) === 'soon').length
  const among = working.map((key) => key.id)
  return (
    <Page title={words.title} lead={words.lead} actions={items?.length ? make : undefined}>
      <ProblemNotice error={keys.error} />
      {keys.isPending && !keys.error && <Waiting />}
      {items?.length === 0 && (
        <Empty title={words.empty} actions={make}>
          {words.emptyBody}
        </Empty>
      )}
      {soon > 0 && (
        <Notice kind="warning" title={words.soon(soon)}>
          {words.soonBody}
        </Notice>
      )}
      {items && items.length > 0 && (
        <DataTable cards label={words.title} head={[...Object.values(words.head), '']}>
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
              <td>{key.createdBy}</td>
              <td>{among.includes(key.id) && <LastUse id={key.id} name={key.name} among={among} />}</td>
              <td>
                <Standing apiKey={key} now={now} />
              </td>
              <td style={{ whiteSpace: 'nowrap' }}>
                {among.includes(key.id) && <Limits id={key.id} name={key.name} among={among} />}
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

function Standing({ apiKey, now }: { apiKey: Key; now: number }) {
  const { revokedAt, expiresAt } = apiKey
  const standing = standingOf(apiKey, now)
  if (revokedAt)
    return (
      <span data-muted>
        {words.revoked} <Time at={revokedAt} />
      </span>
    )
  if (!expiresAt) return words.active
  return (
    <time dateTime={expiresAt} title={date(expiresAt)} style={standing === 'soon' ? { fontWeight: 600 } : undefined}>
      {standing === 'soon' && words.expiresIn({ time: timeInWords(expiresAt, now) })}
      {standing === 'active' && words.expiresOn({ day: date(expiresAt) })}
      {standing === 'expired' && <span data-muted>{words.expired}</span>}
    </time>
  )
}

/** `2026-11-21`, where the reader is. */
const dayOf = (at: Date) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)

/** The end of a day, where the reader is. */
const endOf = (localDay: string) => new Date(`${localDay}T23:59:59.999`).toISOString()

function NewKey({ onClose }: { onClose: () => void }) {
  const change = useChange()
  const [name, setName] = useState('')
  const [role, setRole] = useState('Auditor')
  const [email, setEmail] = useState('')
  const [lastDay, setLastDay] = useState(() => dayOf(new Date(Date.now() + 365 * day)))
  const [made, setMade] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      const { key } = await change('identity.create-key', {
        name: name.trim(),
        role,
        ...(email.trim() && { email: email.trim() }),
        ...(lastDay && { expiresAt: endOf(lastDay) }),
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
        <TextInput
          label={words.expiry}
          description={words.expiryHelp}
          type="date"
          min={dayOf(new Date())}
          value={lastDay}
          onChange={(event) => setLastDay(event.currentTarget.value)}
        />
        <Button type="submit">{words.submit}</Button>
      </form>
    </Modal>
  )
}

const roleChoices = Object.entries(text.roles).map(([value, label]) => ({ value, label }))
