/** Background jobs: queued in the transaction that wants them, run later by a worker, at least once. */
import { fromKysely, PgBoss } from 'pg-boss'
import pg from 'pg'
import type { Db } from './database.ts'

export type Job = { queue: string; run(data: Record<string, unknown>, signal: AbortSignal): Promise<void> }

export type Queue = Awaited<ReturnType<typeof openQueue>>

/** Makes the queue's own schema as the owner, and lets the application use it. Safe to repeat. */
export async function prepareQueue(ownerUrl: string, queues: readonly string[]) {
  const boss = new PgBoss({ connectionString: ownerUrl, supervise: false, schedule: false, max: 2 })
  boss.on('error', () => {})
  await boss.start()
  for (const queue of queues) await boss.createQueue(queue, { retryLimit: 3, retryBackoff: true, expireInSeconds: 4 * 3600, notify: true })
  await boss.stop({ graceful: false, close: true })
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    await owner.query(
      'grant usage on schema pgboss to tater_app; grant select, insert, update, delete on all tables in schema pgboss to tater_app; ' +
        'grant usage on all sequences in schema pgboss to tater_app; grant execute on all functions in schema pgboss to tater_app',
    )
  } finally {
    await owner.end()
  }
}

/**
 * @param url the application's login; a direct connection, for it listens
 * @param onError told what went wrong in the background; jobs are tried again
 */
export async function openQueue(url: string, onError: (error: Error) => void) {
  const boss = new PgBoss({ connectionString: url, migrate: false, createSchema: false, schedule: false, useListenNotify: true, max: 4 })
  boss.on('error', onError)
  await boss.start()
  return {
    enqueue: async (db: Db, queue: string, data: Record<string, unknown>) => {
      await boss.send(queue, data, { db: fromKysely(db as never) })
    },
    /** Takes jobs of these queues from now on, one of each at a time. */
    async work(jobs: readonly Job[]) {
      for (const { queue, run } of jobs) {
        await boss.work<Record<string, unknown>>(queue, { batchSize: 1, pollingIntervalSeconds: 2 }, async ([job]) => {
          if (job) await run(job.data, job.signal)
        })
      }
    },
    stop: () => boss.stop({ graceful: true, timeout: 10_000 }),
  }
}
