import { describe, expect, test } from 'vitest'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { DEFAULT_POLICY } from '../../src/system/policy.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { at, healthcheck, identity, remarks, service, system } from './specs.ts'

const POD = 'spec.template.spec'
const CONTAINER = `${POD}.containers.0`

function extended(
  own: object,
  all: object = {},
  given: Partial<ServiceSpec> = {},
  serviceAccounts = ['reader'],
) {
  const web = service({ extensions: { 'x-k8s': own }, ...given })
  const spec = { ...system({ web }), extensions: { 'x-k8s': all } }
  const policy = { ...DEFAULT_POLICY, serviceAccounts }
  return compile({ identity, spec, exposure: 'nodePort', policy })
}

describe('x-k8s', () => {
  test('places pods where the system and the service say, the service before the system', () => {
    const toleration = { key: 'gpu', operator: 'Exists' }
    const platform = { os: 'linux', architecture: null, variant: null }
    const compiled = extended(
      { nodeSelector: { disk: 'ssd' }, tolerations: [toleration], imagePullSecrets: ['own', 'all'] },
      { nodeSelector: { disk: 'hdd', zone: 'a' }, imagePullSecrets: ['all'] },
      { platform },
    )
    expect(at(compiled, 'Deployment/shop-web', POD)).toMatchObject({
      nodeSelector: { 'kubernetes.io/os': 'linux', disk: 'ssd', zone: 'a' },
      tolerations: [toleration],
      imagePullSecrets: [{ name: 'all' }, { name: 'own' }],
      automountServiceAccountToken: false,
    })
    expect(remarks(compiled)).toEqual([])
  })

  test('gives the token of an account that the operator allows, and refuses another', () => {
    expect(at(extended({ serviceAccount: 'reader' }), 'Deployment/shop-web', POD)).toMatchObject({
      serviceAccountName: 'reader',
      automountServiceAccountToken: true,
    })
    expect(remarks(extended({ serviceAccount: 'admin' }, { serviceAccount: 'root' }))).toEqual([
      'error NOT_ALLOWED x-k8s.serviceAccount',
      'error NOT_ALLOWED services.web.x-k8s.serviceAccount',
    ])
  })

  test('has probes of its own, of which readiness takes the place of the healthcheck', () => {
    const liveness = { httpGet: { path: '/live', port: 80 } }
    const readiness = { tcpSocket: { port: 80 } }
    const given = { healthcheck: healthcheck() }
    expect(at(extended({ liveness, readiness }, {}, given), 'Deployment/shop-web', CONTAINER)).toMatchObject({
      livenessProbe: liveness,
      readinessProbe: readiness,
    })
    expect(at(extended({ startup: readiness }, {}, given), 'Deployment/shop-web', CONTAINER)).toMatchObject({
      startupProbe: readiness,
      readinessProbe: { exec: { command: ['true'] } },
    })
  })

  test('names the image of what the file builds', () => {
    expect(at(extended({ image: 'registry/web:1' }), 'Deployment/shop-web', `${CONTAINER}.image`)).toBe(
      'registry/web:1',
    )
  })

  test('says what runs the service', () => {
    const once = { restart: { condition: 'no' } } as const
    expect(at(extended({ controller: 'daemonset' }), 'DaemonSet/shop-web', 'kind')).toBe('DaemonSet')
    expect(at(extended({ controller: 'deployment' }, {}, once), 'Deployment/shop-web', 'kind')).toBe(
      'Deployment',
    )
  })
})

describe("Kompose's labels", () => {
  const labelled = (labels: Record<string, string>, own: object = {}) => extended(own, {}, { labels })

  test('say the same as x-k8s, which comes before them', () => {
    const labels = {
      'kompose.controller.type': 'DaemonSet',
      'kompose.image-pull-secret': 'registry',
      'kompose.serviceaccount-name': 'reader',
    }
    expect(at(labelled(labels), 'DaemonSet/shop-web', POD)).toMatchObject({
      imagePullSecrets: [{ name: 'registry' }],
      serviceAccountName: 'reader',
    })
    expect(remarks(labelled(labels))).toEqual([])
    const own = { controller: 'deployment', imagePullSecrets: ['own'] }
    expect(at(labelled(labels, own), 'Deployment/shop-web', `${POD}.imagePullSecrets`)).toEqual([
      { name: 'own' },
    ])
  })

  test.each([
    ['kompose.controller.type', 'replicaset', 'INVALID_KOMPOSE_LABEL'],
    ['kompose.controller.type', 'toString', 'INVALID_KOMPOSE_LABEL'],
    ['kompose.serviceaccount-name', 'admin', 'NOT_ALLOWED'],
  ])('%s: %s is refused', (label, value, code) => {
    expect(remarks(labelled({ [label]: value }))).toEqual([`error ${code} services.web.labels.${label}`])
  })
})
