import { expect, test } from 'vitest'
import type { DeployMode, Rollout } from '../../src/system/deploy.ts'
import { emptyDeploy } from '../../src/system/empty.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { at, clusterOf, compileServices, dependency, remarks, service } from './specs.ts'

const global = (given: Partial<ServiceSpec> = {}, update: Rollout | null = null) =>
  service({ deploy: { ...emptyDeploy(), mode: 'global', update }, ...given })

const rollout: Rollout = {
  parallelism: 2,
  delayMs: 5_000,
  failureAction: null,
  monitorMs: null,
  maxFailureRatio: null,
  order: 'start-first',
}

test('runs a global service as a DaemonSet', () => {
  const compiled = compileServices({ agent: global() })
  expect(at(compiled, 'DaemonSet/shop-agent', 'spec')).toMatchObject({
    selector: { matchLabels: { 'tycho.io/service': 'agent' } },
    template: { spec: { containers: [{ name: 'agent', image: 'demo/hello' }] } },
  })
  expect(at(compiled, 'DaemonSet/shop-agent', 'spec')).not.toHaveProperty('replicas')
  expect(remarks(compiled)).toEqual([])
})

test('replaces its pods as the file says', () => {
  const of = (minor: number) =>
    at(
      compileServices({ agent: global({}, rollout) }, { facts: clusterOf(minor) }),
      'DaemonSet/shop-agent',
      'spec',
    )
  expect(of(34)).toMatchObject({
    minReadySeconds: 5,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } },
  })
  expect(of(21)).toMatchObject({
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 2 } },
  })
})

test('warns where the cluster is too old to start new pods first', () => {
  const compiled = compileServices({ agent: global({}, rollout) }, { facts: clusterOf(21) })
  expect(remarks(compiled)).toEqual(['warning NOT_APPLIED services.agent.deploy.update_config.order'])
})

test('warns that what runs on every node is always restarted', () => {
  const compiled = compileServices({ agent: global({ restart: { condition: 'no' } }) })
  expect(remarks(compiled)).toEqual(['warning RESTARTS_ALWAYS services.agent.restart'])
})

test('refuses to wait for the end of what runs on every node', () => {
  const after = service({ dependsOn: { agent: dependency({ condition: 'completed' }) } })
  expect(remarks(compileServices({ agent: global(), after }))).toEqual([
    'error DEPENDENCY_NEVER_COMPLETES services.after.depends_on.agent',
  ])
})

test.each<[DeployMode, string]>([
  ['replicated-job', 'Job/shop-agent'],
  ['replicated', 'Deployment/shop-agent'],
])('runs mode %s as %s', (mode, subject) => {
  const deploy = { ...emptyDeploy(), mode }
  const compiled = compileServices({ agent: service({ restart: { condition: 'unset' }, deploy }) })
  expect(at(compiled, subject, 'kind')).toBe(subject.split('/')[0])
})

test('refuses a job on every node', () => {
  const deploy = { ...emptyDeploy(), mode: 'global-job' as const }
  expect(remarks(compileServices({ agent: service({ deploy }) }))).toEqual([
    'error NOT_ON_KUBERNETES services.agent.deploy.mode',
  ])
})
