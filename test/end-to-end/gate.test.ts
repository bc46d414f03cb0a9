// What runs once before a service, on a real cluster: the service waits for it, and does not start without it.
import { expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { managedObjects } from '../kit/cluster/objects.ts'
import { startTycho } from '../kit/tycho.ts'

type Pod = {
  metadata: { labels: Record<string, string>; creationTimestamp: string }
  status: { containerStatuses: { state: { terminated?: { finishedAt: string } } }[] }
}

async function openTycho() {
  await using opening = new AsyncDisposableStack()
  const namespace = opening.use(await createNamespace('gate'))
  const api = opening.use(openApi())
  const tycho = opening.use(
    await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name }),
  )
  const opened = opening.move()
  return { ...tycho, api, namespace: namespace.name, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** Two copies, before which the step runs once, to its end with this code. */
const compose = (script: string, word = 'hello') => ({
  services: {
    web: {
      image: 'demo/shell',
      restart: 'always',
      command: ['sleep', '600'],
      environment: { WORD: word },
      pre_start: [{ command: ['sh', '-c', script] }],
      scale: 2,
      stop_grace_period: '1s',
    },
  },
})

it('runs once before the copies of a service, and again when it has changed', async () => {
  await using tycho = await openTycho()
  const job = await tycho.done(
    await tycho.start({ name: 'shop', compose: compose('test "$$WORD" = hello && sleep 3') }),
  )
  expect([job.status, job.error]).toEqual(['succeeded', undefined])
  expect(Object.keys(job.progress.services)).toEqual(['web/pre_start', 'web'])
  const path = `/api/v1/namespaces/${tycho.namespace}/pods`
  const { items } = await tycho.api.send<{ items: Pod[] }>('GET', path)
  const gates = items.filter(({ metadata }) => metadata.labels['tycho.io/gate'] === 'web')
  const copies = items.filter(({ metadata }) => metadata.labels['tycho.io/service'] === 'web')
  expect([gates.length, copies.length]).toEqual([1, 2])
  const endedAt = gates[0]?.status.containerStatuses[0]?.state.terminated?.finishedAt ?? ''
  for (const { metadata } of copies)
    expect(Date.parse(metadata.creationTimestamp)).toBeGreaterThanOrEqual(Date.parse(endedAt))
  const system = await tycho.send<{ phase: string; services: object }>('GET', '/v1/systems/shop')
  expect(system.body.phase).toBe('running')
  expect(Object.keys(system.body.services)).toEqual(['web'])

  const changesOf = async (body: object) => {
    const answer = await tycho.send<Job>('PUT', '/v1/systems/shop', { compose: body })
    const { status, error, result } = await tycho.done(answer.body)
    expect([status, error]).toEqual(['succeeded', undefined])
    return Object.fromEntries((result?.changes ?? []).map(({ subject, action }) => [subject, action]))
  }
  const same = await changesOf(compose('test "$$WORD" = hello && sleep 3'))
  expect(new Set(Object.values(same))).toEqual(new Set(['unchanged']))
  expect(await changesOf(compose('test "$$WORD" = bye', 'bye'))).toMatchObject({
    'Job/shop--pre-start-web': 'recreated',
    'Deployment/shop-web': 'configured',
  })
  await tycho.done((await tycho.send<Job>('DELETE', '/v1/systems/shop')).body)
  expect(await managedObjects(tycho.api, tycho.namespace)).toEqual([])
})

it('fails the start with its own reason, and the service is never made', async () => {
  await using tycho = await openTycho()
  const job = await tycho.done(
    await tycho.start({ name: 'shop', compose: compose('echo no database; exit 7'), keepOnFailure: true }),
  )
  expect(job).toMatchObject({
    status: 'failed',
    error: {
      code: 'JOB_FAILED',
      message: expect.stringMatching(/^web\/pre_start: .*code 7/),
      details: {
        service: 'web/pre_start',
        log: ['no database'],
        problems: [{ code: 'JOB_FAILED', path: 'services.web.pre_start' }],
      },
    },
  })
  const subjects = await managedObjects(tycho.api, tycho.namespace)
  expect(subjects).toContain('Job/shop--pre-start-web')
  expect(subjects).not.toContain('Deployment/shop-web')
})
