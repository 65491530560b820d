import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react'
import { Link, Navigate, Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect, useRef, useState } from 'react'
import type { Output } from '../../platform/client.ts'
import { onDemand } from '../../platform/react/demand.tsx'
import { CategoryLooks, PriorityLooks } from '../../platform/react/marks.tsx'
import { ProblemNotice, Waiting } from '../../platform/react/page.tsx'
import { useKept } from '../../platform/react/preferences.ts'
import { useUndoKey } from '../../platform/react/undo.tsx'
import { useMay, useRead } from '../../platform/react.tsx'
import { text } from '../text.ts'
import { ElsewhereBand, useHome } from './ElsewhereBand.tsx'
import { Header } from './Header.tsx'
import { useLastPlace } from './last-place.ts'
import { Navigation } from './Navigation.tsx'
import { NoOrganization } from './NoOrganization.tsx'
import { ElevationBand, ProviderBand } from './ProviderBand.tsx'
import css from './shell.module.css'
import { useBranding } from './use-branding.ts'
import { useLive } from './use-live.ts'
import { useLooks } from './use-looks.ts'

const NavigationDrawer = onDemand(() => import('./NavigationDrawer.tsx').then((module) => module.NavigationDrawer))

/** The frame around every page of the product: navigation left, header above, content. */
export function Shell() {
  const me = useRead('identity.whoami', {}, { staleTime: 60_000 })
  if (me.error && !me.data) return <Alone>{<ProblemNotice error={me.error} />}</Alone>
  if (!me.data) return <Alone>{<Waiting lines={3} />}</Alone>
  if (!me.data.organization) return <NoOrganization me={me.data} />
  return <Frame me={me.data} organizationId={me.data.organization.id} />
}

function Frame({ me, organizationId }: { me: Output<'identity.whoami'>; organizationId: string }) {
  // The stream tells of the whole desk; whoever only has requests reads them anew when coming back to them.
  const may = useMay()
  const worksHere = may('tasks.read')
  useLive(organizationId, worksHere)
  useUndoKey()
  useLastPlace(me)
  const logo = useBranding()
  const looks = useLooks()
  const isGuest = me.provider !== null
  const { home, ...where } = useHome(me)
  const isElsewhere = where.isElsewhere && !isGuest
  const [nav, setNav] = useKept('nav', 'wide')
  const [drawer, setDrawer] = useState<boolean>()
  const main = useFocusOnNavigation()
  const folded = nav === 'folded'

  const FoldIcon = folded ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse
  return (
    <PriorityLooks value={looks.priorities}>
      <CategoryLooks value={looks.categories}>
        <div className={css.frame}>
          <a href="#content" data-skip>
            {text.skip}
          </a>
          <nav className={css.nav} data-folded={folded} aria-label={text.nav.label}>
            <Brand logo={logo} />
            <Navigation />
            <button
              type="button"
              className={css.fold}
              onClick={() => setNav(folded ? null : 'folded')}
              title={folded ? text.nav.unfold : undefined}
            >
              <FoldIcon size={18} stroke={1.7} />
              <span className={css.label}>{folded ? text.nav.unfold : text.nav.fold}</span>
            </button>
          </nav>
          <Header me={me} onOpenNavigation={() => setDrawer(true)} />
          <div className={css.bands}>
            {isElsewhere && <ElsewhereBand name={me.organization?.name ?? ''} home={home} />}
            {isGuest && <ProviderBand me={me} />}
            <ElevationBand me={me} />
          </div>
          {drawer !== undefined && <NavigationDrawer opened={drawer} onClose={() => setDrawer(false)} />}
          <main className={css.main} id="content" data-elsewhere={isElsewhere || isGuest || undefined} tabIndex={-1} ref={main}>
            <Suspense fallback={<Alone>{<Waiting />}</Alone>}>
              {!worksHere && may('requests.read') ? <PortalOnly /> : <Outlet />}
            </Suspense>
          </main>
        </div>
      </CategoryLooks>
    </PriorityLooks>
  )
}

/** Whoever only asks for things is at home in the portal; a link to a ticket leads to the same request there. */
function PortalOnly() {
  // Of the page that is shown, not of the one on its way: no page of the desk is even begun.
  const pathname = useRouterState({ select: (state) => state.matches.at(-1)?.pathname ?? '/' })
  if (/^\/(portal|account|settings\/apps)(\/|$)/.test(pathname)) return <Outlet />
  const ref = /^\/tasks\/([^/]+)$/.exec(pathname)?.[1]
  return ref && ref !== 'new' ? (
    <Navigate to="/portal/$ref" params={{ ref }} replace />
  ) : (
    <Navigate to={ref ? '/portal/new' : '/portal'} replace />
  )
}

const Alone = ({ children }: { children: React.ReactNode }) => <div style={{ maxWidth: 640, padding: 24 }}>{children}</div>

const Brand = ({ logo }: { logo: string }) => (
  <Link to="/" className={css.brand} activeProps={{ 'aria-current': undefined }}>
    <img src={logo || '/icon.svg'} alt="" />
    <span className={css.label}>{text.product}</span>
  </Link>
)

/** On another page the keyboard starts at its content, as it would after a page load. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null)
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  const before = useRef(pathname)
  useEffect(() => {
    if (before.current === pathname) return
    before.current = pathname
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true })
    main.current?.scrollTo({ top: 0 })
  }, [pathname])
  return main
}
