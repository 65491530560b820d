import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Path of the browser for the browser tests: the one in CHROMIUM, else an installed one. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  if (environment.CHROMIUM) return environment.CHROMIUM
  const folders = (environment.PATH ?? '').split(':').filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Installs Chromium with apt. Returns its path, or throws saying what the person has to do. */
export function installChromium(): string {
  const byHand =
    'Install Chromium yourself (Debian, Ubuntu: apt-get install chromium) and run npm test again; CHROMIUM=/path/to/it names one in an unusual place.'
  const prefix = asRoot()
  if (spawnSync('apt-get', ['--version']).status !== 0)
    throw new Error(`The browser tests need Chromium, and this machine has no apt-get. ${byHand}`)
  if (!prefix) throw new Error(`The browser tests need Chromium, and installing it takes root or sudo. ${byHand}`)
  const apt = (...args: string[]) => {
    const [program, ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-o',
      'DPkg::Lock::Timeout=120',
      ...args,
    ]
    return spawnSync(program!, rest, { stdio: 'inherit' }).status === 0
  }
  // Lists that cannot be refreshed may still be good enough to install from.
  if (!apt('update')) console.error('apt-get update failed; trying with the lists at hand.')
  const installed = apt('install', '-y', '--no-install-recommends', 'chromium')
  const path = findChromium()
  if (!installed || !path)
    throw new Error(`The browser tests need Chromium, and apt-get could not install it (see above). ${byHand}`)
  return path
}

/** What to put before a command so that it runs as root; undefined when nothing does. */
function asRoot(): string[] | undefined {
  if (process.getuid?.() === 0) return []
  if (spawnSync('sudo', ['-n', 'true']).status === 0) return ['sudo', '-n']
  return process.stdin.isTTY && spawnSync('sudo', ['--version']).status === 0 ? ['sudo'] : undefined
}
