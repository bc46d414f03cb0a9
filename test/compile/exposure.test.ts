// How published ports get out: by the request, by the file, by the operator's settings.
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import type { CompileInput } from '../../src/orchestrators/orchestrator.ts'
import type { Exposure } from '../../src/system/endpoint.ts'
import type { PortSpec, ServiceSpec } from '../../src/system/spec.ts'
import { at, compileServices, identity, port, remarks, service, subjects, system } from './specs.ts'

const ingress = { host: '{service}.{system}.example.org', className: 'nginx' }
const typeOf = (labels: Record<string, string>, options: Partial<CompileInput> = {}) =>
  at(
    compileServices({ web: service({ ports: [port(80)], labels }) }, options),
    'Service/shop-web',
    'spec.type',
  )

describe('the exposure of a service', () => {
  test.each<[Exposure, string]>([
    ['nodePort', 'NodePort'],
    ['loadBalancer', 'LoadBalancer'],
    ['clusterIP', 'ClusterIP'],
    ['ingress', 'ClusterIP'],
  ])('%s is a Service of type %s', (exposure, type) => {
    expect(typeOf({}, { settings: { web: { exposure } }, ingress })).toBe(type)
  })

  test('is that of the request for the service, else of its label, else of the request', () => {
    const labels = { 'kompose.service.type': 'LoadBalancer' }
    expect(typeOf(labels, { settings: { web: { exposure: 'clusterIP' } } })).toBe('ClusterIP')
    expect(typeOf(labels)).toBe('LoadBalancer')
    expect(typeOf({}, { settings: { db: { exposure: 'clusterIP' } } })).toBe('NodePort')
  })

  test('is none for a headless one, whose pods are found by name', () => {
    const web = service({ ports: [port(80)], labels: { 'kompose.service.type': 'headless' } })
    expect(subjects(compileServices({ web }))).toEqual(['Deployment/shop-web'])
  })

  test('keeps the address of callers of a load balancer where a label asks for it', () => {
    const labels = {
      'kompose.service.type': 'loadbalancer',
      'kompose.service.external-traffic-policy': 'local',
    }
    const compiled = compileServices({ web: service({ ports: [port(80)], labels }) })
    expect(at(compiled, 'Service/shop-web', 'spec.externalTrafficPolicy')).toBe('Local')
    const other = { 'kompose.service.external-traffic-policy': 'local' }
    expect(remarks(compileServices({ web: service({ ports: [port(80)], labels: other }) }))).toContain(
      'warning KOMPOSE_LABEL_IGNORED services.web.labels.kompose.service.external-traffic-policy',
    )
  })

  test('is refused where the label names none', () => {
    const labels = { 'kompose.service.type': 'extern' }
    expect(remarks(compileServices({ web: service({ ports: [port(80)], labels }) }))).toContain(
      'error INVALID_KOMPOSE_LABEL services.web.labels.kompose.service.type',
    )
  })
})

describe('an Ingress', () => {
  const compileIngress = (ports: PortSpec[], options: Partial<CompileInput> = {}, labels = {}) =>
    compileServices({ web: service({ ports, labels }) }, { exposure: 'ingress', ingress, ...options })
  const rules = (...args: Parameters<typeof compileIngress>) =>
    at(compileIngress(...args), 'Ingress/shop-web', 'spec.rules')
  const leading = (host: string, number: number, path = '/') => ({
    host,
    http: {
      paths: [{ path, pathType: 'Prefix', backend: { service: { name: 'shop-web', port: { number } } } }],
    },
  })

  test("serves the first port under the operator's template, in the operator's class", () => {
    const compiled = compileIngress([port(8888, { published: { from: 80, to: 80 } })])
    expect(at(compiled, 'Ingress/shop-web', 'spec')).toEqual({
      ingressClassName: 'nginx',
      rules: [leading('web.shop.example.org', 80)],
    })
    expect(at(compiled, 'Service/shop-web', 'spec.type')).toBe('ClusterIP')
    expect(subjects(compiled)).toEqual([
      'Service/shop--net',
      'Service/shop-web',
      'Ingress/shop-web',
      'Deployment/shop-web',
    ])
  })

  test('says which ports no host leads to', () => {
    const ports = [port(80), port(81), port(53, { protocol: 'udp' })]
    expect(remarks(compileIngress(ports))).toEqual(
      expect.arrayContaining([
        'warning PORT_WITHOUT_HOST services.web.ports[1]',
        'warning PORT_WITHOUT_HOST services.web.ports[2]',
      ]),
    )
  })

  test('serves every port where the template names the port', () => {
    const host = '{port}-{service}.{namespace}.{tenant}.example.org'
    expect(rules([port(80), port(81)], { ingress: { host, className: null } })).toEqual([
      leading('80-web.notebooks.class.example.org', 80),
      leading('81-web.notebooks.class.example.org', 81),
    ])
  })

  test('serves a port under the host, path and certificate that the file gives, whatever the exposure', () => {
    const extension = { host: 'a.example.com', path: '/x', tlsSecret: 'cert', ingressClass: 'other' }
    const compiled = compileIngress([port(80, { extensions: { 'x-k8s': extension } })], {
      exposure: 'nodePort',
      ingress: { host: null, className: null },
    })
    expect(at(compiled, 'Ingress/shop-web', 'spec')).toEqual({
      ingressClassName: 'other',
      rules: [leading('a.example.com', 80, '/x')],
      tls: [{ hosts: ['a.example.com'], secretName: 'cert' }],
    })
  })

  test('is of the class that is said nearest to it: port, label, file, operator', () => {
    const classOf = (web: Partial<ServiceSpec>, extensions = {}) => {
      const spec = { ...system({ web: service({ ports: [port(80)], ...web }) }), extensions }
      const compiled = compile({ identity, spec, exposure: 'ingress', ingress })
      return at(compiled, 'Ingress/shop-web', 'spec.ingressClassName')
    }
    const ofFile = { 'x-k8s': { ingressClass: 'of-file' } }
    const labels = { 'kompose.service.expose.ingress-class-name': 'of-label' }
    const ports = [port(80, { extensions: { 'x-k8s': { ingressClass: 'of-port' } } })]
    expect(classOf({})).toBe('nginx')
    expect(classOf({}, ofFile)).toBe('of-file')
    expect(classOf({ labels }, ofFile)).toBe('of-label')
    expect(classOf({ labels, ports }, ofFile)).toBe('of-port')
  })

  test("serves the hosts of Kompose's label", () => {
    const labels = { 'kompose.service.expose': 'a.com/path, b.com' }
    expect(rules([port(80)], { exposure: 'nodePort' }, labels)).toEqual([
      leading('a.com', 80, '/path'),
      leading('b.com', 80),
    ])
    expect(rules([port(80)], { exposure: 'nodePort' }, { 'kompose.service.expose': 'true' })).toEqual([
      leading('web.shop.example.org', 80),
    ])
  })

  test.each([
    ['without a host', { ingress: { host: null, className: null } }, [port(80)], 'INGRESS_HOST_UNKNOWN'],
    [
      'with a host that is none',
      { ingress: { host: '{servic}.example.org', className: null } },
      [port(80)],
      'INVALID_HOST',
    ],
    [
      'with two ports under one host',
      {},
      [80, 81].map((target) => port(target, { extensions: { 'x-k8s': { host: 'a.com' } } })),
      'HOST_TWICE',
    ],
    [
      'with two classes',
      {},
      [80, 81].map((target) =>
        port(target, { extensions: { 'x-k8s': { host: `a${target}.com`, ingressClass: `c${target}` } } }),
      ),
      'INGRESS_CLASSES',
    ],
  ])('is refused %s', (_what, options, ports, code) => {
    const compiled = compileIngress(ports, options)
    expect(compiled.problems.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual([
      code,
    ])
  })
})

describe('a fixed node port', () => {
  const fixed = (nodePort: number, given: Partial<PortSpec> = {}) =>
    port(80, { extensions: { 'x-k8s': { nodePort } }, ...given })
  const compilePorts = (ports: PortSpec[], exposure: Exposure = 'nodePort', labels = {}) =>
    compileServices({ web: service({ ports, labels }) }, { exposure, ingress })

  test('is asked for by the port or by the label of Kompose', () => {
    expect(at(compilePorts([fixed(30080)]), 'Service/shop-web', 'spec.ports.0.nodePort')).toBe(30080)
    const labels = { 'kompose.service.nodeport.port': '30081' }
    const compiled = compilePorts([port(80)], 'nodePort', labels)
    expect(at(compiled, 'Service/shop-web', 'spec.ports.0.nodePort')).toBe(30081)
  })

  test('is left out, with a warning, where the exposure has none', () => {
    const compiled = compilePorts([fixed(30080)], 'clusterIP')
    expect(at(compiled, 'Service/shop-web', 'spec.ports.0')).not.toHaveProperty('nodePort')
    expect(remarks(compiled)).toContain('warning NODE_PORT_IGNORED services.web.ports[0]')
  })

  test('is refused where two ports of the system ask for the same', () => {
    const ports = [fixed(30080), fixed(30080, { protocol: 'udp' }), fixed(30080, { target: 81 })]
    expect(remarks(compilePorts(ports))).toContain('error NODE_PORT_TWICE services.web.ports[2]')
    expect(remarks(compilePorts(ports.slice(0, 2)))).not.toContain(
      'error NODE_PORT_TWICE services.web.ports[1]',
    )
  })

  test('is refused by label where the service has several ports, or it is no number', () => {
    const code = 'error INVALID_KOMPOSE_LABEL services.web.labels.kompose.service.nodeport.port'
    const labels = { 'kompose.service.nodeport.port': '30081' }
    expect(remarks(compilePorts([port(80), port(81)], 'nodePort', labels))).toContain(code)
    const text = { 'kompose.service.nodeport.port': 'http' }
    expect(remarks(compilePorts([port(80)], 'nodePort', text))).toContain(code)
  })
})
