/**
 * Statements built and compiled once. Kysely's building and compiling cost more than PostgreSQL's answer to a look-up by
 * key; the statements a request runs all day keep their text and change only their values.
 */
import type { Compilable, CompiledQuery } from 'kysely'
import type { Db } from './database.ts'

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

/** At most this many sets of columns of one statement are kept; a program that writes more than these varies too much. */
const mostShapes = 200

/**
 * A statement whose columns vary, compiled once for each set of them.
 * @param build makes it for the columns of a row; `value(column)` stands for the value of that column
 */
export function rowStatement<Row = unknown>(
  build: (db: Db, row: Record<string, unknown>, value: (name: string) => unknown) => Compilable<Row>,
): (db: Db, row: Record<string, unknown>, others?: Record<string, unknown>) => Promise<Row[]> {
  const kept = new Map<string, CompiledQuery<Row>>()
  return async (db, row, others = {}) => {
    const shape = Object.keys(row).join()
    let known = kept.get(shape)
    if (!known) {
      if (kept.size >= mostShapes) kept.clear()
      known = compile<Record<string, unknown>, Row>(db, (on, value) =>
        build(on, Object.fromEntries(Object.keys(row).map((column) => [column, value(column)])), value),
      )
      kept.set(shape, known)
    }
    return run(db, known, { ...others, ...row })
  }
}

const compile = <Values extends Record<string, unknown>, Row>(db: Db, build: Build<Values, Row>) =>
  build(db, (name) => new Place(name) as never).compile() as CompiledQuery<Row>

async function run<Row>(db: Db, statement: CompiledQuery<Row>, values: Record<string, unknown>): Promise<Row[]> {
  const parameters = statement.parameters.map((each) => (each instanceof Place ? values[each.name] : each))
  return (await db.executeQuery<Row>({ ...statement, parameters } as CompiledQuery<Row>)).rows
}
