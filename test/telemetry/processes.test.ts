// API and worker as processes: both answer what they are asked while they run, and close in order when they are told to.
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { hello } from '../api/kit.ts'
import { startCollector } from '../kit/collector.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

const nowhere = { kubeconfig: '/there/is/none', namespace: 'default' }

const operationsOf = (tycho: Tycho) =>
  waitFor('the port of the worker', () => {
    const line = tycho.workers[0]?.lines.find((one) => typeof one.operations === 'string')
    return line?.operations as string | undefined
  })

async function textOf(url: string, headers: Record<string, string> = {}): Promise<string> {
  return (await fetch(url, { headers })).text()
}

describe('a worker', () => {
  it('has its own port for probes and metrics, which asks for the same token as the API', async () => {
    const environment = { TYCHO_WORKER_PORT: '0', TYCHO_METRICS_TOKEN: 'scrape-me' }
    await using tycho = await startTycho({ ...nowhere, environment })
    const url = await operationsOf(tycho)
    const authorization = 'Bearer scrape-me'
    await waitFor('readiness', async () => (await fetch(`${url}/readyz`)).status === 200)
    for (const base of [url, tycho.url]) {
      expect((await fetch(`${base}/healthz`)).status).toBe(200)
      expect((await fetch(`${base}/metrics`)).status).toBe(401)
      const metrics = await textOf(`${base}/metrics`, { authorization })
      expect(metrics).toContain('tycho_redis_up 1\n')
      expect(metrics).toContain('tycho_workers 1\n')
      expect(metrics).toContain('tycho_queue_tasks{queue="bulk",state="waiting"} 0\n')
      expect(metrics).toContain('process_cpu_seconds_total')
    }
    expect(await textOf(`${url}/metrics`, { authorization })).toContain('tycho_loop_held{loop="observer"}')
  })

  it('is not ready while Redis is away, but alive, and says so in its metrics', async () => {
    await using tycho = await startTycho({ ...nowhere, environment: { TYCHO_WORKER_PORT: '0' } })
    const url = await operationsOf(tycho)
    await tycho.redis.kill()
    const refused = await waitFor('the worker to notice', async () => {
      const answer = await fetch(`${url}/readyz`)
      return answer.status === 503 ? answer : undefined
    })
    expect(await refused.json()).toMatchObject({
      status: 'unavailable',
      reason: expect.stringContaining('Redis'),
    })
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect(await textOf(`${url}/metrics`)).toContain('tycho_redis_up 0\n')
  })
})

describe('at SIGTERM', () => {
  it('the API answers those who wait, ends streams, sends its spans and ends well', async () => {
    await using collector = await startCollector()
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
    await using tycho = await startTycho({ ...nowhere, environment })
    const job = await tycho.start({ name: 'hello', compose: hello })
    const waiting = fetch(`${tycho.url}/v1/jobs/${job.id}?wait=60`)
    const headers = { accept: 'text/event-stream' }
    const stream = await fetch(`${tycho.url}/v1/jobs/${job.id}/events`, { headers })
    await waitFor('both to be there', async () =>
      (await textOf(`${tycho.url}/metrics`)).includes('tycho_event_streams_open 1\n'),
    )
    tycho.api.signal('SIGTERM')
    const answer = await waiting
    expect(answer.status).toBe(200)
    expect((await answer.json()) as Job).toMatchObject({ id: job.id, done: false })
    expect(await stream.text()).toContain(job.id)
    await tycho.api[Symbol.asyncDispose]()
    expect(tycho.api.lines.some((line) => line.msg === 'closing')).toBe(true)
    expect(tycho.api.lines.some((line) => line.msg === 'ending with open connections')).toBe(false)
    expect(collector.named('POST /v1/systems')).toMatchObject([{ service: 'tycho-api', failed: null }])
    expect(collector.named('GET /v1/jobs/{id}/events')).toHaveLength(1)
  })
})
