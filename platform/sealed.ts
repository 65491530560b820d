/** Secrets of others at rest: AES-256-GCM under a key made from TATER_SECRET, bound to the place they belong to. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const keyOf = (secret: string) => Buffer.from(hkdfSync('sha256', secret, '', 'tater sealed 1', 32))

/**
 * @param secret TATER_SECRET
 * @param place what it belongs to, such as `connection:<id>`; the same is needed to open it, so that a sealed value
 *   copied to another row stays shut
 */
export function seal(secret: string, place: string, plain: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce).setAAD(Buffer.from(place))
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return `1.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`
}

/** The plain text, or null when it was sealed with another secret or for another place, or was altered. */
export function unseal(secret: string, place: string, sealed: string): string | null {
  const bytes = Buffer.from(/^1\.([\w-]+)$/.exec(sealed)?.[1] ?? '', 'base64url')
  if (bytes.length < 28) return null
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, 12))
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(12, 28))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/** Both ways with one secret. */
export const secretsOf = (secret: string) => ({
  seal: (place: string, plain: string) => seal(secret, place, plain),
  unseal: (place: string, sealed: string) => unseal(secret, place, sealed),
})
export type Secrets = ReturnType<typeof secretsOf>
