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

  get #logger() {
    this.#made ??= this.#make()
    return this.#made
  }

  get level() {
    return this.#logger.level
  }
  set level(level) {
    this.#logger.level = level
  }

  fatal(...line: Parameters<FastifyBaseLogger['fatal']>) {
    this.#logger.fatal(...line)
  }
  error(...line: Parameters<FastifyBaseLogger['error']>) {
    this.#logger.error(...line)
  }
  warn(...line: Parameters<FastifyBaseLogger['warn']>) {
    this.#logger.warn(...line)
  }
  info(...line: Parameters<FastifyBaseLogger['info']>) {
    this.#logger.info(...line)
  }
  debug(...line: Parameters<FastifyBaseLogger['debug']>) {
    this.#logger.debug(...line)
  }
  trace(...line: Parameters<FastifyBaseLogger['trace']>) {
    this.#logger.trace(...line)
  }
  silent() {}
  child(...how: Parameters<FastifyBaseLogger['child']>) {
    return this.#logger.child(...how)
  }
}
