import { ProblemResponse } from '../../../platform/client.ts'
import { taskField } from '../../profiles/contract.ts'
import { text } from './text.ts'

/** What a refusal says about each field, by the field's address (`title`, `customFields.costCenter`). */
export function fieldErrors(error: unknown): Map<string, string> {
  const found = new Map<string, string>()
  if (!(error instanceof ProblemResponse)) return found
  const say = (field: string, message: string) => !found.has(field) && found.set(field, message)
  for (const { field, message } of error.body.problems ?? []) say(field, message)
  for (const { field, label } of error.body.missingFields ?? [])
    say(field, text.form.fillIn({ label: taskField(field)?.label ?? label }))
  for (const { pointer, detail } of error.body.errors ?? []) say(pointer.replace(/^#?\//, '').replace('/', '.'), detail)
  return found
}

/** Flat answers (`customFields.costCenter`) as the API wants them, nested; what was left empty stays out. */
export function nested(values: Record<string, unknown>, empty: 'omit' | 'null' = 'omit'): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  const custom: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(values)) {
    const isEmpty = value === '' || value === null || value === undefined
    if (isEmpty && empty === 'omit') continue
    const given = isEmpty ? null : value
    if (key.startsWith('customFields.')) custom[key.slice(13)] = given
    else result[key] = given
  }
  if (Object.keys(custom).length > 0) result.customFields = custom
  return result
}
