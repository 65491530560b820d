/** What a backup says of itself: the last thing written into it, and the first that is read. */
import { createHash, createHmac, hkdfSync } from 'node:crypto'

/** Grows when an older program could not read what a newer one writes. */
export const backupFormat = 1
export const product = 'TATER Ops'
export const manifestName = 'manifest.json'

export type TablePart = {
  schema: string
  name: string
  columns: string[]
  rows: number
  /** Names of its parts, in order: text of COPY, compressed with zstd. */
  parts: string[]
}

export type Manifest = {
  product: typeof product
  format: number
  /** Of the program that made it. */
  version: string
  /** The instant of the snapshot. */
  takenAt: string
  postgres: string
  migrations: { number: number; name: string; sha256: string }[]
  tables: TablePart[]
  /** Jobs that waited or ran. */
  queue: { jobs: number; part: string }
  files: { count: number; bytes: number }
  /** Which TATER_SECRET opens what is sealed inside, by a mark of it; `part` holds it when the backup was made with a passphrase. */
  secret: { mark: string; part: string | null } | null
  /** Name, bytes and SHA-256 of every part but this one. */
  parts: [name: string, size: number, sha256: string][]
}

/** The manifest as it stands in the file, signed with a key made from TATER_SECRET where that is known. */
export type SignedManifest = { manifest: Manifest; signature: string | null }

const keyOf = (secret: string, use: string) => Buffer.from(hkdfSync('sha256', secret, '', `tater backup ${use} 1`, 32))

/** Tells two secrets apart and gives away nothing of them. */
export const markOf = (secret: string) => keyOf(secret, 'mark').toString('hex').slice(0, 16)

export const signatureOf = (manifest: Manifest, secret: string) =>
  createHmac('sha256', keyOf(secret, 'signature')).update(JSON.stringify(manifest)).digest('hex')

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
