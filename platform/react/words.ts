/** Instants and lengths of time in words. The reader's zone is the browser's. */

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export const readerZone = Intl.DateTimeFormat().resolvedOptions().timeZone

const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const thisYearFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

/** `20 Nov 2026, 23:05 (Europe/Berlin)`: for hover and focus. */
export const exactTime = (at: string | Date) => `${exactFormat.format(new Date(at))} (${readerZone})`

/** `3 h 12 m`, `2 d 4 h`, `40 s`: at most two units. */
export function lengthOf(milliseconds: number): string {
  const left = Math.abs(milliseconds)
  if (left < minute) return `${Math.round(left / 1000)} s`
  const [d, h, m] = [Math.floor(left / day), Math.floor((left % day) / hour), Math.floor((left % hour) / minute)]
  if (d >= 10) return `${d} d`
  if (d > 0) return h > 0 ? `${d} d ${h} h` : `${d} d`
  if (h > 0) return m > 0 ? `${h} h ${m} m` : `${h} h`
  return `${m} m`
}

/** Relative within a week, absolute after. */
export function timeInWords(at: string | Date, now = Date.now()): string {
  const then = new Date(at)
  const away = now - then.getTime()
  if (Math.abs(away) < minute) return 'just now'
  if (Math.abs(away) < 7 * day) {
    const [amount] = lengthOf(away).split(/(?<=[smhd]) /)
    return away > 0 ? `${amount} ago` : `in ${amount}`
  }
  const sameYear = then.getFullYear() === new Date(now).getFullYear()
  return (sameYear ? thisYearFormat : dayFormat).format(then)
}

/** `1.4 MB` */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB']
  let size = bytes
  let unit = -1
  while (size >= 1000 && unit < 2) {
    size /= 1000
    unit++
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`
}

/** `3 tasks`, `1 task` */
export const counted = (count: number, one: string, many = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : many}`

/** `a, b or c` */
export const listed = (words: readonly string[], last = 'or') =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`

/** An ISO instant as `<input type="datetime-local">` wants it, and back. */
export const toLocalInput = (at: string) => {
  const date = new Date(at)
  return Number.isNaN(date.getTime())
    ? ''
    : new Date(date.getTime() - date.getTimezoneOffset() * minute).toISOString().slice(0, 16)
}
export const fromLocalInput = (value: string) => (value ? new Date(value).toISOString() : null)

/** `Ana Ruiz` → `AR` */
export const initials = (name: string) =>
  name
    .split(/[\s.@]+/)
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase() ?? '')
    .join('')
