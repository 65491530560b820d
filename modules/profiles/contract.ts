/** What other modules see of profiles: the document's shape, the judge of changes, the clocks. Safe in the browser; no I/O. */
export { aroundTheClock, type Calendar } from './calendar.ts'
export { moveClocks } from './clock-rules.ts'
export { noSla, reopenSla, respondSla, retargetSla, startSla, stopSla, type Targets } from './clocks.ts'
export { type CompiledField, type CompiledProfile, type CompiledState, compileProfile } from './compile.ts'
export { defaultLifecycle } from './default-lifecycle.ts'
export * from './document.ts'
export * from './evaluator.ts'
export * from './events.ts'
export { standingOf } from './explain.ts'
export {
  canonicalField,
  type FieldInfo,
  type FieldType,
  fieldAliases,
  priorities,
  priorityKey,
  suggestPriority,
  taskField,
  taskFields,
} from './fields.ts'
export { mapLogState, presets, type ReplayPreset, readLogTime, type TicketColumn, type TicketPreset } from './presets.ts'
export { createReplay, type Replay, type ReplayEvent, type ReplayMove, type ReplayResult, wayOf } from './replay.ts'
export { type SeedProfile, seedId, seeds } from './seeds.ts'
export type {
  Attempt,
  Clock,
  ClockExplanation,
  ClockKind,
  ClockStanding,
  Pause,
  SlaExplanation,
  SlaState,
  Target,
  Timeline,
} from './sla.ts'
export { countedMinutes, isPaused, remainingMinutes, warnAt } from './sla.ts'
export { statusKey } from './states.ts'
export * from './types.ts'
export { stampsOf } from './update.ts'
export {
  locate,
  type PlacedFinding,
  type ProfileFinding,
  type ProfileValidation,
  readJson,
  type TextPlace,
  type ValidationOptions,
  validateProfile,
  validateProfileText,
} from './validator.ts'
