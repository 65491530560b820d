/** The page's side of an operation: `useRead` shows a query, `usePages` a long list, `useChange` runs a command. */
import { type QueryClient, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useCallback, useContext } from 'react'
import type { Call, CommandName, Input, Output, QueryName } from './client.ts'

type Api = {
  call: Call
  /** Whose reads grow stale, beside its own, when a module changes something. */
  touches: Readonly<Record<string, readonly string[]>>
}

const nobody: Call = () => Promise.reject(new Error('There is no client above this component'))
export const ApiContext = createContext<Api>({ call: nobody, touches: {} })

const moduleOf = (name: string) => name.split('.')[0]!
export const keyOf = (name: string, input: unknown) => [moduleOf(name), name, input]

type ReadOptions = { enabled?: boolean; staleTime?: number; refetchInterval?: number | false; keepPrevious?: boolean }

/** What a query answers, kept and shared between the components that ask the same. */
export function useRead<N extends QueryName>(name: N, input: Input<N>, options: ReadOptions = {}) {
  const { call } = useContext(ApiContext)
  const { keepPrevious, ...rest } = options
  return useQuery<Output<N>>({
    queryKey: keyOf(name, input),
    queryFn: () => call(name, input),
    ...(keepPrevious && { placeholderData: (previous: unknown) => previous as never }),
    ...rest,
  })
}

type Page<T> = { items: T[]; next: string | null }

type PagesOptions = { enabled?: boolean; refetchOnWindowFocus?: boolean; refetchOnReconnect?: boolean }

/** A list read page by page; `items` are the rows so far. */
export function usePages<N extends QueryName>(name: N, input: Input<N>, options: PagesOptions = {}) {
  type Item = Output<N> extends Page<infer T> ? T : never
  const { call } = useContext(ApiContext)
  const pages = useInfiniteQuery({
    queryKey: [...keyOf(name, input), 'pages'],
    queryFn: ({ pageParam }) =>
      call(name, { ...(input as object), ...(pageParam && { after: pageParam }) } as Input<N>) as Promise<Page<Item>>,
    initialPageParam: '',
    getNextPageParam: (page: Page<Item>) => page.next ?? undefined,
    // While another filter is read, the rows of the one before stay, so that the page does not jump.
    placeholderData: (previous) => previous,
    ...options,
  })
  return { ...pages, items: pages.data?.pages.flatMap((page) => page.items) }
}

export type Change = <N extends CommandName>(name: N, input: Input<N>) => Promise<Output<N>>

/** After a change, whatever its module (and those it touches) has on screen is read again. */
export function useChange(): Change {
  const { call, touches } = useContext(ApiContext)
  const cache = useQueryClient()
  return useCallback(
    async (name, input) => {
      const output = await call(name, input)
      await refresh(cache, touches, moduleOf(name))
      return output
    },
    [call, touches, cache],
  )
}

/** For what changes outside operations (an upload): reads the module's queries again. */
export function useRefresh() {
  const { touches } = useContext(ApiContext)
  const cache = useQueryClient()
  return useCallback((module: string) => refresh(cache, touches, module), [cache, touches])
}

const mostPagesAgain = 4

/** A list that somebody scrolled far is not read again page after page; the live stream brings what changed in it. */
const isShort = ({ state }: { state: { data: unknown } }) => {
  const { pages } = (state.data ?? {}) as { pages?: unknown[] }
  return !pages || pages.length <= mostPagesAgain
}

const refresh = (cache: QueryClient, touches: Api['touches'], module: string) =>
  Promise.all(
    [module, ...(touches[module] ?? [])].map((each) => cache.invalidateQueries({ queryKey: [each], predicate: isShort })),
  )

/** The person at the screen. Known before any page of the frame is shown. */
export function useMe() {
  return useRead('identity.whoami', {}, { staleTime: 60_000 }).data
}

/** Whether the person may do something in this organization. */
export function useMay() {
  const me = useMe()
  return (permission: string) => me?.permissions.includes(permission as never) ?? false
}
