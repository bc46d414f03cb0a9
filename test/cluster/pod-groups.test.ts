// Services that share a pod, before a real kubelet.
import { expect, it } from 'vitest'
import { emptyNamespaces } from '../../src/system/empty.ts'
import { isCurrent } from '../../src/system/readiness.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { dependency, healthcheck, port, service } from '../compile/specs.ts'
import { openEngine } from '../kit/engine.ts'

const signal = new AbortController().signal

/** Says the word on port 8000, to whoever asks. */
const server = (word: string) =>
  service({
    image: 'demo/shell',
    command: ['sh', '-c', `mkdir /tmp/www; echo ${word} > /tmp/www/index.html; httpd -f -p 8000 -h /tmp/www`],
    ports: [port(8000)],
    stopGracePeriodMs: 1_000,
  })

/** Lives in the network of `web`, and is well when it hears the word on its own loopback address. */
function listener(word: string, given: Partial<ServiceSpec> = {}): ServiceSpec {
  const command = `wget -qO- http://127.0.0.1:8000/ | grep -q ${word}`
  return service({
    image: 'demo/shell',
    command: ['sleep', '600'],
    restart: { condition: 'unset' },
    namespaces: { ...emptyNamespaces(), network: { kind: 'service', service: 'web' } },
    dependsOn: { web: dependency({ restart: true }) },
    healthcheck: healthcheck({ test: { kind: 'shell', command }, intervalMs: 1_000 }),
    stopGracePeriodMs: 1_000,
    ...given,
  })
}

const isReady = ({ readiness }: { readiness: string }) => readiness === 'ready'

it('a service reaches the one whose network it shares on 127.0.0.1; both become ready, are updated, and go', async () => {
  await using engine = await openEngine()
  const first = await engine.apply({ web: server('hello'), log: listener('hello') })
  expect(first.changes.map(({ subject }) => subject)).toEqual([
    'Service/demo--net',
    'Service/demo-web',
    'Deployment/demo-web',
  ])
  expect(first.endpoints).toMatchObject([{ service: 'web', containerPort: 8000 }])
  expect(first.versions.log).toEqual(first.versions.web)
  await engine.until('log', isReady)
  await engine.until('web', isReady)

  const update = { mode: 'update' as const, job: 'job2' }
  const second = await engine.apply({ web: server('bye'), log: listener('bye') }, update)
  const isNew = (state: Parameters<typeof isCurrent>[0]) =>
    isReady(state) && isCurrent(state, second.versions.log)
  await engine.until('log', isNew)
  await engine.until('web', isNew)

  await engine.orchestrator.remove(engine.identity, signal)
  await engine.untilGone()
})

it('a service that fails in a shared pod is told under its own name', async () => {
  await using engine = await openEngine()
  await engine.apply({ web: server('hello'), log: listener('hello', { entrypoint: ['/no/such/program'] }) })
  const log = await engine.until('log', ({ readiness }) => readiness === 'failed')
  expect(log.reason).toMatchObject({ code: 'CONTAINER_START_FAILED' })
  const web = await engine.until('web', ({ started }) => started)
  expect(web).toMatchObject({ readiness: 'pending', reason: { code: 'POD_NOT_READY' } })
})

it('a service moves into the pod of another one, and out of it again', async () => {
  await using engine = await openEngine()
  const namespaces = emptyNamespaces()
  const alone = listener('hello', {
    namespaces,
    dependsOn: {},
    healthcheck: null,
    restart: { condition: 'always' },
  })
  await engine.apply({ web: server('hello'), log: alone })
  await engine.until('log', isReady)

  const joined = await engine.apply(
    { web: server('hello'), log: listener('hello') },
    { mode: 'update', job: 'job2' },
  )
  await engine.until('log', (state) => isReady(state) && isCurrent(state, joined.versions.log))
  const gone = await engine.orchestrator.prune(engine.identity, joined.stages, engine.fence('job2'), signal)
  expect(gone).toEqual([{ subject: 'Deployment/demo-log', action: 'deleted' }])

  const parted = await engine.apply({ web: server('hello'), log: alone }, { mode: 'update', job: 'job3' })
  const isNew = (name: string) => (state: Parameters<typeof isCurrent>[0]) =>
    isReady(state) && isCurrent(state, parted.versions[name])
  await engine.until('log', isNew('log'))
  await engine.until('web', isNew('web'))
})
