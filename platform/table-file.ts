/** Tables from elsewhere: a CSV file, alone or inside a zip, read as a stream of rows that know their line. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { parse } from 'csv-parse'
import yauzl from 'yauzl'
import { listed, type Message, messages, params, SpokenError } from './messages.ts'

const say = messages('platform/tables', {
  empty: 'The file is empty. The first line must name the columns.',
  excel: 'This is an Excel file. Save it as “CSV UTF-8” and send that.',
  workbook: 'This is an Excel workbook. Save it as “CSV UTF-8” and send that.',
  noTable: 'The zip has no .csv file in it.',
  tables: params('The zip has {count} CSV files ({names}); send one at a time.'),
  encrypted: 'The zip is encrypted. Unpack it and send the CSV itself.',
  unpacked: 'The zip unpacks to more than 8 GB. Split the file and send the parts.',
  zip: params('The zip cannot be read: {reason}. Send it again, or send the CSV itself.'),
  damaged: params('The zip is damaged ({reason}). Send it again, or send the CSV itself.'),
  encoding: params('The text is not UTF-8 (line {line}). Save the file as “{saveAs}” and send it again.'),
  twice: params('Line 1 names the column “{column}” twice; rename one of them.'),
  openQuote: params(
    'Line {line}: a quoted value begins in this row and never ends. Close it with a quote (") and send the file again.',
  ),
  line: params('Line {line}'),
  value: params('Line {line}, value {value}'),
  strayQuote: params('{place}: a quote stands inside a value that is not quoted. Write such a value as "say ""hello""".'),
  afterQuote: params(
    '{place}: text follows the closing quote of a value. A quote is missing in this row; one inside a value is doubled ("").',
  ),
  csv: params('{place}: {reason}'),
})

/** One row under the header: the line it begins on (the header is line 1), and its cells. */
export type TableRow = { line: number; values: string[] }

export type Table = {
  columns: string[]
  /** May be read once; leaving the loop early closes the file. */
  rows: AsyncIterable<TableRow>
}

/** The file cannot be read as a table. The message names the line and says what to do. */
export class TableError extends SpokenError {
  override readonly name = 'TableError'
  readonly line: number | null
  constructor(message: Message, line: number | null = null) {
    super(message)
    this.line = line
  }
}

/** Longest row in characters: a quote that is never closed would otherwise swallow the file. */
const longestRow = 4 * 2 ** 20
/** Most bytes a zip may unpack to. */
const mostUnpacked = 8 * 2 ** 30

/** Opens a `.csv` or a `.zip` with one CSV inside; which of the two it is, its first bytes say. */
export async function openTable(path: string): Promise<Table> {
  const bytes = await openBytes(path)
  const texts = decoded(bytes)
  try {
    const head = await headOf(texts)
    if (head === '') throw new TableError(say.empty)
    return await tableOf(chained(head, texts), delimiterOf(head), bytes)
  } catch (error) {
    bytes.destroy()
    throw error
  }
}

/** A text file as pieces of text, decoded as tables are: UTF-8 with or without a byte-order mark, or UTF-16 with one. */
export const openText = (path: string): AsyncGenerator<string> =>
  decoded(createReadStream(path, { highWaterMark: 2 ** 18 }), 'UTF-8')

async function openBytes(path: string): Promise<Readable> {
  const handle = await open(path, 'r')
  const start = Buffer.alloc(8)
  try {
    await handle.read(start, 0, 8, 0)
  } finally {
    await handle.close()
  }
  if (start.subarray(0, 2).toString('latin1') === 'PK') return unzipped(path)
  if (start.toString('hex') === 'd0cf11e0a1b11ae1') throw new TableError(say.excel)
  return createReadStream(path, { highWaterMark: 2 ** 18 })
}

async function unzipped(path: string): Promise<Readable> {
  let zip: yauzl.ZipFile | undefined
  try {
    zip = await yauzl.openPromise(path, { autoClose: false })
    const opened = zip
    const tables: yauzl.Entry[] = []
    for await (const entry of opened.eachEntry()) {
      if (entry.fileName === '[Content_Types].xml') throw new TableError(say.workbook)
      if (/\.(csv|txt|tsv)$/i.test(entry.fileName) && !entry.fileName.startsWith('__MACOSX/')) tables.push(entry)
    }
    const [table] = tables
    if (!table) throw new TableError(say.noTable)
    if (tables.length > 1) {
      const names = tables.slice(0, 5).map((entry) => entry.fileName)
      throw new TableError(say.tables({ count: tables.length, names: listed(names) }))
    }
    if (table.isEncrypted()) throw new TableError(say.encrypted)
    if (table.uncompressedSize > mostUnpacked) throw new TableError(say.unpacked)
    const bytes = await opened.openReadStreamPromise(table)
    return bytes.once('close', () => opened.close())
  } catch (error) {
    zip?.close()
    if (error instanceof TableError) throw error
    throw new TableError(say.zip({ reason: (error as Error).message }))
  }
}

/** Bytes as text: UTF-8 with or without a byte-order mark, or UTF-16 with one. */
async function* decoded(bytes: Readable, saveAs = 'CSV UTF-8'): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let lines = 1
  const text = (chunk?: Buffer) => {
    try {
      const piece = decoder!.decode(chunk, { stream: chunk !== undefined })
      for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) lines++
      return piece
    } catch {
      const readable = new TextDecoder().decode(chunk).split('\ufffd', 1)[0]!
      lines += readable.split('\n').length - 1
      throw new TableError(say.encoding({ line: lines, saveAs }), lines)
    }
  }
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
      yield text(chunk)
    }
  } catch (error) {
    if (error instanceof TableError || (error as NodeJS.ErrnoException).syscall) throw error
    throw new TableError(say.damaged({ reason: (error as Error).message }))
  }
  if (decoder) yield text()
}

function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

/** Text up to the end of the header at least. */
async function headOf(texts: AsyncGenerator<string>): Promise<string> {
  let head = ''
  while (head.length < longestRow) {
    const { value, done } = await texts.next()
    if (done) break
    head += value
    if (/[\r\n]/.test(head.trimStart())) break
  }
  return head
}

async function* chained(head: string, rest: AsyncGenerator<string>) {
  yield head
  yield* rest
}

/** The mark that separates the most names in the header; a comma when none does. */
function delimiterOf(head: string): string {
  const header = head
    .trimStart()
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/[\r\n]/, 1)[0]!
  const count = (mark: string) => header.split(mark).length - 1
  return [',', ';', '\t', '|'].reduce((best, mark) => (count(mark) > count(best) ? mark : best))
}

async function tableOf(texts: AsyncIterable<string>, delimiter: string, bytes: Readable): Promise<Table> {
  // Lines are counted here: the parser takes a line break of two characters inside a value for two, and when it fails,
  // the rows it has not handed out are gone.
  let line = 1
  const on_record = (values: string[]): TableRow | null => {
    const begins = line
    line += 1 + values.reduce((sum, value) => sum + (value.includes('\n') ? value.split('\n').length - 1 : 0), 0)
    return values.length > 1 || values[0] !== '' ? { line: begins, values } : null
  }
  const parser = parse({ delimiter, relax_column_count: true, max_record_size: longestRow, on_record: on_record as never })
  pipeline(Readable.from(texts, { highWaterMark: 4 }), parser, () => bytes.destroy())
  const rows = readRows(parser as AsyncIterable<TableRow>, () => line)
  const header = await rows.next()
  if (header.done) throw new TableError(say.empty)
  const columns = header.value.values.map((name, n) => name.trim() || `Column ${n + 1}`)
  const twice = columns.find((name, n) => columns.indexOf(name) !== n)
  if (twice) throw new TableError(say.twice({ column: twice }), 1)
  return { columns, rows }
}

async function* readRows(parsed: AsyncIterable<TableRow>, line: () => number): AsyncGenerator<TableRow> {
  try {
    yield* parsed
  } catch (error) {
    throw explained(error as ParserError, line())
  }
}

type ParserError = Error & { code?: string; column?: number }

/** csv-parse's refusals in words for the person whose file it is. */
function explained(error: ParserError, line: number): Error {
  const place = typeof error.column === 'number' ? say.value({ line, value: error.column + 1 }) : say.line({ line })
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
    case 'CSV_MAX_RECORD_SIZE':
      return new TableError(say.openQuote({ line }), line)
    case 'INVALID_OPENING_QUOTE':
      return new TableError(say.strayQuote({ place }), line)
    case 'CSV_INVALID_CLOSING_QUOTE':
      return new TableError(say.afterQuote({ place }), line)
    default:
      return error.code?.startsWith('CSV_') ? new TableError(say.csv({ place, reason: error.message }), line) : error
  }
}
