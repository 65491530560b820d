import { spokenLanguage } from '../../../platform/react/i18n.ts'
import { listed } from '../../../platform/react/words.ts'
import { type CompiledProfile, type CompiledState, validateStatusTransition } from '../contract.ts'
import { text } from './text.ts'

export type { CompiledProfile }

/** The rule behind an arrow in sentences: what the move needs and does, or why the flow refuses it. */
export function rulesOfMove(profile: CompiledProfile, from: CompiledState, to: CompiledState): string[] {
  if (!from.next.includes(to)) {
    const refusal = validateStatusTransition(profile, from.status, to.status, undefined, spokenLanguage)
    return [refusal?.message ?? text.rules.allowed({ from: from.status, to: to.status })]
  }
  const needed = to.requiredFields.map(({ label }) => label)
  return [
    text.rules.allowed({ from: from.status, to: to.status }),
    needed.length > 0 ? text.rules.needs({ fields: listed(needed) }) : text.rules.needsNothing,
    ...(to.pausesSla && !from.pausesSla ? [text.rules.pauses] : []),
    ...(!to.pausesSla && from.pausesSla ? [text.rules.resumes] : []),
    ...(to.setSlaResponded ? [text.rules.responds] : []),
    ...(to.setSlaResolved ? [text.rules.resolves] : []),
    ...(to.setClosedAt ? [text.rules.closes] : []),
  ]
}
