/** A secret under a passphrase: scrypt and AES-256-GCM, the parameters beside the sealed text. */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)

/** OWASP, Password Storage: scrypt with N=2^17, r=8, p=1; 128 MB while it works. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 }

/** @returns JSON that `openWithPassphrase` takes */
export async function lockWithPassphrase(passphrase: string, plain: string): Promise<string> {
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', await derive(passphrase, salt, 32, cost), nonce)
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  const { N, r, p } = cost
  const text = { kdf: 'scrypt', N, r, p, salt: salt.toString('base64'), cipher: 'aes-256-gcm', nonce: nonce.toString('base64') }
  return JSON.stringify({ ...text, tag: cipher.getAuthTag().toString('base64'), sealed: sealed.toString('base64') })
}

/** The plain text, or null when the passphrase is another one or the text was altered. */
export async function openWithPassphrase(passphrase: string, locked: string): Promise<string | null> {
  const { salt, nonce, tag, sealed } = JSON.parse(locked) as Record<'salt' | 'nonce' | 'tag' | 'sealed', string>
  const bytes = (text: string) => Buffer.from(text, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', await derive(passphrase, bytes(salt), 32, cost), bytes(nonce))
    decipher.setAuthTag(bytes(tag))
    return Buffer.concat([decipher.update(bytes(sealed)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}
