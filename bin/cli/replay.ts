/** `tater profile replay`: a log against a profile, read as a stream on this machine. */
import { createReplay, presets, type ReplayPreset, type ReplayResult } from '../../modules/profiles/contract.ts'
import { openTable, TableError } from '../../platform/table-file.ts'
import { exits, Failure, number, readArguments, seconds, usage } from './command.ts'
import { readProfile } from './profile-file.ts'

const command = 'tater profile replay'

export async function replay(args: string[]): Promise<number> {
  const { values } = readArguments(
    command,
    args,
    {
      profile: { type: 'string' },
      log: { type: 'string' },
      preset: { type: 'string', default: 'generic' },
      case: { type: 'string' },
      time: { type: 'string' },
      status: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
    0,
  )
  if (!values.profile) throw usage('Which profile? Give --profile p.json.', command)
  if (!values.log) throw usage('Which log? Give --log events.csv.', command)
  const preset = presets[values.preset]
  if (!preset) throw usage(`There is no preset ${values.preset}; there are ${Object.keys(presets).join(', ')}.`, command)
  const columns = {
    case: values.case ?? preset.columns.case,
    time: values.time ?? preset.columns.time,
    status: values.status ?? preset.columns.status,
  }
  const profile = readProfile(values.profile)
  const began = performance.now()
  const result = await readLog(values.log, { ...preset, columns }, createReplay(profile, preset))
  if (values.json) console.log(JSON.stringify(inOrder(result)))
  else console.log(asTable(result, profile.name, performance.now() - began))
  return exits.done
}

async function readLog(file: string, { columns }: ReplayPreset, log: ReturnType<typeof createReplay>): Promise<ReplayResult> {
  try {
    const table = await openTable(file)
    const place = (name: string) => {
      const at = table.columns.indexOf(name)
      if (at < 0)
        throw new Failure(
          `${file} has no column "${name}"; it has ${table.columns.slice(0, 40).join(', ')}. Name it with --case, --time or --status.`,
          exits.usage,
        )
      return at
    }
    const [which, status] = [place(columns.case), place(columns.status)]
    const time = table.columns.includes(columns.time) ? place(columns.time) : -1
    for await (const { values } of table.rows)
      log.add({ case: values[which] ?? '', time: values[time] ?? '', status: values[status] ?? '' })
    return log.result()
  } catch (error) {
    if (error instanceof TableError) throw new Failure(`${file}: ${error.message}`)
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Failure(`There is no file ${file}. Give the log as a path.`)
    throw error
  }
}

/** What the issue of this command promises comes first; what is worth knowing beside it follows. */
const inOrder = ({ accepted, refused, casesWhollyLegal, moves, ...more }: ReplayResult) => ({
  accepted,
  refused,
  casesWhollyLegal,
  moves,
  ...more,
})

function asTable(result: ReplayResult, profile: string, ms: number): string {
  const { accepted, refused, moves, cases, casesWhollyLegal, events, unknownStates, outOfOrder, unreadableTimes } = result
  const rows = moves.map((move) => [move.accepted ? 'accepted' : 'refused', `${move.from} → ${move.to}`, number(move.count)])
  const widths = [0, 1, 2].map((n) => Math.max(...rows.map((row) => row[n]!.length), 8))
  const line = (row: string[]) =>
    `  ${row[0]!.padEnd(widths[0]!)}  ${row[1]!.padEnd(widths[1]!)}  ${row[2]!.padStart(widths[2]!)}`
  const part = (of: number, all: number) => (all === 0 ? '' : ` (${((of / all) * 100).toFixed(1)} %)`)
  const kinds = [true, false].flatMap((kind) => rows.filter((_, n) => moves[n]!.accepted === kind).map(line))
  return [
    `${number(events)} events of ${number(cases)} cases against ${profile}:`,
    '',
    ...kinds,
    '',
    `  ${number(accepted)} moves accepted, ${number(refused)} refused${part(refused, accepted + refused)}`,
    `  ${number(casesWhollyLegal)} of ${number(cases)} cases wholly legal${part(casesWhollyLegal, cases)}`,
    ...(unknownStates.length > 0 ? [`  States the profile does not have: ${unknownStates.join(', ')}`] : []),
    ...(outOfOrder + unreadableTimes > 0
      ? [
          `  ${number(outOfOrder)} events out of order, ${number(unreadableTimes)} times unreadable; the order of the log was kept`,
        ]
      : []),
    `  ${seconds(ms)}`,
  ].join('\n')
}
