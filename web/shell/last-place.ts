import { useEffect } from 'react'
import type { Output } from '../../platform/client.ts'

type Me = Output<'identity.whoami'>
type Place = { email: string; organization: string; provider: string | null }

const key = 'tater.last-place'

/** Where this tab works, so that the end of an access can be told by name. Gone with the tab. */
export function useLastPlace({ email, organization, provider }: Me) {
  const [name, through] = [organization?.name, provider?.name ?? null]
  useEffect(() => {
    if (name === undefined) return
    try {
      sessionStorage.setItem(key, JSON.stringify({ email, organization: name, provider: through } satisfies Place))
    } catch {
      // Without storage the reason is told without the name.
    }
  }, [email, name, through])
}

/** Where this person worked in this tab before; null when nowhere, or when it was somebody else. */
export function lastPlaceOf(email: string): Place | null {
  try {
    const place = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Place | null
    return place?.email === email ? place : null
  } catch {
    return null
  }
}
