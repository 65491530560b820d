/** A ticket played through a draft: the evaluator judges, a clock of our own runs, nothing is kept anywhere. */
import { spokenLanguage as language } from '../../../platform/react/i18n.ts'
import {
  type CompiledProfile,
  describeProcess,
  type EvaluationContext,
  evaluateCreate,
  evaluateUpdate,
  explainSla,
  type ProcessDescription,
  type Refusal,
  type SlaExplanation,
  type SlaState,
} from '../contract.ts'

export type Entry = {
  at: number
  kind: 'created' | 'moved' | 'changed' | 'refused' | 'waited'
  /** The state entered, the minutes waited, or the sentence of a refusal. */
  words: string
  from?: string
}
export type Trial = {
  now: number
  task: Record<string, unknown> | null
  refusal: Refusal | null
  /** The move that was refused for want of fields, to be tried again with them. */
  pending: string | null
  entries: readonly Entry[]
}

export type Lists = NonNullable<EvaluationContext['choices']>

export const newTrial = (now: number): Trial => ({ now, task: null, refusal: null, pending: null, entries: [] })

const context = (trial: Trial, choices: Lists): EvaluationContext => ({
  now: new Date(trial.now),
  actorKind: 'user',
  choices,
  language,
})
const noted = (trial: Trial, entry: Omit<Entry, 'at'>): readonly Entry[] => [...trial.entries, { at: trial.now, ...entry }]

/** `customFields.key` as a form has it → the nesting the evaluator takes. */
export function nested(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const flat: Record<string, unknown> = {}
  const custom: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(values)) {
    if (key.startsWith('customFields.')) custom[key.slice('customFields.'.length)] = value
    else flat[key] = value
  }
  return Object.keys(custom).length > 0 ? { ...flat, customFields: custom } : flat
}

/** The ticket is opened, or the evaluator says why not. */
export function create(
  profile: CompiledProfile,
  trial: Trial,
  values: Readonly<Record<string, unknown>>,
  choices: Lists,
  systemValues: Readonly<Record<string, unknown>> = {},
): Trial {
  const result = evaluateCreate(profile, nested(values), { ...context(trial, choices), systemValues })
  if (!result.ok) {
    return { ...trial, refusal: result.refusal, entries: noted(trial, { kind: 'refused', words: result.refusal.message }) }
  }
  const task = { ...result.values, sla: result.sla, createdAt: new Date(trial.now).toISOString() }
  return {
    ...trial,
    task,
    refusal: null,
    pending: null,
    entries: noted(trial, { kind: 'created', words: String(result.values.status) }),
  }
}

/** Fields are changed, the state too where one is named; refused as a whole or done as a whole. */
export function change(
  profile: CompiledProfile,
  trial: Trial,
  values: Readonly<Record<string, unknown>>,
  to: string | null,
  choices: Lists,
): Trial {
  if (!trial.task) return trial
  const patch = { ...nested(values), ...(to !== null && { status: to }) }
  const result = evaluateUpdate(profile, trial.task, patch, context(trial, choices))
  if (!result.ok) {
    const entries = noted(trial, { kind: 'refused', words: result.refusal.message })
    return { ...trial, refusal: result.refusal, pending: result.refusal.missingFields.length > 0 ? to : null, entries }
  }
  const custom = { ...(trial.task.customFields as object), ...(result.values.customFields as object | undefined) }
  const task = { ...trial.task, ...result.values, customFields: custom, sla: result.sla }
  const { move } = result
  const entry = move
    ? { kind: 'moved' as const, words: move.to, from: move.from ?? '' }
    : { kind: 'changed' as const, words: Object.keys(result.values).join(', ') }
  const isNothing = !move && Object.keys(result.values).length === 0
  return { ...trial, task, refusal: null, pending: null, entries: isNothing ? trial.entries : noted(trial, entry) }
}

/** The clock goes on; waits in a row are one. */
export function wait(trial: Trial, minutes: number): Trial {
  const now = trial.now + minutes * 60_000
  const last = trial.entries.at(-1)
  const entries =
    last?.kind === 'waited'
      ? [...trial.entries.slice(0, -1), { ...last, words: String(Number(last.words) + minutes) }]
      : noted(trial, { kind: 'waited', words: String(minutes) })
  return { ...trial, now, refusal: null, entries }
}

/** What the ticket may do next, at the trial's time. */
export const process = (profile: CompiledProfile, trial: Trial, choices: Lists): ProcessDescription | null =>
  trial.task && describeProcess(profile, trial.task, context(trial, choices))

export const clocks = (profile: CompiledProfile, trial: Trial): SlaExplanation | null =>
  trial.task && explainSla(trial.task.sla as SlaState, new Date(trial.now), profile.name, undefined, language)

/** A ticket opened under an earlier draft may stand in a state that is gone. */
export const isStranded = (profile: CompiledProfile, { task }: Trial) => task !== null && profile.state(task.status) === undefined
