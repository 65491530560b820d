import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { DataTable, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useChange, useRead } from '../../../platform/react.tsx'
import { Section } from './SecurityPage.tsx'
import { signInText } from './sign-in-text.ts'

const words = signInText.security.sessions

/** `Chrome on Linux` out of what a browser calls itself. */
function browserIn(userAgent: string | null): string {
  const browser = /(Edg|Firefox|Chrome|Safari)\//.exec(userAgent ?? '')?.[1]?.replace('Edg', 'Edge')
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(userAgent ?? '')?.[1]?.replace(' OS X', 'OS')
  return browser && system ? words.browser({ browser, system }) : userAgent || words.unknown
}

/** Where the person is signed in, and how to end it. */
export function Sessions() {
  const sessions = useRead('identity.list-sessions', {})
  const change = useChange()
  const [problem, setProblem] = useState<unknown>(null)
  const [everywhere, setEverywhere] = useState(false)
  const items = sessions.data?.items ?? []
  const end = (sessionId: string) =>
    change('identity.revoke-session', { sessionId })
      .then(() => notifications.show({ message: words.done }))
      .catch(setProblem)
  return (
    <Section
      title={words.title}
      lead={words.lead}
      action={
        <Button variant="default" onClick={() => setEverywhere(true)}>
          {words.revokeAll}
        </Button>
      }
    >
      <ProblemNotice error={sessions.error ?? problem} />
      {sessions.isPending && !sessions.error && <Waiting />}
      {items.length > 0 && (
        <DataTable cards label={words.title} head={[...Object.values(words.head), '']}>
          {items.map((session) => (
            <tr key={session.id}>
              <td title={session.userAgent ?? undefined}>
                {browserIn(session.userAgent)} {session.current && <span data-muted>({words.current})</span>}
              </td>
              <td>{session.ipAddress || words.unknown}</td>
              <td>
                <Time at={session.createdAt} />
              </td>
              <td>
                <Time at={session.expiresAt} />
              </td>
              <td>
                {!session.current && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => end(session.id)}
                    aria-label={words.revokeLabel({ browser: browserIn(session.userAgent) })}
                  >
                    {words.revoke}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      {everywhere && (
        <ConfirmDialog
          title={words.revokeAllTitle}
          lead={words.revokeAllLead}
          action={words.revokeAll}
          cancel={signInText.security.cancel}
          onConfirm={() => change('identity.revoke-sessions', {})}
          onClose={() => setEverywhere(false)}
        />
      )}
    </Section>
  )
}
