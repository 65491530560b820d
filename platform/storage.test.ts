import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { v7 } from './ids.ts'
import { folderStorage } from './storage.ts'

const folder = mkdtempSync(join(tmpdir(), 'tater-test-storage-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const storage = folderStorage(folder)
const organization = v7()
const from = (bytes: Buffer, size = 1000) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / size) || 1 }, (_each, n) => bytes.subarray(n * size, (n + 1) * size)),
  )

test.each([0, 1, 4099, 4100, 4101, 200_000])(
  '%i bytes come back, counted, hashed, and known by their beginning',
  async (size) => {
    const bytes = randomBytes(size)
    const id = v7()
    const stored = await storage.put(organization, id, from(bytes))
    expect(stored).toEqual({ size, sha256: createHash('sha256').update(bytes).digest('hex'), head: bytes.subarray(0, 4100) })
    expect(await buffer(storage.get(organization, id))).toEqual(bytes)
    expect(statSync(storage.path(organization, id)).mode & 0o077).toBe(0)
    await storage.remove(organization, id)
    expect(existsSync(storage.path(organization, id))).toBe(false)
    await storage.remove(organization, id)
  },
)

test('a stream that breaks leaves nothing behind', async () => {
  const id = v7()
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('half')
      throw new Error('the line went dead')
    })(),
  )
  await expect(storage.put(organization, id, broken)).rejects.toThrow('the line went dead')
  expect(readdirSync(join(folder, organization)).filter((name) => name.startsWith(id))).toEqual([])
})

test('a file is named by two ids and nothing else', () => {
  for (const [one, two] of [
    ['..', v7()],
    [v7(), '../x'],
    ['', ''],
    [v7(), `${v7()}/../x`],
    ['/etc', 'passwd'],
  ] as const) {
    expect(() => storage.path(one, two)).toThrow('named by two ids')
    expect(() => storage.get(one, two)).toThrow('named by two ids')
  }
})
