/** Targets as people write them: `15m`, `4h`, `2d`, `1d 4h`. A day has 24 hours, as the clocks count. */
const minutesOf: Record<string, number> = { m: 1, min: 1, h: 60, d: 1440, w: 10_080 }
const units = [
  ['d', 1440],
  ['h', 60],
  ['m', 1],
] as const

/** Minutes of a duration; undefined for nothing, null for what is no duration. A bare number means minutes. */
export function readDuration(words: string): number | null | undefined {
  const text = words.trim().toLowerCase()
  if (text === '') return undefined
  if (/^\d+$/.test(text)) return Number(text) > 0 ? Number(text) : null
  const parts = [...text.matchAll(/(\d+(?:[.,]\d+)?)\s*(min|[mhdw])\s*/gy)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return null
  const minutes = parts.reduce((sum, [, amount, unit]) => sum + Number(amount!.replace(',', '.')) * minutesOf[unit!]!, 0)
  return Number.isInteger(minutes) && minutes > 0 ? minutes : null
}

/** A duration in as few words as keep it exact: `1d 4h`. */
export function writeDuration(minutes: number): string {
  let left = minutes
  const parts: string[] = []
  for (const [unit, size] of units) {
    const amount = unit === 'm' ? left : Math.floor(left / size)
    if (amount > 0) parts.push(`${amount}${unit}`)
    left -= amount * size
  }
  return parts.join(' ') || '0m'
}
