import { DirectionProvider, MantineProvider } from '@mantine/core'
import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { routes } from '../generated/routes.ts'
import { client, ProblemResponse } from '../platform/client.ts'
import { direction } from '../platform/react/i18n.ts'
import { Notices } from '../platform/react/notices.tsx'
import { ApiContext, keyOf } from '../platform/react.tsx'
import { router } from './router.tsx'
import { cssVariables, theme } from './theme.ts'

/** A second try helps when the server was busy or restarting, not when it said no. */
const worthRetrying = (failures: number, error: unknown) =>
  failures < 2 && error instanceof ProblemResponse && (error.status === 0 || error.status >= 502)

const cache = new QueryClient({
  mutationCache: new MutationCache(),
  defaultOptions: { queries: { retry: worthRetrying, staleTime: 5_000, refetchOnWindowFocus: true } },
})

function toSignIn() {
  const { pathname, href } = router.state.location
  if (pathname === '/sign-in' || pathname === '/setup') return
  const wasIn = cache.getQueryData(keyOf('identity.whoami', {})) !== undefined
  cache.clear()
  router.navigate({ to: '/sign-in', search: { return: href, ...(wasIn && { ended: true }) }, replace: true })
}

const api = {
  call: client(routes, (input, init) => fetch(input, init), toSignIn),
  touches: {
    tasks: ['comments', 'security', 'activity', 'people'],
    people: ['activity'],
    comments: ['tasks', 'activity'],
    profiles: ['tasks', 'comments'],
    imports: ['tasks'],
    identity: ['activity', 'agents'],
    agents: ['activity'],
    security: ['tasks', 'scans', 'activity'],
    scans: ['security', 'activity'],
    settings: ['identity', 'activity', 'tasks'],
    msp: ['identity', 'activity'],
  },
}

/** Shows the product in an element of the page. */
export const start = (place: HTMLElement) =>
  createRoot(place).render(
    <StrictMode>
      <DirectionProvider initialDirection={direction} detectDirection={false}>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
          <Notices />
          <QueryClientProvider client={cache}>
            <ApiContext value={api}>
              <RouterProvider router={router} />
            </ApiContext>
          </QueryClientProvider>
        </MantineProvider>
      </DirectionProvider>
    </StrictMode>,
  )
