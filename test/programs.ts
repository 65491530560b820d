import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, vi } from 'vitest'

export type Program = {
  child: ChildProcess
  output: () => string
  lines: () => string[]
  /** Settles at the end, with the code or the signal. */
  ended: Promise<number | NodeJS.Signals | null>
  /** Waits until a line of the output begins so, and gives the rest of it. */
  says: (beginning: string) => Promise<string>
}

/** Starts a TypeScript program in a process of its own, to be killed in all manners. */
export function startProgram(file: string, args: string[], options: { group?: boolean } = {}): Program {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: options.group ?? false })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  )
  let over = false
  void ended.then(() => (over = true))
  const find = (beginning: string) => output.split('\n').find((line) => line.startsWith(beginning))
  return {
    child,
    output: () => output,
    lines: () => output.split('\n').filter(Boolean),
    ended,
    says: async (beginning) => {
      await until(() => find(beginning) !== undefined || over)
      const line = find(beginning)
      if (line === undefined) throw new Error(`The program ended without saying "${beginning}":\n${output}`)
      return line.slice(beginning.length).trim()
    },
  }
}

/** Waits for a condition, not for a time. */
export async function until(condition: () => unknown, { timeout = 25_000, interval = 10 } = {}): Promise<void> {
  await vi.waitUntil(async () => Boolean(await condition()), { timeout, interval })
}

/** A folder for this test file, removed at its end. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'tater-test-'))
  afterAll(() => rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }))
  return path
}

/** Processes that work inside a folder, even one that is gone by now (Linux only; nobody elsewhere). */
export function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && workingFolder(pid)?.startsWith(folder))
}

function workingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}
