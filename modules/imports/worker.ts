/** The background job of an import. It may die at any moment: what is done is on disk with its progress, and nothing is done twice. */
import type { Caller, Channel } from '../../platform/context.ts'
import type { Execute } from '../../platform/execute.ts'
import { asProblem, mayPass } from '../../platform/problem.ts'
import type { Storage } from '../../platform/storage.ts'
import { openTable, TableError } from '../../platform/table-file.ts'
import type { Entry } from './judging.ts'
import { IncidentReader, logColumns } from './servicenow.ts'
import type { Work } from './steps.ts'
import * as steps from './steps.ts'

export type WorkerParts = {
  execute: Execute
  storage: Storage
  /** The system as a caller in an organization. */
  system(organizationId: string, requestId: string, channel?: Channel): Caller
}

/** Tasks written in one transaction: short enough that nobody waits long for a number, long enough to be fast. */
const atOnce = 250

/** Does one import, or goes on with it. Throws only for what another try may mend: a lost database, a stopping server. */
export async function runImport(parts: WorkerParts, data: Record<string, unknown>, signal: AbortSignal): Promise<void> {
  const { organizationId, importId } = data as { organizationId: string; importId: string }
  const system = parts.system(organizationId, importId)
  try {
    const { work } = await parts.execute(steps.begin, system, { importId })
    if (work) {
      const path = parts.storage.path(organizationId, importId)
      const run: Run = {
        execute: parts.execute,
        caller: callerFor(parts, organizationId, importId, work),
        importId,
        path,
        work,
        signal,
      }
      const lines = await count(run)
      // Another worker is at it, or a cancellation has a job of its own: the file is theirs.
      if (!(await bringAll(run, lines))) return
      await run.execute(steps.finish, run.caller, { importId })
    }
  } catch (error) {
    const message = signal.aborted ? null : reasonOf(error)
    if (message === null) throw error
    await parts.execute(steps.fail, system, { importId, error: message })
  }
  await parts.storage.remove(organizationId, importId)
}

type Run = { execute: Execute; caller: Caller; importId: string; path: string; work: Work; signal: AbortSignal }

/** The system acts, through the door and under the name of who started it. */
function callerFor(parts: WorkerParts, organizationId: string, importId: string, work: Work): Caller {
  const caller = parts.system(organizationId, importId, work.channel as Channel)
  return { ...caller, actor: { ...caller.actor, email: work.startedBy, name: work.startedByName } }
}

/** What to tell the person, or null when another try may help. */
function reasonOf(error: unknown): string | null {
  if (error instanceof TableError) return error.message
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'The uploaded file is gone. Upload it again.'
  const problem = asProblem(error)
  if (mayPass(problem)) return null
  if (problem.status === 500) console.error('An import failed:', error)
  return problem.message
}

/** How many lines each incident of a log has; a CSV's rows stand for themselves. */
type Lines = ReadonlyMap<string, number>

/** Reads the file through before anything is written: a damaged one changes nothing. */
async function count({ execute, caller, importId, path, work, signal }: Run): Promise<Lines> {
  const lines = new Map<string, number>()
  if (work.kind === 'csv' && work.totalRows !== null) return lines // an earlier try did it
  const table = await openTable(path)
  const reader = work.kind === 'servicenow' ? new IncidentReader(logColumns(work.columns, work.mapping)) : null
  let rows = 0
  for await (const row of table.rows) {
    if (rows % 1000 === 0) signal.throwIfAborted()
    rows++
    if (!reader) continue
    const number = reader.numberOf(row)
    lines.set(number, (lines.get(number) ?? 0) + 1)
  }
  if (work.totalRows === null) await execute(steps.counted, caller, { importId, rows: reader ? lines.size : rows })
  return lines
}

/** What tasks are made of, in an order that is the same every time. */
async function* entriesOf({ path, work }: Run, lines: Lines): AsyncGenerator<Entry> {
  const table = await openTable(path)
  if (work.kind === 'csv') {
    yield* table.rows
    return
  }
  const reader = new IncidentReader(logColumns(work.columns, work.mapping))
  for await (const row of table.rows) {
    const incident = reader.add(row, (number) => lines.get(number)!)
    if (incident) yield incident
  }
}

/** False when it ended early: cancelled, or taken over by another worker. */
async function bringAll(run: Run, lines: Lines): Promise<boolean> {
  let from = run.work.doneRows
  let before = from
  let batch: Entry[] = []
  for await (const entry of entriesOf(run, lines)) {
    if (before > 0) {
      before--
      continue
    }
    batch.push(entry)
    if (batch.length < atOnce) continue
    if (!(await bring(run, from, batch))) return false
    from += batch.length
    batch = []
    run.signal.throwIfAborted()
  }
  return batch.length === 0 || bring(run, from, batch)
}

/**
 * One transaction for the batch. What the database refuses after all is looked for by halves, so that one row's fault is
 * noted with that row. A conflict is tried again first: another import may just have brought the same key.
 */
async function bring(run: Run, from: number, entries: Entry[], tries = 3): Promise<boolean> {
  const { execute, caller, importId } = run
  try {
    return (await execute(steps.bring, caller, { importId, from, entries })).go
  } catch (error) {
    const { status, message } = asProblem(error)
    if (status !== 409 && status !== 422) throw error
    if (status === 409 && tries > 0) return bring(run, from, entries, tries - 1)
    if (entries.length === 1) return (await execute(steps.bring, caller, { importId, from, entries, refusal: message })).go
    const half = Math.ceil(entries.length / 2)
    return (await bring(run, from, entries.slice(0, half))) && (await bring(run, from + half, entries.slice(half)))
  }
}
