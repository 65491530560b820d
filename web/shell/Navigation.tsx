import {
  IconActivity,
  IconAdjustments,
  IconBook2,
  IconFileImport,
  IconKey,
  IconLayoutDashboard,
  IconListDetails,
  IconPlugConnected,
  IconRoute,
  IconShieldLock,
  IconTool,
  IconUserCheck,
  IconUsers,
} from '@tabler/icons-react'
import { Link, useRouterState } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useMay } from '../../platform/react.tsx'
import { text } from '../text.ts'
import css from './shell.module.css'

type Item = {
  label: string
  Icon: ComponentType<{ size?: number; stroke?: number }>
  to: string
  search?: Record<string, unknown>
  permission?: string
}

const words = text.nav

/** The seeds' groups, with only what exists. */
export const groups: { label: string; items: Item[] }[] = [
  {
    label: words.workspace,
    items: [
      { label: words.dashboard, Icon: IconLayoutDashboard, to: '/' },
      { label: words.tasks, Icon: IconListDetails, to: '/tasks', search: { open: true } },
      { label: words.mine, Icon: IconUserCheck, to: '/tasks', search: { open: true, assignedTo: 'me' } },
    ],
  },
  {
    label: words.configure,
    items: [
      { label: words.profiles, Icon: IconRoute, to: '/profiles', permission: 'profiles.read' },
      { label: words.imports, Icon: IconFileImport, to: '/imports', permission: 'imports.run' },
      { label: words.settings, Icon: IconAdjustments, to: '/settings', permission: 'settings.read' },
    ],
  },
  {
    label: words.manage,
    items: [
      { label: words.members, Icon: IconUsers, to: '/manage/members', permission: 'members.manage' },
      { label: words.keys, Icon: IconKey, to: '/manage/keys', permission: 'keys.manage' },
      { label: words.signIn, Icon: IconShieldLock, to: '/manage/sign-in', permission: 'sign-in.manage' },
      { label: words.tools, Icon: IconTool, to: '/manage/tools', permission: 'agents.manage' },
      { label: words.apps, Icon: IconPlugConnected, to: '/manage/apps', permission: 'agents.manage' },
      { label: words.activity, Icon: IconActivity, to: '/manage/activity', permission: 'activity.read' },
    ],
  },
]

/** The main navigation; folded, only icons are seen. */
export function Navigation({ onGo }: { onGo?: () => void }) {
  const may = useMay()
  const location = useRouterState({ select: (state) => state.location })
  const mine = (location.search as { assignedTo?: string }).assignedTo === 'me'
  const isHere = (item: Item) =>
    item.to === '/tasks'
      ? location.pathname.startsWith('/tasks') && (item.search?.assignedTo === 'me') === (mine && location.pathname === '/tasks')
      : item.to === '/' || item.to === '/settings'
        ? location.pathname === item.to
        : location.pathname.startsWith(item.to)
  return (
    <>
      {groups.map(({ label, items }) => {
        const shown = items.filter((item) => !item.permission || may(item.permission))
        if (shown.length === 0) return null
        return (
          <div key={label}>
            <div className={css.group}>{label}</div>
            <ul className={css.items}>
              {shown.map((item) => (
                <li key={item.label}>
                  <Link
                    to={item.to as '/tasks'}
                    search={(item.search ?? {}) as never}
                    className={css.item}
                    title={item.label}
                    activeOptions={{ exact: true, includeSearch: true }}
                    activeProps={{ 'aria-current': undefined }}
                    aria-current={isHere(item) ? 'page' : undefined}
                    onClick={onGo}
                  >
                    <item.Icon size={18} stroke={1.7} />
                    <span className={css.label}>{item.label}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
      <div className={css.group}>{words.reference}</div>
      <ul className={css.items}>
        <li>
          <a href="/docs" className={css.item} title={words.api}>
            <IconBook2 size={18} stroke={1.7} />
            <span className={css.label}>{words.api}</span>
          </a>
        </li>
      </ul>
    </>
  )
}
