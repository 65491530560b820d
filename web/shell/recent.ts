/** Tickets looked at lately, kept in this browser for each organization. */
import { useEffect, useMemo } from 'react'
import { keep } from '../../platform/react/kept.ts'
import { useKept } from '../../platform/react/preferences.ts'
import { useMe } from '../../platform/react.tsx'

export type Recent = { key: string; title: string }

const most = 8
const placeOf = (organizationId: string) => `recent.${organizationId}`

function read(kept: string): Recent[] {
  try {
    return JSON.parse(kept) as Recent[]
  } catch {
    return []
  }
}

/** Newest first. */
export function useRecent(): readonly Recent[] {
  const [kept] = useKept(placeOf(useMe()?.organization?.id ?? ''), '[]')
  return useMemo(() => read(kept), [kept])
}

/** Notes that a ticket is being looked at. */
export function useNoteRecent(ticket: Recent | undefined) {
  const organizationId = useMe()?.organization?.id
  const before = useRecent()
  const { key, title } = ticket ?? {}
  useEffect(() => {
    if (!organizationId || !key || !title || (before[0]?.key === key && before[0].title === title)) return
    keep(placeOf(organizationId), JSON.stringify([{ key, title }, ...before.filter((each) => each.key !== key)].slice(0, most)))
  }, [organizationId, key, title, before])
}
