/** What the start of the program leaves behind in memory. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** By then whoever waited for the start has been answered. */
const afterMs = 2000

/**
 * Loading the program leaves more garbage than program, and V8 keeps the room it took for as long as there is little to do.
 * One full collection soon after the start gives it back.
 */
export function giveBackMemory() {
  setTimeout(() => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as NodeJS.GCFunction
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }, afterMs).unref()
}
