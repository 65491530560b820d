/** Where attachments lie. One interface; today a folder, later any store of objects. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isUuid } from './ids.ts'

export type Stored = { size: number; sha256: string; head: Buffer }

export type Storage = {
  /** Stores a stream whole or not at all. */
  put(organizationId: string, id: string, bytes: Readable): Promise<Stored>
  get(organizationId: string, id: string): Readable
  /** Where the file lies, for a program that reads it in place (an import). */
  path(organizationId: string, id: string): string
  remove(organizationId: string, id: string): Promise<void>
}

/** Files in `<folder>/<organization>/<id>`; names and types live in the database and never in a path. */
export function folderStorage(folder: string): Storage {
  const path = (organizationId: string, id: string) => {
    if (!isUuid(organizationId) || !isUuid(id)) throw new Error('A stored file is named by two ids')
    return join(folder, organizationId, id)
  }
  return {
    path,
    get: (organizationId, id) => createReadStream(path(organizationId, id)),
    remove: (organizationId, id) => rm(path(organizationId, id), { force: true }),
    async put(organizationId, id, bytes) {
      const target = path(organizationId, id)
      const partial = `${target}.part`
      const made = await mkdir(join(folder, organizationId), { recursive: true, mode: 0o700 })
      if (made) await flush(dirname(made))
      try {
        const { meter, result } = measured()
        await pipeline(bytes, meter, createWriteStream(partial, { mode: 0o600 }))
        await flush(partial)
        await rename(partial, target)
        await flush(join(folder, organizationId))
        return result()
      } catch (error) {
        await rm(partial, { force: true })
        throw error
      }
    },
  }
}

/** A stream that fails with `tooLarge()` once it is longer than this. */
export function limited(bytes: Readable, most: number, tooLarge: () => Error): Readable {
  let size = 0
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      done(size > most ? tooLarge() : null, chunk)
    },
  })
  bytes.once('error', (error) => limit.destroy(error))
  return bytes.pipe(limit)
}

/** Counts, hashes and keeps the first bytes (enough to recognise a type) of what passes through. */
function measured() {
  const hash = createHash('sha256')
  let size = 0
  let head = Buffer.alloc(0)
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      size += chunk.length
      if (head.length < 4100) head = Buffer.concat([head, chunk.subarray(0, 4100 - head.length)])
      done(null, chunk)
    },
  })
  return { meter, result: (): Stored => ({ size, sha256: hash.digest('hex'), head }) }
}

/** On disk, a file with its bytes and a folder with its names, before the row that names it is. */
async function flush(path: string) {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
