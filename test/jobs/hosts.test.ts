// Endpoints whose host is given out after the apply, as a load balancer's address is.
import { describe, expect, it } from 'vitest'
import type { Work } from '../../src/jobs/accept.ts'
import { observed, observedLive } from '../../src/jobs/observed.ts'
import type { Endpoint } from '../../src/system/endpoint.ts'
import type { ServiceState } from '../../src/system/readiness.ts'
import { must, t0, waitingWork } from '../kit/work.ts'

const ready: ServiceState = { readiness: 'ready', started: true, completed: false }
const seen = (web: ServiceState) => ({ services: { web }, remaining: ['Deployment/x'], stamp: '' })
const endpoint: Endpoint = { service: 'web', containerPort: 8080, protocol: 'tcp', port: 80, url: null }
const datagrams: Endpoint = { ...endpoint, containerPort: 53, protocol: 'udp', port: 53 }

function balanced(): Work {
  const work = waitingWork()
  return { ...work, job: { ...work.job, endpoints: [endpoint, datagrams], awaitsHost: ['web'] } }
}

describe('a job whose service has no host yet', () => {
  it('waits for it, and says so', () => {
    const next = must(observed(balanced(), seen(ready), t0 + 100))
    expect(next.job).toMatchObject({
      step: 'waiting',
      services: { web: { readiness: 'pending', reason: { code: 'WAITS_FOR_ADDRESS' } } },
    })
    expect(observed(next, seen(ready), t0 + 200)).toBeNull()
  })

  it('ends with the URL as soon as it has one', () => {
    const before = must(observed(balanced(), seen(ready), t0 + 100))
    const next = must(observed(before, seen({ ...ready, host: '192.0.2.9' }), t0 + 200))
    const endpoints = [{ ...endpoint, url: 'http://192.0.2.9:80' }, datagrams]
    expect(next.job).toMatchObject({ status: 'succeeded', endpoints })
    expect(next.system).toMatchObject({ phase: 'running', endpoints })
  })
})

it('a job does not wait for a host that nobody will give', () => {
  const work = waitingWork()
  const bare = { ...work, job: { ...work.job, endpoints: [endpoint] } }
  expect(must(observed(bare, seen(ready), t0)).job).toMatchObject({
    status: 'succeeded',
    endpoints: [endpoint],
  })
})

it('a live system shows the host that it has now', () => {
  const host = '192.0.2.9'
  const done = must(observed(balanced(), seen({ ...ready, host }), t0 + 100))
  expect(observedLive(done.system, seen({ ...ready, host }), [], t0 + 200)).toBeNull()
  const moved = must(observedLive(done.system, seen({ ...ready, host: '192.0.2.10' }), [], t0 + 300))
  expect(moved).toMatchObject({ phase: 'running', endpoints: [{ url: 'http://192.0.2.10:80' }, {}] })
})
