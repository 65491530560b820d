import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { usePriorityName } from '../../../platform/react/marks.tsx'
import { suggestPriority } from '../../profiles/contract.ts'
import { FieldInput, type FieldShape } from './FieldInput.tsx'
import css from './form.module.css'
import type { Directory } from './names.ts'
import { text } from './text.ts'

const words = text.form

type Field = FieldShape & { default?: unknown; custom?: true }
type TaskFormProps = {
  fields: readonly Field[]
  values: Record<string, unknown>
  errors: Map<string, string>
  people: Directory['people']
  onChange: (field: string, value: unknown) => void
  underTitle?: ReactNode
}

const first = [
  'title',
  'description',
  'category',
  'priority',
  'impact',
  'urgency',
  'assignedToEmail',
  'requesterEmail',
  'dueDate',
]

const groups: [string, readonly string[]][] = [
  [words.people, ['contactEmail', 'teamId', 'watchers']],
  [words.itsm, ['subCategory', 'symptomCode', 'tags', 'source', 'severity', 'isMajorIncident', 'visibility']],
  [words.dates, ['responseDueAt', 'resolutionDueAt']],
  [words.resolution, ['resolutionCode', 'resolutionNotes', 'rootCauseCode', 'rootCauseAnalysis']],
]

/** The fields a profile shows: what it requires and what is usual on top, the rest one press away. */
export function TaskForm({ fields, values, errors, people, onChange, underTitle }: TaskFormProps) {
  const isMain = (field: Field) => field.required || field.custom || first.includes(field.field) || errors.has(field.field)
  const main = [...fields.filter(isMain)].sort((a, b) => place(a.field) - place(b.field))
  const rest = fields.filter((field) => !isMain(field))
  const grouped = groups.map(([label, keys]) => ({ label, fields: rest.filter(({ field }) => keys.includes(field)) }))
  const others = rest.filter(({ field }) => !groups.some(([, keys]) => keys.includes(field)))

  const input = (field: Field) => (
    <div key={field.field} className={isWide(field) ? css.wide : undefined}>
      <FieldInput
        field={field}
        value={values[field.field] === undefined ? field.default : values[field.field]}
        onChange={(value) => onChange(field.field, value)}
        people={people}
        error={errors.get(field.field)}
        autoFocus={field.field === 'title'}
      />
      {field.field === 'title' && underTitle}
      {field.field === 'priority' && (
        <PrioritySuggestion fields={fields} values={values} onUse={(priority) => onChange('priority', priority)} />
      )}
    </div>
  )
  return (
    <>
      <div className={css.grid}>{main.map(input)}</div>
      {rest.length > 0 && (
        <details className={css.more}>
          <summary>{words.more}</summary>
          <div>
            {[...grouped, { label: words.links, fields: others }]
              .filter((group) => group.fields.length > 0)
              .map((group) => (
                <fieldset key={group.label} className={css.group}>
                  <legend>{group.label}</legend>
                  <div className={css.grid}>{group.fields.map(input)}</div>
                </fieldset>
              ))}
          </div>
        </details>
      )}
    </>
  )
}

const place = (field: string) => (first.indexOf(field) + 1 || first.length + 1) + (field.startsWith('customFields.') ? 1 : 0)
const isWide = ({ field, type }: Field) => field === 'title' || type === 'markdown'

type SuggestionProps = { fields: readonly Field[]; values: Record<string, unknown>; onUse: (priority: string) => void }

/** Impact × urgency suggests a priority; an explicit one wins. */
function PrioritySuggestion({ fields, values, onUse }: SuggestionProps) {
  const priorityName = usePriorityName()
  const said = (key: string) => values[key] ?? fields.find(({ field }) => field === key)?.default
  const [impact, urgency] = [said('impact'), said('urgency')]
  const suggested = suggestPriority(impact, urgency)
  const field = fields.find((each) => each.field === 'priority')
  // A profile that lists Medium means the same by it as Normal.
  const choice =
    field?.choices?.find((each) => each === suggested) ??
    (suggested === 'Normal' ? field?.choices?.find((each) => each === 'Medium') : undefined)
  if (!choice || said('priority') === choice) return null
  return (
    <div className={css.suggestion} role="status">
      {words.suggestion({ impact: String(impact), urgency: String(urgency) })} <strong>{priorityName(choice)}</strong>
      <Button size="compact-xs" variant="default" onClick={() => onUse(choice)}>
        {words.use({ priority: priorityName(choice) })}
      </Button>
    </div>
  )
}
