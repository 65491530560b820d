import {
  IconActivity,
  IconAddressBook,
  IconAdjustments,
  IconBook2,
  IconBuildingSkyscraper,
  IconBuildings,
  IconEye,
  IconFileImport,
  IconHelpCircle,
  IconInbox,
  IconKey,
  IconLayoutDashboard,
  IconLayoutGrid,
  IconLicense,
  IconListDetails,
  IconMessagePlus,
  IconNotebook,
  IconPlugConnected,
  IconRadar2,
  IconRoute,
  IconShieldCheck,
  IconShieldLock,
  IconTool,
  IconUserCheck,
  IconUserCog,
  IconUsers,
} from '@tabler/icons-react'
import { Link, useRouterState } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useMay, useMe } from '../../platform/react.tsx'
import { text } from '../text.ts'
import css from './shell.module.css'
import { useSwitchOrganization } from './use-session.ts'

type Item = {
  label: string
  Icon: ComponentType<{ size?: number; stroke?: number }>
  to: string
  search?: Record<string, unknown>
  permission: string
  /** Lies in the provider's organization: seen from a client too, and leads back there. */
  ofProvider?: true
  /** Of no use to people of a provider in a client. */
  ofMember?: true
  /** Only for whoever does not work at the desk; the others have it on the page. */
  ofRequester?: true
}

const words = text.nav

/** The seeds' groups, with only what exists. */
export const groups: { label: string; items: Item[] }[] = [
  {
    label: words.workspace,
    items: [
      { label: words.dashboard, Icon: IconLayoutDashboard, to: '/', permission: 'tasks.read' },
      { label: words.tasks, Icon: IconListDetails, to: '/tasks', search: { open: true }, permission: 'tasks.read' },
      {
        label: words.mine,
        Icon: IconUserCheck,
        to: '/tasks',
        search: { open: true, assignedTo: 'me' },
        permission: 'tasks.read',
      },
    ],
  },
  {
    label: words.portal,
    items: [
      { label: words.requests, Icon: IconHelpCircle, to: '/portal', permission: 'requests.read', ofMember: true },
      { label: words.newRequest, Icon: IconMessagePlus, to: '/portal/new', permission: 'requests.write', ofRequester: true },
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
    label: words.msp,
    items: [
      { label: words.clientDashboard, Icon: IconLayoutGrid, to: '/msp', permission: 'clients.read', ofProvider: true },
      { label: words.queue, Icon: IconInbox, to: '/msp/queue', permission: 'clients.read', ofProvider: true },
      { label: words.clients, Icon: IconBuildings, to: '/msp/clients', permission: 'clients.read', ofProvider: true },
      { label: words.licensing, Icon: IconLicense, to: '/msp/licensing', permission: 'clients.read', ofProvider: true },
      { label: words.organizations, Icon: IconBuildingSkyscraper, to: '/msp/organizations', permission: 'organizations.manage' },
    ],
  },
  {
    label: words.security,
    items: [
      { label: words.standing, Icon: IconShieldCheck, to: '/security', permission: 'security.read' },
      { label: words.register, Icon: IconNotebook, to: '/security/records', permission: 'security.read' },
      { label: words.scans, Icon: IconRadar2, to: '/security/scans', permission: 'security.read' },
    ],
  },
  {
    label: words.manage,
    items: [
      { label: words.members, Icon: IconUsers, to: '/manage/members', permission: 'members.manage' },
      { label: words.people, Icon: IconAddressBook, to: '/manage/people', permission: 'organization.read' },
      { label: words.users, Icon: IconUserCog, to: '/manage/users', permission: 'users.manage' },
      { label: words.keys, Icon: IconKey, to: '/manage/keys', permission: 'keys.manage' },
      { label: words.signIn, Icon: IconShieldLock, to: '/manage/sign-in', permission: 'sign-in.manage' },
      { label: words.tools, Icon: IconTool, to: '/manage/tools', permission: 'agents.manage' },
      { label: words.apps, Icon: IconPlugConnected, to: '/manage/apps', permission: 'agents.manage' },
      { label: words.activity, Icon: IconActivity, to: '/manage/activity', permission: 'activity.read' },
      { label: words.access, Icon: IconEye, to: '/access', permission: 'access.read' },
    ],
  },
]

/** The main navigation; folded, only icons are seen. */
export function Navigation({ onGo }: { onGo?: () => void }) {
  const may = useMay()
  const provider = useMe()?.provider
  const switchTo = useSwitchOrganization()
  const location = useRouterState({ select: (state) => state.location })
  const mine = (location.search as { assignedTo?: string }).assignedTo === 'me'
  const isHere = (item: Item) =>
    item.to === '/tasks'
      ? location.pathname.startsWith('/tasks') && (item.search?.assignedTo === 'me') === (mine && location.pathname === '/tasks')
      : item.to === '/portal'
        ? location.pathname.startsWith('/portal') && !(location.pathname === '/portal/new' && !may('tasks.read'))
        : ['/', '/settings', '/msp', '/security'].includes(item.to)
          ? location.pathname === item.to
          : location.pathname.startsWith(item.to)
  return (
    <>
      {groups.map(({ label, items }) => {
        const shown = items.filter(
          (item) =>
            (may(item.permission) || (item.ofProvider && provider)) &&
            !(item.ofMember && provider) &&
            !(item.ofRequester && may('tasks.read')),
        )
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
                    onClick={(event) => {
                      onGo?.()
                      if (!item.ofProvider || !provider) return
                      event.preventDefault()
                      void switchTo(provider.id, item.to)
                    }}
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
      {may('tasks.read') && (
        <>
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
      )}
    </>
  )
}
