import { Button, Modal, PasswordInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ProblemResponse } from '../../../platform/client.ts'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { messageOf, Notice, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { useChange, useRead, useRefresh } from '../../../platform/react.tsx'
import { changePassword, leaveForProvider } from './doors.ts'
import { Passkeys } from './Passkeys.tsx'
import { SecondFactor } from './SecondFactor.tsx'
import { Sessions } from './Sessions.tsx'
import css from './security.module.css'
import { signInText } from './sign-in-text.ts'
import { useSignInOptions } from './use-sign-in-options.ts'

const words = signInText.security
export type WaysIn = Output<'identity.ways-in'>

/** How one person signs in, and where they are signed in. */
export default function SecurityPage() {
  const ways = useRead('identity.ways-in', {})
  const data = ways.data
  return (
    <Page title={words.title} lead={words.lead}>
      <ProblemNotice error={ways.error} />
      {ways.isPending && !ways.error && <Waiting lines={8} />}
      {data && (
        <div className={css.sections}>
          {data.vouched && <Notice>{words.vouched}</Notice>}
          <Password ways={data} />
          <SecondFactor ways={data} />
          <Passkeys ways={data} />
          <ConnectedAccounts ways={data} />
          <Sessions />
        </div>
      )}
    </Page>
  )
}

type SectionProps = { title: string; lead: ReactNode; action?: ReactNode; children?: ReactNode }

/** One matter of the page: what it is, its state, what can be done. */
export const Section = ({ title, lead, action, children }: SectionProps) => (
  <section className={css.section} aria-label={title}>
    <div className={css.head}>
      <div>
        <h2>{title}</h2>
        <p data-muted>{lead}</p>
      </div>
      {action && <div className={css.actions}>{action}</div>}
    </div>
    {children}
  </section>
)

function Password({ ways }: { ways: WaysIn }) {
  const [open, setOpen] = useState(false)
  const change = ways.password && !ways.vouched && (
    <Button variant="default" onClick={() => setOpen(true)}>
      {words.password.change}
    </Button>
  )
  return (
    <Section
      title={words.password.title}
      lead={ways.password ? words.password.lead : words.password.none}
      action={change || undefined}
    >
      {open && <ChangePassword onClose={() => setOpen(false)} />}
    </Section>
  )
}

function ChangePassword({ onClose }: { onClose: () => void }) {
  const refresh = useRefresh()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await changePassword(current, next)
      await refresh('identity')
      notifications.show({ message: words.password.changed })
      onClose()
    } catch (error) {
      setProblem(passwordProblem(error))
    }
  }
  return (
    <Modal opened onClose={onClose} title={words.password.change}>
      <form onSubmit={submit} className={css.form}>
        {problem && (
          <Notice kind="problem" live>
            {problem}
          </Notice>
        )}
        <PasswordInput
          label={words.password.current}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label={words.password.next}
          description={words.password.lead}
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={12}
          maxLength={200}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <Button type="submit">{words.password.save}</Button>
      </form>
    </Modal>
  )
}

/** What is wrong with a password that was asked for once more. */
export const passwordProblem = (error: unknown) =>
  error instanceof ProblemResponse && error.code === 'INVALID_PASSWORD' ? words.password.wrong : messageOf(error)

function ConnectedAccounts({ ways }: { ways: WaysIn }) {
  const change = useChange()
  const options = useSignInOptions()
  const [removing, setRemoving] = useState<WaysIn['identities'][number] | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const connect = options?.microsoft && !ways.vouched && (
    <Button
      variant="default"
      onClick={() => leaveForProvider({ with: 'microsoft', purpose: 'link', return: '/account/security' }).catch(setProblem)}
    >
      {words.accounts.connect}
    </Button>
  )
  if (!options?.microsoft && ways.identities.length === 0) return null
  return (
    <Section title={words.accounts.title} lead={words.accounts.lead} action={connect || undefined}>
      <ProblemNotice error={problem} />
      {ways.identities.length === 0 ? (
        <p data-muted>{words.accounts.none}</p>
      ) : (
        <ul className={css.list}>
          {ways.identities.map((identity) => (
            <li key={identity.id}>
              <span className={css.name}>{identity.provider}</span>
              <span data-muted>{identity.name}</span>
              {!ways.vouched && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => setRemoving(identity)}
                  aria-label={`${words.accounts.remove} ${identity.provider} ${identity.name}`}
                >
                  {words.accounts.remove}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {removing && (
        <ConfirmDialog
          title={words.accounts.removeTitle({ provider: removing.provider })}
          lead={words.accounts.removeLead}
          action={words.accounts.remove}
          cancel={words.cancel}
          onConfirm={() => change('identity.unlink', { identityId: removing.id })}
          onClose={() => setRemoving(null)}
        />
      )}
    </Section>
  )
}
