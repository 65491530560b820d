/** What the business says about people: how they are found, and what a file of them must look like. Pure. */
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { unguarded } from '../../platform/csv.ts'
import { Invalid, type Problem } from '../../platform/problem.ts'
import { type ContactFields, contactColumns, contactFields, mostRows } from './contract.ts'

/** A text as search and order see it: without case and accents, single spaces. */
export const keyOf = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim()

/** The keys of a name: of the whole, and of its last word. */
export function keysOf(name: string) {
  const whole = keyOf(name)
  return { nameKey: whole, surnameKey: whole.slice(whole.lastIndexOf(' ') + 1) }
}

const Row = z.strictObject(contactFields)
type LineProblem = { field: string; code: string; message: string }

/** People of a CSV file with a header; throws all that is wrong with it, line by line. */
export function contactsIn(csv: string): ContactFields[] {
  const lines = read(csv)
  const [header, ...rows] = lines
  if (!header) throw refused([problemAt(1, 'The file is empty. The first line must name the columns.')])
  const columns = header.record.map((name) => name.trim().toLowerCase())
  const wrong = columns.find((name, n) => !contactColumns.includes(name as 'name') || columns.indexOf(name) !== n)
  if (wrong !== undefined)
    throw refused([
      problemAt(1, `The column “${wrong}” is unknown or stands there twice. There are ${contactColumns.join(', ')}.`),
    ])
  const missing = ['name', 'email'].filter((name) => !columns.includes(name))
  if (missing.length > 0) throw refused([problemAt(1, `The column ${missing.join(' and ')} is missing.`)])
  if (rows.length > mostRows)
    throw refused([problemAt(rows[mostRows]!.line, `At most ${mostRows} people at a time. Split the file.`)])

  const problems: LineProblem[] = []
  const found = new Map<string, number>()
  const people = rows.flatMap(({ line, record }) => {
    if (record.length !== columns.length) {
      problems.push(problemAt(line, `${record.length} values, but the first line names ${columns.length} columns.`))
      return []
    }
    const given = Object.fromEntries(columns.map((name, n) => [name, unguarded(record[n]!.trim())]))
    const row = Row.safeParse(given)
    if (!row.success) {
      for (const issue of row.error.issues) problems.push(problemAt(line, `${issue.path.join('.')}: ${issue.message}`))
      return []
    }
    const before = found.get(row.data.email)
    if (before) problems.push(problemAt(line, `${row.data.email} stands on line ${before} already.`))
    found.set(row.data.email, line)
    return [row.data]
  })
  if (problems.length > 0) throw refused(problems)
  return people
}

type Line = { record: string[]; line: number }

function read(csv: string): Line[] {
  try {
    const rows = parse(csv, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      delimiter: [',', ';', '\t'],
    })
    return (rows as unknown as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      record,
      line: info.lines,
    }))
  } catch (error) {
    throw refused([problemAt((error as { lines?: number }).lines ?? 1, (error as Error).message)])
  }
}

const problemAt = (line: number, message: string): LineProblem => ({
  field: `line ${line}`,
  code: 'INVALID',
  message: `Line ${line}: ${message}`,
})

const mostShown = 50

function refused(problems: LineProblem[]): Problem {
  const more = problems.length > 1 ? ` (${problems.length} problems in all)` : ''
  return Invalid(`${problems[0]!.message}${more} Nothing was changed.`, { problems: problems.slice(0, mostShown) })
}
