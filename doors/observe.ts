/** What is noted of every request: its number and time for the metrics, and a line in the log for whoever wants one. */
import type { FastifyInstance, FastifyReply, FastifyRequest, LogLevel } from 'fastify'
import type { Caller } from '../platform/context.ts'
import { type Counter, counter, type Histogram, histogram } from '../platform/metrics.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Name of the operation a route is for; routes without one go by their path. */
    operation?: string
  }
  interface FastifyRequest {
    /** Who asks, once that is known. */
    caller: Caller | null
  }
}

type Series = { duration: Histogram; statuses: Map<number, Counter> }

/** A hand-made status (a proxy's 499, say) makes a series; there are no more than these. */
const mostStatuses = 40

/** @param level at which each request has its line; null: none */
export function observeRequests(app: FastifyInstance, level: LogLevel | null) {
  const byRoute = new Map<string, Series>()
  app.decorateRequest('caller', null)
  app.addHook('onResponse', (request, reply, done) => {
    const operation = nameOf(request)
    const series = byRoute.get(operation) ?? newSeries(byRoute, operation)
    series.duration.observe(reply.elapsedTime / 1000)
    const { statusCode } = reply
    const count = series.statuses.get(statusCode) ?? newStatus(series, operation, statusCode)
    count.value += 1
    if (level !== null) request.log[level](lineOf(request, reply, operation), 'request')
    done()
  })
}

/** The operation, or the pattern of the route; never the address, which holds ids and whatever somebody typed. */
const nameOf = ({ routeOptions: { config, url }, method }: FastifyRequest) =>
  config.operation ?? (url === undefined ? 'none' : `${method} ${url}`)

function newSeries(byRoute: Map<string, Series>, operation: string): Series {
  const duration = histogram(
    'tater_request_duration_seconds',
    'Time from the first byte of a request to the last of its answer.',
    {
      operation,
    },
  )
  const series = { duration, statuses: new Map<number, Counter>() }
  byRoute.set(operation, series)
  return series
}

function newStatus({ statuses }: Series, operation: string, status: number): Counter {
  if (statuses.size >= mostStatuses) return statuses.values().next().value!
  const count = counter('tater_requests_total', 'Requests answered, by operation (or route) and status.', { operation, status })
  statuses.set(status, count)
  return count
}

/** Ids and words of the program only: neither an address nor a header, which may hold secrets. */
const lineOf = ({ caller }: FastifyRequest, reply: FastifyReply, operation: string) => ({
  operation,
  status: reply.statusCode,
  ms: Math.round(reply.elapsedTime * 10) / 10,
  organization: caller?.actor.organizationId ?? null,
  actor: caller?.actor.kind ?? null,
  channel: caller?.channel ?? null,
})
