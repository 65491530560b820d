import { useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import {
  IconArrowRight,
  IconBuilding,
  IconClockHour4,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconPlus,
  IconSearch,
  IconSun,
  IconSunMoon,
  IconUser,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PriorityMark, StateMark } from '../../platform/react/marks.tsx'
import { useKept } from '../../platform/react/preferences.ts'
import { useMay, useMe, useRead } from '../../platform/react.tsx'
import { text } from '../text.ts'
import { groups } from './Navigation.tsx'
import { useRecent } from './recent.ts'
import { useLeave, useSwitchOrganization } from './use-session.ts'

const words = text.palette

export type PaletteItem = { id: string; label: string; hint?: ReactNode; icon: ReactNode; run: () => void }
export type PaletteGroup = { label: string; items: PaletteItem[] }

const icon = 17
const numberShape = /^([A-Za-z][A-Za-z0-9]{0,9}-)?[1-9]\d{0,8}$/

/** Everything the palette can find or do for what was typed; the number first. */
export function usePaletteItems(typed: string): { groups: PaletteGroup[]; isReading: boolean } {
  const query = typed.trim()
  const found = useTickets(query)
  const people = usePeople(query)
  const recent = useRecentItems(query)
  const { pages, actions } = useActions()
  const fits = ({ label }: PaletteItem) => query.split(/\s+/).every((word) => label.toLowerCase().includes(word.toLowerCase()))
  const groups = [
    { label: words.tasks, items: found.items },
    { label: words.recent, items: recent },
    { label: words.actions, items: actions.filter(fits) },
    { label: words.pages, items: query ? pages.filter(fits) : pages.slice(0, 4) },
    { label: words.people, items: people },
  ].filter(({ items }) => items.length > 0)
  return { groups, isReading: found.isReading }
}

function useTickets(query: string): { items: PaletteItem[]; isReading: boolean } {
  const navigate = useNavigate()
  const may = useMay()
  const [settled] = useDebouncedValue(query, 180)
  const isNumber = numberShape.test(settled)
  const on = settled.length > 1 && may('tasks.read')
  const byWords = useRead('tasks.list', { q: settled, limit: 6 }, { enabled: on && !isNumber, staleTime: 10_000 })
  const byNumber = useRead('tasks.get', { taskId: settled || '1' }, { enabled: isNumber && may('tasks.read'), staleTime: 10_000 })
  const rows = !query
    ? []
    : isNumber
      ? byNumber.data && numberShape.test(query)
        ? [byNumber.data]
        : []
      : (byWords.data?.items ?? [])
  const items = rows.map((task) => ({
    id: task.id,
    label: `${task.key} ${task.title}`,
    hint: <StateMark status={task.status} category={task.statusCategory} />,
    icon: <PriorityMark priority={task.priority} bare />,
    run: () => navigate({ to: '/tasks/$ref', params: { ref: task.key } }),
  }))
  const all = {
    id: 'search',
    label: words.allAbout({ words: query }),
    icon: <IconSearch size={icon} />,
    run: () => navigate({ to: '/tasks', search: { q: query } }),
  }
  const isReading = (isNumber ? byNumber : byWords).isFetching || settled !== query
  // A number goes straight to its ticket, even before the title of it is read.
  if (query && numberShape.test(query) && items.length === 0) {
    const go = {
      ...all,
      id: 'number',
      label: words.goTo({ number: query }),
      run: () => navigate({ to: '/tasks/$ref', params: { ref: query } }),
    }
    return { items: [{ ...go, icon: <IconArrowRight size={icon} /> }, all], isReading }
  }
  if (!query || !may('tasks.read')) return { items: [], isReading: false }
  return { items: isNumber ? [...items, all] : [all, ...items], isReading }
}

function useRecentItems(query: string): PaletteItem[] {
  const navigate = useNavigate()
  const recent = useRecent()
  if (query) return []
  return recent.slice(0, 5).map(({ key, title }) => ({
    id: `recent-${key}`,
    label: `${key} ${title}`,
    icon: <IconClockHour4 size={icon} />,
    run: () => navigate({ to: '/tasks/$ref', params: { ref: key } }),
  }))
}

function usePeople(query: string): PaletteItem[] {
  const navigate = useNavigate()
  const may = useMay()
  const people = useRead('identity.list-people', {}, { enabled: may('organization.read'), staleTime: 60_000 }).data?.items
  if (query.length < 2) return []
  const wanted = query.toLowerCase()
  return (people ?? [])
    .filter(({ name, email }) => name.toLowerCase().includes(wanted) || email.includes(wanted))
    .slice(0, 5)
    .map(({ name, email }) => ({
      id: `person-${email}`,
      label: name || email,
      hint: words.tasksOf,
      icon: <IconUser size={icon} />,
      run: () => navigate({ to: '/tasks', search: { open: true, assignedTo: email } }),
    }))
}

/** Where one can go and what one can do, as far as one may. */
function useActions(): { pages: PaletteItem[]; actions: PaletteItem[] } {
  const navigate = useNavigate()
  const may = useMay()
  const me = useMe()
  const organizations = useRead('identity.my-organizations', {}, { staleTime: 60_000 }).data?.items ?? []
  const switchTo = useSwitchOrganization()
  const leave = useLeave()
  const { setColorScheme } = useMantineColorScheme()
  const [shortcuts, setShortcuts] = useKept('shortcuts', 'on')
  const pages = groups
    .flatMap(({ items }) => items)
    .filter(({ permission, ofMember, ofRequester }) => {
      if (ofMember && me?.provider) return false
      return may(permission) && !(ofRequester && may('tasks.read'))
    })
    .map(({ label, Icon, to, search }) => ({
      id: `page-${label}`,
      label: words.goToPage({ page: label }),
      icon: <Icon size={icon} stroke={1.7} />,
      run: () => navigate({ to: to as '/tasks', search: (search ?? {}) as never }),
    }))
  const theme = (scheme: 'light' | 'dark' | 'auto', Icon: typeof IconSun, label: string) => ({
    id: `theme-${scheme}`,
    label: words.theme({ theme: label }),
    icon: <Icon size={icon} />,
    run: () => setColorScheme(scheme),
  })
  const create = {
    id: 'create',
    label: words.create,
    hint: 'c',
    icon: <IconPlus size={icon} />,
    run: () => navigate({ to: '/tasks/new' }),
  }
  const actions = [
    ...(may('tasks.write') ? [create] : []),
    ...organizations
      .filter(({ organization }) => organization.id !== me?.organization?.id)
      .map(({ organization }) => ({
        id: `organization-${organization.id}`,
        label: words.switchTo({ organization: organization.name }),
        icon: <IconBuilding size={icon} />,
        run: () => switchTo(organization.id),
      })),
    theme('light', IconSun, text.header.light),
    theme('dark', IconMoon, text.header.dark),
    theme('auto', IconSunMoon, text.header.auto),
    {
      id: 'shortcuts',
      label: shortcuts === 'on' ? words.shortcutsOff : words.shortcutsOn,
      icon: <IconKeyboard size={icon} />,
      run: () => setShortcuts(shortcuts === 'on' ? 'off' : null),
    },
    { id: 'leave', label: text.header.signOut, icon: <IconLogout size={icon} />, run: leave },
  ]
  return { pages, actions }
}
