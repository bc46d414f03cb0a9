// The logs of real containers: the last lines, those since a time, and a stream that goes on over a restart.
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { createNamespace, testCluster } from '../kit/cluster/cluster.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

const shell = (script: string, more: object = {}) => ({
  image: 'demo/shell',
  restart: 'always',
  // Compose and Kubernetes both read `$`.
  command: ['sh', '-c', script.replaceAll('$', '$$$$')],
  stop_grace_period: '1s',
  ...more,
})

async function run(tycho: Tycho, method: string, path: string, body?: object): Promise<Job> {
  const answer = await tycho.send<Job>(method, `/v1/systems${path}`, body)
  expect(answer.status).toBe(202)
  const job = await tycho.done(answer.body)
  expect([job.status, job.error]).toEqual(['succeeded', undefined])
  return job
}

async function logs(tycho: Tycho, name: string, query = ''): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${tycho.url}/v1/systems/${name}/logs${query}`, {
    signal: AbortSignal.timeout(30_000),
  })
  return { status: answer.status, text: await answer.text() }
}

/** Once there are as many lines; what a container has just said is not there at once. */
function linesOf(tycho: Tycho, name: string, query: string, count: number): Promise<string[]> {
  return waitFor('the lines', async () => {
    const { status, text } = await logs(tycho, name, query)
    const lines = text.split('\n').slice(0, -1)
    return status === 200 && lines.length >= count ? lines : undefined
  })
}

type Followed = AsyncDisposable & { lines: string[]; over: Promise<void> }

/** A stream that is read until it ends or is disposed of. */
async function follow(tycho: Tycho, name: string, query = ''): Promise<Followed> {
  const leaving = new AbortController()
  const answer = await fetch(`${tycho.url}/v1/systems/${name}/logs?follow=true${query}`, {
    signal: leaving.signal,
  })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
  const lines: string[] = []
  const read = async () => {
    let rest = ''
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
    }
  }
  const over = read().catch((error: Error) => {
    if (!leaving.signal.aborted) throw error
  })
  return {
    lines,
    over,
    async [Symbol.asyncDispose]() {
      leaving.abort()
      await over
    },
  }
}

describe('logs', () => {
  it('are the last lines, or those since a time, with what is secret masked', async () => {
    await using namespace = await createNamespace('logs')
    await using tycho = await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name })
    const script =
      'for i in 1 2 3 4 5; do echo line $i; done; echo the token is $API_TOKEN; sleep 4; echo late; exec sleep 600'
    const web = shell(script, { environment: { API_TOKEN: 's3cretValue' } })
    await run(tycho, 'POST', '', { name: 'talker', compose: { services: { web } } })

    const all = await linesOf(tycho, 'talker', '', 7)
    const masked = 'the token is •••••••••••'
    expect(all).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5', masked, 'late'])
    expect(await linesOf(tycho, 'talker', '?tail=2', 2)).toEqual([masked, 'late'])
    expect((await logs(tycho, 'talker', '?tail=0')).text).toBe('')
    expect((await logs(tycho, 'talker', '?since=1h')).text.split('\n')).toHaveLength(8)
    const later = new Date(Date.now() + 60_000).toISOString()
    expect(await logs(tycho, 'talker', `?since=${later}`)).toEqual({ status: 200, text: '' })
    expect((await logs(tycho, 'talker', '?since=1h&tail=1')).text).toBe('late\n')
  })

  it('of several services and copies come together, each line with its own', async () => {
    await using namespace = await createNamespace('logs')
    await using tycho = await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name })
    const compose = {
      services: {
        web: shell('echo hello from web; exec sleep 600', { deploy: { replicas: 2 } }),
        db: shell('echo hello from db; exec sleep 600'),
      },
    }
    await run(tycho, 'POST', '', { name: 'pair', compose })
    const lines = await linesOf(tycho, 'pair', '', 3)
    expect(lines.toSorted()).toEqual([
      expect.stringMatching(/^db\/[a-z0-9]+ \| hello from db$/),
      expect.stringMatching(/^web\/[a-z0-9]+ \| hello from web$/),
      expect.stringMatching(/^web\/[a-z0-9]+ \| hello from web$/),
    ])
    expect(new Set(lines.map((line) => line.split(' | ')[0])).size).toBe(3)
    expect(await linesOf(tycho, 'pair', '?service=db', 1)).toEqual(['hello from db'])
    expect(await logs(tycho, 'pair', '?service=cache')).toMatchObject({
      status: 404,
      text: expect.stringMatching(/SERVICE_NOT_FOUND.*/),
    })
  })

  it('that are followed go on over a restart and an end of the container, and end with the system', async () => {
    await using namespace = await createNamespace('logs')
    await using tycho = await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name })
    // A run for each ten numbers: the container ends and is begun again by the kubelet.
    const web = shell('for i in $(seq 10); do echo $i; sleep 0.2; done')
    await run(tycho, 'POST', '', { name: 'counter', compose: { services: { web } } })

    await using stream = await follow(tycho, 'counter', '&tail=1000')
    const rounds = (count: number) => () => stream.lines.filter((line) => line === '10').length >= count
    await waitFor('a second run of the container', async () => rounds(2)(), { timeoutMs: 60_000 })
    const before = stream.lines.length
    await run(tycho, 'POST', '/counter/restart')
    await waitFor('the new pod to speak', async () => stream.lines.slice(before).includes('10'), {
      timeoutMs: 60_000,
    })
    const numbers = [...stream.lines].map(Number)
    // Within each run every number comes once and in order; two runs meet only where the pods do.
    const begins = numbers.filter((one) => one === 1).length
    expect(numbers.filter((one) => one === 2).length).toBeGreaterThanOrEqual(begins - 1)
    const firstRun = numbers.slice(0, 10)
    expect(firstRun).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    await run(tycho, 'DELETE', '/counter')
    await stream.over
    expect((await logs(tycho, 'counter')).status).toBe(404)
  }, 240_000)

  it('are none of a suspended system, whose stream waits for the resume', async () => {
    await using namespace = await createNamespace('logs')
    await using tycho = await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name })
    const web = shell('echo awake; exec sleep 600')
    await run(tycho, 'POST', '', { name: 'sleeper', compose: { services: { web } } })
    await run(tycho, 'POST', '/sleeper/suspend')
    expect(await logs(tycho, 'sleeper')).toMatchObject({
      status: 404,
      text: expect.stringContaining('NO_LOGS'),
    })
    await using stream = await follow(tycho, 'sleeper')
    await run(tycho, 'POST', '/sleeper/resume')
    await waitFor('the new pod to speak', async () => stream.lines.includes('awake'))
    expect(stream.lines).toEqual(['awake'])
  }, 180_000)
})
