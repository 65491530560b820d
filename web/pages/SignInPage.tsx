import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconBrandWindows, IconBuilding, IconFingerprint } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import {
  type Choice,
  confirmByCode,
  leaveForProvider,
  readOptions,
  signInByPasskey,
  signInByPassword,
} from '../../modules/identity/ui/doors.ts'
import { signInText } from '../../modules/identity/ui/sign-in-text.ts'
import { ProblemResponse } from '../../platform/client.ts'
import { messageOf, Notice } from '../../platform/react/page.tsx'
import { text } from '../text.ts'
import { Door } from './Door.tsx'
import css from './door.module.css'

const words = signInText.page

/** By password, passkey or provider; afterwards back to the page that asked. */
export default function SignInPage() {
  const search = useSearch({ from: '/sign-in' })
  const router = useRouter()
  const cache = useQueryClient()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [asksForCode, setAsksForCode] = useState(false)
  // Only our own paths: never a foreign site or a scheme.
  const back = search.return?.match(/^\/(?![/\\]).*/) ? search.return : '/'
  const options = useOptions(email, search.organization)

  const enter = () => {
    cache.clear()
    router.history.push(back)
  }
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(reasonOf(error))
      setBusy(false)
    }
  }
  const byPassword = (event: FormEvent) => {
    event.preventDefault()
    attempt(async () => {
      if ((await signInByPassword(email.trim(), password)) === 'done') return enter()
      setBusy(false)
      setAsksForCode(true)
    })
  }
  const leave = (way: string, hint: string) =>
    attempt(() =>
      leaveForProvider({
        with: way,
        return: back,
        ...(hint.includes('@') && { hint }),
        ...(search.organization && { organization: search.organization }),
      }),
    )

  if (asksForCode) return <CodeStep onDone={enter} onAgain={() => setAsksForCode(false)} />

  const choices = options?.choices ?? []
  const isUnknown = search.organization !== undefined && options !== undefined && choices.length === 0
  return (
    <Door
      title={text.signIn.title}
      lead={search.return && search.return !== '/' && !search.ended ? text.signIn.expired : undefined}
      onSubmit={byPassword}
    >
      {search.ended && !problem && <Notice title={text.signIn.ended}>{text.signIn.endedBody}</Notice>}
      {problem && (
        <Notice kind="problem" live>
          {problem}
        </Notice>
      )}
      {isUnknown && <Notice kind="warning">{words.unknownOrganization}</Notice>}
      {search.organization && <Choices choices={choices} disabled={busy} onLeave={(id) => leave(id, email)} />}
      <TextInput
        label={text.signIn.email}
        type="email"
        name="email"
        autoComplete="username webauthn"
        required
        withAsterisk={false}
        autoFocus={!search.organization}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      {!search.organization && <Choices choices={choices} disabled={busy} onLeave={(id) => leave(id, email)} />}
      <PasswordInput
        label={text.signIn.password}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit" loading={busy}>
        {text.signIn.submit}
      </Button>
      <div className={css.or}>{words.or}</div>
      {options?.microsoft && (
        <Button
          variant="default"
          leftSection={<IconBrandWindows size={17} />}
          disabled={busy}
          onClick={() => leave('microsoft', email.trim())}
        >
          {words.microsoft}
        </Button>
      )}
      <Button
        variant="default"
        leftSection={<IconFingerprint size={17} />}
        disabled={busy}
        onClick={() => attempt(() => signInByPasskey().then(enter))}
      >
        {words.passkey}
      </Button>
    </Door>
  )
}

/** What else there is than a password: for the organization of the link, or for the domain being typed. */
function useOptions(email: string, organization: string | undefined) {
  const [domain] = useDebouncedValue(/@([^\s@]+\.[^\s@]{2,})$/.exec(email.trim())?.[1] ?? '', 250)
  const by = organization ? { organization } : domain ? { email: `@${domain}` } : {}
  return useQuery({
    queryKey: ['sign-in-options', by],
    queryFn: () => readOptions(by),
    placeholderData: (before) => before,
    staleTime: 60_000,
  }).data
}

type ChoicesProps = { choices: Choice[]; disabled: boolean; onLeave: (id: string) => void }

/** The organizations' own providers. */
const Choices = ({ choices, disabled, onLeave }: ChoicesProps) => (
  <>
    {choices.map(({ id, name, kind, organization }) => (
      <Button
        key={id}
        variant="light"
        h="auto"
        py={8}
        leftSection={kind === 'entra' ? <IconBrandWindows size={17} /> : <IconBuilding size={17} />}
        disabled={disabled}
        onClick={() => onLeave(id)}
      >
        <span className={css.choice}>
          {words.through({ name })}
          <small>{organization}</small>
        </span>
      </Button>
    ))}
  </>
)

const code = signInText.code

/** The second step after a password. */
function CodeStep({ onDone, onAgain }: { onDone: () => void; onAgain: () => void }) {
  const [kind, setKind] = useState<'totp' | 'recovery'>('totp')
  const [value, setValue] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const isApp = kind === 'totp'
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await confirmByCode(value.trim().replace(isApp ? /\s/g : '', ''), kind)
      onDone()
    } catch (error) {
      const { code: reason, status } = error instanceof ProblemResponse ? error : { code: '', status: 0 }
      setProblem(
        status === 429 || reason.startsWith('TOO_MANY')
          ? code.locked
          : /COOKIE/.test(reason)
            ? code.expired
            : status
              ? code.wrong
              : messageOf(error),
      )
      setBusy(false)
    }
  }
  return (
    <Door title={code.title} lead={isApp ? code.lead : code.recoveryLead} onSubmit={submit}>
      {problem && (
        <Notice kind="problem" live>
          {problem}
        </Notice>
      )}
      <TextInput
        key={kind}
        label={isApp ? code.code : code.recovery}
        name="code"
        inputMode={isApp ? 'numeric' : 'text'}
        autoComplete="one-time-code"
        required
        withAsterisk={false}
        autoFocus
        maxLength={40}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <Button type="submit" loading={busy}>
        {code.submit}
      </Button>
      <Button
        variant="subtle"
        onClick={() => {
          setKind(isApp ? 'recovery' : 'totp')
          setValue('')
          setProblem(null)
        }}
      >
        {isApp ? code.useRecovery : code.useApp}
      </Button>
      <Button variant="subtle" onClick={onAgain}>
        {code.again}
      </Button>
    </Door>
  )
}

function reasonOf(error: unknown): string {
  const { status, code: name } = error instanceof ProblemResponse ? error : { status: null, code: '' }
  if (status === 401 && /PASSKEY|VERIFIED/.test(name)) return messageOf(error)
  return status === 401 || status === 403 ? text.signIn.wrong : status === 429 ? text.signIn.many : messageOf(error)
}
