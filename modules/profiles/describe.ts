import { inLanguage } from '../../platform/messages.ts'
import { aroundTheClock } from './calendar.ts'
import { moveClocks } from './clock-rules.ts'
import { noSla } from './clocks.ts'
import { addressOf, type CompiledProfile, compileProfile, type Profile } from './compile.ts'
import { explainSla, slaEffect } from './explain.ts'
import { missingToEnter, moveProblem, pathTo } from './moves.ts'
import { missingField, toEnter } from './refusals.ts'
import type { SlaState } from './sla.ts'
import type { EvaluationContext, ProcessDescription, ProcessField, ProcessMove } from './types.ts'
import { choicesOf } from './values.ts'

/** Every field of a profile as a form needs it: visible, required, choices, default; custom fields last. */
export function describeFields(document: Profile, choices?: EvaluationContext['choices']): ProcessField[] {
  return compileProfile(document).fields.map((field) => {
    const offered = choicesOf(field, choices)
    return {
      field: addressOf(field),
      label: field.label,
      type: field.type,
      visible: field.visible,
      required: field.required,
      ...(offered && { choices: offered }),
      ...(field.default !== undefined && { default: field.default }),
      ...(field.custom && { custom: true as const }),
      ...(field.help && { help: field.help }),
    }
  })
}

function describeMoves(profile: CompiledProfile, task: Record<string, unknown>, ctx: EvaluationContext): ProcessMove[] {
  const from = profile.state(task.status)
  const calendar = ctx.calendar ?? aroundTheClock
  const sla = (task.sla as SlaState | null | undefined) ?? noSla
  const { language = 'en' } = ctx
  return (from?.next ?? []).map((to) => {
    const missing = missingToEnter(to, task).filter((field) => field.visible || field.default === undefined)
    return {
      to: to.status,
      category: to.category,
      allowed: missing.length === 0,
      missingFields: missing.map((field) => missingField(field, ctx.choices)),
      slaEffect: slaEffect(sla, moveClocks(sla, from ?? null, to, ctx.now, calendar), ctx.now, calendar, ctx.language),
      ...(missing.length > 0 && { reason: toEnter(to.status, missing).in(language) }),
    }
  })
}

/**
 * A task's process at one instant, for buttons, editors and agents: legal next states with what they need and what they do to the
 * clocks, every other state with the reason it cannot be reached in one step (and the way there), fields, and the due instants explained.
 */
export function describeProcess(document: Profile, task: object, ctx: EvaluationContext): ProcessDescription {
  const profile = compileProfile(document)
  const record = task as Record<string, unknown>
  const from = profile.state(record.status)
  const status = from?.status ?? String(record.status ?? profile.initial.status)
  const others = profile.states.filter((state) => state !== from && !from?.next.includes(state))
  return {
    profile: profile.name,
    status,
    category: from?.category ?? 'active',
    moves: describeMoves(profile, record, ctx),
    otherStates: others.map((state) => ({
      to: state.status,
      category: state.category,
      reason: inLanguage(moveProblem(profile, from, status, state.status)?.message ?? '', ctx.language ?? 'en'),
      way: from ? pathTo(document, from.status, state.status) : null,
    })),
    fields: describeFields(document, ctx.choices),
    sla: explainSla((record.sla as SlaState | null | undefined) ?? noSla, ctx.now, profile.name, ctx.calendar, ctx.language),
  }
}
