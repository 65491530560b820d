/** Everything that runs in the background, one line each. */
import { systemCaller } from '../modules/identity/system.ts'
import { runImport } from '../modules/imports/worker.ts'
import { runScan } from '../modules/security/worker.ts'
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

export const jobs: readonly BackgroundJob[] = [
  // Whatever stops it, it goes on where it was; only a broken file ends it, and then by itself.
  {
    queue: 'imports',
    retryLimit: 1000,
    run: (parts, data, signal) => runImport({ ...parts, system: systemCaller }, data, signal),
  },
  {
    queue: 'scans',
    retryLimit: 1000,
    run: (parts, data, signal) => runScan({ ...parts, system: systemCaller }, data, signal),
  },
]
