/** The address of a list of records: what a person filtered can be sent to another. */
import type { RecordType, recordSorts } from '../contract.ts'

type RecordSort = (typeof recordSorts)[number]

export type RecordSearch = {
  type?: RecordType
  q?: string
  status?: string
  severity?: string
  result?: string
  source?: string
  owner?: string
  reviewDue?: true
  archived?: true
  sort?: RecordSort
  /** The record in the panel, by reference or id. */
  record?: string
}

const texts = ['q', 'status', 'severity', 'result', 'source', 'owner', 'record'] as const

/** One of these names, or nothing. Written out once more, type-checked: the contract's schemas would come with every first load. */
const among =
  <T extends string>(names: Record<T, true>) =>
  (value: unknown): T | undefined =>
    typeof value === 'string' && Object.hasOwn(names, value) ? (value as T) : undefined

const typeOf = among<RecordType>({
  control: true,
  risk: true,
  audit: true,
  vendor: true,
  policy: true,
  wiki: true,
  'config-doc': true,
})
const sortOf = among<RecordSort>({ '-updatedAt': true, number: true, '-rank': true, reviewDate: true })

/** What an address may say; what it says wrongly is left out. */
export function recordSearchOf(search: Record<string, unknown>): RecordSearch {
  const found: RecordSearch = {}
  for (const name of texts) if (typeof search[name] === 'string' && search[name] !== '') found[name] = search[name]
  const type = typeOf(search.type)
  const sort = sortOf(search.sort)
  if (type) found.type = type
  if (sort) found.sort = sort
  if (String(search.reviewDue) === 'true') found.reviewDue = true
  if (String(search.archived) === 'true') found.archived = true
  return found
}
