import { Button, Progress, Tabs, TextInput } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { number } from '../../../platform/react/i18n.ts'
import { DataTable, Empty, Notice, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { dateAndTime } from '../../../platform/react/words.ts'
import { usePages, useRead } from '../../../platform/react.tsx'
import { type Result, results, type Scan, type Severity, severities } from '../contract.ts'
import { ResultMark, SeverityMark, scoreText } from './marks.tsx'
import { Choice } from './RecordsPage.tsx'
import { Problems } from './ScansPage.tsx'
import css from './security.module.css'
import { text } from './text.ts'

const words = text.scan
const isWorking = ({ status }: Scan) => status === 'queued' || status === 'running'

/** One scan: its progress while it comes in; afterwards what changed, its controls and its rows. */
export default function ScanPage() {
  const { id } = useParams({ from: '/shell/security/scans/$id' })
  const [watching, setWatching] = useState(true)
  const read = useRead('scans.get', { scanId: id }, { refetchInterval: watching ? 700 : false })
  const scan = read.data
  if (scan && watching !== isWorking(scan)) setWatching(isWorking(scan))
  if (!scan)
    return <div style={{ maxWidth: 760, padding: 24 }}>{read.error ? <ProblemNotice error={read.error} /> : <Waiting />}</div>
  const at = scan.scannedAt ?? scan.createdAt
  return (
    <Page
      title={words.title({ source: scan.source ?? scan.fileName })}
      lead={`${dateAndTime(at)} · ${scan.fileName} · ${text.scans.statuses[scan.status]}`}
      actions={<Link to="/security/scans">{words.back}</Link>}
    >
      {scan.error && <Notice kind="problem">{scan.error}</Notice>}
      <Problems problems={scan.problems} />
      {scan.status === 'duplicate' && (
        <Notice>
          {words.duplicateOf}{' '}
          <Link to="/security/scans/$id" params={{ id: scan.duplicateOf! }}>
            {words.see}
          </Link>
        </Notice>
      )}
      {isWorking(scan) && <Running scan={scan} />}
      {scan.status === 'finished' && <Outcome scan={scan} />}
    </Page>
  )
}

function Running({ scan: { doneRows, totalRows } }: { scan: Scan }) {
  return (
    <div className={css.progress}>
      <Progress value={totalRows ? (doneRows / totalRows) * 100 : 0} animated aria-label={text.scans.state} />
      <div role="status">{totalRows ? words.progress({ done: doneRows, total: totalRows }) : words.reading}</div>
    </div>
  )
}

function Outcome({ scan }: { scan: Scan }) {
  const amounts: [Result, number][] = [
    ['fail', scan.failed],
    ['pass', scan.passed],
    ['manual', scan.manual],
    ['error', scan.errors],
    ['skipped', scan.skipped],
    ['not-applicable', scan.notApplicable],
  ]
  return (
    <>
      <div className={css.outcome}>
        <strong className={css.bigScore}>{scoreText(scan.score)}</strong>
        {amounts.map(([result, amount]) => (
          <span key={result}>
            <ResultMark result={result} /> {number(amount)}
          </span>
        ))}
      </div>
      <Changes scanId={scan.id} />
      <Tabs defaultValue="controls" keepMounted={false} className={css.section}>
        <Tabs.List mb="md">
          <Tabs.Tab value="controls">{words.controls}</Tabs.Tab>
          <Tabs.Tab value="rows">{words.rows}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="controls">
          <Listed scanId={scan.id} of="controls" />
        </Tabs.Panel>
        <Tabs.Panel value="rows">
          <Listed scanId={scan.id} of="rows" />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function Changes({ scanId }: { scanId: string }) {
  const changes = useRead('scans.compare', { scanId })
  const data = changes.data
  if (!data) return <ProblemNotice error={changes.error} />
  return (
    <section className={css.section} aria-labelledby="scan-changes">
      <h2 id="scan-changes">{words.changes}</h2>
      {!data.before && <p data-muted>{words.first}</p>}
      {data.before && data.items.length === 0 && <p data-muted>{words.noChanges}</p>}
      {data.items.length > 0 && (
        <>
          <p data-muted>
            {words.newlyFailing(data.newlyFailing)} · {words.fixed(data.fixed)}
          </p>
          <DataTable label={words.changes} head={[words.change, words.control, text.fields.title, text.fields.severity]}>
            {data.items.slice(0, 50).map((each) => (
              <tr key={each.controlId}>
                <td>
                  <span className={css.kind} data-kind={each.kind}>
                    {words.kinds[each.kind]}
                  </span>
                </td>
                <td>{each.controlId}</td>
                <td className={css.titleCell} dir="auto">
                  {each.title}
                </td>
                <td>
                  <SeverityMark severity={each.severity} />
                </td>
              </tr>
            ))}
          </DataTable>
        </>
      )}
    </section>
  )
}

type Filter = { result: string | undefined; severity: string | undefined; q: string }

function Listed({ scanId, of }: { scanId: string; of: 'controls' | 'rows' }) {
  const [filter, setFilter] = useState<Filter>({ result: of === 'controls' ? 'fail' : undefined, severity: undefined, q: '' })
  const { result, severity, q } = filter
  const input = {
    scanId,
    ...(result && { result: [result as Result] }),
    ...(severity && { severity: [severity as Severity] }),
    ...(q.trim() && { q: q.trim() }),
  }
  return (
    <>
      <div className={css.filters} role="search">
        <TextInput
          aria-label={words.search}
          placeholder={words.search}
          value={q}
          maxLength={200}
          onChange={(event) => {
            const { value } = event.currentTarget
            setFilter((before) => ({ ...before, q: value }))
          }}
          w={220}
        />
        <Choice
          label={text.list.allResults}
          values={results}
          names={text.results}
          value={result}
          onChange={(next) => setFilter((before) => ({ ...before, result: next }))}
        />
        <Choice
          label={text.list.allSeverities}
          values={severities}
          names={text.severities}
          value={severity}
          onChange={(next) => setFilter((before) => ({ ...before, severity: next }))}
        />
      </div>
      {of === 'controls' ? <Controls input={input} /> : <RowsOfFile input={input} />}
    </>
  )
}

type ListInput = { scanId: string; result?: Result[]; severity?: Severity[]; q?: string }

function Controls({ input }: { input: ListInput }) {
  const pages = usePages('scans.controls', input)
  return (
    <Pages pages={pages}>
      <DataTable
        label={words.controls}
        head={[words.control, text.fields.title, text.fields.severity, text.fields.result, words.failedRows, words.record]}
      >
        {(pages.items ?? []).map((each) => (
          <tr key={each.controlId}>
            <td>{each.controlId}</td>
            <td className={css.titleCell} dir="auto">
              {each.title}
            </td>
            <td>
              <SeverityMark severity={each.severity} />
            </td>
            <td>
              <ResultMark result={each.result} />
            </td>
            <td className={css.number}>{text.panel.rows({ failed: each.failedRows, rows: each.rows })}</td>
            <td>
              {each.record && (
                <Link to="/security/records" search={{ type: 'control', record: each.record.reference }}>
                  {each.record.reference}
                </Link>
              )}
            </td>
          </tr>
        ))}
      </DataTable>
    </Pages>
  )
}

function RowsOfFile({ input }: { input: ListInput }) {
  const pages = usePages('scans.rows', input)
  return (
    <Pages pages={pages}>
      <DataTable
        label={words.rows}
        head={[words.control, text.fields.severity, text.fields.result, words.resource, words.detail]}
      >
        {(pages.items ?? []).map((each) => (
          <tr key={each.n}>
            <td title={each.title}>{each.controlId}</td>
            <td>
              <SeverityMark severity={each.severity} />
            </td>
            <td>
              <ResultMark result={each.result} />
            </td>
            <td dir="auto">
              <code>{each.resource}</code>
            </td>
            <td className={css.titleCell} dir="auto">
              {each.detail}
            </td>
          </tr>
        ))}
      </DataTable>
    </Pages>
  )
}

type PagesProps = {
  pages: {
    items: readonly unknown[] | undefined
    error: unknown
    hasNextPage: boolean
    isFetchingNextPage: boolean
    fetchNextPage: () => unknown
  }
  children: React.ReactNode
}

function Pages({ pages, children }: PagesProps) {
  if (pages.error) return <ProblemNotice error={pages.error} />
  if (!pages.items) return <Waiting lines={6} />
  if (pages.items.length === 0) return <Empty title={words.nothing}>{words.nothingBody}</Empty>
  return (
    <>
      {children}
      {pages.hasNextPage && (
        <Button mt="sm" variant="default" onClick={() => pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
          {text.list.more}
        </Button>
      )}
    </>
  )
}
