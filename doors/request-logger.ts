/** A request's own logger. */
import type { FastifyBaseLogger } from 'fastify'

/** Hardly any request writes a line, so its logger is made when it writes the first. */
export function loggerOnDemand(make: () => FastifyBaseLogger): FastifyBaseLogger {
  return new OnDemand(make) as unknown as FastifyBaseLogger
}

class OnDemand {
  readonly #make: () => FastifyBaseLogger
  #made: FastifyBaseLogger | undefined

  constructor(make: () => FastifyBaseLogger) {
    this.#make = make
  }

  get logger() {
    this.#made ??= this.#make()
    return this.#made
  }

  get level() {
    return this.logger.level
  }
  set level(level) {
    this.logger.level = level
  }
}

// Everything else is passed on as it comes.
for (const name of ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent', 'child'] as const)
  Object.defineProperty(OnDemand.prototype, name, {
    value(this: OnDemand, ...given: unknown[]) {
      const { logger } = this
      return (logger[name] as (...args: unknown[]) => unknown).apply(logger, given)
    },
  })
