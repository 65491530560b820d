/** The background job of a scan. It may die at any moment: what is done is on disk with its progress, and nothing is done twice. */
import type { Caller, Channel } from '../../platform/context.ts'
import type { Execute } from '../../platform/execute.ts'
import { spoken } from '../../platform/messages.ts'
import { asProblem, mayPass } from '../../platform/problem.ts'
import type { Storage } from '../../platform/storage.ts'
import type { Problem } from './contract.ts'
import type { FoundRow } from './formats.ts'
import { checkScan, ScanError, scanRows } from './scan-file.ts'
import * as steps from './steps.ts'

export type WorkerParts = {
  execute: Execute
  storage: Storage
  /** The system as a caller in an organization. */
  system(organizationId: string, requestId: string, channel?: Channel): Caller
}

/** Rows written in one transaction. */
const atOnce = 2000

/** Brings one scan in, or goes on with it. Throws only for what another try may mend: a lost database, a stopping server. */
export async function runScan(parts: WorkerParts, data: Record<string, unknown>, signal: AbortSignal): Promise<void> {
  const { organizationId, scanId } = data as { organizationId: string; scanId: string }
  const { execute, storage } = parts
  const system = parts.system(organizationId, scanId)
  try {
    const { work } = await execute(steps.begin, system, { scanId })
    if (work) {
      const caller = callerFor(parts, organizationId, scanId, work)
      const run: Run = { execute, caller, scanId, path: storage.path(organizationId, scanId), signal }
      if (work.status !== 'finished' && !(await bringIn(run, work))) {
        // A scan received before is over. One that another worker is at is not, and neither is its file.
        if ((await execute(steps.begin, system, { scanId })).work) return
        return await storage.remove(organizationId, scanId)
      }
      await followAll(run)
    }
  } catch (error) {
    const reason = signal.aborted ? null : reasonOf(error)
    if (reason === null) throw error
    await execute(steps.fail, system, { scanId, ...reason })
  }
  await storage.remove(organizationId, scanId)
}

type Run = { execute: Execute; caller: Caller; scanId: string; path: string; signal: AbortSignal }

/** The system acts, through the door and under the name of who sent the scan. */
function callerFor(parts: WorkerParts, organizationId: string, scanId: string, work: steps.Work): Caller {
  const caller = parts.system(organizationId, scanId, work.channel as Channel)
  return { ...caller, actor: { ...caller.actor, email: work.createdBy, name: work.createdByName } }
}

/** What to tell the person, or null when another try may help. */
function reasonOf(error: unknown): { error: string; problems: Problem[] } | null {
  if (error instanceof ScanError) return { error: error.message, problems: spoken(error.problems, 'en') as unknown as Problem[] }
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { error: 'The file is gone. Send it again.', problems: [] }
  const problem = asProblem(error)
  if (mayPass(problem)) return null
  if (problem.status === 500) console.error('A scan failed:', error)
  return { error: problem.message, problems: [] }
}

/** Reads the file through before a row is written, unless the door did; then brings its rows in. False: nothing to do. */
async function bringIn(run: Run, work: steps.Work): Promise<boolean> {
  const { execute, caller, scanId, path, signal } = run
  if (work.totalRows === null) {
    const { go } = await execute(steps.checked, caller, { scanId, checked: await checkScan(path, signal) })
    if (!go) return false
  }
  if (!(await bringRows(run, work.doneRows))) return false
  await execute(steps.finish, caller, { scanId })
  return true
}

async function bringRows({ execute, caller, scanId, path, signal }: Run, done: number): Promise<boolean> {
  let from = done
  let before = done
  let batch: FoundRow[] = []
  const bring = async () => {
    const { go } = await execute(steps.bring, caller, { scanId, from, rows: batch })
    from += batch.length
    batch = []
    return go
  }
  for await (const row of scanRows(path)) {
    if (before > 0) {
      before -= 1
      continue
    }
    batch.push(row)
    if (batch.length < atOnce) continue
    if (!(await bring())) return false
    signal.throwIfAborted()
  }
  return batch.length === 0 || bring()
}

async function followAll({ execute, caller, signal }: Run) {
  for (let more = true; more; ) {
    signal.throwIfAborted()
    more = (await execute(steps.followUp, caller, {})).more
  }
}
