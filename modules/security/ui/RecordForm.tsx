import { Button, Modal, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { ProblemResponse } from '../../../platform/client.ts'
import { Notice, ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange, useMay, useRead } from '../../../platform/react.tsx'
import {
  criticalities,
  type FieldName,
  fieldsOf,
  type RecordType,
  recordTypes,
  results,
  type SecurityRecord,
  severities,
  statuses,
  treatments,
} from '../contract.ts'
import css from './security.module.css'
import { text } from './text.ts'

const words = text.form

type RecordFormProps = {
  type: RecordType
  /** Present: change this one. */
  record?: SecurityRecord
  onClose: () => void
  onSaved?: (record: SecurityRecord) => void
}
type Values = Partial<Record<FieldName, string | number | null>>

/** Makes a record or changes one; nothing typed is lost on a refusal. */
export function RecordForm({ type: first, record, onClose, onSaved }: RecordFormProps) {
  const change = useChange()
  const [type, setType] = useState(first)
  const fields: FieldName[] = ['title', 'status', ...fieldsOf[type], 'ownerEmail', 'reviewDate', 'description']
  const [values, setValues] = useState<Values>(() =>
    record ? Object.fromEntries(fields.map((field) => [field, (record as unknown as Values)[field] ?? null])) : {},
  )
  const [version, setVersion] = useState(record?.version)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const set = (field: FieldName, value: string | number | null) => setValues((before) => ({ ...before, [field]: value }))
  const given = () =>
    Object.fromEntries(
      fields.flatMap((field): [FieldName, string | number | null][] => {
        const value = values[field]
        if (field === 'title' || field === 'description') return [[field, value ?? '']]
        if (value === undefined || (field === 'status' && !value) || (field === 'severity' && !value)) return []
        return [[field, value === '' ? null : value]]
      }),
    )
  const submit = async (event?: FormEvent) => {
    event?.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      const saved = record
        ? await change('security.update', { recordId: record.id, ...(version && { ifVersion: version }), ...given() })
        : await change('security.create', { type, title: '', ...given() })
      notifications.show({ message: (record ? words.saved : words.created)({ reference: saved.reference }) })
      onSaved?.(saved)
      onClose()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
  }
  const errors = errorsOf(problem)
  const stale = problem instanceof ProblemResponse && problem.body.error === 'STALE' ? (problem.body as unknown as Stale) : null
  const title = record ? words.editTitle({ reference: record.reference }) : words.createTitle({ type: text.type[type] })
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <form onSubmit={submit} onKeyDown={onKeyDown} className={css.form} noValidate>
        {stale ? (
          <Notice kind="warning" title={words.stale({ who: stale.updatedBy })} live>
            <Differences stale={stale} />
            <Button
              size="compact-sm"
              mt={6}
              variant="default"
              onClick={() => {
                setVersion(stale.version)
                setProblem(null)
              }}
            >
              {words.again}
            </Button>
          </Notice>
        ) : (
          <ProblemNotice error={problem} brief />
        )}
        {!record && (
          <Select
            label={words.kind}
            data={recordTypes.map((value) => ({ value, label: text.type[value] }))}
            value={type}
            allowDeselect={false}
            onChange={(next) => {
              setType((next ?? type) as RecordType)
              setValues(
                ({ title, description, ownerEmail, reviewDate }) => ({ title, description, ownerEmail, reviewDate }) as Values,
              )
            }}
          />
        )}
        <div className={css.formGrid}>
          {fields.map((field) => (
            <Field key={field} type={type} field={field} value={values[field] ?? null} error={errors[field]} onChange={set} />
          ))}
        </div>
        <div className={css.formActions}>
          <Button type="submit" loading={busy} aria-keyshortcuts="Control+Enter">
            {record ? words.save : words.create}
          </Button>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

type Stale = { updatedBy: string; version: number; current: Record<string, unknown>; yours: Record<string, unknown> }

/** What the other person wrote, where it is not what stands here. */
function Differences({ stale: { current, yours } }: { stale: Stale }) {
  const differing = Object.keys(yours).filter((field) => (current[field] ?? null) !== (yours[field] ?? null))
  return (
    <ul>
      {differing.map((field) => (
        <li key={field}>
          {text.fields[field as keyof typeof text.fields]}:{' '}
          <span dir="auto">{String(current[field] ?? '').slice(0, 200) || words.none}</span>
        </li>
      ))}
    </ul>
  )
}

function errorsOf(problem: unknown): Partial<Record<string, string>> {
  if (!(problem instanceof ProblemResponse)) return {}
  const { errors } = problem.body as { errors?: { pointer: string; detail: string }[] }
  return Object.fromEntries((errors ?? []).map(({ pointer, detail }) => [pointer.slice(2).split('/')[0]!, detail]))
}

type FieldProps = {
  type: RecordType
  field: FieldName
  value: string | number | null
  error: string | undefined
  onChange: (field: FieldName, value: string | number | null) => void
}

const days = new Set<FieldName>(['reviewDate', 'startDate', 'endDate', 'contractEnd', 'approvedOn'])
const longTexts = new Set<FieldName>(['description', 'scope', 'findings'])
const limits: Partial<Record<FieldName, number>> = {
  title: 500,
  description: 20_000,
  findings: 20_000,
  scope: 5000,
  framework: 120,
  source: 120,
  edition: 60,
  url: 2000,
}

function Field({ type, field, value, error, onChange }: FieldProps) {
  const may = useMay()
  const people = useRead(
    'identity.list-people',
    {},
    { enabled: field === 'ownerEmail' && may('organization.read'), staleTime: 60_000 },
  )
  const common = { label: text.fields[field as keyof typeof text.fields], error, withAsterisk: false }
  const help = text.help[field as keyof typeof text.help]
  const choices = choicesOf(type, field)
  if (choices)
    return (
      <Select
        {...common}
        data={choices}
        value={value === null ? (field === 'status' ? (choices[0]?.value ?? null) : null) : String(value)}
        allowDeselect={false}
        clearable={field !== 'status' && field !== 'severity'}
        placeholder={words.none}
        onChange={(next) => onChange(field, next)}
      />
    )
  if (field === 'ownerEmail' && people.data)
    return (
      <Select
        {...common}
        searchable
        clearable
        placeholder={words.none}
        data={people.data.items.map(({ email, name }) => ({ value: email, label: name || email }))}
        value={value === null ? null : String(value)}
        onChange={(next) => onChange(field, next)}
      />
    )
  if (field === 'likelihood' || field === 'impact')
    return (
      <NumberInput
        {...common}
        description={help}
        min={1}
        max={5}
        allowDecimal={false}
        value={value ?? ''}
        onChange={(next) => onChange(field, next === '' ? null : Number(next))}
      />
    )
  if (longTexts.has(field))
    return (
      <Textarea
        {...common}
        className={css.wideField}
        autosize
        minRows={field === 'description' ? 4 : 2}
        maxRows={16}
        maxLength={limits[field] ?? 5000}
        value={String(value ?? '')}
        onChange={(event) => onChange(field, event.currentTarget.value)}
      />
    )
  return (
    <TextInput
      {...common}
      className={field === 'title' ? css.wideField : undefined}
      {...(help && { description: help })}
      required={field === 'title'}
      data-autofocus={field === 'title' || undefined}
      type={days.has(field) ? 'date' : 'text'}
      maxLength={limits[field] ?? 200}
      value={String(value ?? '')}
      onChange={(event) => onChange(field, event.currentTarget.value)}
    />
  )
}

function choicesOf(type: RecordType, field: FieldName) {
  const named = (values: readonly string[], names: Record<string, string>) =>
    values.map((value) => ({ value, label: names[value] ?? value }))
  switch (field) {
    case 'status':
      return named(statuses[type], text.statuses)
    case 'severity':
      return named(severities, text.severities)
    case 'result':
      return named(results, text.results)
    case 'treatment':
      return named(treatments, text.choices)
    case 'criticality':
      return named(criticalities, text.choices)
    default:
      return null
  }
}
