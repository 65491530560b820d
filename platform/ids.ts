import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(8192)
let used = pool.length
let lastMs = 0
let sequence = 0

/**
 * A UUIDv7 (RFC 9562 §5.7): sorts by the time it was made, to the millisecond, and within it by order of making.
 * @param at milliseconds since 1970; given only when the thing has an instant of its own (an import, a change that follows another)
 * @param nth its place among those of one instant, below 4,096; by chance when absent
 */
export function v7(at?: number, nth?: number): string {
  if (used > pool.length - 10) {
    randomFillSync(pool)
    used = 0
  }
  const ms = at ?? monotonic()
  const high = Math.floor(ms / 0x10000)
  const bytes = pool.subarray(used, used + 10)
  used += 10
  const counter = at === undefined ? sequence : (nth ?? bytes.readUInt16BE(0) & 0xfff)
  const tail = bytes.toString('hex', 2)
  return (
    `${high.toString(16).padStart(8, '0')}-${(ms % 0x10000).toString(16).padStart(4, '0')}-` +
    `7${counter.toString(16).padStart(3, '0')}-${(((bytes[2] ?? 0) & 0x3f) | 0x80).toString(16)}${tail.slice(2, 4)}-${tail.slice(4, 16)}`
  )
}

/** 4,096 ids fit one millisecond; the next borrows from the following one, so order is kept. */
function monotonic(): number {
  const now = Date.now()
  if (now > lastMs) {
    lastMs = now
    sequence = 0
  } else if (sequence < 0xfff) {
    sequence += 1
  } else {
    lastMs += 1
    sequence = 0
  }
  return lastMs
}

/** Whether a text is a UUID, and so may be compared with an id column. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)
