import { Button, CopyButton, Modal, Select, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { DataTable, ProblemNotice } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useChange, useMe, useRead } from '../../../platform/react.tsx'
import { arrivalRoles } from '../contract.ts'
import { Section } from './SecurityPage.tsx'
import css from './security.module.css'
import { signInText } from './sign-in-text.ts'

const { scim: words, ...common } = signInText.manage
const roleChoices = arrivalRoles.map((value) => ({ value, label: common.roles[value] }))
type Token = Output<'identity.list-scim-tokens'>['items'][number]

/** The directory that keeps people in step: its address here, and its tokens. */
export function ScimSection() {
  const tokens = useRead('identity.list-scim-tokens', {})
  const me = useMe()
  const change = useChange()
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<Token | null>(null)
  const address = `${location.origin}/api/scim/v2/${me?.organization?.id ?? ''}`
  const items = tokens.data?.items ?? []
  return (
    <Section
      title={words.title}
      lead={words.lead}
      action={
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
          {words.create}
        </Button>
      }
    >
      <ProblemNotice error={tokens.error} />
      <div className={css.row}>
        <TextInput readOnly label={words.address} value={address} onFocus={(event) => event.currentTarget.select()} />
        <CopyButton value={address}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? common.oidc.copied : common.oidc.copy}
            </Button>
          )}
        </CopyButton>
      </div>
      {tokens.data && items.length === 0 && <p data-muted>{words.none}</p>}
      {items.length > 0 && (
        <DataTable cards label={words.title} head={[...Object.values(words.head), '']}>
          {items.map((token) => (
            <tr key={token.id}>
              <td>
                <code>{token.prefix}…</code>
              </td>
              <td>{token.defaultRole}</td>
              <td>
                <Time at={token.createdAt} />
              </td>
              <td>{token.lastUsedAt ? <Time at={token.lastUsedAt} /> : common.never}</td>
              <td>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => setRevoking(token)}
                  aria-label={words.revokeLabel({ prefix: token.prefix })}
                >
                  {words.revoke}
                </Button>
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      {making && <NewToken onClose={() => setMaking(false)} />}
      {revoking && (
        <ConfirmDialog
          title={words.revokeTitle({ prefix: revoking.prefix })}
          lead={words.revokeLead}
          action={words.revoke}
          cancel={common.cancel}
          onConfirm={() => change('identity.revoke-scim-token', { scimTokenId: revoking.id })}
          onClose={() => setRevoking(null)}
        />
      )}
    </Section>
  )
}

function NewToken({ onClose }: { onClose: () => void }) {
  const change = useChange()
  const [defaultRole, setDefaultRole] = useState<(typeof arrivalRoles)[number]>('Viewer')
  const [made, setMade] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change('identity.create-scim-token', { defaultRole })
      .then(({ token }) => setMade(token))
      .catch(setProblem)
  }
  if (made !== null) {
    return (
      <Modal opened onClose={onClose} title={words.madeTitle} size="lg" closeOnClickOutside={false}>
        <div className={css.form}>
          <p>{words.madeLead}</p>
          <TextInput
            readOnly
            value={made}
            aria-label={words.madeTitle}
            onFocus={(event) => event.currentTarget.select()}
            styles={{ input: { fontFamily: 'monospace' } }}
          />
          <div className={css.actions}>
            <CopyButton value={made}>
              {({ copied, copy }) => <Button onClick={copy}>{copied ? common.oidc.copied : words.copyToken}</Button>}
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
      <form onSubmit={submit} className={css.form}>
        <ProblemNotice error={problem} />
        <Select
          label={words.role}
          data={roleChoices}
          value={defaultRole}
          allowDeselect={false}
          data-autofocus
          onChange={(role) => role && setDefaultRole(role as typeof defaultRole)}
        />
        <Button type="submit">{words.submit}</Button>
      </form>
    </Modal>
  )
}
