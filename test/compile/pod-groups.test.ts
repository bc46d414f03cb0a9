// Services that share a pod: `network_mode`, `ipc` and `pid` with `service:x`, and Kompose's `service.group`.
import { describe, expect, test } from 'vitest'
import { emptyDeploy, emptyNamespaces } from '../../src/system/empty.ts'
import type { Namespaces } from '../../src/system/networks.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { at, compileServices, dependency, healthcheck, port, remarks, service, subjects } from './specs.ts'

const TEMPLATE = 'spec.template'
const POD = `${TEMPLATE}.spec`

/** As the front end has it: whose namespace one lives in comes first. */
function follower(by: keyof Namespaces, host: string, given: Partial<ServiceSpec> = {}): ServiceSpec {
  const namespaces = { ...emptyNamespaces(), [by]: { kind: 'service', service: host } }
  const dependsOn = { [host]: dependency({ restart: true }) }
  return service({ restart: { condition: 'unset' }, namespaces, dependsOn, ...given })
}

const grouped = (given: Partial<ServiceSpec> = {}) =>
  service({ ...given, labels: { 'kompose.service.group': 'g', ...given.labels } })

describe('a service in the network of another one', () => {
  const compiled = compileServices({
    log: follower('network', 'web', { expose: [{ port: 9000, protocol: 'tcp' }] }),
    web: service({ ports: [port(80)], replicas: 1 }),
    db: service(),
  })

  test('is a container of its pod, which has the name and the workload of the other', () => {
    expect(subjects(compiled)).toEqual([
      'Service/shop--net',
      'Service/shop-web',
      'Deployment/shop-web',
      'Deployment/shop-db',
    ])
    const pod = at(compiled, 'Deployment/shop-web', POD) as { hostname: string; containers: object[] }
    expect(pod.hostname).toBe('web')
    expect(pod.containers).toMatchObject([{ name: 'web' }, { name: 'log', ports: [{ containerPort: 9000 }] }])
    expect(pod).not.toHaveProperty('hostAliases')
    expect(pod).not.toHaveProperty('shareProcessNamespace')
  })

  test('starts in the same stage, and is named on the pod', () => {
    expect(compiled.stages.map(({ services }) => services)).toEqual([['web', 'log', 'db']])
    const annotations = at(compiled, 'Deployment/shop-web', `${TEMPLATE}.metadata.annotations`)
    expect(annotations).toEqual({ 'tycho.io/services': 'web log' })
    expect(remarks(compiled)).toEqual([])
  })
})

test('a service that shares processes or memory has them, and its name within the pod alone', () => {
  const compiled = compileServices({
    web: service({ shmSizeBytes: 2 ** 20 }),
    debug: follower('pid', 'web', { tmpfs: [] }),
    memory: follower('ipc', 'web'),
  })
  const pod = at(compiled, 'Deployment/shop-web', POD) as { containers: { volumeMounts?: object[] }[] }
  expect(pod).toMatchObject({
    shareProcessNamespace: true,
    hostAliases: [{ ip: '127.0.0.1', hostnames: ['debug', 'memory'] }],
    volumes: [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }],
  })
  const mount = [{ name: 'shm', mountPath: '/dev/shm' }]
  expect(pod.containers.map(({ volumeMounts }) => volumeMounts)).toEqual([mount, undefined, mount])
  expect(remarks(compiled)).toEqual([
    'warning NAME_NOT_SERVED services.debug.pid',
    'warning NAME_NOT_SERVED services.memory.ipc',
  ])
})

describe("a group by Kompose's label", () => {
  test('publishes the ports of each of its services from the one pod', () => {
    const compiled = compileServices({
      web: grouped({ ports: [port(80)] }),
      admin: grouped({ ports: [port(81)] }),
    })
    const pods = { 'tycho.io/sid': expect.any(String), 'tycho.io/service': 'web' }
    for (const name of ['web', 'admin']) {
      expect(at(compiled, `Service/shop-${name}`, 'spec.selector')).toEqual(pods)
      expect(at(compiled, `Service/shop-${name}`, 'metadata.labels')).toHaveProperty('tycho.io/service', name)
    }
    expect(remarks(compiled)).toEqual(['warning NAME_NOT_SERVED services.admin.labels.kompose.service.group'])
  })

  test('refuses two services with one port', () => {
    const compiled = compileServices({
      web: grouped({ ports: [port(80)] }),
      admin: grouped({ ports: [port(8080), port(80, { published: { from: 81, to: 81 } })] }),
    })
    expect(remarks(compiled)).toContain('error PORT_TWICE_IN_POD services.admin.ports[1]')
  })
})

test('a pod has what all its services say of it', () => {
  const volume = { type: 'volume', volume: null, readOnly: false, consistency: null } as const
  const mounts = [{ ...volume, target: '/own', noCopy: true, subpath: null, labels: {}, extensions: {} }]
  const compiled = compileServices({
    web: service({
      mounts,
      groupAdd: ['1'],
      labels: { a: 'web' },
      dns: { servers: [], search: ['a.org'], options: [] },
      extensions: { 'x-k8s': { nodeSelector: { disk: 'ssd' } } },
    }),
    log: follower('network', 'web', {
      mounts,
      groupAdd: ['2'],
      labels: { a: 'log', b: 'log' },
      stopGracePeriodMs: 30_000,
      dns: { servers: [], search: ['b.org'], options: [] },
      extensions: { 'x-k8s': { nodeSelector: { disk: 'hdd', zone: 'b' }, imagePullSecrets: ['s'] } },
      healthcheck: healthcheck(),
      dependsOn: { web: dependency({ restart: true }), db: dependency({ condition: 'healthy' }) },
    }),
    db: service({ healthcheck: healthcheck() }),
  })
  expect(at(compiled, 'Deployment/shop-web', TEMPLATE)).toMatchObject({
    metadata: { labels: { a: 'web', b: 'log' } },
    spec: {
      terminationGracePeriodSeconds: 30,
      nodeSelector: { disk: 'ssd', zone: 'b' },
      imagePullSecrets: [{ name: 's' }],
      securityContext: { supplementalGroups: [1, 2] },
      dnsConfig: { searches: expect.arrayContaining(['a.org', 'b.org']) },
      volumes: [{ name: 'own-0' }, { name: 'log--own-0' }],
      containers: [
        { volumeMounts: [{ name: 'own-0', mountPath: '/own' }] },
        { volumeMounts: [{ name: 'log--own-0', mountPath: '/own' }], readinessProbe: expect.any(Object) },
      ],
    },
  })
  expect(compiled.stages.map(({ services, requires }) => ({ services, requires }))).toEqual([
    { services: ['db'], requires: [] },
    { services: ['web', 'log'], requires: [{ service: 'db', condition: 'healthy' }] },
  ])
})

test('what prepares a pod is done before any of its services starts', () => {
  const step = { image: null, user: null, privileged: false, workingDir: null, environment: {} }
  const hooks = { preStart: [{ ...step, command: ['x'], perReplica: true }], postStart: [], preStop: [] }
  const compiled = compileServices({ web: service({ hooks }), log: follower('network', 'web', { hooks }) })
  const steps = at(compiled, 'Deployment/shop-web', `${POD}.initContainers`) as { name: string }[]
  expect(steps.map(({ name }) => name)).toEqual(['pre-start--0', 'log--pre-start--0'])
})

test('one policy holds for the pod, with the ports of each service for its own clients', () => {
  const settings = { admin: { clients: ['10.1.2.3'] } }
  const compiled = compileServices(
    { web: grouped({ ports: [port(80)] }), admin: grouped({ ports: [port(81)] }) },
    { settings },
  )
  expect(subjects(compiled).filter((subject) => subject.startsWith('NetworkPolicy'))).toEqual([
    'NetworkPolicy/shop-web',
  ])
  expect(at(compiled, 'NetworkPolicy/shop-web', 'spec.ingress')).toEqual([
    { from: [expect.any(Object)] },
    { ports: [{ port: 80, protocol: 'TCP' }] },
    { from: [{ ipBlock: { cidr: '10.1.2.3/32' } }], ports: [{ port: 81, protocol: 'TCP' }] },
  ])
})

describe('services of a pod that do not go together', () => {
  const web = service({ replicas: 2, restart: { condition: 'always' } })
  test.each<[Partial<ServiceSpec>, string]>([
    [{ replicas: 2, restart: { condition: 'no' } }, 'error POD_DISAGREES services.log.restart'],
    [
      { replicas: 2, deploy: { ...emptyDeploy(), mode: 'global' } },
      'error POD_DISAGREES services.log.restart',
    ],
    [{ replicas: 3 }, 'error POD_DISAGREES services.log.deploy.replicas'],
    [{ replicas: 0 }, 'error POD_DISAGREES services.log.deploy.replicas'],
    [{ replicas: 1 }, 'warning COPIES_OF_POD services.log'],
    [
      { replicas: 2, platform: { os: 'linux', architecture: 'arm64', variant: null } },
      'error POD_DISAGREES services.log.platform',
    ],
    [
      { replicas: 2, sysctls: { 'net.ipv4.tcp_syncookies': '0' } },
      'error POD_DISAGREES services.log.sysctls.net.ipv4.tcp_syncookies',
    ],
    [
      { replicas: 2, dependsOn: { web: dependency({ condition: 'healthy' }) } },
      'warning STARTED_TOGETHER services.log.depends_on.web',
    ],
    [
      { replicas: 2, dependsOn: { web: dependency({ condition: 'completed' }) } },
      'error DEPENDENCY_NEVER_COMPLETES services.log.depends_on.web',
    ],
  ])('%j: %s', (given, expected) => {
    const platform = { os: 'linux', architecture: 'amd64', variant: null }
    const host = { ...web, platform, sysctls: { 'net.ipv4.tcp_syncookies': '1' }, healthcheck: healthcheck() }
    const all = remarks(compileServices({ web: host, log: follower('network', 'web', given) }))
    expect(new Set(all)).toContain(expected)
  })

  test('are refused where their pod would wait for itself', () => {
    const compiled = compileServices({
      web: service(),
      log: follower('network', 'web', { dependsOn: { web: dependency(), db: dependency() } }),
      db: service({ dependsOn: { web: dependency() } }),
    })
    expect(remarks(compiled)).toEqual(['error POD_WAITS_FOR_ITSELF services.log.depends_on'])
  })
})

test('a change of one service is another pod template, and another annotation of who restarts with it', () => {
  const of = (image: string) =>
    compileServices({
      web: service(),
      log: follower('network', 'web', { image }),
      user: service({ dependsOn: { log: dependency({ restart: true }) } }),
    })
  const hash = (compiled: ReturnType<typeof of>, name: string) =>
    at(compiled, `Deployment/shop-${name}`, 'metadata.annotations')
  expect(hash(of('a'), 'web')).not.toEqual(hash(of('b'), 'web'))
  expect(hash(of('a'), 'user')).not.toEqual(hash(of('b'), 'user'))
})
