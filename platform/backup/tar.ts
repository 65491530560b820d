/** The two sides of a tar file (POSIX ustar), as little of it as a backup needs: plain files, in order, any size. */
import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

const blockBytes = 512

export type Member = { name: string; size: number /** Where its bytes begin in the file. */; at: number }

/** The header of a file. Sizes past 8 GiB are written in the binary form that GNU and bsdtar read. */
export function headerOf(name: string, size: number, madeAt: Date): Buffer {
  const header = Buffer.alloc(blockBytes)
  if (Buffer.byteLength(name) > 100) throw new Error(`${name} is too long a name`)
  header.write(name, 0)
  header.write('0000600\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  if (size < 8 ** 11) header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  else {
    header[124] = 0x80
    header.writeBigUInt64BE(BigInt(size), 128)
  }
  header.write(
    `${Math.floor(madeAt.getTime() / 1000)
      .toString(8)
      .padStart(11, '0')}\0`,
    136,
  )
  header.write('0', 156)
  header.write('ustar\0' + '00', 257)
  header.write('tater\0', 265)
  header.write('tater\0', 297)
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** The sum over a header, with its own field read as spaces. */
function sumOf(header: Buffer): number {
  let sum = 0
  for (let at = 0; at < blockBytes; at += 1) sum += at >= 148 && at < 156 ? 0x20 : header[at]!
  return sum
}

/** What fills a file up to the next block. */
export const padding = (size: number) => Buffer.alloc((blockBytes - (size % blockBytes)) % blockBytes)

/** What stands at the end of every tar file. */
export const endOfTar = () => Buffer.alloc(2 * blockBytes)

/** A tar file that is damaged, with a sentence that says where. */
export class Damaged extends Error {}

/** The files in a tar, by their headers alone. Throws Damaged where it is cut off or something else. */
export async function membersOf(file: FileHandle): Promise<Member[]> {
  const { size: length } = await file.stat()
  const members: Member[] = []
  const block = Buffer.alloc(blockBytes)
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(block, 0, blockBytes, at)
    if (bytesRead < blockBytes) throw new Damaged(`it is cut off after ${length} bytes`)
    if (block.every((byte) => byte === 0)) return members
    if (block.toString('latin1', 257, 262) !== 'ustar' || Number.parseInt(block.toString('latin1', 148, 154), 8) !== sumOf(block))
      throw new Damaged(members.length === 0 ? 'it is no tar file' : `byte ${at}, after ${members.at(-1)!.name}, is no header`)
    const name = block.toString('utf8', 0, block.indexOf(0, 0) < 100 ? block.indexOf(0, 0) : 100)
    const size = block[124] === 0x80 ? Number(block.readBigUInt64BE(128)) : Number.parseInt(block.toString('latin1', 124, 135), 8)
    const begins = at + blockBytes
    if (begins + size > length) throw new Damaged(`it is cut off in ${name}, after ${length} bytes`)
    members.push({ name, size, at: begins })
    at = begins + size + padding(size).length
  }
}

/** The bytes of one file in a tar. */
export const bytesOf = (path: string, { at, size }: Member) =>
  size === 0 ? emptyStream() : createReadStream(path, { start: at, end: at + size - 1, highWaterMark: 2 ** 20 })

async function* emptyStream(): AsyncIterable<Buffer> {}
