// `/metrics` of the API and of a worker, over real HTTP.
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { openOperations } from '../../workers/operations.ts'
import { hello, start, testApi } from '../api/kit.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { waitFor } from '../kit/wait.ts'
import { openWorkerBench } from '../kit/workers.ts'

const log = pino({ level: 'silent' })

async function get(url: string, headers: Record<string, string> = {}) {
  const answer = await fetch(url, { headers })
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}

it('counts what the API was asked, by route, and the jobs that it has accepted', async () => {
  await using api = await testApi()
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  await start(api, { name: 'hello', compose: hello })
  await get(`${url}/v1/systems/hello`)
  await get(`${url}/v1/systems/nobody`)
  await get(`${url}/v1/nothing`)
  await get(`${url}/v1/jobs/none?wait=1`)
  const { status, headers, body } = await get(`${url}/metrics`)
  expect(status).toBe(200)
  expect(headers.get('content-type')).toContain('text/plain; version=0.0.4')
  expect(body).toContain('tycho_http_requests_total{method="POST",route="/v1/systems",status="202"} 1\n')
  expect(body).toContain(
    'tycho_http_requests_total{method="GET",route="/v1/systems/{name}",status="200"} 1\n',
  )
  expect(body).toContain(
    'tycho_http_requests_total{method="GET",route="/v1/systems/{name}",status="404"} 1\n',
  )
  expect(body).toContain('tycho_http_requests_total{method="GET",route="none",status="404"} 1\n')
  expect(body).toContain(
    'tycho_http_request_duration_seconds_count{method="GET",route="/v1/jobs/{id}",held="true"} 1\n',
  )
  expect(body).toContain('tycho_jobs_accepted_total{kind="system.start"} 1\n')
  expect(body).not.toMatch(/alice|hello|nobody/)
})

it('counts the streams that clients have open, whose length is no duration', async () => {
  await using api = await testApi()
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const job = await start(api, { name: 'hello', compose: hello })
  const client = new AbortController()
  const headers = { accept: 'text/event-stream' }
  await fetch(`${url}/v1/jobs/${job.id}/events`, { headers, signal: client.signal })
  expect((await get(`${url}/metrics`)).body).toContain('tycho_event_streams_open 1\n')
  client.abort()
  const told =
    'tycho_http_request_duration_seconds_count{method="GET",route="/v1/jobs/{id}/events",held="true"} 1\n'
  const { body } = await waitFor('the end of the stream', async () => {
    const metrics = await get(`${url}/metrics`)
    return metrics.body.includes(told) ? metrics : undefined
  })
  expect(body).toContain('tycho_event_streams_open 0\n')
})

it('shows them to whoever has the token, where the operator has set one', async () => {
  await using api = await testApi({ metrics: createMetrics({ token: 'scrape-me' }), anonymousTenant: null })
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const refused = await get(`${url}/metrics`)
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/)
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'UNAUTHENTICATED' })
  expect((await get(`${url}/metrics`, { authorization: 'Bearer other' })).status).toBe(401)
  expect((await get(`${url}/metrics`, { authorization: 'Bearer scrape-me' })).status).toBe(200)
})

it('tells how full each queue is, and for how long its oldest task has waited', async () => {
  await using bench = await openWorkerBench()
  await bench.start()
  const [system] = await waitFor('the task to be older', async () => {
    const depths = await bench.tasks.depths()
    return depths[0] && depths[0].oldestWaitingMs > 50 ? depths : undefined
  })
  expect(system).toMatchObject({ queue: 'system', waiting: 1, active: 0, delayed: 0 })
  const { jobs, systems } = await bench.store.counts()
  expect({ jobs, systems }).toEqual({ jobs: { task: 1, waiting: 0 }, systems: 1 })
})

it('a worker answers probes and metrics on a port of its own', async () => {
  await using bench = await openWorkerBench()
  const worker = bench.startWorker(createMemoryOrchestrator())
  const { metrics } = bench
  const { readiness } = worker
  await using operations = await openOperations({ host: '127.0.0.1', port: 0, metrics, readiness, log })
  const { url } = operations
  expect(await get(`${url}/healthz`)).toMatchObject({ status: 200, body: '{"status":"ok"}' })
  await waitFor('the worker to be ready', async () => (await get(`${url}/readyz`)).status === 200)
  const { job } = await bench.start()
  await bench.jobDone(job.id)
  const { body } = await get(`${url}/metrics`)
  expect(body).toContain('tycho_jobs_ended_total{kind="system.start",status="succeeded",code=""} 1\n')
  expect(body).toContain('tycho_task_duration_seconds_count{task="system.deploy",outcome="done"} 1\n')
  expect(body).toContain('tycho_loop_held{loop="observer"} 1\n')
  await worker[Symbol.asyncDispose]()
  const closed = await get(`${url}/readyz`)
  expect(closed).toMatchObject({ status: 503, body: expect.stringContaining('closing') })
  expect(closed.headers.get('retry-after')).toBe('5')
  expect((await get(`${url}/metrics`)).body).toContain('tycho_loop_held{loop="observer"} 0\n')
  expect((await get(`${url}/v1/systems`)).status).toBe(404)
  expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405)
})
