/** Where the states of a flow stand in its picture: rows by steps from the start, cancelled states in a lane of their own. */
import type { CompiledProfile, CompiledState } from '../contract.ts'

export const box = { width: 124, height: 32, gapX: 14, gapY: 34, margin: 14 }

export type Node = { state: CompiledState; x: number; y: number; row: number }
export type Edge = { from: Node; to: Node; path: string; isBack: boolean }

const weight: Record<string, number> = { new: 0, active: 0, resolved: 1, closed: 2, waiting: 3, cancelled: 4 }

export function layout(profile: CompiledProfile) {
  const rows: CompiledState[][] = []
  for (const [state, row] of depths(profile)) rows[row] = [...(rows[row] ?? []), state]
  const step = box.width + box.gapX
  const inRow = (states: CompiledState[]) => states.filter(({ category }) => category !== 'cancelled')
  const widest = Math.max(1, ...rows.map((states) => inRow(states).length))
  const lane = box.margin + widest * step + 6
  const nodes = new Map<CompiledState, Node>()
  rows.forEach((states, row) => {
    const y = box.margin + row * (box.height + box.gapY)
    const own = inRow(states).sort((a, b) => (weight[a.category] ?? 0) - (weight[b.category] ?? 0))
    for (const [at, state] of own.entries()) nodes.set(state, { state, row, y, x: box.margin + at * step })
    const cancelled = states.filter(({ category }) => category === 'cancelled')
    for (const [at, state] of cancelled.entries()) nodes.set(state, { state, row, y, x: lane + at * step })
  })
  const all = [...nodes.values()]
  return {
    nodes: all,
    edges: all.flatMap((from) => from.state.next.map((next) => edge(from, nodes.get(next)!))),
    width: Math.max(...all.map(({ x }) => x)) + box.width + box.margin + 10,
    height: rows.length * (box.height + box.gapY) - box.gapY + box.margin * 2,
  }
}

/** Steps from the start; a state that ends the way stands below all that lead to it. */
function depths(profile: CompiledProfile) {
  const depth = new Map<CompiledState, number>([[profile.initial, 0]])
  for (const state of depth.keys()) for (const next of state.next) if (!depth.has(next)) depth.set(next, depth.get(state)! + 1)
  for (const state of profile.states) {
    const before = profile.states.filter((other) => other.next.includes(state)).map((other) => depth.get(other) ?? 0)
    if (state.next.length === 0 && before.length > 0) depth.set(state, Math.max(...before) + 1)
  }
  return depth
}

function edge(from: Node, to: Node): Edge {
  const [fromX, toX] = [from.x + box.width / 2, to.x + box.width / 2]
  const bottom = from.y + box.height
  const middle = from.y + box.height / 2
  if (to.row > from.row) {
    // Far ways leave at the side and come down from above, so that they do not run through what lies between.
    if (to.row > from.row + 1 && to.x > from.x) {
      const right = from.x + box.width
      return {
        from,
        to,
        isBack: false,
        path: `M${right} ${middle} C${toX} ${middle} ${toX} ${middle} ${toX} ${Math.min(middle + 60, to.y - 6)} L${toX} ${to.y - 5}`,
      }
    }
    const bend = (to.y - bottom) / 2
    return {
      from,
      to,
      isBack: false,
      path: `M${fromX - 9} ${bottom} C${fromX - 9} ${bottom + bend} ${toX - 9} ${to.y - bend} ${toX - 9} ${to.y - 5}`,
    }
  }
  if (to.row === from.row) {
    const isRight = to.x > from.x
    const [start, end] = isRight ? [from.x + box.width, to.x - 5] : [from.x, to.x + box.width + 5]
    const low = middle + (isRight ? -5 : 5)
    return { from, to, isBack: !isRight, path: `M${start} ${low} L${end} ${low}` }
  }
  const toBottom = to.y + box.height
  if (to.row === from.row - 1) {
    const bend = (from.y - toBottom) / 2
    return {
      from,
      to,
      isBack: true,
      path: `M${fromX + 9} ${from.y} C${fromX + 9} ${from.y - bend} ${toX + 9} ${toBottom + bend} ${toX + 9} ${toBottom + 5}`,
    }
  }
  const side = Math.min(from.x, to.x) - 12
  return {
    from,
    to,
    isBack: true,
    path: `M${from.x} ${middle} C${side} ${middle} ${side} ${to.y + box.height / 2} ${to.x - 5} ${to.y + box.height / 2}`,
  }
}
