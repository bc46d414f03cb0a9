import { describe, expect, test } from 'vitest'
import { DEFAULT_POLICY } from '../../src/system/policy.ts'
import type { PortSpec } from '../../src/system/spec.ts'
import { at, clusterOf, compileServices, port, remarks, service, subjects } from './specs.ts'

const compilePorts = (...ports: PortSpec[]) => compileServices({ web: service({ ports }) })
const open = (...ports: PortSpec[]) => at(compilePorts(...ports), 'Service/shop-web', 'spec.ports')

test('opens the published port towards the port of the container', () => {
  expect(open(port(8888, { published: { from: 80, to: 80 } }))).toEqual([
    { name: 'tcp-80', port: 80, protocol: 'TCP', targetPort: 8888 },
  ])
})

test('opens the port of the container itself where none is published', () => {
  expect(open(port(53, { protocol: 'udp' }))).toEqual([
    { name: 'udp-53', port: 53, protocol: 'UDP', targetPort: 53 },
  ])
})

test('makes no Service for ports that are only exposed to the system', () => {
  const compiled = compileServices({ web: service({ expose: [{ port: 6379, protocol: 'tcp' }] }) })
  expect(subjects(compiled)).toEqual(['Deployment/shop-web'])
  expect(at(compiled, 'Deployment/shop-web', 'spec.template.spec.containers.0.ports')).toEqual([
    { containerPort: 6379, protocol: 'TCP' },
  ])
})

test('names each container port once, whether it comes from ports or expose', () => {
  const ports = [port(80), port(80, { published: { from: 8080, to: 8080 } }), port(80, { protocol: 'udp' })]
  const compiled = compileServices({ web: service({ ports, expose: [{ port: 80, protocol: 'tcp' }] }) })
  expect(at(compiled, 'Deployment/shop-web', 'spec.template.spec.containers.0.ports')).toEqual([
    { containerPort: 80, protocol: 'TCP' },
    { containerPort: 80, protocol: 'UDP' },
  ])
})

test('does not expose a port of the loopback address, and says so', () => {
  const ports = [port(80, { hostIp: '127.0.0.1' }), port(81, { hostIp: '::1' })]
  const compiled = compilePorts(...ports)
  expect(subjects(compiled)).toEqual(['Deployment/shop-web'])
  expect(remarks(compiled)).toEqual([
    'info PORT_NOT_EXPOSED services.web.ports[0]',
    'info PORT_NOT_EXPOSED services.web.ports[1]',
  ])
})

test('warns of any other host address, and opens the port once', () => {
  const ports = [
    port(80, { hostIp: '192.0.2.1' }),
    port(80, { hostIp: '192.0.2.2' }),
    port(81, { hostIp: '0.0.0.0' }),
  ]
  expect(open(...ports)).toMatchObject([{ port: 80 }, { port: 81 }])
  expect(remarks(compilePorts(...ports))).toEqual([
    'warning HOST_IP_IGNORED services.web.ports[0]',
    'warning HOST_IP_IGNORED services.web.ports[1]',
  ])
})

test('takes the first port of a published range', () => {
  const ports = [port(80, { published: { from: 8000, to: 9000 } })]
  expect(open(...ports)).toMatchObject([{ port: 8000, targetPort: 80 }])
  expect(remarks(compilePorts(...ports))).toEqual(['info PORT_RANGE_FIRST services.web.ports[0]'])
})

describe('a port of the host', () => {
  const host = (target: number, given: Partial<PortSpec> = {}) => port(target, { mode: 'host', ...given })
  const allowing = (...ports: PortSpec[]) =>
    compileServices({ web: service({ ports }) }, { policy: { ...DEFAULT_POLICY, allow: ['host_ports'] } })

  test('is refused, unless the operator allows it', () => {
    expect(remarks(compilePorts(host(80)))).toEqual(['error HOST_PORT_REFUSED services.web.ports[0]'])
    expect(remarks(allowing(host(80)))).toEqual(['info HOST_PORT_OF_NODE services.web.ports[0]'])
  })

  test('is opened on the node of each pod, and by no Service', () => {
    const published = { from: 8080, to: 8080 }
    const compiled = allowing(host(80, { published }), host(53, { hostIp: '127.0.0.1', protocol: 'udp' }))
    expect(subjects(compiled)).toEqual(['Deployment/shop-web'])
    expect(at(compiled, 'Deployment/shop-web', 'spec.template.spec.containers.0.ports')).toEqual([
      { containerPort: 80, protocol: 'TCP', hostPort: 8080 },
      { containerPort: 53, protocol: 'UDP', hostPort: 53, hostIP: '127.0.0.1' },
    ])
  })

  test('beside a published one is both', () => {
    const compiled = allowing(port(80), host(80))
    expect(at(compiled, 'Service/shop-web', 'spec.ports')).toMatchObject([{ port: 80 }])
    expect(at(compiled, 'Deployment/shop-web', 'spec.template.spec.containers.0.ports')).toEqual([
      { containerPort: 80, protocol: 'TCP', hostPort: 80 },
    ])
  })

  test('is one for each port of the container', () => {
    const second = host(80, { published: { from: 81, to: 81 } })
    expect(remarks(allowing(host(80), second))).toEqual([
      'info HOST_PORT_OF_NODE services.web.ports[0]',
      'error HOST_PORT_TWICE services.web.ports[1]',
    ])
  })
})

test('refuses one published port for two ports of the container', () => {
  const published = { from: 80, to: 80 }
  expect(remarks(compilePorts(port(80), port(81, { published })))).toEqual([
    'error PORT_PUBLISHED_TWICE services.web.ports[1]',
  ])
  expect(remarks(compilePorts(port(80), port(81, { published, protocol: 'udp' })))).toEqual([])
})

test('keeps the names of ports that Kubernetes takes', () => {
  expect(open(port(80, { name: 'web' }), port(81))).toMatchObject([{ name: 'web' }, { name: 'tcp-81' }])
})

test('warns where a name has to change', () => {
  const ports = [
    port(80, { name: 'Web_UI' }),
    port(81, { name: 'a-name-that-is-too-long' }),
    port(82, { name: '82' }),
    port(83, { name: 'web-ui' }),
    port(84, { name: 'tcp-83' }),
  ]
  const names = ['web-ui', 'a-name-that-is', 'tcp-82', 'tcp-83', 'tcp-84']
  expect(open(...ports)).toMatchObject(names.map((name) => ({ name })))
  expect(remarks(compilePorts(...ports))).toEqual(
    ports.map((_, index) => `warning PORT_NAME_CHANGED services.web.ports[${index}]`),
  )
})

test('passes app_protocol on, and refuses one that is no name', () => {
  expect(open(port(80, { appProtocol: 'kubernetes.io/h2c' }))).toMatchObject([
    { appProtocol: 'kubernetes.io/h2c' },
  ])
  expect(remarks(compilePorts(port(80, { appProtocol: 'http 2' })))).toEqual([
    'error INVALID_APP_PROTOCOL services.web.ports[0]',
  ])
})

test('opens node ports, a load balancer or an address in the cluster, as asked', () => {
  const services = { web: service({ ports: [port(80)] }) }
  const types = (['nodePort', 'loadBalancer', 'clusterIP'] as const).map((exposure) =>
    at(compileServices(services, { exposure }), 'Service/shop-web', 'spec.type'),
  )
  expect(types).toEqual(['NodePort', 'LoadBalancer', 'ClusterIP'])
})

test('leaves the choice of node ports to the cluster', () => {
  expect(open(port(80, { published: { from: 30080, to: 30080 } }))).not.toHaveProperty('0.nodePort')
})

test('refuses an ingress only where something is published', () => {
  const exposure = 'ingress'
  const remarksOf = (ports: PortSpec[]) => remarks(compileServices({ web: service({ ports }) }, { exposure }))
  expect(remarksOf([port(80)])).toEqual(['error INGRESS_HOST_UNKNOWN services.web.ports'])
  expect(remarksOf([])).toEqual([])
})

test('refuses a load balancer of several protocols where the cluster has none', () => {
  const services = { dns: service({ ports: [port(53), port(53, { protocol: 'udp' })] }) }
  const onCluster = (minor: number) =>
    remarks(compileServices(services, { exposure: 'loadBalancer', facts: clusterOf(minor) }))
  expect(onCluster(23)).toEqual(['error MIXED_PROTOCOLS services.dns.ports'])
  expect(onCluster(24)).toEqual([])
})
