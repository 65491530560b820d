/** Progress on stderr: one line that is written over on a terminal, a line every few seconds elsewhere. */
import type { Progress } from '../../platform/backup/backup.ts'
import { number } from './command.ts'

/** `12.3 MB`. */
export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

export function progressLine(stream: NodeJS.WriteStream = process.stderr) {
  const everyMs = stream.isTTY ? 100 : 5_000
  let next = Date.now() + everyMs
  let shown = false
  return {
    say({ step, done, of, bytes }: Progress) {
      if (Date.now() < next) return
      next = Date.now() + everyMs
      const share = of ? ` of ${number(Math.max(of, done))}` : ''
      const line = `${step}: ${number(done)}${share}${bytes ? `, ${megabytes(bytes)} written` : ''}`
      stream.write(stream.isTTY ? `\r\x1b[K${line}` : `${line}\n`)
      shown = true
    },
    end() {
      if (shown && stream.isTTY) stream.write('\r\x1b[K')
    },
  }
}
