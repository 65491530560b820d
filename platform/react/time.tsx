import { useSyncExternalStore } from 'react'
import { exactTime, timeInWords } from './words.ts'

let now = Date.now()
const listeners = new Set<() => void>()
if (typeof window !== 'undefined') {
  setInterval(() => {
    now = Date.now()
    for (const tell of listeners) tell()
  }, 15_000)
}

/** The present, told anew every quarter of a minute; one clock for the whole page. */
export const useNow = () =>
  useSyncExternalStore(
    (tell) => {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    () => now,
  )

/** An instant in words, with the exact one in the reader's zone on hover. */
export function Time({ at, className }: { at: string; className?: string }) {
  const present = useNow()
  return (
    <time dateTime={at} title={exactTime(at)} className={className}>
      {timeInWords(at, present)}
    </time>
  )
}
