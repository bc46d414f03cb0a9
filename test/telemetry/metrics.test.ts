// What a process counts of itself.
import { describe, expect, it } from 'vitest'
import { failed, succeeded } from '../../src/jobs/work.ts'
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts'
import { t0, waitingWork } from '../kit/work.ts'

async function sample(metrics: Metrics, line: string): Promise<number | undefined> {
  const found = (await metrics.text()).split('\n').find((one) => one.startsWith(`${line} `))
  return found === undefined ? undefined : Number(found.split(' ').at(-1))
}

describe('jobs', () => {
  it('are counted when they are accepted and when they end, with their times', async () => {
    const metrics = createMetrics()
    const { job, system } = waitingWork()
    const after = succeeded({ job, system }, t0 + 5_040).job
    metrics.transition(null, job)
    metrics.transition(job, { ...job, message: 'still waits' })
    metrics.transition(job, after)
    expect(await sample(metrics, 'tycho_jobs_accepted_total{kind="system.start"}')).toBe(1)
    const ended = 'tycho_jobs_ended_total{kind="system.start",status="succeeded",code=""}'
    expect(await sample(metrics, ended)).toBe(1)
    const wait = 'tycho_job_step_duration_seconds_sum{kind="system.start",step="wait"}'
    expect(await sample(metrics, wait)).toBe(5)
    const whole = 'tycho_job_duration_seconds_sum{kind="system.start",status="succeeded"}'
    expect(await sample(metrics, whole)).toBe(5.04)
  })

  it('that failed are counted by the code of their error', async () => {
    const metrics = createMetrics()
    const work = waitingWork({ keepOnFailure: true })
    const error = { code: 'IMAGE_NOT_FOUND', message: 'no such image', retryable: false, details: {} }
    metrics.transition(work.job, failed(work, error, t0 + 100).job)
    const ended = 'tycho_jobs_ended_total{kind="system.start",status="failed",code="IMAGE_NOT_FOUND"}'
    expect(await sample(metrics, ended)).toBe(1)
  })

  it('that are done already are not counted again', async () => {
    const metrics = createMetrics()
    const after = succeeded(waitingWork(), t0 + 100).job
    metrics.transition(after, after)
    expect(await metrics.text()).not.toContain('tycho_jobs_ended_total{')
  })
})

describe('labels', () => {
  it('of requests to the cluster name the kind of object, and no object', async () => {
    const metrics = createMetrics()
    const paths = [
      '/api/v1/namespaces/class/secrets/hello-web',
      '/apis/apps/v1/namespaces/class/deployments',
      '/api/v1/namespaces/class/pods/hello-1/log',
      '/api/v1/namespaces/class',
      '/version',
    ]
    for (const path of paths) {
      metrics.clusterRequest({ verb: 'get', path, statusCode: 429, durationMs: 10 })
    }
    const text = await metrics.text()
    for (const resource of ['secrets', 'deployments', 'pods', 'namespaces', 'version']) {
      expect(text).toContain(`{verb="get",resource="${resource}",status="429"} 1`)
    }
    expect(text).not.toMatch(/hello|class/)
  })

  it('are bounded whatever comes', async () => {
    const metrics = createMetrics()
    for (let i = 0; i < 1_000; i++) {
      metrics.delivery(`outcome ${i}`)
      metrics.delivery(`outcome-${i}`)
      metrics.clusterRequest({ verb: 'get', path: `/api/v1/kind-${i}`, statusCode: null, durationMs: 1 })
      metrics.answered({ method: 'GET', route: `/r${i}`, statusCode: 200, durationMs: 1, held: false })
    }
    const series = (await metrics.text()).split('\n').filter((line) => line.startsWith('tycho_'))
    expect(series.filter((line) => line.startsWith('tycho_webhook_deliveries_total')).length).toBe(21)
    expect(series.filter((line) => line.startsWith('tycho_cluster_requests_total')).length).toBe(61)
    expect(series.filter((line) => line.startsWith('tycho_http_requests_total')).length).toBe(201)
  })
})

describe('what is read when somebody asks', () => {
  const reading = {
    queues: [{ queue: 'system', waiting: 3, active: 2, delayed: 1, oldestWaitingMs: 1_500 }],
    jobs: { task: 6, waiting: 7 },
    systems: 8,
    workers: 2,
    batches: 1,
    isClusterReachable: false,
    outbox: 4,
  }

  it('is told as it is then', async () => {
    const metrics = createMetrics()
    metrics.readFrom(async () => reading)
    const text = await metrics.text()
    for (const line of [
      'tycho_queue_tasks{queue="system",state="waiting"} 3',
      'tycho_queue_oldest_waiting_seconds{queue="system"} 1.5',
      'tycho_jobs_pending{state="waiting"} 7',
      'tycho_systems 8',
      'tycho_workers 2',
      'tycho_batches_open 1',
      'tycho_cluster_up 0',
      'tycho_webhook_outbox_events 4',
      'tycho_redis_up 1',
    ]) {
      expect(text).toContain(`${line}\n`)
    }
  })

  it('is told as not known while Redis is away, and not as it was', async () => {
    const metrics = createMetrics()
    let isAway = false
    metrics.readFrom(async () => {
      if (isAway) throw new Error('Connection is closed.')
      return reading
    })
    await metrics.text()
    isAway = true
    const text = await metrics.text()
    expect(text).toContain('tycho_redis_up 0\n')
    expect(text).toContain('tycho_systems Nan\n')
    expect(text).not.toContain('tycho_queue_tasks{')
  })

  it('does not hold up the rest when Redis does not answer', async () => {
    const metrics = createMetrics()
    metrics.readFrom(() => new Promise(() => {}))
    expect(await metrics.text()).toContain('tycho_redis_up 0\n')
  })
})

it('two processes in one count apart, and both have the metrics of the process', async () => {
  const one = createMetrics({ process: true })
  const other = createMetrics({ process: true })
  one.delivery('delivered')
  expect(await other.text()).not.toContain('tycho_webhook_deliveries_total{')
  expect(await other.text()).toContain('nodejs_eventloop_lag_seconds')
})

it('is for whoever shows the token, where there is one', () => {
  expect(createMetrics().mayRead(undefined)).toBe(true)
  const guarded = createMetrics({ token: 'scrape-me' })
  expect(guarded.mayRead(undefined)).toBe(false)
  expect(guarded.mayRead('Bearer scrape-you')).toBe(false)
  expect(guarded.mayRead('Basic scrape-me')).toBe(false)
  expect(guarded.mayRead('Bearer scrape-me')).toBe(true)
})
