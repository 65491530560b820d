/**
 * Everything that shows the program works: `npm test`. `npm test -- <filter>` runs only the vitest files whose path contains it.
 * The last line is the sum; a skipped test, a suite without tests and a failed check all count as failed.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium, installChromium } from './chromium.ts'
import { installPeers } from './peers.ts'
import { type Count, countPlaywright, countVitest, readReport } from './test-report.ts'

type Step = { name: string; needs?: string; run: () => Promise<Count> }
type Done = Count & { name: string; seconds: number }

const root = join(import.meta.dirname, '..')
const filter = process.argv.slice(2)
const reports = mkdtempSync(join(tmpdir(), 'tater-test-reports-'))
/** It should take less than 20 minutes; only what hangs is ended. */
const endBy = Date.now() + 45 * 60_000
let current: ReturnType<typeof spawn> | undefined
let interrupted = false

/** Runs a tool with its output on our terminal. Tools and what they start see the Node.js of this run first in PATH. */
function tool(program: string, args: string[], environment: Record<string, string> = {}): Promise<number> {
  if (interrupted) return Promise.resolve(130)
  return new Promise((resolve) => {
    const PATH = `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment, PATH },
    })
    current = child
    const late = setTimeout(() => {
      console.error('The tests take longer than 45 minutes in all; ending this step.')
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), 10_000).unref()
    }, endBy - Date.now())
    const end = (code: number) => {
      clearTimeout(late)
      resolve(code)
    }
    child.once('error', (error) => {
      console.error(error.message)
      end(127)
    })
    child.once('exit', (code) => end(code ?? 1))
  })
}

const check = (name: string, program: string, args: string[], needs?: string): Step => ({
  name,
  ...(needs && { needs }),
  run: async () =>
    (await tool(program, args)) === 0 ? { passed: 1, failed: 0, notes: [] } : { passed: 0, failed: 1, notes: [] },
})

const vitest: Step = {
  name: 'unit and integration tests',
  run: async () => {
    if (filter.length === 0 || filter.some((part) => 'test/scale.test.ts'.includes(part))) tryToInstallPeers()
    const file = join(reports, 'vitest.json')
    const code = await tool('vitest', ['run', ...filter, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`])
    return readReport(file, countVitest, code)
  },
}

/** Without them only the tests that need them fail, and say so. */
function tryToInstallPeers() {
  try {
    installPeers()
  } catch (error) {
    console.error((error as Error).message)
  }
}

const browser: Step = {
  name: 'browser tests',
  needs: 'playwright.config.ts',
  run: async () => {
    const chromium = findChromium() ?? installChromium()
    const file = join(reports, 'playwright.json')
    const code = await tool('playwright', ['test', '--reporter=list,json'], {
      CHROMIUM: chromium,
      PLAYWRIGHT_JSON_OUTPUT_FILE: file,
    })
    return readReport(file, countPlaywright, code)
  },
}

const all: Step[] = [
  check('types', 'tsc', ['--noEmit']),
  check('style', 'biome', ['check']),
  check('law of dependency, words in catalogues', 'node', ['bin/lint.ts']),
  check('generated files are up to date', 'node', ['bin/generate.ts', '--check'], 'bin/generate.ts'),
  check('web build', 'vite', ['build'], 'web/index.html'),
  vitest,
  check('a few faults', 'node', [
    'chaos/run.ts',
    '--seed',
    '1',
    '--quick',
    '--clients',
    '4',
    '--only',
    'kill-server,kill-postgres,clock-back',
  ]),
  browser,
]

async function runStep(step: Step): Promise<Done> {
  console.log(`\n▸ ${step.name}`)
  const started = performance.now()
  const count = await step.run().catch((error: Error) => ({ passed: 0, failed: 1, notes: [error.message] }))
  return { ...count, name: step.name, seconds: (performance.now() - started) / 1000 }
}

function line({ name, passed, failed, notes, seconds }: Done): string {
  return [
    `${failed === 0 ? '✓' : '✗'} ${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`,
    ...notes.map((note) => `    ${note}`),
  ].join('\n')
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true
    current?.kill(signal)
  })
}

const done: Done[] = []
for (const step of filter.length > 0 ? [vitest] : all) {
  if (interrupted) break
  if (!step.needs || existsSync(join(root, step.needs))) done.push(await runStep(step))
}
rmSync(reports, { recursive: true, force: true })

const sum = (key: 'passed' | 'failed') => done.reduce((total, one) => total + one[key], 0)
const failed = sum('failed') + (interrupted ? 1 : 0)
console.log(`\n${done.map(line).join('\n')}`)
if (interrupted) console.log('✗ interrupted, which counts as failed')
console.log(`${sum('passed')} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
