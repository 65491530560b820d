import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconCheck, IconMenu2, IconPlus, IconSearch, IconSelector } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Fragment, lazy, Suspense, useState } from 'react'
import type { Output } from '../../platform/client.ts'
import { wordOf } from '../../platform/react/vocabulary.ts'
import { useMay, useRead } from '../../platform/react.tsx'
import { text } from '../text.ts'
import { PersonMenu } from './PersonMenu.tsx'
import { Shortcuts } from './Shortcuts.tsx'
import css from './shell.module.css'
import { useSwitchOrganization } from './use-session.ts'

const Palette = lazy(() => import('./Palette.tsx'))
const words = text.header
type Me = Output<'identity.whoami'>

/** Organization, search, create, person. */
export function Header({ me, onOpenNavigation }: { me: Me; onOpenNavigation: () => void }) {
  const may = useMay()
  const [help, setHelp] = useState(false)
  const [finding, setFinding] = useState(false)
  return (
    <header className={css.header}>
      <ActionIcon className={css.burger} size={32} onClick={onOpenNavigation} aria-label={text.nav.open}>
        <IconMenu2 size={20} />
      </ActionIcon>
      <OrganizationSwitcher me={me} />
      {may('tasks.read') ? <Search onOpen={() => setFinding(true)} /> : <span className={css.gap} />}
      {(may('tasks.write') || (!may('tasks.read') && may('requests.write'))) && (
        <Button
          component={Link}
          to={may('tasks.write') ? '/tasks/new' : '/portal/new'}
          leftSection={<IconPlus size={16} />}
          px="sm"
          className={css.create}
          aria-label={words.create}
        >
          <span className={css.createLabel}>{words.create}</span>
        </Button>
      )}
      <PersonMenu me={me} onHelp={() => setHelp(true)} />
      <Shortcuts onFind={() => setFinding(true)} opened={help} onToggle={setHelp} />
      {finding && (
        <Suspense fallback={null}>
          <Palette onClose={() => setFinding(false)} />
        </Suspense>
      )}
    </header>
  )
}

function OrganizationSwitcher({ me }: { me: Me }) {
  const organizations = useRead('identity.my-organizations', {}, { staleTime: 60_000 })
  const switchTo = useSwitchOrganization()
  const here = me.organization!
  const others = (organizations.data?.items ?? []).toSorted((a, b) => a.organization.name.localeCompare(b.organization.name))
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
        {groupsOf(others).map(({ label, items }) => (
          <Fragment key={label}>
            <Menu.Label>{label}</Menu.Label>
            {items.map(({ organization, role, tier }) => (
              <Menu.Item
                key={organization.id}
                onClick={() => organization.id !== here.id && switchTo(organization.id)}
                rightSection={
                  organization.id === here.id ? (
                    <IconCheck size={16} aria-label={text.header.current} />
                  ) : (
                    <span data-muted>{tier ?? wordOf(role)}</span>
                  )
                }
              >
                {organization.name}
              </Menu.Item>
            ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

type Choice = Output<'identity.my-organizations'>['items'][number]

/** The own organizations first, then the clients of each provider. */
function groupsOf(choices: readonly Choice[]): { label: string; items: Choice[] }[] {
  const byProvider = Map.groupBy(choices, ({ provider }) => provider?.name ?? '')
  const own = byProvider.get('') ?? []
  const clients = [...byProvider].filter(([provider]) => provider !== '')
  const label = clients.length > 0 ? words.ownOrganizations : words.switchTo
  return [
    ...(own.length > 0 ? [{ label, items: own }] : []),
    ...clients.map(([provider, items]) => ({ label: words.clientsOf({ provider }), items })),
  ]
}

/** Looks like the field it opens. */
function Search({ onOpen }: { onOpen: () => void }) {
  return (
    <search className={css.search}>
      <button type="button" className={css.searchButton} onClick={onOpen} aria-keyshortcuts="Control+K /" aria-haspopup="dialog">
        <IconSearch size={16} aria-hidden="true" />
        <span>{words.search}</span>
        <span className={css.searchKeys} aria-hidden="true">
          {words.searchKeys}
        </span>
      </button>
    </search>
  )
}
