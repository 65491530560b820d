import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { DataTable, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useChange, useRead } from '../../../platform/react.tsx'
import { text } from './text.ts'

const words = text.sessions

/** `Chrome on Linux` out of what a browser calls itself. */
function browserIn(userAgent: string | null): string {
  const browser = /(Edg|Firefox|Chrome|Safari)\//.exec(userAgent ?? '')?.[1]?.replace('Edg', 'Edge')
  const system = /(Windows|Mac OS X|Android|iPhone|iPad|Linux)/.exec(userAgent ?? '')?.[1]?.replace(' OS X', 'OS')
  return browser && system ? `${browser} on ${system}` : userAgent || words.unknown
}

/** Where the person is signed in, and how to end it. */
export default function SessionsPage() {
  const sessions = useRead('identity.list-sessions', {})
  const change = useChange()
  const [problem, setProblem] = useState<unknown>(null)
  const end = (work: Promise<unknown>) => work.then(() => notifications.show({ message: words.done })).catch(setProblem)
  const items = sessions.data?.items ?? []
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        items.length > 1 && (
          <Button variant="default" onClick={() => end(change('identity.revoke-sessions', {}))}>
            {words.revokeAll}
          </Button>
        )
      }
    >
      <ProblemNotice error={sessions.error ?? problem} />
      {sessions.isPending && !sessions.error && <Waiting />}
      {items.length > 0 && (
        <DataTable label={words.title} head={[...Object.values(words.head), '']}>
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
                    onClick={() => end(change('identity.revoke-session', { sessionId: session.id }))}
                  >
                    {words.revoke}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </Page>
  )
}
