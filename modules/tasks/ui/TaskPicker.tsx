import { Autocomplete } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useRead } from '../../../platform/react.tsx'

type TaskPickerProps = {
  id?: string
  label?: ReactNode
  /** Where the label stands elsewhere on the page. */
  'aria-label'?: string
  help?: string
  value: string
  onChange: (value: string) => void
  error?: ReactNode
  except?: string
}

const isRef = (said: string) => /^([A-Za-z][A-Za-z0-9]{0,9}-)?[1-9]\d{0,8}$/.test(said)

/** Another task, by its number or by words of its title. The value is its number. */
export function TaskPicker({ help, value, onChange, except, ...more }: TaskPickerProps) {
  const [q] = useDebouncedValue(value.trim(), 200)
  const found =
    useRead('tasks.list', { q, limit: 8 }, { enabled: q.length > 1 && !isRef(q), keepPrevious: true }).data?.items ?? []
  const titles = new Map(found.filter(({ key }) => key !== except).map(({ key, title }) => [key, title]))
  return (
    <Autocomplete
      {...more}
      description={help}
      value={value}
      onChange={onChange}
      data={[...titles.keys()]}
      filter={({ options }) => options}
      renderOption={({ option }) => (
        <div style={{ minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis' }}>
          <span data-muted>{option.value}</span> {titles.get(option.value)}
        </div>
      )}
      data-autofocus
    />
  )
}
