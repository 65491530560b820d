/** Takes finished spans and sends them in batches; what a collector does not take is counted and let go. */
import { counter } from './metrics.ts'

export type Finished = {
  traceId: string
  spanId: string
  parentSpanId: string | null
  name: string
  kind: number
  /** Milliseconds since 1970, with fractions. */
  startedAt: number
  endedAt: number
  attributes: Readonly<Record<string, string | number>>
  error: string | null
}

export type SpanExporter = { add(span: Finished): void; flush(): Promise<void>; stop(): Promise<void> }

const mostWaiting = 4096
const batchSize = 512
const everyMs = 5_000
const patienceMs = 10_000

export function spanExporter(environment: Record<string, string | undefined>, version: string): SpanExporter {
  const url = `${environment.OTEL_EXPORTER_OTLP_ENDPOINT!.replace(/\/+$/, '')}/v1/traces`
  const headers = { 'content-type': 'application/json', ...listOf(environment.OTEL_EXPORTER_OTLP_HEADERS) }
  const resource = {
    'service.name': environment.OTEL_SERVICE_NAME ?? 'tater-ops',
    'service.version': version,
    'process.pid': process.pid,
    ...listOf(environment.OTEL_RESOURCE_ATTRIBUTES),
  }
  const lost = counter('tater_spans_lost_total', 'Spans that no collector took.')
  let waiting: Finished[] = []
  let sending: Promise<void> = Promise.resolve()

  async function send(spans: Finished[]): Promise<void> {
    const scope = { scope: { name: 'tater-ops', version }, spans: spans.map(spanOf) }
    const body = JSON.stringify({ resourceSpans: [{ resource: { attributes: attributesOf(resource) }, scopeSpans: [scope] }] })
    try {
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(patienceMs) })
      await answer.arrayBuffer()
      if (!answer.ok) lost.value += spans.length
    } catch {
      lost.value += spans.length
    }
  }

  const flush = () => {
    const spans = waiting
    waiting = []
    if (spans.length > 0) sending = sending.then(() => send(spans))
    return sending
  }
  const timer = setInterval(flush, everyMs)
  timer.unref()
  return {
    add(span) {
      if (waiting.length >= mostWaiting) lost.value += 1
      else waiting.push(span)
      if (waiting.length === batchSize) void flush()
    },
    flush,
    stop() {
      clearInterval(timer)
      return flush()
    },
  }
}

/** `a=1,b=2`, values encoded as in an address (the form of the OTEL_… variables). */
function listOf(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').map((pair) => pair.split('='))
  return Object.fromEntries(
    pairs.flatMap(([name, ...value]) =>
      name?.trim() && value.length > 0 ? [[name.trim(), decodeURIComponent(value.join('=').trim())]] : [],
    ),
  )
}

const spanOf = ({ traceId, spanId, parentSpanId, name, kind, startedAt, endedAt, attributes, error }: Finished) => ({
  traceId,
  spanId,
  ...(parentSpanId && { parentSpanId }),
  name,
  kind,
  startTimeUnixNano: nanoseconds(startedAt),
  endTimeUnixNano: nanoseconds(endedAt),
  attributes: attributesOf(attributes),
  status: error === null ? {} : { code: 2, message: error },
})

const nanoseconds = (ms: number) => `${BigInt(Math.round(ms * 1000)) * 1000n}`

const attributesOf = (attributes: Readonly<Record<string, string | number>>) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(Math.round(value)) } : { stringValue: value },
  }))
