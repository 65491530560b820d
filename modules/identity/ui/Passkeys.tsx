import { Button, Modal, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { ProblemResponse } from '../../../platform/client.ts'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { messageOf, Notice } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useChange, useRefresh } from '../../../platform/react.tsx'
import { addPasskey } from './doors.ts'
import { Section, type WaysIn } from './SecurityPage.tsx'
import css from './security.module.css'
import { signInText } from './sign-in-text.ts'

const words = signInText.security.passkeys
type Passkey = WaysIn['passkeys'][number]

/** Sign-in by fingerprint, face or device PIN. */
export function Passkeys({ ways }: { ways: WaysIn }) {
  const change = useChange()
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Passkey | null>(null)
  const nameOf = ({ name }: Passkey) => name || words.unnamed
  return (
    <Section
      title={words.title}
      lead={words.lead}
      action={
        !ways.vouched && (
          <Button variant="default" onClick={() => setAdding(true)}>
            {words.add}
          </Button>
        )
      }
    >
      {ways.passkeys.length === 0 ? (
        <p data-muted>{words.none}</p>
      ) : (
        <ul className={css.list}>
          {ways.passkeys.map((passkey) => (
            <li key={passkey.id}>
              <span className={css.name}>{nameOf(passkey)}</span>
              <span data-muted>
                {passkey.createdAt && (
                  <>
                    {words.since} <Time at={passkey.createdAt} />
                  </>
                )}
                {passkey.backedUp && `, ${words.synced}`}
              </span>
              {!ways.vouched && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => setRemoving(passkey)}
                  aria-label={`${words.remove} ${nameOf(passkey)}`}
                >
                  {words.remove}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {adding && <AddPasskey onClose={() => setAdding(false)} />}
      {removing && (
        <ConfirmDialog
          title={words.removeTitle({ name: nameOf(removing) })}
          lead={words.removeLead}
          action={words.remove}
          cancel={signInText.security.cancel}
          onConfirm={() => change('identity.remove-passkey', { passkeyId: removing.id })}
          onClose={() => setRemoving(null)}
        />
      )}
    </Section>
  )
}

function AddPasskey({ onClose }: { onClose: () => void }) {
  const refresh = useRefresh()
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await addPasskey(name.trim())
      await refresh('identity')
      notifications.show({ message: words.added })
      onClose()
    } catch (error) {
      setProblem(error instanceof ProblemResponse && error.code === 'SESSION_NOT_FRESH' ? words.notFresh : messageOf(error))
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.addTitle}>
      <form onSubmit={submit} className={css.form}>
        {problem && (
          <Notice kind="problem" live>
            {problem}
          </Notice>
        )}
        <TextInput
          label={words.name}
          description={words.nameHelp}
          required
          withAsterisk={false}
          data-autofocus
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy}>
          {words.create}
        </Button>
      </form>
    </Modal>
  )
}
