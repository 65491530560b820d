/**
 * Loaded into a server before anything else (`node --import`): its `Date` goes ahead or behind by what the file says that
 * CHAOS_CLOCK names, in ms; SIGUSR2 makes it look again. The product knows nothing of it, and timers go on as they were,
 * as on a machine whose clock is set.
 */
import { readFileSync } from 'node:fs'

const file = process.env.CHAOS_CLOCK
const RealDate = Date
let offset = 0

if (file) {
  const look = () => {
    offset = Number(readFileSync(file, 'utf8'))
  }
  look()
  process.on('SIGUSR2', look)
  const now = () => RealDate.now() + offset
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [now()] : args, self),
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  })
}
