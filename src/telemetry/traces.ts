/** OpenTelemetry: spans of requests, jobs, statements and compute tasks; none where it is not set up. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { context, propagation, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api'
import { computeTracing, listen, sqlTracing, type Listener, type Traced } from '../../compute/tracing.ts'

const tracer = () => trace.getTracer('polytope-atlas')

/**
 * Sends traces to OTEL_EXPORTER_OTLP_ENDPOINT (OTLP over HTTP), by the other OTEL_ variables as the SDK reads them.
 * Answers what sends the last ones and ends it; without the variable nothing is loaded or done.
 * @param service what the spans are of: `polytope-atlas`, or `polytope-atlas-worker`
 */
export async function startTraces(service: string): Promise<() => Promise<void>> {
  if (!process.env.OTEL_EXPORTER_OTLP_ENDPOINT && !process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
    return async () => undefined
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME || service }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
  provider.register()
  const stop = [
    listen(sqlTracing, spansOf('sql', SpanKind.CLIENT)),
    listen(computeTracing, spansOf('compute', SpanKind.INTERNAL)),
  ]
  return async () => {
    for (const end of stop) end()
    await provider.shutdown()
  }
}

/** Runs `work` within a span of a request, which continues the trace that the request's headers speak of. */
export function inRequestSpan(
  request: IncomingMessage,
  response: ServerResponse,
  route: string,
  work: () => void,
): void {
  const parent = propagation.extract(context.active(), request.headers)
  const attributes = { 'http.request.method': request.method, 'http.route': `/${route}` }
  const span = tracer().startSpan(
    `${request.method} /${route}`,
    { kind: SpanKind.SERVER, attributes },
    parent,
  )
  response.once('close', () => {
    span.setAttribute('http.response.status_code', response.statusCode)
    if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  })
  context.with(trace.setSpan(parent, span), work)
}

/** Runs a job within a span of its own. */
export function inJobSpan<Result>(kind: string, jobId: string, work: () => Promise<Result>): Promise<Result> {
  return tracer().startActiveSpan(`job ${kind}`, { attributes: { 'atlas.job.id': jobId } }, async (span) => {
    try {
      return await work()
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) })
      throw error
    } finally {
      span.end()
    }
  })
}

/** A span for each piece of work, within the one that is active where it begins. */
function spansOf(kind: string, spanKind: SpanKind): Listener {
  const spans = new WeakMap<Traced, Span>()
  return {
    begun(what) {
      const attributes = kind === 'sql' ? { 'db.system.name': 'postgresql', 'db.query.text': what.name } : {}
      const name = kind === 'sql' ? (/^\s*\w+/.exec(what.name)?.[0].trim() ?? kind) : what.name
      spans.set(what, tracer().startSpan(`${kind} ${name}`, { kind: spanKind, attributes }))
    },
    ended(what) {
      const span = spans.get(what)
      if (what.failed) span?.setStatus({ code: SpanStatusCode.ERROR })
      span?.end()
    },
  }
}
