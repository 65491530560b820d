/** Answers as text: exactly the fields the contract declares, written by code compiled from its schema. */
import build from 'fast-json-stringify'
import type { AnyOperation } from './operation.ts'
import { type JsonSchema, outputSchema } from './schemas.ts'

const serializers = new WeakMap<AnyOperation, (output: unknown) => string>()

/** Writes an operation's output; a field that its contract does not name stays inside. */
export function serialize(op: AnyOperation, output: unknown): string {
  let serializer = serializers.get(op)
  if (!serializer) {
    serializer = build(plain(outputSchema(op)) as Parameters<typeof build>[0]) as (output: unknown) => string
    serializers.set(op, serializer)
  }
  return serializer(output)
}

/** What the compiler needs and no more: `X or null` as a nullable X, other unions as they come, no limits to check. */
function plain(schema: JsonSchema): JsonSchema {
  const { type, properties, items, anyOf, additionalProperties, required } = schema
  if (anyOf) {
    const real = anyOf.filter((each) => each.type !== 'null')
    return real.length === 1 ? { ...plain(real[0]!), nullable: true } : {}
  }
  if (type === undefined || Array.isArray(type)) return {}
  return {
    type,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, plain(property)])),
    }),
    ...(required && { required }),
    ...(items && { items: plain(items) }),
    ...(type === 'object' && additionalProperties !== undefined && { additionalProperties: openOf(additionalProperties) }),
  }
}

const openOf = (additional: unknown) =>
  typeof additional === 'object' && additional !== null ? plain(additional as JsonSchema) : additional
