/** Addresses that people can read and that are the API's own: `?status=New&status=Open&open=true`. */
import { queryString } from '../platform/client.ts'

export function parseSearch(search: string): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const [key, value] of new URLSearchParams(search)) {
    const known = found[key]
    found[key] = known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value]
  }
  return found
}

export function stringifySearch(search: Record<string, unknown>): string {
  const query = queryString(search)
  return query ? `?${query}` : ''
}
