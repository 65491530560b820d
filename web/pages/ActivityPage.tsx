import { Button, Menu, Select, TextInput } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { queryString } from '../../platform/client.ts'
import { ActivityList, type Happening } from '../../platform/react/activity.tsx'
import { Empty, Page, ProblemNotice, Waiting } from '../../platform/react/page.tsx'
import { useMay, usePages } from '../../platform/react.tsx'
import { actions, labelOf, sentenceOf } from '../sentences.ts'
import { text } from '../text.ts'

const words = text.activity
const channels = ['web', 'api', 'mcp', 'copilot', 'claude', 'agent', 'cron', 'email', 'ado-webhook', 'public', 'scim']

/** The log of the organization: who did what, through which door. */
export default function ActivityPage() {
  const search = useSearch({ from: '/shell/manage/activity' })
  const navigate = useNavigate()
  const may = useMay()
  const pages = usePages('activity.list', search as { channel?: 'web' })
  const go = (change: object) => navigate({ to: '/manage/activity', search: { ...search, ...change } })
  return (
    <Page title={words.title} actions={may('activity.audit') && <ExportMenu search={search} />}>
      <div style={{ display: 'flex', flexWrap: 'wrap', alignItems: 'end', gap: 12, marginBottom: 16 }}>
        <Select
          label={words.action}
          data={actions}
          value={search.action ?? null}
          searchable
          clearable
          onChange={(action) => go({ action: action ?? undefined })}
        />
        <Select
          label={words.kind}
          data={kinds}
          value={search.subjectType ?? null}
          searchable
          clearable
          onChange={(subjectType) => go({ subjectType: subjectType ?? undefined })}
        />
        <Select
          label={words.channel}
          data={channels}
          value={search.channel ?? null}
          clearable
          onChange={(channel) => go({ channel: channel ?? undefined })}
        />
        <WordsFilter label={words.words} value={search.q} onChange={(q) => go({ q })} />
        {may('activity.audit') && (
          <WordsFilter label={words.actor} hint={words.actorHelp} value={search.actor} onChange={(name) => go({ actor: name })} />
        )}
        <TextInput
          type="date"
          label={words.since}
          value={dayOf(search.since)}
          onChange={(event) => go({ since: startOf(event.currentTarget.value) })}
        />
        <TextInput
          type="date"
          label={words.until}
          value={dayOf(search.until)}
          onChange={(event) => go({ until: startOf(event.currentTarget.value) })}
        />
      </div>
      <ProblemNotice error={pages.error} />
      {pages.isPending && !pages.error && <Waiting lines={10} />}
      {pages.items?.length === 0 && (
        <Empty
          title={words.empty}
          actions={
            <Button variant="default" onClick={() => navigate({ to: '/manage/activity', search: {} })}>
              {words.clear}
            </Button>
          }
        >
          {words.emptyBody}
        </Empty>
      )}
      {pages.items && <ActivityList items={pages.items} sentenceOf={sentenceOf} labelOf={labelOf} subjectOf={subjectOf} />}
      {pages.hasNextPage && (
        <Button mt="md" variant="default" onClick={() => pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
          {words.more}
        </Button>
      )}
    </Page>
  )
}

/** Kinds of things there are entries about: the first word of what can happen. */
const kinds = [...new Set(actions.map((action) => action.split('.')[0]!))].sort()

/** Days are those of the reader. */
const startOf = (day: string) => (day ? new Date(`${day}T00:00`).toISOString() : undefined)
const dayOf = (at: string | undefined) => {
  const time = at ? new Date(at) : null
  return time && !Number.isNaN(time.getTime())
    ? [time.getFullYear(), time.getMonth() + 1, time.getDate()].map((part) => String(part).padStart(2, '0')).join('-')
    : ''
}

type WordsFilterProps = { label: string; hint?: string; value: string | undefined; onChange: (value: string | undefined) => void }

/** Searches when the person is done typing: on Enter, or on leaving the field. */
function WordsFilter({ label, hint, value = '', onChange }: WordsFilterProps) {
  const [typed, setTyped] = useState(value)
  const done = () => typed.trim() !== value && onChange(typed.trim() || undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    done()
  }
  return (
    <form onSubmit={submit}>
      <TextInput
        label={label}
        placeholder={hint}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={done}
      />
    </form>
  )
}

/** The entries of the filter as a file; the one with signatures can be verified offline. */
function ExportMenu({ search }: { search: Record<string, unknown> }) {
  const query = queryString(search)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default">{words.export}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={`/api/activity/export.csv?${query}`} download>
          {words.asCsv}
        </Menu.Item>
        <Menu.Item component="a" href={`/api/activity/export.ndjson?${query}`} download>
          {words.asNdjson}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Leads to the task an entry is about. */
const subjectOf = (item: Happening) => {
  const { key } = item.data
  if (typeof key !== 'string') return null
  return (
    <>
      {' · '}
      <Link to="/tasks/$ref" params={{ ref: key }}>
        {key}
      </Link>
    </>
  )
}
