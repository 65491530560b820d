import { Button, Select } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useState } from 'react'
import { ProblemResponse } from '../../../platform/client.ts'
import { Notice, Page } from '../../../platform/react/page.tsx'
import { keepDraft, readDraft } from '../../../platform/react/preferences.ts'
import { useChange, useMe, useRead } from '../../../platform/react.tsx'
import { defaultLifecycle, describeFields, type ProcessField } from '../../profiles/contract.ts'
import type { NewTask } from '../contract.ts'
import { useCategory, withCategory } from './category.ts'
import { documentOf } from './document.ts'
import { ErrorSummary } from './ErrorSummary.tsx'
import { withTeams } from './FieldInput.tsx'
import css from './form.module.css'
import { useDirectory } from './names.ts'
import { fieldErrors, nested } from './refusal.ts'
import { SimilarTasks } from './SimilarTasks.tsx'
import { TaskForm } from './TaskForm.tsx'
import { text } from './text.ts'
import { isEmpty } from './values.tsx'

const words = text.form

type Draft = { profileId: string | null; values: Record<string, unknown> }

/** The profile first; the form takes the profile's shape. What was typed survives another profile, any refusal and a reload. */
export default function NewTaskPage() {
  const search = useSearch({ from: '/shell/tasks/new' })
  const navigate = useNavigate()
  const router = useRouter()
  const change = useChange()
  const directory = useDirectory()
  const me = useMe()
  const draftKey = `new-task.${me?.organization?.id}.${me?.email}.${JSON.stringify(search)}`
  const [{ profileId, values }, setDraft] = useState<Draft>(() => {
    const { profileId = null, ...prefilled } = search
    return readDraft<Draft>(draftKey) ?? { profileId, values: prefilled }
  })
  useEffect(() => keepDraft(draftKey, { profileId, values }), [draftKey, profileId, values])
  const [problem, setProblem] = useState<unknown>(null)
  const [attempt, setAttempt] = useState(0)
  const [busy, setBusy] = useState(false)
  const profile = useRead(
    'profiles.get',
    { profileId: profileId ?? '' },
    { enabled: profileId !== null, staleTime: 60_000, keepPrevious: true },
  )

  const linked = useRead(
    'security.get',
    { recordId: search.linkedTaterEntityId ?? '' },
    {
      enabled: search.linkedTaterEntityId !== undefined && search.linkedTaterEntityType !== 'service-catalog',
      staleTime: 60_000,
    },
  )
  const { priorities, categories } = directory
  const described = useMemo(() => {
    const document = profileId && profile.data ? documentOf(profile.data) : defaultLifecycle
    return describeFields(document, { priority: priorities, category: categories }).filter(isAsked)
  }, [profileId, profile.data, priorities, categories])
  const category = useCategory(values.category ?? described.find(({ field }) => field === 'category')?.default)
  const fields = useMemo(
    () => withCategory(described, category).map((each) => withTeams(each, directory)),
    [described, category, directory],
  )
  const errors = useMemo(() => fieldErrors(problem), [problem])

  const refuse = (error: unknown) => {
    setProblem(error)
    setAttempt((before) => before + 1)
    setBusy(false)
  }
  const submit = async (event?: FormEvent) => {
    event?.preventDefault()
    if (busy) return
    setBusy(true)
    setProblem(null)
    const lacking = fields.filter(
      (field) => field.required && !filled.has(field.field) && isEmpty(values[field.field] ?? field.default),
    )
    if (lacking.length > 0) return refuse(missing(lacking))
    const shown = new Set(fields.map(({ field }) => field))
    const preselected = category?.defaultPriority ? { priority: fields.find(({ field }) => field === 'priority')?.default } : {}
    const given = Object.fromEntries(Object.entries({ ...preselected, ...values }).filter(([field]) => shown.has(field)))
    try {
      const task = await change('tasks.create', { title: '', ...nested(given), ...(profileId && { profileId }) } as NewTask)
      keepDraft(draftKey, null)
      notifications.show({ message: words.created({ key: task.key }) })
      navigate({ to: '/tasks/$ref', params: { ref: task.key } })
    } catch (error) {
      refuse(error)
    }
  }
  const cancel = () => {
    keepDraft(draftKey, null)
    router.history.back()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
  }
  const profileChoices = [
    { value: '', label: words.defaultLifecycle },
    ...directory.profiles.map(({ id, name }) => ({ value: id, label: name })),
  ]

  return (
    <Page title={words.title}>
      <form className={css.form} onSubmit={submit} onKeyDown={onKeyDown} noValidate>
        {problem !== null && <ErrorSummary error={problem} errors={errors} fields={fields} attempt={attempt} />}
        <Select
          label={words.profile}
          description={directory.profiles.find(({ id }) => id === profileId)?.description || words.profileHelp}
          data={profileChoices}
          value={profileId ?? ''}
          allowDeselect={false}
          onChange={(next) => setDraft((before) => ({ ...before, profileId: next || null }))}
          maw={420}
        />
        {search.linkedTaterEntityType && search.linkedTaterEntityId && (
          <Notice>{words.linkedTo(nameOfLink(search.linkedTaterEntityType, search.linkedTaterEntityId, linked.data))}</Notice>
        )}
        <TaskForm
          fields={fields}
          values={values}
          errors={errors}
          people={directory.people}
          underTitle={<SimilarTasks title={String(values.title ?? '')} />}
          onChange={(field, value) => setDraft((before) => ({ ...before, values: { ...before.values, [field]: value } }))}
        />
        <div className={css.actions}>
          <Button type="submit" loading={busy} aria-keyshortcuts="Control+Enter">
            {words.submit}
          </Button>
          <Button variant="default" onClick={cancel}>
            {words.cancel}
          </Button>
        </div>
      </form>
    </Page>
  )
}

/** A record by the name people know; by its id where that is not known. */
const nameOfLink = (type: string, id: string, record: { reference: string; title: string } | undefined) =>
  record ? { type: record.reference, id: record.title } : { type, id }

/** What the server fills in itself when it is left out. */
const filled = new Set(['source', 'requesterEmail', 'requesterName'])

/** The same words the server would use, all at once and without asking it. */
const missing = (fields: ProcessField[]) =>
  new ProblemResponse({
    error: 'INVALID',
    status: 422,
    message: words.summary(fields.length),
    problems: fields.map(({ field }) => ({ field, code: 'field-required', message: words.missing })),
  })

/** References to other systems come by integrations; names follow their addresses. */
const notAsked = new Set(['externalRefs', 'requesterName', 'contactName', 'assignedToName', 'slaId', 'slaName', 'tier'])
const isAsked = ({ field, visible, required }: ProcessField) => visible && (required || !notAsked.has(field))
