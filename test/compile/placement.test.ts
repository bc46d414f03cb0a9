import { describe, expect, test } from 'vitest'
import { emptyDeploy } from '../../src/system/empty.ts'
import { at, compileServices, identity, remarks, service } from './specs.ts'

const POD = 'spec.template.spec'
const matchLabels = { 'tycho.io/sid': identity.sid, 'tycho.io/service': 'web' }

function placed(given: { constraints?: string[]; spread?: string[]; maxReplicasPerNode?: number }) {
  const placement = { constraints: [], spread: [], maxReplicasPerNode: null, ...given }
  return compileServices({ web: service({ replicas: 3, deploy: { ...emptyDeploy(), placement } }) })
}

const requirements = (constraint: string) =>
  at(
    placed({ constraints: [constraint] }),
    'Deployment/shop-web',
    `${POD}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions`,
  )

describe('a constraint', () => {
  test.each([
    ['node.labels.zone == a', { key: 'zone', operator: 'In', values: ['a'] }],
    ['node.labels.example.org/disk!=ssd', { key: 'example.org/disk', operator: 'NotIn', values: ['ssd'] }],
    ['node.hostname==n1', { key: 'kubernetes.io/hostname', operator: 'In', values: ['n1'] }],
    ['node.platform.arch == x86_64', { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] }],
    ['node.platform.os != windows', { key: 'kubernetes.io/os', operator: 'NotIn', values: ['windows'] }],
    ['node.role == manager', { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
    ['node.role != manager', { key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }],
    ['node.role == worker', { key: 'node-role.kubernetes.io/control-plane', operator: 'DoesNotExist' }],
  ])('%s is a requirement of the node', (constraint, requirement) => {
    expect(requirements(constraint)).toEqual([requirement])
  })

  test.each(['node.id == 1', 'engine.labels.a == b', 'zone', 'node.role == king', 'node.labels.a == b c'])(
    '%s is refused at its place',
    (constraint) => {
      expect(remarks(placed({ constraints: ['node.labels.zone == a', constraint] }))).toEqual([
        'error INVALID_PLACEMENT services.web.deploy.placement.constraints[1]',
      ])
    },
  )
})

test('spreads the copies over the values of a label as well as it can', () => {
  const compiled = placed({ spread: ['node.labels.zone'] })
  expect(at(compiled, 'Deployment/shop-web', `${POD}.topologySpreadConstraints`)).toEqual([
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels } },
  ])
  expect(remarks(placed({ spread: ['zone'] }))).toEqual([
    'error INVALID_PLACEMENT services.web.deploy.placement.preferences[0]',
  ])
})

test('keeps a second copy away from a node, and makes room before it replaces one', () => {
  const compiled = placed({ maxReplicasPerNode: 1 })
  const term = { labelSelector: { matchLabels }, topologyKey: 'kubernetes.io/hostname' }
  expect(at(compiled, 'Deployment/shop-web', `${POD}.affinity`)).toEqual({
    podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
  })
  expect(at(compiled, 'Deployment/shop-web', 'spec.strategy.rollingUpdate')).toEqual({
    maxSurge: 0,
    maxUnavailable: 1,
  })
})

test('spreads where a node may have some copies, and warns that this is not the same', () => {
  const compiled = placed({ maxReplicasPerNode: 2 })
  expect(at(compiled, 'Deployment/shop-web', `${POD}.topologySpreadConstraints`)).toMatchObject([
    { maxSkew: 2, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' },
  ])
  expect(remarks(compiled)).toEqual([
    'warning MAX_REPLICAS_INEXACT services.web.deploy.placement.max_replicas_per_node',
  ])
})
