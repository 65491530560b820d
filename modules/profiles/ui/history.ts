/** The draft with what it was before, so that one step back takes back one step, whichever view made it. */
export type History = {
  readonly text: string
  readonly past: readonly string[]
  readonly future: readonly string[]
  /** What the latest step was part of, and when: keystrokes shortly after each other are one step. */
  readonly group: string | null
  readonly at: number
}

const mostSteps = 300
const pause = 900

export const historyOf = (text: string): History => ({ text, past: [], future: [], group: null, at: 0 })

/** A step; steps of one group that follow each other quickly become one. */
export function step(history: History, text: string, at: number, group: string | null = null): History {
  if (text === history.text) return history
  const goesOn = group !== null && group === history.group && at - history.at < pause
  const past = goesOn ? history.past : [...history.past, history.text].slice(-mostSteps)
  return { text, past, future: [], group, at }
}

export function undo(history: History): History {
  const { past, text, future } = history
  if (past.length === 0) return history
  return { text: past.at(-1)!, past: past.slice(0, -1), future: [text, ...future], group: null, at: 0 }
}

export function redo(history: History): History {
  const { past, text, future } = history
  if (future.length === 0) return history
  return { text: future[0]!, past: [...past, text], future: future.slice(1), group: null, at: 0 }
}
