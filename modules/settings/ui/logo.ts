import { text } from './text.ts'

const words = text.branding
const mostBytes = 100_000
const kinds = ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml']
const side = 256

const asAddress = (blob: Blob) =>
  new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(new Error(words.wrongKind))
    reader.readAsDataURL(blob)
  })

/** A picture as the address of itself; one that is too large is made smaller, a drawing is taken as it is. */
export async function readLogo(file: File): Promise<string> {
  if (!kinds.includes(file.type)) throw new Error(words.wrongKind)
  if (file.size <= mostBytes) return asAddress(file)
  if (file.type === 'image/svg+xml') throw new Error(words.tooLarge)
  const picture = await createImageBitmap(file).catch(() => {
    throw new Error(words.wrongKind)
  })
  const scale = Math.min(1, side / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', 0.9))
  if (!small || small.size > mostBytes) throw new Error(words.tooLarge)
  return asAddress(small)
}
