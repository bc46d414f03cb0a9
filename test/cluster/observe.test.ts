// What the engine sees of a real cluster, and that nothing is left of what it removes.
import { describe, expect, it } from 'vitest'
import type { ServiceState } from '../../src/system/readiness.ts'
import { dependency, healthcheck, limits, port, service } from '../compile/specs.ts'
import { MISSING_IMAGE, openApi } from '../kit/cluster/cluster.ts'
import { openEngine } from '../kit/engine.ts'
import { NO_IMAGES, startRegistry } from '../kit/registry.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'

const signal = new AbortController().signal
const shell = (script: string, given = {}) =>
  service({ image: 'demo/shell', command: ['sh', '-c', script], ...given })

describe('a service', () => {
  it('whose image the registry does not have fails within seconds, and stays failed', async () => {
    await using engine = await openEngine()
    const startedAt = performance.now()
    await engine.apply({ demo: service({ image: MISSING_IMAGE }) })
    const { reason } = await engine.until('demo', ({ readiness }) => readiness === 'failed')
    expect(reason).toMatchObject({
      code: 'IMAGE_PULL_FAILED',
      message: expect.stringMatching(
        new RegExp(`^The image ${MISSING_IMAGE} can't be pulled: manifest .*unknown$`),
      ),
    })
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    const isBackedOff = async () => {
      await using api = openApi()
      const pods = await api.send<object>('GET', `/api/v1/namespaces/${engine.identity.namespace}/pods`)
      return JSON.stringify(pods).includes('"ImagePullBackOff"')
    }
    await waitFor('the back-off', isBackedOff)
    await engine.until('demo', ({ readiness }) => readiness === 'failed')
  })

  it('that can not be executed fails at once', async () => {
    await using engine = await openEngine()
    await engine.apply({ demo: service({ image: 'demo/shell', entrypoint: ['/no/such/program'] }) })
    const state = await engine.until('demo', ({ readiness }) => readiness === 'failed')
    expect(state).toMatchObject({ started: false, reason: { code: 'CONTAINER_START_FAILED' } })
    expect(state.reason?.message).toMatch(
      /^The command can't be run in the image demo\/shell: .*no\/such\/program/,
    )
  })

  it('that crashes fails with the third restart, not before', { timeout: 180_000 }, async () => {
    await using engine = await openEngine()
    await engine.apply({ demo: shell('exit 3') })
    const early = await engine.until('demo', ({ reason }) => reason?.code === 'RESTARTING')
    expect(early.readiness).toBe('pending')
    // The kubelet waits 10 s before the second restart and 20 s before the third.
    const hasFailed = ({ readiness }: ServiceState) => readiness === 'failed'
    const { reason } = await engine.until('demo', hasFailed, { timeoutMs: 150_000 })
    expect(reason?.code).toBe('CRASH_LOOP')
    expect(reason?.message).toContain('with code 3')
  })

  it('that no node can take waits in the words of the scheduler', async () => {
    await using engine = await openEngine()
    await engine.apply({ demo: shell('sleep 600', { resources: limits({}, { cpus: 1000 }) }) })
    const { readiness, reason } = await engine.until('demo', ({ reason }) => reason?.code === 'UNSCHEDULABLE')
    expect(readiness).toBe('pending')
    expect(reason?.message).toContain('Insufficient cpu')
  })

  it('that is not healthy yet has started and is not ready', async () => {
    await using engine = await openEngine()
    const test = { kind: 'exec' as const, argv: ['test', '-e', '/tmp/ready'] }
    await engine.apply({
      demo: shell('sleep 2; touch /tmp/ready; sleep 600', {
        healthcheck: healthcheck({ test, intervalMs: 1_000 }),
      }),
    })
    const state = await engine.until('demo', ({ reason }) => reason?.code === 'NOT_READY')
    expect(state).toMatchObject({ readiness: 'pending', started: true })
    expect(state.reason?.message).toBe(
      'It runs and is not ready: its healthcheck (test) has not succeeded yet',
    )
    await engine.until('demo', ({ readiness }) => readiness === 'ready')
  })

  it('that runs once is ready while it runs, and completed then', async () => {
    await using engine = await openEngine()
    await engine.apply({ demo: shell('sleep 2', { restart: { condition: 'no' } }) })
    expect(await engine.until('demo', ({ readiness }) => readiness === 'ready')).toMatchObject({
      completed: false,
    })
    await engine.until('demo', ({ completed }) => completed)
  })

  it('that runs once and fails says how its container ended', async () => {
    await using engine = await openEngine()
    await engine.apply({ demo: shell('exit 7', { restart: { condition: 'no' } }) })
    const { reason } = await engine.until('demo', ({ readiness }) => readiness === 'failed')
    expect(reason).toMatchObject({ code: 'JOB_FAILED', message: expect.stringContaining('with code 7') })
  })

  it('waits where the quota is used up, and goes on when there is room', { timeout: 180_000 }, async () => {
    await using engine = await openEngine()
    await using api = openApi()
    const quotas = `/api/v1/namespaces/${engine.identity.namespace}/resourcequotas`
    await api.send('POST', quotas, { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } })
    const isCounted = async () =>
      (await api.send<{ status?: { hard?: object } }>('GET', `${quotas}/none`)).status?.hard
    await waitFor('the quota', isCounted)
    await engine.apply({ demo: service() })
    const { readiness, reason } = await engine.until(
      'demo',
      ({ reason }) => reason?.code === 'QUOTA_EXCEEDED',
    )
    expect(readiness).toBe('pending')
    expect(reason?.message).toContain('exceeded quota: none')
    await api.send('DELETE', `${quotas}/none`)
    await engine.until('demo', ({ readiness }) => readiness === 'ready')
  })

  it('that runs once waits for the quota too', { timeout: 180_000 }, async () => {
    await using engine = await openEngine()
    await using api = openApi()
    const quotas = `/api/v1/namespaces/${engine.identity.namespace}/resourcequotas`
    await api.send('POST', quotas, { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } })
    const isCounted = async () =>
      (await api.send<{ status?: { hard?: object } }>('GET', `${quotas}/none`)).status?.hard
    await waitFor('the quota', isCounted)
    await engine.apply({ demo: shell('sleep 600', { restart: { condition: 'no' } }) })
    const state = await engine.until('demo', ({ reason }) => reason?.code === 'QUOTA_EXCEEDED')
    expect(state).toMatchObject({
      readiness: 'pending',
      reason: { message: expect.stringContaining('exceeded quota: none') },
    })
    await api.send('DELETE', `${quotas}/none`)
    await engine.until('demo', ({ readiness }) => readiness === 'ready')
  })

  it('whose image is being pulled says so', { timeout: 180_000 }, async () => {
    const released = Promise.withResolvers<undefined>()
    await using registry = await startRegistry({ source: { ...NO_IMAGES, manifest: () => released.promise } })
    await using engine = await openEngine()
    await engine.apply({ demo: service({ image: `${registry.host}/demo/slow:1` }) })
    const { reason } = await engine.until('demo', ({ reason }) => reason?.code === 'PULLING')
    expect(reason?.message).toBe(`Its image ${registry.host}/demo/slow:1 is being pulled`)
    released.resolve(undefined)
    await engine.until('demo', ({ readiness }) => readiness === 'failed')
  })

  it('whose volume can not be mounted fails in the words of the kubelet', async () => {
    await using engine = await openEngine()
    const { stages } = await engine.apply({ demo: service() })
    const [stage] = stages
    const workload = stage?.manifests.find(({ body }) => body.kind === 'Deployment')
    const pod = Object(workload?.body).spec.template.spec
    pod.volumes = [{ name: 'key', secret: { secretName: 'never-made' } }]
    pod.containers[0].volumeMounts = [{ name: 'key', mountPath: '/key' }]
    const { identity, orchestrator } = engine
    const fence = engine.fence('job2')
    await orchestrator.apply({ identity, stage: must(stage), mode: 'update', fence, memo: {} }, signal)
    const { reason } = await engine.until('demo', ({ readiness }) => readiness === 'failed')
    expect(reason).toMatchObject({
      code: 'MOUNT_FAILED',
      message: expect.stringContaining('"never-made" not found'),
    })
  })

  it('is judged by its new pods when it is updated', async () => {
    await using engine = await openEngine()
    await engine.apply({ demo: service({ image: MISSING_IMAGE }) })
    await engine.until('demo', ({ readiness }) => readiness === 'failed')
    await engine.apply({ demo: service() }, { mode: 'update', job: 'job2' })
    await engine.until('demo', ({ readiness }) => readiness === 'ready')
  })
})

describe('a removal', () => {
  it('leaves nothing, says what still ends, and may be repeated', async () => {
    await using engine = await openEngine()
    const { orchestrator, identity } = engine
    await engine.apply({
      web: service({ ports: [port(8888)] }),
      once: shell('sleep 600', { restart: { condition: 'no' }, dependsOn: { web: dependency() } }),
    })
    await engine.until('once', ({ readiness }) => readiness === 'ready')
    const first = await orchestrator.remove(identity, signal)
    expect(first.changes.map(({ subject }) => subject).sort()).toEqual([
      'Deployment/demo-web',
      'Job/demo-once',
      'Service/demo--net',
      'Service/demo-web',
    ])
    expect(first.remaining.some((subject) => subject.startsWith('Pod/'))).toBe(true)
    await engine.untilGone()
    expect(await orchestrator.remove(identity, signal)).toEqual({ changes: [], remaining: [] })
    expect(engine.told.at(-1)).toMatchObject({ identity, services: {}, remaining: [] })
  })

  it('lets go at once of pods that never ran', async () => {
    await using engine = await openEngine()
    const image = MISSING_IMAGE
    await engine.apply({ web: service({ image }), once: service({ image, restart: { condition: 'no' } }) })
    await engine.until('web', ({ readiness }) => readiness === 'failed')
    await engine.until('once', ({ readiness }) => readiness === 'failed')
    await waitFor('nothing to remain', async () => {
      const { remaining } = await engine.orchestrator.remove(engine.identity, signal)
      return remaining.length === 0
    })
    const isForced = /^DELETE .*\/pods\/.* 200$/
    expect(engine.requests.filter((request) => isForced.test(request))).toHaveLength(2)
  })

  it('takes the pods that a Job has left behind', async () => {
    await using engine = await openEngine()
    const { orchestrator, identity } = engine
    await engine.apply({ demo: shell('sleep 600', { restart: { condition: 'no' } }) })
    await engine.until('demo', ({ readiness }) => readiness === 'ready')
    await using api = openApi()
    await api.send(
      'DELETE',
      `/apis/batch/v1/namespaces/${identity.namespace}/jobs/demo?propagationPolicy=Orphan`,
    )
    await waitFor('the orphan', () =>
      engine.told.at(-1)?.remaining.every((subject) => subject.startsWith('Pod/')),
    )
    await waitFor('its deletion', async () => {
      const { changes } = await orchestrator.remove(identity, signal)
      return changes.some(({ subject }) => subject.startsWith('Pod/'))
    })
    await engine.untilGone()
  })
})

describe('the cluster', () => {
  it('tells its facts and that it can be reached', async () => {
    await using engine = await openEngine()
    const facts = await engine.orchestrator.facts(signal)
    expect(facts.version.major).toBe(1)
    expect(facts.dns?.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
    expect(await engine.orchestrator.reachability(signal)).toMatchObject({ reachable: true })
  })
})
