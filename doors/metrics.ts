/** `/metrics` for Prometheus: to programs on this machine, or to whoever has the token. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Database, statements, transactions } from '../platform/database.ts'
import { exposition, type Gauge } from '../platform/metrics.ts'
import { Forbidden } from '../platform/problem.ts'
import { withinMs } from './patience.ts'
import { say } from './refusals.ts'

export type MetricsParts = {
  database: Pick<Database, 'pool'>
  version: string
  /** TATER_METRICS_TOKEN; without one only this machine may ask. */
  metricsToken?: string | undefined
  /** Streams of live pages that are open. */
  liveStreams(): number
  /** Whether the process hears what other processes change. */
  listening(): boolean
}

export function serveMetrics(app: FastifyInstance, parts: MetricsParts) {
  const lag = monitorEventLoopDelay({ resolution: 100 })
  lag.enable()
  app.addHook('onClose', async () => void lag.disable())
  const queues = queueGauges(parts.database)
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(request, parts.metricsToken)) throw Forbidden(say.metrics)
    const text = exposition([...processGauges(parts, lag), ...(await queues())])
    lag.reset()
    return reply.type('text/plain; version=0.0.4; charset=utf-8').header('cache-control', 'no-store').send(text)
  })
}

const digest = (text: string) => createHash('sha256').update(text).digest()

/**
 * With a token: whoever sends it. Without: connections from this machine that no proxy passed on; a proxy names the
 * client in one of these headers, else everybody behind it would look like this machine.
 */
function mayRead({ headers, socket }: FastifyRequest, token: string | undefined): boolean {
  if (token !== undefined) return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`))
  const passedOn = headers['x-forwarded-for'] ?? headers.forwarded ?? headers['x-real-ip'] ?? headers.via
  return passedOn === undefined && /^(127\.|::1$|::ffff:127\.)/.test(socket.remoteAddress ?? '')
}

type Lag = ReturnType<typeof monitorEventLoopDelay>

function processGauges({ database: { pool }, version, liveStreams, listening }: MetricsParts, lag: Lag): Gauge[] {
  const connections = 'Connections of the pool to PostgreSQL.'
  const lagHelp = 'How late the event loop was since the last look, above the 100 ms at which it is measured.'
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - 0.1)
  const { user, system } = process.cpuUsage()
  return [
    {
      name: 'tater_build_info',
      help: 'Always 1; the labels say what runs.',
      labels: { version, node: process.versions.node },
      value: 1,
    },
    {
      name: 'tater_transactions_total',
      help: 'Transactions begun.',
      labels: { access: 'read' },
      value: transactions.read,
      type: 'counter',
    },
    { name: 'tater_transactions_total', help: '', labels: { access: 'write' }, value: transactions.written, type: 'counter' },
    {
      name: 'tater_statements_total',
      help: 'Statements sent to PostgreSQL inside transactions.',
      value: statements.sent,
      type: 'counter',
    },
    { name: 'tater_pool_connections', help: connections, labels: { state: 'used' }, value: pool.totalCount - pool.idleCount },
    { name: 'tater_pool_connections', help: connections, labels: { state: 'idle' }, value: pool.idleCount },
    { name: 'tater_pool_waiting', help: 'Requests that wait for a connection.', value: pool.waitingCount },
    { name: 'tater_live_streams', help: 'Open streams of live pages.', value: liveStreams() },
    { name: 'tater_listening', help: '1 while this process hears changes made by others.', value: listening() ? 1 : 0 },
    { name: 'tater_event_loop_lag_seconds', help: lagHelp, labels: { quantile: '0.5' }, value: seconds(lag.percentile(50)) },
    { name: 'tater_event_loop_lag_seconds', help: lagHelp, labels: { quantile: '0.99' }, value: seconds(lag.percentile(99)) },
    { name: 'tater_event_loop_lag_seconds', help: lagHelp, labels: { quantile: '1' }, value: seconds(lag.max) },
    { name: 'process_cpu_seconds_total', help: 'CPU time of this process.', value: (user + system) / 1e6, type: 'counter' },
    { name: 'process_resident_memory_bytes', help: 'Memory of this process.', value: process.memoryUsage.rss() },
    {
      name: 'process_start_time_seconds',
      help: 'When this process started.',
      value: Math.round(Date.now() / 1000 - process.uptime()),
    },
  ]
}

const keptMs = 5_000

/** The queues as the database has them, asked at most every few seconds however many look. */
function queueGauges({ pool }: Pick<Database, 'pool'>): () => Promise<Gauge[]> {
  let kept: { at: number; gauges: Promise<Gauge[]> } | undefined
  return () => {
    if (!kept || Date.now() - kept.at > keptMs) kept = { at: Date.now(), gauges: readQueues(pool) }
    return kept.gauges
  }
}

async function readQueues(pool: Database['pool']): Promise<Gauge[]> {
  const up = (value: number): Gauge => ({ name: 'tater_database_up', help: '1 when PostgreSQL answered just now.', value })
  try {
    const { rows } = await withinMs(
      3_000,

      pool.query<{ queue: string; waiting: number; running: number; failed: number; age: number }>(
        `select q.name as queue, count(j.id) filter (where j.state in ('created', 'retry'))::int as waiting,
         count(j.id) filter (where j.state = 'active')::int as running, count(j.id) filter (where j.state = 'failed')::int as failed,
         coalesce(extract(epoch from now() - min(j.created_on) filter (where j.state in ('created', 'retry', 'active'))), 0)::float8 as age
       from pgboss.queue q left join pgboss.job j on j.name = q.name
       where q.name not like '\\_\\_pgboss%' group by q.name order by q.name`,
      ),
    )
    const jobs = 'Jobs in the queue, by state.'
    return [
      up(1),
      ...rows.flatMap(({ queue, waiting, running, failed }) =>
        Object.entries({ waiting, running, failed }).map(([state, value]) => ({
          name: 'tater_queue_jobs',
          help: jobs,
          labels: { queue, state },
          value,
        })),
      ),
      ...rows.map(({ queue, age }) => ({
        name: 'tater_queue_oldest_seconds',
        help: 'Age of the oldest job that is not done; 0 without one.',
        labels: { queue },
        value: age,
      })),
    ]
  } catch {
    return [up(0)]
  }
}
