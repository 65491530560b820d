/** The floor: the least SQL for each action, by pgbench on the same server, with the same durability. */
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { cpuOf } from './cpu.ts'
import { output } from './processes.ts'

export type Floor = { cpuMs: number; tps: number; how: string }

/** pgbench of the machine, or null; Debian has it in postgresql-contrib. */
export const findPgbench = () =>
  ['/usr/bin/pgbench', ...globSync('/usr/lib/postgresql/*/bin/pgbench')].find((path) => existsSync(path)) ?? null

/**
 * @param script in pgbench's language
 * @param postmaster process of the server, whose children's CPU time is counted
 */
export async function measureFloor(
  url: string,
  script: string,
  postmaster: number,
  seconds: number,
  clients: number,
): Promise<Floor> {
  const pgbench = findPgbench()
  return pgbench
    ? byPgbench(pgbench, url, script, postmaster, seconds, clients)
    : byDriver(url, script, postmaster, seconds, clients)
}

async function byPgbench(pgbench: string, url: string, script: string, postmaster: number, seconds: number, clients: number) {
  const folder = mkdtempSync(join(tmpdir(), 'tater-floor-'))
  const file = join(folder, 'floor.sql')
  // A statement is one line to pgbench, or several ended by a semicolon; a \set line ends at its end.
  writeFileSync(file, script)
  try {
    const run = (time: number) =>
      output(pgbench, ['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-T', String(time), '-f', file, url])
    await run(1)
    const before = cpuOf([postmaster])
    const text = await run(seconds)
    const cpu = cpuOf([postmaster]) - before
    const done = Number(/transactions actually processed: (\d+)/.exec(text)?.[1])
    const tps = Number(/tps = ([\d.]+)/.exec(text)?.[1])
    return { cpuMs: cpu / done, tps, how: 'pgbench -M prepared' }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Without pgbench: the same statement by the driver, prepared by name. */
async function byDriver(url: string, script: string, postmaster: number, seconds: number, clients: number): Promise<Floor> {
  const variables: string[] = []
  const bounds = new Map(
    [...script.matchAll(/\\set (\w+) random\((\d+), (\d+)\)/g)].map(([, name, from, to]) => [name!, [Number(from), Number(to)]]),
  )
  const text = script
    .replaceAll(/\\set .*\n/g, '')
    .trim()
    .replace(/;$/, '')
    .replaceAll(/(?<!:):(\w+)/g, (_, name: string) => {
      variables.push(name)
      return `$${variables.length}::int`
    })
  const pool = new pg.Pool({ connectionString: url, max: clients })
  const values = () =>
    variables.map((name) => {
      const [from = 1, to = 1] = bounds.get(name) ?? []
      return from + Math.floor(Math.random() * (to - from + 1))
    })
  let done = 0
  const before = cpuOf([postmaster])
  const until = Date.now() + seconds * 1000
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = await pool.connect()
      while (Date.now() < until) {
        await client.query({ name: 'floor', text, values: values() })
        done += 1
      }
      client.release()
    }),
  )
  const cpu = cpuOf([postmaster]) - before
  await pool.end()
  return { cpuMs: cpu / done, tps: done / seconds, how: 'a loop over the driver (pgbench was not found)' }
}
