import { Checkbox, NumberInput, Select, TagsInput, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { MarkdownInput } from '../../../platform/react/markdown-input.tsx'
import { usePriorityName } from '../../../platform/react/marks.tsx'
import { wordOf } from '../../../platform/react/vocabulary.ts'
import { fromLocalInput, toLocalInput } from '../../../platform/react/words.ts'
import { taskField } from '../../profiles/contract.ts'
import { EmailInput } from './EmailInput.tsx'
import type { Directory } from './names.ts'
import { TaskPicker } from './TaskPicker.tsx'
import { text } from './text.ts'

/** A field as a profile describes it. */
export type FieldShape = {
  field: string
  label: string
  type: string
  required?: boolean
  choices?: readonly string[]
  help?: string
  custom?: boolean
}

/** A field of every task in the person's language; one that a profile or category asks for as it was written. */
export const labelOf = ({ field, label }: { field: string; label: string }) => taskField(field)?.label ?? label

type FieldInputProps = {
  field: FieldShape
  value: unknown
  onChange: (value: unknown) => void
  people: Directory['people']
  error?: ReactNode
  autoFocus?: boolean
  /** In a table of properties the label is already there. */
  bare?: boolean
}

/** The assignment group is one of the organization's teams, where it keeps any. */
export const withTeams = <F extends FieldShape>(field: F, { teams }: Pick<Directory, 'teams'>): F =>
  field.field === 'teamId' && teams.length > 0 && !field.choices?.length
    ? { ...field, choices: teams.map(({ id }) => id) }
    : field

/** Fields that may name somebody without a login. */
const named: ReadonlySet<string> = new Set(['requesterEmail', 'contactEmail'])

export const fieldId = (field: string) => `field-${field.replace('.', '-')}`

/** The right input for a field's type, with its label above, help under it and the error beside it. */
export function FieldInput({ field, value, onChange, people, error, autoFocus, bare }: FieldInputProps) {
  const common = {
    id: fieldId(field.field),
    error,
    ...(autoFocus && { autoFocus: true, 'data-autofocus': true }),
    ...(field.help && !bare && { description: field.help }),
    ...(bare ? { 'aria-label': labelOf(field) } : { label: <Label field={field} /> }),
    ...(field.required && { 'aria-required': true }),
  }
  const onText = (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value)
  const priorityName = usePriorityName()
  const nameOf = (choice: string) => (field.field === 'priority' ? priorityName(choice) : field.custom ? choice : wordOf(choice))
  const said = typeof value === 'string' || typeof value === 'number' ? String(value) : ''

  if (field.choices?.length) {
    const number = field.type === 'number'
    const data = [...new Set(said && !field.choices.includes(said) ? [said, ...field.choices] : field.choices)]
    return (
      <Select
        {...common}
        data={data.map((choice) => ({ value: choice, label: nameOf(choice) }))}
        searchable={data.length > 7}
        clearable={!field.required}
        allowDeselect={!field.required}
        value={said || null}
        onChange={(next) => onChange(next === null ? null : number ? Number(next) : next)}
      />
    )
  }
  if (field.field === 'linkedProblemId') {
    return (
      <TaskPicker
        {...common}
        help={bare ? undefined : text.task.linkTargetHelp}
        value={said}
        onChange={(next) => onChange(next || null)}
      />
    )
  }
  switch (field.type) {
    case 'markdown':
      return (
        <MarkdownInput
          id={common.id}
          label={<Label field={field} />}
          error={error}
          autoFocus={autoFocus}
          value={said}
          onChange={onChange}
          maxLength={10_000}
        />
      )
    case 'email':
      return <EmailInput {...common} people={people} withContacts={named.has(field.field)} value={said} onChange={onChange} />
    case 'number':
      return (
        <NumberInput
          {...common}
          value={value === null || value === undefined ? '' : Number(value)}
          onChange={(next) => onChange(next === '' ? null : next)}
        />
      )
    case 'boolean':
      return (
        <Checkbox
          {...common}
          label={labelOf(field)}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
          mt={bare ? 0 : 26}
        />
      )
    case 'datetime':
      return (
        <TextInput
          {...common}
          type="datetime-local"
          value={said ? toLocalInput(said) : ''}
          onChange={(event) => onChange(fromLocalInput(event.currentTarget.value))}
        />
      )
    case 'date':
      return <TextInput {...common} type="date" value={said.slice(0, 10)} onChange={onText} />
    case 'tags':
    case 'list':
      return (
        <TagsInput
          {...common}
          description={bare ? undefined : text.form.listHelp}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
        />
      )
    default:
      return <TextInput {...common} type={field.type === 'url' ? 'url' : 'text'} dir="auto" value={said} onChange={onText} />
  }
}

/** The label; what is required says so in words. */
const Label = ({ field }: { field: FieldShape }) => (
  <>
    {labelOf(field)}
    {field.required && (
      <span data-muted style={{ fontWeight: 400 }}>
        {' '}
        {text.form.required}
      </span>
    )}
  </>
)
