import { useMemo } from 'react'
import { useMay, useMe, useRead } from '../../../platform/react.tsx'
import type { Names } from './filters.ts'

/** People and profiles of the organization, and their names by address and id. */
export function useDirectory() {
  const me = useMe()
  const may = useMay()
  const people = useRead('identity.list-people', {}, { staleTime: 60_000 }).data?.items
  const profiles = useRead('profiles.list', {}, { staleTime: 60_000, enabled: may('profiles.read') }).data?.items
  const settings = useRead('settings.get', {}, { staleTime: 60_000, enabled: may('settings.read') }).data
  return useMemo(() => {
    const names = new Map((people ?? []).map(({ email, name }) => [email, name]))
    const titles = new Map((profiles ?? []).map(({ id, name }) => [id, name]))
    const named: Names = { person: (email) => names.get(email) || email, profile: (id) => titles.get(id) ?? id }
    const organization = me?.organization
    const states = [
      ...new Set([
        'Open',
        'InProgress',
        'OnHold',
        'Blocked',
        'Closed',
        'Cancelled',
        ...(profiles ?? []).flatMap(({ statuses }) => statuses),
      ]),
    ]
    return {
      people: people ?? [],
      profiles: profiles ?? [],
      states,
      priorities: settings?.priorities.map(({ name }) => name) ?? organization?.priorities ?? [],
      categories: settings?.categories.map(({ name }) => name) ?? organization?.categories ?? [],
      names: named,
    }
  }, [people, profiles, settings, me])
}

export type Directory = ReturnType<typeof useDirectory>
