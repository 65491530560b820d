/**
 * Numbers for Prometheus (text format 0.0.4). Counting is an addition to a number that is already there: nothing is
 * looked up by a text that comes from outside, and no label ever holds a tenant's data or an id.
 */

type Labels = Readonly<Record<string, string | number>>

/** A number that only grows. */
export type Counter = { value: number }

/** How often something took how long, by upper bounds. */
export class Histogram {
  readonly bounds: readonly number[]
  readonly counts: Float64Array
  sum = 0
  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
  }
  observe(value: number) {
    let at = 0
    while (at < this.bounds.length && value > this.bounds[at]!) at += 1
    this.counts[at]! += 1
    this.sum += value
  }
}

type Family = { help: string; type: 'counter' | 'gauge' | 'histogram'; series: Map<string, Counter | Histogram> }

/** Everything this process counts, by name. */
const families = new Map<string, Family>()

function seriesOf<T extends Counter | Histogram>(
  name: string,
  help: string,
  type: Family['type'],
  labels: Labels,
  make: () => T,
): T {
  const family: Family = families.get(name) ?? { help, type, series: new Map() }
  families.set(name, family)
  const key = labelText(labels)
  const found = (family.series.get(key) as T | undefined) ?? make()
  family.series.set(key, found)
  return found
}

/** The counter with this name and these labels; made once, kept by whoever counts. */
export const counter = (name: string, help: string, labels: Labels = {}) =>
  seriesOf<Counter>(name, help, 'counter', labels, () => ({ value: 0 }))

/** Seconds from half a millisecond to half a minute. */
const durations = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** The histogram of seconds with this name and these labels. */
export const histogram = (name: string, help: string, labels: Labels = {}) =>
  seriesOf(name, help, 'histogram', labels, () => new Histogram(durations))

/** A value that is asked for when somebody looks. */
export type Gauge = { name: string; help: string; labels?: Labels; value: number; type?: 'gauge' | 'counter' }

/** The page: what was counted, and the gauges of the moment. */
export function exposition(gauges: readonly Gauge[]): string {
  const lines: string[] = []
  for (const [name, { help, type, series }] of families) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
    for (const [labels, each] of series) {
      if (each instanceof Histogram) lines.push(...histogramLines(name, labels, each))
      else lines.push(`${name}${braced(labels)} ${each.value}`)
    }
  }
  let last = ''
  for (const { name, help, labels = {}, value, type = 'gauge' } of gauges) {
    if (name !== last) lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
    last = name
    lines.push(`${name}${braced(labelText(labels))} ${value}`)
  }
  return `${lines.join('\n')}\n`
}

function* histogramLines(name: string, labels: string, { bounds, counts, sum }: Histogram) {
  const more = labels && `${labels},`
  let all = 0
  for (const [at, bound] of bounds.entries()) {
    all += counts[at]!
    yield `${name}_bucket{${more}le="${bound}"} ${all}`
  }
  all += counts[bounds.length]!
  yield `${name}_bucket{${more}le="+Inf"} ${all}`
  yield `${name}_sum${braced(labels)} ${sum}`
  yield `${name}_count${braced(labels)} ${all}`
}

const braced = (labels: string) => (labels ? `{${labels}}` : '')

const labelText = (labels: Labels) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${String(value).replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`))}"`)
    .join(',')
