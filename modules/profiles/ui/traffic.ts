/** The moves of a log between states of the flow, by their comparable names. */
export type TrafficMove = { from: string; to: string; count: number; accepted: boolean }
export type Traffic = { moves: ReadonlyMap<string, TrafficMove>; most: number }

export const trafficKey = (from: string, to: string) => `${from}\n${to}`

/** How wide a line is for so many moves: by their order of magnitude, so that rare ways stay visible. */
export const lineWidth = (count: number, most: number) =>
  count === 0 ? 1 : 1.4 + 3.4 * (Math.log(count + 1) / Math.log(Math.max(most, 1) + 1)) ** 1.6
