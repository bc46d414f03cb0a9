// Traces, as a real collector gets them: one from the request over the queue to the end of the job.
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { parseTraceParent, traceField } from '../../src/jobs/trace-parent.ts'
import { TychoError } from '../../src/problem.ts'
import { openOtlpTracing } from '../../src/telemetry/otlp-tracing.ts'
import { createPassingTracing } from '../../src/telemetry/tracing.ts'
import { createGuard } from '../../src/webhooks/guard.ts'
import { hello, testApi } from '../api/kit.ts'
import { type Collector, startCollector } from '../kit/collector.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { startReceiver } from '../kit/receiver.ts'
import { waitFor } from '../kit/wait.ts'
import { openWorkerBench } from '../kit/workers.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const callerSpan = '00f067aa0ba902b7'
const traceparent = `00-${traceId}-${callerSpan}-01`

function traced(collector: Collector, service: string) {
  return openOtlpTracing(collector.url, { service, version: '0' })
}

/** An API and a worker on the same Redis, each with tracing of its own, as two processes have. */
async function openBoth(collector: Collector) {
  await using opening = new AsyncDisposableStack()
  const tracing = { api: traced(collector, 'tycho-api'), worker: traced(collector, 'tycho-worker') }
  const flush = async () => {
    await tracing.api[Symbol.asyncDispose]()
    await tracing.worker[Symbol.asyncDispose]()
  }
  opening.defer(flush)
  const bench = opening.use(await openWorkerBench(tracing.worker))
  const { options } = bench.redis
  const redis = { url: `redis://${options.host}:${options.port}/${options.db ?? 0}`, prefix: bench.prefix }
  const guard = createGuard({ allow: ['127.0.0.0/8'], httpsOnly: false })
  const api = opening.use(await testApi({ redis, guard, tasks: bench.tasks, tracing: tracing.api }))
  const opened = opening.move()
  return { api, bench, flush, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

describe('one trace', () => {
  it('connects a request with the tasks that it leads to and its webhook, and begins at its caller', async () => {
    await using collector = await startCollector()
    await using receiver = await startReceiver()
    await using both = await openBoth(collector)
    const { api, bench } = both
    bench.startWorker(createMemoryOrchestrator())
    const answer = await api.app.inject({
      method: 'POST',
      url: '/v1/systems',
      headers: { traceparent, 'x-request-id': 'request-1' },
      payload: {
        name: 'hello',
        compose: hello,
        env: { PASSWORD: 'canary-env' },
        callbackUrl: `${receiver.url}/canary-path`,
      },
    })
    const job = JSON.parse(answer.body) as Job
    expect(answer.statusCode).toBe(202)
    const told = await waitFor('the webhook', () => receiver.received[0])
    const counted = 'tycho_webhook_deliveries_total{outcome="delivered"} 1\n'
    await waitFor('its count', async () => (await bench.metrics.text()).includes(counted))
    await both.flush()

    const [request] = collector.named('POST /v1/systems')
    expect(request).toMatchObject({
      service: 'tycho-api',
      trace: traceId,
      parent: callerSpan,
      attributes: { 'http.response.status_code': 202, 'tycho.request': 'request-1' },
    })
    for (const name of ['system.compile', 'system.deploy', 'job.queued', 'job.waiting']) {
      expect(collector.named(name)).toMatchObject([
        { service: 'tycho-worker', trace: traceId, parent: request?.id, attributes: { 'tycho.job': job.id } },
      ])
    }
    const [delivery] = collector.named('webhook.deliver')
    expect(delivery).toMatchObject({ trace: traceId, parent: request?.id, failed: null })
    expect(told.headers.traceparent).toBe(`00-${traceId}-${delivery?.id}-01`)
    expect(JSON.stringify(collector.spans)).not.toContain('canary')
  })

  it('says which task failed, with the code alone', async () => {
    await using collector = await startCollector()
    await using both = await openBoth(collector)
    const orchestrator = createMemoryOrchestrator()
    orchestrator.beforeApply = async () => {
      throw new TychoError('FORBIDDEN', 'the sentence of the cluster', { remedy: 'giveUp' })
    }
    both.bench.startWorker(orchestrator)
    const { body } = await both.api.app.inject({
      method: 'POST',
      url: '/v1/systems',
      payload: { name: 'hello', compose: hello },
    })
    await both.bench.jobDone((JSON.parse(body) as Job).id)
    await both.flush()
    expect(collector.named('system.deploy')).toMatchObject([{ failed: 'FORBIDDEN' }])
    expect(JSON.stringify(collector.spans)).not.toContain('the sentence')
  })
})

describe('a request', () => {
  it('to a probe is not traced', async () => {
    await using collector = await startCollector()
    await using both = await openBoth(collector)
    for (const url of ['/healthz', '/readyz', '/metrics', '/v1/jobs/none']) await both.api.app.inject({ url })
    await both.flush()
    expect(collector.spans.map((span) => span.name)).toEqual(['GET /v1/jobs/{id}'])
  })

  it('without a trace of its own begins one; what is no traceparent is not carried on', async () => {
    await using collector = await startCollector()
    await using both = await openBoth(collector)
    for (const given of [undefined, 'nonsense', `00-${'0'.repeat(32)}-${callerSpan}-01`]) {
      await both.api.app.inject({ url: '/v1/jobs', headers: { ...(given && { traceparent: given }) } })
    }
    await both.flush()
    expect(collector.spans).toHaveLength(3)
    for (const span of collector.spans) expect(span.parent).toBeNull()
    expect(new Set(collector.spans.map((span) => span.trace)).size).toBe(3)
  })
})

describe('without a collector', () => {
  it("the caller's trace is passed on to the job and to the log", async () => {
    await using api = await testApi()
    const { body } = await api.app.inject({
      method: 'POST',
      url: '/v1/systems',
      headers: { traceparent },
      payload: { name: 'hello', compose: hello },
    })
    const job = await api.store.works.job((JSON.parse(body) as Job).id)
    expect(job?.origin.trace).toBe(traceparent)
    expect(api.lines.find((line) => line.msg === 'request accepted')).toMatchObject({ trace_id: traceId })
  })

  it('a job of a request that has none has none', async () => {
    await using api = await testApi()
    const { body } = await api.app.inject({
      method: 'POST',
      url: '/v1/systems',
      payload: { name: 'hello', compose: hello },
    })
    expect((await api.store.works.job((JSON.parse(body) as Job).id))?.origin.trace).toBeNull()
  })
})

it('spans of calls that run side by side do not mix', async () => {
  const tracing = createPassingTracing()
  const parents = Array.from({ length: 20 }, (_, i) => `00-${traceId}-${`${i + 1}`.padStart(16, '0')}-01`)
  const seen = await Promise.all(
    parents.map((parent) =>
      tracing.span('one', { parent }, async () => {
        await new Promise((resolve) => setImmediate(resolve))
        return tracing.current()
      }),
    ),
  )
  expect(seen).toEqual(parents)
  expect(tracing.current()).toBeNull()
})

it('a collector that is away keeps nobody from ending', async () => {
  const tracing = openOtlpTracing('http://127.0.0.1:1', { service: 'tycho-api', version: '0' })
  tracing.start('lost').end()
  await tracing[Symbol.asyncDispose]()
})

describe('a traceparent', () => {
  it('is read as the recommendation has it', () => {
    expect(parseTraceParent(traceparent)).toEqual({ traceId, spanId: callerSpan, flags: 1 })
    expect(parseTraceParent(`cc-${traceId}-${callerSpan}-00-what-comes`)).toMatchObject({ flags: 0 })
    for (const wrong of [
      '',
      `ff-${traceId}-${callerSpan}-01`,
      `${traceparent}-more`,
      traceparent.toUpperCase(),
      `00-${traceId}-${'0'.repeat(16)}-01`,
    ]) {
      expect(parseTraceParent(wrong)).toBeNull()
    }
    expect(traceField(null)).toEqual({})
  })
})
