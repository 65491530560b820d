/** Sets everything up, plays one round after the other, and takes everything down again. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { makeOrganizations } from '../bench/seed.ts'
import { openDataFolder } from '../platform/data-folder.ts'
import { surviveLostConnections } from '../platform/database.ts'
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts'
import { freePort } from '../platform/postgres-process.ts'
import type { Random } from '../test/random.ts'
import { crew } from './clients.ts'
import { inflict, type Scene, untilFinished } from './inflict.ts'
import { openJournal } from './journal.ts'
import { person } from './people.ts'
import { type Managed, manage, type Role } from './processes.ts'
import { type Reader, reader } from './readers.ts'
import { ask, outcomeOf } from './requests.ts'
import type { Fault, Round } from './schedule.ts'
import { judge } from './verdict.ts'
import type { Volume } from './volume.ts'

export type Result = { fault: Fault; writesMs: number; jobsMs: number; findings: string[] }

type Stage = {
  base: string
  volume: Volume
  random: Random
  clients: number
  /** No import where it would have to be taken over, which takes its time. */
  quick: boolean
  say: (line: string) => void
}

/** Two servers and two workers on a PostgreSQL that waits for the disk at every commit. */
export async function stage({ base, volume, random, clients, quick, say }: Stage) {
  const folder = openDataFolder(join(volume.path, 'data'))
  const postgres = await startEmbeddedPostgres(folder, {
    settings: ['max_wal_size=64MB', 'min_wal_size=32MB', 'checkpoint_timeout=30s'],
    say,
  })
  const owner = new pg.Pool({ connectionString: postgres.url, max: 3, connectionTimeoutMillis: 2_000, query_timeout: 5_000 })
  surviveLostConnections(owner)
  const { rows } = await owner.query<{ on: string }>(
    `select current_setting('fsync') || current_setting('synchronous_commit') as on`,
  )
  if (rows[0]!.on !== 'onon') throw new Error('The database of a fault run must wait for the disk')
  const organizations = await makeOrganizations(postgres.url, 2)
  const processes = await startAll(postgres.url, base, folder.attachments)
  const servers = processes.filter(({ role }) => role === 'server')
  const workers = processes.filter(({ role }) => role === 'worker')

  const journal = openJournal(join(base, 'journal.ndjson'))
  let findings: string[] = []
  let atRest = false
  const sending = { servers, journal, random, wrong: (what: string) => void findings.push(what), ending: () => atRest }
  const load = crew(sending, organizations, clients)
  const readers = servers.flatMap((server) => organizations.map((organization) => reader(server, organization)))
  const someone = person(servers, organizations[0]!, sending.wrong)
  await someone.join(postgres.url)
  const scene: Scene = {
    postgres,
    owner,
    servers,
    workers,
    volume,
    crew: load,
    someone,
    say: (line) => say(`${since(started)}    ${line}`),
  }
  const started = Date.now()
  let leftovers = 0

  /** When every server has acknowledged a write that was sent after now. */
  async function recovered(): Promise<number> {
    const from = Date.now()
    await Promise.all(
      servers.map(async ({ name, url }) => {
        while (outcomeOf((await load.probe(url, organizations[0]!)).answer) !== 'done') {
          if (Date.now() - from > 120_000) return void findings.push(`${name} takes no write 120 s after the fault`)
          await wait(50)
        }
      }),
    )
    return Date.now() - from
  }

  /** Streams are open again, and one change is heard by everybody who looks, at whichever server it was made. */
  async function heard(before: number) {
    const deadline = Date.now() + 60_000
    const waitFor = async (condition: () => boolean) => {
      while (!condition() && Date.now() < deadline) await wait(20)
      return condition()
    }
    for (const each of readers)
      if (!(await waitFor(each.isOpen))) findings.push(`${each.name} has no stream a minute after the fault`)
    const mine = journal.entries.slice(before).filter(({ outcome }) => outcome === 'done')
    const missed = (each: Reader) => mine.filter((entry) => !each.shows(entry))
    for (const each of readers)
      if (!(await waitFor(() => missed(each).length === 0)))
        findings.push(`${each.name} never heard of ${missed(each).length} changes, ${missed(each)[0]!.mark} the first`)
  }

  /** Both servers say the same of what was written last. */
  async function agree() {
    const last = journal.entries.filter(({ outcome, taskId }) => outcome === 'done' && taskId).slice(-20)
    for (const { taskId, organizationId } of last) {
      const organization = organizations.find(({ id }) => id === organizationId)!
      const answers = await Promise.all(
        servers.map(({ url }) => ask(url, { organization, method: 'GET', path: `/tasker/tasks/${taskId}` })),
      )
      const said = new Set(answers.map((answer) => `${answer?.status} ${JSON.stringify(answer?.body)}`))
      if (said.size > 1 || answers[0]?.status !== 200)
        findings.push(`the servers do not agree on ${taskId}: ${[...said].join(' / ')}`)
    }
  }

  return {
    async play(round: Round): Promise<Result> {
      findings = []
      atRest = false
      const before = journal.entries.length
      const work = load.run()
      if (!quick || !round.fault.endsWith('postgres')) await load.importing(quick ? 300 : 900)
      await wait(round.calmMs)
      say(`${since(started)}  ${round.fault}`)
      await inflict(scene, round)
      const liftedAt = Date.now()
      const writesMs = await recovered()
      await wait(500)
      atRest = true
      await work
      if (!(await untilFinished(owner, 120_000))) findings.push('an import is not finished 120 s after the fault')
      const jobsMs = Date.now() - liftedAt
      await heard(before)
      await agree()
      const verdict = await judge(postgres.url, journal.entries, folder.attachments)
      leftovers = verdict.leftovers
      findings.push(...verdict.findings)
      say(
        `${since(started)}    writes again after ${(writesMs / 1000).toFixed(1)} s; ${journal.count('done')} changes acknowledged so far, ` +
          `${journal.count('unknown')} unanswered, ${findings.length} findings`,
      )
      for (const finding of findings.slice(0, 20)) say(`         ! ${finding}`)
      return { fault: round.fault, writesMs, jobsMs, findings }
    },
    summary() {
      const again = journal.entries.filter(({ attempts }) => attempts > 1)
      return (
        `${journal.count('done')} changes acknowledged, ${journal.count('refused')} refused, ${journal.count('unknown')} without an answer; ` +
        `${again.length} sent more than once with their Idempotency-Key; streams opened ${readers.reduce((sum, each) => sum + each.timesOpened(), 0)} times; ` +
        `${leftovers} files of uploads that were cut off.`
      )
    },
    async strike() {
      atRest = true
      volume.free()
      await Promise.all(readers.map((each) => each.stop()))
      await Promise.all(processes.map((each) => each.stop()))
      await owner.end()
      await postgres.stop()
      journal.close()
      folder.release()
    },
  }
}

const since = (from: number) => `${((Date.now() - from) / 1000).toFixed(1).padStart(6)} s`

async function startAll(databaseUrl: string, base: string, attachments: string): Promise<Managed[]> {
  const roles: Role[] = ['server', 'server', 'worker', 'worker']
  const folder = join(base, 'processes')
  mkdirSync(folder)
  const processes: Managed[] = []
  for (const [n, role] of roles.entries()) {
    const name = `${role}-${1 + roles.slice(0, n).filter((each) => each === role).length}`
    const process = manage({ role, name, port: await freePort(), databaseUrl, folder, attachments })
    processes.push(process)
    await untilUp(process)
  }
  return processes
}

async function untilUp({ url, name }: Managed) {
  for (let n = 0; n < 600; n += 1) {
    const up = await fetch(`${url}/health/ready`)
      .then(({ ok }) => ok)
      .catch(() => false)
    if (up) return
    await wait(50)
  }
  throw new Error(`${name} does not start`)
}
