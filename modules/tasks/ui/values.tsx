import { lazy, type ReactNode, Suspense } from 'react'
import { number } from '../../../platform/react/i18n.ts'
import { CategoryMark, PriorityMark } from '../../../platform/react/marks.tsx'
import { Time } from '../../../platform/react/time.tsx'
import { wordOf } from '../../../platform/react/vocabulary.ts'
import { dateAndTime } from '../../../platform/react/words.ts'
import type { FieldShape } from './FieldInput.tsx'
import type { Names } from './filters.ts'
import { text } from './text.ts'

const Markdown = lazy(() => import('../../../platform/react/markdown.tsx'))

/** Any value as plain words, for comparisons and sentences. */
export function valueInWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'boolean') return value ? text.form.yes : text.form.no
  if (Array.isArray(value)) return value.map(valueInWords).join(', ')
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, each]) => `${key}: ${valueInWords(each)}`)
      .join(', ')
  }
  const said = String(value)
  return /^\d{4}-\d\d-\d\dT/.test(said) ? dateAndTime(said) : said
}

/** How many there are, as far as they were counted. */
export const countInWords = ({ count, more }: { count: number; more: boolean }) =>
  more ? text.views.countMore({ count }) : number(count)

/** Whether there is nothing to show. */
export const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

/** A field's value as a table of properties shows it. */
export function Value({ field, value, names }: { field: FieldShape; value: unknown; names: Names }): ReactNode {
  if (isEmpty(value)) return <span data-muted>{text.task.empty}</span>
  if (field.field === 'priority') return <PriorityMark priority={String(value)} />
  if (field.field === 'category') return <CategoryMark category={String(value)} />
  if (field.type === 'email')
    return (
      <span title={String(value)} dir="auto">
        {names.person(String(value))}
      </span>
    )
  if (field.type === 'datetime') return <Time at={String(value)} />
  if (field.type === 'url') {
    return (
      <a href={String(value)} rel="noopener noreferrer" target="_blank">
        {String(value)}
      </a>
    )
  }
  if (field.type === 'markdown') {
    return (
      <Suspense fallback={null}>
        <Markdown source={String(value)} />
      </Suspense>
    )
  }
  if (field.choices && !field.custom) return <span dir="auto">{wordOf(String(value))}</span>
  return <span dir="auto">{valueInWords(value)}</span>
}
