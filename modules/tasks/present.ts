/** Records of the database as the outside sees them. */
import type { z } from 'zod'
import type { Link, Task, TaskRow } from './contract.ts'
import type { LinkRecord, RowRecord, TaskRecord } from './queries.ts'

/** What people say: the organization's prefix and the number. */
export const keyOf = (prefix: string, number: number) => `${prefix}-${number}`

export function presentRow(prefix: string, row: RowRecord): TaskRow {
  return { ...row, statusCategory: row.statusCategory as TaskRow['statusCategory'], key: keyOf(prefix, row.number) }
}

type Around = { prefix: string; watchers: string[]; links: LinkRecord[]; mergedInto: { id: string; number: number } | null }

export function presentTask(record: TaskRecord & { linked?: boolean }, { prefix, watchers, links, mergedInto }: Around): Task {
  const { mergedIntoId: _end, linked: _linked, externalRefs, customFields, sla, ...row } = record
  return {
    ...row,
    statusCategory: row.statusCategory as TaskRow['statusCategory'],
    key: keyOf(prefix, row.number),
    assignmentGroup: row.teamId,
    majorIncident: row.isMajorIncident,
    sla: sla as unknown,
    slaRespondedAt: row.firstResponseAt,
    slaResolvedAt: row.resolvedAt,
    externalRefs: externalRefs as Task['externalRefs'],
    customFields: customFields as Record<string, unknown>,
    watchers,
    links: links.map((link) => presentLink(prefix, link)),
    mergedInto: mergedInto && { id: mergedInto.id, key: keyOf(prefix, mergedInto.number) },
  }
}

const presentLink = (prefix: string, { type, direction, ...other }: LinkRecord): z.output<typeof Link> => ({
  type: type as z.output<typeof Link>['type'],
  direction,
  task: {
    id: other.id,
    key: keyOf(prefix, other.number),
    title: other.title,
    status: other.status,
    statusCategory: other.statusCategory as TaskRow['statusCategory'],
  },
})
