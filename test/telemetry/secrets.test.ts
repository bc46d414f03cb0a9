// What is secret shows in nothing that Tycho says of itself: no line of a log, no metric, no span.
import { expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { openOtlpTracing } from '../../src/telemetry/otlp-tracing.ts'
import { testApi } from '../api/kit.ts'
import { startCollector } from '../kit/collector.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { openWorkerBench } from '../kit/workers.ts'

const canary = 'canary-3f1c9d'

/** Every place in which a client puts what is nobody else's. */
const compose = `
services:
  web:
    image: demo/hello
    environment:
      PASSWORD: ${canary}-inline
      TOKEN: \${TOKEN}
    secrets: [key]
    command: ["serve", "--password", "\${TOKEN}"]
secrets:
  key:
    environment: SECRET_KEY
  file:
    file: ./secret.txt
`
const payload = {
  name: 'hello',
  compose,
  env: { TOKEN: `${canary}-env`, SECRET_KEY: `${canary}-secret` },
  files: { 'secret.txt': `${canary}-file` },
}

const headers = { authorization: `Bearer ${canary}-token`, cookie: `session=${canary}-cookie` }

it('neither while things go well, nor when a request or a task fails', async () => {
  await using collector = await startCollector()
  await using stack = new AsyncDisposableStack()
  const tracing = stack.use(openOtlpTracing(collector.url, { service: 'tycho', version: '0' }))
  const bench = stack.use(await openWorkerBench(tracing))
  const { options } = bench.redis
  const redis = { url: `redis://${options.host}:${options.port}/${options.db ?? 0}`, prefix: bench.prefix }
  const api = stack.use(await testApi({ redis, tasks: bench.tasks, tracing }))
  const orchestrator = createMemoryOrchestrator()
  bench.startWorker(orchestrator)

  const post = (body: object, more: Record<string, string> = {}) =>
    api.app.inject({ method: 'POST', url: '/v1/systems', payload: body, headers: more })
  const started = await post(payload)
  expect(started.statusCode).toBe(202)
  await bench.jobDone((JSON.parse(started.body) as Job).id)
  orchestrator.beforeApply = async () => {
    throw new Error('the cluster has hung up')
  }
  const failing = await post({ ...payload, name: 'failing', retries: 1 })
  expect(failing.statusCode).toBe(202)
  await bench.jobDone((JSON.parse(failing.body) as Job).id)
  // A token that nobody issued, a broken file, a URL with a value in it, a body that is cut short.
  const refused = [
    await post(payload, headers),
    await post({ ...payload, name: 'broken', compose: `${compose}\nnonsense: ${canary}` }),
    await api.app.inject({ method: 'POST', url: `/v1/systems?name=x&TOKEN=${canary}`, payload }),
    await api.app.inject({
      method: 'POST',
      url: '/v1/systems',
      headers: { 'content-type': 'application/json' },
      payload: `{"env":{"A":"${canary}`,
    }),
  ]
  for (const { statusCode } of refused) expect(statusCode).toBeGreaterThanOrEqual(400)

  await tracing[Symbol.asyncDispose]()
  expect(api.lines.length).toBeGreaterThan(3)
  expect(bench.lines.length).toBeGreaterThan(3)
  expect(collector.spans.length).toBeGreaterThan(5)
  expect(JSON.stringify(api.lines)).not.toContain(canary)
  expect(bench.lines.join('')).not.toContain(canary)
  expect(await bench.metrics.text()).not.toContain(canary)
  expect(JSON.stringify(collector.spans)).not.toContain(canary)
})
