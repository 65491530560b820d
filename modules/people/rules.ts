/** What the business says about people: how they are found, and what a file of them must look like. Pure. */
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { unguarded } from '../../platform/csv.ts'
import { fieldErrors } from '../../platform/field-errors.ts'
import { list, listed, type Message, messages, params, type Sayable } from '../../platform/messages.ts'
import { firstOf, Invalid, type Problem } from '../../platform/problem.ts'
import { type ContactFields, contactColumns, contactFields, mostRows } from './contract.ts'

export const say = messages('people/refusals', {
  notFromHere: 'This `after` is not from a page of people. Begin again without it.',
  stale: 'Somebody changed this person in the meantime. Look again.',
  taken: params('{email} is the address of {name} already. Change that one, or merge the two.'),
  same: 'These are the same person. Choose another to merge into.',
  notArchived: 'There is no such archived person. Somebody may have brought them back already; look at the list again.',
  mergedInto: params('This person was merged into {name}, who has the tickets now. Add somebody new instead.'),
  noPerson: 'There is no such person, or they are archived or merged. Look at the list again.',
  line: params('Line {line}: {problem}'),
  nothingChanged: params('{problem} Nothing was changed.'),
  empty: 'The file is empty. The first line must name the columns.',
  column: params('The column “{column}” is unknown or stands there twice. There are {columns}.'),
  missing: params('The column {columns} is missing.'),
  many: params('At most {most} people at a time. Split the file.'),
  width: params('{found} values, but the first line names {wanted} columns.'),
  twice: params('{email} stands on line {line} already.'),
})

/** A text as search and order see it: without case and accents, single spaces. */
export const keyOf = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim()

/** The keys of a name: of the whole, and of its last word. */
export function keysOf(name: string) {
  const whole = keyOf(name)
  return { nameKey: whole, surnameKey: whole.slice(whole.lastIndexOf(' ') + 1) }
}

const Row = z.strictObject(contactFields)
type LineProblem = { field: string; code: string; message: Message }

/** People of a CSV file with a header; throws all that is wrong with it, line by line. */
export function contactsIn(csv: string): ContactFields[] {
  const lines = read(csv)
  const [header, ...rows] = lines
  if (!header) throw refused([problemAt(1, say.empty)])
  const columns = header.record.map((name) => name.trim().toLowerCase())
  const wrong = columns.find((name, n) => !contactColumns.includes(name as 'name') || columns.indexOf(name) !== n)
  if (wrong !== undefined) throw refused([problemAt(1, say.column({ column: wrong, columns: listed(contactColumns) }))])
  const missing = ['name', 'email'].filter((name) => !columns.includes(name))
  if (missing.length > 0) throw refused([problemAt(1, say.missing({ columns: list(missing, 'and') }))])
  if (rows.length > mostRows) throw refused([problemAt(rows[mostRows]!.line, say.many({ most: mostRows }))])

  const problems: LineProblem[] = []
  const found = new Map<string, number>()
  const people = rows.flatMap(({ line, record }) => {
    if (record.length !== columns.length) {
      problems.push(problemAt(line, say.width({ found: record.length, wanted: columns.length })))
      return []
    }
    const given = Object.fromEntries(columns.map((name, n) => [name, unguarded(record[n]!.trim())]))
    const row = Row.safeParse(given)
    if (!row.success) {
      for (const { sentence } of row.error.issues.flatMap(fieldErrors)) problems.push(problemAt(line, sentence))
      return []
    }
    const before = found.get(row.data.email)
    if (before) problems.push(problemAt(line, say.twice({ email: row.data.email, line: before })))
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

const problemAt = (line: number, problem: Sayable): LineProblem => ({
  field: `line ${line}`,
  code: 'INVALID',
  message: say.line({ line: String(line), problem }),
})

const mostShown = 50

function refused(problems: LineProblem[]): Problem {
  const problem = firstOf(problems.map(({ message }) => message))
  return Invalid(say.nothingChanged({ problem }), { problems: problems.slice(0, mostShown) })
}
