import { useMemo } from 'react'
import { useMay, useRead } from '../../platform/react.tsx'

/** How the organization calls and colours its priorities. */
export function usePriorityLooks() {
  const may = useMay()
  const priorities = useRead('settings.get', {}, { enabled: may('settings.read'), staleTime: 60_000 }).data?.priorities
  return useMemo(() => new Map((priorities ?? []).map((each) => [each.name.toLowerCase(), each])), [priorities])
}
