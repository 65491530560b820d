import { Textarea } from '@mantine/core'
import { type ClipboardEvent, lazy, type ReactNode, Suspense, useId, useState } from 'react'
import css from './markdown-input.module.css'
import { text } from './text.ts'

const Markdown = lazy(() => import('./markdown.tsx'))

type MarkdownInputProps = {
  label: ReactNode
  value: string
  onChange: (value: string) => void
  id?: string
  error?: ReactNode
  description?: ReactNode
  placeholder?: string
  minRows?: number
  maxLength?: number
  autoFocus?: boolean
  hideLabel?: boolean
  onPaste?: (event: ClipboardEvent<HTMLTextAreaElement>) => void
}

/** A text in Markdown with its preview one press away. */
export function MarkdownInput({ label, value, onChange, id, minRows = 4, autoFocus, hideLabel, ...rest }: MarkdownInputProps) {
  const [preview, setPreview] = useState(false)
  const own = useId()
  const inputId = id ?? own
  return (
    <div>
      <div className={css.head}>
        <label htmlFor={inputId} className={css.label} data-sr={hideLabel ? '' : undefined}>
          {label}
        </label>
        {hideLabel && <span style={{ flex: 1 }} />}
        <button type="button" className={css.tab} aria-pressed={!preview} onClick={() => setPreview(false)}>
          {text.write}
        </button>
        <button type="button" className={css.tab} aria-pressed={preview} onClick={() => setPreview(true)}>
          {text.preview}
        </button>
      </div>
      {preview ? (
        <div className={css.preview}>
          {value.trim() ? (
            <Suspense fallback={null}>
              <Markdown source={value} />
            </Suspense>
          ) : (
            <span data-muted>{text.nothingToPreview}</span>
          )}
        </div>
      ) : (
        <Textarea
          id={inputId}
          autosize
          minRows={minRows}
          maxRows={24}
          dir="auto"
          value={value}
          autoFocus={autoFocus}
          onChange={(event) => onChange(event.currentTarget.value)}
          {...rest}
        />
      )}
    </div>
  )
}
