/** CPU time of processes, read from the kernel: what a request cost, not how long it waited. Linux only. */
import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks per second in /proc; 100 on every Linux that Node.js runs on. */
const ticks = 100

type Stat = { pid: number; parent: number; ms: number }

function statOf(pid: number | string): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [parent, ...rest] = [Number(fields[1]), ...fields.slice(11, 15).map(Number)]
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = rest
    return { pid: Number(pid), parent: parent!, ms: ((user + system + childUser + childSystem) * 1000) / ticks }
  } catch {
    return null // it ended meanwhile
  }
}

/** CPU milliseconds of these processes with their children, ended ones included. */
export function cpuOf(roots: readonly number[]): number {
  const wanted = new Set(roots)
  let sum = 0
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = statOf(name)
    if (stat && (wanted.has(stat.pid) || wanted.has(stat.parent))) sum += stat.ms
  }
  return sum
}

/** Resident memory in MB. */
export function memoryOf(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(line?.[1] ?? 0) / 1024)
}
