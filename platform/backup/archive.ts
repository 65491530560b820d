/** Reads an archive: what it holds, and whether every byte is as it was written. */
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { backupFormat, type Manifest, manifestName, markOf, product, type SignedManifest, signatureOf } from './manifest.ts'
import { bytesOf, Damaged, type Member, membersOf } from './tar.ts'

/** The archive cannot be used; the message says why. */
export class Unusable extends Error {
  override readonly name = 'Unusable'
}

export type Archive = {
  path: string
  manifest: Manifest
  signature: string | null
  part(name: string): Member
}

/** Opens an archive and checks its outline: that it is whole, of this product, and names exactly what it holds. */
export async function openArchive(path: string): Promise<Archive> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    throw new Unusable(`Cannot read ${path}: ${(error as Error).message}.`)
  }
  try {
    const members = new Map((await membersOf(file)).map((member) => [member.name, member]))
    const { manifest, signature } = await readManifest(path, [...members.values()].at(-1))
    refuseForeign(path, manifest, members)
    return { path, manifest, signature, part: (name) => members.get(name)! }
  } catch (error) {
    if (error instanceof Damaged) throw new Unusable(`${path} is damaged: ${error.message}. Take another backup.`)
    throw error
  } finally {
    await file.close()
  }
}

async function readManifest(path: string, last: Member | undefined): Promise<SignedManifest> {
  if (last?.name !== manifestName)
    throw new Unusable(
      `${path} is no backup of ${product}: ${manifestName} is missing at its end. Its making may have been stopped.`,
    )
  try {
    const signed = JSON.parse((await buffer(bytesOf(path, last))).toString('utf8')) as SignedManifest
    if (typeof signed.manifest?.product === 'string') return signed
  } catch {}
  throw new Unusable(`${path} is damaged: its ${manifestName} cannot be read. Take another backup.`)
}

function refuseForeign(path: string, manifest: Manifest, members: Map<string, Member>) {
  if (manifest.product !== product) throw new Unusable(`${path} is a backup of ${manifest.product}, not of ${product}.`)
  if (manifest.format > backupFormat)
    throw new Unusable(
      `${path} was made by the newer version ${manifest.version} in a form this program does not know. Restore it with that version.`,
    )
  const listed = new Set(manifest.parts.map(([name]) => name))
  for (const name of members.keys())
    if (name !== manifestName && !listed.has(name)) throw new Unusable(`${path} is damaged: ${name} does not belong into it.`)
  for (const [name, size] of manifest.parts) {
    const member = members.get(name)
    if (!member) throw new Unusable(`${path} is damaged: ${name} is missing.`)
    if (member.size !== size) throw new Unusable(`${path} is damaged: ${name} has ${member.size} bytes in place of ${size}.`)
  }
}

/** Reads every byte and compares it with the manifest; throws Unusable naming the first part that differs. */
export async function verifyParts(archive: Archive, say?: (done: number, of: number) => void): Promise<void> {
  const all = archive.manifest.parts.reduce((sum, [, size]) => sum + size, 0)
  let done = 0
  for (const [name, size, expected] of archive.manifest.parts) {
    const hash = createHash('sha256')
    for await (const piece of bytesOf(archive.path, archive.part(name))) hash.update(piece as Buffer)
    if (hash.digest('hex') !== expected)
      throw new Unusable(`${archive.path} is damaged: the bytes of ${name} are not those that were written. Take another backup.`)
    done += size
    say?.(done, all)
  }
}

export type SecretVerdict = 'fits' | 'other' | 'unsigned'

/**
 * Whether the manifest is signed with this TATER_SECRET. Throws Unusable when the secret is the right one and the
 * signature is not: then somebody has written another manifest.
 */
export function checkSignature({ path, manifest, signature }: Archive, secret: string): SecretVerdict {
  if (!manifest.secret || signature === null) return 'unsigned'
  if (manifest.secret.mark !== markOf(secret)) return 'other'
  if (signatureOf(manifest, secret) !== signature)
    throw new Unusable(`${path} was altered: its ${manifestName} does not fit its signature. Take another backup.`)
  return 'fits'
}
