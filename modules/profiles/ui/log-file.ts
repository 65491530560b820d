/** A log file's columns and moves, read in a worker so that the page stays quick however long the file is. */
import { presets, type ReplayPreset } from '../contract.ts'
import { CsvStream } from './csv-stream.ts'
import { MoveCollector, type MoveLog } from './log-moves.ts'

export type Columns = { case: string; time: string; status: string }
export type LogRequest = { file: File; preset: string; columns: Columns }
export type LogAnswer = { kind: 'progress'; share: number } | { kind: 'done'; log: MoveLog } | { kind: 'failed'; message: string }

/** The first line of a file and a few rows of it, to choose columns by. */
export async function peek(file: File): Promise<{ columns: string[]; rows: string[][] }> {
  const csv = new CsvStream()
  const text = await file.slice(0, 65_536).text()
  const [columns = [], ...rows] = [...csv.feed(text), ...(file.size <= 65_536 ? csv.end() : [])]
  return { columns, rows: rows.slice(0, 3) }
}

/** The columns a preset names, where the file has them. */
export function columnsOf(names: readonly string[], preset: ReplayPreset): Columns {
  const find = (wanted: string, like: RegExp) =>
    names.find((name) => name === wanted) ?? names.find((name) => like.test(name.toLowerCase())) ?? ''
  return {
    case: find(preset.columns.case, /^(case|number|key|ticket|id)\b|case.?id|ticket/),
    time: find(preset.columns.time, /time|date|_at$/),
    status: find(preset.columns.status, /status|state|activity/),
  }
}

/** Which preset names the columns of a file best. */
export const presetOf = (names: readonly string[]): string =>
  Object.entries(presets).find(([, { columns }]) => names.includes(columns.case) && names.includes(columns.status))?.[0] ??
  'generic'

/** Reads a whole log, telling how far it is. */
export async function readLog({ file, preset, columns }: LogRequest, onShare: (share: number) => void): Promise<MoveLog> {
  const collector = new MoveCollector(presets[preset] ?? presets.generic)
  const csv = new CsvStream()
  let places: { case: number; status: number } | null = null
  let read = 0
  const take = (rows: string[][]) => {
    for (const row of rows) {
      if (!places) places = { case: row.indexOf(columns.case), status: row.indexOf(columns.status) }
      else collector.add({ case: row[places.case] ?? '', status: row[places.status] ?? '' })
    }
  }
  const reader = file.stream().getReader()
  const decoder = new TextDecoder()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    take(csv.feed(decoder.decode(value, { stream: true })))
    read += value.length
    onShare(read / file.size)
  }
  take(csv.feed(decoder.decode()))
  take(csv.end())
  return collector.result()
}
