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

/**
 * @param build makes the statement; `value('name')` stands for the value of that name
 * @returns runs it with values; answers its rows
 */
export function statement<Values extends Record<string, unknown>, Row>(
  build: (db: Db, value: <Name extends keyof Values & string>(name: Name) => Values[Name]) => Compilable<Row>,
): (db: Db, values: Values) => Promise<Row[]> {
  let kept: CompiledQuery<Row> | undefined
  return async (db, values) => {
    kept ??= build(db, (name) => new Place(name) as never).compile()
    const parameters = kept.parameters.map((parameter) => (parameter instanceof Place ? values[parameter.name] : parameter))
    return (await db.executeQuery<Row>({ ...kept, parameters } as CompiledQuery<Row>)).rows
  }
}
