import { TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { isColor } from '../../../platform/react/contrast.ts'
import css from './settings.module.css'
import { text } from './text.ts'

type ColorInputProps = {
  label: string
  value: string
  onChange: (value: string) => void
  description?: ReactNode
  error?: ReactNode
  disabled?: boolean
  bare?: boolean
  size?: 'xs' | 'sm'
}

/** A colour by its number or by the system's picker. */
export function ColorInput({ label, value, onChange, bare, size = 'sm', ...rest }: ColorInputProps) {
  return (
    <TextInput
      {...(bare ? { 'aria-label': label } : { label })}
      size={size}
      styles={{ wrapper: { width: 160 } }}
      placeholder="#000000"
      maxLength={7}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
      leftSection={
        <input
          type="color"
          className={css.swatch}
          data-empty={isColor(value) ? undefined : ''}
          aria-label={`${text.pick}: ${label}`}
          disabled={rest.disabled}
          value={isColor(value) ? value : '#888888'}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      }
      {...rest}
    />
  )
}
