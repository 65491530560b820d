/**
 * Statements built and compiled once. Kysely's building and compiling cost more than PostgreSQL's answer to a look-up by
 * key; the statements a request runs all day keep their text and change only their values.
 */
import type { Compilable, CompiledQuery } from 'kysely'
import { askIn, type Db } from './database.ts'

/** Stands in the built statement where a value will be. */
class Place {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

type Build<Values, Row> = (db: Db, value: <Name extends keyof Values & string>(name: Name) => Values[Name]) => Compilable<Row>

/**
 * @param build makes the statement; `value('name')` stands for the value of that name
 * @returns runs it with values; answers its rows
 */
export function statement<Values extends Record<string, unknown>, Row = unknown>(
  build: Build<Values, Row>,
): (db: Db, values: Values) => Promise<Row[]> {
  let kept: CompiledQuery<Row> | undefined
  return async (db, values) => {
    kept ??= compile(db, build)
    return run(db, kept, values)
  }
}

/** At most this many forms of one statement are kept; a program that has more of them varies too much. */
const mostForms = 200

/**
 * A statement that comes in several forms, compiled once for each.
 * @param build makes it for what the form needs to know; `value('name')` stands for the value of that name
 * @returns runs it in the form of that key, with values
 */
export function statementInForms<Form, Row = unknown>(
  build: (db: Db, form: Form, value: (name: string) => unknown) => Compilable<Row>,
): (db: Db, key: string, form: Form, values: Record<string, unknown>) => Promise<Row[]> {
  const kept = new Map<string, CompiledQuery<Row>>()
  return async (db, key, form, values) => {
    let known = kept.get(key)
    if (!known) {
      if (kept.size >= mostForms) kept.clear()
      known = compile<Record<string, unknown>, Row>(db, (on, value) => build(on, form, value))
      kept.set(key, known)
    }
    return run(db, known, values)
  }
}

/**
 * A statement whose columns vary, compiled once for each set of them.
 * @param build makes it for the columns of a row; `value(column)` stands for the value of that column
 */
export function rowStatement<Row = unknown>(
  build: (db: Db, row: Record<string, unknown>, value: (name: string) => unknown) => Compilable<Row>,
): (db: Db, row: Record<string, unknown>, others?: Record<string, unknown>) => Promise<Row[]> {
  const run = statementInForms<string[], Row>((db, columns, value) =>
    build(db, Object.fromEntries(columns.map((column) => [column, value(column)])), value),
  )
  return (db, row, others) => {
    const columns = Object.keys(row)
    return run(db, columns.join(), columns, others ? { ...others, ...row } : row)
  }
}

const compile = <Values extends Record<string, unknown>, Row>(db: Db, build: Build<Values, Row>) =>
  build(db, (name) => new Place(name) as never).compile() as CompiledQuery<Row>

function run<Row>(db: Db, { sql, parameters }: CompiledQuery<Row>, values: Record<string, unknown>): Promise<Row[]> {
  return askIn(
    db,
    sql,
    parameters.map((each) => (each instanceof Place ? values[each.name] : each)),
  ) as Promise<Row[]>
}
