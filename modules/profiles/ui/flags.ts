import type { CompiledState } from '../contract.ts'
import { text } from './text.ts'

/** What a state is and does beside its name, in a few words. */
export const flagsOf = (state: CompiledState): string[] =>
  [
    state.isInitial && text.initial,
    state.isTerminal && text.terminal,
    state.pausesSla && text.pauses,
    state.setSlaResponded && text.responds,
    state.setSlaResolved && text.resolves,
    state.setClosedAt && text.closes,
    state.source.role && text.roles[state.source.role],
    state.requiredFields.length > 0 && text.graph.needs(state.requiredFields.length),
  ].filter((each) => typeof each === 'string')
