/**
 * The only judge of a change: pure functions over a profile document, a task, the change asked for and the clock, whichever door
 * the change came through.
 */
export { computeSlaTargets } from './clock-rules.ts'
export { firstPublicReply, pauseSla, resumeSla } from './clocks.ts'
export { evaluateCreate } from './create.ts'
export { describeFields, describeProcess } from './describe.ts'
export { explainSla } from './explain.ts'
export { pathTo, pathToCategory, validateStatusTransition } from './moves.ts'
export { statusOf } from './refusals.ts'
export { evaluateUpdate } from './update.ts'
