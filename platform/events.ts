/**
 * A subscriber reacts to what another module recorded, in the same transaction: there is the event and its effect, or
 * neither. This is how an earlier module reaches a later one (docs/architecture.md). Nothing slow and no network here.
 */
import type { EventMap } from '../modules/vocabulary.ts'
import type { Context } from './context.ts'

export type Occurrence<A extends keyof EventMap> = { action: A; subjectId: string | null; data: EventMap[A] }

export type Subscriber<A extends keyof EventMap = keyof EventMap> = {
  action: A
  handle(ctx: Context, occurrence: Occurrence<A>): Promise<void>
}

/** Declares a subscriber; `modules/index.ts` lists them all. */
export const on = <A extends keyof EventMap>(action: A, handle: Subscriber<A>['handle']): Subscriber =>
  ({ action, handle }) as unknown as Subscriber
