/** Where the states of a flow stand in its picture: columns by steps from the start, the way forward on top. */
import type { CompiledProfile, CompiledState } from '../contract.ts'

export const box = { width: 138, height: 34, gapX: 58, gapY: 20, margin: 12 }

export type Node = { state: CompiledState; x: number; y: number; column: number; row: number }
export type Edge = { from: Node; to: Node; path: string; isBack: boolean }

const weight: Record<string, number> = { new: 0, active: 0, resolved: 1, closed: 2, waiting: 3, cancelled: 4 }

export function layout(profile: CompiledProfile) {
  const depth = new Map<CompiledState, number>([[profile.initial, 0]])
  for (const state of depth.keys()) for (const next of state.next) if (!depth.has(next)) depth.set(next, depth.get(state)! + 1)
  const columns: CompiledState[][] = []
  for (const state of profile.states) {
    const column = depth.get(state) ?? 0
    columns[column] = [...(columns[column] ?? []), state]
  }
  const nodes = new Map<CompiledState, Node>()
  columns.forEach((states, column) => {
    states
      .sort((a, b) => (weight[a.category] ?? 0) - (weight[b.category] ?? 0))
      .forEach((state, row) => {
        const x = box.margin + column * (box.width + box.gapX)
        nodes.set(state, { state, column, row, x, y: box.margin + row * (box.height + box.gapY) })
      })
  })
  const rows = Math.max(...columns.map((states) => states.length))
  const edges = [...nodes.values()].flatMap((from) => from.state.next.map((next) => edge(from, nodes.get(next)!)))
  const lowest = box.margin + rows * (box.height + box.gapY)
  return {
    nodes: [...nodes.values()],
    edges,
    width: box.margin * 2 + columns.length * (box.width + box.gapX) - box.gapX + 18,
    height: lowest + (edges.some(({ isBack }) => isBack) ? 26 : 0),
  }
}

function edge(from: Node, to: Node): Edge {
  const [middleFrom, middleTo] = [from.y + box.height / 2, to.y + box.height / 2]
  const right = from.x + box.width
  if (to.column > from.column) {
    const bend = (to.x - right) / 2
    return {
      from,
      to,
      isBack: false,
      path: `M${right} ${middleFrom} C${right + bend} ${middleFrom} ${to.x - bend} ${middleTo} ${to.x - 5} ${middleTo}`,
    }
  }
  if (to.column === from.column) {
    const out = right + 22
    return {
      from,
      to,
      isBack: to.row < from.row,
      path: `M${right} ${middleFrom} C${out} ${middleFrom} ${out} ${middleTo} ${right + 5} ${middleTo}`,
    }
  }
  const [startX, endX] = [from.x + box.width * 0.4, to.x + box.width * 0.6]
  const low = Math.max(from.y, to.y) + box.height + 22
  return {
    from,
    to,
    isBack: true,
    path: `M${startX} ${from.y + box.height} C${startX} ${low} ${endX} ${low} ${endX} ${to.y + box.height + 5}`,
  }
}
