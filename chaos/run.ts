/**
 * `npm run chaos`: the product under load while its processes are killed, its database is stopped, its disk fills and
 * its clocks are wrong; after each fault everything it acknowledged is looked for. `--seed` repeats a schedule, `--rounds`
 * or `--minutes` say how much, `--only` and `--without` which faults. Exit code 1 when something was found.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { requireNode } from '../platform/start-failure.ts'
import { randomFrom } from '../test/random.ts'
import { drawSchedule, type Fault, faults } from './schedule.ts'
import { type Result, stage } from './stage.ts'
import { mountVolume, plainFolder, type Volume } from './volume.ts'

requireNode()
const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    rounds: { type: 'string' },
    minutes: { type: 'string' },
    only: { type: 'string' },
    without: { type: 'string', default: '' },
    clients: { type: 'string', default: '8' },
    quick: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})

const names = Object.keys(faults) as Fault[]
const listed = (list: string | undefined) => (list ? list.split(',').map((name) => name.trim()) : [])
for (const name of [...listed(options.only), ...listed(options.without)])
  if (!names.includes(name as Fault)) fail(`There is no fault "${name}". Those there are: ${names.join(', ')}.`)
const among = names.filter(
  (name) => (!options.only || listed(options.only).includes(name)) && !listed(options.without).includes(name),
)
const seed = Number(options.seed)
/** Every fault once, as far as five minutes reach; `--rounds` takes the time it takes. */
const minutes = options.minutes ? Number(options.minutes) : options.rounds ? Number.POSITIVE_INFINITY : 5
const rounds = Number(options.rounds ?? (options.minutes ? 10_000 : among.length))
if (!Number.isSafeInteger(seed) || !(rounds > 0) || !(minutes > 0) || among.length === 0)
  fail('--seed takes a whole number, --rounds and --minutes a positive one; --only and --without must leave a fault.')

const base = mkdtempSync(join(tmpdir(), 'tater-chaos-'))
const volume = among.includes('disk-full') ? mounted() : plainFolder(base)
console.log(
  `Seed ${seed} (npm run chaos -- --seed ${seed} repeats the schedule). ${among.length} kinds of faults on ${volume.kind}.`,
)

const results: Result[] = []
let found = 0
const scene = await stage({
  base,
  volume,
  random: randomFrom(seed),
  clients: Number(options.clients),
  quick: options.quick,
  say: console.log,
})
let ending = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (ending = true))
const until = Date.now() + minutes * 60_000
try {
  for (const round of drawSchedule(randomFrom(seed), Math.min(rounds, 10_000), among, options.quick)) {
    if (ending || Date.now() > until) break
    const result = await scene.play(round)
    results.push(result)
    found += result.findings.length
  }
} finally {
  await scene.strike()
  volume.unmount()
  if (found === 0 && !options.keep) rmSync(base, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  else console.log(`Left for looking at: ${base} (journal.ndjson, logs, the disk)`)
}

console.log(`\n${table(results)}\n${scene.summary()}`)
const left = among.filter((fault) => !results.some((result) => result.fault === fault))
if (left.length > 0) console.log(`Not tried in this time: ${left.join(', ')}. --minutes or --rounds give more.`)
console.log(found === 0 ? `Nothing was lost and nothing is there twice. Seed ${seed}.` : `${found} findings. Seed ${seed}.`)
process.exit(found === 0 && !ending ? 0 : 1)

function mounted(): Volume {
  try {
    return mountVolume(base)
  } catch (error) {
    rmSync(base, { recursive: true, force: true })
    return fail(
      `A disk that can be filled cannot be mounted here (${(error as Error).message.trim()}). Run it as root, or leave that fault out: --without disk-full.`,
    )
  }
}

function table(rows: readonly Result[]): string {
  const by = Map.groupBy(rows, ({ fault }) => fault)
  const line = ([fault, all]: [Fault, Result[]]) => {
    const seconds = (pick: (result: Result) => number) => all.map((each) => (pick(each) / 1000).toFixed(1)).join(', ')
    return `| ${faults[fault]} | ${all.length} | ${seconds(({ writesMs }) => writesMs)} | ${seconds(({ jobsMs }) => jobsMs)} | ${all.reduce((sum, { findings }) => sum + findings.length, 0)} |`
  }
  return [
    '| Fault | Times | Every server writes again after (s) | Imports done after (s) | Findings |',
    '|---|---|---|---|---|',
    ...[...by].map(line),
  ].join('\n')
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
