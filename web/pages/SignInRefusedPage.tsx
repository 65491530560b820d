import { Button, CopyButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { type Refusal, readRefusal } from '../../modules/identity/ui/doors.ts'
import { signInText } from '../../modules/identity/ui/sign-in-text.ts'
import { Door } from './Door.tsx'
import css from './door.module.css'

const words = signInText.refused

const titles: Record<string, string> = {
  UNKNOWN_TENANT: words.titles.unknownTenant,
  NOT_INVITED: words.titles.notInvited,
  ACCOUNT_NOT_LINKED: words.titles.notLinked,
  TENANT_TAKEN: words.titles.taken,
  SIGN_IN_EXPIRED: words.titles.expired,
  PROVIDER_REFUSED: words.titles.cancelled,
  PROVIDER_UNREACHABLE: words.titles.unreachable,
}

const backTo: Record<string, [to: '/sign-in' | '/security' | '/manage/sign-in', label: string]> = {
  link: ['/security', words.backToSecurity],
  claim: ['/manage/sign-in', words.backToManage],
}

/**
 * Why a sign-in through a provider ended without one: what it means, and what to send to whom. The address says only which
 * of the known refusals it was; all other words come from the server, which kept them for this browser.
 */
export default function SignInRefusedPage() {
  const { code = '' } = useSearch({ from: '/sign-in/refused' })
  const kept = useQuery({ queryKey: ['sign-in-refusal'], queryFn: readRefusal, retry: false })
  if (kept.isPending) return null
  const told = kept.data?.code === code ? kept.data : {}
  const [to, label] = backTo[told.purpose ?? ''] ?? ['/sign-in', words.back]
  const letter = letterAbout(code, told)
  return (
    <Door title={titles[code] ?? words.titles.general} onSubmit={(event) => event.preventDefault()}>
      <p>{explanation(code, told)}</p>
      {letter && (
        <>
          {code !== 'TENANT_TAKEN' && <p data-muted>{words.send}</p>}
          <pre className={css.letter}>{letter}</pre>
          <CopyButton value={letter}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? words.copied : words.copy}
              </Button>
            )}
          </CopyButton>
        </>
      )}
      <Button component={Link} to={to}>
        {label}
      </Button>
    </Door>
  )
}

/** What to send to an administrator; null when nobody else can help, or nothing is known. */
function letterAbout(code: string, { message, email, tenantId, reference }: Partial<Refusal>): string | null {
  if (!reference || code === 'SIGN_IN_EXPIRED' || code === 'ACCOUNT_NOT_LINKED') return null
  const tenant = tenantId ?? ''
  const lines =
    code === 'UNKNOWN_TENANT'
      ? [words.letter.tenant({ tenant }), email && words.letter.account({ email })]
      : code === 'TENANT_TAKEN'
        ? [words.letter.taken({ tenant })]
        : code === 'NOT_INVITED' && email
          ? [words.letter.member({ email })]
          : [words.letter.general, message && words.said({ message })]
  return [...lines, words.letter.reference({ reference })].filter(Boolean).join('\n')
}

function explanation(code: string, { message, email }: Partial<Refusal>): string {
  if (code === 'UNKNOWN_TENANT') return words.unknownTenant
  if (code === 'NOT_INVITED') return email ? words.notInvited({ email }) : words.somebodyNotInvited
  if (code === 'ACCOUNT_NOT_LINKED') return email ? words.notLinked({ email }) : words.somebodyNotLinked
  if (code === 'TENANT_TAKEN') return words.taken
  if (code === 'SIGN_IN_EXPIRED') return words.expired
  return message || (code === 'PROVIDER_UNREACHABLE' ? words.unreachable : words.general)
}
