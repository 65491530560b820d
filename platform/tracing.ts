/**
 * OpenTelemetry traces: request, operation, statements. Loaded only when OTEL_EXPORTER_OTLP_ENDPOINT is set, and built
 * around what it watches, so that without it nothing is asked, made or waited for. Spans leave as OTLP/HTTP in JSON
 * (https://opentelemetry.io/docs/specs/otlp/#otlphttp), contexts as W3C Trace Context.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { Execute } from './execute.ts'
import type { Outbound } from './outbound.ts'
import { type Observer, observe } from './prepared-query.ts'
import { Problem } from './problem.ts'
import { type Finished, type SpanExporter, spanExporter } from './tracing-export.ts'

/** Which trace a span stands in; what `traceparent` carries. */
export type TraceContext = { traceId: string; spanId: string; sampled: boolean }

export type Span = TraceContext & { end(outcome?: { error?: string; attributes?: Finished['attributes'] }): void }

/** The kinds of OTLP. */
const kinds = { internal: 1, server: 2, client: 3 } as const

export type Tracing = ReturnType<typeof tracing>

const contextPattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/

/** What a `traceparent` header says, or null when it says nothing usable. */
export function readTraceparent(header: unknown): TraceContext | null {
  const [, traceId, spanId, flags] = contextPattern.exec(String(header ?? '')) ?? []
  return traceId && spanId && flags ? { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 } : null
}

export const writeTraceparent = ({ traceId, spanId, sampled }: TraceContext) => `00-${traceId}-${spanId}-0${sampled ? 1 : 0}`

/**
 * @param environment OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
 *   OTEL_TRACES_SAMPLER_ARG (the share of traces that begin here and are kept; 1 when absent)
 */
export function tracing(environment: Record<string, string | undefined>, version: string) {
  const exporter: SpanExporter = spanExporter(environment, version)
  const share = Number(environment.OTEL_TRACES_SAMPLER_ARG ?? 1)
  const current = new AsyncLocalStorage<TraceContext>()

  function begin(
    name: string,
    kind: keyof typeof kinds,
    parent: TraceContext | null | undefined,
    attributes: Finished['attributes'],
  ): Span {
    const context: TraceContext = {
      traceId: parent?.traceId ?? randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
      sampled: parent?.sampled ?? Math.random() < share,
    }
    const startedAt = performance.timeOrigin + performance.now()
    return {
      ...context,
      end(outcome = {}) {
        if (!context.sampled) return
        exporter.add({
          ...context,
          name,
          kind: kinds[kind],
          parentSpanId: parent?.spanId ?? null,
          startedAt,
          endedAt: performance.timeOrigin + performance.now(),
          attributes: { ...attributes, ...outcome.attributes },
          error: outcome.error ?? null,
        })
      },
    }
  }

  /** Runs `work` in a span of its own, below the one that is current. */
  async function within<T>(
    name: string,
    kind: keyof typeof kinds,
    attributes: Finished['attributes'],
    work: (span: Span) => Promise<T>,
  ): Promise<T> {
    const span = begin(name, kind, current.getStore(), attributes)
    try {
      const result = await current.run(span, () => work(span))
      span.end()
      return result
    } catch (error) {
      span.end({ error: errorOf(error) })
      throw error
    }
  }

  return {
    /** A request's span and everything that runs for it; ends with what `end` is told. */
    request(traceparent: unknown, name: string, attributes: Finished['attributes']): Span {
      return begin(name, 'server', readTraceparent(traceparent), attributes)
    },
    run: <T>(context: TraceContext, work: () => T): T => current.run(context, work),
    operations:
      (execute: Execute): Execute =>
      (op, caller, raw) =>
        within(op.name, 'internal', { 'tater.operation.kind': op.kind, 'tater.channel': caller.channel }, () =>
          execute(op, caller, raw),
        ),
    outbound:
      (ask: Outbound): Outbound =>
      (url, init = {}) =>
        within(`${init.method ?? 'GET'}`, 'client', { 'server.address': new URL(url).hostname }, (span) =>
          ask(url, { ...init, headers: { ...init.headers, traceparent: writeTraceparent(span) } }),
        ),
    /** Each statement on connections made from now on; its text without values, which travel apart from it. */
    statements(pool: pg.Pool) {
      const spanOf = (text: string) =>
        begin(verbOf(text), 'client', current.getStore(), { 'db.system.name': 'postgresql', 'db.query.text': text })
      pool.on('connect', (client) => {
        const observer: Observer = (text) => {
          const span = spanOf(text)
          return (error) => span.end(error ? { error: errorOf(error) } : {})
        }
        observe(client, observer)
        watch(client, observer)
      })
    },
    /** Sends what waits. */
    flush: () => exporter.flush(),
    stop: () => exporter.stop(),
  }
}

/** A refusal by its code, a failure by its class: messages may hold what people wrote. */
const errorOf = (error: unknown) =>
  error instanceof Problem ? error.code : ((error as { code?: string }).code ?? (error as Error).name)

const verbOf = (text: string) =>
  (
    /^\s*(?:with\b[\s\S]*?\b)?(select|insert|update|delete|begin|commit|rollback|with|set)\b/i.exec(text)?.[1] ?? 'statement'
  ).toLowerCase()

type Asking = (config: string | { text?: string; submit?: unknown }, ...rest: unknown[]) => unknown

/** What is asked of pg itself; units of statements are observed where they are made (prepared-query.ts). */
function watch(client: pg.ClientBase, observer: Observer) {
  const ask = client.query.bind(client) as Asking
  const watched: Asking = (config, ...rest) => {
    if (typeof config === 'object' && config.submit) return ask(config, ...rest)
    const ended = observer((typeof config === 'string' ? config : config.text) ?? '')
    const answer = ask(config, ...rest)
    if (answer instanceof Promise) answer.then(() => ended(null), ended)
    else ended(null)
    return answer
  }
  client.query = watched as typeof client.query
}
