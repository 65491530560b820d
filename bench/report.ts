/** The figures as a table, a page and a plot. */
import type { FanOut } from './fan-out.ts'

export type ActionFigures = {
  title: string
  /** CPU ms per request that we promise; null where none is promised. */
  target: number | null
  /** Application and database together, at 8 clients. */
  cpuMs: number
  applicationCpuMs: number
  databaseCpuMs: number
  /** The same for requests whose answers are alike at every size, where the usual ones grow with the data. */
  alikeCpuMs?: number
  /** Database CPU of the least SQL for it. */
  floorCpuMs: number | null
  floor: string | null
  ratio: number | null
  p50: number
  p95: number
  p99: number
  rps: number
  failed: number
  clients: Record<string, { p50: number; p95: number; p99: number; rps: number; cpuMs: number }>
}
export type Point = { tickets: number; actions: Record<string, ActionFigures> }
export type Figures = {
  machine: string
  node: string
  postgres: string
  date: string
  tickets: number
  organizations: number
  /** Comments and activity rows. */
  rows: number
  seedSeconds: number
  /** When the smaller sizes were measured, if not in this run. */
  smallerOf?: string
  coldStartMs: number[]
  idleMb: number[]
  loadedMb: number[]
  idleCpuMsPerSecond: number
  fanOut: FanOut & { cpuMsPerDelivery: number }
  actions: Record<string, ActionFigures>
  growth: Point[]
}

const number = (value: number) => value.toLocaleString('en')

const row = (cells: (string | number | null)[]) => `| ${cells.map((cell) => cell ?? '–').join(' | ')} |`

/** The table on the terminal, `docs/performance.md`, and the plot beside it. */
export function report(figures: Figures): { table: string; page: string; plot: string } {
  const actions = Object.values(figures.actions)
  const table = [
    row(['Action', 'CPU ms', 'app', 'database', 'floor', 'ratio', 'target', 'p50', 'p95', 'p99', 'requests/s']),
    row(['---', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '--:']),
    ...actions.map((action) =>
      row([
        action.title,
        action.cpuMs,
        action.applicationCpuMs,
        action.databaseCpuMs,
        action.floorCpuMs,
        action.ratio && `${action.ratio}×`,
        action.target === null ? '–' : `≤ ${action.target} ${action.cpuMs <= action.target ? '✓' : '✗ missed'}`,
        action.p50,
        action.p95,
        action.p99,
        number(action.rps),
      ]),
    ),
  ].join('\n')
  const clients = [...new Set(actions.flatMap((action) => Object.keys(action.clients)))].map(Number).sort((a, b) => a - b)
  const byClients = [
    row(['Action', ...clients.flatMap((count) => [`${count}: p50`, 'p95', 'p99', 'requests/s'])]),
    row(['---', ...clients.flatMap(() => ['--:', '--:', '--:', '--:'])]),
    ...actions.map((action) =>
      row([
        action.title,
        ...clients.flatMap((count) => {
          const at = action.clients[count]
          return at ? [at.p50, at.p95, at.p99, number(at.rps)] : ['–', '–', '–', '–']
        }),
      ]),
    ),
  ].join('\n')
  const growth = [
    row(['Action', ...figures.growth.map(({ tickets }) => number(tickets)), 'growth']),
    row(['---', ...figures.growth.map(() => '--:'), '--:']),
    ...grown(figures).map(({ title, values, factor }) => row([title, ...values, `${factor}×`])),
  ].join('\n')
  const { fanOut } = figures
  const page = `# Performance

What a request costs, measured on the whole path: HTTP, authentication, permission, row-level security, validation, process check, audit and events, with fsync and synchronous_commit on. Made by \`npm run bench\` (written here and to \`performance.json\` by it); the figures are of one run.

- Machine: ${figures.machine}; Node.js ${figures.node}; ${figures.postgres}; ${figures.date.slice(0, 10)}
- Data: ${number(figures.tickets)} tickets of ${number(figures.organizations)} organizations (the largest has a fifth), ${number(figures.rows)} comments and activity rows, seeded in ${number(figures.seedSeconds)} s
- Two server processes and the load run on the same machine as PostgreSQL. CPU is that of the servers and of PostgreSQL with everything it does in the background, read from the kernel; the load's own is not counted.

## Cost of a request

CPU in ms per request at 8 clients, of servers that have been at work for a while (15 s of each action; before V8 has compiled what runs often, a request costs up to half as much again). The floor is the database's CPU for the least SQL that does the same (${actions.find(({ floor }) => floor)?.floor ?? 'not measured'}), without row security, audit, search words or HTTP. Times in ms.

${table}

What stands between a cost and its target: [Where the time of a request goes](performance-limits.md).

## Times by number of clients

${byClients}

## Growth

CPU ms per request with more tickets in the database, the organizations growing alike. Of the list: a page that is full at every size; the usual ones hold more rows the more tickets there are.${figures.smallerOf ? ` The smaller sizes, and the time of seeding, are of the run of ${figures.smallerOf.slice(0, 16).replace('T', ' ')}; everything else was measured again on its data.` : ''}

${growth}

![CPU per request against tickets](images/performance-growth.svg)

## The rest

- A change reaches ${number(fanOut.streams)} open live streams of its organization: first after ${fanOut.firstMs} ms, half after ${fanOut.p50} ms, 95 % after ${fanOut.p95} ms, the last after ${fanOut.lastMs} ms (${fanOut.missed} missed in ${fanOut.changes} changes); ${fanOut.cpuMsPerDelivery} ms CPU for each delivery.
- From the start of a process to its first answer, on the database as it is: ${figures.coldStartMs.join(' and ')} ms (the second process of two).
- Memory at rest without PostgreSQL: ${figures.idleMb.join(' and ')} MB; after all of the above ${figures.loadedMb.join(' and ')} MB.
- At rest two servers and PostgreSQL use ${figures.idleCpuMsPerSecond} ms CPU per second.
`
  return { table, page, plot: plot(figures) }
}

const grown = (figures: Figures) =>
  Object.entries(figures.growth[0]?.actions ?? {}).map(([name, first]) => {
    const values = figures.growth.map(({ actions }) => actions[name]?.alikeCpuMs ?? actions[name]?.cpuMs ?? 0)
    return { name, title: first.title, values, factor: Math.round((values.at(-1)! / values[0]!) * 100) / 100 }
  })

const colors = ['#b4532a', '#2563a8', '#3f7d3a', '#8a4fa3', '#a3791f', '#4b5563', '#b02a5b']

/** Lines over a logarithmic axis of tickets, each labelled at its end. */
function plot(figures: Figures): string {
  const [width, height, left, right, top, bottom] = [760, 360, 60, 190, 20, 44]
  const lines = grown(figures)
  const sizes = figures.growth.map(({ tickets }) => Math.log10(tickets))
  const most = Math.max(...lines.flatMap(({ values }) => values)) * 1.1
  const x = (size: number) => left + ((size - sizes[0]!) / Math.max(0.001, sizes.at(-1)! - sizes[0]!)) * (width - left - right)
  const y = (ms: number) => height - bottom - (ms / most) * (height - top - bottom)
  const ends = lines.map(({ values, name }, index) => ({ name, index, at: y(values.at(-1)!) })).sort((a, b) => a.at - b.at)
  // Labels that would lie on each other move apart.
  for (let n = 1; n < ends.length; n += 1) ends[n]!.at = Math.max(ends[n]!.at, ends[n - 1]!.at + 15)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="Inter, sans-serif" font-size="12" role="img" aria-label="CPU milliseconds per request against tickets in the database">
<rect width="${width}" height="${height}" fill="#fff"/>
${[0, 0.25, 0.5, 0.75, 1].map((share) => `<line x1="${left}" x2="${width - right}" y1="${y(most * share)}" y2="${y(most * share)}" stroke="#e5e7eb"/><text x="${left - 8}" y="${y(most * share) + 4}" text-anchor="end" fill="#4b5563">${(most * share).toFixed(1)}</text>`).join('\n')}
${figures.growth.map(({ tickets }) => `<text x="${x(Math.log10(tickets))}" y="${height - bottom + 18}" text-anchor="middle" fill="#4b5563">${number(tickets)}</text>`).join('\n')}
<text x="${(left + width - right) / 2}" y="${height - 6}" text-anchor="middle" fill="#4b5563">tickets in the database</text>
<text x="14" y="${height / 2}" transform="rotate(-90 14 ${height / 2})" text-anchor="middle" fill="#4b5563">CPU ms per request</text>
${lines.map(({ values }, index) => `<polyline fill="none" stroke="${colors[index % colors.length]}" stroke-width="2" points="${values.map((value, n) => `${x(sizes[n]!).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}"/>`).join('\n')}
${ends.map(({ name, index, at }) => `<text x="${width - right + 8}" y="${at + 4}" fill="${colors[index % colors.length]}">${name}</text>`).join('\n')}
</svg>
`
}
