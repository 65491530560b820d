/** Instants, lengths, sizes and lists in words of the chosen language, by Intl. The reader's zone is the browser's. */
import { locale } from './i18n.ts'
import { text } from './text.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export const readerZone = Intl.DateTimeFormat().resolvedOptions().timeZone

const exactFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
const dateFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
const thisYearFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' })
const utcDayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const agoFormat = new Intl.RelativeTimeFormat(locale, { style: 'narrow' })
const units = new Intl.ListFormat(locale, { type: 'unit', style: 'narrow' })

const unitFormat = (unit: string, unitDisplay: 'narrow' | 'short' | 'long', maximumFractionDigits = 0) =>
  new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits })
const lengths = {
  day: unitFormat('day', 'narrow'),
  hour: unitFormat('hour', 'narrow'),
  minute: unitFormat('minute', 'narrow'),
  second: unitFormat('second', 'narrow'),
}

/** `20 Nov 2026, 23:05` */
export const dateAndTime = (at: string | Date) => exactFormat.format(new Date(at))

/** `20 Nov 2026` */
export const date = (at: string | Date) => dateFormat.format(new Date(at))

/** A calendar day of UTC, such as `2026-11-20`: `20 Nov` */
export const utcDay = (at: string) => utcDayFormat.format(new Date(at))

/** `20 Nov 2026, 23:05 (Europe/Berlin)`: for hover and focus. */
export const exactTime = (at: string | Date) => `${dateAndTime(at)} (${readerZone})`

/** The largest units of a length of time, at most two. */
function unitsOf(milliseconds: number): [keyof typeof lengths, number][] {
  const left = Math.abs(milliseconds)
  if (left < minute) return [['second', Math.round(left / 1000)]]
  const [d, h, m] = [Math.floor(left / day), Math.floor((left % day) / hour), Math.floor((left % hour) / minute)]
  if (d >= 10 || (d > 0 && h === 0)) return [['day', d]]
  const found: [keyof typeof lengths, number][] =
    d > 0
      ? [
          ['day', d],
          ['hour', h],
        ]
      : [
          ['hour', h],
          ['minute', m],
        ]
  return found.filter(([, amount]) => amount > 0)
}

/** `3h 12m`, `2d 4h`, `40s`: at most two units. */
export const lengthOf = (milliseconds: number) =>
  units.format(unitsOf(milliseconds).map(([unit, amount]) => lengths[unit].format(amount)))

/** Relative within a week, absolute after. */
export function timeInWords(at: string | Date, now = Date.now()): string {
  const then = new Date(at)
  const away = now - then.getTime()
  if (Math.abs(away) < minute) return text.justNow
  if (Math.abs(away) < 7 * day) {
    const [unit, amount] = unitsOf(away)[0]!
    return agoFormat.format(away > 0 ? -amount : amount, unit)
  }
  const sameYear = then.getFullYear() === new Date(now).getFullYear()
  return (sameYear ? thisYearFormat : dayFormat).format(then)
}

/** `1.4 MB` */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return unitFormat('byte', 'long').format(bytes)
  const [size, unit] =
    bytes < 1e6 ? [bytes / 1e3, 'kilobyte'] : bytes < 1e9 ? [bytes / 1e6, 'megabyte'] : [bytes / 1e9, 'gigabyte']
  return unitFormat(unit, 'short', size < 10 ? 1 : 0).format(size)
}

const anyOf = new Intl.ListFormat(locale, { type: 'disjunction' })
const allOf = new Intl.ListFormat(locale, { type: 'conjunction' })

/** `a, b or c` */
export const oneOf = (words: readonly string[]) => anyOf.format(words)

/** `a, b and c` */
export const listed = (words: readonly string[]) => allOf.format(words)

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
