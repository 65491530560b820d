/** Programs of others that the tests of several processes run against (test/scale.test.ts). */
import { findProgram, installWithApt } from './apt.ts'

const peers = ['pgbouncer', 'caddy']
const byHand = `Install them yourself (Debian, Ubuntu: apt-get install ${peers.join(' ')}) and run npm test again.`

/** Path of one of them; throws saying what to do when it is missing. */
export function peer(name: string): string {
  const path = findProgram([name])
  if (!path) throw new Error(`The tests of several processes need ${name}, which npm test installs. ${byHand}`)
  return path
}

/** Installs what is missing. */
export function installPeers() {
  const missing = peers.filter((name) => !findProgram([name]))
  if (missing.length > 0) installWithApt(missing, `The tests of several processes need ${missing.join(' and ')}`, byHand)
}
