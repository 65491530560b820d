/**
 * A scan's file, whatever it is, as a stream of rows: read through once to know that it is whole, and a second time to bring
 * its rows in. Neither keeps more of it in memory than one piece and one row.
 */
import { open } from 'node:fs/promises'
import { JsonError, type JsonPath, pathText, readJson } from '../../platform/json-stream.ts'
import { listed, type Message, messages, params, SpokenError } from '../../platform/messages.ts'
import { openTable, openText, TableError } from '../../platform/table-file.ts'
import type { Problem, ScanFormat } from './contract.ts'
import {
  type FoundRow,
  type Hint,
  isOcsf,
  obstacleToColumns,
  type Reading,
  readNative,
  readOcsf,
  readScuba,
  readScubaHead,
  readTime,
  tableReader,
} from './formats.ts'

/** A row and where it stands in the file, or what is wrong with it. */
type Entry = { line: number | null; path: string | null; reading: Reading }

const say = messages('security/files', {
  noText: 'The file is UTF-16 without a byte-order mark, or no text at all. Save it as UTF-8.',
  empty: 'The file is empty.',
  markup: 'This is an HTML or XML page, not a scan. Send the JSON or CSV the scanner wrote.',
  longLine: 'A line is longer than 4 million characters.',
  notJson: params('Line {line}: this is not valid JSON. Each line holds one whole finding; the file may have been cut off here.'),
  noTime: params('{name}: “{value}” is no date and time. Write 2026-03-01T09:30:00Z.'),
  long: params('{name}: at most {most} characters.'),
  line: params('Line {line}: {problem}'),
  place: params('{path} (line {line}): {problem}'),
  nothing: 'There is no result in it: neither a list of findings nor “results” with something in it.',
  sources: params('The file holds rows of several sources ({sources}). Send one file for each.'),
})

type ScanFile = {
  /** Known when the first row is read. */
  format(): ScanFormat
  /** What the head of the file says about the scan; complete when the rows are. */
  head(): Hint
  rows: AsyncIterable<Entry>
}

type FoundProblem = Omit<Problem, 'message'> & { message: Message }

/** The file cannot be read as a scan: what is wrong, and where. */
export class ScanError extends SpokenError {
  override readonly name = 'ScanError'
  readonly problems: FoundProblem[]
  constructor(problems: FoundProblem[]) {
    super(problems[0]!.message)
    this.problems = problems
  }
}

const wrong = (message: Message, line: number | null = null, path: string | null = null) =>
  new ScanError([{ message, line, path }])

/** Opens a file as what its beginning shows it to be. */
async function openScan(path: string): Promise<ScanFile> {
  const start = await beginningOf(path)
  if (start.includes('\u0000')) throw wrong(say.noText, 1)
  const first = start.trimStart().charAt(0)
  if (first === '') throw wrong(say.empty, 1)
  if (first === '[' || first === '{') return isNdjson(start) ? ndjsonFile(path) : jsonFile(path)
  if (first === '<') throw wrong(say.markup, 1)
  return tableFile(path)
}

const beginning = 64 * 1024

/** The first characters, decoded; of a file that is no text at all, the bytes as they are. */
async function beginningOf(path: string): Promise<string> {
  const handle = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginning), 0, beginning, 0)
    const bytes = buffer.subarray(0, bytesRead)
    if (bytes.subarray(0, 2).toString('latin1') === 'PK') return 'PK' // a zip: a table inside
    const encoding =
      bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8'
    return new TextDecoder(encoding).decode(bytes)
  } finally {
    await handle.close()
  }
}

/** One JSON value to a line: the first line is whole and is a finding or a control itself. */
function isNdjson(start: string): boolean {
  const line = start.trimStart().split('\n', 1)[0]!
  if (line.length === start.trimStart().length && start.length >= beginning) return firstKeysAreRow(line)
  try {
    const value: unknown = JSON.parse(line)
    return !Array.isArray(value) && isRow(value)
  } catch {
    return false
  }
}

/** A first line longer than the beginning that was read: a finding names its class, a document its results. */
const firstKeysAreRow = (line: string) =>
  line.startsWith('{') &&
  !/"(results|controls|findings|Results|MetaData)"\s*:/.test(line) &&
  /"(class_uid|finding_info|status_code)"\s*:/.test(line)

const isRow = (value: unknown) =>
  isOcsf(value) || (typeof value === 'object' && value !== null && !('results' in value) && 'row' in readNative(value))

async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const text of texts) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    if (rest.length > 4 * 2 ** 20) throw wrong(say.longLine)
    yield* lines
  }
  yield rest
}

const readObject = (value: unknown): Reading => (isOcsf(value) ? readOcsf(value) : readNative(value))

function ndjsonFile(path: string): ScanFile {
  let format: ScanFormat = 'json'
  async function* rows(): AsyncGenerator<Entry> {
    let line = 0
    for await (const text of linesOf(openText(path))) {
      line += 1
      if (text.trim() === '') continue
      let value: unknown
      try {
        value = JSON.parse(text)
      } catch {
        throw wrong(say.notJson({ line: String(line) }), line)
      }
      if (isOcsf(value)) format = 'ocsf'
      yield { line, path: null, reading: readObject(value) }
    }
  }
  return { format: () => format, head: () => ({}), rows: rows() }
}

const lists = new Set(['results', 'controls', 'findings'])

/** `[…]`, `{"results": […]}`, or ScubaGear's `{"MetaData": …, "Results": {"AAD": [{"Controls": […]}]}}`. */
function jsonFile(path: string): ScanFile {
  let format: ScanFormat = 'json'
  let head: Hint = {}
  const want = (at: JsonPath) => {
    const [first, second] = at
    if (at.length === 1) return typeof first === 'number' || first === 'MetaData' || headNames.has(String(first))
    if (at.length === 2) return lists.has(String(first)) && typeof second === 'number'
    return at.length === 5 && first === 'Results' && at[3] === 'Controls' && typeof at[4] === 'number'
  }
  async function* rows(): AsyncGenerator<Entry> {
    for await (const { path: at, line, value } of readJson(openText(path), want)) {
      const [first, second] = at
      if (at.length === 1 && typeof first === 'string') {
        if (first === 'MetaData') format = 'scubagear'
        head = {
          ...head,
          ...(first === 'MetaData' ? readScubaHead((value ?? {}) as Record<string, unknown>) : readHead(first, value)),
        }
        continue
      }
      if (at.length === 5) format = 'scubagear'
      else if (isOcsf(value)) format = 'ocsf'
      yield { line, path: pathText(at), reading: at.length === 5 ? readScuba(value, String(second)) : readObject(value) }
    }
  }
  return { format: () => format, head: () => head, rows: rows() }
}

const headNames = new Map<string, keyof Hint>([
  ['source', 'source'],
  ['scanId', 'scanId'],
  ['id', 'scanId'],
  ['scannedAt', 'time'],
  ['timestamp', 'time'],
])

/** A line of our own head. Counts and scores that stand there are not read: they come from the rows. */
function readHead(name: string, value: unknown): Hint {
  const field = headNames.get(name)!
  if (field === 'time') {
    const time = readTime(value)
    if (time === null && value !== null) throw wrong(say.noTime({ name, value: String(value).slice(0, 60) }), null, name)
    return time ? { time } : {}
  }
  if (typeof value !== 'string' || value.trim() === '') return {}
  if (value.length > 120) throw wrong(say.long({ name, most: 120 }), null, name)
  return { [field]: value.trim() }
}

async function tableFile(path: string): Promise<ScanFile> {
  const table = await openTable(path)
  const obstacle = obstacleToColumns(table.columns)
  if (obstacle) throw wrong(say.line({ line: '1', problem: obstacle }), 1)
  const { format, read } = tableReader(table.columns)
  async function* rows(): AsyncGenerator<Entry> {
    for await (const { line, values } of table.rows) yield { line, path: null, reading: read(values) }
  }
  return { format: () => format, head: () => (format === 'scubagear' ? { source: 'ScubaGear' } : {}), rows: rows() }
}

export type Checked = {
  format: ScanFormat
  rows: number
  source: string | null
  scanId: string | null
  scannedAt: string | null
}

/** Problems named at most; the file is refused at the first, the others save a round. */
const mostProblems = 50

/** Reads a file through: what scan it is and how many rows it has. Throws ScanError naming every place that is wrong. */
export async function checkScan(path: string, signal?: AbortSignal): Promise<Checked> {
  return inWords(async () => {
    const file = await openScan(path)
    const problems: FoundProblem[] = []
    const hints = new Hints()
    let rows = 0
    for await (const { line, path: at, reading } of file.rows) {
      if (rows % 5000 === 0) signal?.throwIfAborted()
      rows += 1
      if ('row' in reading) hints.add(reading.hint)
      else {
        const place = at ? `${at}${reading.at ? `.${reading.at}` : ''}` : null
        const { problem } = reading
        const where = { line: String(line), problem }
        const message = place ? say.place({ path: place, ...where }) : say.line(where)
        problems.push({ line, path: place, message })
        if (problems.length >= mostProblems) break
      }
    }
    if (problems.length > 0) throw new ScanError(problems)
    if (rows === 0) throw wrong(say.nothing)
    return { format: file.format(), rows, ...hints.about(file.head()) }
  })
}

/** The rows of a file that was checked. */
export async function* scanRows(path: string): AsyncGenerator<FoundRow> {
  const file = await inWords(() => openScan(path))
  for await (const { reading } of file.rows) if ('row' in reading) yield reading.row
}

/** What the rows say about their scan, put together; what the head says comes first. */
class Hints {
  private readonly sources = new Set<string>()
  private readonly accounts = new Set<string>()
  private readonly scanIds = new Set<string>()
  private latest: string | null = null

  add({ source, account, scanId, time }: Hint) {
    if (source !== undefined && this.sources.size < 2) this.sources.add(source)
    if (account !== undefined && this.accounts.size < 2) this.accounts.add(account)
    if (scanId !== undefined && this.scanIds.size < 2) this.scanIds.add(scanId)
    if (time !== undefined && (this.latest === null || time > this.latest)) this.latest = time
  }

  about(head: Hint) {
    if (this.sources.size > 1 && !head.source) throw wrong(say.sources({ sources: listed([...this.sources]) }))
    const [source] = this.sources
    const [account] = this.accounts
    const own = source && this.accounts.size === 1 ? `${source} ${account}` : source
    return {
      source: head.source ?? own ?? null,
      scanId: head.scanId ?? (this.scanIds.size === 1 ? [...this.scanIds][0]! : null),
      scannedAt: head.time ?? this.latest,
    }
  }
}

/** Whatever the readers say about a file becomes one kind of error. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof JsonError) throw wrong(error.detail, error.line, error.path || null)
    if (error instanceof TableError) throw wrong(error.detail, error.line)
    throw error
  }
}
