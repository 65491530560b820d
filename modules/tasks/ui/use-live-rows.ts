import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useContext, useEffect, useRef, useState } from 'react'
import { useHappenings } from '../../../platform/react/live.ts'
import { ApiContext, keyOf } from '../../../platform/react.tsx'
import type { TaskRow } from '../contract.ts'
import type { TaskSearch } from './search.ts'

type Pages = InfiniteData<{ items: TaskRow[]; next: string | null }>

const compared = 50
const mostSingle = 20
const pauseMs = 1_000

/**
 * What others change shows at once in the rows on screen, but no row moves: how many stand elsewhere now, came or went is
 * counted in `pending`, and `refresh` orders anew.
 */
export function useLiveRows(search: TaskSearch, pages: { isRefetching: boolean; refetch: () => Promise<unknown> }) {
  const { call } = useContext(ApiContext)
  const cache = useQueryClient()
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set())
  const changed = useRef<Set<string> | 'all'>(new Set())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const key = [...keyOf('tasks.list', search), 'pages']
  const address = JSON.stringify(search)

  const look = async () => {
    const ids = changed.current
    changed.current = new Set()
    const shown = cache.getQueryData<Pages>(key)?.pages.flatMap(({ items }) => items)
    const fresh = (await call('tasks.list', { ...search, limit: compared }).catch(() => null))?.items
    if (!fresh || !shown) return
    const placeBefore = new Map(shown.map(({ id }, place) => [id, place]))
    const placeNow = new Map(fresh.map(({ id }, place) => [id, place]))
    const about = ids === 'all' ? new Set([...placeNow.keys(), ...shown.slice(0, compared).map(({ id }) => id)]) : ids
    const below = [...about].filter((id) => placeBefore.has(id) && !placeNow.has(id)).slice(0, mostSingle)
    const singles = await Promise.all(below.map((taskId) => call('tasks.get', { taskId }).catch(() => null)))
    const rows = new Map([...fresh, ...singles].flatMap((row) => (row ? [[row.id, row as TaskRow]] : [])))
    cache.setQueryData<Pages>(
      key,
      (before) =>
        before && {
          ...before,
          pages: before.pages.map((page) => ({ ...page, items: page.items.map((row) => rows.get(row.id) ?? row) })),
        },
    )
    // Beyond what was compared nobody knows the new place; there a row is only brought up to date.
    const isBelow = (id: string) => !placeNow.has(id) && (placeBefore.get(id) ?? compared) >= compared
    const moved = [...about].filter((id) => placeBefore.get(id) !== placeNow.get(id) && !isBelow(id))
    if (moved.length > 0) setPending((known) => new Set([...known, ...moved]))
  }

  useHappenings((happenings) => {
    const tasks = happenings.filter(({ subjectType, action }) => subjectType === 'task' && action !== 'presence')
    if (happenings.length > 0 && tasks.length === 0) return
    if (happenings.length === 0) changed.current = 'all'
    else if (changed.current !== 'all') for (const { subjectId } of tasks) if (subjectId) changed.current.add(subjectId)
    timer.current ??= setTimeout(
      () => {
        timer.current = undefined
        look()
      },
      pending.size > 0 ? pauseMs : 50,
    )
  })

  // Read anew, by whatever reason: everything stands where it belongs.
  const { isRefetching } = pages
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has no news yet
  useEffect(() => setPending(new Set()), [address, isRefetching])
  useEffect(() => () => clearTimeout(timer.current), [])

  const refresh = async () => {
    // From the top: what was read far below is read again when somebody goes there.
    cache.setQueryData<Pages>(
      key,
      (before) => before && { pages: before.pages.slice(0, 1), pageParams: before.pageParams.slice(0, 1) },
    )
    await pages.refetch()
  }
  return { pending: pending.size, refresh }
}
