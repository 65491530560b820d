/** What the business says about tasks beside their process (the profiles' evaluator judges that). Pure. */
import type { Channel } from '../../platform/context.ts'
import { messages, params } from '../../platform/messages.ts'
import { problem } from '../../platform/problem.ts'

export const NoSuchTask = problem('NO_SUCH_TASK', 404, 'There is no such task')
export const TaskDeleted = problem('TASK_DELETED', 409, 'The task is deleted')
export const TaskMerged = problem('TASK_MERGED', 409, 'The task was merged into another')
export const MergeRefused = problem('MERGE_REFUSED', 409, 'These tasks cannot be merged')
export const LinkRefused = problem('LINK_REFUSED', 409, 'These tasks cannot be linked like this')
export const MappingNeeded = problem('MAPPING_NEEDED', 409, 'Some tasks stand in a status the new version does not have')
export const NoSuchView = problem('NO_SUCH_VIEW', 404, 'There is no such view')

/** The sentences of these and of the general problems, as far as they are about tasks. */
export const say = messages('tasks/refusals', {
  noTask: params('There is no task {task} in this organization.'),
  deleted: 'This task was deleted. Restore it first.',
  deletedForReply: 'This task was deleted. Restore it before commenting.',
  merged: params('This task was merged into {task}. Change that one instead.'),
  stale: params(
    '{person} changed this task in the meantime (version {version}; yours is based on {yours}). Compare the values and save again.',
  ),
  noTeam: params('There is no team “{team}” in this organization. Its teams: {teams}.'),
  ownProblem: 'A task cannot be its own problem. Give the number of another one.',
  noProblem: params('There is no task “{task}” in this organization. Give the number of the problem, such as {example}.'),
  deletedSeen: 'Only those who may delete tasks see deleted ones.',
  afterSorted: 'after: give `next` of the page before, with the same sort.',
  after: 'after: give `next` of the page before.',
  linkedToItself: 'A task cannot be linked to itself.',
  ancestor: 'This link would close a circle: the other task is already an ancestor along existing links.',
  blocking: 'This link would close a circle: the other task is already blocking along existing links.',
  sameTask: 'Both are the same task, or the other was merged into this one already.',
  mapping: params('Say where tasks in {states} go, as stateMap {example}. The new version has {names}.'),
  teamOfView: 'teamId: Say whose team this view is for.',
  atOnce: 'At most 1,000 tasks at once.',
  logEnds: params('The log ends in {status}, which needs {fields} under {profile}.'),
  missing: 'Is missing.',
  shareView: 'Sharing a view needs the permission views.share. Save it as private.',
  noView: 'There is no such view.',
  changeView: 'Only its owner may change this view.',
  deleteView: 'Only its owner may delete this view.',
})

/** Refusals of the process, by the evaluator's code; a code each so that programs need not read sentences. */
export const processProblems = {
  'transition-not-allowed': problem('TRANSITION_NOT_ALLOWED', 409, 'The process does not allow this move'),
  'unknown-status': problem('UNKNOWN_STATUS', 409, 'The process has no such status'),
  'terminal-status': problem('TERMINAL_STATUS', 409, 'The process ends in this status'),
  'fields-required-to-enter': problem('FIELDS_REQUIRED_TO_ENTER', 409, 'The move needs fields first'),
  'field-required': problem('FIELD_REQUIRED', 422, 'The profile requires fields'),
  'field-hidden': problem('FIELD_HIDDEN', 422, 'The profile hides a field'),
  'choice-not-allowed': problem('CHOICE_NOT_ALLOWED', 422, 'The profile does not offer this choice'),
  'custom-field-unknown': problem('CUSTOM_FIELD_UNKNOWN', 422, 'The profile has no such field'),
  'value-invalid': problem('VALUE_INVALID', 422, 'A value is not of its kind'),
}

/** Where a task comes from when its creator does not say (reference §3, Source / Channel). */
export const sourceOf = (channel: Channel): string =>
  ({
    web: 'Web',
    api: 'API',
    mcp: 'AI',
    copilot: 'AI',
    claude: 'AI',
    agent: 'Monitoring',
    cron: 'API',
    email: 'Email',
    'ado-webhook': 'API',
    public: 'Portal',
    scim: 'API',
  })[channel]

/** The fields of `after` that differ from `before`, from both sides; fields that stay the same are left out. */
export function changesBetween(before: Record<string, unknown>, after: Record<string, unknown>) {
  const changed = Object.keys(after).filter((field) => !same(before[field], after[field]))
  return { before: pick(before, changed), after: pick(after, changed), changed }
}

const pick = (from: Record<string, unknown>, fields: string[]) =>
  Object.fromEntries(fields.map((field) => [field, from[field] ?? null]))

/** Equal as values: instants by the moment they name, lists and objects by their content. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b || (a ?? null) === (b ?? null)) return true
  if (typeof a === 'string' && typeof b === 'string') return isInstant(a) && isInstant(b) && Date.parse(a) === Date.parse(b)
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
}

const isInstant = (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)

/** Names of the seeds become the names the product keeps: `assignmentGroup` is `teamId`, `majorIncident` is `isMajorIncident`. */
export function withoutAliases<T extends Record<string, unknown>>({
  assignmentGroup,
  majorIncident,
  ...fields
}: T & { assignmentGroup?: unknown; majorIncident?: unknown }) {
  return {
    ...fields,
    ...(assignmentGroup !== undefined && (fields as Record<string, unknown>).teamId === undefined && { teamId: assignmentGroup }),
    ...(majorIncident !== undefined &&
      (fields as Record<string, unknown>).isMajorIncident === undefined && { isMajorIncident: majorIncident }),
  }
}

const nameBeside = { requesterEmail: 'requesterName', contactEmail: 'contactName', assignedToEmail: 'assignedToName' } as const

/** Where a change names another person by address alone, the name of the one before goes. */
export function withoutNamesOfOthers<T extends Record<string, unknown>>(fields: T, before: Record<string, unknown>): T {
  const gone: Record<string, null> = {}
  for (const [email, name] of Object.entries(nameBeside)) {
    const another = fields[email] !== undefined && fields[email] !== before[email]
    if (another && fields[name] === undefined && (before[name] ?? null) !== null) gone[name] = null
  }
  return { ...fields, ...gone }
}

type Reachable = { requesterEmail: string | null; visibility: string; deletedAt: string | null }

/** Whether a task is somebody's own to see in the portal: they asked for it, and it is neither internal nor deleted. */
export const isOwn = ({ requesterEmail, visibility, deletedAt }: Reachable, email: string): boolean =>
  requesterEmail === email && visibility === 'CustomerVisible' && deletedAt === null
