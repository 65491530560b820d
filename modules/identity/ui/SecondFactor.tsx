import { Button, CopyButton, Modal, PasswordInput, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, useState } from 'react'
import { encode } from 'uqr'
import { ProblemResponse } from '../../../platform/client.ts'
import { messageOf, Notice } from '../../../platform/react/page.tsx'
import { useRefresh } from '../../../platform/react.tsx'
import { beginTwoFactor, confirmByCode, endTwoFactor, newRecoveryCodes } from './doors.ts'
import { passwordProblem, Section, type WaysIn } from './SecurityPage.tsx'
import css from './security.module.css'
import { signInText } from './sign-in-text.ts'

const words = signInText.security.factor
type Doing = 'set' | 'end' | 'codes' | null

/** Codes of an authenticator app after the password, and the recovery codes that stand in for them. */
export function SecondFactor({ ways }: { ways: WaysIn }) {
  const [doing, setDoing] = useState<Doing>(null)
  const close = () => setDoing(null)
  const may = ways.password && !ways.vouched
  return (
    <Section
      title={words.title}
      lead={ways.twoFactor ? words.on : ways.password ? words.off : words.needsPassword}
      action={
        may &&
        (ways.twoFactor ? (
          <>
            <Button variant="default" onClick={() => setDoing('codes')}>
              {words.codes}
            </Button>
            <Button variant="default" onClick={() => setDoing('end')}>
              {words.end}
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => setDoing('set')}>
            {words.set}
          </Button>
        ))
      }
    >
      {doing === 'set' && <SetUp onClose={close} />}
      {doing === 'codes' && <NewCodes onClose={close} />}
      {doing === 'end' && <TurnOff onClose={close} />}
    </Section>
  )
}

/** Password first; then the QR code and a code to show that it arrived; then the recovery codes. */
function SetUp({ onClose }: { onClose: () => void }) {
  const refresh = useRefresh()
  const [begun, setBegun] = useState<{ totpURI: string; backupCodes: string[] } | null>(null)
  const [done, setDone] = useState(false)
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const confirm = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await confirmByCode(code.replace(/\s/g, ''), 'totp')
      setProblem(null)
      setDone(true)
    } catch (error) {
      setProblem(error instanceof ProblemResponse && error.status < 500 ? signInText.code.wrong : messageOf(error))
    }
  }
  const finish = () => {
    if (done) {
      notifications.show({ message: words.turnedOn })
      refresh('identity')
    }
    onClose()
  }
  if (!begun)
    return (
      <AskPassword title={words.confirmTitle} action={words.next} work={beginTwoFactor} onDone={setBegun} onClose={onClose} />
    )
  if (done) return <RecoveryCodes codes={begun.backupCodes} onClose={finish} />
  return (
    <Modal opened onClose={onClose} title={words.confirmTitle} closeOnClickOutside={false}>
      <form onSubmit={confirm} className={css.form}>
        <p>{words.scan}</p>
        <QrCode text={begun.totpURI} label={words.qr} />
        <p>
          {words.byHand} <code className={css.key}>{secretIn(begun.totpURI)}</code>
        </p>
        {problem && (
          <Notice kind="problem" live>
            {problem}
          </Notice>
        )}
        <TextInput
          label={words.enter}
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          withAsterisk={false}
          data-autofocus
          maxLength={12}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Button type="submit">{words.confirm}</Button>
      </form>
    </Modal>
  )
}

const secretIn = (uri: string) => (/secret=([A-Z2-7]+)/.exec(uri)?.[1] ?? '').replace(/.{4}(?=.)/g, '$& ')

/** Always dark on light: scanners want it so. */
function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: 3 })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <svg className={css.qr} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
      <path fill="#000" d={path} />
    </svg>
  )
}

function NewCodes({ onClose }: { onClose: () => void }) {
  const [codes, setCodes] = useState<string[] | null>(null)
  if (codes) return <RecoveryCodes codes={codes} onClose={onClose} />
  return (
    <AskPassword
      title={words.codes}
      action={words.next}
      work={newRecoveryCodes}
      onDone={({ backupCodes }) => setCodes(backupCodes)}
      onClose={onClose}
    />
  )
}

function RecoveryCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={words.codesTitle} closeOnClickOutside={false}>
      <div className={css.form}>
        <p>{words.codesLead}</p>
        <ul className={css.codes}>
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <div className={css.actions}>
          <CopyButton value={codes.join('\n')}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? words.copied : words.copy}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{words.kept}</Button>
        </div>
      </div>
    </Modal>
  )
}

function TurnOff({ onClose }: { onClose: () => void }) {
  const refresh = useRefresh()
  const done = () => {
    notifications.show({ message: words.ended })
    refresh('identity')
    onClose()
  }
  return <AskPassword title={words.endTitle} action={words.end} work={endTwoFactor} onDone={done} onClose={onClose} />
}

type AskPasswordProps<T> = {
  title: string
  action: string
  work: (password: string) => Promise<T>
  onDone: (answer: T) => void
  onClose: () => void
}

/** A change of how one signs in is made only by who knows the password. */
function AskPassword<T>({ title, action, work, onDone, onClose }: AskPasswordProps<T>) {
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      onDone(await work(password))
    } catch (error) {
      setProblem(passwordProblem(error))
    }
  }
  return (
    <Modal opened onClose={onClose} title={title}>
      <form onSubmit={submit} className={css.form}>
        {problem && (
          <Notice kind="problem" live>
            {problem}
          </Notice>
        )}
        <PasswordInput
          label={words.confirmPassword}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit">{action}</Button>
      </form>
    </Modal>
  )
}
