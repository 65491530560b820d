import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { Time } from '../../../platform/react/time.tsx'
import type { Task } from '../contract.ts'
import { type FieldShape, withTeams } from './FieldInput.tsx'
import type { Process } from './Moves.tsx'
import type { Directory } from './names.ts'
import { Property } from './Property.tsx'
import css from './task.module.css'
import { text } from './text.ts'
import type { TaskEdit } from './use-task-edit.tsx'
import { isEmpty } from './values.tsx'

const words = text.task

type PropertiesProps = {
  task: Task
  process: Process | undefined
  edit: TaskEdit
  directory: Directory
  mayWrite: boolean /** Only what matters at a glance. */
  brief?: boolean
}
type ShownField = FieldShape & { visible: boolean; required: boolean }

/** Shown elsewhere on the page, or following another field. */
const elsewhere = new Set(['title', 'description', 'watchers', 'externalRefs', 'requesterName', 'contactName', 'assignedToName'])
const usual = new Set([
  'category',
  'priority',
  'assignedToEmail',
  'teamId',
  'requesterEmail',
  'dueDate',
  'tags',
  'impact',
  'urgency',
])

const glance = new Set(['category', 'assignedToEmail', 'teamId', 'requesterEmail', 'dueDate'])

/** The fields the profile shows, each edited in its place; empty ones that nobody needs wait behind a press. */
export function Properties({ task, process, edit, directory, mayWrite, brief }: PropertiesProps) {
  const [all, setAll] = useState(false)
  const fields = ((process?.fields ?? []) as unknown as ShownField[])
    .filter(({ field, visible }) => visible && !elsewhere.has(field))
    .map((each) => withTeams(each, directory))
  const readField = (field: string) =>
    field.startsWith('customFields.') ? task.customFields[field.slice(13)] : (task as unknown as Record<string, unknown>)[field]
  const isShown = (each: ShownField) =>
    brief ? glance.has(each.field) : all || !isEmpty(readField(each.field)) || each.required || usual.has(each.field)
  const shown = fields.filter(isShown).sort((a, b) => Number(usual.has(b.field)) - Number(usual.has(a.field)))
  const known = useMemo(() => withNamesOf(task, directory), [task, directory])
  const profileName = process?.profile ?? (task.profileId ? directory.names.profile(task.profileId) : text.form.defaultLifecycle)

  return (
    <section className={css.sideSection} aria-label={words.details}>
      <h2>{words.details}</h2>
      <dl className={css.properties}>
        {shown.map((field) => (
          <Property
            key={field.field}
            field={field}
            value={readField(field.field)}
            edit={edit}
            directory={known}
            mayWrite={mayWrite}
          />
        ))}
        {!brief && (
          <>
            <Fact label={words.profile}>
              {task.profileVersion ? words.profileVersion({ name: profileName, version: task.profileVersion }) : profileName}
            </Fact>
            <Fact label={words.created}>
              <Time at={task.createdAt} /> {words.by({ who: directory.names.person(task.createdBy) })}
            </Fact>
            <Fact label={words.updated}>
              <Time at={task.updatedAt} /> {words.by({ who: directory.names.person(task.updatedBy) })}
            </Fact>
          </>
        )}
      </dl>
      {!brief && (shown.length < fields.length || all) ? (
        <Button size="compact-xs" variant="subtle" color="gray" mt={6} onClick={() => setAll(!all)}>
          {all ? text.properties.fewer : text.properties.more(fields.length - shown.length)}
        </Button>
      ) : null}
    </section>
  )
}

/** Names that the task itself carries count before those of members: whoever asks need not be one. */
function withNamesOf(task: Task, directory: Directory): Directory {
  const own = new Map([
    [task.requesterEmail, task.requesterName],
    [task.contactEmail, task.contactName],
    [task.assignedToEmail, task.assignedToName],
  ])
  const person = (email: string) => own.get(email) || directory.names.person(email)
  return { ...directory, names: { ...directory.names, person } }
}

const Fact = ({ label, children }: { label: string; children: React.ReactNode }) => (
  <div className={css.property}>
    <dt>{label}</dt>
    <dd>
      <span className={css.value}>{children}</span>
    </dd>
  </div>
)
