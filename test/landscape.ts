/**
 * What a larger installation consists of, as real processes on free ports of this machine: a PostgreSQL with a streaming
 * replica, PgBouncer in transaction mode and Caddy as `deploy/` has them, and servers and workers of the product.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { peer } from '../bin/peers.ts'
import { freePort } from '../platform/postgres-process.ts'
import { secret } from './product.ts'
import { until } from './programs.ts'
import { startDatabases } from './replicated.ts'

const root = join(import.meta.dirname, '..')
/** How to wait for processes on a busy machine, without keeping it busier. */
export const slowly = { timeout: 140_000, interval: 100 }
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined

export type Process = {
  child: ChildProcess
  url: string
  /** Settles at the end, with the code or the signal. */
  ended: Promise<number | NodeJS.Signals | null>
  output(): string
  /** SIGTERM, and waits for the end. */
  stop(): Promise<number | NodeJS.Signals | null>
}
export type Landscape = Awaited<ReturnType<typeof startLandscape>>

/** Starts the databases and the pooler; the rest is started by the tests. Call `stop` in afterAll. */
export async function startLandscape() {
  const path = mkdtempSync(join(tmpdir(), 'tater-landscape-'))
  if (nobody) chmodSync(path, 0o711)
  const databases = await startDatabases(path)
  const running = new Set<Process>()
  const start = (program: string, args: string[], port: number, env: Record<string, string>, runAs?: typeof nobody) => {
    const process = startProcess(program, args, port, env, runAs)
    running.add(process)
    return process
  }

  const { username, password, pathname } = new URL(databases.ownerUrl)
  const poolerPort = await freePort()
  const temporary = join(path, 'pooler')
  mkdirSync(temporary)
  if (nobody) chownSync(temporary, nobody.uid, nobody.gid)
  // By its text, because nobody may not be able to enter the checkout.
  const script = readFileSync(join(root, 'deploy', 'pgbouncer.sh'), 'utf8')
  peer('pgbouncer')
  const pooler = start(
    'sh',
    ['-c', script],
    poolerPort,
    {
      PATH: `${process.env.PATH}:/usr/sbin`,
      TMPDIR: temporary,
      PGHOST: '127.0.0.1',
      PGPORT: new URL(databases.ownerUrl).port,
      PGDATABASE: pathname.slice(1),
      PGUSER: username,
      PGPASSWORD: decodeURIComponent(password),
      LISTEN_ADDR: '127.0.0.1',
      LISTEN_PORT: String(poolerPort),
      POOL_SIZE: '5',
    },
    nobody,
  )
  const poolerUrl = `postgres://127.0.0.1:${poolerPort}${pathname}`

  /** One process of the product on all of it: the pooler, the direct way, the replica. */
  async function startTater(args: string[], port?: number): Promise<Process> {
    const at = port ?? (await freePort())
    const one = start(process.execPath, [join(root, 'bin', 'tater.ts'), ...args], at, {
      PATH: process.env.PATH ?? '',
      PORT: String(at),
      TATER_DATA: join(path, 'data'),
      TATER_BUILD_WEB: '0',
      TATER_SECRET: secret,
      TATER_DRAIN_SECONDS: '6',
      TATER_LOG: 'warn',
      DATABASE_URL: poolerUrl,
      DATABASE_URL_DIRECT: databases.ownerUrl,
      DATABASE_URL_REPLICA: databases.replicaUrl(),
      PG_NAMED: '0',
    })
    await untilReady(one, '/health/ready')
    return one
  }

  /** Caddy before these servers. */
  async function startBalancer(servers: readonly Process[]): Promise<Process> {
    const port = await freePort()
    const site = `http://127.0.0.1:${port}`
    const upstreams = servers.map(({ url }) => new URL(url).host).join(' ')
    const config = join(root, 'deploy', 'Caddyfile')
    const env = { SITE: site, SERVERS: upstreams, HOME: path, XDG_DATA_HOME: path, XDG_CONFIG_HOME: path }
    const caddy = start(peer('caddy'), ['run', '--adapter', 'caddyfile', '--config', config], port, env)
    await untilReady(caddy, '/health/ready')
    return caddy
  }

  return {
    ...databases,
    poolerUrl,
    attachments: join(path, 'data', 'attachments'),
    startTater,
    startBalancer,
    async stop() {
      await Promise.all([...running].filter((one) => one !== pooler).map((one) => one.stop()))
      await pooler.stop()
      await databases.stop()
      rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 })
    },
  }
}

function startProcess(
  program: string,
  args: string[],
  port: number,
  env: Record<string, string>,
  runAs: typeof nobody = undefined,
): Process {
  const child = spawn(program, args, { env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...runAs })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('error', (error) => {
      output += error.message
      resolve(null)
    })
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    ended,
    output: () => output,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

async function untilReady(process: Process, address: string) {
  let over = false
  void process.ended.then(() => (over = true))
  await until(async () => over || (await fetch(process.url + address).catch(() => null))?.ok, slowly)
  if (over) throw new Error(`The process ended before it was ready:\n${process.output()}`)
}
