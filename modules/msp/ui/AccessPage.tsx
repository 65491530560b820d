import { Button, Select, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { queryString } from '../../../platform/client.ts'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { tellEnded } from '../../../platform/react/ended.ts'
import { DataTable, Empty, Notice, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { date, dateAndTime } from '../../../platform/react/words.ts'
import { useChange, useMay, usePages, useRead } from '../../../platform/react.tsx'
import { type AccessEntry, accessKinds, outsiders } from '../contract.ts'
import css from './msp.module.css'
import { text } from './text.ts'
import { TierMark } from './tier.tsx'

const words = text.access

export type AccessSearch = {
  from?: (typeof outsiders)[number]
  kind?: (typeof accessKinds)[number]
  provider?: string
  person?: string
  subject?: string
}

/** What a client sees of its providers: who may come in, who is elevated, and every read and change. */
export default function AccessPage() {
  const search = useSearch({ from: '/shell/access' }) as AccessSearch
  const access = useRead('msp.access', {})
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        <Button
          component="a"
          variant="default"
          href={`/api/access/export.csv?${queryString(search)}`}
          download
          leftSection={<IconDownload size={16} />}
        >
          {words.download}
        </Button>
      }
    >
      <ProblemNotice error={access.error} />
      {access.isPending && !access.error && <Waiting lines={3} />}
      {access.data && <Elevations items={access.data.elevations} />}
      {access.data && <Providers items={access.data.providers} />}
      <h2 className={css.section}>{words.log}</h2>
      <Log search={search} />
    </Page>
  )
}

type Access = ReturnType<typeof useRead<'msp.access'>>['data'] & object

function Elevations({ items }: { items: Access['elevations'] }) {
  const mayManage = useMay()('access.manage')
  const change = useChange()
  const [problem, setProblem] = useState<unknown>(null)
  if (items.length === 0) return null
  return (
    <div style={{ display: 'grid', gap: 8, marginBottom: 16 }}>
      <ProblemNotice error={problem} />
      {items.map(({ id, name, provider, fromTier, reason, expiresAt }) => (
        <Notice key={id} kind="warning" title={words.elevations}>
          <div style={{ display: 'flex', flexWrap: 'wrap', gap: 12, alignItems: 'center' }}>
            <span>
              {words.elevation({ name, provider: provider.name, tier: fromTier, reason })}{' '}
              <span data-muted>{words.until({ time: dateAndTime(expiresAt) })}</span>
            </span>
            {mayManage && (
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => change('msp.end-elevation', { elevationId: id }).catch(setProblem)}
              >
                {words.endElevation}
              </Button>
            )}
          </div>
        </Notice>
      ))}
    </div>
  )
}

function Providers({ items }: { items: Access['providers'] }) {
  const mayManage = useMay()('access.manage')
  const change = useChange()
  const [ending, setEnding] = useState<Access['providers'][number] | null>(null)
  if (items.length === 0) return <Notice title={words.noProviders}>{words.noProvidersBody}</Notice>
  return (
    <>
      <DataTable cards label={words.providers} head={[...Object.values(words.providerHead), ...(mayManage ? [''] : [])]}>
        {items.map((each) => (
          <tr key={each.id}>
            <td>
              <bdi>{each.name}</bdi>
            </td>
            <td>
              <TierMark tier={each.tier} />
            </td>
            <td>{date(each.since)}</td>
            <td>{each.addedBy}</td>
            {mayManage && (
              <td>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={words.endOf({ provider: each.name })}
                  onClick={() => setEnding(each)}
                >
                  {words.end}
                </Button>
              </td>
            )}
          </tr>
        ))}
      </DataTable>
      {ending && (
        <ConfirmDialog
          title={words.endTitle({ provider: ending.name })}
          lead={words.endLead}
          action={words.end}
          cancel={text.cancel}
          onConfirm={() => change('msp.end-access', { providerId: ending.id }).then(tellEnded)}
          onClose={() => setEnding(null)}
        />
      )}
    </>
  )
}

function Log({ search }: { search: AccessSearch }) {
  const navigate = useNavigate()
  const pages = usePages('msp.list-access', search)
  const go = (change: Partial<AccessSearch>) =>
    navigate({ to: '/access', search: { ...search, ...change } as never, replace: true })
  return (
    <>
      <div className={css.filters}>
        <Select
          label={words.from}
          data={outsiders.map((value) => ({ value, label: words.outsiders[value] }))}
          value={search.from ?? null}
          clearable
          onChange={(from) => go({ from: (from ?? undefined) as never })}
        />
        <Select
          label={words.kind}
          data={accessKinds.map((value) => ({ value, label: words.kinds[value] }))}
          value={search.kind ?? null}
          clearable
          onChange={(kind) => go({ kind: (kind ?? undefined) as never })}
        />
        {(['provider', 'person', 'subject'] as const).map((name) => (
          <Words key={name} label={words[name]} value={search[name]} onChange={(value) => go({ [name]: value })} />
        ))}
      </div>
      <ProblemNotice error={pages.error} />
      {pages.isPending && !pages.error && <Waiting lines={8} />}
      {pages.items?.length === 0 && (
        <Empty
          title={words.empty}
          actions={
            <Button variant="default" onClick={() => navigate({ to: '/access', search: {} as never })}>
              {words.clear}
            </Button>
          }
        >
          {words.emptyBody}
        </Empty>
      )}
      {pages.items && pages.items.length > 0 && (
        <DataTable cards label={words.log} head={Object.values(words.head)}>
          {pages.items.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </DataTable>
      )}
      {pages.hasNextPage && (
        <Button mt="md" variant="default" onClick={() => pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
          {words.more}
        </Button>
      )}
    </>
  )
}

/** A filter by words, applied on Enter or when the field is left. */
function Words({
  label,
  value,
  onChange,
}: {
  label: string
  value: string | undefined
  onChange: (value: string | undefined) => void
}) {
  const [typed, setTyped] = useState(value ?? '')
  const apply = (event?: FormEvent) => {
    event?.preventDefault()
    if (typed.trim() !== (value ?? '')) onChange(typed.trim() || undefined)
  }
  return (
    <form onSubmit={apply}>
      <TextInput label={label} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} onBlur={() => apply()} />
    </form>
  )
}

const Entry = ({ entry }: { entry: AccessEntry }) => (
  <tr>
    <td>
      <Time at={entry.occurredAt} />
    </td>
    <td>
      <bdi>{entry.person.name}</bdi> <span data-muted>{entry.provider?.name ?? words.superAdmin}</span>
    </td>
    <td>
      {entry.tier && <TierMark tier={entry.tier} />} {entry.elevated && <span className={css.badge}>{words.elevated}</span>}
    </td>
    <td>
      <span title={entry.operation}>{entry.what}</span> <span data-muted>{words.kinds[entry.kind]}</span>
    </td>
    <td className={css.subject}>
      {entry.subject?.type === 'task' ? (
        <Link to="/tasks/$ref" params={{ ref: entry.subject.id }}>
          {entry.subject.id}
        </Link>
      ) : (
        entry.subject?.id
      )}
    </td>
    <td>{entry.channel}</td>
  </tr>
)
