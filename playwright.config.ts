import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import { findChromium } from './bin/chromium.ts'

/** Workers read this file again; they inherit what the first reading decided. */
const freePort = () =>
  execFileSync(process.execPath, [
    '-e',
    "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close() })",
  ])
    .toString()
    .trim()
process.env.TATER_TEST_PORT ??= freePort()
process.env.TATER_TEST_DATA ??= mkdtempSync(join(tmpdir(), 'tater-browser-'))
const port = process.env.TATER_TEST_PORT
const data = process.env.TATER_TEST_DATA

const bundled = join(import.meta.dirname, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
const node = existsSync(bundled) ? bundled : process.execPath
const baseURL = `http://localhost:${port}`

const quiet = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
]

export default defineConfig({
  testDir: 'test/browser',
  workers: 2,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    baseURL,
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: { executablePath: findChromium() ?? '/usr/bin/chromium', args: quiet },
  },
  webServer: {
    command: `${node} bin/demo.ts`,
    url: `${baseURL}/sign-in`,
    timeout: 180_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
    env: { PORT: port, TATER_DATA: data, PATH: process.env.PATH ?? '', OUTBOUND_HOSTS: '127.0.0.1' },
  },
})
