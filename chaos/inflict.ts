/** How each fault is done, and undone. */
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import type { EmbeddedPostgres } from '../platform/embedded-postgres.ts'
import type { Crew } from './clients.ts'
import type { Person } from './people.ts'
import { familyOf, type Managed, signalAll } from './processes.ts'
import type { Fault, Round } from './schedule.ts'
import type { Volume } from './volume.ts'

export type Scene = {
  postgres: EmbeddedPostgres
  owner: pg.Pool
  servers: readonly Managed[]
  workers: readonly Managed[]
  volume: Volume
  crew: Crew
  someone: Person
  say: (line: string) => void
}

/** Does it, and comes back when nothing holds the product up any more; from then on its recovery counts. */
export function inflict(scene: Scene, round: Round): Promise<void> {
  return deeds[round.fault](scene, round)
}

const chosen = (from: readonly Managed[], { victim }: Round) => from[victim % from.length]!

const deeds: Record<Fault, (scene: Scene, round: Round) => Promise<void>> = {
  async 'kill-server'({ servers }, round) {
    chosen(servers, round).signal('SIGKILL')
  },
  async 'kill-worker'({ workers, owner }, round) {
    await untilRunning(owner)
    chosen(workers, round).signal('SIGKILL')
  },
  async 'kill-postgres'({ postgres }) {
    signalAll(familyOf(postgres.pid()), 'SIGKILL')
  },
  async 'restart-postgres'({ postgres }) {
    process.kill(postgres.pid(), 'SIGINT')
  },
  async 'pause-postgres'({ postgres }, { holdMs }) {
    const family = familyOf(postgres.pid())
    signalAll(family, 'SIGSTOP')
    await wait(holdMs)
    signalAll(family, 'SIGCONT')
  },
  async 'pause-server'({ servers }, round) {
    const server = chosen(servers, round)
    server.signal('SIGSTOP')
    await wait(round.holdMs)
    server.signal('SIGCONT')
  },
  async 'disk-full'({ volume, owner }, { holdMs, victim }) {
    volume.fill()
    await wait(holdMs / 2)
    // Tables and files find no space by themselves; every other time the write-ahead log is made to need some, too.
    if (victim % 2 === 0) {
      for (let n = 0; n < 8; n += 1) {
        await owner.query('select pg_switch_wal()').catch(() => {})
        await wait(100)
      }
    }
    volume.fill()
    await wait(holdMs / 2)
    volume.free()
  },
  async 'job-hangs'(scene) {
    await scene.crew.importing(6_000)
    const worker = await stopBusy(scene)
    if (!worker) return scene.say('the import was through before its worker could be stopped')
    try {
      const from = Date.now()
      const { rows } = await progress(scene.owner)
      while ((await progress(scene.owner)).rows === rows && Date.now() - from < 120_000) await wait(100)
      scene.say(`${worker.name} hangs; another goes on with its import ${((Date.now() - from) / 1000).toFixed(1)} s later`)
      await untilFinished(scene.owner, 120_000)
    } finally {
      worker.signal('SIGCONT')
    }
    // What it does when it wakes is part of the fault.
    await wait(2_000)
  },
  'clock-forward': (scene, round) => setClock(scene, round, 3_600_000),
  'clock-back': (scene, round) => setClock(scene, round, -3_600_000),
}

async function setClock({ servers, someone }: Scene, round: Round, aheadMs: number) {
  const server = chosen(servers, round)
  await someone.signIn(server, 'before its clock went wrong')
  server.setClock(aheadMs)
  await wait(round.holdMs / 2)
  await someone.signIn(server, 'while its clock is wrong')
  await someone.check('while a clock is wrong')
  await wait(round.holdMs / 2)
  server.setClock(0)
  await someone.check('when the clock is right again')
}

const progress = async (owner: pg.Pool) =>
  (
    await owner.query<{ running: number; rows: number }>(
      `select count(*) filter (where status = 'running' and done_rows > 0)::int as running, coalesce(sum(done_rows), 0)::int as rows from imports`,
    )
  ).rows[0]!

/** Waits for an import in the middle of its rows; not for ever, as it may be through before anybody looks. */
async function untilRunning(owner: pg.Pool) {
  for (let n = 0; n < 100; n += 1) {
    if ((await progress(owner)).running > 0) return
    await wait(30)
  }
}

/** Stops the worker that the imports depend on: the one without whom no row comes in any more. */
async function stopBusy({ owner, workers }: Scene): Promise<Managed | undefined> {
  await untilRunning(owner)
  for (const worker of workers) {
    worker.signal('SIGSTOP')
    await wait(300) // what it had sent is done by then
    const before = await progress(owner)
    await wait(1_500)
    const after = await progress(owner)
    if (after.running > 0 && after.rows === before.rows) return worker
    worker.signal('SIGCONT')
  }
  return undefined
}

/** Waits until no import waits or runs. */
export async function untilFinished(owner: pg.Pool, atMostMs: number): Promise<boolean> {
  const deadline = Date.now() + atMostMs
  while (Date.now() < deadline) {
    const open = await owner
      .query<{ n: number }>(`select count(*)::int as n from imports where status in ('queued', 'running')`)
      .then(({ rows }) => rows[0]!.n)
      .catch(() => 1)
    if (open === 0) return true
    await wait(100)
  }
  return false
}
