/** Records of the database as the outside sees them. */
import type { z } from 'zod'
import type { Link, Task, TaskRow } from './contract.ts'
import type { LinkRecord, RowRecord, TaskRecord } from './queries.ts'

/** What people say: the organization's prefix and the number. */
export const keyOf = (prefix: string, number: number) => `${prefix}-${number}`

export function presentRow(prefix: string, row: RowRecord): TaskRow {
  return {
    id: row.id,
    key: keyOf(prefix, row.number),
    number: row.number,
    version: row.version,
    title: row.title,
    category: row.category,
    status: row.status,
    statusCategory: row.statusCategory as TaskRow['statusCategory'],
    priority: row.priority,
    isMajorIncident: row.isMajorIncident,
    tags: row.tags,
    requesterEmail: row.requesterEmail,
    requesterName: row.requesterName,
    assignedToEmail: row.assignedToEmail,
    assignedToName: row.assignedToName,
    teamId: row.teamId,
    profileId: row.profileId,
    dueDate: row.dueDate,
    responseDueAt: row.responseDueAt,
    resolutionDueAt: row.resolutionDueAt,
    firstResponseAt: row.firstResponseAt,
    resolvedAt: row.resolvedAt,
    closedAt: row.closedAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

type Around = { prefix: string; watchers: string[]; links: LinkRecord[]; mergedInto: { id: string; number: number } | null }

export function presentTask(record: TaskRecord, { prefix, watchers, links, mergedInto }: Around): Task {
  // Each field by its name: copying a record of sixty fields as a whole costs several times as much.
  return {
    id: record.id,
    key: keyOf(prefix, record.number),
    number: record.number,
    version: record.version,
    title: record.title,
    category: record.category,
    status: record.status,
    statusCategory: record.statusCategory as TaskRow['statusCategory'],
    priority: record.priority,
    isMajorIncident: record.isMajorIncident,
    tags: record.tags,
    requesterEmail: record.requesterEmail,
    requesterName: record.requesterName,
    assignedToEmail: record.assignedToEmail,
    assignedToName: record.assignedToName,
    teamId: record.teamId,
    profileId: record.profileId,
    dueDate: record.dueDate,
    responseDueAt: record.responseDueAt,
    resolutionDueAt: record.resolutionDueAt,
    firstResponseAt: record.firstResponseAt,
    resolvedAt: record.resolvedAt,
    closedAt: record.closedAt,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    description: record.description,
    subCategory: record.subCategory,
    symptomCode: record.symptomCode,
    source: record.source,
    impact: record.impact,
    urgency: record.urgency,
    severity: record.severity,
    tier: record.tier,
    contactEmail: record.contactEmail,
    contactName: record.contactName,
    assignmentGroup: record.teamId,
    majorIncident: record.isMajorIncident,
    profileVersion: record.profileVersion,
    slaId: record.slaId,
    slaName: record.slaName,
    sla: record.sla as unknown,
    slaRespondedAt: record.firstResponseAt,
    slaResolvedAt: record.resolvedAt,
    resolutionCode: record.resolutionCode,
    resolutionNotes: record.resolutionNotes,
    rootCauseCode: record.rootCauseCode,
    rootCauseAnalysis: record.rootCauseAnalysis,
    businessService: record.businessService,
    configurationItems: record.configurationItems,
    linkedProblemId: record.linkedProblemId,
    linkedTaterEntityType: record.linkedTaterEntityType,
    linkedTaterEntityId: record.linkedTaterEntityId,
    visibility: record.visibility,
    externalRefs: record.externalRefs as Task['externalRefs'],
    customFields: record.customFields as Record<string, unknown>,
    watchers,
    links: links.map((link) => presentLink(prefix, link)),
    mergedInto: mergedInto && { id: mergedInto.id, key: keyOf(prefix, mergedInto.number) },
    deletedAt: record.deletedAt,
    createdBy: record.createdBy,
    updatedBy: record.updatedBy,
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
