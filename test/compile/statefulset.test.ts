import { expect, test } from 'vitest'
import type { Rollout } from '../../src/system/deploy.ts'
import { emptyDeploy } from '../../src/system/empty.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import {
  at,
  clusterOf,
  compileServices,
  dependency,
  identity,
  port,
  remarks,
  service,
  subjects,
} from './specs.ts'

const POD = 'spec.template.spec'
const stateful = (given: Partial<ServiceSpec> = {}) =>
  service({ extensions: { 'x-k8s': { controller: 'statefulset' } }, ...given })
const postgres = { expose: [{ port: 5432, protocol: 'tcp' }] } as const
const two = { db: stateful({ ...postgres, expose: [...postgres.expose] }), web: service() }

const rollout = (given: Partial<Rollout>): Rollout => ({
  parallelism: null,
  delayMs: null,
  failureAction: null,
  monitorMs: null,
  maxFailureRatio: null,
  order: null,
  ...given,
})
const updated = (given: Partial<Rollout>, minor = 34) =>
  compileServices(
    { db: stateful({ replicas: 2, deploy: { ...emptyDeploy(), update: rollout(given) } }) },
    { facts: clusterOf(minor) },
  )

test('is made where the file asks for it, with pods that start side by side and are named by the headless Service', () => {
  const compiled = compileServices({ db: stateful({ replicas: 3 }) })
  expect(subjects(compiled)).toEqual(['Service/shop--net', 'StatefulSet/shop-db'])
  expect(at(compiled, 'StatefulSet/shop-db', 'spec')).toMatchObject({
    serviceName: 'shop--net',
    podManagementPolicy: 'Parallel',
    replicas: 3,
    selector: { matchLabels: { 'tycho.io/sid': identity.sid, 'tycho.io/service': 'db' } },
  })
  expect(remarks(compiled)).toEqual([])
  const labels = { 'kompose.controller.type': 'StatefulSet' }
  expect(subjects(compileServices({ db: service({ labels }) }))).toContain('StatefulSet/shop-db')
})

test('leaves the names of its pods to Kubernetes, and finds itself by its own', () => {
  const pod = at(compileServices({ db: stateful() }), 'StatefulSet/shop-db', POD)
  expect(pod).not.toHaveProperty('hostname')
  expect(pod).not.toHaveProperty('subdomain')
  expect(pod).toMatchObject({ hostAliases: [{ ip: '127.0.0.1', hostnames: ['db'] }] })
})

test('is found by the other services under an address of its own, which all others name', () => {
  const compiled = compileServices(two)
  expect(at(compiled, 'Service/shop--at-db', 'spec')).toEqual({
    type: 'ClusterIP',
    publishNotReadyAddresses: true,
    selector: { 'tycho.io/sid': identity.sid, 'tycho.io/service': 'db' },
    ports: [{ name: 'tcp-5432', port: 5432, targetPort: 5432, protocol: 'TCP' }],
  })
  const hosts = (subject: string) => Object(at(compiled, subject, 'metadata.annotations'))['tycho.io/hosts']
  expect(hosts('Deployment/shop-web')).toBe('{"db":"shop--at-db"}')
  expect(hosts('StatefulSet/shop-db')).toBeUndefined()
  expect(compiled.objectNames).toContain('shop--at-db')
  expect(remarks(compiled)).toEqual(['info FOUND_BY_ADDRESS services.db'])
})

test('has an address that no other service can hold', () => {
  const net = compileServices({ net: two.db, 'at-net': service({ ports: [port(80)] }) })
  expect(new Set(subjects(net)).size).toBe(subjects(net).length)
  expect(subjects(net)).toEqual(expect.arrayContaining(['Service/shop--net', 'Service/shop--at-net']))
})

test('is refused beside other services without a port on which they could find it', () => {
  expect(remarks(compileServices({ db: stateful(), web: service() }))).toEqual([
    'error PORTS_REQUIRED services.db',
  ])
})

test('is never awaited as something that ends, and is restarted whenever it ends', () => {
  const after = service({ dependsOn: { db: dependency({ condition: 'completed' }) } })
  expect(remarks(compileServices({ ...two, after }))).toContain(
    'error DEPENDENCY_NEVER_COMPLETES services.after.depends_on.db',
  )
  expect(remarks(compileServices({ db: stateful({ restart: { condition: 'no' } }) }))).toEqual([
    'warning RESTARTS_ALWAYS services.db.restart',
  ])
})

test('is a DaemonSet all the same where the file wants one on every node, with a warning', () => {
  const compiled = compileServices({ db: stateful({ deploy: { ...emptyDeploy(), mode: 'global' } }) })
  expect(subjects(compiled)).toEqual(['DaemonSet/shop-db'])
  expect(remarks(compiled)).toEqual(['warning CONTROLLER_IGNORED services.db.deploy.mode'])
})

test('waits between two pods as long as the file says, where the cluster can', () => {
  expect(at(updated({ delayMs: 5_000 }), 'StatefulSet/shop-db', 'spec')).toMatchObject({ minReadySeconds: 5 })
  const old = updated({ delayMs: 5_000 }, 22)
  expect(at(old, 'StatefulSet/shop-db', 'spec')).not.toHaveProperty('minReadySeconds')
  expect(remarks(old)).toEqual(['warning NOT_APPLIED services.db.deploy.update_config'])
})

test('warns of steps that a StatefulSet does not take', () => {
  const path = 'services.db.deploy.update_config'
  expect(remarks(updated({ order: 'start-first', parallelism: 2 }))).toEqual([
    `warning NOT_APPLIED ${path}.order`,
    `warning NOT_APPLIED ${path}.parallelism`,
  ])
  expect(remarks(updated({ order: 'stop-first', parallelism: 1 }))).toEqual([])
})

test('shares its address with the services of its pod, on the ports of all', () => {
  const side = service({
    restart: { condition: 'unset' },
    namespaces: { ...service().namespaces, network: { kind: 'service', service: 'db' } },
    ports: [port(9187)],
  })
  const compiled = compileServices({ ...two, side })
  expect(subjects(compiled)).toEqual(
    expect.arrayContaining(['StatefulSet/shop-db', 'Service/shop--at-db', 'Service/shop-side']),
  )
  expect(at(compiled, 'Service/shop--at-db', 'spec.ports')).toMatchObject([{ port: 5432 }, { port: 9187 }])
  expect(compiled.objectNames).not.toContain('shop--at-side')
  expect(at(compiled, 'Deployment/shop-web', 'metadata.annotations')).toMatchObject({
    'tycho.io/hosts': '{"db":"shop--at-db"}',
  })
})

test('has one line of its hosts file for itself and for what the file adds', () => {
  const extraHosts = { cache: ['127.0.0.1'] }
  const compiled = compileServices({ db: stateful({ extraHosts }) })
  expect(at(compiled, 'StatefulSet/shop-db', `${POD}.hostAliases`)).toEqual([
    { ip: '127.0.0.1', hostnames: ['db', 'cache'] },
  ])
})
