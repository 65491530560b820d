/** Small choices kept in this browser, and whoever wants to hear of them. */
const listeners = new Set<() => void>()

/** A kept text, or null. */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(`tater.${key}`)
  } catch {
    return null
  }
}

/** Keeps a text under a key; null forgets it. */
export function keep(key: string, value: string | null) {
  try {
    if (value === null) localStorage.removeItem(`tater.${key}`)
    else localStorage.setItem(`tater.${key}`, value)
  } catch {
    // A browser that keeps nothing still works, only forgetfully.
  }
  for (const tell of listeners) tell()
}

/** Tells of every change until the answer is called. */
export function whenKept(tell: () => void) {
  listeners.add(tell)
  return () => listeners.delete(tell)
}
