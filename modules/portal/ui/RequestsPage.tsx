import { Button, SegmentedControl } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { StateMark } from '../../../platform/react/marks.tsx'
import { Empty, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useMay, useMe, usePages } from '../../../platform/react.tsx'
import type { OwnRequest } from '../contract.ts'
import css from './portal.module.css'
import { text } from './text.ts'

/** Own requests, open or done: what each is about and how it stands. */
export default function RequestsPage() {
  const { done } = useSearch({ from: '/shell/portal' })
  const navigate = useNavigate()
  const organization = useMe()?.organization?.name ?? ''
  const mayWrite = useMay()('requests.write')
  const pages = usePages('requests.list', { open: !done })
  const create = mayWrite && (
    <Button component={Link} to="/portal/new" leftSection={<IconPlus size={16} />}>
      {text.create}
    </Button>
  )
  return (
    <Page title={text.title} lead={text.lead({ organization })} actions={create}>
      <SegmentedControl
        aria-label={text.show}
        mb="md"
        value={done ? 'done' : 'open'}
        onChange={(value) => navigate({ to: '/portal', search: value === 'done' ? { done: true } : {}, replace: true })}
        data={[
          { value: 'open', label: text.open },
          { value: 'done', label: text.done },
        ]}
      />
      <ProblemNotice error={pages.error} />
      {pages.isPending && !pages.error && <Waiting lines={6} />}
      {pages.items?.length === 0 && (
        <Empty title={done ? text.emptyDone : text.empty} actions={!done && create}>
          {done ? text.emptyDoneBody : text.emptyBody}
        </Empty>
      )}
      <ul className={css.requests}>
        {pages.items?.map((request) => (
          <Row key={request.id} request={request} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button mt="md" variant="default" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
          {text.more}
        </Button>
      )}
    </Page>
  )
}

const Row = ({ request }: { request: OwnRequest }) => (
  <li>
    <Link to="/portal/$ref" params={{ ref: request.key }} className={css.request}>
      <span className={css.title} dir="auto">
        {request.title}
      </span>
      <span className={css.facts}>
        <span className={css.key}>{request.key}</span>
        <StateMark status={request.status} category={request.statusCategory} />
        <Time at={request.updatedAt} />
      </span>
    </Link>
  </li>
)
