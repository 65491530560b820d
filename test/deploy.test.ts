/** The files of deploy/ name settings, commands and addresses that exist. That Caddy and PgBouncer take theirs shows test/scale.test.ts. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findProgram } from '../bin/apt.ts'
import { settingsReference } from '../platform/settings.ts'
import { temporaryFolder } from './programs.ts'

const root = join(import.meta.dirname, '..')
const folder = temporaryFolder()
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const compose = read('deploy/compose.yaml')
const containerfile = read('deploy/Containerfile')
const caddyfile = read('deploy/Caddyfile')
const pgbouncer = read('deploy/pgbouncer.sh')
const units = globSync('deploy/systemd/*.service', { cwd: root }).sort()

/** The lines of an indented block of a YAML file, without its head. */
function block(yaml: string, head: RegExp): string[] {
  const lines = yaml.split('\n')
  const start = lines.findIndex((line) => head.test(line))
  if (start < 0) throw new Error(`There is no block ${head}`)
  const depth = lines[start]!.search(/\S/)
  const end = lines.findIndex((line, index) => index > start && line.trim() !== '' && line.search(/\S/) <= depth)
  return lines.slice(start + 1, end < 0 ? undefined : end)
}

const keysOf = (lines: string[]) => lines.flatMap((line) => /^\s+([A-Z][A-Z_]*):/.exec(line)?.[1] ?? [])
/** What a start with these words begins with, as `tater` itself says it. */
const help = spawnSync(process.execPath, [join(root, 'bin', 'tater.ts'), 'help'], { encoding: 'utf8' }).stdout

test('settings of the compose file exist, and their values are taken', () => {
  const lines = block(compose, /environment: &settings/)
  const names = keysOf(lines)
  expect(names).toContain('DATABASE_URL_DIRECT')
  expect(names.filter((name) => !(name in settingsReference))).toEqual([])
  for (const line of lines) {
    const [, name, value] = /^\s+([A-Z_]+): "?([^"]*)"?$/.exec(line) ?? []
    if (!name || !value || /^\$\{/.test(value)) continue
    const filled = value.replace(/\$\{\w+:\?\}/, 'x')
    expect([name, settingsReference[name as keyof typeof settingsReference].parse.safeParse(filled).success]).toEqual([
      name,
      true,
    ])
  }
})

test('every variable the compose file wants stands in the example, and every service it names is there', () => {
  const wanted = new Set([...compose.matchAll(/\$\{(\w+):\?\}/g)].map((match) => match[1]))
  const given = [...read('deploy/example.env').matchAll(/^(\w+)=/gm)].map((match) => match[1])
  expect(given.toSorted()).toEqual([...wanted].toSorted())
  const services = block(compose, /^services:/).flatMap((line) => /^ {2}([\w-]+):/.exec(line)?.[1] ?? [])
  const hosts = [...compose.matchAll(/(?:@|\/\/|SERVERS: | )([a-z][\w-]*):(?:5432|6432|4800)\b/g)].map((match) => match[1]!)
  expect(new Set(hosts)).toEqual(new Set(['pgbouncer', 'postgres', 'server-a', 'server-b']))
  expect(hosts.filter((host) => !services.includes(host))).toEqual([])
})

test('containers and units start commands there are', () => {
  const commands = [
    ...[...compose.matchAll(/command: \[([^\]]+)\]/g)].map((match) => match[1]!.replaceAll(',', '')),
    ...units.map((unit) => /^ExecStart=\/opt\/tater\/bin\/tater (.+)$/m.exec(read(unit))![1]!),
    JSON.parse(/^CMD (.+)$/m.exec(containerfile)![1]!).join(' '),
  ]
  expect(new Set(commands)).toEqual(new Set(['server --no-jobs', 'worker', 'server']))
  for (const word of ['tater server ', '--no-jobs', 'tater worker ']) expect(help).toContain(word)
})

test('what is copied into an image is there', () => {
  const paths = [...containerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) => match[1]!.split(' '))
  expect(paths.length).toBeGreaterThan(3)
  for (const path of paths) expect([path, existsSync(join(root, path))]).toEqual([path, true])
  const targets = [...compose.matchAll(/target: (\w+)/g)].map((match) => match[1])
  for (const target of targets) expect(containerfile).toMatch(new RegExp(`^FROM \\S+ AS ${target}$`, 'm'))
})

test('a server drains longer than the balancer takes to notice, and is not ended meanwhile', () => {
  const seconds = (text: string, pattern: RegExp) => Number(pattern.exec(text)![1])
  const notice = seconds(caddyfile, /health_interval (\d+)s/) + seconds(caddyfile, /health_timeout (\d+)s/)
  const server = read('deploy/systemd/tater-server@.service')
  for (const [drain, grace] of [
    [seconds(compose, /TATER_DRAIN_SECONDS: "(\d+)"/), seconds(compose, /stop_grace_period: (\d+)s/)],
    [seconds(server, /TATER_DRAIN_SECONDS=(\d+)/), seconds(server, /TimeoutStopSec=(\d+)/)],
  ] as const) {
    expect(drain).toBeGreaterThan(notice)
    expect(grace).toBeGreaterThan(drain + 15)
  }
})

test('the pooler pools by transaction, for everybody the database knows', () => {
  expect(pgbouncer).toMatch(/^pool_mode = transaction$/m)
  const wanted = [...pgbouncer.matchAll(/\$\{?(PG\w+)/g)].map((match) => match[1]!)
  const given = keysOf(block(compose, /^ {2}pgbouncer:/))
  expect([...new Set(wanted)].filter((name) => name !== 'PGPORT' && !given.includes(name))).toEqual([])
})

describe('units', () => {
  test.each(units)('%s sets what there is', (unit) => {
    const names = [...read(unit).matchAll(/(?:^Environment=| )([A-Z][A-Z_]+)=/gm)].map((match) => match[1]!)
    expect(names.filter((name) => name !== 'NODE_ENV' && !(name in settingsReference))).toEqual(['TATER_BUILD_WEB'])
  })

  test.each(units)('%s is taken by systemd', (unit) => {
    const analyze = findProgram(['systemd-analyze'])
    const copy = join(folder, unit.split('/').at(-1)!.replace('@', '@1'))
    copyFileSync(join(root, unit), copy)
    // The program of an installation is not on this machine.
    writeFileSync(copy, read(unit).replace('/opt/tater/bin/tater', '/bin/true'))
    // Where there is no systemd, the unit is at least in sections.
    if (!analyze) return expect(read(unit)).toMatch(/^\[Unit\][\s\S]+^\[Service\][\s\S]+^\[Install\]/m)
    const { status, stderr } = spawnSync(analyze, ['verify', '--man=no', copy], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  })
})
