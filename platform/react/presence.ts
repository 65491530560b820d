/** Who else looks at a task, and telling the others that one does oneself. */
import { useEffect, useRef, useState } from 'react'
import { type Happening, useHappenings } from './live.ts'

export type Looker = { email: string; name: string; kind: string; state: 'viewing' | 'typing' }

const beatMs = 20_000
const typingMs = 5_000
const goneMs = 45_000

/** The others on the task, told anew as they come, type and leave. */
export function usePresence(taskId: string, me: string | undefined): readonly Looker[] {
  const [lookers, setLookers] = useState<ReadonlyMap<string, Looker & { until: number }>>(new Map())
  const note = useRef((_: readonly Looker[]) => {})
  note.current = (people) =>
    setLookers((before) => {
      const now = Date.now()
      const next = new Map([...before].filter(([, { until }]) => until > now))
      for (const looker of people) next.set(looker.email, { ...looker, until: now + goneMs })
      return next
    })

  useHappenings((happenings) => {
    for (const { presence } of happenings.filter((each) => isHere(each, taskId, me))) {
      const { state, ...person } = presence!
      if (state !== 'left') note.current([{ ...person, state }])
      else setLookers((before) => new Map([...before].filter(([email]) => email !== person.email)))
    }
  })

  useEffect(() => {
    let typedAt = 0
    let said = ''
    const say = async () => {
      if (document.visibilityState !== 'visible') return
      said = Date.now() - typedAt < typingMs ? 'typing' : 'viewing'
      const people = await post(taskId, said).catch(() => [])
      note.current(people.filter(({ email }) => email !== me))
    }
    const leave = () => {
      said = 'left'
      navigator.sendBeacon('/api/live/presence', bodyOf(taskId, 'left'))
    }
    const onVisibility = () => (document.visibilityState === 'visible' ? say() : leave())
    let quiet: ReturnType<typeof setTimeout>
    const onInput = ({ target }: Event) => {
      if (!(target instanceof HTMLTextAreaElement)) return
      typedAt = Date.now()
      clearTimeout(quiet)
      quiet = setTimeout(say, typingMs + 100)
      if (said !== 'typing') say()
    }
    say()
    const beat = setInterval(say, beatMs)
    document.addEventListener('visibilitychange', onVisibility)
    document.addEventListener('input', onInput)
    window.addEventListener('pagehide', leave)
    return () => {
      clearInterval(beat)
      clearTimeout(quiet)
      document.removeEventListener('visibilitychange', onVisibility)
      document.removeEventListener('input', onInput)
      window.removeEventListener('pagehide', leave)
      leave()
    }
  }, [taskId, me])

  return [...lookers.values()]
}

const isHere = ({ presence, subjectId }: Happening, taskId: string, me: string | undefined) =>
  presence !== undefined && subjectId === taskId && presence.email !== me

const bodyOf = (taskId: string, state: string) => new Blob([JSON.stringify({ taskId, state })], { type: 'application/json' })

async function post(taskId: string, state: string): Promise<Looker[]> {
  const response = await fetch('/api/live/presence', { method: 'POST', body: bodyOf(taskId, state), credentials: 'same-origin' })
  return response.ok ? ((await response.json()) as { people: Looker[] }).people : []
}
