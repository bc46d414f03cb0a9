// What the client makes of a server that misbehaves.
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { WriteBudget } from '../../src/orchestrators/kubernetes/cluster/write-budget.ts'
import { createKubernetesOrchestrator } from '../../src/orchestrators/kubernetes/orchestrator.ts'
import { type Answer, type ApiServer, json, startApiServer } from '../kit/api-server.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const signal = new AbortController().signal
const identity = { tenant: 't', namespace: 'class', name: 'demo', sid: 'sid1' }

function open({ kubeconfig }: Pick<ApiServer, 'kubeconfig'>, writes?: WriteBudget) {
  const given = { kubeconfig: { paths: [kubeconfig] }, log, ...(writes && { writes }) }
  const orchestrator = createKubernetesOrchestrator(given)
  return { orchestrator, [Symbol.asyncDispose]: () => orchestrator.close() }
}

const manifest = (secret: string) => ({
  subject: 'Deployment/demo',
  path: 'services.demo',
  body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'demo' }, spec: { secret } },
})

async function applyTo(server: ApiServer, given = signal, writes?: WriteBudget) {
  await using opened = open(server, writes)
  const stage = { services: ['demo'], requires: [], manifests: [manifest('hunter2')] }
  const fence = { job: 'job1', sid: 'sid1', attempt: 1, check: async () => {} }
  return await opened.orchestrator.apply({ identity, stage, mode: 'create', fence, memo: {} }, given)
}

const refusing =
  (status: number, body: object, headers = {}): Answer =>
  (_call, response) =>
    json(response, status, body, headers)

describe('a write to a cluster', () => {
  it('that is asked to come back later says when', async () => {
    await using server = await startApiServer(refusing(429, { message: 'busy' }, { 'retry-after': '7' }))
    await expect(applyTo(server)).rejects.toMatchObject({
      code: 'CLUSTER_BUSY',
      remedy: 'retry',
      retryAfterSeconds: 7,
    })
    expect(server.calls).toHaveLength(1)
  })

  it('that is one too many makes all workers write less for so long, and takes its token first', async () => {
    await using server = await startApiServer(refusing(429, { message: 'busy' }, { 'retry-after': '7' }))
    const told: unknown[] = []
    const writes: WriteBudget = {
      take: async (use) => void told.push(use),
      slowDown: (seconds) => void told.push(seconds),
    }
    await expect(applyTo(server, signal, writes)).rejects.toMatchObject({ code: 'CLUSTER_BUSY' })
    expect(told).toEqual(['start', 7])
  })

  it('whose answer is lost is to be tried again', async () => {
    await using server = await startApiServer((_call, response) => response.destroy())
    await expect(applyTo(server)).rejects.toMatchObject({ code: 'CLUSTER_CONNECTION_LOST', remedy: 'retry' })
  })

  it('whose answer is cut off is to be tried again', async () => {
    await using server = await startApiServer((_call, response) => {
      response.writeHead(201, { 'content-type': 'application/json' })
      response.write('{"metadata":', () => response.destroy())
    })
    await expect(applyTo(server)).rejects.toMatchObject({ remedy: 'retry' })
  })

  it('ends with the reason of its abort', async () => {
    await using server = await startApiServer(() => stop.abort(new Error('the job was canceled')))
    const stop = new AbortController()
    await expect(applyTo(server, stop.signal)).rejects.toThrow('the job was canceled')
  })

  it('reads the credentials anew once when they are refused', async () => {
    await using server = await startApiServer(refusing(401, { message: 'Unauthorized' }))
    await expect(applyTo(server)).rejects.toMatchObject({ code: 'CLUSTER_UNAUTHORIZED', remedy: 'wait' })
    expect(server.calls).toHaveLength(2)
  })

  it('has nothing of its content in an error', async () => {
    await using server = await startApiServer((call, response) =>
      json(response, 418, { message: 'no' }, { 'x-body': `${call.body.length}` }),
    )
    const error: Error = await applyTo(server).then(
      () => new Error('not refused'),
      (reason) => reason,
    )
    expect(error.message).toBe('The cluster refuses Deployment/demo: no')
    expect(JSON.stringify(error)).not.toContain('hunter2')
  })
})

describe('a cluster that is away', () => {
  afterEach(() => void vi.useRealTimers())

  it('is waited for when its kubeconfig is gone', async () => {
    const server = await startApiServer(() => {})
    await using opened = open(server)
    await server[Symbol.asyncDispose]()
    await expect(opened.orchestrator.facts(signal)).rejects.toMatchObject({
      code: 'NO_CLUSTER',
      remedy: 'wait',
    })
    expect(await opened.orchestrator.reachability(signal)).toMatchObject({ reachable: false })
  })

  it('is unreachable when nothing listens there', async () => {
    await using server = await startApiServer(() => {})
    server.stopListening()
    await using opened = open(server)
    await expect(opened.orchestrator.facts(signal)).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      remedy: 'wait',
      message: expect.stringContaining('nothing listens there'),
    })
  })

  it('is asked once by all who want to know', async () => {
    await using server = await startApiServer((_call, response) =>
      json(response, 200, { major: '1', minor: '20+' }),
    )
    await using opened = open(server)
    const asked = Array.from({ length: 20 }, () => opened.orchestrator.reachability(signal))
    expect(new Set((await Promise.all(asked)).map((one) => JSON.stringify(one)))).toEqual(
      new Set(['{"reachable":true,"version":"1.20"}']),
    )
    expect(server.calls).toHaveLength(1)
  })

  it('is not asked whether it is there while it answers others', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    await using server = await startApiServer((_call, response) =>
      json(response, 200, { major: '1', minor: '20', status: {} }),
    )
    await using opened = open(server)
    const look = async () => {
      await opened.orchestrator.reviewToken('token', [], signal)
      vi.advanceTimersByTime(1_500)
      return opened.orchestrator.reachability(signal)
    }
    const timesAsked = () => server.calls.filter(({ path }) => path === '/version').length
    await look()
    const before = timesAsked()
    for (let round = 0; round < 5; round += 1) {
      expect(await look()).toEqual({ reachable: true, version: '1.20' })
    }
    expect(timesAsked()).toBe(before)
    vi.advanceTimersByTime(2_500)
    await opened.orchestrator.reachability(signal)
    expect(timesAsked()).toBe(before + 1)
  })
})
