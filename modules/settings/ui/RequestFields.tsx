import { ActionIcon, Button, Checkbox, Select, TagsInput, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react'
import { useRef } from 'react'
import type { RequestField } from '../contract.ts'
import { moved } from './order.ts'
import css from './settings.module.css'
import { text } from './text.ts'

const words = text.field
const types = Object.entries(words.types).map(([value, label]) => ({ value, label }))

/** `Cost centre` → `costCentre`: a key until somebody writes another. */
const keyFor = (label: string) =>
  label
    .normalize('NFD')
    .replace(/[^A-Za-z0-9 ]/g, '')
    .trim()
    .split(/\s+/)
    .map((word, at) => (at === 0 ? word.toLowerCase() : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join('')
    .replace(/^[^a-z]+/, '')
    .slice(0, 60)

/** What requests of a category are asked. */
export function RequestFields({ fields, onChange }: { fields: RequestField[]; onChange: (fields: RequestField[]) => void }) {
  const list = useRef<HTMLDivElement>(null)
  const set = (at: number, change: Partial<RequestField>) =>
    onChange(fields.map((field, index) => (index === at ? { ...field, ...change } : field)))
  const setLabel = (at: number, label: string) => {
    const { key, label: before } = fields[at]!
    set(at, { label, ...((key === '' || key === keyFor(before)) && { key: keyFor(label) }) })
  }
  const add = () => {
    onChange([...fields, { key: '', label: '', type: 'text', required: false }])
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>('fieldset:last-of-type input')?.focus())
  }
  return (
    <section className={css.fields} aria-label={text.categories.fields} ref={list}>
      <h3>{text.categories.fields}</h3>
      <p data-muted>{text.categories.fieldsHelp}</p>
      {fields.map((field, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: its key is what is being edited
        <fieldset key={at} className={css.field}>
          <legend data-sr>
            {field.label ? words.legend({ label: field.label, at: at + 1 }) : words.legendNew({ at: at + 1 })}
          </legend>
          <div className={css.fieldGrid}>
            <TextInput
              label={words.label}
              required
              withAsterisk={false}
              maxLength={100}
              value={field.label}
              onChange={(event) => setLabel(at, event.currentTarget.value)}
            />
            <TextInput
              label={words.key}
              title={words.keyHelp}
              required
              withAsterisk={false}
              pattern="[a-z][A-Za-z0-9]*"
              maxLength={60}
              value={field.key}
              onChange={(event) => set(at, { key: event.currentTarget.value })}
            />
            <Select
              label={words.type}
              data={types}
              allowDeselect={false}
              value={field.type}
              onChange={(type) =>
                set(at, { type: type as RequestField['type'], ...(type !== 'choice' && { choices: undefined }) })
              }
            />
            <Checkbox
              mt={30}
              label={words.required}
              checked={field.required}
              onChange={(event) => set(at, { required: event.currentTarget.checked })}
            />
            {field.type === 'choice' && (
              <TagsInput
                className={css.wide}
                label={words.choices}
                description={words.choicesHelp}
                value={field.choices ?? []}
                onChange={(choices) => set(at, { choices: choices.length > 0 ? choices : undefined })}
              />
            )}
            <TextInput
              className={css.wide}
              label={words.help}
              maxLength={500}
              value={field.help ?? ''}
              onChange={(event) => set(at, { help: event.currentTarget.value || undefined })}
            />
          </div>
          <div className={css.fieldActions}>
            <ActionIcon
              disabled={at === 0}
              onClick={() => onChange(moved(fields, at, at - 1))}
              aria-label={words.up({ label: field.label })}
            >
              <IconArrowUp size={16} />
            </ActionIcon>
            <ActionIcon
              disabled={at === fields.length - 1}
              onClick={() => onChange(moved(fields, at, at + 1))}
              aria-label={words.down({ label: field.label })}
            >
              <IconArrowDown size={16} />
            </ActionIcon>
            <ActionIcon
              onClick={() => onChange(fields.filter((_, each) => each !== at))}
              aria-label={words.remove({ label: field.label })}
            >
              <IconX size={16} />
            </ActionIcon>
          </div>
        </fieldset>
      ))}
      <Button
        variant="default"
        size="compact-md"
        leftSection={<IconPlus size={15} />}
        onClick={add}
        disabled={fields.length >= 30}
      >
        {words.add}
      </Button>
    </section>
  )
}
