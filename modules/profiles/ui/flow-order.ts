/** Rows of a flow's picture and the order in each: pure numbers, no places yet. A flow is its states' next states by index. */
export type Flow = { next: readonly (readonly number[])[]; kinds: readonly Kind[]; start: number }
/** Ordinary states stand in the middle, waiting ones beside them, cancelled ones at the right. */
export type Kind = 'main' | 'waiting' | 'cancelled'

/** A stop of a way in a row it only passes. Ways to the same state share their stops, so that they run as one line. */
export type Stop = { key: string; row: number; state: number | null; lane: -1 | 0 | 1 | 2 }
export type Route = { from: number; to: number; stops: string[] }

/** The states in an order in which most ways lead forward: as written, or as a search from the start finds them. */
function forwardOrder({ next, start }: Flow): number[] {
  const written = [start, ...[...next.keys()].filter((state) => state !== start)]
  const seen = new Set<number>()
  const finished: number[] = []
  const visit = (state: number) => {
    if (seen.has(state)) return
    seen.add(state)
    for (const each of [...next[state]!].reverse()) visit(each)
    finished.unshift(state)
  }
  for (const state of written) visit(state)
  const against = (order: number[]) => {
    const at = new Map(order.map((state, n) => [state, n]))
    return next.reduce((sum, ways, from) => sum + ways.filter((to) => at.get(to)! < at.get(from)!).length, 0)
  }
  return against(finished) < against(written) ? finished : written
}

/** The row of each state: a step below whatever leads to it; waiting states beside the work they interrupt. */
export function rowsOf(flow: Flow): number[] {
  const { next, kinds } = flow
  const rows: number[] = next.map(() => 0)
  const order = forwardOrder(flow)
  const at = new Map(order.map((state, n) => [state, n]))
  const leads = (from: number, to: number) => at.get(from)! < at.get(to)!
  for (const from of order)
    for (const to of next[from]!)
      if (leads(from, to) && kinds[to] === 'main' && kinds[from] === 'main') rows[to] = Math.max(rows[to]!, rows[from]! + 1)
  for (const state of order) {
    if (kinds[state] !== 'waiting') continue
    const before = order.filter((from) => from !== state && next[from]!.includes(state) && kinds[from] === 'main')
    const both = before.filter((from) => next[state]!.includes(from))
    const nearest =
      both.length > 0 ? Math.max(...both.map((from) => rows[from]!)) : Math.min(...before.map((from) => rows[from]! + 1))
    rows[state] = Number.isFinite(nearest) ? nearest : 1
  }
  for (const state of order) {
    if (kinds[state] !== 'cancelled') continue
    const before = order.filter((from) => from !== state && next[from]!.includes(state)).map((from) => rows[from]!)
    rows[state] = before.length > 0 ? Math.max(...before) + 1 : 1
  }
  return rows
}

/** Every way with the stops it makes on the rows between. */
export function routesOf({ next, kinds }: Flow, rows: readonly number[]): { routes: Route[]; stops: Stop[] } {
  const stops = new Map<string, Stop>(
    rows.map((row, state) => [`s${state}`, { key: `s${state}`, row, state, lane: laneOf(kinds[state]!) }]),
  )
  const routes = next.flatMap((ways, from) =>
    ways.map((to) => {
      const [a, b] = [rows[from]!, rows[to]!]
      const between: string[] = []
      const forward = b > a
      for (let row = forward ? a + 1 : a - 1; forward ? row < b : row > b; row += forward ? 1 : -1) {
        const key = `${forward ? 'down' : 'up'} ${to} ${row}`
        stops.set(key, { key, row, state: null, lane: forward ? laneOf(kinds[to]!) : -1 })
        between.push(key)
      }
      return { from, to, stops: between }
    }),
  )
  return { routes, stops: [...stops.values()] }
}

const laneOf = (kind: Kind) => (kind === 'cancelled' ? 2 : kind === 'waiting' ? 1 : 0)

/** Neighbours in the rows above and below, for ordering and placing. */
export function linksOf(routes: readonly Route[], rows: readonly number[]): Map<string, string[]> {
  const links = new Map<string, Set<string>>()
  const link = (a: string, b: string) => {
    links.set(a, (links.get(a) ?? new Set()).add(b))
    links.set(b, (links.get(b) ?? new Set()).add(a))
  }
  for (const { from, to, stops } of routes) {
    if (rows[from] === rows[to]) continue
    const way = [`s${from}`, ...stops, `s${to}`]
    for (const [n, key] of way.entries()) if (n > 0) link(way[n - 1]!, key)
  }
  return new Map([...links].map(([key, others]) => [key, [...others]]))
}

/** The stops of each row from left to right: by lane, then so that ways cross little (barycentres, swept up and down). */
export function orderRows(stops: readonly Stop[], links: ReadonlyMap<string, readonly string[]>): Stop[][] {
  const rows = Array.from({ length: Math.max(0, ...stops.map(({ row }) => row)) + 1 }, (): Stop[] => [])
  for (const stop of stops) rows[stop.row]!.push(stop)
  const places = new Map<string, number>()
  const remember = (row: Stop[]) => {
    for (const [n, { key }] of row.entries()) places.set(key, n - (row.length - 1) / 2)
  }
  for (const row of rows) {
    row.sort((a, b) => a.lane - b.lane)
    remember(row)
  }
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const row of sweep % 2 ? [...rows].reverse() : rows) {
      const wish = new Map(
        row.map(({ key }) => {
          const near = (links.get(key) ?? []).map((other) => places.get(other)!)
          return [key, near.length ? near.reduce((sum, each) => sum + each, 0) / near.length : places.get(key)!]
        }),
      )
      row.sort((a, b) => a.lane - b.lane || wish.get(a.key)! - wish.get(b.key)!)
      remember(row)
    }
  }
  return rows
}

/**
 * Places as near to their wishes as order and room allow (least squares, by pooling neighbours that want past each other).
 * `room` is what each needs to its left.
 */
export function settle(wishes: readonly number[], room: readonly number[], weights: readonly number[]): number[] {
  const offsets: number[] = []
  for (const [n, each] of room.entries()) offsets.push((offsets[n - 1] ?? 0) + (n === 0 ? 0 : each))
  const pools: { sum: number; weight: number; count: number }[] = []
  for (const [n, wish] of wishes.entries()) {
    const weight = weights[n]!
    pools.push({ sum: (wish - offsets[n]!) * weight, weight, count: 1 })
    for (;;) {
      const [before, last] = [pools.at(-2), pools.at(-1)!]
      if (!before || before.sum / before.weight <= last.sum / last.weight) break
      pools.splice(-2, 2, { sum: before.sum + last.sum, weight: before.weight + last.weight, count: before.count + last.count })
    }
  }
  return pools
    .flatMap(({ sum, weight, count }) => Array.from({ length: count }, () => sum / weight))
    .map((place, n) => place + offsets[n]!)
}
