/** A span for each request, below the caller's own (`traceparent`); everything done for the request stands below it. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Span, Tracing } from '../platform/tracing.ts'

export function traceRequests(app: FastifyInstance, traces: Tracing) {
  const spans = new WeakMap<FastifyRequest, Span>()
  app.addHook('onRequest', (request, _reply, done) => {
    const { method, routeOptions } = request
    // The pattern of the route: an address holds ids, and its query may hold secrets.
    const route = routeOptions.url ?? 'none'
    const span = traces.request(request.headers.traceparent, `${method} ${route}`, {
      'http.request.method': method,
      'http.route': route,
      'tater.request.id': request.id,
    })
    spans.set(request, span)
    traces.run(span, done)
  })
  // What reads a body calls back from outside.
  app.addHook('preValidation', (request, _reply, done) => traces.run(spans.get(request)!, done))
  app.addHook('onResponse', (request, reply, done) => {
    const { statusCode } = reply
    spans.get(request)?.end({
      attributes: { 'http.response.status_code': statusCode },
      ...(statusCode >= 500 && { error: String(statusCode) }),
    })
    done()
  })
}
