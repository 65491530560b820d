import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react'
import { messageOf } from '../../../platform/react/page.tsx'
import type { Task } from '../contract.ts'
import { FieldInput, type FieldShape, labelOf } from './FieldInput.tsx'
import type { Directory } from './names.ts'
import { fieldErrors, nested } from './refusal.ts'
import css from './task.module.css'
import { text } from './text.ts'
import type { TaskEdit } from './use-task-edit.tsx'
import { Value } from './values.tsx'

/** A number of this product; imports may have left one of another system. */
const isTaskKey = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Z][A-Z0-9]{0,9}-[1-9]\d{0,8}$/.test(value)

type PropertyProps = { field: FieldShape; value: unknown; edit: TaskEdit; directory: Directory; mayWrite: boolean }

/** A field and its value; a press makes it an input, Enter saves, Escape leaves it as it was. */
export function Property({ field, value, edit, directory, mayWrite }: PropertyProps) {
  const [draft, setDraft] = useState<{ value: unknown } | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const start = useRef<Task>(null)
  const isLong = field.type === 'markdown'
  const savesAtOnce = Boolean(field.choices?.length) || field.type === 'boolean'

  const stop = () => {
    setDraft(null)
    setProblem(null)
    requestAnimationFrame(() => button.current?.focus())
  }
  const save = async (wanted: unknown) => {
    setBusy(true)
    try {
      await edit.save(nested({ [field.field]: wanted }, 'null'), start.current ?? undefined)
      stop()
    } catch (error) {
      setDraft({ value: wanted })
      setProblem(error)
    }
    setBusy(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (draft) save(draft.value)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') stop()
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && draft) save(draft.value)
  }

  return (
    <div className={isLong ? `${css.property} ${css.propertyLong}` : css.property}>
      <dt>{labelOf(field)}</dt>
      <dd>
        {draft === null ? (
          mayWrite ? (
            <button
              ref={button}
              type="button"
              className={css.valueButton}
              onClick={() => {
                start.current = edit.task
                setDraft({ value })
              }}
              title={text.task.edit({ label: labelOf(field) })}
            >
              <span data-sr>{text.task.edit({ label: labelOf(field) })}: </span>
              <Value field={field} value={value} names={directory.names} />
            </button>
          ) : (
            <span className={css.value}>
              <Value field={field} value={value} names={directory.names} />
            </span>
          )
        ) : (
          <form className={css.editor} onSubmit={submit} onKeyDown={onKeyDown} noValidate>
            <FieldInput
              field={field}
              value={draft.value}
              onChange={(next) => (savesAtOnce ? save(next) : setDraft({ value: next }))}
              people={directory.people}
              error={problem ? (fieldErrors(problem).get(field.field) ?? messageOf(problem)) : undefined}
              autoFocus
              bare
            />
            <div className={css.editorActions}>
              {!savesAtOnce && (
                <Button type="submit" size="compact-xs" loading={busy}>
                  {text.task.save}
                </Button>
              )}
              <Button size="compact-xs" variant="default" onClick={stop} disabled={busy}>
                {text.task.cancel}
              </Button>
            </div>
          </form>
        )}
        {draft === null && field.field === 'linkedProblemId' && isTaskKey(value) && (
          <Link to="/tasks/$ref" params={{ ref: value }} search={{}} className={css.valueLink}>
            {text.task.openTask({ key: value })}
          </Link>
        )}
      </dd>
    </div>
  )
}
