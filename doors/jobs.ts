/** Everything that runs in the background, one line each. */
import type { Database } from '../platform/database.ts'
import type { Execute } from '../platform/execute.ts'
import type { Storage } from '../platform/storage.ts'

export type JobParts = { execute: Execute; storage: Storage; database: Database }
export type BackgroundJob = {
  queue: string
  /** How often it is tried again after a failure or a death of its process; 3 times when not said. */
  retryLimit?: number
  run(parts: JobParts, data: Record<string, unknown>, signal: AbortSignal): Promise<void>
}

export const jobs: readonly BackgroundJob[] = []
