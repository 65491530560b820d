import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { IconDownload, IconPlus, IconSearch } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Input } from '../../../platform/client.ts'
import { Empty, ProblemNotice, useTitle, Waiting } from '../../../platform/react/page.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { date } from '../../../platform/react/words.ts'
import { useMay, usePages } from '../../../platform/react.tsx'
import { type RecordRow, type RecordType, recordSorts, recordTypes, results, severities, statuses } from '../contract.ts'
import { ResultMark, SeverityMark } from './marks.tsx'
import { RecordForm } from './RecordForm.tsx'
import { RecordPanel } from './RecordPanel.tsx'
import type { RecordSearch } from './search.ts'
import css from './security.module.css'
import { text } from './text.ts'

const words = text.list

/** The records of a type, one of them open beside the list. */
export default function RecordsPage() {
  const search = useSearch({ from: '/shell/security/records' })
  const navigate = useNavigate()
  const may = useMay()
  const [creating, setCreating] = useState(false)
  const { record: chosen, ...shown } = search
  const type = search.type ?? 'control'
  useTitle(text.types[type])
  const set = (part: Partial<Record<keyof RecordSearch, unknown>>, replace = true) =>
    navigate({ to: '/security/records', search: { ...search, ...part } as RecordSearch, replace })
  const filter = filterOf(type, shown)
  const pages = usePages('security.list', filter)
  const items = pages.items
  const filtered = Object.keys(shown).some((key) => key !== 'type' && key !== 'sort')
  const close = () => set({ record: undefined })
  return (
    <div className={css.layout} data-open={chosen !== undefined}>
      <div className={css.listSide}>
        <div className={css.listHead}>
          <h1>{text.types[type]}</h1>
          <Button component="a" href={exportAddress(filter)} variant="default" leftSection={<IconDownload size={16} />} download>
            {words.export}
          </Button>
          {may('security.write') && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
              {words.new}
            </Button>
          )}
        </div>
        <Filters type={type} search={search} set={set} />
        <ProblemNotice error={pages.error} />
        {!items && !pages.error && <Waiting lines={8} />}
        {items?.length === 0 && (
          <Empty
            title={filtered ? words.nothingFits : words.empty}
            actions={
              filtered && (
                <Button variant="default" onClick={() => navigate({ to: '/security/records', search: { type } })}>
                  {words.clear}
                </Button>
              )
            }
          >
            {filtered ? words.nothingFitsBody : words.emptyBody}
          </Empty>
        )}
        {items && items.length > 0 && <Rows type={type} items={items} chosen={chosen} onOpen={(record) => set({ record })} />}
        {pages.hasNextPage && (
          <Button mt="sm" variant="default" onClick={() => pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
            {words.more}
          </Button>
        )}
      </div>
      {chosen !== undefined && <RecordPanel key={chosen} reference={chosen} onClose={close} />}
      {creating && (
        <RecordForm
          type={type}
          onClose={() => setCreating(false)}
          onSaved={(saved) => set({ type: saved.type, record: saved.reference })}
        />
      )}
    </div>
  )
}

type ListInput = Omit<Input<'security.list'>, 'after'>

/** One choice of each in the address; the operation takes several. */
function filterOf(type: RecordType, { status, severity, result, ...rest }: Omit<RecordSearch, 'record'>): ListInput {
  const known = <T extends string>(value: string | undefined, among: readonly T[]) => among.find((each) => each === value)
  const [ofSeverity, ofResult] = [known(severity, severities), known(result, results)]
  return {
    ...rest,
    type,
    ...(status && { status: [status] }),
    ...(ofSeverity && { severity: [ofSeverity] }),
    ...(ofResult && { result: [ofResult] }),
  }
}

function exportAddress({ sort: _, limit: __, ...filter }: ListInput) {
  const query = new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)]))
  return `/api/security/records/export.csv?${query}`
}

type FiltersProps = {
  type: RecordType
  search: RecordSearch
  set: (part: Partial<Record<keyof RecordSearch, unknown>>) => void
}

function Filters({ type, search, set }: FiltersProps) {
  const address = search.q ?? ''
  const [q, setQ] = useState(address)
  const seen = useRef(address)
  const sent = useRef(address)
  // Typed words go into the address when the fingers rest; an address changed elsewhere (cleared, gone back) wins.
  useEffect(() => {
    if (address !== seen.current) {
      seen.current = address
      if (address !== sent.current) {
        sent.current = address
        return setQ(address)
      }
    }
    if (q === sent.current) return
    const timer = setTimeout(() => {
      sent.current = q
      set({ q: q || undefined })
    }, 250)
    return () => clearTimeout(timer)
  }, [q, address, set])
  return (
    <div className={css.filters} role="search">
      <Select
        aria-label={text.form.kind}
        data={recordTypes.map((value) => ({ value, label: text.types[value] }))}
        value={type}
        allowDeselect={false}
        onChange={(next) =>
          set({ type: next ?? undefined, status: undefined, severity: undefined, result: undefined, record: undefined })
        }
        w={170}
      />
      <TextInput
        aria-label={words.search}
        placeholder={words.search}
        leftSection={<IconSearch size={15} />}
        value={q}
        maxLength={200}
        onChange={(event) => setQ(event.currentTarget.value)}
        w={220}
      />
      <Choice
        label={words.allStates}
        values={statuses[type]}
        names={text.statuses}
        value={search.status}
        onChange={(status) => set({ status })}
      />
      {type === 'control' && (
        <>
          <Choice
            label={words.allResults}
            values={results}
            names={text.results}
            value={search.result}
            onChange={(result) => set({ result })}
          />
          <Choice
            label={words.allSeverities}
            values={severities}
            names={text.severities}
            value={search.severity}
            onChange={(severity) => set({ severity })}
          />
        </>
      )}
      <Choice
        label={words.anyOwner}
        values={['me', 'none']}
        names={{ me: words.mine, none: words.nobody }}
        value={search.owner}
        onChange={(owner) => set({ owner })}
      />
      <Select
        aria-label={words.sort}
        data={recordSorts.map((value) => ({ value, label: words.sorts[value.replace('-', '') as keyof typeof words.sorts] }))}
        value={search.sort ?? '-updatedAt'}
        allowDeselect={false}
        onChange={(sort) => set({ sort: sort ?? undefined })}
        w={150}
      />
      {(['reviewDue', 'archived'] as const).map((name) => (
        <Checkbox
          key={name}
          label={words[name]}
          checked={search[name] === true}
          onChange={(event) => set({ [name]: event.currentTarget.checked || undefined })}
        />
      ))}
    </div>
  )
}

type ChoiceProps = {
  label: string
  values: readonly string[]
  names: Record<string, string>
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** One filter, empty when it does not narrow. */
export const Choice = ({ label, values, names, value, onChange }: ChoiceProps) => (
  <Select
    aria-label={label}
    placeholder={label}
    data={values.map((each) => ({ value: each, label: names[each] ?? each }))}
    value={value ?? null}
    clearable
    onChange={(next) => onChange(next ?? undefined)}
    w={160}
  />
)

type RowsProps = { type: RecordType; items: RecordRow[]; chosen: string | undefined; onOpen: (reference: string) => void }

/** What a list of each type shows between title and tasks. */
const columnsOf: Record<RecordType, (keyof typeof text.fields)[]> = {
  control: ['severity', 'result', 'controlId', 'resultSince'],
  risk: ['status', 'score', 'treatment', 'reviewDate'],
  audit: ['status', 'auditor', 'startDate', 'endDate'],
  vendor: ['status', 'criticality', 'contractEnd', 'reviewDate'],
  policy: ['status', 'edition', 'approvedOn', 'reviewDate'],
  wiki: ['status', 'ownerEmail', 'updatedAt'],
  'config-doc': ['status', 'system', 'updatedAt'],
}

function Rows({ type, items, chosen, onOpen }: RowsProps) {
  const columns = columnsOf[type]
  const move = (event: KeyboardEvent<HTMLElement>, step: number) => {
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')]
    const next = rows[rows.indexOf(document.activeElement as HTMLElement) + step]
    if (!next) return
    event.preventDefault()
    next.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows go from row to row; each row's title is a button of its own
    <div
      className={css.tableScroll}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown') move(event, 1)
        if (event.key === 'ArrowUp') move(event, -1)
      }}
    >
      <table className={css.table} aria-label={text.types[type]}>
        <thead>
          <tr>
            <th scope="col">{words.reference}</th>
            <th scope="col">{text.fields.title}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {text.fields[column]}
              </th>
            ))}
            <th scope="col">{words.tasks}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((record) => (
            <tr
              key={record.id}
              data-chosen={chosen === record.reference || chosen === record.id}
              onClick={() => onOpen(record.reference)}
            >
              <td className={css.reference}>{record.reference}</td>
              <td className={css.titleCell}>
                <button type="button" data-row className={css.rowTitle} dir="auto" onClick={() => onOpen(record.reference)}>
                  {record.title}
                </button>
              </td>
              {columns.map((column) => (
                <td
                  key={column}
                  className={column === 'controlId' ? css.short : undefined}
                  title={column === 'controlId' ? (record.controlId ?? undefined) : undefined}
                >
                  {cellOf(record, column)}
                </td>
              ))}
              <td className={css.number}>{record.openTasks > 0 ? record.openTasks : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function cellOf(record: RecordRow, column: keyof typeof text.fields) {
  const value = (record as unknown as Record<string, string | number | null>)[column]
  if (value === null || value === undefined) return null
  if (column === 'severity') return <SeverityMark severity={record.severity!} />
  if (column === 'result') return <ResultMark result={record.result!} />
  if (column === 'status') return text.statuses[value as keyof typeof text.statuses] ?? value
  if (column === 'treatment' || column === 'criticality') return text.choices[value as keyof typeof text.choices] ?? value
  if (column === 'updatedAt' || column === 'resultSince') return <Time at={String(value)} />
  return /^\d{4}-\d\d-\d\d$/.test(String(value)) ? date(`${value}T12:00:00`) : value
}
