// Kompose's labels: each does what it does there, or is refused at its place.
import { describe, expect, test } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { DEFAULT_POLICY, type Policy } from '../../src/system/policy.ts'
import { at, clusterOf, identity, remarks, subjects } from './specs.ts'

const POD = 'spec.template.spec'
const CONTAINER = `${POD}.containers.0`
const DEPLOYMENT = 'Deployment/shop-web'

type Given = {
  web?: object
  beside?: object
  policy?: Partial<Policy>
  minor?: number
  deployLabels?: Record<string, string>
}

function compiled(labels: Record<string, string>, given: Given = {}) {
  const { web = {}, beside = {}, policy = {}, minor = 34, deployLabels } = given
  const deploy = deployLabels ? { deploy: { labels: deployLabels } } : {}
  const services = { web: { image: 'nginx', restart: 'always', user: '1000', labels, ...deploy, ...web } }
  const { spec, problems } = parseCompose({ compose: { services, ...beside }, env: {} })
  if (!spec) throw new Error(JSON.stringify(problems))
  const input = { identity, spec, exposure: 'nodePort' as const, policy: { ...DEFAULT_POLICY, ...policy } }
  return compile(input, clusterOf(minor))
}

const refused = (label: string) => `error INVALID_KOMPOSE_LABEL services.web.labels.${label}`
const healthcheck = { test: ['CMD', 'true'], interval: '10s', timeout: '5s', retries: 4 }
const timings = { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 4 }

describe('a label of the pod', () => {
  test.each([
    ['always', 'Always'],
    ['Never', 'Never'],
    ['IfNotPresent', 'IfNotPresent'],
  ])('kompose.image-pull-policy: %s', (given, policy) => {
    const result = compiled({ 'kompose.image-pull-policy': given }, { web: { pull_policy: 'always' } })
    expect(at(result, DEPLOYMENT, `${CONTAINER}.imagePullPolicy`)).toBe(policy)
    expect(remarks(result)).toEqual([])
  })

  test('kompose.security-context.fsgroup, which x-k8s comes before', () => {
    const labels = { 'kompose.security-context.fsgroup': '2000' }
    expect(at(compiled(labels), DEPLOYMENT, `${POD}.securityContext.fsGroup`)).toBe(2000)
    const web = { 'x-k8s': { podSecurity: { fsGroup: 3000 } } }
    expect(at(compiled(labels, { web }), DEPLOYMENT, `${POD}.securityContext.fsGroup`)).toBe(3000)
  })

  test('kompose.ephemeral-storage, which stands at deploy.labels', () => {
    const deployLabels = {
      'kompose.ephemeral-storage.request': '1Gi',
      'kompose.ephemeral-storage.limit': '2Gi',
    }
    expect(at(compiled({}, { deployLabels }), DEPLOYMENT, `${CONTAINER}.resources`)).toEqual({
      requests: { 'ephemeral-storage': '1Gi' },
      limits: { 'ephemeral-storage': '2Gi' },
    })
    expect(remarks(compiled(deployLabels))).toEqual(Object.keys(deployLabels).map(refused))
    expect(remarks(compiled({}, { deployLabels: { 'kompose.ephemeral-storage.limit': 'much' } }))).toEqual([
      'error INVALID_KOMPOSE_LABEL services.web.deploy.labels.kompose.ephemeral-storage.limit',
    ])
  })

  test('kompose.controller.port.expose opens ports of the node, where the operator allows it', () => {
    const labels = { 'kompose.controller.port.expose': 'true' }
    const web = { ports: ['8080:80'] }
    expect(remarks(compiled(labels, { web }))).toEqual(['error HOST_PORT_REFUSED services.web.ports[0]'])
    const allowed = compiled(labels, { web, policy: { allow: ['host_ports'] } })
    expect(at(allowed, DEPLOYMENT, `${CONTAINER}.ports`)).toEqual([
      { containerPort: 80, protocol: 'TCP', hostPort: 8080 },
    ])
  })

  test('kompose.init.containers is one more container before the service, without its volumes and variables', () => {
    const labels = {
      'kompose.init.containers.name': 'wait',
      'kompose.init.containers.image': 'busybox',
      'kompose.init.containers.command': '["sh", "-c", "echo $(HOME)"]',
    }
    const web = { environment: { A: '1' }, volumes: ['data:/data'] }
    const result = compiled(labels, { web, beside: { volumes: { data: {} } } })
    expect(at(result, DEPLOYMENT, `${POD}.initContainers`)).toMatchObject([
      { name: 'init--wait', image: 'busybox', command: ['sh', '-c', 'echo $$(HOME)'] },
    ])
    for (const key of ['env', 'volumeMounts'])
      expect(at(result, DEPLOYMENT, `${POD}.initContainers.0`)).not.toHaveProperty(key)
    expect(remarks(compiled(labels, { policy: { images: ['nginx'] } }))).toEqual([
      'error IMAGE_NOT_ALLOWED services.web.labels.kompose.init.containers.image',
    ])
  })
})

describe('a label of a probe', () => {
  const at0 = (labels: Record<string, string>, key: string, web: object = {}) =>
    at(compiled(labels, { web }), DEPLOYMENT, `${CONTAINER}.${key}`)

  test('asks for a liveness probe at the times of the healthcheck', () => {
    const labels = {
      'kompose.service.healthcheck.liveness.http_get_path': '/live',
      'kompose.service.healthcheck.liveness.http_get_port': '80',
    }
    expect(at0(labels, 'livenessProbe', { healthcheck })).toEqual({
      httpGet: { path: '/live', port: 80 },
      ...timings,
    })
    const tcp = { 'kompose.service.healthcheck.liveness.tcp_port': '80' }
    expect(at0(tcp, 'livenessProbe')).toEqual({ tcpSocket: { port: 80 } })
  })

  test('asks for another readiness probe than the healthcheck, or for none', () => {
    const tcp = { 'kompose.service.healthcheck.readiness.tcp_port': '80' }
    expect(at0(tcp, 'readinessProbe', { healthcheck })).toEqual({ tcpSocket: { port: 80 }, ...timings })
    const test = {
      'kompose.service.healthcheck.readiness.test': 'CMD curl -f "http://localhost"',
      'kompose.service.healthcheck.readiness.interval': '1m30s',
      'kompose.service.healthcheck.readiness.retries': '5',
    }
    expect(at0(test, 'readinessProbe')).toMatchObject({
      exec: { command: ['/bin/sh', '-c', 'curl -f "http://localhost"'] },
      periodSeconds: 90,
      failureThreshold: 5,
    })
    const off = { 'kompose.service.healthcheck.readiness.disable': 'true' }
    expect(at0(off, 'readinessProbe', { healthcheck })).toBeUndefined()
  })
})

describe('a label of the volumes', () => {
  const mounted = (labels: Record<string, string>, data: object = {}) =>
    compiled(labels, { web: { volumes: ['data:/data'] }, beside: { volumes: { data } } })
  const CLAIM = 'PersistentVolumeClaim/shop-data'

  test('says size and class of what the service mounts, after what the volume says itself', () => {
    const labels = { 'kompose.volume.size': '5Gi', 'kompose.volume.storage-class-name': 'slow' }
    expect(at(mounted(labels), CLAIM, 'spec')).toMatchObject({
      resources: { requests: { storage: '5Gi' } },
      storageClassName: 'slow',
    })
    const own = { labels: { 'kompose.volume.size': '7Gi' } }
    expect(at(mounted(labels, own), CLAIM, 'spec.resources.requests.storage')).toBe('7Gi')
  })

  test('says which volumes may stand behind a claim', () => {
    const selector = (given: string) =>
      at(mounted({}, { labels: { 'kompose.volume.selector': given } }), CLAIM, 'spec.selector')
    expect(selector('disk=fast, zone=a')).toEqual({ matchLabels: { disk: 'fast', zone: 'a' } })
    expect(selector('db')).toEqual({ matchLabels: { 'io.kompose.service': 'db' } })
    expect(remarks(mounted({}, { labels: { 'kompose.volume.type': 'x' } }))).toContain(
      'error INVALID_VOLUME_SETTING volumes.data.labels.kompose.volume.type',
    )
  })

  test('mounts a part of the volume', () => {
    const part = mounted({ 'kompose.volume.subpath': 'a/b' })
    expect(at(part, DEPLOYMENT, `${CONTAINER}.volumeMounts.0.subPath`)).toBe('a/b')
    expect(remarks(mounted({ 'kompose.volume.subpath': '../a' }))).toContain(
      refused('kompose.volume.subpath'),
    )
  })

  test('takes room that goes with the pod in place of a claim', () => {
    const result = mounted({ 'kompose.volume.type': 'emptyDir' })
    expect(at(result, DEPLOYMENT, `${POD}.volumes`)).toEqual([{ name: 'own-0', emptyDir: {} }])
    expect(subjects(result)).not.toContain(CLAIM)
    expect(remarks(mounted({ 'kompose.volume.type': 'configMap' }))).toContain(
      'warning KOMPOSE_LABEL_IGNORED services.web.labels.kompose.volume.type',
    )
  })
})

describe('kompose.service.name_override', () => {
  test('names the objects of the service, as it is', () => {
    const labels = { 'kompose.service.name_override': 'front' }
    const result = compiled(labels, { web: { ports: ['80'] } })
    expect(subjects(result)).toEqual(['Deployment/front', 'Service/front'])
    expect(result.objectNames).toEqual(['front'])
    expect(at(result, 'Deployment/front', `${POD}.hostname`)).toBe('web')
  })

  test('is refused where the system has the name, or it is none', () => {
    const label = 'kompose.service.name_override'
    expect(remarks(compiled({ [label]: 'Front' }))).toContain(refused(label))
    expect(remarks(compiled({ [label]: 'shop--net' }))).toContain(refused(label))
  })
})

describe('kompose.hpa', () => {
  const AUTOSCALER = 'HorizontalPodAutoscaler/shop-web'
  const reserving = (reservations: object) => ({ deploy: { resources: { reservations } } })
  const both = reserving({ cpus: '0.5', memory: '64m' })
  const resource = (name: string, averageUtilization: number) => ({
    type: 'Resource',
    resource: { name, target: { type: 'Utilization', averageUtilization } },
  })

  test('leaves the number of pods to the autoscaler', () => {
    const result = compiled({ 'kompose.hpa.cpu': '80', 'kompose.hpa.replicas.max': '5' }, { web: both })
    expect(subjects(result)).toContain('Service/shop--net')
    expect(at(result, AUTOSCALER, 'apiVersion')).toBe('autoscaling/v2')
    expect(at(result, AUTOSCALER, 'spec')).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop-web' },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [resource('cpu', 80), resource('memory', 70)],
    })
    expect(at(result, DEPLOYMENT, 'spec')).not.toHaveProperty('replicas')
    expect(remarks(result)).toEqual([])
  })

  test('is of the version that the cluster has', () => {
    const result = compiled({ 'kompose.hpa.cpu': '80' }, { web: both, minor: 20 })
    expect(at(result, AUTOSCALER, 'apiVersion')).toBe('autoscaling/v2beta2')
  })

  test('measures what can be measured, and warns where that is nothing', () => {
    const cpus = compiled({ 'kompose.hpa.replicas.max': '5' }, { web: reserving({ cpus: '0.5' }) })
    expect(at(cpus, AUTOSCALER, 'spec.metrics')).toEqual([resource('cpu', 50)])
    expect(remarks(cpus)).toEqual([])
    const blind = compiled({ 'kompose.hpa.memory': '60' })
    expect(at(blind, AUTOSCALER, 'spec.metrics')).toEqual([resource('memory', 60)])
    expect(remarks(blind)).toContain('warning LOAD_UNKNOWN services.web.labels.kompose.hpa.memory')
  })

  test('is nothing for a service without replicas, and no number of replicas counts beside it', () => {
    const labels = { 'kompose.hpa.cpu': '80' }
    const none = compiled(labels, { web: { scale: 0, ...both } })
    expect(subjects(none)).not.toContain(AUTOSCALER)
    expect(at(none, DEPLOYMENT, 'spec.replicas')).toBe(0)
    const two = compiled(labels, { web: { scale: 2, ...both } })
    expect(remarks(two)).toEqual(['warning NOT_APPLIED services.web.deploy.replicas'])
  })

  test('is refused for what has no number of pods', () => {
    const web = { ...both, restart: 'no' }
    expect(remarks(compiled({ 'kompose.hpa.cpu': '80' }, { web }))).toEqual([refused('kompose.hpa.cpu')])
  })
})

test.each([
  ['kompose.image-pull-policy', 'sometimes'],
  ['kompose.security-context.fsgroup', 'staff'],
  ['kompose.controller.port.expose', 'maybe'],
  ['kompose.service.healthcheck.liveness.http_get_port', 'http'],
  ['kompose.service.healthcheck.liveness.http_get_path', '/live'],
  ['kompose.service.healthcheck.readiness.tcp_port', '0'],
  ['kompose.service.healthcheck.readiness.interval', '10s'],
  ['kompose.volume.size', 'big'],
  ['kompose.volume.type', 'toString'],
  ['kompose.init.containers.command', 'true'],
  ['kompose.init.containers.image', ' '],
  ['kompose.hpa.memory', '512Mi'],
  ['kompose.hpa.replicas.max', '0'],
  ['kompose.service.expose.tls-secret', 'web'],
  ['kompose.service.expose.ingress-class-name', 'nginx'],
  ['kompose.service.expose.path', '/a'],
  ['kompose.no.such.label', 'x'],
])('%s: %s is refused', (label, value) => {
  expect(remarks(compiled({ [label]: value }))).toContain(refused(label))
})
