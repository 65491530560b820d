/** The live stream of the organization: what just happened, told to whatever part of the page wants to know. */
import { useEffect, useRef } from 'react'
import { isOwnRequest } from '../client.ts'

export type Happening = {
  action: string
  subjectType: string
  subjectId: string | null
  actorName: string
  requestId: string
  presence?: { email: string; name: string; kind: string; state: 'viewing' | 'typing' | 'left' }
}

/** Hears what others did, gathered over a moment; an empty list says that something may have been missed. */
type Listener = (happenings: readonly Happening[]) => void
const listeners = new Set<Listener>()
const tell = (happenings: readonly Happening[]) => {
  for (const listener of listeners) listener(happenings)
}

const momentMs = 250
const longestWaitMs = 60_000

/** Listens to what happens while the component is shown. */
export function useHappenings(listener: Listener) {
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => {
    const hear: Listener = (happenings) => latest.current(happenings)
    listeners.add(hear)
    return () => void listeners.delete(hear)
  }, [])
}

/** Keeps the one stream of this tab open; another `organization` opens another. */
export function useLiveStream(organization: string | undefined) {
  useEffect(() => (organization ? openStream() : undefined), [organization])
}

/** @returns how to close it */
function openStream(): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let moment: ReturnType<typeof setTimeout> | undefined
  let waiting: Happening[] = []
  let wait = 2_000
  let wasOpen = false

  const flush = () => {
    moment = undefined
    const news = waiting.filter(({ requestId }) => !isOwnRequest(requestId))
    waiting = []
    if (news.length > 0) tell(news)
  }
  const open = () => {
    source = new EventSource('/api/live')
    source.onopen = () => {
      if (wasOpen) tell([])
      wasOpen = true
      wait = 2_000
    }
    // Everybody hears this at once; they should not all ask at once.
    source.addEventListener('missed', () => setTimeout(tell, Math.random() * 3_000, []))
    source.onmessage = ({ data }) => {
      waiting.push(JSON.parse(data) as Happening)
      moment ??= setTimeout(flush, momentMs)
    }
    source.onerror = () => {
      // A broken connection comes back by itself; a refusal or a server that is away is asked again, ever more slowly.
      if (source?.readyState !== EventSource.CLOSED) return
      timer = setTimeout(open, wait)
      wait = Math.min(2 * wait, longestWaitMs)
    }
  }
  open()
  return () => {
    source?.close()
    clearTimeout(timer)
    clearTimeout(moment)
  }
}
