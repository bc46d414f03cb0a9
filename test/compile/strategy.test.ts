import { describe, expect, test } from 'vitest'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import type { Rollout } from '../../src/system/deploy.ts'
import { emptyDeploy } from '../../src/system/empty.ts'
import { at, compileServices, identity, remarks, service, system } from './specs.ts'

const none = { delayMs: null, failureAction: null, monitorMs: null, maxFailureRatio: null, order: null }

function updated(given: Partial<Rollout>) {
  const update = { parallelism: null, ...none, ...given }
  return compileServices({ web: service({ deploy: { ...emptyDeploy(), update } }) })
}

const spec = (given: Partial<Rollout>) => at(updated(given), 'Deployment/shop-web', 'spec')

test.each<[Partial<Rollout>, object]>([
  [{}, { maxSurge: 0, maxUnavailable: 1 }],
  [{ parallelism: 2 }, { maxSurge: 0, maxUnavailable: 2 }],
  [
    { parallelism: 2, order: 'start-first' },
    { maxSurge: 2, maxUnavailable: 0 },
  ],
  [
    { parallelism: 0, order: 'stop-first' },
    { maxSurge: 0, maxUnavailable: '100%' },
  ],
  [
    { parallelism: 0, order: 'start-first' },
    { maxSurge: '100%', maxUnavailable: 0 },
  ],
])('replaces pods as %j says', (given, rollingUpdate) => {
  expect(spec(given)).toMatchObject({ strategy: { type: 'RollingUpdate', rollingUpdate } })
  expect(spec(given)).not.toHaveProperty('minReadySeconds')
})

test('leaves the strategy to Kubernetes where the file says nothing', () => {
  expect(at(compileServices({ web: service() }), 'Deployment/shop-web', 'spec')).not.toHaveProperty(
    'strategy',
  )
})

test('waits for the longer of the delay and the watch over a new pod', () => {
  expect(spec({ delayMs: 10_000, monitorMs: 5_000 })).toMatchObject({ minReadySeconds: 10 })
  expect(spec({ delayMs: 10_000, monitorMs: 15_000 })).toMatchObject({ minReadySeconds: 15 })
})

test('gives a long wait a longer deadline, as Kubernetes asks', () => {
  expect(spec({ delayMs: 600_000 })).toMatchObject({ minReadySeconds: 600, progressDeadlineSeconds: 1200 })
})

test('says what of an update is done otherwise', () => {
  const path = 'services.web.deploy.update_config'
  expect(remarks(updated({ failureAction: 'pause', maxFailureRatio: 0 }))).toEqual([])
  expect(remarks(updated({ failureAction: 'rollback', delayMs: 10 }))).toEqual([
    `info NO_EFFECT ${path}.failure_action`,
    `info DURATION_ROUNDED ${path}.delay`,
  ])
  expect(remarks(updated({ failureAction: 'continue', maxFailureRatio: 0.5 }))).toEqual([
    `warning NOT_APPLIED ${path}.failure_action`,
    `warning NOT_APPLIED ${path}.max_failure_ratio`,
  ])
})

test('says that the watch over a new pod holds up the next one', () => {
  const path = 'services.web.deploy.update_config'
  expect(remarks(updated({ monitorMs: 15_000, delayMs: 10_000 }))).toEqual([
    `info MONITOR_DELAYS ${path}.monitor`,
  ])
  expect(remarks(updated({ monitorMs: 5_000, delayMs: 10_000 }))).toEqual([])
})

describe('what holds a volume alone', () => {
  const volume = { name: null, external: false, driver: null, driverOptions: {}, labels: {} }
  const mount = {
    type: 'volume',
    volume: 'data',
    target: '/data',
    readOnly: false,
    consistency: null,
  } as const
  const holding = (accessMode?: string) => {
    const update = { ...none, parallelism: null, order: 'start-first', delayMs: 10_000 } as const
    const mounts = [{ ...mount, subpath: null, noCopy: true, labels: {}, extensions: {} }]
    const web = service({ mounts, deploy: { ...emptyDeploy(), update } })
    const volumes = { data: { ...volume, extensions: { 'x-k8s': accessMode ? { accessMode } : {} } } }
    return compile({ identity, spec: { ...system({ web }), volumes }, exposure: 'nodePort' })
  }

  test('stops before it starts anew, with a warning where the file asks for the opposite', () => {
    expect(at(holding(), 'Deployment/shop-web', 'spec')).toMatchObject({
      strategy: { type: 'Recreate' },
      minReadySeconds: 10,
    })
    expect(remarks(holding())).toEqual(['warning NOT_APPLIED services.web.deploy.update_config.order'])
  })

  test('does as the file says where many nodes can hold the volume', () => {
    const many = holding('ReadWriteMany')
    expect(at(many, 'Deployment/shop-web', 'spec.strategy')).toMatchObject({ type: 'RollingUpdate' })
    expect(remarks(many)).toEqual([])
  })
})
