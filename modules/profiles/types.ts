import type { Language, Sayable } from '../../platform/messages.ts'
import type { Calendar } from './calendar.ts'
import type { StateCategory } from './document.ts'
import type { FieldType } from './fields.ts'
import type { SlaExplanation, SlaState } from './sla.ts'

/** Who asks. It changes no rule: people, agents and the system live under the same law. */
export type ActorKind = 'user' | 'agent' | 'system' | 'requester'

/** A target that outranks the profile's `slaDefaults`: of the SLA named by `slaId`, or of the task's category. */
export type SlaTarget = {
  readonly source: 'explicit' | 'category'
  readonly name: string
  readonly responseMinutes: number | null
  readonly resolutionMinutes: number | null
}

/** Everything the evaluator may know beside the profile and the task. */
export type EvaluationContext = {
  /** The instant of the change. */
  readonly now: Date
  readonly actorKind?: ActorKind
  /**
   * Values the system fills in where the caller gave none (requesterEmail, requesterName, source). They outrank rule
   * defaults and may go into hidden fields. Only used by `evaluateCreate`.
   */
  readonly systemValues?: Readonly<Record<string, unknown>>
  /** The organization's own lists by field (`priority`, `category` …); they take the place of the product's list. */
  readonly choices?: Readonly<Record<string, readonly string[]>>
  /** Target found for the task's slaId or category; see decisions on SLA precedence. */
  readonly slaTarget?: SlaTarget | null
  /** Working time; 24×7 when absent. */
  readonly calendar?: Calendar
  /** In which language the answer is said; English when absent. It changes no rule. */
  readonly language?: Language
}

export type RefusalCode =
  | 'transition-not-allowed'
  | 'unknown-status'
  | 'terminal-status'
  | 'fields-required-to-enter'
  | 'field-required'
  | 'field-hidden'
  | 'choice-not-allowed'
  | 'custom-field-unknown'
  | 'value-invalid'

export type MissingField = { field: string; label: string; type: FieldType; choices?: readonly string[] }

/** One thing that stands in the way. `field` is `status` for moves, `customFields.<key>` for custom fields. */
export type FieldProblem = { field: string; code: RefusalCode; message: string }

/** The same while it is being found, not yet put into words. */
export type FoundProblem = { field: string; code: RefusalCode; message: Sayable }

/** Why a change was refused, for people, buttons and agents alike. Its HTTP status is `statusOf(refusal)`. */
export type Refusal = {
  code: RefusalCode
  /** The rule and the profile it stands in. */
  rule: string
  /** What stands in the way and what to do next. */
  message: string
  /** Null while a task is being created. */
  currentStatus: string | null
  requestedStatus?: string
  allowedTransitions: string[]
  missingFields: MissingField[]
  problems: FieldProblem[]
}

/** The values to store (canonical names and spellings, instants as ISO 8601 UTC) and the clocks that go with them. */
export type Evaluation =
  | {
      ok: true
      /** On create everything the task has; on update only what changes. Null clears. */
      values: Record<string, unknown>
      sla: SlaState
      /** The move made, null when the status stays. `from` is null on create. */
      move: { from: string | null; to: string; category: StateCategory } | null
    }
  | { ok: false; refusal: Refusal }

export type ProcessField = {
  field: string
  label: string
  type: FieldType
  visible: boolean
  required: boolean
  choices?: readonly string[]
  default?: unknown
  custom?: true
  help?: string
}

export type ProcessMove = {
  to: string
  category: StateCategory
  allowed: boolean
  missingFields: MissingField[]
  slaEffect: string
  reason?: string
}

export type OtherState = { to: string; category: StateCategory; reason: string; way: string[] | null }

/** A ticket's process at one instant: what may happen next, what it needs, what it does to the clocks. */
export type ProcessDescription = {
  profile: string
  status: string
  category: StateCategory
  moves: ProcessMove[]
  otherStates: OtherState[]
  fields: readonly ProcessField[]
  sla: SlaExplanation
}
