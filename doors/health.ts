/** Whether the process lives and takes work, for load balancers and service managers; and its orderly end. */
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import type { Database } from '../platform/database.ts'
import { answerProblems } from '../platform/http.ts'
import { Busy } from '../platform/problem.ts'
import { type MetricsParts, serveMetrics } from './metrics.ts'
import { withinMs } from './patience.ts'
import { say } from './refusals.ts'

type Health = {
  database: Pick<Database, 'pool'>
  /** False from the moment the process is told to stop. */
  ready(): boolean
}

/** Alive: the process answers. Ready: it takes work and the database answers. */
export function serveHealth(app: FastifyInstance, { database, ready }: Health) {
  app.get('/health/live', async () => ({ status: 'ok' }))
  app.get('/health/ready', async () => {
    if (!ready()) throw Busy(say.stopping)
    await withinMs(3_000, database.pool.query('select 1'))
    return { status: 'ok' }
  })
}

/** A process that only works off jobs answers nothing but for its health. */
export function buildWorkerApp(parts: Health & { logLevel: string; metrics: MetricsParts }): FastifyInstance {
  const app = Fastify({
    logger: { level: parts.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  })
  answerProblems(app)
  serveHealth(app, parts)
  serveMetrics(app, parts.metrics)
  return app
}

/**
 * Lets go of keep-alive connections without breaking one: while the server drains, each answer says that it was the last
 * on its connection; while it closes, what has become idle is closed.
 */
export function closeWhenDraining(app: FastifyInstance, ready: () => boolean) {
  const lastAnswer = (raw: { shouldKeepAlive: boolean }) => {
    if (!ready()) raw.shouldKeepAlive = false
  }
  app.addHook('onRequest', (_request, reply, next) => {
    lastAnswer(reply.raw)
    next()
  })
  app.addHook('onSend', (_request, reply, _payload, next) => {
    lastAnswer(reply.raw)
    next()
  })
  let sweep: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    sweep = setInterval(() => app.server.closeIdleConnections(), 100)
  })
  app.addHook('onClose', async () => clearInterval(sweep))
}
