/** Keeps what is read often and changes rarely: until it is told of a change, and never longer than `longestMs`. */
export function memory<T>(longestMs: number) {
  const kept = new Map<string, { value: T; until: number }>()
  return {
    get(key: string): T | undefined {
      const entry = kept.get(key)
      return entry && entry.until > Date.now() ? entry.value : undefined
    },
    set(key: string, value: T) {
      kept.set(key, { value, until: Date.now() + longestMs })
    },
    forget: (key: string) => kept.delete(key),
    clear: () => kept.clear(),
  }
}
