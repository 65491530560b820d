import { Autocomplete, type AutocompleteProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMay, useRead } from '../../../platform/react.tsx'
import type { Directory } from './names.ts'

type EmailInputProps = Omit<AutocompleteProps, 'data'> & {
  value: string
  people: Directory['people']
  /** Whether people without a login are offered too. */
  withContacts: boolean
}

/** An e-mail address, offered from the members and, where wanted, from the people who begin as typed. */
export function EmailInput({ people, withContacts, value, ...props }: EmailInputProps) {
  const may = useMay()
  const [q] = useDebouncedValue(value.trim().slice(0, 254), 150)
  const enabled = withContacts && q !== '' && may('organization.read')
  const found = useRead('people.list', { q, limit: 20 }, { enabled, keepPrevious: true, staleTime: 60_000 }).data?.items
  const contacts = (enabled && found) || []
  const names = new Map([...contacts, ...people].map(({ email, name }) => [email, name]))
  const typed = value.trim().toLowerCase()
  // The server has chosen among the people; members are looked through here, by name too.
  const matching = people.filter(({ email, name }) => `${name} ${email}`.toLowerCase().includes(typed))
  return (
    <Autocomplete
      {...props}
      type="email"
      value={value}
      data={[...new Set([...matching, ...contacts].map(({ email }) => email))]}
      filter={({ options }) => options}
      renderOption={({ option }) => <PersonOption email={option.value} name={names.get(option.value)} />}
      limit={30}
    />
  )
}

const PersonOption = ({ email, name }: { email: string; name: string | undefined }) => (
  <div style={{ minWidth: 0 }}>
    <div>{name || email}</div>
    {name && (
      <div data-muted style={{ fontSize: '0.75rem' }}>
        {email}
      </div>
    )}
  </div>
)
