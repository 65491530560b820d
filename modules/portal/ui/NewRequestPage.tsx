import { Button, Checkbox, NumberInput, Select, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import type { Output } from '../../../platform/client.ts'
import { ProblemResponse } from '../../../platform/client.ts'
import { MarkdownInput } from '../../../platform/react/markdown-input.tsx'
import { Page, ProblemNotice, Waiting } from '../../../platform/react/page.tsx'
import { useChange, useRead } from '../../../platform/react.tsx'
import css from './portal.module.css'
import { text } from './text.ts'

type Category = Output<'requests.form'>['categories'][number]
type Field = Category['fields'][number]
type Values = Record<string, string | number | boolean>

/** What somebody needs, in a line and in detail, with what the category asks. */
export default function NewRequestPage() {
  const form = useRead('requests.form', {}, { staleTime: 60_000 })
  return (
    <Page title={text.formTitle} lead={text.formLead}>
      <ProblemNotice error={form.error} />
      {form.isPending && !form.error && <Waiting lines={6} />}
      {form.data && <Form categories={form.data.categories} />}
    </Page>
  )
}

function Form({ categories }: { categories: Category[] }) {
  const navigate = useNavigate()
  const change = useChange()
  const [title, setTitle] = useState('')
  const [description, setDescription] = useState('')
  const [name, setName] = useState<string | null>(categories.length === 1 ? categories[0]!.name : null)
  const [values, setValues] = useState<Values>({})
  const [problem, setProblem] = useState<unknown>(null)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const fields = categories.find((each) => each.name === name)?.fields ?? []
  const given = Object.fromEntries(fields.flatMap(({ key }) => (isGiven(values[key]) ? [[key, values[key]!]] : [])))
  const lacks = (isThere: boolean) => (tried && !isThere ? text.missing : undefined)
  const isWhole = title.trim() !== '' && name !== null && fields.every(({ key, required }) => !required || key in given)
  const refused = errorsOf(problem)

  const submit = async (event?: FormEvent) => {
    event?.preventDefault()
    setTried(true)
    if (busy || !isWhole) return
    setBusy(true)
    setProblem(null)
    try {
      const { key } = await change('requests.create', { title, description, category: name, customFields: given })
      notifications.show({ message: text.received({ key }) })
      await navigate({ to: '/portal/$ref', params: { ref: key } })
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
  }
  return (
    <form className={css.form} onSubmit={submit} onKeyDown={onKeyDown} noValidate>
      <ProblemNotice error={problem} />
      <TextInput
        label={text.subject}
        description={text.subjectHelp}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        maxLength={300}
        error={lacks(title.trim() !== '') ?? refused.get('title')}
        aria-required
        dir="auto"
        autoFocus
      />
      <Select
        label={text.category}
        placeholder={text.choose}
        data={categories.map(({ name: value, path }) => ({ value, label: path.join(' › ') }))}
        value={name}
        onChange={setName}
        error={lacks(name !== null) ?? refused.get('category')}
        aria-required
        searchable
      />
      {fields.map((field) => (
        <Asked
          key={field.key}
          field={field}
          value={values[field.key]}
          error={(field.required ? lacks(field.key in given) : undefined) ?? refused.get(`customFields/${field.key}`)}
          onChange={(value) => setValues((before) => ({ ...before, [field.key]: value }))}
        />
      ))}
      <MarkdownInput
        label={text.details}
        description={text.detailsHelp}
        value={description}
        onChange={setDescription}
        maxLength={10_000}
        minRows={6}
      />
      <div className={css.actions}>
        <Button type="submit" loading={busy} aria-keyshortcuts="Control+Enter">
          {text.submit}
        </Button>
        <Button component={Link} to="/portal" variant="default">
          {text.cancel}
        </Button>
      </div>
    </form>
  )
}

const isGiven = (value: unknown) => value !== undefined && value !== '' && value !== false

/** What the server says of single fields, by their pointer without `#/`. */
const errorsOf = (problem: unknown): ReadonlyMap<string, string> =>
  new Map(
    problem instanceof ProblemResponse
      ? (problem.body.errors ?? []).map(({ pointer, detail }) => [pointer.replace(/^#\//, ''), detail])
      : [],
  )

type AskedProps = {
  field: Field
  value: Values[string] | undefined
  error: string | undefined
  onChange: (value: Values[string]) => void
}

const kinds = { text: 'text', date: 'date', email: 'email', url: 'url' } as const

/** A question of the category, with the input that fits its type. */
function Asked({ field: { type, label, help, required, choices }, value, error, onChange }: AskedProps) {
  const common = { label, error, ...(help && { description: help }), ...(required && { 'aria-required': true }) }
  if (type === 'boolean')
    return <Checkbox {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
  if (type === 'number') return <NumberInput {...common} value={(value as number) ?? ''} onChange={onChange} />
  if (type === 'choice')
    return (
      <Select
        {...common}
        data={choices ?? []}
        value={(value as string) ?? null}
        onChange={(chosen) => onChange(chosen ?? '')}
        clearable
      />
    )
  return (
    <TextInput
      {...common}
      type={kinds[type]}
      dir="auto"
      value={(value as string) ?? ''}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
