import { Button, Checkbox, Select } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { number } from '../../../platform/react/i18n.ts'
import { type Category, DueMark, PriorityMark, StateMark } from '../../../platform/react/marks.tsx'
import { DataTable, Empty, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time, useNow } from '../../../platform/react/time.tsx'
import { lengthOf } from '../../../platform/react/words.ts'
import { usePages, useRead } from '../../../platform/react.tsx'
import type { QueuedTask, queueSorts } from '../contract.ts'
import css from './msp.module.css'
import { NotAProvider, useIsProvider } from './NotAProvider.tsx'
import { text } from './text.ts'
import { ClientMark } from './tier.tsx'
import { useEnter } from './use-enter.ts'

const words = text.queue

export type QueueSearch = {
  client?: string
  state?: 'new' | 'active' | 'waiting'
  priority?: string
  assignedTo?: 'me' | 'none'
  overdue?: boolean
  majorIncident?: boolean
  sort?: (typeof queueSorts)[number]
}

/** The open tickets of all clients in one list. */
export default function QueuePage() {
  const isProvider = useIsProvider()
  const search = useSearch({ from: '/shell/msp/queue' }) as QueueSearch
  const navigate = useNavigate()
  const pages = usePages(
    'msp.queue',
    {
      sort: search.sort ?? 'due',
      ...(search.client && { clients: [search.client] }),
      ...(search.state && { statusCategory: [search.state] }),
      ...(search.priority && { priority: [search.priority] }),
      ...(search.assignedTo && { assignedTo: search.assignedTo }),
      ...(search.overdue && { overdue: true }),
      ...(search.majorIncident && { majorIncident: true }),
    },
    { enabled: isProvider },
  )
  const go = (change: Partial<QueueSearch>) => navigate({ to: '/msp/queue', search: { ...search, ...change } as never })
  const { client, key, title, state, priority, assignee, due, updated } = words.head
  return (
    <Page title={words.title} lead={words.lead} wide>
      {!isProvider && <NotAProvider />}
      {isProvider && <Chips chosen={search.client} onChoose={(id) => go({ client: id })} />}
      {isProvider && <Filters search={search} onChange={go} />}
      <ProblemNotice error={pages.error} />
      {isProvider && pages.isPending && !pages.error && <Waiting lines={10} />}
      {pages.items?.length === 0 && (
        <Empty
          title={words.empty}
          actions={
            <Button variant="default" onClick={() => navigate({ to: '/msp/queue', search: {} as never })}>
              {words.clear}
            </Button>
          }
        >
          {words.emptyBody}
        </Empty>
      )}
      {pages.items && pages.items.length > 0 && (
        <DataTable label={words.title} head={[client, key, title, state, priority, assignee, due, updated]}>
          {pages.items.map((task) => (
            <Row key={task.id} task={task} />
          ))}
        </DataTable>
      )}
      {pages.hasNextPage && (
        <Button mt="md" variant="default" onClick={() => pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
          {words.more}
        </Button>
      )}
    </Page>
  )
}

/** Clients with their open tickets; one pressed narrows the list to it. */
function Chips({ chosen, onChoose }: { chosen: string | undefined; onChoose: (id: string | undefined) => void }) {
  const board = useRead('msp.dashboard', {}, { staleTime: 60_000 })
  const items = (board.data?.items ?? []).filter(({ open, organization }) => open > 0 || organization.id === chosen)
  return (
    <ul className={css.chips} aria-label={words.clients}>
      <li>
        <button type="button" className={css.chip} aria-pressed={!chosen} onClick={() => onChoose(undefined)}>
          {words.allClients}
        </button>
      </li>
      {items.map(({ organization: { id, name }, open }) => (
        <li key={id}>
          <button
            type="button"
            className={css.chip}
            aria-pressed={chosen === id}
            onClick={() => onChoose(chosen === id ? undefined : id)}
          >
            <ClientMark id={id} name={name} />
            <span className={css.chipCount}>{number(open)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

const priorities = ['Critical', 'High', 'Normal', 'Low']

function Filters({ search, onChange }: { search: QueueSearch; onChange: (change: Partial<QueueSearch>) => void }) {
  const choices = <T extends string>(labels: Record<T, string>) =>
    (Object.keys(labels) as T[]).map((value) => ({ value, label: labels[value] }))
  return (
    <div className={css.filters}>
      <Select
        label={words.state}
        data={choices(words.states)}
        value={search.state ?? null}
        clearable
        onChange={(value) => onChange({ state: (value ?? undefined) as never })}
      />
      <Select
        label={words.priority}
        data={priorities}
        value={search.priority ?? null}
        clearable
        onChange={(value) => onChange({ priority: (value ?? undefined) as never })}
      />
      <Select
        label={words.assignee}
        data={choices(words.assignees)}
        value={search.assignedTo ?? null}
        clearable
        onChange={(value) => onChange({ assignedTo: (value ?? undefined) as never })}
      />
      <Select
        label={words.sort}
        data={choices(words.sorts)}
        value={search.sort ?? 'due'}
        allowDeselect={false}
        onChange={(value) => onChange({ sort: value as never })}
      />
      <div className={css.flags}>
        <Checkbox
          label={words.overdue}
          checked={search.overdue === true}
          onChange={(event) => onChange({ overdue: (event.currentTarget.checked || undefined) as never })}
        />
        <Checkbox
          label={words.majorOnly}
          checked={search.majorIncident === true}
          onChange={(event) => onChange({ majorIncident: (event.currentTarget.checked || undefined) as never })}
        />
      </div>
    </div>
  )
}

function Row({ task }: { task: QueuedTask }) {
  const enter = useEnter()
  const now = useNow()
  const { organization, key, title, dueAt } = task
  const left = dueAt ? Date.parse(dueAt) - now : 0
  return (
    <tr>
      <td>
        <ClientMark id={organization.id} name={organization.name} />
      </td>
      <td style={{ whiteSpace: 'nowrap' }}>{key}</td>
      <td>
        <button
          type="button"
          className={css.title}
          aria-label={`${title}: ${words.open({ key, client: organization.name })}`}
          onClick={() => enter(organization.id, { to: '/tasks/$ref', params: { ref: key } })}
        >
          <bdi>{title}</bdi>
        </button>
        {task.isMajorIncident && <span className={css.badge}>{words.major}</span>}
      </td>
      <td>
        <StateMark status={task.status} category={task.statusCategory as Category} />
      </td>
      <td>
        <PriorityMark priority={task.priority} />
      </td>
      <td>{task.assignedToName ?? task.assignedToEmail ?? <span data-muted>{words.nobody}</span>}</td>
      <td>
        {dueAt ? (
          <DueMark
            standing={left <= 0 ? 'late' : left < 3_600_000 ? 'soon' : 'fine'}
            words={(left <= 0 ? words.late : words.left)({ time: lengthOf(left) })}
            at={dueAt}
          />
        ) : (
          <span data-muted>{words.noDue}</span>
        )}
      </td>
      <td>
        <Time at={task.updatedAt} />
      </td>
    </tr>
  )
}
