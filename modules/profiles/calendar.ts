/**
 * Working time. `add` accepts fractions and negative minutes; `elapsed` is the working minutes between two instants (≥ 0).
 * Law of every calendar: `elapsed(at, add(at, m)) = m` for m ≥ 0.
 */
export type Calendar = {
  readonly name: string
  add(at: Date, minutes: number): Date
  elapsed(from: Date, to: Date): number
}

/** The default calendar: every minute counts, in every time zone, on every day of the year. */
export const aroundTheClock: Calendar = Object.freeze({
  name: '24×7',
  add: (at: Date, minutes: number) => new Date(at.getTime() + Math.round(minutes * 60_000)),
  elapsed: (from: Date, to: Date) => Math.max(0, to.getTime() - from.getTime()) / 60_000,
})
