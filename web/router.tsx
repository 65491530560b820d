/** Every page of the product and its address, on one page. Pages are loaded when first visited. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import type { AccessSearch } from '../modules/msp/ui/AccessPage.tsx'
import type { QueueSearch } from '../modules/msp/ui/QueuePage.tsx'
import { recordSearchOf } from '../modules/security/ui/search.ts'
import { addressOf as taskSearchOf } from '../modules/tasks/ui/search.ts'
import { NotFoundPage } from './pages/NotFoundPage.tsx'
import { RouteError } from './pages/RouteError.tsx'
import { parseSearch, stringifySearch } from './search-params.ts'
import { Shell } from './shell/Shell.tsx'

const words = (search: Record<string, unknown>, ...keys: string[]) =>
  Object.fromEntries(keys.flatMap((key) => (typeof search[key] === 'string' ? [[key, search[key]]] : []))) as Record<
    string,
    string
  >

/** An address holds texts: a flag set is `true` in it, and true from a link. */
const flags = <Name extends string>(search: Record<string, unknown>, ...keys: Name[]) =>
  Object.fromEntries(keys.flatMap((key) => (String(search[key]) === 'true' ? [[key, true]] : []))) as Partial<Record<Name, true>>

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { return?: string; organization?: string; ended?: true } => ({
    ...words(search, 'return', 'organization'),
    ...flags(search, 'ended'),
  }),
  component: lazyRouteComponent(() => import('./pages/SignInPage.tsx')),
})

const signInRefused = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/refused',
  validateSearch: (search): { code?: string } => words(search, 'code'),
  component: lazyRouteComponent(() => import('./pages/SignInRefusedPage.tsx')),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (search): { token?: string } => words(search, 'token'),
  component: lazyRouteComponent(() => import('./pages/SetupPage.tsx')),
})

const connect = createRoute({
  getParentRoute: () => root,
  path: '/connect',
  validateSearch: (search): Record<string, string> =>
    words(
      search,
      ...['response_type', 'client_id', 'redirect_uri', 'code_challenge', 'code_challenge_method', 'scope', 'state', 'resource'],
    ),
  component: lazyRouteComponent(() => import('./pages/ConnectPage.tsx')),
})

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })
const getParentRoute = () => shell

const home = createRoute({
  getParentRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../modules/tasks/ui/DashboardPage.tsx')),
})

const tasks = createRoute({
  getParentRoute,
  path: '/tasks',
  validateSearch: taskSearchOf,
  component: lazyRouteComponent(() => import('./pages/TasksPage.tsx')),
})

type Prefill = { title?: string; profileId?: string; linkedTaterEntityType?: string; linkedTaterEntityId?: string }

const newTask = createRoute({
  getParentRoute,
  path: '/tasks/new',
  validateSearch: (search): Prefill => words(search, 'title', 'profileId', 'linkedTaterEntityType', 'linkedTaterEntityId'),
  component: lazyRouteComponent(() => import('../modules/tasks/ui/NewTaskPage.tsx')),
})

const task = createRoute({
  getParentRoute,
  path: '/tasks/$ref',
  validateSearch: (search): { mergedFrom?: string; stay?: string; tab?: string } => words(search, 'mergedFrom', 'stay', 'tab'),
  component: lazyRouteComponent(() => import('./pages/TaskPage.tsx')),
})

const profiles = createRoute({
  getParentRoute,
  path: '/profiles',
  component: lazyRouteComponent(() => import('../modules/profiles/ui/ProfilesPage.tsx')),
})

const profile = createRoute({
  getParentRoute,
  path: '/profiles/$id',
  validateSearch: (search): { view?: string } => words(search, 'view'),
  component: lazyRouteComponent(() => import('./pages/ProfilePage.tsx')),
})

const imports = createRoute({
  getParentRoute,
  path: '/imports',
  component: lazyRouteComponent(() => import('../modules/imports/ui/ImportsPage.tsx')),
})

const importOne = createRoute({
  getParentRoute,
  path: '/imports/$id',
  component: lazyRouteComponent(() => import('../modules/imports/ui/ImportPage.tsx')),
})

const security = createRoute({
  getParentRoute,
  path: '/security',
  component: lazyRouteComponent(() => import('../modules/security/ui/SecurityPage.tsx')),
})

const securityRecords = createRoute({
  getParentRoute,
  path: '/security/records',
  validateSearch: recordSearchOf,
  component: lazyRouteComponent(() => import('../modules/security/ui/RecordsPage.tsx')),
})

const scans = createRoute({
  getParentRoute,
  path: '/security/scans',
  component: lazyRouteComponent(() => import('../modules/security/ui/ScansPage.tsx')),
})

const scan = createRoute({
  getParentRoute,
  path: '/security/scans/$id',
  component: lazyRouteComponent(() => import('../modules/security/ui/ScanPage.tsx')),
})

const settings = createRoute({
  getParentRoute,
  path: '/settings',
  validateSearch: (search): { tab?: string } => words(search, 'tab'),
  component: lazyRouteComponent(() => import('./pages/SettingsPage.tsx')),
})

const keys = createRoute({
  getParentRoute,
  path: '/manage/keys',
  component: lazyRouteComponent(() => import('./pages/KeysPage.tsx')),
})

const people = createRoute({
  getParentRoute,
  path: '/manage/people',
  component: lazyRouteComponent(() => import('./pages/PeoplePage.tsx')),
})

const users = createRoute({
  getParentRoute,
  path: '/manage/users',
  component: lazyRouteComponent(() => import('../modules/identity/ui/UsersPage.tsx')),
})

const members = createRoute({
  getParentRoute,
  path: '/manage/members',
  component: lazyRouteComponent(() => import('../modules/identity/ui/MembersPage.tsx')),
})

const accountSecurity = createRoute({
  getParentRoute,
  path: '/account/security',
  component: lazyRouteComponent(() => import('../modules/identity/ui/SecurityPage.tsx')),
})

const manageSignIn = createRoute({
  getParentRoute,
  path: '/manage/sign-in',
  component: lazyRouteComponent(() => import('../modules/identity/ui/ConnectionsPage.tsx')),
})

const mspDashboard = createRoute({
  getParentRoute,
  path: '/msp',
  validateSearch: (search): { failing?: true } => flags(search, 'failing'),
  component: lazyRouteComponent(() => import('../modules/msp/ui/DashboardPage.tsx')),
})

const mspQueue = createRoute({
  getParentRoute,
  path: '/msp/queue',
  validateSearch: (search): QueueSearch => ({
    ...words(search, 'client', 'state', 'priority', 'assignedTo', 'sort'),
    ...flags(search, 'overdue', 'majorIncident'),
  }),
  component: lazyRouteComponent(() => import('../modules/msp/ui/QueuePage.tsx')),
})

const mspClients = createRoute({
  getParentRoute,
  path: '/msp/clients',
  component: lazyRouteComponent(() => import('../modules/msp/ui/ClientsPage.tsx')),
})

const mspLicensing = createRoute({
  getParentRoute,
  path: '/msp/licensing',
  component: lazyRouteComponent(() => import('../modules/msp/ui/LicensingPage.tsx')),
})

const mspOrganizations = createRoute({
  getParentRoute,
  path: '/msp/organizations',
  component: lazyRouteComponent(() => import('../modules/msp/ui/OrganizationsPage.tsx')),
})

const portal = createRoute({
  getParentRoute,
  path: '/portal',
  validateSearch: (search): { done?: true } => flags(search, 'done'),
  component: lazyRouteComponent(() => import('../modules/portal/ui/RequestsPage.tsx')),
})

const newRequest = createRoute({
  getParentRoute,
  path: '/portal/new',
  component: lazyRouteComponent(() => import('../modules/portal/ui/NewRequestPage.tsx')),
})

const request = createRoute({
  getParentRoute,
  path: '/portal/$ref',
  component: lazyRouteComponent(() => import('../modules/portal/ui/RequestPage.tsx')),
})

const access = createRoute({
  getParentRoute,
  path: '/access',
  validateSearch: (search): AccessSearch => words(search, 'from', 'kind', 'provider', 'person', 'subject'),
  component: lazyRouteComponent(() => import('../modules/msp/ui/AccessPage.tsx')),
})

type ActivitySearch = Partial<Record<'action' | 'channel' | 'actor' | 'subjectType' | 'q' | 'since' | 'until', string>>

const activity = createRoute({
  getParentRoute,
  path: '/manage/activity',
  validateSearch: (search): ActivitySearch => words(search, 'action', 'channel', 'actor', 'subjectType', 'q', 'since', 'until'),
  component: lazyRouteComponent(() => import('./pages/ActivityPage.tsx')),
})

const tools = createRoute({
  getParentRoute,
  path: '/manage/tools',
  component: lazyRouteComponent(() => import('../modules/agents/ui/ToolsPage.tsx')),
})

const apps = createRoute({
  getParentRoute,
  path: '/manage/apps',
  component: lazyRouteComponent(() => import('../modules/agents/ui/AppsPage.tsx')),
})

const ownApps = createRoute({
  getParentRoute,
  path: '/settings/apps',
  component: lazyRouteComponent(() => import('../modules/agents/ui/OwnAppsPage.tsx')),
})

/** Addresses of before stay good. */
const moved = Object.entries({
  '/manage': '/manage/members',
  '/settings/keys': '/manage/keys',
  '/settings/members': '/manage/members',
  '/activity': '/manage/activity',
} as const).map(([path, to]) =>
  createRoute({
    getParentRoute,
    path,
    beforeLoad: ({ location }) => {
      throw redirect({ to, search: location.search as never, replace: true })
    },
  }),
)

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    signInRefused,
    connect,
    setup,
    shell.addChildren([
      home,
      portal,
      newRequest,
      request,
      tasks,
      newTask,
      task,
      profiles,
      profile,
      imports,
      importOne,
      security,
      securityRecords,
      scans,
      scan,
      settings,
      keys,
      members,
      people,
      users,
      accountSecurity,
      manageSignIn,
      tools,
      apps,
      ownApps,
      ...moved,
      activity,
      access,
      mspDashboard,
      mspQueue,
      mspClients,
      mspLicensing,
      mspOrganizations,
    ]),
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: RouteError,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
