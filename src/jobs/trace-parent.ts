// Trace contexts as text (W3C Trace Context, `traceparent`): what names the span that something belongs to.

/** The parts of a `traceparent`; ids are lower-case hex. */
export type TraceParent = { traceId: string; spanId: string; flags: number }

/** Version 00 as the recommendation writes it; a later version may have more behind it. */
const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** Null for what is none: a caller's mistake is not carried on. */
export function parseTraceParent(text: string | null | undefined): TraceParent | null {
  const [, version, traceId = '', spanId = '', flags = '', more] = shape.exec(text ?? '') ?? []
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return null
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & 1 }
}

export function formatTraceParent({ traceId, spanId, flags }: TraceParent): string {
  return `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`
}

/** The field of a log line by which it is found beside its trace; none where there is no trace. */
export function traceField(traceparent: string | null | undefined): { trace_id?: string } {
  const parent = parseTraceParent(traceparent)
  return parent ? { trace_id: parent.traceId } : {}
}
