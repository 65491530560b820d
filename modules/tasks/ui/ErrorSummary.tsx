import { useEffect, useRef } from 'react'
import { messageOf, Notice } from '../../../platform/react/page.tsx'
import { type FieldShape, fieldId, labelOf } from './FieldInput.tsx'
import css from './form.module.css'
import { text } from './text.ts'

type ErrorSummaryProps = { error: unknown; errors: Map<string, string>; fields: readonly FieldShape[]; attempt: number }

/** All that stands in the way, on top of the form; each line leads to its field. It takes the focus when it appears. */
export function ErrorSummary({ error, errors, fields, attempt }: ErrorSummaryProps) {
  const here = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt announces itself anew
  useEffect(() => {
    here.current?.focus()
    here.current?.scrollIntoView({ block: 'start' })
  }, [attempt])
  const go = (field: string) => {
    const input = document.getElementById(fieldId(field))
    input?.closest('details')?.setAttribute('open', '')
    input?.focus()
  }
  const label = (field: string) => labelOf(fields.find((each) => each.field === field) ?? { field, label: field })
  return (
    <div ref={here} tabIndex={-1}>
      <Notice kind="problem" title={errors.size > 0 ? text.form.summary(errors.size) : undefined} live>
        {errors.size === 0 && messageOf(error)}
        {errors.size > 0 && (
          <ul className={css.summaryList}>
            {[...errors].map(([field, message]) => (
              <li key={field}>
                <a
                  href={`#${fieldId(field)}`}
                  onClick={(event) => {
                    event.preventDefault()
                    go(field)
                  }}
                >
                  {label(field)}
                </a>
                : {message}
              </li>
            ))}
          </ul>
        )}
      </Notice>
    </div>
  )
}
