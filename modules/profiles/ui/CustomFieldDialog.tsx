import { Button, Modal, Select, TagsInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type CustomField, type CustomFieldType, customFieldTypes, type TaskerProfile, taskField } from '../contract.ts'
import { saveCustomField } from './profile-edits.ts'
import { text } from './text.ts'
import type { Draft } from './use-draft.ts'

const words = text.fields

type CustomFieldDialogProps = { document: TaskerProfile; index: number | null; edit: Draft['edit']; onClose: () => void }

/** A field of the profile's own, new or changed. Its key follows the label until somebody writes one. */
export function CustomFieldDialog({ document, index, edit, onClose }: CustomFieldDialogProps) {
  const before = index === null ? undefined : document.customFields?.[index]
  const [field, setField] = useState<CustomField>(before ?? { key: '', label: '', type: 'text' })
  const [isTried, setIsTried] = useState(false)
  const key = field.key || keyOf(field.label)
  const taken = document.customFields?.some((other, n) => n !== index && other.key === key) || taskField(key)
  const errors = {
    label: field.label.trim() === '' ? words.labelMissing : undefined,
    key: !/^[a-z][A-Za-z0-9]{0,59}$/.test(key) ? words.keyWrong : taken ? words.keyTaken({ key }) : undefined,
    choices: field.type === 'choice' && !field.choices?.length ? words.choicesMissing : undefined,
  }
  const shown = isTried ? errors : ({} as Partial<typeof errors>)
  const set = (part: Partial<CustomField>) => setField((now) => ({ ...now, ...part }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsTried(true)
    if (Object.values(errors).some(Boolean)) return
    const { label, type, choices, help } = field
    const chosen = type === 'choice' && choices && { choices }
    edit(saveCustomField(index, { key, label: label.trim(), type, ...chosen, ...(help?.trim() && { help: help.trim() }) }))
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={words.newTitle}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 14 }} noValidate>
        <TextInput
          label={words.label}
          description={words.labelHelp}
          error={shown.label}
          value={field.label}
          maxLength={100}
          data-autofocus
          onChange={(event) => set({ label: event.currentTarget.value })}
        />
        <TextInput
          label={words.key}
          description={words.keyHelp}
          error={shown.key}
          value={key}
          maxLength={60}
          onChange={(event) => set({ key: event.currentTarget.value })}
        />
        <Select
          label={words.type}
          data={customFieldTypes.map((value) => ({ value, label: words.types[value] }))}
          value={field.type}
          allowDeselect={false}
          onChange={(type) => set({ type: type as CustomFieldType })}
        />
        {field.type === 'choice' && (
          <TagsInput
            label={words.choiceList}
            error={shown.choices}
            value={field.choices ?? []}
            onChange={(choices) => set({ choices })}
          />
        )}
        <TextInput
          label={words.help}
          description={words.helpHelp}
          value={field.help ?? ''}
          maxLength={500}
          onChange={(event) => set({ help: event.currentTarget.value })}
        />
        <div style={{ display: 'flex', gap: 8 }}>
          <Button type="submit">{words.submit}</Button>
          <Button variant="default" onClick={onClose}>
            {text.cancel}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

/** `Cost center (EU)` → `costCenterEu` */
function keyOf(label: string): string {
  const parts = label
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9 ]+/g, '')
    .split(' ')
    .filter(Boolean)
  const joined = parts.map((part, n) => (n === 0 ? part.toLowerCase() : part[0]!.toUpperCase() + part.slice(1).toLowerCase()))
  return joined.join('').replace(/^\d+/, '').slice(0, 60)
}
