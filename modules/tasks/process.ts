/** The tasks' side of the process evaluator: what it is told, and how its refusals become problems. */
import type { Context } from '../../platform/context.ts'
import { asMessage, listed } from '../../platform/messages.ts'
import { invalidField } from '../../platform/problem.ts'
import { type Evaluation, type EvaluationContext, priorityKey, type Refusal, type TaskerProfile } from '../profiles/contract.ts'
import { type BoundProfile, profileVersion } from '../profiles/operations.ts'
import { type Category, type Settings, standardPriorities } from '../settings/contract.ts'
import { settingsOf } from '../settings/operations.ts'
import { TaskRef } from './contract.ts'
import { keyOf } from './present.ts'
import type { TaskRecord } from './queries.ts'
import * as queries from './queries.ts'
import { processProblems, say, sourceOf } from './rules.ts'

const kinds = { user: 'user', agent: 'agent', key: 'user', system: 'system' } as const

/** What judging takes: what the evaluator is told, and the organization's settings it is told from. */
export type TaskContext = EvaluationContext & { settings?: Settings }

/** Everything the evaluator may know of the request. */
export async function evaluationContext(ctx: Context): Promise<TaskContext> {
  const settings = await settingsOf(ctx)
  const { language = 'en' } = ctx
  return { now: ctx.now, actorKind: kinds[ctx.actor.kind], choices: listsOf(settings), settings, language }
}

const lists = new WeakMap<Settings, { category: string[]; priority: string[] }>()

/** The organization's own lists in the form the evaluator reads; the same object for the same settings. */
function listsOf(settings: Settings) {
  const known = lists.get(settings)
  if (known) return known
  const made = { category: settings.categories.map(({ name }) => name), priority: settings.priorities.map(({ name }) => name) }
  lists.set(settings, made)
  return made
}

/** The same for a task of one category: its targets outrank the profile's, and its request fields join the profile's own. */
export function forCategory(document: TaskerProfile, context: TaskContext, name: unknown) {
  const wanted = String(name ?? '').toLowerCase()
  const category = wanted ? context.settings?.categories.find((each) => each.name.toLowerCase() === wanted) : undefined
  if (!category) return { document, context }
  const { responseMinutes, resolutionMinutes, fields } = category
  const slaTarget = { source: 'category' as const, name: category.name, responseMinutes, resolutionMinutes }
  return {
    document: fields.length > 0 ? withRequestFields(document, category) : document,
    context: responseMinutes || resolutionMinutes ? { ...context, slaTarget } : context,
  }
}

const extended = new WeakMap<TaskerProfile, WeakMap<Category, TaskerProfile>>()

/** A profile with the fields that requests of a category ask for; a key that the profile has stays the profile's. */
function withRequestFields(document: TaskerProfile, category: Category): TaskerProfile {
  const ofDocument = extended.get(document) ?? new WeakMap<Category, TaskerProfile>()
  extended.set(document, ofDocument)
  const known = ofDocument.get(category)
  if (known) return known
  const own = new Set(document.customFields?.map((field) => field.key))
  const added = category.fields.filter((field) => !own.has(field.key))
  const rules = Object.fromEntries(added.map((field) => [field.key, { visible: true, required: field.required }]))
  const customFields = [...(document.customFields ?? []), ...added.map(({ required: _, ...field }) => field)]
  const whole = { ...document, customFields, fieldRules: { ...document.fieldRules, ...rules } } as TaskerProfile
  ofDocument.set(category, whole)
  return whole
}

/** Place of a priority in the organization's order, 1 the highest; one it does not know stands with Normal. */
export function rankIn({ settings }: TaskContext, priority: unknown): number {
  const key = priorityKey(String(priority ?? ''))
  const rankOf = (wanted: string) =>
    (settings?.priorities ?? standardPriorities).find((each) => priorityKey(each.name) === wanted)?.rank
  return rankOf(key) ?? rankOf('normal') ?? 3
}

/**
 * What the system fills in when the creator does not say: who asks, and where from.
 * @param requester whom the creator names as the one who asks, if anybody
 */
export const systemValues = ({ actor, channel }: Context, requester?: string | null) => ({
  source: sourceOf(channel),
  ...(actor.kind !== 'system' && { requesterEmail: actor.email }),
  ...(['user', 'agent'].includes(actor.kind) && (requester ?? actor.email) === actor.email && { requesterName: actor.name }),
})

export function accepted(evaluation: Evaluation, subject: { key?: string } = {}): Extract<Evaluation, { ok: true }> {
  if (evaluation.ok) return evaluation
  throw refused(evaluation.refusal, subject)
}

/** A refusal with everything a person, a button or an agent needs to go on. */
export function refused({ code, message, ...rest }: Refusal, { key }: { key?: string } = {}) {
  const errors = rest.problems.map(({ field, message: detail }) => ({
    pointer: `#/${field.replaceAll('.', '/')}`,
    detail: asMessage(detail),
  }))
  return processProblems[code](asMessage(message), { ...rest, ...(key && { task: key }), ...(errors.length > 0 && { errors }) })
}

/** The profile version a task follows. */
export const profileOf = (
  ctx: Context,
  task: Pick<TaskRecord, 'profileId'> & { profileVersion: number | null },
): Promise<BoundProfile> => profileVersion(ctx, task.profileId, task.profileVersion)

/** What the numbers of the organization's tasks begin with, such as TATER. */
export const prefixOf = async (ctx: Context): Promise<string> => (await settingsOf(ctx)).ticketPrefix

/**
 * The team as the organization spells it. An organization that keeps teams has no others; one that keeps none writes what it likes.
 * @param before what the task carries already, which may be a team that was retired since
 */
export async function withKnownTeam<T extends { teamId?: unknown }>(ctx: Context, wanted: T, before?: string | null): Promise<T> {
  const { teamId } = wanted
  const { teams } = await settingsOf(ctx)
  if (typeof teamId !== 'string' || teamId === before || teams.length === 0) return wanted
  const key = teamId.trim().toLowerCase()
  const found = teams.find(({ id }) => id.toLowerCase() === key) ?? teams.find(({ name }) => name.toLowerCase() === key)
  if (found) return { ...wanted, teamId: found.id }
  const known = teams.slice(0, 20).map(({ id }) => id)
  throw invalidField(['teamId'], say.noTeam({ team: teamId, teams: listed(known) }))
}

/**
 * The linked problem by its number, whatever it was called by. It has to be another task of the organization.
 * @param before the task as it is: what it carries already stays, as an import may have brought numbers of another system
 */
export async function withKnownProblem<T extends { linkedProblemId?: unknown }>(
  ctx: Context,
  wanted: T,
  before?: Pick<TaskRecord, 'id' | 'linkedProblemId'>,
): Promise<T> {
  const ref = typeof wanted.linkedProblemId === 'string' ? wanted.linkedProblemId.trim() : ''
  if (ref === '' || ref === before?.linkedProblemId) return wanted
  const found = TaskRef.safeParse(ref).success ? await queries.findTask(ctx.db, ref) : undefined
  if (found && !found.deletedAt && found.id !== before?.id)
    return { ...wanted, linkedProblemId: keyOf(await prefixOf(ctx), found.number) }
  const own = found && found.id === before?.id
  throw invalidField(
    ['linkedProblemId'],
    own ? say.ownProblem : say.noProblem({ task: ref, example: `${await prefixOf(ctx)}-7` }),
  )
}

/** Who looks at tasks, with the teams that count as theirs. */
export async function viewerOf(ctx: Context) {
  const { email, permissions } = ctx.actor
  const { teams } = await settingsOf(ctx)
  return {
    email,
    permissions,
    teams: teams.filter(({ members, leadEmail }) => leadEmail === email || members.includes(email)).map(({ id }) => id),
  }
}
