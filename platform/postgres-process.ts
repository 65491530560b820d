import { spawn, spawnSync } from 'node:child_process'
import { closeSync, fchownSync, openSync, readFileSync, readlinkSync, renameSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { OsUser } from './data-folder.ts'
import { exitCodes, StartFailure } from './start-failure.ts'

/** A running PostgreSQL server, our own child or one left over by a killed program. */
export type PostgresProcess = {
  pid: number
  port: number
  /** Settles when the process has ended, with the reason in words. */
  ended: Promise<string>
  hasEnded: () => boolean
}

/** What a running server writes about itself into postmaster.pid. */
type PidFile = { pid: number; port: number; status: string }

export const environmentOfPostgres = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC' }

/** Starts the server as a group of its own: Ctrl-C in the terminal must not end it before the program has finished its work. */
export function spawnPostgres(
  program: string,
  folder: string,
  runAs: OsUser | undefined,
  port: number,
  settings: string[],
  logFile: string,
): PostgresProcess {
  const log = openLog(logFile)
  // Whoever owns the data may start the program next, without root.
  if (runAs) fchownSync(log, runAs.uid, runAs.gid)
  const child = spawn(
    program,
    ['-D', pathFor(folder, runAs), '-p', String(port), '-h', '127.0.0.1', '-k', '', ...settings.flatMap((s) => ['-c', s])],
    { ...runAs, cwd: folder, env: environmentOfPostgres, detached: true, stdio: ['ignore', log, log] },
  )
  closeSync(log)
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with code ${code}`))
  })
  // Waiting for the end of the database is no reason for the program to go on.
  child.unref()
  return { pid: child.pid ?? 0, port, ended, hasEnded: () => !child.pid || child.exitCode !== null || child.signalCode !== null }
}

/** The server that a killed program left running on this folder, if any. A stale pid file is made harmless. */
export async function findOrphan(folder: string): Promise<PostgresProcess | undefined> {
  for (;;) {
    const found = readPidFile(folder)
    if (!found || !isAlive(found.pid)) return
    if (!isPostgresOf(found.pid, folder)) {
      // The number belongs to another program by now; PostgreSQL would take that for a running server and refuse to start.
      rmSync(join(folder, 'postmaster.pid'), { force: true })
      return
    }
    if (found.status !== 'stopping' && found.port > 0) return watched(found)
    // It is going down, or has not yet chosen its port.
    await wait(20)
  }
}

function watched({ pid, port }: PidFile): PostgresProcess {
  let ended = false
  const end = new Promise<string>((resolve) => {
    const timer = setInterval(() => {
      if (isAlive(pid)) return
      clearInterval(timer)
      ended = true
      resolve('ended')
    }, 250)
    timer.unref()
  })
  return { pid, port, ended: end, hasEnded: () => ended || !isAlive(pid) }
}

/** Reads postmaster.pid: line 1 is the process, 4 the port, 8 the status. */
export function readPidFile(folder: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    return pid > 0 ? { pid, port: Number(lines[3]), status: lines[7]?.trim() ?? '' } : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  try {
    // Where nobody collects orphans (a container without init), an ended process stays listed as a zombie.
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return process.platform !== 'linux'
  }
}

function isPostgresOf(pid: number, folder: string): boolean {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' })
    return stdout.includes('postgres') && stdout.includes(folder)
  }
  try {
    // The server works inside its data folder, under whatever name it got there.
    const [at, own] = [statSync(`/proc/${pid}/cwd`), statSync(folder)]
    const program = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? ''
    return basename(program) === 'postgres' && at.ino === own.ino && at.dev === own.dev
  } catch {
    return false
  }
}

const fastShutdown = 10_000
const immediateShutdown = 5_000

/** Fast shutdown: open transactions are rolled back, a checkpoint is written. Immediate shutdown only when that does not end. */
export async function stopProcess(server: PostgresProcess, say: (message: string) => void): Promise<void> {
  if (await signalAndWait(server, 'SIGINT', fastShutdown)) return
  say(
    `The embedded database (process ${server.pid}) did not stop within ${fastShutdown / 1000} s; ending it the hard way. It will repair itself at the next start.`,
  )
  if (await signalAndWait(server, 'SIGQUIT', immediateShutdown)) return
  throw new Error(`The embedded database (process ${server.pid}) does not stop. Look into postgres.log, then end it by hand.`)
}

async function signalAndWait(server: PostgresProcess, signal: NodeJS.Signals, patience: number): Promise<boolean> {
  signalProcess(server, signal)
  const deadline = Date.now() + patience
  // Polling keeps the program alive while it waits, which the unreferenced child does not.
  while (!server.hasEnded()) {
    if (Date.now() > deadline) return false
    await wait(10)
  }
  return true
}

/** Signals a server that may have ended already. */
export function signalProcess(server: PostgresProcess, signal: NodeJS.Signals): void {
  try {
    if (!server.hasEnded()) process.kill(server.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * The name under which the database's user reaches a folder. Below a folder closed to that user (such as /root) there is none, but a
 * process is put into its working folder while it is still root, and may call it by that.
 */
export function pathFor(folder: string, runAs: OsUser | undefined): string {
  if (!runAs || spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { ...runAs, cwd: '/' }).status === 0) return folder
  try {
    readlinkSync('/proc/self/cwd')
    return '/proc/self/cwd'
  } catch {
    throw new StartFailure(
      `The embedded database cannot reach ${folder}: it does not run as root, and a folder above is closed to others. Choose another data folder with TATER_DATA.`,
      exitCodes.cannotCreate,
    )
  }
}

/** Whether nobody listens on the port. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/** A port nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

const largeLog = 20 * 1024 * 1024

/** One former log is kept, so that a server restarted now and then does not fill the disk. */
function openLog(file: string): number {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largeLog) renameSync(file, `${file}.old`)
  return openSync(file, 'a', 0o600)
}

/** The last lines of the server's log, for a message. */
export function logTail(file: string, lines = 8): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
  } catch {
    return ''
  }
}
