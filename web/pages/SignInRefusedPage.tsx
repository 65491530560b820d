import { Button, CopyButton } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
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

/** Why a sign-in through a provider ended without one: what it means, and what to send to whom. */
export default function SignInRefusedPage() {
  const {
    code = '',
    message = '',
    email = '',
    tenantId = '',
    reference = '',
    purpose = '',
  } = useSearch({ from: '/sign-in/refused' })
  const [to, label] = backTo[purpose] ?? ['/sign-in', words.back]
  const needsNobody = code === 'SIGN_IN_EXPIRED' || code === 'ACCOUNT_NOT_LINKED'
  const letter = [
    code === 'UNKNOWN_TENANT'
      ? words.letter.tenant({ tenant: tenantId })
      : code === 'TENANT_TAKEN'
        ? words.letter.taken({ tenant: tenantId })
        : code === 'NOT_INVITED'
          ? words.letter.member({ email })
          : `${words.letter.general} ${words.said({ message })}`,
    code === 'UNKNOWN_TENANT' && email && words.letter.account({ email }),
    reference && words.letter.reference({ reference }),
  ]
    .filter(Boolean)
    .join('\n')
  return (
    <Door title={titles[code] ?? words.titles.general} onSubmit={(event) => event.preventDefault()}>
      <p>{explanation(code, message, email)}</p>
      {!needsNobody && (
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

function explanation(code: string, message: string, email: string): string {
  if (code === 'UNKNOWN_TENANT') return words.unknownTenant
  if (code === 'NOT_INVITED') return words.notInvited({ email })
  if (code === 'ACCOUNT_NOT_LINKED' && email) return words.notLinked({ email })
  if (code === 'TENANT_TAKEN') return words.taken
  if (code === 'SIGN_IN_EXPIRED') return words.expired
  return message
}
