import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { number, percent } from '../../../platform/react/i18n.ts'
import { DataTable, Empty, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { useKept } from '../../../platform/react/preferences.ts'
import { Time } from '../../../platform/react/time.tsx'
import { useRead } from '../../../platform/react.tsx'
import type { ClientOverview } from '../contract.ts'
import css from './msp.module.css'
import { NotAProvider, useIsProvider } from './NotAProvider.tsx'
import { text } from './text.ts'
import { ClientMark, TierMark } from './tier.tsx'
import { useEnter } from './use-enter.ts'

const words = text.dashboard

/** One pane of glass: every client as a card or a row, each number a way into what it counts. */
export default function DashboardPage() {
  const isProvider = useIsProvider()
  const board = useRead('msp.dashboard', {}, { enabled: isProvider, refetchInterval: 60_000 })
  const [view, setView] = useKept('msp-view', 'cards')
  const [find, setFind] = useState('')
  const { failing } = useSearch({ from: '/shell/msp' }) as { failing?: boolean }
  const all = board.data?.items ?? []
  const found = all.filter(({ organization }) => organization.name.toLowerCase().includes(find.trim().toLowerCase()))
  const shown = failing ? found.filter((client) => failingOf(client) > 0).sort(worstFirst) : found
  const isTable = failing || view !== 'cards'
  return (
    <Page
      title={words.title}
      lead={words.lead}
      wide
      actions={
        <>
          <TextInput
            aria-label={words.search}
            placeholder={words.search}
            value={find}
            onChange={(event) => setFind(event.currentTarget.value)}
          />
          {!failing && (
            <SegmentedControl
              aria-label={words.view}
              value={view}
              onChange={setView}
              data={[
                { value: 'cards', label: words.cards },
                { value: 'table', label: words.table },
              ]}
            />
          )}
        </>
      }
    >
      {!isProvider && <NotAProvider />}
      <ProblemNotice error={board.error} />
      {isProvider && board.isPending && !board.error && <Waiting lines={8} />}
      {board.data && all.length === 0 && (
        <Empty
          title={words.empty}
          actions={
            <Button component={Link} to="/msp/clients">
              {words.add}
            </Button>
          }
        >
          {words.emptyBody}
        </Empty>
      )}
      {all.length > 0 && <Totals items={all} />}
      {failing && all.length > 0 && (
        <p className={css.narrowed}>
          {words.failingOnly(shown.length)}
          <Button component={Link} to="/msp" size="compact-sm" variant="default">
            {words.showAll}
          </Button>
        </p>
      )}
      {all.length > 0 && found.length === 0 && <Empty title={words.noMatch} />}
      {shown.length > 0 && !isTable && (
        <ul className={css.cards}>
          {shown.map((client) => (
            <Card key={client.organization.id} client={client} />
          ))}
        </ul>
      )}
      {shown.length > 0 && isTable && <Table items={shown} />}
    </Page>
  )
}

const sum = (items: ClientOverview[], of: (client: ClientOverview) => number) =>
  items.reduce((total, client) => total + of(client), 0)

/** Critical and High failing controls, which is what the alerts count. */
const failingOf = ({ compliance }: ClientOverview) => compliance.criticalFailing + compliance.highFailing

const worstFirst = (a: ClientOverview, b: ClientOverview) =>
  b.compliance.criticalFailing - a.compliance.criticalFailing || b.compliance.highFailing - a.compliance.highFailing

function Totals({ items }: { items: ClientOverview[] }) {
  const totals = [
    { label: words.totals.clients, value: items.length, to: '/msp/clients' },
    { label: words.totals.open, value: sum(items, ({ open }) => open), to: '/msp/queue' },
    {
      label: words.totals.breaching,
      value: sum(items, ({ breaching }) => breaching),
      to: '/msp/queue',
      search: { overdue: true },
      bad: true,
    },
    {
      label: words.totals.major,
      value: sum(items, ({ majorIncidents }) => majorIncidents),
      to: '/msp/queue',
      search: { majorIncident: true },
      bad: true,
    },
    {
      label: words.totals.failing,
      value: sum(items, failingOf),
      to: '/msp',
      search: { failing: true },
      bad: true,
    },
  ]
  return (
    <ul className={css.totals}>
      {totals.map(({ label, value, to, search, bad }) => {
        const figure = (
          <>
            <span className={css.figure} data-bad={(bad && value > 0) || undefined}>
              {number(value)}
            </span>
            <span className={css.figureLabel}>{label}</span>
          </>
        )
        return (
          <li key={label}>
            <Link to={to as '/msp/queue'} search={(search ?? {}) as never} className={css.total}>
              {figure}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}

type Figure = { label: string; value: string; bad: boolean; to: string; search?: Record<string, unknown> }

const seats = ({ users, seatLimit }: ClientOverview) =>
  seatLimit === 0 ? words.seatsUnlimited({ users }) : words.seatsOf({ users, limit: seatLimit })

/** The numbers of a client and where each leads inside it. */
function figuresOf(client: ClientOverview): Record<'open' | 'breaching' | 'major' | 'critical' | 'high' | 'seats', Figure> {
  const { open, breaching, majorIncidents, compliance, seatLimit, users } = client
  const register = (severity: 'critical' | 'high') => ({
    to: '/security/records',
    search: { type: 'control', result: 'fail', severity, sort: '-rank' },
  })
  return {
    open: { label: words.open, value: number(open), bad: false, to: '/tasks', search: { open: true } },
    breaching: { label: words.breaching, value: number(breaching), bad: breaching > 0, to: '/tasks', search: { overdue: true } },
    major: {
      label: words.major,
      value: number(majorIncidents),
      bad: majorIncidents > 0,
      to: '/tasks',
      search: { open: true, majorIncident: true },
    },
    critical: {
      label: words.head.critical,
      value: number(compliance.criticalFailing),
      bad: compliance.criticalFailing > 0,
      ...register('critical'),
    },
    high: { label: words.head.high, value: number(compliance.highFailing), bad: compliance.highFailing > 0, ...register('high') },
    seats: { label: words.seats, value: seats(client), bad: seatLimit > 0 && users > seatLimit, to: '/manage/members' },
  }
}

function Drill({ client, figure, said }: { client: ClientOverview; figure: Figure; said?: string }) {
  const enter = useEnter()
  const { name, id } = client.organization
  return (
    <button
      type="button"
      className={css.drill}
      data-bad={figure.bad || undefined}
      aria-label={
        said ? words.drillSaid({ said, client: name }) : words.drill({ label: figure.label, client: name, value: figure.value })
      }
      onClick={() => enter(id, { to: figure.to, search: figure.search ?? {} })}
    >
      {said ?? figure.value}
    </button>
  )
}

function Card({ client }: { client: ClientOverview }) {
  const enter = useEnter()
  const { organization, tier, compliance } = client
  const figures = figuresOf(client)
  return (
    <li className={css.card}>
      <div className={css.cardHead}>
        <button
          type="button"
          className={css.cardName}
          aria-label={words.enter({ client: organization.name })}
          onClick={() => enter(organization.id)}
        >
          <ClientMark id={organization.id} name={organization.name} />
        </button>
        <TierMark tier={tier} />
      </div>
      <Score client={client} />
      <div className={css.alerts}>
        <Drill client={client} figure={figures.critical} said={words.critical(compliance.criticalFailing)} />
        <Drill client={client} figure={figures.high} said={words.high(compliance.highFailing)} />
      </div>
      <dl className={css.figures}>
        {[figures.open, figures.breaching, figures.major, figures.seats].map((figure) => (
          <div key={figure.label}>
            <dt>{figure.label}</dt>
            <dd>
              <Drill client={client} figure={figure} />
            </dd>
          </div>
        ))}
      </dl>
    </li>
  )
}

/** Pass share of the latest scans as a bar with its number, and how old they are. */
function Score({ client: { compliance } }: { client: ClientOverview }) {
  const { score, scanStatus, lastScanAt } = compliance
  return (
    <div className={css.score}>
      <span className={css.scoreNumber}>{score === null ? '–' : percent(score / 100)}</span>
      <span className={css.scoreLabel}>{words.compliance}</span>
      <span className={css.bar} aria-hidden="true">
        <span style={{ inlineSize: `${score ?? 0}%` }} />
      </span>
      <span className={css.scan} data-status={scanStatus}>
        {lastScanAt ? <Time at={lastScanAt} /> : words.never}
        {scanStatus !== 'never' && <span className={css.scanState}>{words[scanStatus]}</span>}
      </span>
    </div>
  )
}

function Table({ items }: { items: ClientOverview[] }) {
  const enter = useEnter()
  const { client, tier, compliance, scan, critical, high } = words.head
  return (
    <DataTable
      label={words.title}
      head={[client, tier, compliance, scan, critical, high, words.open, words.breaching, words.major, words.seats]}
    >
      {items.map((each) => {
        const figures = figuresOf(each)
        const { score, scanStatus, lastScanAt } = each.compliance
        return (
          <tr key={each.organization.id}>
            <td>
              <button
                type="button"
                className={css.cardName}
                aria-label={words.enter({ client: each.organization.name })}
                onClick={() => enter(each.organization.id)}
              >
                <ClientMark id={each.organization.id} name={each.organization.name} />
              </button>
            </td>
            <td>
              <TierMark tier={each.tier} />
            </td>
            <td>{score === null ? '–' : percent(score / 100)}</td>
            <td>
              <span className={css.scan} data-status={scanStatus}>
                {lastScanAt ? <Time at={lastScanAt} /> : words.never}
                {scanStatus !== 'never' && <span className={css.scanState}>{words[scanStatus]}</span>}
              </span>
            </td>
            {[figures.critical, figures.high, figures.open, figures.breaching, figures.major, figures.seats].map((figure) => (
              <td key={figure.label}>
                <Drill client={each} figure={figure} />
              </td>
            ))}
          </tr>
        )
      })}
    </DataTable>
  )
}
