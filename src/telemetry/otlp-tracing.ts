// Spans that are sent to an OpenTelemetry collector (OTLP over HTTP, JSON). Loaded only where one is configured.
// No global provider, propagator or context manager: each process, and each test, has its own.
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { formatTraceParent, parseTraceParent } from '../jobs/trace-parent.ts'
import { createScope, createSpan, type OpenSpan, type SpanOptions, type Tracing } from './tracing.ts'

/** A collector that is away must not keep a process from ending. */
const closingMs = 3_000

const exportTimeoutMs = 5_000

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const

/** `endpoint` is the collector's base URL (`OTEL_EXPORTER_OTLP_ENDPOINT`): spans go to `/v1/traces` below it. */
export function openOtlpTracing(endpoint: string, process: { service: string; version: string }): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: exportTimeoutMs,
  })
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': process.service,
      'service.version': process.version,
    }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1_000 })],
  })
  const tracer = provider.getTracer('tycho')
  const scope = createScope()

  const open = (
    name: string,
    { kind = 'internal', parent = scope.current(), attributes }: SpanOptions,
    startMs?: number,
  ): Span =>
    tracer.startSpan(
      name,
      { kind: kinds[kind], ...(attributes && { attributes }), ...(startMs && { startTime: startMs }) },
      contextOf(parent),
    )

  const start: Tracing['start'] = (name, options = {}) => toOpenSpan(open(name, options))

  return {
    ...scope,
    start,
    span: createSpan(start, scope.within),
    past(name, { startMs, endMs, failed, ...options }) {
      const span = open(name, options, startMs)
      if (failed) fail(span, failed)
      span.end(endMs)
    },
    [Symbol.asyncDispose]: () => close(provider),
  }
}

function contextOf(parent: string | null) {
  const parsed = parseTraceParent(parent)
  if (!parsed) return ROOT_CONTEXT
  const { traceId, spanId, flags } = parsed
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: flags, isRemote: true })
}

function toOpenSpan(span: Span): OpenSpan {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return {
    traceparent: formatTraceParent({ traceId, spanId, flags: traceFlags }),
    set: (attributes) => void span.setAttributes(attributes),
    fail: (code) => fail(span, code),
    end: () => span.end(),
  }
}

function fail(span: Span, code: string): void {
  span.setAttribute('error.type', code)
  span.setStatus({ code: SpanStatusCode.ERROR, message: code })
}

/** Sends what is left; what can't be sent in time is lost. */
async function close(provider: BasicTracerProvider): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, closingMs)
  await Promise.race([provider.shutdown().catch(() => {}), late.promise])
  clearTimeout(timer)
}
