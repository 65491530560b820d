import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Output } from '../../../platform/client.ts'
import { number } from '../../../platform/react/i18n.ts'
import { Empty, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { useMay, useRead } from '../../../platform/react.tsx'
import type { RecordType, SourceStanding } from '../contract.ts'
import { ResultMark, SeverityMark, scoreText } from './marks.tsx'
import css from './security.module.css'
import { Trend } from './Trend.tsx'
import { text } from './text.ts'

const words = text.overview

/** How the organization stands: the score, each source, what fails, and the register's shelves. */
export default function SecurityPage() {
  const overview = useRead('security.overview', {})
  const may = useMay()
  const data = overview.data
  const actions = (
    <Button component={Link} to="/security/scans" variant="default">
      {may('scans.import') ? words.emptyAction : words.scans}
    </Button>
  )
  return (
    <Page title={text.title} lead={words.lead} actions={actions}>
      <ProblemNotice error={overview.error} />
      {!data && !overview.error && <Waiting lines={8} />}
      {data && (
        <>
          {data.sources.length === 0 ? (
            <Empty title={words.empty} actions={actions}>
              {words.emptyBody}
            </Empty>
          ) : (
            <>
              <Standing data={data} />
              <section className={css.section} aria-labelledby="security-sources">
                <h2 id="security-sources">{words.sources}</h2>
                <ul className={css.sources}>
                  {data.sources.map((source) => (
                    <Source key={source.source} source={source} />
                  ))}
                </ul>
              </section>
              <Failing />
            </>
          )}
          <section className={css.section} aria-labelledby="security-register">
            <h2 id="security-register">{words.register}</h2>
            <ul className={css.shelves}>
              {data.records.map(({ type, records, reviewDue }) => (
                <Shelf key={type} type={type} records={records} reviewDue={reviewDue} />
              ))}
            </ul>
          </section>
        </>
      )}
    </Page>
  )
}

type Overview = Output<'security.overview'>

function Standing({ data: { compliance, sources } }: { data: Overview }) {
  const sum = (key: 'passed' | 'failed') => sources.reduce((total, each) => total + each[key], 0)
  const [passed, failed] = [sum('passed'), sum('failed')]
  return (
    <dl className={css.standing}>
      <div>
        <dt>{words.score}</dt>
        <dd>{compliance.score === null ? words.noScore : scoreText(compliance.score)}</dd>
        <dd className={css.small}>{words.passes({ passed, rated: passed + failed })}</dd>
      </div>
      <div data-tone={compliance.scanStatus}>
        <dt>{words.lastScan}</dt>
        <dd>{words[compliance.scanStatus]}</dd>
        <dd className={css.small}>
          {compliance.lastScanAt && <Time at={compliance.lastScanAt} />}
          {compliance.staleSources > 0 && <span>{words.staleSources(compliance.staleSources)}</span>}
        </dd>
      </div>
      {(['critical', 'high'] as const).map((severity) => {
        const failing = compliance[`${severity}Failing`]
        return (
          <div key={severity} data-tone={failing > 0 ? severity : undefined}>
            <dt>{words[severity]}</dt>
            <dd>{number(failing)}</dd>
            <dd className={css.small}>
              <Link to="/security/records" search={{ type: 'control', result: 'fail', severity, sort: '-rank' }}>
                {words.all}
              </Link>
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

function Source({ source }: { source: SourceStanding }) {
  return (
    <li className={css.source}>
      <div className={css.sourceName}>
        <Link to="/security/scans/$id" params={{ id: source.scanId }} dir="auto">
          {source.source}
        </Link>
        <span className={css.small}>
          <Time at={source.scannedAt} />
          {source.stale && <span className={css.stale}>{words.stale}</span>}
        </span>
      </div>
      <Trend source={source.source} points={source.trend} />
      <div className={css.sourceScore}>{scoreText(source.score)}</div>
      <div className={css.counts}>
        {(['fail', 'pass', 'manual', 'error'] as const).map((result) => {
          const amount = { fail: source.failed, pass: source.passed, manual: source.manual, error: source.errors }[result]
          return amount > 0 ? (
            <span key={result}>
              <ResultMark result={result} /> {number(amount)}
            </span>
          ) : null
        })}
      </div>
    </li>
  )
}

function Failing() {
  const failing = useRead('security.list', { type: 'control', result: ['fail'], sort: '-rank', limit: 6 })
  const items = failing.data?.items ?? []
  if (items.length === 0) return null
  return (
    <section className={css.section} aria-labelledby="security-failing">
      <h2 id="security-failing">{words.failing}</h2>
      <ul className={css.failing}>
        {items.map((record) => (
          <li key={record.id}>
            <SeverityMark severity={record.severity ?? 'unrated'} />
            <Link
              to="/security/records"
              search={{ type: 'control', result: 'fail', sort: '-rank', record: record.reference }}
              dir="auto"
            >
              {record.controlId} · {record.title}
            </Link>
            <span className={css.small}>{record.openTasks > 0 && text.panel.openTasks(record.openTasks)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Shelf({ type, records, reviewDue }: { type: RecordType; records: number; reviewDue: number }) {
  return (
    <li>
      <Link to="/security/records" search={{ type }} className={css.shelf}>
        <span>{text.types[type]}</span>
        <strong>{number(records)}</strong>
      </Link>
      {reviewDue > 0 && (
        <Link to="/security/records" search={{ type, reviewDue: true }} className={css.small}>
          {words.reviewDue(reviewDue)}
        </Link>
      )}
    </li>
  )
}
