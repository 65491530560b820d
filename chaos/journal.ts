/**
 * What the product said it did, kept outside its database: a line in a file for each request, before anything else
 * happens with the answer.
 */
import { closeSync, openSync, writeSync } from 'node:fs'

/**
 * - `done`: acknowledged; must be there, once
 * - `refused`: must not be there
 * - `unknown`: no answer, or one that says that nobody knows; may be there, once
 */
export type Outcome = 'done' | 'refused' | 'unknown'

export type Kind = 'create' | 'change' | 'comment' | 'bulk' | 'watch' | 'attach' | 'import'

export type Entry = {
  kind: Kind
  /** What the request wrote and nothing else did: how it is found again. */
  mark: string
  organizationId: string
  /** The Idempotency-Key; a request with one is sent again until it is answered. */
  key: string | null
  outcome: Outcome
  /** When it was first sent and when its answer came, on the clock of whoever drives. */
  sentAt: number
  answeredAt: number
  /** How often it was sent. */
  attempts: number
  /** What was answered: the id of what was made or changed, its number, how many were changed, what a file holds. */
  taskId?: string
  number?: number
  count?: number
  sha256?: string
  id?: string
}

export type Journal = ReturnType<typeof openJournal>

export function openJournal(file: string) {
  const handle = openSync(file, 'w')
  const entries: Entry[] = []
  let marks = 0
  return {
    file,
    entries,
    /** A word that nobody has used. */
    mark(kind: Kind): string {
      marks += 1
      return `${kind}-${marks}`
    },
    write(entry: Entry) {
      writeSync(handle, `${JSON.stringify(entry)}\n`)
      entries.push(entry)
    },
    count: (outcome: Outcome) => entries.filter((entry) => entry.outcome === outcome).length,
    close: () => closeSync(handle),
  }
}
