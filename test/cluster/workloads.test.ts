// Kinds of workloads, and what their pods do before they start and end, before a real kubelet.
import { expect, it } from 'vitest'
import { emptyDeploy, emptySystem } from '../../src/system/empty.ts'
import type { Hook } from '../../src/system/process.ts'
import { isCurrent } from '../../src/system/readiness.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { healthcheck, limits, service } from '../compile/specs.ts'
import { openApi } from '../kit/cluster/cluster.ts'
import { openEngine } from '../kit/engine.ts'
import { waitFor } from '../kit/wait.ts'

const signal = new AbortController().signal
const sleeper = (given: Partial<ServiceSpec>) =>
  service({ image: 'demo/shell', command: ['sleep', '600'], stopGracePeriodMs: 1_000, ...given })

function hook(command: string[], given: Partial<Hook> = {}): Hook {
  const none = { image: null, user: null, privileged: false, workingDir: null, environment: {} }
  return { command, ...none, perReplica: true, ...given }
}

it('a service on every node becomes ready, is updated, and goes', async () => {
  await using engine = await openEngine()
  const agent = (environment: Record<string, string>) =>
    sleeper({ environment, deploy: { ...emptyDeploy(), mode: 'global' } })
  const first = await engine.apply({ demo: agent({ A: '1' }) })
  expect(first.changes).toEqual([{ subject: 'DaemonSet/demo', action: 'created' }])
  await engine.until('demo', ({ readiness }) => readiness === 'ready')
  const update = { mode: 'update' as const, job: 'job2' }
  const second = await engine.apply({ demo: agent({ A: '2' }) }, update)
  expect(second.changes).toEqual([{ subject: 'DaemonSet/demo', action: 'configured' }])
  await engine.until('demo', (state) => state.readiness === 'ready' && isCurrent(state, second.versions.demo))
  const again = await engine.apply({ demo: agent({ A: '2' }) }, { mode: 'update', job: 'job3' })
  expect(again.changes).toEqual([{ subject: 'DaemonSet/demo', action: 'unchanged' }])
  await engine.orchestrator.remove(engine.identity, signal)
  await engine.untilGone()
})

it('a service is ready when what runs before and after its start has done its work', async () => {
  await using engine = await openEngine()
  const mount = {
    type: 'tmpfs' as const,
    target: '/work',
    readOnly: false,
    consistency: null,
    extensions: {},
  }
  const steps = [
    hook(['sh', '-c', 'echo "$A" > one'], { workingDir: '/work', environment: { A: `it's $HOME` } }),
    hook(['touch', '/work/two']),
  ]
  const test = `test "$(cat /work/one)" = "it's "'$HOME' && test -e /work/two && test "$(cat /work/three)" = 'a b'`
  const demo = sleeper({
    mounts: [{ ...mount, sizeBytes: null, mode: null, options: [] }],
    hooks: {
      preStart: steps,
      postStart: [
        hook(['sh', '-c', 'echo "$B" > three'], { workingDir: '/work', environment: { B: 'a b' } }),
        hook(['test', '-e', '/work/three']),
      ],
      preStop: [hook(['true'])],
    },
    healthcheck: healthcheck({ test: { kind: 'shell', command: test }, intervalMs: 1_000 }),
  })
  await engine.apply({ demo })
  await engine.until('demo', ({ readiness }) => readiness === 'ready')
})

it('a StatefulSet is found by the other services, becomes ready, is updated, and goes', async () => {
  await using engine = await openEngine()
  const found = (host: string) =>
    healthcheck({
      test: { kind: 'shell', command: `wget -q -O - http://${host}:8888/ | grep -q Hello` },
      intervalMs: 1_000,
    })
  const store = (given: Partial<ServiceSpec> = {}) =>
    service({
      image: 'demo/shell',
      command: ['sh', '-c', 'mkdir /www && echo Hello > /www/index.html && exec httpd -f -p 8888 -h /www'],
      expose: [{ port: 8888, protocol: 'tcp' }],
      extensions: { 'x-k8s': { controller: 'statefulset' } },
      healthcheck: found('store'),
      stopGracePeriodMs: 1_000,
      ...given,
    })
  const services = (given: Partial<ServiceSpec> = {}) => ({
    store: store(given),
    near: sleeper({ healthcheck: found('store') }),
    far: sleeper({ healthcheck: found('store') }),
  })
  const first = await engine.apply(services())
  const allReady = async () => {
    for (const name of ['store', 'near', 'far'])
      await engine.until(name, ({ readiness }) => readiness === 'ready')
  }
  await allReady()
  expect(first.endpoints).toEqual([])
  const again = await engine.apply(services(), { mode: 'update', job: 'job2' })
  expect(again.changes.filter(({ action }) => action !== 'unchanged')).toEqual([])
  const second = await engine.apply(services({ environment: { A: '2' } }), { mode: 'update', job: 'job3' })
  expect(second.changes).toContainEqual({ subject: 'StatefulSet/demo-store', action: 'configured' })
  await engine.until(
    'store',
    (state) => state.readiness === 'ready' && isCurrent(state, second.versions.store),
  )
  await allReady()
  await engine.orchestrator.remove(engine.identity, signal)
  await engine.untilGone()
})

it('a StatefulSet is made anew where it can not be changed', async () => {
  await using engine = await openEngine()
  const demo = sleeper({ extensions: { 'x-k8s': { controller: 'statefulset' } } })
  await engine.apply({ demo })
  await using api = openApi()
  const path = `/apis/apps/v1/namespaces/${engine.identity.namespace}/statefulsets`
  const made = await api.send<{ spec: object }>('GET', `${path}/demo`)
  await engine.until('demo', ({ readiness }) => readiness === 'ready')
  const { orchestrator, identity } = engine
  const spec = { ...emptySystem(), services: { demo } }
  const compiled = orchestrator.compile(
    { identity, spec, exposure: 'nodePort' },
    await orchestrator.facts(signal),
  )
  const stages = JSON.parse(JSON.stringify(compiled.stages).replace('"Parallel"', '"OrderedReady"'))
  expect(made.spec).toMatchObject({ podManagementPolicy: 'Parallel' })
  const input = { identity, stage: stages[0], mode: 'update' as const, memo: {}, fence: engine.fence('job2') }
  const { changes, versions } = await orchestrator.apply(input, signal)
  expect(changes).toContainEqual({ subject: 'StatefulSet/demo', action: 'recreated' })
  await engine.until('demo', (state) => state.readiness === 'ready' && isCurrent(state, versions.demo))
})

it('a CronJob is ready before it runs, runs, is updated, tells a run that fails, and goes', async () => {
  await using engine = await openEngine()
  const clocked = (command: string[]) =>
    sleeper({
      command,
      restart: { condition: 'no' },
      extensions: { 'x-k8s': { schedule: '* * * * *', concurrencyPolicy: 'Forbid' } },
    })
  const first = await engine.apply({ demo: clocked(['true']) })
  expect(first.changes).toEqual([{ subject: 'CronJob/demo', action: 'created' }])
  const ready = await engine.until('demo', ({ readiness }) => readiness === 'ready')
  expect(ready).toMatchObject({ started: true, completed: false })
  const again = await engine.apply({ demo: clocked(['true']) }, { mode: 'update', job: 'job2' })
  expect(again.changes).toEqual([{ subject: 'CronJob/demo', action: 'unchanged' }])
  const second = await engine.apply({ demo: clocked(['false']) }, { mode: 'update', job: 'job3' })
  expect(second.changes).toEqual([{ subject: 'CronJob/demo', action: 'configured' }])
  const { orchestrator, identity } = engine
  const pruned = () => orchestrator.prune(identity, second.stages, engine.fence('job3'), signal)
  const state = await waitFor(
    'a run that fails',
    () => engine.told.at(-1)?.services.demo?.readiness === 'failed' && engine.told.at(-1)?.services.demo,
    { timeoutMs: 100_000, intervalMs: 100 },
  )
  expect(state).toMatchObject({ reason: { code: 'JOB_FAILED' } })
  expect(await pruned()).toEqual([])
  await orchestrator.remove(identity, signal)
  await engine.untilGone()
})

it('an autoscaler is accepted, leaves the number of pods alone, and goes when nothing asks for it', async () => {
  await using engine = await openEngine()
  const labels = { 'kompose.hpa.cpu': '80', 'kompose.hpa.replicas.min': '2' }
  const scaled = sleeper({ labels, resources: limits({}, { cpus: 0.01 }) })
  const first = await engine.apply({ demo: scaled })
  expect(first.changes).toContainEqual({ subject: 'HorizontalPodAutoscaler/demo', action: 'created' })
  await using api = openApi()
  const path = `/apis/apps/v1/namespaces/${engine.identity.namespace}/deployments/demo`
  const replicas = async () => (await api.send<{ spec: { replicas: number } }>('GET', path)).spec.replicas
  await waitFor('the least number of pods', async () => (await replicas()) === 2, { timeoutMs: 60_000 })
  const again = await engine.apply({ demo: scaled }, { mode: 'update', job: 'job2' })
  expect(again.changes.filter(({ action }) => action !== 'unchanged')).toEqual([])
  expect(await replicas()).toBe(2)
  const fixed = await engine.apply({ demo: sleeper({ replicas: 1 }) }, { mode: 'update', job: 'job3' })
  const { orchestrator, identity } = engine
  await orchestrator.prune(identity, fixed.stages, engine.fence('job3'), signal)
  const left = async () => {
    const url = `/apis/autoscaling/v1/namespaces/${identity.namespace}/horizontalpodautoscalers`
    return (await api.send<{ items: unknown[] }>('GET', url)).items
  }
  await waitFor('the end of the autoscaler', async () => (await left()).length === 0)
})
