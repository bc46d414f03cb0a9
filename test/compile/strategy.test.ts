import { expect, test } from 'vitest'
import type { Rollout } from '../../src/system/deploy.ts'
import { emptyDeploy } from '../../src/system/empty.ts'
import { at, compileServices, remarks, service } from './specs.ts'

function updated(given: Partial<Rollout>) {
  const none = { delayMs: null, failureAction: null, monitorMs: null, maxFailureRatio: null, order: null }
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
