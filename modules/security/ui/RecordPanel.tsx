import { ActionIcon, Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArchive, IconArrowBackUp, IconClipboardList, IconPencil, IconPlus, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { ConfirmDialog } from '../../../platform/react/confirm.tsx'
import { Notice, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { date } from '../../../platform/react/words.ts'
import { useChange, useMay, useRead } from '../../../platform/react.tsx'
import { fieldsOf, type SecurityRecord } from '../contract.ts'
import { ResultMark, SeverityMark } from './marks.tsx'
import { RecordForm } from './RecordForm.tsx'
import css from './security.module.css'
import { text } from './text.ts'

const Markdown = lazy(() => import('../../../platform/react/markdown.tsx'))
const words = text.panel

/** One record beside the list: what it says, its tasks, its scans. Escape closes it. */
export function RecordPanel({ reference, onClose }: { reference: string; onClose: () => void }) {
  const read = useRead('security.get', { recordId: reference })
  const panel = useRef<HTMLElement>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const record = read.data
  const found = record?.id
  // Until the record is here the panel itself has the keys, so that Escape closes what is still loading.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another record is another opening
  useEffect(() => panel.current?.focus({ preventScroll: true }), [reference])
  useEffect(() => {
    if (found) heading.current?.focus({ preventScroll: true })
  }, [found])
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      className={css.panel}
      aria-label={words.label({ reference: record?.reference ?? reference })}
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onClose()}
    >
      <div className={css.panelTop}>
        <span className={css.reference}>{record?.reference}</span>
        <ActionIcon onClick={onClose} aria-label={words.close}>
          <IconX size={18} />
        </ActionIcon>
      </div>
      <ProblemNotice error={read.error} />
      {!record && !read.error && <Waiting lines={8} />}
      {record && (
        <>
          <h2 ref={heading} tabIndex={-1} dir="auto" className={css.panelTitle}>
            {record.title}
          </h2>
          <Body record={record} />
        </>
      )}
    </aside>
  )
}

function Body({ record }: { record: SecurityRecord }) {
  const may = useMay()
  const change = useChange()
  const [editing, setEditing] = useState(false)
  const [removing, setRemoving] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const { id, type, reference } = record
  const restore = () =>
    change('security.restore', { recordId: id })
      .then(() => notifications.show({ message: words.restored({ reference }) }))
      .catch(setProblem)
  return (
    <>
      <ProblemNotice error={problem} />
      {record.archivedAt && <Notice kind="warning">{words.archived}</Notice>}
      <div className={css.panelActions}>
        {may('tasks.write') && !record.archivedAt && (
          <Button
            component={Link}
            to={'/tasks/new' as '/'}
            search={{ linkedTaterEntityType: type, linkedTaterEntityId: id, title: record.title.slice(0, 300) } as never}
            leftSection={<IconPlus size={16} />}
          >
            {words.newTask}
          </Button>
        )}
        <Button
          component={Link}
          to={'/tasks' as '/'}
          search={{ open: true, linkedTaterEntityType: type, linkedTaterEntityId: id } as never}
          variant="default"
          leftSection={<IconClipboardList size={16} />}
        >
          {words.openTasks(record.openTasks)}
        </Button>
        {may('security.write') && !record.archivedAt && (
          <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setEditing(true)}>
            {words.edit}
          </Button>
        )}
        {may('security.manage') &&
          (record.archivedAt ? (
            <Button variant="default" leftSection={<IconArrowBackUp size={16} />} onClick={restore}>
              {words.restore}
            </Button>
          ) : (
            <ActionIcon size="lg" onClick={() => setRemoving(true)} aria-label={words.archive}>
              <IconArchive size={17} />
            </ActionIcon>
          ))}
      </div>
      <Details record={record} />
      <Long label={text.fields.description} source={record.description} />
      <Long label={text.fields.scope} source={record.scope} />
      <Long label={text.fields.findings} source={record.findings} />
      {type === 'control' && record.source && record.controlId && <History record={record} />}
      {editing && <RecordForm type={type} record={record} onClose={() => setEditing(false)} />}
      {removing && (
        <ConfirmDialog
          title={words.archiveTitle({ reference })}
          lead={words.archiveLead}
          action={words.archive}
          cancel={text.form.cancel}
          onConfirm={async () => {
            await change('security.archive', { recordId: id })
            notifications.show({ message: words.archivedDone({ reference }) })
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </>
  )
}

const longTexts = new Set(['scope', 'findings'])

function Details({ record }: { record: SecurityRecord }) {
  const fields = [...fieldsOf[record.type].filter((field) => !longTexts.has(field)), 'ownerEmail', 'reviewDate'] as const
  return (
    <dl className={css.details}>
      <Fact label={text.fields.status}>{text.statuses[record.status as keyof typeof text.statuses]}</Fact>
      {record.score !== null && <Fact label={text.fields.score}>{record.score}</Fact>}
      {fields.map((field) => {
        const shown = shownValue(record, field)
        return shown === null ? null : (
          <Fact key={field} label={text.fields[field as keyof typeof text.fields]}>
            {shown}
          </Fact>
        )
      })}
      {record.resultSince && (
        <Fact label={text.fields.resultSince}>
          <Time at={record.resultSince} />
        </Fact>
      )}
      {record.taskId && (
        <Fact label="">
          <Link to={'/tasks/$ref' as '/'} params={{ ref: record.taskId } as never}>
            {words.byRule}
          </Link>
        </Fact>
      )}
      <Fact label={text.fields.updatedAt}>
        <Time at={record.updatedAt} /> · <span dir="auto">{record.updatedBy}</span>
      </Fact>
    </dl>
  )
}

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <div>
    <dt>{label}</dt>
    <dd dir="auto">{children}</dd>
  </div>
)

function shownValue(record: SecurityRecord, field: string): ReactNode {
  const value = (record as unknown as Record<string, string | number | null>)[field]
  if (value === null || value === undefined || value === '') return null
  if (field === 'severity') return <SeverityMark severity={record.severity!} />
  if (field === 'result') return <ResultMark result={record.result!} />
  if (field === 'treatment' || field === 'criticality') return text.choices[value as keyof typeof text.choices]
  if (field === 'url')
    return (
      <a href={String(value)} target="_blank" rel="noopener noreferrer nofollow">
        {value}
      </a>
    )
  return /^\d{4}-\d\d-\d\d$/.test(String(value)) ? date(`${value}T12:00:00`) : value
}

function Long({ label, source }: { label: string; source: string | null }) {
  if (!source) return null
  return (
    <section className={css.panelSection} aria-label={label}>
      <h3>{label}</h3>
      <Suspense fallback={null}>
        <Markdown source={source} />
      </Suspense>
    </section>
  )
}

function History({ record }: { record: SecurityRecord }) {
  const read = useRead('security.history', { recordId: record.id })
  if (!read.data || read.data.items.length === 0) return <ProblemNotice error={read.error} />
  const { items, failing } = read.data
  return (
    <>
      {failing.length > 0 && (
        <section className={css.panelSection} aria-label={words.failsOn}>
          <h3>{words.failsOn}</h3>
          <ul className={css.places}>
            {failing.map(({ resource, detail, result }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name, and their order is the file's
              <li key={at}>
                {result !== 'fail' && <ResultMark result={result} />} {resource && <code dir="auto">{resource}</code>}{' '}
                <span dir="auto">{detail}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className={css.panelSection} aria-label={words.history}>
        <h3>{words.history}</h3>
        <ol className={css.history}>
          {items.map((each) => (
            <li key={each.scanId}>
              <ResultMark result={each.result} />
              <Link to={'/security/scans/$id' as '/'} params={{ id: each.scanId } as never}>
                <Time at={each.scannedAt} />
              </Link>
              {each.rows > 1 && <span className={css.small}>{words.rows({ failed: each.failedRows, rows: each.rows })}</span>}
            </li>
          ))}
        </ol>
      </section>
    </>
  )
}
