/** The address of a list of records: what a person filtered can be sent to another. */
import { recordSorts, recordTypes } from '../contract.ts'

export type RecordSearch = {
  type?: (typeof recordTypes)[number]
  q?: string
  status?: string
  severity?: string
  result?: string
  source?: string
  owner?: string
  reviewDue?: true
  archived?: true
  sort?: (typeof recordSorts)[number]
  /** The record in the panel, by reference or id. */
  record?: string
}

const texts = ['q', 'status', 'severity', 'result', 'source', 'owner', 'record'] as const

/** What an address may say; what it says wrongly is left out. */
export function recordSearchOf(search: Record<string, unknown>): RecordSearch {
  const found: RecordSearch = {}
  for (const name of texts) if (typeof search[name] === 'string' && search[name] !== '') found[name] = search[name]
  const type = recordTypes.find((each) => each === search.type)
  const sort = recordSorts.find((each) => each === search.sort)
  if (type) found.type = type
  if (sort) found.sort = sort
  if (search.reviewDue === true) found.reviewDue = true
  if (search.archived === true) found.archived = true
  return found
}
