type Step = { name: string; run: () => unknown }

export type Shutdown = {
  /** Adds a step. Steps run one after the other, the one added last first. */
  add: (name: string, run: () => unknown) => void
  /** Runs the steps once, then ends the program: 0 when all went well and the reason was no failure. */
  run: (reason: string, exitCode?: number) => Promise<void>
  /** True from the moment it began: answer 503, take no new work. */
  begun: () => boolean
}

type Options = {
  /** How long all steps together may take. */
  deadline?: number
  say?: (message: string) => void
  exit?: (code: number) => void
  /** Where signals come from; false: from nowhere. */
  signals?: NodeJS.EventEmitter | false
}

/** npm passes a Ctrl-C on that the terminal has sent to the program as well: the pair is one wish, not two. */
const echoOfFirst = 700

/** An orderly end on SIGTERM and Ctrl-C. A second Ctrl-C, or the deadline, ends the program at once. */
export function prepareShutdown({
  deadline = 15_000,
  say = console.error,
  exit = process.exit,
  signals = process,
}: Options = {}): Shutdown {
  const steps: Step[] = []
  let running: Promise<void> | undefined
  let begunAt = 0

  const run = (reason: string, exitCode = 0) => {
    begunAt ||= Date.now()
    running ??= stepDown(reason, exitCode)
    return running
  }

  const stepDown = async (reason: string, exitCode: number) => {
    say(`Stopping (${reason}).`)
    let current = ''
    const all = async () => {
      let failed = false
      for (const step of steps.toReversed()) {
        current = step.name
        try {
          await step.run()
        } catch (error) {
          // The remaining steps matter all the more: the database is the last of them.
          failed = true
          say(`While stopping, "${step.name}" failed: ${error instanceof Error ? error.message : String(error)}`)
        }
      }
      return failed ? 'failed' : 'done'
    }
    const { promise: late, resolve: isLate } = Promise.withResolvers<'late'>()
    const timer = setTimeout(isLate, deadline, 'late')
    const result = await Promise.race([all(), late])
    clearTimeout(timer)
    if (result === 'late') say(`Stopping took longer than ${deadline / 1000} s, in "${current}". Ending now.`)
    if (result === 'done') say('Stopped.')
    exit(exitCode || (result === 'done' ? 0 : 1))
  }

  const onSignal = (signal: NodeJS.Signals) => {
    if (!running) return void run(signal)
    if (Date.now() - begunAt < echoOfFirst) return
    say('Ending without waiting any longer.')
    exit(130)
  }
  if (signals) for (const signal of ['SIGINT', 'SIGTERM'] as const) signals.on(signal, onSignal)

  return { add: (name, step) => void steps.push({ name, run: step }), run, begun: () => running !== undefined }
}
