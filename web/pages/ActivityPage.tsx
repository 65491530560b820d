import { Button, Select, TextInput } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ActivityList, type Happening } from '../../platform/react/activity.tsx'
import { Empty, Page, ProblemNotice, Waiting } from '../../platform/react/page.tsx'
import { usePages } from '../../platform/react.tsx'
import { actions, labelOf, sentenceOf } from '../sentences.ts'
import { text } from '../text.ts'

const words = text.activity
const channels = ['web', 'api', 'mcp', 'copilot', 'claude', 'agent', 'cron', 'email', 'ado-webhook', 'public', 'scim']

/** The log of the organization: who did what, through which door. */
export default function ActivityPage() {
  const search = useSearch({ from: '/shell/manage/activity' })
  const navigate = useNavigate()
  const [actor, setActor] = useState(search.actor ?? '')
  const pages = usePages('activity.list', search as { channel?: 'web' })
  const go = (change: object) => navigate({ to: '/manage/activity', search: { ...search, ...change } })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    go({ actor: actor.trim() || undefined })
  }
  return (
    <Page title={words.title}>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 12, marginBottom: 16 }}>
        <Select
          label={words.action}
          data={actions}
          value={search.action ?? null}
          searchable
          clearable
          onChange={(action) => go({ action: action ?? undefined })}
        />
        <Select
          label={words.channel}
          data={channels}
          value={search.channel ?? null}
          clearable
          onChange={(channel) => go({ channel: channel ?? undefined })}
        />
        <form onSubmit={submit}>
          <TextInput
            label={words.actor}
            value={actor}
            onChange={(event) => setActor(event.currentTarget.value)}
            onBlur={submit as never}
          />
        </form>
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
