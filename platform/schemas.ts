/** JSON Schemas of operations, derived once from their zod schemas: for the query string, OpenAPI and MCP. */
import { z } from 'zod'
import type { AnyOperation } from './operation.ts'

export type JsonSchema = {
  type?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  anyOf?: JsonSchema[]
  [key: string]: unknown
}

const inputs = new WeakMap<AnyOperation, JsonSchema>()

/** What an operation takes, as JSON Schema. */
export function inputSchema(op: AnyOperation): JsonSchema {
  const known = inputs.get(op)
  if (known) return known
  const { $schema: _, ...schema } = z.toJSONSchema(op.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  inputs.set(op, schema)
  return schema
}

/** What an operation answers, as JSON Schema. */
export function outputSchema(op: AnyOperation): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(op.output, { io: 'output', unrepresentable: 'any' }) as JsonSchema
  return schema
}

/**
 * A query string's texts as the values the schema means: numbers, booleans, and lists from repeated parameters or
 * commas. What does not fit stays text, so that the schema refuses it by name.
 */
export function fromQueryString(query: Record<string, unknown>, schema: JsonSchema): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, given] of Object.entries(query)) {
    const property = schema.properties?.[name]
    values[name] = property ? meant(given, property) : given
  }
  return values
}

function meant(given: unknown, { type, items }: JsonSchema): unknown {
  if (type === 'array') {
    const texts = (Array.isArray(given) ? given : String(given).split(',')).map(String)
    return texts.filter((text) => text !== '').map((text) => meant(text, items ?? {}))
  }
  if (typeof given !== 'string') return given
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(given)) return Number(given)
  if (type === 'boolean' && (given === 'true' || given === 'false')) return given === 'true'
  return given
}

export const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The same schema with snake_case property names, as agents see it; keys of records are data and stay. */
export function inSnakeCase(schema: JsonSchema): JsonSchema {
  const copy: JsonSchema = { ...schema }
  if (schema.properties)
    copy.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, property]) => [snake(name), inSnakeCase(property)]),
    )
  if (schema.required) copy.required = schema.required.map(snake)
  if (schema.items) copy.items = inSnakeCase(schema.items)
  if (schema.anyOf) copy.anyOf = schema.anyOf.map(inSnakeCase)
  return copy
}

/** snake_case arguments under the schema's own names; a name the schema does not know stays, and is refused by it. */
export function fromSnakeCase(value: unknown, schema: JsonSchema): unknown {
  if (Array.isArray(value)) return value.map((item) => fromSnakeCase(item, schema.items ?? {}))
  if (typeof value !== 'object' || value === null) return value
  const properties = schema.properties ?? schema.anyOf?.find((each) => each.properties)?.properties
  if (!properties) return value
  const names = new Map(Object.keys(properties).map((name) => [snake(name), name]))
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => {
      const own = names.get(name) ?? name
      return [own, fromSnakeCase(part, properties[own] ?? {})]
    }),
  )
}
