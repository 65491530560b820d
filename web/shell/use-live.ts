import { type Query, useQueryClient } from '@tanstack/react-query'
import { useContext, useEffect, useRef } from 'react'
import type { Output } from '../../platform/client.ts'
import { type Happening, useHappenings, useLiveStream } from '../../platform/react/live.ts'
import { ApiContext, keyOf } from '../../platform/react.tsx'

/** Whose reads grow stale when something of this kind happens. */
const modules: Record<string, readonly string[]> = {
  task: ['tasks', 'comments'],
  view: ['tasks'],
  comment: ['comments', 'tasks'],
  attachment: ['comments', 'tasks'],
  profile: ['profiles', 'tasks', 'comments'],
  import: ['imports'],
  category: ['settings', 'identity'],
  priorities: ['settings', 'identity'],
  team: ['settings'],
  branding: ['settings'],
  member: ['identity'],
  key: ['identity'],
  access: ['msp', 'identity'],
  client: ['msp', 'identity'],
  organization: ['identity'],
  license: ['msp'],
}

/** Costly to read, so at most this often, however much happens. */
const costly = new Set(['tasks.dashboard', 'tasks.count', 'tasks.list', 'activity.list'])
const costlyMs = 5_000

/** Keeps what is on screen true while others work. The task list looks after itself, so that no row moves under the cursor. */
export function useLive(organizationId: string, on: boolean) {
  const cache = useQueryClient()
  const { call } = useContext(ApiContext)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useLiveStream(on ? organizationId : undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  useHappenings((happenings) => {
    if (happenings.length === 0) return void catchUp()
    const news = happenings.filter(({ action }) => action !== 'presence')
    if (news.length === 0) return
    const isStale = staleAfter(news)
    cache.invalidateQueries({ predicate: (query) => isStale(query) && !isCostly(query) })
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      cache.invalidateQueries({ predicate: (query) => isCostly(query) && !isTaskList(query) })
    }, costlyMs)
  })

  /** The stream was away: in the meantime anything may have changed, even the organization (in another tab). */
  async function catchUp() {
    const me = await call('identity.whoami', {}).catch(() => null)
    if (me?.organization?.id !== organizationId) return cache.resetQueries()
    cache.setQueryData<Output<'identity.whoami'>>(keyOf('identity.whoami', {}), me)
    await cache.invalidateQueries({ predicate: (query) => !isTaskList(query) })
  }
}

const isCostly = ({ queryKey }: Query) => costly.has(String(queryKey[1]))
const isTaskList = ({ queryKey }: Query) => queryKey[1] === 'tasks.list' && queryKey[3] === 'pages'

/** What is about one task is stale only if that task is among the news. */
function staleAfter(news: readonly Happening[]) {
  const stale = new Set(news.flatMap(({ action }) => modules[action.split('.')[0]!] ?? []))
  const subjects = new Set(news.map(({ subjectId }) => subjectId))
  return ({ queryKey: [module, , input], state }: Query) => {
    if (!stale.has(String(module))) return false
    const { taskId } = (input ?? {}) as { taskId?: string }
    if (taskId === undefined || subjects.has(taskId)) return true
    const known = state.data as { id?: string; task?: { id?: string } } | undefined
    const id = known?.task?.id ?? known?.id
    return id === undefined ? !/^[0-9a-f]{8}-/.test(taskId) : subjects.has(id)
  }
}
