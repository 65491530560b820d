import { useMemo } from 'react'
import { useMay, useRead } from '../../platform/react.tsx'

/** How the organization calls and colours its priorities and categories, by their names in small letters. */
export function useLooks() {
  const may = useMay()
  const settings = useRead('settings.get', {}, { enabled: may('settings.read'), staleTime: 60_000 }).data
  return useMemo(() => {
    const byName = <T extends { name: string }>(items: readonly T[] = []) =>
      new Map(items.map((each) => [each.name.toLowerCase(), each]))
    return { priorities: byName(settings?.priorities), categories: byName(settings?.categories) }
  }, [settings])
}
