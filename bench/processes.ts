/** What the bench starts: a PostgreSQL of its own, server processes on it, and the load's own process. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { FanOut, fanOut } from './fan-out.ts'
import type { Outcome, Plan } from './load.ts'

const root = join(import.meta.dirname, '..')

export type Server = { url: string; pid: number; coldStartMs: number; stop(): Promise<void> }

/** Starts one server process as `npm start` does, on the given database. */
export async function startServer(databaseUrl: string, port: number, data: string): Promise<Server> {
  mkdirSync(data, { recursive: true })
  const started = performance.now()
  const child = spawn(process.execPath, [join(root, 'bin', 'server.ts')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      PORT: String(port),
      TATER_DATA: data,
      DATABASE_URL: databaseUrl,
      TATER_SECRET: 'the bench signs with a secret of its own',
      TATER_BUILD_WEB: '0',
      NODE_ENV: 'production',
      MALLOC_ARENA_MAX: '1',
    },
  })
  const url = `http://127.0.0.1:${port}`
  while (
    !(await fetch(`${url}/health/ready`)
      .then(({ ok }) => ok)
      .catch(() => false))
  ) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode} before it was ready`)
    await wait(10)
  }
  return {
    url,
    pid: child.pid!,
    coldStartMs: Math.round(performance.now() - started),
    stop: () => ended(child, 'SIGTERM'),
  }
}

const ended = (child: ChildProcess, signal: NodeJS.Signals) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill(signal)
  })

/** The load's process. */
export function startLoad() {
  const child = fork(join(import.meta.dirname, 'load.ts'))
  const ask = <T>(task: unknown) =>
    new Promise<T>((resolve, reject) => {
      child.once('message', (answer: { outcome?: T; error?: string }) =>
        answer.error === undefined ? resolve(answer.outcome as T) : reject(new Error(answer.error)),
      )
      child.send(task as object)
    })
  return {
    run: (plan: Plan) => ask<Outcome>({ kind: 'load', plan }),
    fanOut: (plan: Parameters<typeof fanOut>[0]) => ask<FanOut>({ kind: 'fan-out', plan }),
    stop: () => ended(child, 'SIGTERM'),
  }
}

/** Runs a program to its end and answers what it printed. */
export function output(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    let errors = ''
    child.stdout.on('data', (chunk) => (text += chunk))
    child.stderr.on('data', (chunk) => (errors += chunk))
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${program} ended with ${code}: ${errors.slice(0, 2000)}`)),
    )
  })
}
