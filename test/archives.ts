/** Archives that are not what they should be, made from a good one. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type SignedManifest, sha256 } from '../platform/backup/manifest.ts'
import { endOfTar, headerOf, padding } from '../platform/backup/tar.ts'

/**
 * @param folder where they are written
 * @param good the archive they are made from
 */
export function archiveForge(folder: string, good: string) {
  const file = (name: string, bytes: Buffer): string => {
    const path = join(folder, name)
    writeFileSync(path, bytes)
    return path
  }
  /** The archive with one part, or the manifest, made differently; sums and signature as given. */
  function forged(name: string, change: (signed: SignedManifest, parts: Map<string, Buffer>) => void): string {
    const bytes = readFileSync(good)
    const parts = new Map<string, Buffer>()
    for (let at = 0; bytes[at] !== 0; ) {
      const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 135), 8)
      parts.set(bytes.toString('utf8', at, bytes.indexOf(0, at)), bytes.subarray(at + 512, at + 512 + size))
      at += 512 + size + padding(size).length
    }
    const signed = JSON.parse(parts.get('manifest.json')!.toString()) as SignedManifest
    parts.delete('manifest.json')
    change(signed, parts)
    parts.set('manifest.json', Buffer.from(JSON.stringify(signed)))
    const path = join(folder, name)
    const written = [...parts].flatMap(([part, content]) => [
      headerOf(part, content.length, new Date()),
      content,
      padding(content.length),
    ])
    writeFileSync(path, Buffer.concat([...written, endOfTar()]))
    return path
  }

  function cut(name: string, at: (length: number) => number): string {
    const bytes = readFileSync(good)
    return file(name, bytes.subarray(0, at(bytes.length)))
  }

  const tampered = (signed: SignedManifest, part: string, bytes: Buffer, parts: Map<string, Buffer>) => {
    parts.set(part, bytes)
    const entry = signed.manifest.parts.find(([name]) => name === part)!
    entry[1] = bytes.length
    entry[2] = sha256(bytes)
  }

  return { file, cut, forged, tampered }
}
