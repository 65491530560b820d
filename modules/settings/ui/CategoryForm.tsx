import { Button, Modal, NumberInput, Select, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { ProblemNotice } from '../../../platform/react/page.tsx'
import { useChange } from '../../../platform/react.tsx'
import type { Category, Priority, RequestField } from '../contract.ts'
import { ColorInput } from './ColorInput.tsx'
import { RequestFields } from './RequestFields.tsx'
import css from './settings.module.css'
import { text } from './text.ts'

const words = text.categories

type CategoryFormProps = {
  category?: Category
  parentId: string | null
  categories: Category[]
  priorities: Priority[]
  onClose: () => void
}

/** A category with everything it brings along. */
export function CategoryForm({ category, parentId, categories, priorities, onClose }: CategoryFormProps) {
  const change = useChange()
  const siblings = categories.filter((each) => each.parentId === parentId)
  const [values, setValues] = useState({
    parentId,
    name: category?.name ?? '',
    icon: category?.icon ?? '',
    color: category?.color ?? '',
    defaultPriority: category?.defaultPriority ?? null,
    responseMinutes: category?.responseMinutes ?? null,
    resolutionMinutes: category?.resolutionMinutes ?? null,
    fields: category?.fields ?? ([] as RequestField[]),
    sort: category?.sort ?? Math.max(-1, ...siblings.map(({ sort }) => sort)) + 1,
  })
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const set = <K extends keyof typeof values>(key: K, value: (typeof values)[K]) =>
    setValues((before) => ({ ...before, [key]: value }))
  const minutes = (value: string | number) => (value === '' ? null : Number(value))

  const submit = async (event?: FormEvent) => {
    event?.preventDefault()
    setBusy(true)
    try {
      const own = category && { id: category.id, version: category.version }
      await change('settings.save-category', { ...own, ...values, name: values.name.trim() })
      notifications.show({ message: words.saved({ name: values.name.trim() }) })
      onClose()
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
  }
  const below = new Set(category ? categories.filter(({ path }) => path.includes(category.name)).map(({ id }) => id) : [])
  const parents = categories
    .filter(({ id, path }) => !below.has(id) && path.length < 5)
    .map(({ id, path }) => ({ value: id, label: path.join(' › ') }))

  return (
    <Modal opened onClose={onClose} title={category ? words.editTitle({ name: category.name }) : words.newTitle} size="xl">
      <form onSubmit={submit} onKeyDown={onKeyDown} className={css.form}>
        <ProblemNotice error={problem} />
        <div className={css.grid}>
          <TextInput
            label={words.name}
            description={words.nameHelp}
            required
            withAsterisk={false}
            data-autofocus
            maxLength={60}
            value={values.name}
            onChange={(event) => set('name', event.currentTarget.value)}
          />
          <Select
            label={words.parent}
            data={[{ value: '', label: words.top }, ...parents]}
            searchable
            allowDeselect={false}
            value={values.parentId ?? ''}
            onChange={(next) => set('parentId', next || null)}
          />
          <TextInput
            label={words.icon}
            description={words.iconHelp}
            maxLength={8}
            w={120}
            value={values.icon}
            onChange={(event) => set('icon', event.currentTarget.value)}
          />
          <ColorInput
            label={text.color}
            description={text.colorHelp}
            value={values.color}
            onChange={(next) => set('color', next)}
          />
          <Select
            label={words.defaultPriority}
            data={priorities.map(({ name, label }) => ({ value: name, label }))}
            clearable
            placeholder={words.noPriority}
            value={values.defaultPriority}
            onChange={(next) => set('defaultPriority', next)}
          />
          <NumberInput
            label={words.sort}
            description={words.sortHelp}
            min={0}
            allowDecimal={false}
            value={values.sort}
            onChange={(next) => set('sort', Number(next) || 0)}
          />
          <NumberInput
            label={words.response}
            description={words.targetHelp}
            min={1}
            allowDecimal={false}
            value={values.responseMinutes ?? ''}
            onChange={(next) => set('responseMinutes', minutes(next))}
          />
          <NumberInput
            label={words.resolution}
            description={words.targetHelp}
            min={1}
            allowDecimal={false}
            value={values.resolutionMinutes ?? ''}
            onChange={(next) => set('resolutionMinutes', minutes(next))}
          />
        </div>
        <RequestFields fields={values.fields} onChange={(fields) => set('fields', fields)} />
        <div className={css.actions}>
          <Button type="submit" loading={busy}>
            {words.save}
          </Button>
          <Button variant="default" onClick={onClose}>
            {text.cancel}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
