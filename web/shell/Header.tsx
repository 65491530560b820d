import { ActionIcon, Button, Menu, TextInput } from '@mantine/core'
import { IconCheck, IconMenu2, IconPlus, IconSearch, IconSelector } from '@tabler/icons-react'
import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { Output } from '../../platform/client.ts'
import { useMay, useRead } from '../../platform/react.tsx'
import { text } from '../text.ts'
import { PersonMenu } from './PersonMenu.tsx'
import { Shortcuts } from './Shortcuts.tsx'
import css from './shell.module.css'
import { useSwitchOrganization } from './use-session.ts'

const words = text.header
type Me = Output<'identity.whoami'>

/** Organization, search, create, person. */
export function Header({ me, onOpenNavigation }: { me: Me; onOpenNavigation: () => void }) {
  const may = useMay()
  const search = useRef<HTMLInputElement>(null)
  const [help, setHelp] = useState(false)
  return (
    <header className={css.header}>
      <ActionIcon className={css.burger} size={32} onClick={onOpenNavigation} aria-label={text.nav.open}>
        <IconMenu2 size={20} />
      </ActionIcon>
      <OrganizationSwitcher me={me} />
      <Search input={search} />
      {may('tasks.write') && (
        <Button
          component={Link}
          to="/tasks/new"
          leftSection={<IconPlus size={16} />}
          px="sm"
          className={css.create}
          aria-label={words.create}
        >
          <span className={css.createLabel}>{words.create}</span>
        </Button>
      )}
      <PersonMenu me={me} onHelp={() => setHelp(true)} />
      <Shortcuts search={search} opened={help} onToggle={setHelp} />
    </header>
  )
}

function OrganizationSwitcher({ me }: { me: Me }) {
  const organizations = useRead('identity.my-organizations', {}, { staleTime: 60_000 })
  const switchTo = useSwitchOrganization()
  const here = me.organization!
  const others = organizations.data?.items ?? []
  if (others.length < 2) {
    return (
      <div className={css.organization} style={{ cursor: 'default' }}>
        <span title={here.name}>{here.name}</span>
      </div>
    )
  }
  return (
    <Menu width={260}>
      <Menu.Target>
        <button type="button" className={css.organization} aria-label={`${words.organization}: ${here.name}`}>
          <span>{here.name}</span>
          <IconSelector size={16} />
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
        <Menu.Label>{words.switchTo}</Menu.Label>
        {others.map(({ organization, role }) => (
          <Menu.Item
            key={organization.id}
            onClick={() => organization.id !== here.id && switchTo(organization.id)}
            rightSection={
              organization.id === here.id ? <IconCheck size={16} aria-label="current" /> : <span data-muted>{role}</span>
            }
          >
            {organization.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Goes to the task list with the words; a number goes straight to its task. */
function Search({ input }: { input: RefObject<HTMLInputElement | null> }) {
  const navigate = useNavigate()
  const q = useRouterState({ select: (state) => (state.location.search as { q?: string }).q ?? '' })
  const [value, setValue] = useState(q)
  useEffect(() => setValue(q), [q])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const said = value.trim()
    if (/^([A-Za-z][A-Za-z0-9]{0,9}-)?[1-9]\d{0,8}$/.test(said)) navigate({ to: '/tasks/$ref', params: { ref: said } })
    else navigate({ to: '/tasks', search: said ? { q: said } : { open: true } })
  }
  return (
    <form className={css.search} role="search" onSubmit={submit}>
      <TextInput
        ref={input}
        size="sm"
        type="search"
        aria-label={words.search}
        placeholder={words.search}
        title={words.searchHint}
        aria-keyshortcuts="/"
        leftSection={<IconSearch size={16} />}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
    </form>
  )
}
