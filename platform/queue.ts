/** Background jobs: queued in the transaction that wants them, run later by a worker, at least once. */

import pg from 'pg'
import { fromKysely, PgBoss } from 'pg-boss'
import type { Db } from './database.ts'
import { counter, histogram } from './metrics.ts'

export type Job = { queue: string; run(data: Record<string, unknown>, signal: AbortSignal): Promise<void> }

/** How patient a queue is: how often a job that failed (or whose process died) is tried again; 3 times when not said. */
export type QueueOptions = { queue: string; retryLimit?: number }

/** A job whose process died without a word is taken over after this long; the shortest pg-boss knows is ten seconds. */
const heartbeatSeconds = 15

/** Makes the queue's own schema as the owner, and lets the application use it. Safe to repeat, and for several processes at once. */
export async function prepareQueue(ownerUrl: string, queues: readonly QueueOptions[]) {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'tater owner' })
  owner.on('error', () => {})
  await owner.connect()
  try {
    await owner.query("select pg_advisory_lock(hashtextextended('tater:migrations', 0))")
    await makeQueues(ownerUrl, queues)
    await owner.query(
      'grant usage on schema pgboss to tater_app; grant select, insert, update, delete on all tables in schema pgboss to tater_app; ' +
        'grant usage on all sequences in schema pgboss to tater_app; grant execute on all functions in schema pgboss to tater_app',
    )
  } finally {
    await owner.end()
  }
}

async function makeQueues(ownerUrl: string, queues: readonly QueueOptions[]) {
  const boss = new PgBoss({ connectionString: ownerUrl, supervise: false, schedule: false, max: 2 })
  boss.on('error', () => {})
  await boss.start()
  for (const { queue, retryLimit = 3 } of queues) {
    const options = {
      retryLimit,
      retryBackoff: true,
      retryDelay: 1,
      retryDelayMax: 30,
      expireInSeconds: 4 * 3600,
      heartbeatSeconds,
      notify: true,
    }
    await boss.createQueue(queue, options)
    await boss.updateQueue(queue, options) // one made by an earlier version of the program
  }
  await boss.stop({ graceful: false, close: true })
}

/**
 * Puts jobs into the queue inside a transaction of the owner's own.
 * @param client the connection with that transaction
 */
export async function enqueueInside(
  ownerUrl: string,
  client: pg.ClientBase,
  jobs: readonly { queue: string; data: Record<string, unknown> }[],
): Promise<void> {
  if (jobs.length === 0) return
  const boss = new PgBoss({ connectionString: ownerUrl, supervise: false, schedule: false, migrate: false, max: 1 })
  boss.on('error', () => {})
  await boss.start()
  try {
    const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values) }
    for (const { queue, data } of jobs) await boss.send(queue, data, { db })
  } finally {
    await boss.stop({ graceful: false, close: true })
  }
}

/**
 * @param url the application's login; a direct connection, for it listens
 * @param works whether this process works off jobs; one that only queues them neither listens nor looks after others
 * @param onError told what went wrong in the background; jobs are tried again
 */
export async function openQueue(url: string, works: boolean, onError: (error: Error) => void) {
  const boss = new PgBoss({
    connectionString: url,
    migrate: false,
    createSchema: false,
    schedule: false,
    supervise: works,
    superviseIntervalSeconds: 10,
    // Only this pass notices a heartbeat that stopped.
    monitorIntervalSeconds: 10,
    useListenNotify: works,
    max: works ? 4 : 1,
  })
  boss.on('error', onError)
  await boss.start()
  const stopping = new AbortController()
  return {
    enqueue: async (db: Db, queue: string, data: Record<string, unknown>) => {
      await boss.send(queue, data, { db: fromKysely(db as never) })
    },
    /** Takes jobs of these queues from now on, one of each at a time. */
    async work(jobs: readonly Job[]) {
      for (const { queue, run } of jobs) {
        await boss.work<Record<string, unknown>>(queue, { batchSize: 1, pollingIntervalSeconds: 2 }, async ([job]) => {
          if (job) await counted(queue, () => run(job.data, AbortSignal.any([job.signal, stopping.signal])))
        })
      }
    },
    /** Long jobs hear of it by their signal, stop at their next safe point and are tried again by the next worker. */
    stop: () => {
      stopping.abort()
      return boss.stop({ graceful: true, timeout: 10_000 })
    },
  }
}

async function counted(queue: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now()
  let outcome = 'done'
  try {
    await work()
  } catch (error) {
    outcome = 'failed'
    throw error
  } finally {
    counter('tater_jobs_total', 'Jobs this process has worked off; one that failed is tried again.', {
      queue,
      outcome,
    }).value += 1
    histogram('tater_job_duration_seconds', 'Time a job took.', { queue }).observe((performance.now() - started) / 1000)
  }
}
