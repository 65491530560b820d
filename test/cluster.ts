import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type DataFolder, openDataFolder } from '../platform/data-folder.ts'
import { prepareDatabase } from '../platform/database-owner.ts'
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts'
import { findOrphan, stopProcess } from '../platform/postgres-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Owner's address of the test cluster, without a database's name at the end. */
    cluster: string
    /** Why there is no schema to copy; empty when there is. */
    schemaProblem: string
  }
}

/** The database every test file's own is copied from. */
export const template = 'tater'

const prefix = 'tater-test-cluster-'

/** Starts the one PostgreSQL of a test run, with the schema prepared once; vitest's globalSetup. */
export default async function startCluster(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned()
  const path = mkdtempSync(join(tmpdir(), prefix))
  const folder = openDataFolder(path)
  const remove = () => {
    folder.release()
    rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
  }
  try {
    const postgres = await startEmbeddedPostgres(folder, {
      // A power cut may ruin a test run; waiting for the disk would make every run slower.
      settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300', 'shared_buffers=256MB'],
      onCrash: (message) => console.error(message),
    })
    project.provide('cluster', postgres.urlOf(''))
    // A broken migration fails the tests that need the schema, and no others.
    const problem = await prepareDatabase(postgres.urlOf(template)).then(
      () => '',
      (error: Error) => error.message,
    )
    project.provide('schemaProblem', problem)
    return async () => {
      await postgres.stop()
      remove()
    }
  } catch (error) {
    remove()
    throw error
  }
}

/** What a test run that was killed left behind. A folder still locked belongs to a run that goes on. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    let folder: DataFolder
    try {
      folder = openDataFolder(join(tmpdir(), name))
    } catch {
      continue
    }
    const orphan = await findOrphan(folder.postgres)
    if (orphan) await stopProcess(orphan, console.error)
    folder.release()
    rmSync(folder.path, { recursive: true, force: true })
  }
}
