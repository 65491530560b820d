/** What will be done to the product, drawn from a number: the same seed makes the same faults in the same order. */
import type { Random } from '../test/random.ts'

/** Everything that is done to it, with what the table calls it. */
export const faults = {
  'kill-server': 'kill -9 of a server',
  'kill-worker': 'kill -9 of a worker',
  'kill-postgres': 'kill -9 of PostgreSQL, all its processes',
  'restart-postgres': 'PostgreSQL restarted cleanly',
  'pause-postgres': 'PostgreSQL stopped (SIGSTOP) and continued',
  'pause-server': 'a server stopped (SIGSTOP) and continued',
  'disk-full': 'disk full, under the database and the attachments',
  'job-hangs': 'the worker of a running import stopped until it was taken over, then continued',
  'clock-forward': 'clock of a server an hour ahead',
  'clock-back': 'clock of a server an hour behind',
} as const
export type Fault = keyof typeof faults

export type Round = {
  fault: Fault
  /** Which of the processes of its kind; taken modulo their number. */
  victim: number
  /** Load before the fault, in ms. */
  calmMs: number
  /** How long what can last lasts: a pause, a full disk, a wrong clock. */
  holdMs: number
}

/** Long enough for the product to give up on connections that say nothing (platform/database-watch.ts), and short enough. */
const holds: Partial<Record<Fault, readonly [number, number]>> = {
  'pause-postgres': [14_000, 18_000],
  'pause-server': [3_000, 6_000],
  'disk-full': [6_000, 9_000],
  'clock-forward': [4_000, 6_000],
  'clock-back': [4_000, 6_000],
}

/**
 * Every fault once in a drawn order before any comes a second time.
 * @param among those that can be done here
 * @param quick shorter times, for the tests
 */
export function drawSchedule(random: Random, rounds: number, among: readonly Fault[], quick = false): Round[] {
  const schedule: Round[] = []
  let bag: Fault[] = []
  while (schedule.length < rounds) {
    if (bag.length === 0) bag = [...among]
    const [fault] = bag.splice(random.below(bag.length), 1)
    const [least, most] = holds[fault!] ?? [0, 0]
    const drawn = { victim: random.below(100), calmMs: 800 + random.below(2_200), holdMs: least + random.below(most - least + 1) }
    schedule.push({ fault: fault!, ...drawn, ...(quick && { calmMs: 400, holdMs: Math.min(drawn.holdMs, 3_000) }) })
  }
  return schedule
}
