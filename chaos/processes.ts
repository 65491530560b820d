/** The processes of the product, started as an operator starts them and started again when they end, as systemd would. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const root = join(import.meta.dirname, '..')

export type Role = 'server' | 'worker'

export type Managed = {
  role: Role
  name: string
  url: string
  pid(): number
  /** How often it ended by itself. */
  deaths(): number
  signal(signal: NodeJS.Signals): void
  /** Sets its clock: so many ms ahead of the machine's. */
  setClock(aheadMs: number): void
  /** Ends it for good. */
  stop(): Promise<void>
}

type Start = {
  role: Role
  name: string
  port: number
  databaseUrl: string
  /** Where its own folder and its log go. */
  folder: string
  /** The folder that all of them keep attachments in. */
  attachments: string
}

/** What a process is started with; both kinds share one database, one secret and one folder of attachments. */
function environmentOf({ role, port, databaseUrl }: Start, data: string, clock: string) {
  return {
    ...process.env,
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    TATER_DATA: data,
    DATABASE_URL: databaseUrl,
    TATER_SECRET: 'a secret that all processes of the run share',
    TATER_BUILD_WEB: '0',
    NODE_ENV: 'production',
    CHAOS_CLOCK: clock,
    TATER_SERVICES: role,
  }
}

/** Starts a process; it is started again 200 ms after it ends. */
export function manage(start: Start): Managed {
  const data = join(start.folder, start.name)
  mkdirSync(data, { recursive: true })
  symlinkSync(start.attachments, join(data, 'attachments'))
  const clock = join(start.folder, `${start.name}.clock`)
  writeFileSync(clock, '0')
  const log = openSync(join(start.folder, `${start.name}.log`), 'a')
  let child: ChildProcess
  let stopping = false
  let deaths = 0

  const run = () => {
    child = spawn(process.execPath, ['--import', join(import.meta.dirname, 'shifted-clock.ts'), join(root, 'bin', 'server.ts')], {
      stdio: ['ignore', log, log],
      env: environmentOf(start, data, clock),
    })
    child.once('exit', async () => {
      if (stopping) return
      deaths += 1
      await wait(200)
      if (!stopping) run()
    })
  }
  run()
  const signal = (name: NodeJS.Signals) => void child.kill(name)
  return {
    role: start.role,
    name: start.name,
    url: `http://127.0.0.1:${start.port}`,
    pid: () => child.pid!,
    deaths: () => deaths,
    signal,
    setClock(aheadMs) {
      writeFileSync(clock, String(aheadMs))
      signal('SIGUSR2')
    },
    async stop() {
      stopping = true
      const ended = child.exitCode !== null || child.signalCode !== null
      const exit = ended ? Promise.resolve() : new Promise<void>((resolve) => child.once('exit', () => resolve()))
      signal('SIGCONT')
      signal('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 20_000)
      await exit
      clearTimeout(late)
      closeSync(log)
    },
  }
}

/** A process and everything it started, itself first. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = parentOf(Number(name))
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)])
  }
  const family = [pid]
  for (const member of family) family.push(...(parents.get(member) ?? []))
  return family
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}

/** Sends a signal to each; those that are gone by now are passed over. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // ended in between
    }
  }
}
