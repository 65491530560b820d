/** Where the states of a flow stand in its picture, and the lines between them. */
import type { CompiledProfile } from '../contract.ts'
import { type Kind, linksOf, orderRows, type Route, routesOf, rowsOf, type Stop, settle } from './flow-order.ts'

export const box = { width: 184, height: 52, gapX: 52, gapY: 54, lane: 22, margin: 20 }

export type Point = { x: number; y: number }
/** A state's upper left corner. */
export type Placed = Point & { index: number; row: number }
export type Way = { from: number; to: number; path: string; label: Point; isBack: boolean }
export type Layout = { nodes: Placed[]; ways: Way[]; width: number; height: number }

/** The picture of a profile: rows from the start down, ways to the same far state bundled into one line. */
export function layout(profile: CompiledProfile): Layout {
  const index = new Map(profile.states.map((state, n) => [state, n]))
  const flow = {
    next: profile.states.map((state) => state.next.map((each) => index.get(each)!)),
    kinds: profile.states.map(({ category }): Kind => (category === 'cancelled' || category === 'waiting' ? category : 'main')),
    start: Math.max(0, index.get(profile.initial) ?? 0),
  }
  const rows = rowsOf(flow)
  const { routes, stops } = routesOf(flow, rows)
  const links = linksOf(routes, rows)
  const ordered = orderRows(stops, links)
  const middles = placeRows(ordered, links)
  const nodes = rows.map((row, n) => ({
    index: n,
    row,
    x: middles.get(`s${n}`)! - box.width / 2,
    y: box.margin + row * (box.height + box.gapY),
  }))
  const left = Math.min(...middles.values()) - box.width / 2 - box.margin
  for (const node of nodes) node.x -= left
  const shifted = new Map([...middles].map(([key, x]) => [key, x - left]))
  return {
    nodes,
    ways: routes.map((route) => wayOf(route, nodes, shifted)),
    width: Math.max(...nodes.map(({ x }) => x + box.width), ...shifted.values()) + box.margin,
    height: Math.max(...nodes.map(({ y }) => y)) + box.height + box.margin,
  }
}

const widthOf = (stop: Stop) => (stop.state === null ? 0 : box.width)

/** The middle of every stop from left to right. Lines want to be straight most of all. */
function placeRows(rows: readonly Stop[][], links: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const places = new Map<string, number>()
  const byKey = new Map(rows.flat().map((stop) => [stop.key, stop]))
  const roomOf = (row: Stop[]) =>
    row.map((stop, n) => {
      const before = row[n - 1]
      const gap = before?.state === null || stop.state === null ? box.lane : box.gapX
      return before ? (widthOf(before) + widthOf(stop)) / 2 + gap : 0
    })
  for (const row of rows) {
    const room = roomOf(row)
    let at = 0
    for (const [n, stop] of row.entries()) {
      at += room[n]!
      places.set(stop.key, at)
    }
    for (const stop of row) places.set(stop.key, places.get(stop.key)! - at / 2)
  }
  // Down, each follows what leads to it, up, what it leads to; the last word has the way down.
  for (let sweep = 0; sweep < 25; sweep++) {
    const isUp = sweep % 2 === 1
    for (const row of isUp ? [...rows].reverse() : rows) {
      const room = roomOf(row)
      const wishes = row.map((stop, n) => {
        if (stop.state !== null && stop.lane === 1 && n > 0) return places.get(row[n - 1]!.key)! + room[n]!
        const near = (links.get(stop.key) ?? [])
          .map((key) => byKey.get(key)!)
          .filter((other) => (isUp ? other.row > stop.row : other.row < stop.row))
          .map((other) => ({ x: places.get(other.key)!, weight: pull(stop, other) }))
        const weight = near.reduce((sum, each) => sum + each.weight, 0)
        return weight ? near.reduce((sum, each) => sum + each.x * each.weight, 0) / weight : places.get(stop.key)!
      })
      const settled = settle(wishes, room, row.map(firmness))
      for (const [n, stop] of row.entries()) places.set(stop.key, settled[n]!)
    }
  }
  return places
}

/** Who stays when two want the same place: the main way, then lines, then what is parked or cancelled. */
const firmness = ({ state, lane }: Stop) => (state === null ? 1 : lane === 0 ? 8 : 0.1)

/** Lines want to be straight, then the main way; what is parked or cancelled gives way. */
function pull(a: Stop, b: Stop): number {
  if (a.state === null && b.state === null) return 8
  if (a.state !== null && b.state !== null && a.lane === 0 && b.lane === 0) return 6
  return 0.03
}

const round = (value: number) => Math.round(value * 10) / 10
const curve = (a: Point, b: Point) => {
  const middle = round((a.y + b.y) / 2)
  return `C${round(a.x)} ${middle} ${round(b.x)} ${middle} ${round(b.x)} ${round(b.y)}`
}

function wayOf({ from, to, stops }: Route, nodes: readonly Placed[], middles: ReadonlyMap<string, number>): Way {
  const [a, b] = [nodes[from]!, nodes[to]!]
  if (a.row === b.row) return { from, to, isBack: b.x < a.x, ...beside(a, b, nodes) }
  const isBack = b.row < a.row
  const shift = isBack ? 30 : stops.length > 0 ? 12 : 0
  const middle = (node: Placed) => node.x + box.width / 2
  const start = { x: middle(a) + shift, y: isBack ? a.y : a.y + box.height }
  const end = { x: middle(b) + (isBack ? 30 : 0), y: isBack ? b.y + box.height + 4 : b.y - 4 }
  let path = `M${round(start.x)} ${round(start.y)}`
  let last = start
  let first: Point | null = null
  for (const key of stops) {
    const top = box.margin + rowIn(key) * (box.height + box.gapY)
    const x = middles.get(key)!
    const enter = { x, y: isBack ? top + box.height : top }
    const leave = { x, y: isBack ? top : top + box.height }
    path += `${curve(last, enter)}L${round(x)} ${round(leave.y)}`
    first ??= enter
    last = leave
  }
  path += curve(last, end)
  const near = first ?? end
  return { from, to, isBack, path, label: { x: (start.x + near.x) / 2, y: (start.y + near.y) / 2 } }
}

const rowIn = (key: string) => Number(key.slice(key.lastIndexOf(' ') + 1))

/** Between neighbours a straight line, past others a bow under the row. */
function beside(a: Placed, b: Placed, nodes: readonly Placed[]): { path: string; label: Point } {
  const isRight = b.x > a.x
  const [low, high] = [Math.min(a.x, b.x), Math.max(a.x, b.x)]
  const between = nodes.some((node) => node.row === a.row && node.x > low && node.x < high)
  if (!between) {
    const y = a.y + box.height / 2 + (isRight ? -9 : 9)
    const [start, end] = [isRight ? a.x + box.width : a.x, isRight ? b.x - 4 : b.x + box.width + 4]
    return { path: `M${round(start)} ${y}L${round(end)} ${y}`, label: { x: (start + end) / 2, y: y + (isRight ? -9 : 9) } }
  }
  return under(a, b)
}

function under(a: Placed, b: Placed): { path: string; label: Point } {
  const isRight = b.x > a.x
  const [start, end] = [a.x + box.width / 2 + (isRight ? 44 : -44), b.x + box.width / 2 + (isRight ? -44 : 44)]
  const [from, deep] = [a.y + box.height, a.y + box.height + (isRight ? 30 : 40)]
  return {
    path: `M${round(start)} ${from}C${round(start)} ${deep} ${round(end)} ${deep} ${round(end)} ${from + 4}`,
    label: { x: (start + end) / 2, y: from + (deep - from) * 0.75 },
  }
}

/** A line of its own between two states that the flow does not connect. */
export function bow(a: Placed, b: Placed): { path: string; label: Point } {
  if (a.row === b.row) return under(a, b)
  const down = b.row > a.row
  // Down along the right of both, up along their left.
  const side = down ? box.width : 0
  const [start, end] = [
    { x: a.x + side, y: a.y + box.height / 2 + 8 },
    { x: b.x + side + (down ? 4 : -4), y: b.y + box.height / 2 - 8 },
  ]
  const reach = Math.min(150, 40 + Math.abs(a.row - b.row) * 22)
  const far = down ? Math.max(start.x, end.x) + reach : Math.min(start.x, end.x) - reach
  const path = `M${round(start.x)} ${round(start.y)}C${round(far)} ${round(start.y)} ${round(far)} ${round(end.y)} ${round(end.x)} ${round(end.y)}`
  return { path, label: { x: (start.x + end.x) / 8 + far * 0.75, y: (start.y + end.y) / 2 } }
}
