/** A task judged but not yet written: what every way of creating one has in common. Pure, so that a preview can do the same. */
import { v7 } from '../../platform/ids.ts'
import { evaluateCreate, evaluateUpdate, pathTo, validateStatusTransition } from '../profiles/contract.ts'
import type { BoundProfile } from '../profiles/operations.ts'
import type { NewTask } from './contract.ts'
import { accepted, forCategory, rankIn, refused, type TaskContext } from './process.ts'
import { withoutAliases } from './rules.ts'

export type Draft = {
  /** Every field that has a value, by its name; the number comes with the writing. */
  row: Record<string, unknown> & { id: string }
  watchers: string[]
  /** What the activity keeps of the creation. */
  said: Record<string, unknown>
  /** Moves that followed the creation, in order. */
  moves: DraftMove[]
  /** When and by whom it was made, where that is not now and the caller (history). */
  made?: { time: Date; by: string }
}

export type DraftMove = {
  from: string
  to: string
  category: string
  before: Record<string, unknown>
  after: Record<string, unknown>
  /** When and by whom, where that is not now and the caller (history). */
  at?: { time: Date; by: string }
  /** The profile would have refused it; only imported history has such moves. */
  outsideProcess?: true
}

/** Fields the database fills when nobody did. */
const blank = {
  tier: 1,
  tags: [],
  isMajorIncident: false,
  configurationItems: [],
  externalRefs: [],
  visibility: 'Internal',
  description: '',
}

/** Fields that are null when nobody gave them. */
export const absent = Object.fromEntries(
  (
    'subCategory symptomCode impact urgency severity requesterEmail requesterName contactEmail contactName assignedToEmail assignedToName teamId ' +
    'dueDate responseDueAt resolutionDueAt slaId slaName firstResponseAt resolvedAt closedAt resolutionCode resolutionNotes rootCauseCode rootCauseAnalysis ' +
    'businessService linkedProblemId linkedTaterEntityType linkedTaterEntityId mergedIntoId deletedAt'
  )
    .split(' ')
    .map((field) => [field, null]),
)

/** Nothing in these columns is null; a cleared field goes back to this. */
export const blankOf = (values: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(values).map(([field, value]) => [
      field,
      value === null && field in blank ? blank[field as keyof typeof blank] : value,
    ]),
  )

/**
 * Judges a new task by its process, or throws the refusal as a problem.
 * @param made when and by whose address its row is made
 */
export function draftTask(bound: BoundProfile, input: NewTask, context: TaskContext, made: { at: Date; by: string }): Draft {
  const { watchers = [], profileId: _, ...given } = input
  const own = forCategory(bound.document, context, given.category)
  const { values, sla, move } = accepted(evaluateCreate(own.document, withoutAliases(given), own.context))
  const row = {
    ...blank,
    ...blankOf(values),
    id: v7(),
    sla,
    priorityRank: rankIn(context, values.priority),
    priority: values.priority ?? 'Normal',
    category: values.category ?? 'Other',
    source: values.source ?? 'API',
    status: move!.to,
    statusCategory: move!.category,
    profileId: bound.profileId,
    profileVersion: bound.profileVersion,
    createdAt: made.at,
    createdBy: made.by,
    updatedAt: made.at,
    updatedBy: made.by,
  }
  return { row, watchers: [...new Set(watchers)], said: created(values, bound.profileId), moves: [] }
}

/** What the activity keeps of a new task: what was said, without the long text and without what is empty. */
function created({ description: _long, customFields, ...values }: Record<string, unknown>, profileId: string | null) {
  const said = Object.entries({ ...values, profileId, ...(Object.keys(customFields ?? {}).length > 0 && { customFields }) })
  return Object.fromEntries(
    said.filter(([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)),
  )
}

/** Brings a draft to a status by the shortest legal way, each step judged like any other move; throws the first refusal. */
export function walkTo(bound: BoundProfile, draft: Draft, status: string, context: TaskContext): void {
  const { document, context: own } = forCategory(bound.document, context, draft.row.category)
  const from = String(draft.row.status)
  const way = pathTo(document, from, status)
  if (!way) throw refused(validateStatusTransition(document, from, status, undefined, own.language)!)
  for (const step of way) {
    const { values, sla, move } = accepted(evaluateUpdate(document, draft.row, { status: step }, own))
    const after = blankOf(values)
    const before = Object.fromEntries(Object.keys(after).map((field) => [field, draft.row[field] ?? null]))
    draft.moves.push({ from: move!.from!, to: move!.to, category: move!.category, before, after })
    Object.assign(draft.row, after, { sla, statusCategory: move!.category })
  }
}
