/** The tasks' side of the process evaluator: what it is told, and how its refusals become problems. */
import type { Context } from '../../platform/context.ts'
import type { Evaluation, EvaluationContext, Refusal } from '../profiles/contract.ts'
import { type BoundProfile, profileVersion } from '../profiles/operations.ts'
import { defaultCategories } from './contract.ts'
import type { TaskRecord } from './queries.ts'
import { processProblems, sourceOf } from './rules.ts'

const kinds = { user: 'user', agent: 'agent', key: 'user', system: 'system' } as const

/** Everything the evaluator may know of the request. */
export const evaluationContext = ({ now, actor }: Context): EvaluationContext => ({
  now,
  actorKind: kinds[actor.kind],
  choices: { category: defaultCategories },
})

/** What the system fills in when the creator does not say: who asks, and where from. */
export const systemValues = ({ actor, channel }: Context) => ({
  source: sourceOf(channel),
  ...(actor.kind !== 'system' && { requesterEmail: actor.email, ...(actor.kind !== 'key' && { requesterName: actor.name }) }),
})

export function accepted(evaluation: Evaluation, subject: { key?: string } = {}): Extract<Evaluation, { ok: true }> {
  if (evaluation.ok) return evaluation
  throw refused(evaluation.refusal, subject)
}

/** A refusal with everything a person, a button or an agent needs to go on. */
export function refused({ code, message, ...rest }: Refusal, { key }: { key?: string } = {}) {
  const errors = rest.problems.map(({ field, message: detail }) => ({ pointer: `#/${field.replaceAll('.', '/')}`, detail }))
  return processProblems[code](message, { ...rest, ...(key && { task: key }), ...(errors.length > 0 && { errors }) })
}

/** The profile version a task follows. */
export const profileOf = (
  ctx: Context,
  task: Pick<TaskRecord, 'profileId'> & { profileVersion: number | null },
): Promise<BoundProfile> => profileVersion(ctx, task.profileId, task.profileVersion)
