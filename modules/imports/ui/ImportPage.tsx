import { Button, Progress } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { DataTable, Notice, Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { useChange, usePages, useRead } from '../../../platform/react.tsx'
import type { Import } from '../contract.ts'
import css from './import.module.css'
import { Mapping } from './Mapping.tsx'
import { text } from './text.ts'

const isWorking = ({ status }: Import) => status === 'queued' || status === 'running'

/** One import: its mapping before, its progress during, its outcome after. */
export default function ImportPage() {
  const { id } = useParams({ from: '/shell/imports/$id' })
  const [watching, setWatching] = useState(true)
  const read = useRead('imports.get', { importId: id }, { refetchInterval: watching ? 1000 : false })
  const one = read.data
  if (one && watching !== isWorking(one)) setWatching(isWorking(one))
  if (!one)
    return <div style={{ maxWidth: 760, padding: 24 }}>{read.error ? <ProblemNotice error={read.error} /> : <Waiting />}</div>
  return (
    <Page
      title={one.fileName}
      lead={`${one.kind === 'csv' ? text.csv : text.servicenow} · ${text.statuses[one.status]}`}
      actions={<Link to="/imports">{text.back}</Link>}
    >
      {one.status === 'uploaded' ? <Mapping importId={id} onStarted={() => setWatching(true)} /> : <Outcome one={one} />}
    </Page>
  )
}

function Outcome({ one }: { one: Import }) {
  const change = useChange()
  const [problem, setProblem] = useState<unknown>(null)
  const total = one.totalRows ?? 0
  return (
    <>
      <ProblemNotice error={problem} />
      {one.error && <Notice kind="problem">{one.error}</Notice>}
      <div className={css.progress}>
        <Progress
          value={total > 0 ? (one.doneRows / total) * 100 : 0}
          animated={one.status === 'running'}
          aria-label={text.title}
        />
        <div role="status">
          {total > 0 ? text.progress({ done: one.doneRows, total }) : text.waiting}
          {' · '}
          {text.counts({ created: one.createdCount, unchanged: one.unchangedCount, failed: one.failedCount })}
        </div>
        <div style={{ display: 'flex', gap: 12, alignItems: 'center' }}>
          {isWorking(one) && (
            <Button variant="default" onClick={() => change('imports.cancel', { importId: one.id }).catch(setProblem)}>
              {text.cancel}
            </Button>
          )}
          {one.createdCount > 0 && (
            <Link to="/tasks" search={{ sort: '-number' }}>
              {text.see}
            </Link>
          )}
        </div>
      </div>
      {!isWorking(one) && <Errors importId={one.id} />}
    </>
  )
}

function Errors({ importId }: { importId: string }) {
  const pages = usePages('imports.errors', { importId })
  if (pages.items?.length === 0) return null
  return (
    <section className={css.section} aria-label={text.errors}>
      <h2>{text.errors}</h2>
      <ProblemNotice error={pages.error} />
      {pages.items && (
        <DataTable label={text.errors} head={Object.values(text.errorsHead)}>
          {pages.items.map((each) => (
            <tr key={each.line}>
              <td>{each.line}</td>
              <td>{each.notice ? text.leftOut : text.failed}</td>
              <td>{each.message}</td>
            </tr>
          ))}
        </DataTable>
      )}
      {pages.hasNextPage && (
        <Button mt="sm" variant="default" onClick={() => pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
          {text.errorsMore}
        </Button>
      )}
    </section>
  )
}
