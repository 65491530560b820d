import { TextInput, type TextInputProps } from '@mantine/core'
import { type KeyboardEvent, useEffect, useState } from 'react'

type DraftInputProps = Omit<TextInputProps, 'value' | 'onChange' | 'error'> & {
  value: string
  /** What is wrong with a text, or nothing. What is wrong is not taken over. */
  judge?: (value: string) => string | undefined
  onCommit: (value: string) => void
}

/** A text that counts once it is finished: on leaving the field or on Enter. Escape takes it back. */
export function DraftInput({ value, judge, onCommit, ...rest }: DraftInputProps) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const error = typed === value ? undefined : judge?.(typed.trim())
  const commit = () => {
    const next = typed.trim()
    if (next === value || error) setTyped(error ? typed : value)
    else onCommit(next)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) commit()
    if (event.key === 'Escape' && typed !== value) {
      event.stopPropagation()
      setTyped(value)
    }
  }
  return (
    <TextInput
      dir="auto"
      {...rest}
      value={typed}
      error={error}
      data-dirty={typed !== value || undefined}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={onKeyDown}
    />
  )
}
