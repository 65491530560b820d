/** Writes an archive beside its place; it gets its name when it is whole and on the disk, and not a moment before. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '../data-folder.ts'
import { type Manifest, manifestName, sha256, signatureOf } from './manifest.ts'
import { endOfTar, headerOf, padding } from './tar.ts'

export type ArchiveWriter = Awaited<ReturnType<typeof archiveWriter>>

/** @param path where the archive shall stand; nothing stands there before `finish` */
export async function archiveWriter(path: string, madeAt: Date) {
  const partial = `${path}.unfinished-${process.pid}`
  const handle = await open(partial, 'wx', 0o600)
  const parts: Manifest['parts'] = []
  let bytes = 0

  const write = async (...pieces: Buffer[]) => {
    for (const piece of pieces) {
      await handle.writeFile(piece)
      bytes += piece.length
    }
  }
  const add = async (name: string, content: Buffer) => {
    await write(headerOf(name, content.length, madeAt), content, padding(content.length))
    parts.push([name, content.length, sha256(content)])
  }

  return {
    parts,
    bytes: () => bytes,
    /** A part that is in memory. */
    add,
    /** A file that does not change while it is read. Answers its SHA-256. */
    async addFile(name: string, file: string, size: number): Promise<string> {
      const hash = createHash('sha256')
      let read = 0
      await write(headerOf(name, size, madeAt))
      for await (const piece of createReadStream(file, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
        read += piece.length
        if (read > size) break
        hash.update(piece)
        await write(piece)
      }
      if (read !== size) throw new Error(`${file} changed while it was copied. Try again.`)
      await write(padding(size))
      const digest = hash.digest('hex')
      parts.push([name, size, digest])
      return digest
    },
    /** Writes the manifest, brings everything to the disk and gives the archive its name. */
    async finish(manifest: Manifest, secret: string | undefined) {
      const signed = { manifest, signature: secret === undefined ? null : signatureOf(manifest, secret) }
      const text = Buffer.from(`${JSON.stringify(signed)}\n`)
      await write(headerOf(manifestName, text.length, madeAt), text, padding(text.length), endOfTar())
      await handle.sync()
      await handle.close()
      await rename(partial, path)
      syncFolder(dirname(path))
    },
    /** Leaves nothing behind. */
    async discard() {
      await handle.close().catch(() => {})
      await rm(partial, { force: true })
    },
  }
}
