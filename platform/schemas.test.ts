import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { command } from './operation.ts'
import { fromQueryString, fromSnakeCase, inputSchema, inSnakeCase, type JsonSchema, snake } from './schemas.ts'

const op = command({
  name: 'test.schemas',
  summary: 'A test',
  route: 'POST /test',
  permission: null,
  input: z.strictObject({
    taskId: z.string(),
    isMajorIncident: z.boolean().optional(),
    tierLevel: z.number().int().optional(),
    someTags: z.array(z.string()).optional(),
    someNumbers: z.array(z.number()).optional(),
    nestedThing: z
      .strictObject({ innerName: z.string(), deepList: z.array(z.strictObject({ itemName: z.string() })) })
      .optional(),
    orNull: z.strictObject({ innerName: z.string() }).nullable().optional(),
    customFields: z.record(z.string(), z.unknown()).optional(),
  }),
  output: z.object({}),
  run: async () => ({}),
})
const schema = inputSchema(op)

describe('snake_case', () => {
  test('names come back', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,20}$/),
        (name) => void expect(fromSnakeCase({ [snake(name)]: 1 }, { properties: { [name]: {} } })).toEqual({ [name]: 1 }),
      ),
    )
  })

  test('values come back, inside lists and objects too; keys of records are data', () => {
    const input = {
      taskId: 'x',
      isMajorIncident: true,
      nestedThing: { innerName: 'y', deepList: [{ itemName: 'z' }] },
      orNull: { innerName: 'n' },
      customFields: { keepMe: 1, keep_me: { innerName: 2 } },
    }
    const written = {
      task_id: 'x',
      is_major_incident: true,
      nested_thing: { inner_name: 'y', deep_list: [{ item_name: 'z' }] },
      or_null: { inner_name: 'n' },
      custom_fields: input.customFields,
    }
    expect(fromSnakeCase(written, schema)).toEqual(input)
  })

  test('the schema says the same names', () => {
    const named = inSnakeCase(schema)
    expect(Object.keys(named.properties!)).toEqual(Object.keys(schema.properties!).map(snake))
    expect(named.required).toEqual(['task_id'])
    expect(Object.keys(named.properties!.nested_thing!.properties!)).toEqual(['inner_name', 'deep_list'])
    expect(Object.keys(named.properties!.nested_thing!.properties!.deep_list!.items!.properties!)).toEqual(['item_name'])
  })

  test('unknown names stay, to be refused by name; no input makes it fail', () => {
    expect(fromSnakeCase({ fnord_x: 1, __proto: 2 }, schema)).toEqual({ fnord_x: 1, __proto: 2 })
    fc.assert(fc.property(fc.jsonValue(), (value) => void expect(() => fromSnakeCase(value, schema)).not.toThrow()))
  })
})

describe('query strings', () => {
  const read = (query: Record<string, unknown>) => fromQueryString(query, schema)

  test('become what the schema means', () => {
    expect(read({ tierLevel: '3', isMajorIncident: 'true', someTags: 'a,b', someNumbers: ['1', '2'], taskId: '7' })).toEqual({
      tierLevel: 3,
      isMajorIncident: true,
      someTags: ['a', 'b'],
      someNumbers: [1, 2],
      taskId: '7',
    })
  })

  test('what does not fit stays text, so that it is refused by name', () => {
    expect(read({ tierLevel: 'three', isMajorIncident: 'yes', fnord: '1', someNumbers: 'x' })).toEqual({
      tierLevel: 'three',
      isMajorIncident: 'yes',
      fnord: '1',
      someNumbers: ['x'],
    })
    expect(read({ tierLevel: '1e3' })).toEqual({ tierLevel: '1e3' })
    expect(read({ constructor: '1', toString: 'x' })).toMatchObject({ constructor: '1', toString: 'x' })
  })

  test('no query string makes it fail', () => {
    const values = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string())))
    fc.assert(fc.property(values, (query) => void expect(() => fromQueryString(query, schema as JsonSchema)).not.toThrow()))
  })
})
