/** What a category brings to the form: its default priority, and the fields that its requests ask for. */
import { useMay, useRead } from '../../../platform/react.tsx'
import type { FieldType, ProcessField } from '../../profiles/contract.ts'
import type { Category } from '../../settings/contract.ts'

/** The settings of a category by its name. */
export function useCategory(name: unknown): Category | undefined {
  const may = useMay()
  const settings = useRead('settings.get', {}, { enabled: may('settings.read'), staleTime: 60_000 })
  const wanted = String(name ?? '').toLowerCase()
  return settings.data?.categories.find((category) => category.name.toLowerCase() === wanted)
}

/** The form's fields with those of the category; a key that the profile has stays the profile's. */
export function withCategory(fields: readonly ProcessField[], category: Category | undefined): ProcessField[] {
  if (!category) return [...fields]
  const own = new Set(fields.map(({ field }) => field))
  const asked = category.fields
    .map(({ key, type, ...rest }) => ({
      ...rest,
      field: `customFields.${key}`,
      type: type as FieldType,
      visible: true,
      custom: true as const,
    }))
    .filter(({ field }) => !own.has(field))
  const priority = category.defaultPriority
  const offers = (each: ProcessField) => each.field === 'priority' && priority && (each.choices?.includes(priority) ?? true)
  return [...fields.map((each) => (offers(each) ? { ...each, default: priority } : each)), ...asked]
}
