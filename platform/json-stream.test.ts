import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonError, type JsonFound, type JsonPath, pathText, readJson } from './json-stream.ts'

/** The document in pieces of these sizes, around and around. */
async function* cut(text: string, sizes: readonly number[] = [7]) {
  for (let at = 0, n = 0; at < text.length; n += 1) {
    const size = sizes[n % sizes.length]!
    yield text.slice(at, at + size)
    at += size
  }
}

async function read(text: string, want: (path: JsonPath) => boolean, sizes?: readonly number[]) {
  const found: JsonFound[] = []
  for await (const each of readJson(cut(text, sizes), want)) found.push(each)
  return found
}

const refusal = (text: string, sizes?: readonly number[]) =>
  read(text, (path) => path.length === 1, sizes).then(
    () => null,
    (error: JsonError) => error,
  )

const at = (value: unknown, path: JsonPath) =>
  path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key as string], value)
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const documents = fc.oneof(fc.array(fc.jsonValue(), { minLength: 1 }), fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }))

test('whatever is asked for comes out as JSON.parse would give it, wherever the text is cut', async () => {
  await fc.assert(
    fc.asyncProperty(documents, sizes, fc.integer({ min: 1, max: 3 }), fc.boolean(), async (value, cuts, depth, spaced) => {
      const text = JSON.stringify(value, null, spaced ? 2 : 0)
      const parsed: unknown = JSON.parse(text)
      for (const { path, value: found } of await read(text, (asked) => asked.length === depth, cuts)) {
        expect(path).toHaveLength(depth)
        expect(found).toEqual(at(parsed, path))
      }
    }),
  )
})

test('what is cut off anywhere is refused', async () => {
  await fc.assert(
    fc.asyncProperty(documents, sizes, fc.nat(), async (value, cuts, where) => {
      const text = JSON.stringify(value)
      expect(await refusal(text.slice(0, where % text.length), cuts)).toBeInstanceOf(JsonError)
    }),
  )
})

test('accepts nothing that JSON.parse does not', async () => {
  await fc.assert(
    fc.asyncProperty(
      documents,
      fc.nat(),
      fc.constantFrom(',', '}', ']', '"', 'x', ':', '1', '\\'),
      async (value, where, stray) => {
        const text = JSON.stringify(value)
        const place = where % (text.length + 1)
        const spoiled = text.slice(0, place) + stray + text.slice(place)
        let valid = true
        try {
          JSON.parse(spoiled)
        } catch {
          valid = false
        }
        expect([spoiled, (await refusal(spoiled)) === null]).toEqual([spoiled, valid])
      },
    ),
  )
})

test('names the line and the path', async () => {
  const text = '{\n "results": [\n  {"a": 1},\n  {"a": nope}\n ]\n}'
  const error = await read(text, (path) => path.length === 2).catch((each: JsonError) => each)
  expect(error).toMatchObject({ line: 4, path: 'results[1]' })
  expect((error as JsonError).message).toContain('Line 4 (at results[1])')
  expect(pathText(['Results', 'AAD', 0, 'Controls', 2])).toBe('Results.AAD[0].Controls[2]')
})

test('depth and length are bounded', async () => {
  expect((await refusal('['.repeat(200)))?.message).toContain('deep')
  expect((await refusal(`{"a":${'['.repeat(200)}`))?.message).toContain('deep')
  expect((await refusal(`["${'x'.repeat(5_000_000)}"]`, [100_000]))?.message).toContain('4 million')
})
