/** Programs the tests need, installed with apt where they are missing. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

/** Path of an installed program; also those that are only in root's PATH. */
export function findProgram(names: readonly string[], path = process.env.PATH ?? ''): string | undefined {
  const folders = [...path.split(':').filter(Boolean), '/usr/sbin']
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

/**
 * Installs packages with apt. A service that comes along is not left running: the tests start their own.
 * @param whatFor the beginning of a sentence for the person: "The browser tests need Chromium"
 * @param byHand what that person may do instead
 * @throws saying what the person has to do
 */
export function installWithApt(packages: readonly string[], whatFor: string, byHand: string) {
  const prefix = asRoot()
  if (spawnSync('apt-get', ['--version']).status !== 0) throw new Error(`${whatFor}, and this machine has no apt-get. ${byHand}`)
  if (!prefix) throw new Error(`${whatFor}, and installing it takes root or sudo. ${byHand}`)
  const run = (...command: string[]) =>
    spawnSync([...prefix, ...command][0]!, [...prefix, ...command].slice(1), { stdio: 'inherit' })
  const apt = (...args: string[]) =>
    run('env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=120', ...args).status === 0
  // Lists that cannot be refreshed may still be good enough to install from.
  if (!apt('update')) console.error('apt-get update failed; trying with the lists at hand.')
  if (!apt('install', '-y', '--no-install-recommends', ...packages))
    throw new Error(`${whatFor}, and apt-get could not install it (see above). ${byHand}`)
  for (const name of packages)
    spawnSync([...prefix, 'systemctl'][0]!, [...prefix, 'systemctl', 'disable', '--now', name].slice(1))
}

/** What to put before a command so that it runs as root; undefined when nothing does. */
function asRoot(): string[] | undefined {
  if (process.getuid?.() === 0) return []
  if (spawnSync('sudo', ['-n', 'true']).status === 0) return ['sudo', '-n']
  return process.stdin.isTTY && spawnSync('sudo', ['--version']).status === 0 ? ['sudo'] : undefined
}
