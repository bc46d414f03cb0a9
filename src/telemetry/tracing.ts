// Traces: what belongs together from the request to the webhook, over the processes. A span is named everywhere by its
// W3C `traceparent`, which is also how a job, a task and an event carry it.
import { AsyncLocalStorage } from 'node:async_hooks'

/** Ids, codes and counts; never what a client has written. */
export type Attributes = Record<string, string | number | boolean>

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

/** `parent` left out: what is under way here; null: nothing, a trace begins. */
export type SpanOptions = { kind?: SpanKind; parent?: string | null; attributes?: Attributes }

export type OpenSpan = {
  /** Names the span to those who go on with the trace; null where there is no trace. */
  traceparent: string | null
  set(attributes: Attributes): void
  /** What is done has failed; `code` says why. */
  fail(code: string): void
  end(): void
}

/** Of something that is over: times are milliseconds since the epoch. */
export type PastSpan = SpanOptions & { startMs: number; endMs: number; failed?: string | null }

export type Tracing = AsyncDisposable & {
  /** The span that is under way here. */
  current(): string | null
  start(name: string, options?: SpanOptions): OpenSpan
  /** Calls `act`; what it does belongs to the span, which stays open. */
  within<T>(span: OpenSpan, act: () => T): T
  past(name: string, span: PastSpan): void
  /** Does something within a span of its own, which fails with the error's code, or as `INTERNAL_ERROR`. */
  span<T>(name: string, options: SpanOptions, act: (span: OpenSpan) => Promise<T>): Promise<T>
}

/** The spans that only pass on the trace of whoever called: nothing is recorded or sent. */
export function createPassingTracing(): Tracing {
  const scope = createScope()
  const start: Tracing['start'] = (_name, { parent = scope.current() } = {}) =>
    parent === null ? NO_SPAN : passing(parent)
  return {
    ...scope,
    start,
    span: createSpan(start, scope.within),
    past() {},
    async [Symbol.asyncDispose]() {},
  }
}

const NO_SPAN: OpenSpan = { traceparent: null, set() {}, fail() {}, end() {} }

const passing = (traceparent: string): OpenSpan => ({ ...NO_SPAN, traceparent })

/** What is under way follows the calls, not the process: several may run in one. */
export function createScope(): Pick<Tracing, 'current' | 'within'> {
  const scope = new AsyncLocalStorage<string>()
  return {
    current: () => scope.getStore() ?? null,
    within: ({ traceparent }, act) => (traceparent === null ? act() : scope.run(traceparent, act)),
  }
}

export function createSpan(start: Tracing['start'], within: Tracing['within']): Tracing['span'] {
  return async (name, options, act) => {
    const span = start(name, options)
    try {
      return await within(span, () => act(span))
    } catch (error) {
      span.fail(codeOf(error))
      throw error
    } finally {
      span.end()
    }
  }
}

/** A code alone: a message may hold what a client has written. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'INTERNAL_ERROR'
}
