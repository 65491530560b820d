import type { DataFolder } from './data-folder.ts'

export type EmbeddedPostgres = {
  /** Owner's address (superuser `postgres`) of the product's database: what DATABASE_URL would hold. */
  url: string
  /** Owner's address of another database of the cluster. */
  urlOf: (database: string) => string
  port: number
  /** The server process now; another one after a restart. */
  pid: () => number
  /** The cluster was made just now. */
  fresh: boolean
  /** A server left over by a killed program was taken over. */
  adopted: boolean
  /** Stops the server: open transactions are rolled back, everything acknowledged is on the disk. */
  stop: () => Promise<void>
}

export type EmbeddedOptions = {
  /** More settings, as `name=value`; later ones win. */
  settings?: string[]
  /** A line for the log of the program. */
  say?: (message: string) => void
  /** The server died by itself; it is started again right after. */
  onCrash?: (message: string) => void
  /** It answers again. */
  onRestart?: () => void
  /** It could not be started again; the program had better stop. */
  onGiveUp?: (error: unknown) => void
}

/** Starts the embedded PostgreSQL of a data folder, or takes over the one that a killed program left running. */
export async function startEmbeddedPostgres(_folder: DataFolder, _options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  throw new Error('being written')
}
