import { useContext, useMemo } from 'react'
import { PriorityLooks, priorityName } from '../../../platform/react/marks.tsx'
import { useMay, useMe, useRead } from '../../../platform/react.tsx'
import type { Names } from './filters.ts'

/** People and profiles of the organization, and their names by address and id. */
export function useDirectory() {
  const me = useMe()
  const may = useMay()
  const everybody = useRead('identity.list-people', {}, { staleTime: 60_000 })
  const people = everybody.data?.items
  const profiles = useRead('profiles.list', {}, { staleTime: 60_000, enabled: may('profiles.read') }).data?.items
  const settings = useRead('settings.get', {}, { staleTime: 60_000, enabled: may('settings.read') }).data
  const looks = useContext(PriorityLooks)
  return useMemo(() => {
    const names = new Map((people ?? []).map(({ email, name }) => [email, name]))
    const titles = new Map((profiles ?? []).map(({ id, name }) => [id, name]))
    const teams = new Map((settings?.teams ?? []).map(({ id, name }) => [id, name]))
    const named: Names = {
      person: (email) => names.get(email) || email,
      profile: (id) => titles.get(id) ?? id,
      team: (id) => teams.get(id) ?? id,
      priority: (name) => priorityName(name, looks),
    }
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
      teams: settings?.teams ?? [],
      /** Whether names are still on their way. */
      isReading: everybody.isLoading,
      priorities: settings?.priorities.map(({ name }) => name) ?? organization?.priorities ?? [],
      categories: settings?.categories.map(({ name }) => name) ?? organization?.categories ?? [],
      names: named,
    }
  }, [people, everybody.isLoading, profiles, settings, me, looks])
}

export type Directory = ReturnType<typeof useDirectory>
