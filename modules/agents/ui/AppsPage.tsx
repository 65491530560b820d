import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { DataTable, Empty, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useChange, useMay, useRead } from '../../../platform/react.tsx'
import { KeyLimits, writesToday } from './KeyLimits.tsx'
import { LimitsDialog } from './LimitsDialog.tsx'
import { text } from './text.ts'

const words = text.apps
type App = Output<'agents.list-connections'>['items'][number]

/** Programs connected to the organization. */
export default function AppsPage() {
  const apps = useRead('agents.list-connections', { limit: 200 })
  return <Apps title={words.title} lead={words.lead} items={apps.data?.items} pending={apps.isPending} error={apps.error} />
}

/** Programs a person connected, wherever. */
export function OwnAppsPage() {
  const apps = useRead('agents.my-connections', { limit: 200 })
  return (
    <Apps own title={words.ownTitle} lead={words.ownLead} items={apps.data?.items} pending={apps.isPending} error={apps.error} />
  )
}

type AppsProps = { own?: boolean; title: string; lead: string; items: App[] | undefined; pending: boolean; error: unknown }

function Apps({ own = false, title, lead, items, pending, error }: AppsProps) {
  const [ending, setEnding] = useState<App | null>(null)
  const [limiting, setLimiting] = useState<App | null>(null)
  const change = useChange()
  const may = useMay()
  const end = ({ id }: App) => change(own ? 'agents.revoke-my-connection' : 'agents.revoke-connection', { appId: id })
  const whose = own ? words.head.organization : words.head.person
  return (
    <Page title={title} lead={lead}>
      <ProblemNotice error={error} />
      {pending && !error && <Waiting />}
      {items?.length === 0 && (
        <Empty title={words.empty}>
          {words.emptyBody}
          <br />
          <code>{`${window.location.origin}/mcp`}</code>
        </Empty>
      )}
      {items && items.length > 0 && (
        <DataTable cards label={title} head={[words.head.program, whose, words.head.may, words.head.today, words.head.used, '']}>
          {items.map((app) => (
            <AppRow key={app.id} app={app} own={own} onEnd={() => setEnding(app)} onLimit={() => setLimiting(app)} />
          ))}
        </DataTable>
      )}
      {!own && may('keys.manage') && <KeyLimits />}
      {limiting && (
        <LimitsDialog
          tokenId={limiting.id}
          name={limiting.clientName}
          limits={limiting.limits}
          onClose={() => setLimiting(null)}
        />
      )}
      {ending && (
        <ConfirmDialog
          title={words.endTitle({ name: ending.clientName })}
          lead={words.endLead}
          action={words.end}
          cancel={text.cancel}
          onConfirm={() => end(ending)}
          onClose={() => setEnding(null)}
        />
      )}
    </Page>
  )
}

type AppRowProps = { app: App; own: boolean; onEnd: () => void; onLimit: () => void }

function AppRow({ app, own, onEnd, onLimit }: AppRowProps) {
  return (
    <tr>
      <td>
        <bdi>{app.clientName}</bdi> <span data-muted>{app.redirectHost}</span>
      </td>
      <td>{own ? app.organization.name : app.person.name || app.person.email}</td>
      <td>
        {app.mayWrite ? words.writes : words.reads} {app.tools && <span data-muted>{words.tools(app.tools.length)}</span>}
      </td>
      <td>{writesToday(app)}</td>
      <td>{app.lastUsedAt ? <Time at={app.lastUsedAt} /> : <span data-muted>{words.never}</span>}</td>
      <td>
        {!own && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={onLimit}
            aria-label={words.limitsOf({ name: app.clientName })}
            me={8}
          >
            {words.limits}
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={onEnd} aria-label={words.endOf({ name: app.clientName })}>
          {words.end}
        </Button>
      </td>
    </tr>
  )
}
